"""Which heading is which column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.imports import columns
from programme.imports.columns import COLUMNS, IGNORE, by_recognition, recognise


@pytest.mark.parametrize("key", sorted(COLUMNS))
def test_a_heading_is_recognised_whatever_its_case_and_signs(key):
    words = key.split("_")
    spellings = [key, key.upper(), " ".join(words), "-".join(words).title(), f"  {key} * "]

    found = [recognise([heading]).mapping for heading in spellings]

    assert found == [{heading: key} for heading in spellings]


def test_usual_words_are_recognised():
    headings = ["Surname", "Forename", "Start Date", "Job title", "Ref No.", "E-mail address"]

    assert list(recognise(headings).mapping.values()) == [
        "last_name",
        "first_name",
        "started_on",
        "post",
        "reference",
        "email",
    ]


def test_no_heading_means_two_columns():
    words = [
        columns.plain(text)
        for column in COLUMNS.values()
        for text in {columns.plain(t): t for t in (column.key, column.label, *column.synonyms)}
    ]

    assert sorted(words) == sorted(set(words))


def test_unknown_headings_wait_for_somebody_and_notes_do_not():
    found = recognise(["reference", "last_name", "Favourite colour", "Notes", "reason"])

    assert (found.unknown, found.is_complete) == (["Favourite colour"], False)
    assert found.mapping["Notes"] == found.mapping["reason"] == IGNORE


def test_two_headings_for_one_column_wait_for_somebody():
    found = recognise(["reference", "Surname", "Last name"])

    assert (found.rivals, found.is_complete) == ({"last_name": ["Surname", "Last name"]}, False)
    assert found.missing == []


def test_where_nobody_can_be_asked_the_heading_spelt_as_ours_wins():
    mapping = by_recognition(["reference", "Surname", "Last name", "Favourite colour"])

    assert mapping == {
        "reference": "reference",
        "Surname": IGNORE,
        "Last name": "last_name",
        "Favourite colour": IGNORE,
    }


def test_a_mapping_needs_a_reference_and_a_last_name_once_each():
    assert columns.problems({"a": "reference", "b": "last_name", "c": IGNORE}) == []
    assert columns.problems({"a": "reference"}) == ["Say which column holds the last name."]
    assert columns.problems({"a": "reference", "b": "last_name", "c": "last_name"}) == [
        "Choose one heading for Last name: now b and c are both it."
    ]


@given(st.lists(st.text(max_size=20), unique=True, max_size=30))
def test_every_heading_is_sorted_once(headings):
    found = recognise(headings)

    rivals = [heading for several in found.rivals.values() for heading in several]
    assert sorted([*found.mapping, *found.unknown, *rivals]) == sorted(headings)
