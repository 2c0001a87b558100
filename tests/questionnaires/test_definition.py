"""A definition is read with every mistake named at its place, and shows what its conditions say."""

import copy
import json

import pytest
from hypothesis import given

from questionnaires.definition import (
    BadDefinition,
    kept,
    low_answers,
    questions,
    read,
    shown,
    unanswered,
    written,
)
from tests.questionnaires.definitions import ANSWERS, EVERY_KIND, asking, definitions, every_kind


@given(definition=definitions())
def test_what_is_written_is_read_as_the_same(definition):
    assert read(json.loads(json.dumps(written(definition)))) == definition


def test_every_kind_is_read_and_written_the_same():
    assert written(every_kind())["items"][1:] == EVERY_KIND["items"][1:]
    assert [item.link_id for item in questions(every_kind())] == list(ANSWERS)


# What is changed of the definition with every kind, and the place and the reason that are told.
BAD = {
    "no object": (lambda d: [], "", "object"),
    "a name of nothing": (lambda d: d | {"sections": []}, "", "called “sections”"),
    "no title": (lambda d: d | {"title": " "}, "title", "missing"),
    "no text": (lambda d: d | {"title": 7}, "title", "must be text"),
    "a NUL": (lambda d: d | {"title": "a\0b"}, "title", "nobody can see"),
    "half a character": (lambda d: d | {"title": "a\ud800"}, "title", "nobody can see"),
    "no questions": (lambda d: d | {"items": [], "scales": []}, "items", "no question"),
    "a kind of nothing": (lambda d: at(d, "items", 1, kind="file"), "items[1].kind", "one of"),
    "options of a text": (
        lambda d: at(d, "items", 5, options=[{"code": "a", "text": "A"}]),
        "items[5]",
        "has options",
    ),
    "an endless number": (
        lambda d: at(d, "items", 0, "items", 1, "options", 0, score="NaN"),
        "items[0].items[1].options[0].score",
        "number",
    ),
    "a huge number": (
        lambda d: at(d, "items", 0, "items", 1, "options", 0, score="1E999999999"),
        "items[0].items[1].options[0].score",
        "at most",
    ),
    "a number that is no text": (
        lambda d: at(d, "items", 0, "items", 1, "options", 0, score=0.1),
        "items[0].items[1].options[0].score",
        "written as text",
    ),
    "a link_id twice": (lambda d: at(d, "items", 1, link_id="miles"), "link_id “miles”", "Two"),
    "a condition on nothing": (
        lambda d: at(d, "items", 4, "conditions", 0, question="x"),
        "condition of item “why”",
        "no question “x”",
    ),
    "a condition of another kind": (
        lambda d: at(d, "items", 4, "conditions", 0, answer="no"),
        "condition of item “why”",
        "never answered with “no”",
    ),
    "a scale of nothing": (lambda d: at(d, "scales", 0, items=["x"]), "scale “calm”", "“x”"),
    "a sum of some": (
        lambda d: at(d, "scales", 0, items=["calm"], needed=2),
        "scale “calm”",
        "needed",
    ),
    "a table with a gap": (
        lambda d: at(d, "scales", 0, method="table", table=[["0", "1"], ["2", "3"], ["9", "9"]]),
        "scale “calm”",
        "the sum 1",
    ),
    "bands over each other": (
        lambda d: at(
            d,
            "scales",
            0,
            bands=[
                {"name": "a", "lowest": "0", "highest": "2"},
                {"name": "b", "lowest": "1", "highest": "3"},
            ],
        ),
        "scale “calm”",
        "follow each other",
    ),
}


def at(document: dict, *path: str | int, **values) -> dict:
    """The document with other values at a place."""
    changed = copy.deepcopy(document)
    place = changed
    for step in path:
        place = place[step]
    place.update(values)
    return changed


@pytest.mark.parametrize("what", BAD)
def test_what_is_wrong_is_told_with_its_place(what):
    change, place, reason = BAD[what]

    with pytest.raises(BadDefinition) as refused:
        read(change(EVERY_KIND))

    assert refused.value.place == place
    assert reason in refused.value.reason


def condition(question: str, operator: str, answer, **item) -> dict:
    asked = {"question": question, "operator": operator, "answer": answer}
    return {"conditions": [asked], **item}


@pytest.mark.parametrize(
    "items",
    [
        [{"link_id": "a", **condition("a", "=", True)}],
        [
            {"link_id": "a", **condition("b", "=", True)},
            {"link_id": "b", **condition("a", "=", True)},
        ],
        [
            {
                "link_id": "g",
                "kind": "group",
                "items": [{"link_id": "a", "text": "A", "kind": "boolean"}],
                **condition("a", "exists", True),
            }
        ],
    ],
    ids=["itself", "each other", "a group by what is in it"],
)
def test_conditions_in_a_circle_are_refused(items):
    with pytest.raises(BadDefinition, match="circle"):
        asking(*items)


def test_groups_within_groups_without_end_are_refused():
    deep = {"link_id": "q", "text": "Q", "kind": "boolean"}
    for level in range(200):
        deep = {"link_id": f"g{level}", "kind": "group", "items": [deep]}

    with pytest.raises(BadDefinition, match="8 deep"):
        asking(deep)


@pytest.mark.parametrize(
    ("operator", "answer", "given", "expected"),
    [
        ("exists", True, None, False),
        ("exists", False, None, True),
        ("=", 3, 3, True),
        ("=", 3, None, False),
        ("!=", 3, 4, True),
        ("!=", 3, None, True),
        (">", 3, 3, False),
        (">=", 3, 3, True),
        ("<", 10, 9, True),
        ("<=", 10, None, False),
    ],
)
def test_a_condition_compares_as_fhir_says(operator, answer, given, expected):
    definition = asking(
        {"link_id": "n", "kind": "integer"}, {"link_id": "b", **condition("n", operator, answer)}
    )

    visible = shown(definition, {} if given is None else {"n": given})

    assert ("b" in visible) == expected


def test_a_decimal_is_compared_as_a_number():
    definition = asking(
        {"link_id": "n", "kind": "decimal"}, {"link_id": "b", **condition("n", ">", "9.5")}
    )

    assert shown(definition, {"n": "10"}) == {"n", "b"}


def test_what_hangs_on_a_hidden_question_is_hidden_too_though_answered():
    inner = {"link_id": "c", "text": "C?", "kind": "boolean"}
    definition = asking(
        {"link_id": "a"},
        {"link_id": "b", **condition("a", "=", True)},
        {"link_id": "g", "kind": "group", "items": [inner], **condition("b", "=", True)},
    )

    answers = {"a": False, "b": True, "c": True}

    assert shown(definition, answers) == {"a"}
    assert kept(definition, answers) == {"a": False}
    assert shown(definition, answers | {"a": True}) == {"a", "b", "g", "c"}


def test_one_condition_is_enough_where_the_item_says_so():
    conditions = [
        {"question": "a", "operator": "=", "answer": True},
        {"question": "b", "operator": "=", "answer": True},
    ]
    items = [{"link_id": "a"}, {"link_id": "b"}, {"link_id": "c", "conditions": conditions}]
    some = asking(*items[:2], items[2] | {"any_condition": True})

    assert "c" in shown(some, {"a": True})
    assert "c" not in shown(asking(*items), {"a": True})


def test_what_must_be_answered_still_is_only_what_is_shown():
    assert [one.link_id for one in unanswered(every_kind(), {})] == ["place"]
    asked = unanswered(every_kind(), {"again": False, "place": "home"})
    assert [one.link_id for one in asked] == ["why"]


def test_low_answers_are_those_of_options_that_say_so():
    assert low_answers(every_kind(), {"calm": "2"}) == []
    assert [one.link_id for one in low_answers(every_kind(), {"calm": "0"})] == ["calm"]
