"""A definition as a FHIR R4 `Questionnaire`.

What FHIR has no word for is not in it: which answers call for support, whether it is validated, and
how scales are worked out. An item scored in reverse has its scores turned round already.
"""

import datetime as dt

from questionnaires.definition import Condition, Definition, Item, Kind, Option, everything
from questionnaires.definition.parts import ANSWERED_FROM_LIST, TEXTS
from questionnaires.fhir.names import ITEM_CONTROL, ITEM_CONTROLS, ORDINAL_VALUE, TYPES, number
from questionnaires.scoring import item_score


def questionnaire(
    definition: Definition, *, status: str, url: str, version: str, date: dt.date | None = None
) -> dict:
    """The whole of it, for `json.dumps`.

    Args:
        status: `draft`, `active` or `retired`.
        url, version: what answers refer to.
        date: when it was published.
    """
    asked = {item.link_id: item for item in everything(definition.items)}
    found = {
        "resourceType": "Questionnaire",
        "url": url,
        "version": version,
        "title": definition.title,
        "status": status,
        "date": date.isoformat() if date else "",
        "description": definition.description,
        "copyright": "\n\n".join(filter(None, [definition.credit, definition.licence])),
        "item": [_item(item, asked) for item in definition.items],
    }
    if definition.scales:
        found["item"].append(_scores(definition))
    return {name: value for name, value in found.items() if value}


def score_ids(definition: Definition) -> tuple[str, list[str]]:
    """The linkIds of the part with the scores and of each score, none of them an item's."""
    taken = {item.link_id for item in everything(definition.items)}
    part = "scores"
    while any(link_id.startswith(part) for link_id in taken):
        part += "-"
    return part, [f"{part}/{scale.key}" for scale in definition.scales]


def coding(option: Option, label: str) -> dict:
    system = {"system": option.system} if option.system else {}
    return system | {"code": option.code, "display": label}


def _item(item: Item, asked: dict[str, Item]) -> dict:
    found = {
        "linkId": item.link_id,
        "text": item.text,
        "type": TYPES[item.kind],
        "enableWhen": [_condition(one, asked[one.question]) for one in item.conditions],
        "enableBehavior": "any" if item.any_condition else "all",
        "required": item.required,
        "repeats": item.kind == Kind.CHOICES,
        "maxLength": item.max_length,
        "answerOption": [
            _option(item, option, label)
            for option, label in zip(item.options, item.labels, strict=True)
        ],
        "item": [*_help(item, asked), *(_item(one, asked) for one in item.items)],
    }
    if len(item.conditions) < 2:
        del found["enableBehavior"]
    return {name: value for name, value in found.items() if value}


def _help(item: Item, asked: dict[str, Item]) -> list[dict]:
    """The hint of an item, as words marked as help."""
    if not item.hint or item.kind == Kind.DISPLAY:
        return []
    link_id = f"{item.link_id}-help"
    while link_id in asked:
        link_id += "-"
    control = {"coding": [{"system": ITEM_CONTROLS, "code": "help"}]}
    extension = {"url": ITEM_CONTROL, "valueCodeableConcept": control}
    return [{"linkId": link_id, "text": item.hint, "type": "display", "extension": [extension]}]


def _option(item: Item, option: Option, label: str) -> dict:
    found: dict = {"valueCoding": coding(option, label)}
    score = item_score(item, option.code)
    if score is not None:
        found["extension"] = [{"url": ORDINAL_VALUE, "valueDecimal": number(score)}]
    return found


def _condition(condition: Condition, asked: Item) -> dict:
    found = {"question": condition.question, "operator": str(condition.operator)}
    answer = condition.answer
    if isinstance(answer, bool):
        return found | {"answerBoolean": answer}
    if asked.kind in ANSWERED_FROM_LIST:
        option = asked.option(answer)
        system = {"system": option.system} if option.system else {}
        return found | {"answerCoding": system | {"code": option.code}}
    if asked.kind == Kind.DECIMAL:
        return found | {"answerDecimal": float(answer)}
    name = "answerString" if asked.kind in TEXTS else f"answer{TYPES[asked.kind].capitalize()}"
    return found | {name: answer}


def _scores(definition: Definition) -> dict:
    """Where the scores stand in answers: read-only, for nobody types them."""
    part, link_ids = score_ids(definition)
    items = [
        {"linkId": link_id, "text": scale.name, "type": "decimal", "readOnly": True}
        for link_id, scale in zip(link_ids, definition.scales, strict=True)
    ]
    return {"linkId": part, "text": "Scores", "type": "group", "item": items}
