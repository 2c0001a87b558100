"""FHIR R4 in and out. The shapes are those of public files; the words are our own."""

import datetime as dt
import json
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings

from questionnaires.definition import (
    BadDefinition,
    Condition,
    Definition,
    Kind,
    Operator,
    everything,
    questions,
    read,
    shown,
    written,
)
from questionnaires.fhir import imported, questionnaire, response
from questionnaires.forms import AnswerForm
from questionnaires.scoring import scores
from tests.questionnaires.definitions import ANSWERS, definitions, every_kind

NOON = dt.datetime(2026, 3, 27, 12, tzinfo=dt.UTC)
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
WEIGHT = "http://hl7.org/fhir/StructureDefinition/itemWeight"
HELP = {
    "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
    "valueCodeableConcept": {"coding": [{"code": "help"}]},
}
EXPRESSION = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"


@pytest.fixture(scope="session")
def is_valid():
    """Checks a resource as FHIR says it must be; its models take half a second to be read."""
    from fhir.resources.R4B.questionnaire import Questionnaire
    from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

    models = {model.__name__: model for model in (Questionnaire, QuestionnaireResponse)}

    def check(content: bytes) -> bool:
        name = json.loads(content)["resourceType"]
        return models[name].model_validate_json(content) is not None

    return check


def concept(code: str, display: str, score: float) -> dict:
    extension = [{"url": ORDINAL, "valueDecimal": score}]
    return {"code": code, "display": display, "extension": extension}


def coded(code: str, display: str, **more) -> dict:
    return {"valueCoding": {"system": "http://loinc.org", "code": code, "display": display}, **more}


# A scored part by a contained value set, a total that is worked out, conditions, help, a prefix,
# codes of LOINC, and types that are not asked here.
FROM_OUTSIDE = {
    "resourceType": "Questionnaire",
    "id": "from-outside",
    "meta": {"profile": ["http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire"]},
    "contained": [
        {
            "resourceType": "ValueSet",
            "id": "how-often",
            "status": "draft",
            "compose": {
                "include": [
                    {
                        "system": "http://example.org/how-often",
                        "concept": [
                            concept("Not-at-all", "Not at all", 0),
                            concept("some days", "Some days", 1),
                            concept("every day", "Every day", 2.5),
                        ],
                    }
                ]
            },
        }
    ],
    "url": "http://example.org/Questionnaire/days",
    "version": "0.0.1",
    "title": "How the days are",
    "status": "draft",
    "publisher": "Somebody else",
    "copyright": "May be used by anybody.",
    "item": [
        {
            "linkId": "H1/T1",
            "text": "In the last two weeks:",
            "type": "group",
            "item": [
                {
                    "linkId": "H1/T1/Q1",
                    "prefix": "1.",
                    "code": [{"system": "http://loinc.org", "code": "44250-9"}],
                    "text": "Did you sleep well? ",
                    "type": "choice",
                    "required": True,
                    "answerValueSet": "#how-often",
                },
                {
                    "linkId": "H1/T1/Q2",
                    "text": "Did you laugh?",
                    "type": "choice",
                    "answerValueSet": "#how-often",
                },
                {
                    "linkId": "H1/TS",
                    "text": "Total",
                    "type": "quantity",
                    "extension": [{"url": EXPRESSION, "valueExpression": {"expression": "sum()"}}],
                },
            ],
        },
        {
            "linkId": "/88124-3",
            "text": "Do you drink coffee?",
            "type": "choice",
            "answerOption": [coded("LA33-6", "Yes"), coded("LA32-8", "No")],
            "item": [
                {
                    "linkId": "/88124-3-help",
                    "text": "Any kind.",
                    "type": "display",
                    "extension": [HELP],
                }
            ],
        },
        {
            "linkId": "cups",
            "text": "How many cups?",
            "type": "integer",
            "enableBehavior": "any",
            "enableWhen": [
                {
                    "question": "/88124-3",
                    "operator": "=",
                    "answerCoding": {"system": "http://loinc.org", "code": "LA33-6"},
                },
                {"question": "at", "operator": "exists", "answerBoolean": True},
            ],
        },
        {"linkId": "at", "text": "At what time?", "type": "time"},
        {
            "linkId": "country",
            "text": "Where?",
            "type": "choice",
            "answerValueSet": "http://example.org/ValueSet/countries",
        },
        {
            "linkId": "note",
            "text": "Anything else?",
            "_text": {"extension": []},
            "type": "text",
            "maxLength": 200,
        },
    ],
}


def from_outside(**changes) -> bytes:
    return json.dumps(FROM_OUTSIDE | changes).encode()


def test_a_file_that_nobody_here_wrote_is_asked_and_scored():
    found = imported(from_outside()).definition
    asked = {item.link_id: item for item in questions(found)}

    assert list(asked) == ["H1/T1/Q1", "H1/T1/Q2", "/88124-3", "cups", "note"]
    first = asked["H1/T1/Q1"]
    assert (first.text, first.kind, first.required) == ("1. Did you sleep well?", Kind.SCALE, True)
    assert [(one.code, one.score) for one in first.options] == [
        ("Not-at-all", 0),
        ("some days", 1),
        ("every day", Decimal("2.5")),
    ]
    assert first.options[0].system == "http://example.org/how-often"
    assert asked["/88124-3"].hint == "Any kind."
    assert asked["cups"].conditions == (Condition("/88124-3", Operator.EQUAL, "LA33-6"),)
    assert (asked["note"].kind, asked["note"].max_length) == (Kind.LONG_TEXT, 200)
    assert (found.licence, found.credit) == ("May be used by anybody.", "Somebody else")
    assert not found.validated

    sent = {"q1": "every day", "q2": "some days", "q3": "LA33-6", "q4": "2"}
    form = AnswerForm(found, sent)
    assert form.is_valid(), form.errors
    sums = {
        "key": "days",
        "name": "Days",
        "items": ["H1/T1/Q1", "H1/T1/Q2"],
        "method": "sum",
        "needed": 2,
    }
    [score] = scores(read(written(found) | {"scales": [sums]}), form.answers)
    assert score.value == Decimal("3.5")


def test_what_is_not_supported_is_told_with_its_places():
    found = {one.what: (one.instead, one.places) for one in imported(from_outside()).unsupported}

    assert found == {
        "“id”": ("It is not kept.", ("id",)),
        "“meta”": ("It is not kept.", ("meta",)),
        "“code”": ("It is not kept.", ("item[0].item[0].code",)),
        "A question of type “quantity”": ("It is left out.", ("item[0].item[2]",)),
        "A question of type “time”": ("It is left out.", ("item[3]",)),
        "Answers that are kept on a server": ("It is left out.", ("item[4]",)),
        "“_text”": ("It is not kept.", ("item[5]._text",)),
        "A condition that is not known here": (
            "It is shown by the others.",
            ("item[2].enableWhen",),
        ),
    }


def item(**more) -> dict:
    return {"linkId": "q", "text": "Q?", "type": "boolean"} | more


@pytest.mark.parametrize(
    ("changed", "what", "instead"),
    [
        (item(repeats=True), "Something asked several times", "It is asked once."),
        (item(initial=[{"valueBoolean": True}]), "“initial”", "It is not kept."),
        (
            item(extension=[{"url": "http://x/questionnaire-unit"}]),
            "The extension “questionnaire-unit”",
            "It is not kept.",
        ),
        (
            item(type="text", maxLength=20_000),
            "A longer longest length",
            "It is 10,000 characters.",
        ),
        (
            item(type="choice", answerOption=[coded("a", "A") | {"initialSelected": True}]),
            "An answer chosen beforehand",
            "Nobody's answer is given for them.",
        ),
        (
            item(type="choice", answerOption=[{"valueString": "A"}, {"valueReference": {}}]),
            "An answer that is no code, text, whole number or date",
            "Left out.",
        ),
        (
            item(enableWhen=[{"question": "z", "operator": ">", "answerBoolean": True}]),
            "A condition that is not known here",
            "It is always shown.",
        ),
    ],
)
def test_what_is_changed_on_the_way_in_is_told(changed, what, instead):
    other = {"linkId": "z", "text": "Z?", "type": "boolean"}

    found = imported(from_outside(item=[changed, other])).unsupported

    assert (what, instead) in {(one.what, one.instead) for one in found}


def test_read_only_hidden_and_worked_out_items_are_left_out():
    hidden = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden"
    items = [
        item(),
        item(linkId="r", readOnly=True),
        item(linkId="h", extension=[{"url": hidden, "valueBoolean": True}]),
        item(linkId="c", extension=[{"url": EXPRESSION}]),
    ]

    found = imported(from_outside(item=items))

    assert [one.link_id for one in questions(found.definition)] == ["q"]
    assert {one.what for one in found.unsupported} >= {
        "A read-only item",
        "A hidden item",
        "A value that is worked out",
    }


def test_either_extension_gives_a_score():
    weighted = [{"url": WEIGHT, "valueDecimal": 3}]
    choice = item(type="choice", answerOption=[coded("a", "A", extension=weighted)])

    [asked] = questions(imported(from_outside(item=[choice])).definition)

    assert asked.options[0].score == 3
    assert asked.kind == Kind.SCALE


def circle() -> list[dict]:
    return [
        item(linkId=one, enableWhen=[{"question": two, "operator": "=", "answerBoolean": True}])
        for one, two in (("a", "b"), ("b", "c"), ("c", "a"))
    ]


def nested(levels: int) -> list[dict]:
    found = [item()]
    for level in range(levels):
        found = [{"linkId": f"g{level}", "type": "group", "text": "G", "item": found}]
    return found


def choice(**option) -> list[dict]:
    return [item(type="choice", answerOption=[option])]


BAD = {
    "10 MB": (lambda: b" " * 10_000_000, "", "larger than 1 MB"),
    "no UTF-8": (lambda: b'{"a": "\xff"}', "byte 7", "UTF-8"),
    "no JSON": (lambda: b'{"resourceType":\n "Questionnaire",}', "line 2, character 17", "no JSON"),
    "brackets without end": (lambda: b"[" * 900_000, "", "too deep"),
    "objects without end": (lambda: b'{"item":[' * 90_000, "", "too deep"),
    "a name twice": (lambda: b'{"url": "a", "url": "b"}', "“url”", "twice"),
    "80,000 names and one twice": (
        lambda: json.dumps({str(n): 1 for n in range(80_000)}).encode()[:-1] + b', "7": 1}',
        "“7”",
        "twice",
    ),
    "not a number": (lambda: b'{"a": NaN}', "“NaN”", "no number"),
    "endless": (lambda: b'{"a": -Infinity}', "“-Infinity”", "no number"),
    "a number of 900,000 figures": (
        lambda: b'{"a": ' + b"9" * 900_000 + b"}",
        "“99999999999999999999…”",
        "figures",
    ),
    "another resource": (
        lambda: from_outside(resourceType="Bundle"),
        "resourceType",
        "but “Bundle”",
    ),
    "a list": (lambda: b"[]", "", "object"),
    "items that are no list": (lambda: from_outside(item={}), "item", "list"),
    "an item that is no object": (lambda: from_outside(item=[7]), "item[0]", "object"),
    "a type that is no text": (
        lambda: from_outside(item=[item(type=None)]),
        "item[0].type",
        "missing",
    ),
    "200 levels": (
        lambda: from_outside(item=nested(200)),
        "item[0]" + ".item[0]" * 8,
        "more than 8 deep",
    ),
    "a circle": (lambda: from_outside(item=circle()), "conditions of item “a”", "circle"),
    "a linkId twice": (lambda: from_outside(item=[item(), item()]), "item[1].linkId", "Two items"),
    "no linkId": (lambda: from_outside(item=[item(linkId="")]), "item[0].linkId", "missing"),
    "a NUL": (lambda: from_outside(item=[item(text="a\0b")]), "item[0].text", "nobody can see"),
    "half a character": (
        lambda: from_outside(item=[item(text="a\ud800")]),
        "item[0].text",
        "nobody can see",
    ),
    "a condition on nothing": (
        lambda: from_outside(item=[item(enableWhen=[{"question": "x", "operator": "exists"}])]),
        "item[0].enableWhen[0].question",
        "no question “x”",
    ),
    "a huge score": (
        lambda: from_outside(
            item=choice(**coded("a", "A", extension=[{"url": ORDINAL, "valueDecimal": 10**12}]))
        ),
        "item[0].answerOption[0].extension[0].valueDecimal",
        "at most",
    ),
    "a score in words": (
        lambda: from_outside(
            item=choice(**coded("a", "A", extension=[{"url": ORDINAL, "valueDecimal": "1"}]))
        ),
        "item[0].answerOption[0].extension[0].valueDecimal",
        "must be a number",
    ),
    "what changes the rest": (
        lambda: from_outside(modifierExtension=[]),
        "modifierExtension",
        "changes what the rest means",
    ),
    "more items than anybody answers": (
        lambda: from_outside(item=[item(linkId=str(n)) for n in range(501)]),
        "item",
        "more than 500",
    ),
    "20,000 names of nothing": (
        lambda: from_outside(**{f"x{n}": n for n in range(20_000)}),
        "x198",
        "200 things",
    ),
    "nothing to ask": (lambda: from_outside(item=[item(type="time")]), "items", "no question"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_hostile_or_broken_file_is_refused_with_the_place_and_the_reason(what):
    make, place, reason = BAD[what]
    content = make()
    began = time.process_time()

    with pytest.raises(BadDefinition) as refused:
        imported(content)

    assert time.process_time() - began < 2
    assert refused.value.place == place
    assert reason in refused.value.reason


def test_script_in_a_label_is_text():
    found = imported(from_outside(item=[item(text="<script>alert(1)</script>")])).definition

    assert questions(found)[0].text == "<script>alert(1)</script>"


# --- Out ------------------------------------------------------------------------------------------


def as_file(definition: Definition) -> bytes:
    found = questionnaire(definition, status="active", url="urn:uuid:1", version="1")
    return json.dumps(found).encode()


def essence(definition: Definition) -> list[tuple]:
    """What a file can say of a definition."""
    return [
        (
            one.link_id,
            one.text,
            one.kind,
            one.hint,
            one.required,
            one.max_length,
            [(option.code, label) for option, label in zip(one.options, one.labels, strict=True)],
            one.conditions,
        )
        for one in everything(definition.items)
    ]


@settings(max_examples=50)
@given(definition=definitions())
def test_what_goes_out_is_valid_and_comes_in_the_same(is_valid, definition):
    content = as_file(definition)

    assert is_valid(content)
    again = imported(content).definition

    assert essence(again) == essence(definition)


def test_every_kind_goes_out_and_comes_in_the_same(is_valid):
    definition = every_kind()

    assert is_valid(as_file(definition))
    assert essence(imported(as_file(definition)).definition) == essence(definition)


def test_a_file_from_outside_goes_out_again(is_valid):
    definition = imported(from_outside()).definition

    assert is_valid(as_file(definition))
    again = imported(as_file(definition)).definition
    assert essence(again) == essence(definition)
    assert shown(again, {"/88124-3": "LA32-8"}) == shown(definition, {"/88124-3": "LA32-8"})


def test_an_item_in_reverse_goes_out_with_its_scores_turned_round():
    document = written(imported(from_outside()).definition)
    document["items"][0]["items"][0]["reverse"] = True

    found = json.loads(as_file(read(document)))

    options = found["item"][0]["item"][0]["answerOption"]
    assert [one["extension"][0]["valueDecimal"] for one in options] == [2.5, 1.5, 0]


def test_answers_go_out_with_their_scores(is_valid):
    found = response(every_kind(), ANSWERS, authored=NOON, questionnaire="urn:uuid:1|1")

    assert is_valid(json.dumps(found).encode())
    values = {
        one["linkId"]: one["answer"]
        for one in [*found["item"], *found["item"][0]["item"], *found["item"][-1]["item"]]
        if "answer" in one
    }
    assert values == {
        "hours": [{"valueInteger": 7}],
        "miles": [{"valueDecimal": 2.5}],
        "again": [{"valueBoolean": False}],
        "why": [{"valueString": "Łukasz\nsaid so"}],
        "name": [{"valueString": "王"}],
        "day": [{"valueDate": "2026-03-27"}],
        "calm": [{"valueCoding": {"code": "2", "display": "Often"}}],
        "place": [{"valueCoding": {"code": "ward", "display": "Ward"}}],
        "with": [
            {"valueCoding": {"code": "a", "display": "Alone"}},
            {"valueCoding": {"code": "b", "display": "Others"}},
        ],
        "how": [{"valueString": "on foot"}],
        "scores/calm": [{"valueDecimal": 2}],
    }


def test_an_answer_to_what_is_not_shown_does_not_go_out():
    found = response(every_kind(), {"again": True, "why": "x"}, authored=NOON, questionnaire="u|1")

    assert [one["linkId"] for one in found["item"]] == ["again"]
