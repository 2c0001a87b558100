"""`enableWhen`: when an item is shown, as far as its question and its answer are known here."""

from decimal import Decimal

from questionnaires.definition import ANSWERED_FROM_LIST, TEXTS, Kind
from questionnaires.definition.document import Node
from questionnaires.fhir.notes import Notes
from questionnaires.fhir.options import text_of

MOST = 50
LONGEST = 5000
ORDERED = {Kind.INTEGER, Kind.DECIMAL, Kind.DATE}
OPERATORS = {"exists", "=", "!=", ">", "<", ">=", "<="}
NUMBERS = ("answerInteger", "answerDecimal")


def conditions_of(node: Node, kept: dict[str, dict], left_out: set[str], notes: Notes) -> dict:
    """What `enableWhen` of an item becomes; a condition that cannot be kept is noted.

    Args:
        kept: the items of the file that are asked here, by link_id.
        left_out: the link_ids of those that are not.
    """
    nodes = node.each("enableWhen", MOST)
    found = [_condition(one, kept, left_out) for one in nodes]
    conditions = [one for one in found if one]
    if len(conditions) < len(nodes):
        instead = "It is shown by the others." if conditions else "It is always shown."
        notes.add("A condition that is not known here", f"{node.place}.enableWhen", instead)
    if not conditions:
        return {}
    behaviour = node.value.get("enableBehavior", "all")
    if behaviour not in ("all", "any"):
        raise node.wrong("Here must be “all” or “any”.", "enableBehavior")
    some = {"any_condition": True} if behaviour == "any" and len(conditions) > 1 else {}
    return {"conditions": conditions} | some


def _condition(node: Node, kept: dict, left_out: set[str]) -> dict | None:
    node.is_object()
    asked = text_of(node, "question", 255)
    operator = node.value.get("operator", "=")
    if operator not in OPERATORS:
        raise node.wrong("This operator is not one of FHIR.", "operator")
    if asked in left_out:
        return None
    if asked not in kept:
        raise node.wrong(f"There is no question “{asked[:80]}”.", "question")
    if operator == "exists":
        if not isinstance(node.value.get("answerBoolean"), bool):
            raise node.wrong("“exists” compares with true or false.", "answerBoolean")
        return {"question": asked, "operator": operator, "answer": node.value["answerBoolean"]}
    kind = Kind(kept[asked]["kind"])
    if operator not in {"=", "!="} and kind not in ORDERED:
        return None
    answer = _answer(node, kind, kept[asked])
    return None if answer is None else {"question": asked, "operator": operator, "answer": answer}


def _answer(node: Node, kind: Kind, item: dict) -> str | int | bool | None:
    """The answer compared with, as this kind of question takes it; nothing if it never does."""
    given = node.value
    if kind in ANSWERED_FROM_LIST:
        return _code(node, item)
    if kind == Kind.BOOLEAN:
        answer = given.get("answerBoolean")
        return answer if isinstance(answer, bool) else None
    if kind in {Kind.INTEGER, Kind.DECIMAL}:
        return _number(node, kind)
    name = "answerString" if kind in TEXTS else "answerDate"
    return text_of(node, name, LONGEST) or None


def _number(node: Node, kind: Kind) -> str | int | None:
    name = next((name for name in NUMBERS if name in node.value), None)
    if name is None:
        return None
    given = node.value[name]
    if isinstance(given, bool) or not isinstance(given, (int, Decimal)):
        raise node.wrong("Here must be a number.", name)
    found = node.at(name, str(given)).as_number()
    if kind == Kind.DECIMAL:
        return str(found)
    return int(found) if found == found.to_integral_value() else None


def _code(node: Node, item: dict) -> str | None:
    """The code of the option that is meant, by its code or by its words."""
    coding = node.inner("answerCoding")
    meant = [text_of(coding, "code", 255), text_of(coding, "display", LONGEST)]
    plain = ("answerString", "answerInteger", "answerDate")
    meant += [str(node.value[name]).strip() for name in plain if name in node.value]
    codes = {option["code"]: option["code"] for option in item["options"]}
    texts = {option["text"]: option["code"] for option in item["options"]}
    return next((codes.get(one) or texts.get(one) for one in meant if one in codes | texts), None)
