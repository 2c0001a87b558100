"""One form asks any definition, keeps what is shown and tells what is wrong beside its field."""

import pytest
from django.template import Context, Template

from questionnaires.forms import AnswerForm
from tests.questionnaires.definitions import ANSWERS, asking, every_kind

SENT = {
    "q1": "2",
    "q2": "ward",
    "q3": ["a", "b"],
    "q4": " other",
    "q4_other": "on foot",
    "q5": "7",
    "q6": "2.50",
    "q7": "no",
    "q8": "Łukasz\r\nsaid so",
    "q9": "王",
    "q10_0": "27",
    "q10_1": "3",
    "q10_2": "2026",
}


def drawn(form: AnswerForm) -> str:
    return Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form}))


class Sent(dict):
    """What a browser sends: `getlist` for boxes that are ticked together."""

    def getlist(self, name: str) -> list:
        return list(self.get(name, []))


def sent(**changes) -> Sent:
    return Sent({name: value for name, value in (SENT | changes).items() if value is not None})


def errors_of(form: AnswerForm) -> dict[str, list[str]]:
    return {name: [str(one) for one in found] for name, found in form.errors.items()}


def test_every_kind_is_answered_and_shown_again():
    form = AnswerForm(every_kind(), sent())

    assert form.is_valid(), form.errors
    assert form.answers == ANSWERS
    again = AnswerForm(every_kind(), answers=ANSWERS)
    assert {name: again[name].value() for name in ("q4", "q4_other", "q7", "q8")} == {
        "q4": " other",
        "q4_other": "on foot",
        "q7": "no",
        "q8": "Łukasz\nsaid so",
    }


@pytest.mark.parametrize("hidden", ["said all the same", "x" * 99])
def test_what_is_not_asked_is_neither_kept_nor_checked(hidden):
    form = AnswerForm(every_kind(), sent(q7="yes", q8=hidden))

    assert form.is_valid(), form.errors
    assert form.answers == {
        name: answer for name, answer in ANSWERS.items() if name not in {"again", "why"}
    } | {"again": True}


def test_what_must_be_answered_is_asked_for_unless_it_is_a_draft():
    missing = sent(q2=None, q8="")

    assert errors_of(AnswerForm(every_kind(), missing)) == {
        "q2": ["Answer “Where?”"],
        "q8": ["Answer “Why not?”"],
    }
    draft = AnswerForm(every_kind(), missing, draft=True)
    assert draft.is_valid(), draft.errors
    assert "place" not in draft.answers


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("q1", "7", "Choose from the answers listed for “Calm?”"),
        ("q3", ["a", "z"], "Choose from the answers listed for “With whom?”"),
        ("q5", "7.5", "Write a number, like 12, for “Hours”"),
        ("q5", "9" * 5000, "Write a number, like 12, for “Hours”"),
        ("q6", "NaN", "Write a number, like 7.5, for “Miles”"),
        ("q6", "1E400", "Ensure this value is less than or equal to 1000000000."),
        ("q7", "perhaps", "Choose from the answers listed for “Again?”"),
        ("q9", "a\0b", "Use one line of ordinary letters, numbers and signs"),
        ("q8", "a\0b", "Use ordinary letters, numbers and signs"),
        ("q4", "bus", "Choose “Something else” to use your own words, or remove them"),
        ("q10_1", "13", "“Day” must have a month from 1 to 12, or its name"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(field, value, words):
    form = AnswerForm(every_kind(), sent(**{field: value}))

    name = "q10" if field == "q10_1" else field
    assert words in errors_of(form)[name]


def test_one_question_is_asked_and_the_other_answers_stay():
    form = AnswerForm(every_kind(), Sent(q5="8"), answers=ANSWERS, only="hours")

    assert list(form.fields) == ["q5"]
    assert form.is_valid()
    assert form.answers == ANSWERS | {"hours": 8}


def test_one_question_comes_with_the_words_above_it():
    page = drawn(AnswerForm(every_kind(), only="calm"))

    assert [words in page for words in ("Work", "About today.", "Where?")] == [True, True, False]


def test_words_from_outside_are_shown_and_never_run():
    hostile = "{{ 7|add:7 }}{% url 'home' %}<script>alert(1)</script>%s{label}"
    group = {
        "link_id": "g",
        "text": hostile,
        "kind": "group",
        "items": [
            {"link_id": "d", "text": hostile, "kind": "display"},
            {
                "link_id": "q",
                "text": hostile,
                "kind": "choice",
                "hint": hostile,
                "required": True,
                "options": [{"code": hostile, "text": hostile}],
            },
            {"link_id": "n", "text": hostile, "kind": "integer"},
            {"link_id": "t", "text": hostile, "kind": "date"},
        ],
    }
    form = AnswerForm(asking(group), {"q2": "x", "q3_0": "1"})

    page = drawn(form)

    assert not form.is_valid()
    assert "<script>" not in page
    assert page.count("{{ 7|add:7 }}{% url") >= 7


def test_nothing_is_marked_as_optional_where_everything_is():
    free = asking({"link_id": "a"})
    some = asking({"link_id": "a"}, {"link_id": "b", "required": True})

    assert "(optional)" not in drawn(AnswerForm(free))
    assert drawn(AnswerForm(some)).count("(optional)") == 1
