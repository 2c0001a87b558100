"""Files as others write them are asked, scored and given out again.

The shapes are those of public files (a pathology form of the SDC guide, the coma scale of the FHIR
examples, a sleep scale, a weight form in an older version); the words are our own, for theirs are
not ours to give out.
"""

import datetime as dt
import json

import pytest

from questionnaires.definition import Kind, questions, read, shown, written
from questionnaires.fhir import imported, questionnaire, response
from questionnaires.forms import AnswerForm
from questionnaires.scoring import scores

CORE = "http://hl7.org/fhir/StructureDefinition"
NOON = dt.datetime(2026, 3, 27, 12, tzinfo=dt.UTC)


def coded(code: str, words: str) -> dict:
    return {"valueCoding": {"code": code, "display": words}}


def scored(words: str, score: int) -> dict:
    score = {"url": f"{CORE}/ordinalValue", "valueDecimal": score}
    return {"valueString": words, "extension": [score]}


def value_set(name: str, *codes: str) -> dict:
    concepts = [
        {"code": code, "display": code.title(), "extension": scored("", place)["extension"]}
        for place, code in enumerate(codes, start=1)
    ]
    include = [{"system": "http://example.org/codes", "concept": concepts}]
    return {
        "resourceType": "ValueSet",
        "id": name,
        "status": "active",
        "compose": {"include": include},
    }


# Questions stand below the answer that they go with, some of them in a group of their own.
BELOW_ANSWERS = [
    {
        "linkId": "1",
        "text": "THE ROOM",
        "type": "group",
        "required": True,
        "item": [
            {
                "linkId": "1.1",
                "text": "Is there a quiet room?",
                "type": "choice",
                "required": True,
                "answerOption": [coded("R1", "Yes"), coded("R2", "No")],
                "item": [
                    {
                        "linkId": "1.1.1",
                        "type": "group",
                        "enableWhen": [
                            {"question": "1.1", "operator": "=", "answerCoding": {"code": "R1"}}
                        ],
                        "item": [
                            {
                                "linkId": "1.1.1.1",
                                "text": "How far is it (m)?",
                                "type": "decimal",
                                "extension": [{"url": f"{CORE}/minValue", "valueDecimal": 0.01}],
                            }
                        ],
                    }
                ],
            }
        ],
    }
]
# Neither question has words of its own; the answers are contained value sets.
BY_CODES = [
    {
        "linkId": name,
        "code": [{"system": "http://example.org/codes", "code": name, "display": words}],
        "type": "choice",
        "answerValueSet": f"#{name}",
    }
    for name, words in (("voice", "How loud is it?"), ("light", "How bright is it?"))
]
# Answers are words with a score; the group has a heading only.
BY_WORDS = [
    {
        "linkId": "part",
        "text": "All in all",
        "type": "group",
        "item": [
            {
                "linkId": "q9",
                "text": "How was the month?",
                "type": "choice",
                "required": True,
                "answerOption": [scored("Very good", 0), scored("Good", 1), scored("Bad", 2)],
            }
        ],
    }
]
# A list as version 3 had it, and a value that is worked out under its older name.
OLDER = [
    {"linkId": "/1", "text": "Steps", "type": "string"},
    {"linkId": "/2", "text": "Shoes", "type": "choice", "option": [coded("a", "A")]},
    {
        "linkId": "/3",
        "text": "Steps a minute",
        "type": "string",
        "extension": [{"url": f"{CORE}/questionnaire-calculatedExpression"}],
    },
]
FILES = {
    "below answers": (BELOW_ANSWERS, ["1.1", "1.1.1.1"], ["R1", "2.5"]),
    "by codes": (BY_CODES, ["voice", "light"], ["loud", "dim"]),
    "by words": (BY_WORDS, ["q9"], ["Good"]),
    "older": (OLDER, ["/1"], ["900"]),
}


def file(items: list) -> bytes:
    contained = [value_set("voice", "calm", "loud"), value_set("light", "dim", "bright")]
    all_of_it = {"resourceType": "Questionnaire", "status": "active", "title": "T", "item": items}
    return json.dumps(all_of_it | {"contained": contained}).encode()


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_others_is_asked_answered_and_given_out_again(name):
    from fhir.resources.R4B.questionnaire import Questionnaire
    from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

    items, asked, given = FILES[name]
    found = imported(file(items)).definition
    form = AnswerForm(found, {f"q{place}": one for place, one in enumerate(given, start=1)})

    assert [one.link_id for one in questions(found)] == asked
    assert all(one.text in str(form) for one in questions(found))
    assert form.is_valid(), form.errors
    out = json.dumps(questionnaire(found, status="active", url="urn:uuid:1", version="1"))
    assert Questionnaire.model_validate_json(out)
    assert [one.link_id for one in questions(imported(out.encode()).definition)] == asked
    answers = response(found, form.answers, authored=NOON, questionnaire="urn:uuid:1|1")
    assert QuestionnaireResponse.model_validate_json(json.dumps(answers))
    assert [str(form.answers[one]) for one in asked] == given


def test_a_question_below_an_answer_is_asked_after_that_answer_only():
    found = imported(file(BELOW_ANSWERS)).definition

    assert "1.1.1.1" in shown(found, {"1.1": "R1"})
    assert "1.1.1.1" not in shown(found, {"1.1": "R2"})


@pytest.mark.parametrize(
    ("items", "answers", "total"),
    [(BY_CODES, {"voice": "loud", "light": "dim"}, 3), (BY_WORDS, {"q9": "Bad"}, 2)],
)
def test_scores_come_with_the_file(items, answers, total):
    found = imported(file(items)).definition
    score = {"key": "all", "name": "All", "items": [*answers], "method": "sum"}
    score |= {"needed": len(answers)}

    [worked_out] = scores(read(written(found) | {"scales": [score]}), answers)

    assert {one.kind for one in questions(found)} == {Kind.SCALE}
    assert worked_out.value == total


def test_what_is_left_out_and_whose_words_are_asked_is_told():
    told = {(one.what, one.instead) for items in (BY_CODES, OLDER) for one in unsupported(items)}

    assert told >= {
        ("A question without words of its own", "The words of its code are asked."),
        ("A list without answers", "It is left out."),
        ("A value that is worked out", "It is left out."),
    }


def unsupported(items: list) -> tuple:
    return imported(file(items)).unsupported
