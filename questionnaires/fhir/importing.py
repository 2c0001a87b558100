"""A FHIR R4 `Questionnaire` as a definition, with a list of all that is not supported in it."""

from dataclasses import dataclass

from questionnaires.definition import Definition, Kind, read
from questionnaires.definition.document import Node
from questionnaires.definition.reading import (
    DEEPEST,
    LONGEST_ANSWER,
    LONGEST_ID,
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_ITEMS,
)
from questionnaires.fhir.conditions import conditions_of
from questionnaires.fhir.loading import load
from questionnaires.fhir.names import CALCULATED, HIDDEN, ITEM_CONTROL, KINDS
from questionnaires.fhir.notes import LEFT_OUT, Notes, Unsupported
from questionnaires.fhir.options import extension_name, options_of, text_of, value_sets

READ_OF_ALL = {
    *("resourceType", "url", "version", "title", "name", "description", "copyright"),
    *("publisher", "contained", "item", "status", "extension"),
}
READ_OF_ITEM = {
    *("linkId", "text", "type", "prefix", "required", "repeats", "maxLength", "answerOption"),
    *("answerValueSet", "enableWhen", "enableBehavior", "item", "extension", "readOnly"),
}
LISTED = {Kind.CHOICE, Kind.OPEN_CHOICE}


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds, and what it uses that is not supported."""

    definition: Definition
    unsupported: tuple[Unsupported, ...]


def imported(content: bytes) -> Imported:
    """Read a file.

    Raises:
        BadDefinition: it is no questionnaire that can be asked, with the place and the reason.
    """
    root = Node(load(content), "")
    root.is_object()
    if root.value.get("resourceType") != "Questionnaire":
        given = str(root.value.get("resourceType"))[:60]
        raise root.wrong(f"This is no FHIR Questionnaire but “{given}”.", "resourceType")
    return _Reader(root).imported()


class _Reader:
    """Reads one file: first every item, then what their conditions refer to."""

    def __init__(self, root: Node):
        self.root, self.notes = root, Notes()
        self.kept: dict[str, dict] = {}
        self.nodes: dict[str, Node] = {}
        self.left_out: set[str] = set()

    def imported(self) -> Imported:
        self._note_others(self.root, READ_OF_ALL)
        self.sets = value_sets(self.root, self.notes)
        items = self._items(self.root, 1)
        for link_id, item in self.kept.items():
            item |= conditions_of(self.nodes[link_id], self.kept, self.left_out, self.notes)
        text = self._text
        if text("title") and text("name"):
            self.notes.add("“name”", "name")
        document = {
            "title": text("title") or text("name") or "Questionnaire without a title",
            "description": text("description", LONGEST_TEXT),
            "items": items,
            "licence": text("copyright", LONGEST_TEXT),
            "credit": text("publisher"),
            "url": text("url"),
            "version": text("version", LONGEST_ID),
        }
        return Imported(read(document), self.notes.listed())

    def _text(self, name: str, longest: int = LONGEST_LINE) -> str:
        return text_of(self.root, name, longest)

    def _items(self, node: Node, depth: int) -> list[dict]:
        nodes = node.each("item", MOST_ITEMS)
        if nodes and depth > DEEPEST:
            raise nodes[0].wrong(f"Items stand within items more than {DEEPEST} deep.")
        return [found for one in nodes if (found := self._item(one, depth))]

    def _item(self, node: Node, depth: int) -> dict | None:
        node.is_object()
        link_id = node.at("linkId", text_of(node, "linkId", LONGEST_ID))
        link_id.as_text(LONGEST_ID, needed=True)
        if link_id.value in self.nodes:
            raise link_id.wrong(f"Two items have the linkId “{link_id.value[:80]}”.")
        self.nodes[link_id.value] = node
        if len(self.nodes) > MOST_ITEMS:
            raise node.wrong(f"There are more than {MOST_ITEMS:,} items.")
        self._note_others(node, READ_OF_ITEM)
        item = self._asked(node, link_id.value)
        inner = self._items(node, depth + 1)
        if item is None or (item["kind"] == Kind.GROUP and not inner):
            return self._leave_out(node, link_id.value, inner)
        self._take_hint(item, inner)
        self.kept[link_id.value] = item
        if inner:
            item["items"] = inner
        return item

    def _leave_out(self, node: Node, link_id: str, inner: list[dict]) -> None:
        self.left_out.add(link_id)
        for one in _all(inner):
            self.kept.pop(one["link_id"], None)
            self.left_out.add(one["link_id"])
        if inner or node.value.get("type") == "group":
            self.notes.add("A part of which nothing can be asked", node.place, LEFT_OUT)

    def _asked(self, node: Node, link_id: str) -> dict | None:
        """An item without its conditions and what stands in it; nothing if it cannot be asked."""
        given = node.value.get("type")
        kind = KINDS.get(given) if isinstance(given, str) else None
        if given is None:
            raise node.wrong("This is missing.", "type")
        if kind is None:
            self.notes.add(f"A question of type “{str(given)[:40]}”", node.place, LEFT_OUT)
            return None
        if self._is_not_for_people(node, kind):
            return None
        words = text_of(node, "text", LONGEST_TEXT) or self._words_of_code(node, kind)
        text = " ".join(filter(None, [text_of(node, "prefix", 100), words]))
        if not text and kind != Kind.GROUP:
            raise node.wrong("This item has no words.", "text")
        item = {"link_id": link_id, "text": text, "kind": kind}
        if kind in LISTED and not self._add_options(node, item):
            return None
        return item | self._asked_for(node, item["kind"])

    def _words_of_code(self, node: Node, kind: Kind) -> str:
        """What the code of an item without words of its own is called."""
        codes = [] if kind == Kind.GROUP else node.each("code", MOST_ITEMS)
        for code in codes:
            code.is_object()
            if words := text_of(code, "display", LONGEST_TEXT):
                instead = "The words of its code are asked."
                self.notes.add("A question without words of its own", node.place, instead)
                return words
        return ""

    def _is_not_for_people(self, node: Node, kind: Kind) -> bool:
        """Whether an item is worked out, hidden or read-only; notes every extension."""
        reasons = {"A read-only item": kind != Kind.DISPLAY and node.flag("readOnly")}
        for extension in node.each("extension", MOST_ITEMS):
            extension.is_object()
            url = extension.value.get("url")
            if url == HIDDEN and extension.value.get("valueBoolean") is True:
                reasons["A hidden item"] = True
            elif url in CALCULATED:
                reasons["A value that is worked out"] = True
            elif not (url == ITEM_CONTROL and _control(extension) == "help"):
                self.notes.add(extension_name(extension), extension.place)
        found = [reason for reason, is_one in reasons.items() if is_one]
        for reason in found:
            self.notes.add(reason, node.place, LEFT_OUT)
        return bool(found)

    def _add_options(self, node: Node, item: dict) -> bool:
        options = options_of(node, self.sets, self.notes)
        if not options:
            elsewhere = "answerValueSet" in node.value
            what = "Answers that are kept on a server" if elsewhere else "A list without answers"
            self.notes.add(what, node.place, LEFT_OUT)
            return False
        item["options"] = options
        several = node.flag("repeats")
        if item["kind"] == Kind.CHOICE and several:
            item["kind"] = Kind.CHOICES
        elif item["kind"] == Kind.CHOICE and all("score" in option for option in options):
            item["kind"] = Kind.SCALE
        return True

    def _asked_for(self, node: Node, kind: Kind) -> dict:
        """Whether it must be answered, how often and at what length."""
        found = {}
        if node.flag("repeats") and kind not in {Kind.CHOICES, Kind.DISPLAY}:
            self.notes.add("Something asked several times", node.place, "It is asked once.")
        if node.flag("required"):
            if kind in {Kind.GROUP, Kind.DISPLAY}:
                self.notes.add("A required group", node.place, "Its questions say for themselves.")
            else:
                found["required"] = True
        longest = node.whole("maxLength", 1, 2**31)
        if longest and kind in {Kind.SHORT_TEXT, Kind.LONG_TEXT}:
            found["max_length"] = min(longest, LONGEST_ANSWER)
            if longest > LONGEST_ANSWER:
                instead = f"It is {LONGEST_ANSWER:,} characters."
                self.notes.add("A longer longest length", node.place, instead)
        elif longest:
            self.notes.add("A longest length of what is no text", node.place)
        return found

    def _take_hint(self, item: dict, inner: list[dict]) -> None:
        """Words marked as help stand below their question."""
        for one in list(inner):
            if one["kind"] == Kind.DISPLAY and self._is_help(self.nodes[one["link_id"]]):
                item["hint"] = f"{item.get('hint', '')} {one['text']}".strip()
                inner.remove(one)
                self.left_out.add(one["link_id"])
                del self.kept[one["link_id"]]

    def _is_help(self, node: Node) -> bool:
        """Whether words always stand beside their question."""
        extensions = node.each("extension", MOST_ITEMS)
        return "enableWhen" not in node.value and any(_control(one) == "help" for one in extensions)

    def _note_others(self, node: Node, read_here: set[str]) -> None:
        """Note every name that is not read; refuse what changes the meaning of the rest."""
        for name in node.value:
            if name in ("modifierExtension", "implicitRules"):
                raise node.wrong("This changes what the rest means, and is not known here.", name)
            if name not in read_here:
                place = f"{node.place}.{name}" if node.place else name
                self.notes.add(f"“{name[:60]}”", place[:200])
        if not node.place:
            for extension in node.each("extension", MOST_ITEMS):
                extension.is_object()
                self.notes.add(extension_name(extension), extension.place)


def _all(items: list[dict]) -> list[dict]:
    return [found for item in items for found in (item, *_all(item.get("items", [])))]


def _control(extension: Node) -> str:
    """*help*, *drop-down*, … of the extension that says how to show an item."""
    concept = extension.inner("valueCodeableConcept")
    codings = [coding.value for coding in concept.each("coding", MOST_ITEMS)]
    codes = [coding.get("code") for coding in codings if isinstance(coding, dict)]
    return codes[0] if codes and isinstance(codes[0], str) else ""
