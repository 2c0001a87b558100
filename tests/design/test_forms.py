"""Forms in the NHS look: labels, hints, errors and the summary that leads to them."""

import re

import pytest
from crispy_forms.layout import Div, Fieldset, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.template import engines
from django.test import RequestFactory

from design.errors import error_links, within_a_sentence
from design.fields import DateBoxesField, LongTextField
from design.forms import NhsHelper
from design.gallery import WRONG, ExampleForm

CRISPY = "{% load crispy_forms_tags %}{% crispy form %}"


def drawn(form: forms.Form, source: str = CRISPY) -> str:
    html = engines["django"].from_string(source).render({"form": form}, RequestFactory().get("/"))
    return re.sub(r"\s+", " ", html)


def form_with(field: forms.Field, data: dict | None = None, **helper) -> forms.Form:
    class OneField(forms.Form):
        thing = field

    form = OneField(data)
    form.helper = NhsHelper(**{"submit": "Save thing", **helper})
    return form


def test_every_error_is_in_the_summary_in_the_order_of_the_fields():
    assert error_links(ExampleForm(WRONG)) == [
        ("id_name", "Use one line of ordinary letters, numbers and signs"),
        ("id_email", "Enter an email address in the correct format, like name@example.com"),
        ("id_hours", "Hours a week must be a number, like 12 or 7.5"),
        ("id_started_0", "“First day at work” must be a real date, like 27 3 2026"),
        ("id_site", "Choose site from the list"),
        ("id_employer_0", "Answer the question “Who employs them?”"),
        ("id_topics_0", "Answer the question “What was talked about?”"),
        ("id_note", "Agreed note must be 200 characters or fewer; it has 249"),
        ("id_agreed", "Tick the box “Both have read this note”"),
    ]


def test_every_link_of_the_summary_leads_to_a_box_that_takes_the_keyboard():
    form = ExampleForm(WRONG)
    html = drawn(form)

    missing = [
        target
        for target, _ in error_links(form)
        if not re.search(rf'<(input|select|textarea)[^>]* id="{target}"', html)
    ]

    assert missing == []


def test_error_of_the_whole_form_stands_first_and_without_a_link():
    right = {"site": "riverside", "employer": "voluntary"}
    form = ExampleForm({**WRONG, **right})

    assert error_links(form)[0] == ("", "Riverside has no voluntary organisation yet")


def test_form_that_nobody_has_sent_shows_no_error():
    assert error_links(ExampleForm()) == []
    assert "There is a problem" not in drawn(ExampleForm())


def test_box_is_described_by_its_hint_and_its_error():
    html = drawn(form_with(forms.CharField(help_text="As on the badge"), {"thing": ""}))

    assert 'aria-describedby="id_thing_helptext id_thing_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<div class="nhsuk-hint" id="id_thing_helptext">As on the badge</div>' in html
    assert '<div id="id_thing_error">' in html


def test_date_marks_only_the_wrong_box():
    data = {"thing_0": "7", "thing_1": "3", "thing_2": ""}
    html = drawn(form_with(DateBoxesField(label="Start"), data))

    marked = re.findall(r'id="(\w+)" name="\w+" type="text" value="\w*"[^>]*aria-invalid', html)
    assert marked == ["id_thing_2"]


def test_error_that_names_no_box_marks_all_three():
    form = form_with(DateBoxesField(), {"thing_0": "7", "thing_1": "3", "thing_2": "2026"})
    form.add_error("thing", "The end must be after the start")

    assert drawn(form).count("nhsuk-input--error") == 3
    assert error_links(form) == [("id_thing_0", "The end must be after the start")]


def test_optional_is_said_in_the_label_of_a_post_form_only():
    field = forms.CharField(required=False, label="Note")

    assert "Note (optional)" in drawn(form_with(field))
    assert "optional" not in drawn(form_with(field, method="get"))


def test_browser_leaves_the_checking_to_us_and_the_button_works_once():
    html = drawn(form_with(forms.CharField()))

    assert re.search(r"<form [^>]*novalidate", html)
    assert 'data-prevent-double-click="true" type="submit"' in html


def test_post_form_carries_its_token_and_get_form_does_not():
    assert "csrfmiddlewaretoken" in drawn(form_with(forms.CharField()))
    assert "csrfmiddlewaretoken" not in drawn(form_with(forms.CharField(), method="get"))


def test_file_form_is_sent_as_files():
    assert 'enctype="multipart/form-data"' in drawn(form_with(forms.FileField()))
    assert "enctype" not in drawn(form_with(forms.CharField()))


def test_counted_text_is_not_cut_short_by_the_browser():
    html = drawn(form_with(LongTextField(max_length=20)))

    assert 'data-maxlength="20"' in html
    assert " maxlength=" not in html
    assert 'aria-describedby="id_thing-info"' in html


def test_number_is_typed_as_text_so_that_what_was_typed_comes_back():
    html = drawn(form_with(forms.IntegerField(min_value=0), {"thing": "twelve"}))

    assert re.search(
        r'<input type="text" name="thing" value="twelve"[^>]*inputmode="numeric"', html
    )


def test_own_class_and_autocomplete_are_kept_and_placeholder_is_not():
    widget = forms.TextInput(
        attrs={"class": "nhsuk-input--width-10", "autocomplete": "name", "placeholder": "Name"}
    )
    html = drawn(form_with(forms.CharField(widget=widget)))

    assert 'class="nhsuk-input nhsuk-input--width-10"' in html
    assert 'autocomplete="name"' in html
    assert "placeholder" not in html


def test_widget_without_a_template_is_an_error():
    field = forms.SplitDateTimeField()

    with pytest.raises(TypeError, match="no template for SplitDateTimeWidget"):
        drawn(form_with(field))


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        (
            forms.URLField(assume_scheme="https"),
            "x y",
            "Enter a web address, like https://www.example.org",
        ),
        (forms.DateField(), "soon", "Thing must be a real date, like 27 3 2026"),
        (forms.IntegerField(min_value=3), "2", "Thing must be 3 or more"),
        (forms.IntegerField(max_value=3), "4", "Thing must be 3 or less"),
        (forms.IntegerField(), "x", "Thing must be a whole number, like 12"),
        (
            forms.DecimalField(max_digits=4, decimal_places=2),
            "1.234",
            "Thing must have no more than 2 decimal places",
        ),
        (forms.CharField(max_length=1), "ab", "Thing must be 1 characters or fewer; it has 2"),
        (forms.CharField(), "a\x00b", "Thing has a character that cannot be stored"),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "Choose thing from the list"),
        (forms.ChoiceField(choices=[("a", "A")]), "", "Choose thing"),
    ],
)
def test_messages_of_django_are_put_in_plain_words(field, typed, words):
    assert error_links(form_with(field, {"thing": typed})) == [("id_thing", words)]


def test_value_that_another_record_has_is_said_to_be_in_use():
    form = form_with(forms.CharField(), {"thing": "LXP-0001"})
    form.add_error("thing", ValidationError("X with this Thing already exists.", code="unique"))

    assert error_links(form) == [("id_thing", "Thing is already in use: each can be used once")]


def test_layout_of_crispy_is_drawn():
    class TwoFields(forms.Form):
        first = forms.CharField()
        second = forms.CharField()

    form = TwoFields()
    form.helper = NhsHelper(submit="Save")
    form.helper.layout = Layout(Fieldset("Names", "first"), Div("second", css_class="lxp-inline"))
    form.helper.add_input(Submit("again", "Save and add another"))

    html = drawn(form)

    assert '<h2 class="nhsuk-fieldset__heading">Names</h2>' in html
    assert '<div class="lxp-inline"> <div class="nhsuk-form-group">' in html
    assert 'name="again" value="Save and add another"' in html


def test_filters_stand_side_by_side():
    assert '<form class="lxp-filters" method="get"' in drawn(
        form_with(forms.CharField(), method="get", filters=True)
    )


def test_words_of_the_form_itself_are_left_alone():
    field = forms.CharField(error_messages={"required": "Say who it is"})

    assert error_links(form_with(field, {})) == [("id_thing", "Say who it is")]


def test_what_was_typed_is_escaped_wherever_it_comes_back():
    field = forms.EmailField(label="<b>Label</b>", help_text="<i>Hint</i>")
    html = drawn(form_with(field, {"thing": '"><script>alert(1)</script>'}))

    assert "<script>" not in html
    assert "<b>" not in html
    assert "<i>" not in html


@pytest.mark.parametrize(
    ("label", "within"),
    [("Last name", "last name"), ("NHS number", "NHS number"), ("A", "A"), ("", "")],
)
def test_label_within_a_sentence_keeps_capitals_that_belong_to_it(label, within):
    assert within_a_sentence(label) == within
