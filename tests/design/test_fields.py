"""Dates in three boxes, and text without characters nobody can see."""

import datetime as dt

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from design.fields import DateBoxesField, LineField, LongTextField


def refusal(field: forms.Field, value) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    return caught.value


@pytest.mark.parametrize(
    ("boxes", "day"),
    [
        (["7", "3", "2026"], dt.date(2026, 3, 7)),
        (["07", "03", "2026"], dt.date(2026, 3, 7)),
        ([" 7 ", "March", "2026"], dt.date(2026, 3, 7)),
        (["7", "mar", "2026"], dt.date(2026, 3, 7)),
        (["1", "Sept", "2026"], dt.date(2026, 9, 1)),
        (["29", "February", "2024"], dt.date(2024, 2, 29)),
        (["1", "1", "1900"], dt.date(1900, 1, 1)),
        (["31", "12", "2100"], dt.date(2100, 12, 31)),
    ],
)
def test_date_is_read_as_people_write_it(boxes, day):
    assert DateBoxesField().clean(boxes) == day


@pytest.mark.parametrize(
    ("boxes", "words", "wrong"),
    [
        (["", "3", "2026"], "“Start” must include a day", (0,)),
        (["", "", "2026"], "“Start” must include a day and month", (0, 1)),
        (["7", "3", ""], "“Start” must include a year", (2,)),
        (["32", "3", "2026"], "“Start” must have a day from 1 to 31", (0,)),
        (["²", "3", "2026"], "“Start” must have a day from 1 to 31", (0,)),
        (["7", "13", "2026"], "“Start” must have a month from 1 to 12, or its name", (1,)),
        (["7", "m", "2026"], "“Start” must have a month from 1 to 12, or its name", (1,)),
        (["7", "3", "26"], "“Start” must have a year in four figures, 1900 to 2100", (2,)),
        (["7", "3", "2101"], "“Start” must have a year in four figures, 1900 to 2100", (2,)),
        (["31", "2", "2026"], "“Start” must be a real date, like 27 3 2026", (0,)),
        (["7\x00", "3", "2026"], "“Start” must have a day from 1 to 31", (0,)),
    ],
)
def test_wrong_date_says_what_is_wrong_and_in_which_box(boxes, words, wrong):
    error = refusal(DateBoxesField(label="Start"), boxes)

    assert (error.messages, error.params["boxes"]) == ([words], wrong)


@pytest.mark.parametrize("label", [None, "When did they start?"])
def test_date_without_a_label_that_fits_a_sentence_is_called_the_date(label):
    error = refusal(DateBoxesField(label=label), ["7", "3", ""])

    assert error.messages == ["The date must include a year"]


def test_percent_sign_in_a_label_is_only_a_sign():
    error = refusal(DateBoxesField(label="50% of hours from"), ["7", "3", ""])

    assert error.messages == ["“50% of hours from” must include a year"]


def test_empty_date_is_none_where_it_is_optional_and_asked_for_where_it_is_not():
    assert DateBoxesField(required=False).clean(["", " ", ""]) is None
    assert refusal(DateBoxesField(), [None, None, None]).code == "required"


@given(st.lists(st.text(max_size=30), min_size=3, max_size=3))
def test_any_text_in_the_boxes_gives_a_date_or_a_form_error(boxes):
    try:
        answer = DateBoxesField(required=False).clean(boxes)
    except ValidationError:
        return
    assert answer is None or dt.date(1900, 1, 1) <= answer <= dt.date(2100, 12, 31)


def test_same_day_written_otherwise_has_not_changed():
    field = DateBoxesField()

    assert not field.has_changed(dt.date(2026, 3, 7), ["07", "March", "2026"])
    assert field.has_changed(dt.date(2026, 3, 7), ["8", "3", "2026"])
    assert field.has_changed(dt.date(2026, 3, 7), ["8", "", ""])


@pytest.mark.parametrize("text", ["Zoë", "Ó Briain", "Łukasz", "王", "O'Neill-Smith", "नमस्ते"])
def test_names_survive_exactly(text):
    assert LineField().clean(text) == text


@pytest.mark.parametrize("sign", ["\x00", "\r", "\n", "\t", "\x1b", "\x7f", "\x85"])
def test_one_line_refuses_control_characters(sign):
    assert refusal(LineField(), f"Zoë{sign}Ó Briain").messages == [
        "Use one line of ordinary letters, numbers and signs"
    ]


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f"])
def test_long_text_refuses_control_characters_that_are_not_line_breaks(sign):
    assert refusal(LongTextField(), f"a{sign}b").messages == [
        "Use ordinary letters, numbers and signs"
    ]


def test_line_break_of_a_browser_counts_as_one_character():
    assert LongTextField(max_length=3).clean("a\r\nb") == "a\nb"
    refused = refusal(LongTextField(max_length=3), "a\r\nbc")
    assert [error.code for error in refused.error_list] == ["max_length"]
