"""Answers as a FHIR R4 `QuestionnaireResponse`. It names nobody: whoever sends it adds that."""

import datetime as dt
from decimal import Decimal

from questionnaires.definition import Answer, Answers, Definition, Item, Kind, kept
from questionnaires.fhir.exporting import coding, score_ids
from questionnaires.fhir.names import number
from questionnaires.scoring import scores

VALUES = {
    Kind.INTEGER: "valueInteger",
    Kind.BOOLEAN: "valueBoolean",
    Kind.SHORT_TEXT: "valueString",
    Kind.LONG_TEXT: "valueString",
    Kind.DATE: "valueDate",
}


def response(
    definition: Definition,
    answers: Answers,
    *,
    authored: dt.datetime,
    questionnaire: str,
    completed: bool = True,
) -> dict:
    """Every answer to a question that is shown, and the scores that they make.

    Args:
        authored: when they were given, with a time zone.
        questionnaire: the address of the questionnaire, `url|version`.
    """
    given = kept(definition, answers)
    items = [found for item in definition.items if (found := _item(item, given))]
    if definition.scales and (part := _scores(definition, given)):
        items.append(part)
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": questionnaire,
        "status": "completed" if completed else "in-progress",
        "authored": authored.isoformat(),
    } | ({"item": items} if items else {})


def _item(item: Item, given: Answers) -> dict | None:
    """An item that is answered, or in which something is."""
    inner = [found for one in item.items if (found := _item(one, given))]
    answer = [_value(item, one) for one in _each(given.get(item.link_id))]
    if not answer and not inner:
        return None
    found = {"linkId": item.link_id} | ({"text": item.text} if item.text else {})
    if answer:
        answer[0] |= {"item": inner} if inner else {}
        return found | {"answer": answer}
    return found | {"item": inner}


def _each(answer: Answer | None) -> list:
    if answer is None:
        return []
    return answer if isinstance(answer, list) else [answer]


def _value(item: Item, answer: str | int | bool | dict) -> dict:
    if item.kind == Kind.DECIMAL:
        return {"valueDecimal": number(Decimal(answer))}
    if item.kind in VALUES:
        return {VALUES[item.kind]: answer}
    code = answer.get("code") if isinstance(answer, dict) else answer
    if code is None:
        return {"valueString": answer["text"]}
    labels = dict(zip(item.options, item.labels, strict=True))
    option = item.option(code)
    return {"valueCoding": coding(option, labels[option])}


def _scores(definition: Definition, given: Answers) -> dict | None:
    part, link_ids = score_ids(definition)
    items = [
        {
            "linkId": link_id,
            "text": score.scale.name,
            "answer": [{"valueDecimal": number(round(score.value, 6))}],
        }
        for link_id, score in zip(link_ids, scores(definition, given), strict=True)
        if score.value is not None
    ]
    return {"linkId": part, "text": "Scores", "item": items} if items else None
