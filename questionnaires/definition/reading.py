"""Plain data read as a definition: each thing in it is checked, and what is wrong has its place."""

from questionnaires.definition.checks import check
from questionnaires.definition.document import BadDefinition, Node
from questionnaires.definition.parts import (
    ANSWERED_FROM_LIST,
    TEXTS,
    Band,
    Condition,
    Definition,
    Item,
    Kind,
    Method,
    Operator,
    Option,
    Scale,
)

__all__ = ["BadDefinition", "read"]

LONGEST_LINE = 500  # characters of a name, an option or a hint
LONGEST_TEXT = 5000  # of a question or of words to read
LONGEST_ID = 255
MOST_ITEMS = 500
MOST_OPTIONS = 300
MOST_CONDITIONS = 50
MOST_SCALES = 50
MOST_ROWS = 1000
DEEPEST = 8  # groups within groups
LONGEST_ANSWER = 10_000


def read(document: object) -> Definition:
    """The definition that `written` made this of.

    Raises:
        BadDefinition: it is none, with the place and the reason.
    """
    root = Node(document, "")
    root.holds(*Definition.__slots__)
    definition = Definition(
        title=root.text("title", LONGEST_LINE, needed=True),
        description=root.text("description", LONGEST_TEXT),
        items=_items(root, 1),
        scales=tuple(_scale(node) for node in root.each("scales", MOST_SCALES)),
        licence=root.text("licence", LONGEST_TEXT),
        credit=root.text("credit", LONGEST_TEXT),
        validated=root.flag("validated"),
        url=root.text("url", LONGEST_LINE),
        version=root.text("version", LONGEST_ID),
    )
    check(definition, most_items=MOST_ITEMS)
    return definition


def _items(node: Node, depth: int) -> tuple[Item, ...]:
    found = node.each("items", MOST_ITEMS)
    if found and depth > DEEPEST:
        raise found[0].wrong(f"Groups stand within groups more than {DEEPEST} deep.")
    return tuple(_item(one, depth) for one in found)


def _item(node: Node, depth: int) -> Item:
    node.holds(*Item.__slots__)
    item = Item(
        link_id=node.text("link_id", LONGEST_ID, needed=True),
        text=node.text("text", LONGEST_TEXT),
        kind=node.one_of("kind", Kind),
        hint=node.text("hint", LONGEST_TEXT),
        required=node.flag("required"),
        max_length=node.whole("max_length", 1, LONGEST_ANSWER),
        options=tuple(_option(one) for one in node.each("options", MOST_OPTIONS)),
        low_anchor=node.text("low_anchor", LONGEST_LINE),
        high_anchor=node.text("high_anchor", LONGEST_LINE),
        reverse=node.flag("reverse"),
        conditions=tuple(_condition(one) for one in node.each("conditions", MOST_CONDITIONS)),
        any_condition=node.flag("any_condition"),
        slot=node.flag("slot"),
        items=_items(node, depth + 1),
    )
    _fits_its_kind(node, item)
    return item


def _fits_its_kind(node: Node, item: Item) -> None:
    """Make sure that an item has what its kind needs and nothing that it has no use for."""
    listed, scale = item.kind in ANSWERED_FROM_LIST, item.kind == Kind.SCALE
    scored = all(option.score is not None for option in item.options)
    problems = {
        "A question needs its words.": item.kind != Kind.GROUP and not item.text,
        "There is nothing to choose from.": listed and not item.options,
        "Only a question answered from a list has options.": item.options and not listed,
        "Every option of a scale needs a score.": scale and not scored,
        "Only a scale has words for its two ends.": not scale
        and (item.low_anchor or item.high_anchor),
        "Only a question whose options all have scores is scored in reverse.": item.reverse
        and not (item.options and scored),
        "Only text has a longest length.": item.max_length and item.kind not in TEXTS,
        "Only a question can be required.": item.required and not item.is_question,
        "Words to read have nothing within them.": item.kind == Kind.DISPLAY and item.items,
        "A group has something within it.": item.kind == Kind.GROUP and not item.items,
    }
    for words, is_one in problems.items():
        if is_one:
            raise node.wrong(words)


def _option(node: Node) -> Option:
    node.holds(*Option.__slots__)
    code = node.text("code", LONGEST_ID, needed=True)
    if code != " ".join(code.split()):
        raise node.wrong("A code has single spaces only.", "code")
    return Option(
        code=code,
        text=node.text("text", LONGEST_LINE, needed=True),
        score=node.number("score"),
        low=node.flag("low"),
        system=node.text("system", LONGEST_LINE),
    )


def _condition(node: Node) -> Condition:
    node.holds(*Condition.__slots__)
    answer = node.value.get("answer")
    if not isinstance(answer, (str, int)):
        raise node.wrong("A condition compares with text, a whole number, yes or no.", "answer")
    if isinstance(answer, str):
        answer = node.text("answer", LONGEST_TEXT)
    return Condition(
        question=node.text("question", LONGEST_ID, needed=True),
        operator=node.one_of("operator", Operator),
        answer=answer,
    )


def _scale(node: Node) -> Scale:
    node.holds(*Scale.__slots__)
    return Scale(
        key=node.text("key", LONGEST_ID, needed=True),
        name=node.text("name", LONGEST_LINE, needed=True),
        items=tuple(one.as_text(LONGEST_ID) for one in node.each("items", MOST_ITEMS)),
        method=node.one_of("method", Method),
        needed=node.whole("needed", 1, MOST_ITEMS, needed=True),
        table=tuple(_row(one) for one in node.each("table", MOST_ROWS)),
        bands=tuple(_band(one) for one in node.each("bands", MOST_OPTIONS)),
    )


def _row(node: Node) -> tuple:
    if not isinstance(node.value, list) or len(node.value) != 2:
        raise node.wrong("A row of a table is a sum and what it becomes.")
    return tuple(Node({"n": one}, node.place).number("n", needed=True) for one in node.value)


def _band(node: Node) -> Band:
    node.holds(*Band.__slots__)
    return Band(
        name=node.text("name", LONGEST_LINE, needed=True),
        lowest=node.number("lowest", needed=True),
        highest=node.number("highest", needed=True),
        low=node.flag("low"),
    )
