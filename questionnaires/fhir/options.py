"""The answers to choose from: written out in the item, or listed in a contained value set."""

from decimal import Decimal

from questionnaires.definition.document import Node
from questionnaires.fhir.names import ITEM_WEIGHT, ORDINAL_VALUE
from questionnaires.fhir.notes import Notes

MOST_OPTIONS = 300
LONGEST_OPTION = 500
LONGEST_CODE = 255
SCORES = {ORDINAL_VALUE, ITEM_WEIGHT}
READ_OF_CODING = {"code", "display", "system", "extension"}


def text_of(node: Node, name: str, longest: int) -> str:
    """Text without spaces at its ends, its line breaks written as one character each."""
    given = node.value.get(name, "")
    if isinstance(given, str):
        given = given.replace("\r\n", "\n").replace("\r", "\n").strip()
    return node.at(name, given).as_text(longest)


def value_sets(root: Node, notes: Notes) -> dict[str, list[dict]]:
    """Contained value sets by `#id`, each as options; one that needs a server is left out."""
    found = {}
    for node in root.each("contained", MOST_OPTIONS):
        node.is_object()
        if node.value.get("resourceType") != "ValueSet":
            notes.add(f"A contained {str(node.value.get('resourceType'))[:60]}", node.place)
            continue
        if options := _concepts(node, notes):
            found[f"#{text_of(node, 'id', LONGEST_CODE)}"] = options
    return found


def _concepts(node: Node, notes: Notes) -> list[dict]:
    expansion = node.inner("expansion")
    if expansion.value:
        return [_coded(one, {}, notes) for one in expansion.each("contains", MOST_OPTIONS)]
    found = []
    compose = node.inner("compose")
    if "exclude" in compose.value:
        return []
    for include in compose.each("include", MOST_OPTIONS):
        include.is_object()
        concepts = include.each("concept", MOST_OPTIONS)
        if not concepts:
            return []
        found += [_coded(one, include.value, notes) for one in concepts]
    return found


def options_of(node: Node, sets: dict[str, list[dict]], notes: Notes) -> list[dict]:
    """The options of an item; none where they are kept elsewhere."""
    if named := text_of(node, "answerValueSet", LONGEST_OPTION):
        return sets.get(named, [])
    found = [_option(one, notes) for one in node.each("answerOption", MOST_OPTIONS)]
    return [one for one in found if one]


def _option(node: Node, notes: Notes) -> dict:
    node.is_object()
    if node.value.get("initialSelected"):
        notes.add("An answer chosen beforehand", node.place, "Nobody's answer is given for them.")
    if "valueCoding" in node.value:
        coding = node.inner("valueCoding")
        return _coded(coding, {}, notes) | _score(node, notes)
    for name in ("valueString", "valueInteger", "valueDate"):
        if name in node.value:
            text = node.at(name, str(node.value[name]).strip()).as_text(LONGEST_CODE, needed=True)
            return {"code": " ".join(text.split()), "text": text} | _score(node, notes)
    notes.add("An answer that is no code, text, whole number or date", node.place, "Left out.")
    return {}


def _coded(node: Node, include: dict, notes: Notes) -> dict:
    """An option from a coding or a concept; without a code its words are the code."""
    node.is_object()
    for name in node.value.keys() - READ_OF_CODING:
        notes.add(f"“{name[:60]}” of an answer", node.place)
    text = text_of(node, "display", LONGEST_OPTION)
    code = " ".join((text_of(node, "code", LONGEST_CODE) or text).split())
    system = text_of(Node({**include, **node.value}, node.place), "system", LONGEST_OPTION)
    option = {"code": code, "text": text or code} | _score(node, notes)
    if not code:
        raise node.wrong("An answer has neither a code nor words.")
    return option | ({"system": system} if system else {})


def _score(node: Node, notes: Notes) -> dict:
    """What an option scores, from either of the two extensions; others are noted."""
    found = {}
    for extension in node.each("extension", MOST_OPTIONS):
        extension.is_object()
        if extension.value.get("url") in SCORES:
            found["score"] = str(plain_number(extension, "valueDecimal"))
        else:
            notes.add(extension_name(extension), extension.place)
    return found


def plain_number(node: Node, name: str) -> Decimal:
    given = node.value.get(name)
    if isinstance(given, bool) or not isinstance(given, (int, Decimal)):
        raise node.wrong("Here must be a number.", name)
    return node.at(name, str(given)).as_number()


def extension_name(node: Node) -> str:
    """*The extension “questionnaire-unit”*."""
    return f"The extension “{str(node.value.get('url', '')).rpartition('/')[2][:80]}”"
