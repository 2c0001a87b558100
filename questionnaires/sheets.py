"""Our own layout for a spreadsheet: one row a question. docs/questionnaires.md describes it."""

from dataclasses import dataclass, field

from programme.imports import reading
from programme.imports.reading import FileError, Limits, Row
from questionnaires.definition import BadDefinition, Definition, Kind, Method, read

COLUMNS = ("section", "id", "text", "kind", "options", "required", "reverse", "scale", "hint")
LIMITS = Limits(bytes=1024 * 1024, rows=500, columns=40)
YES, NO = {"yes", "y", "true", "1", "x"}, {"", "no", "n", "false", "0"}
LOW = "support"


def from_sheet(content: bytes, *, title: str) -> Definition:
    """The questionnaire that a CSV file or a workbook holds.

    Raises:
        BadDefinition: it holds none, with the row and the reason.
    """
    try:
        table = reading.read(content, LIMITS)
    except FileError as error:
        raise BadDefinition("", str(error)) from None
    headings = [heading.strip().lower() for heading in table.headings]
    if unknown := sorted(set(headings) - set(COLUMNS)):
        listed = ", ".join(COLUMNS)
        raise BadDefinition(
            f"column “{unknown[0]}”", f"This column is not known. The columns are: {listed}."
        )
    if "text" not in headings:
        raise BadDefinition("", "There is no column “text”.")
    sheet = _Sheet()
    for row in table.rows:
        sheet.add(row, dict(zip(headings, row.cells, strict=True)))
    return read(
        {"title": title, "items": sheet.items, "scales": [*map(_scale, sheet.scales.values())]}
    )


@dataclass
class _Sheet:
    """What has been read so far."""

    items: list[dict] = field(default_factory=list)
    scales: dict[str, dict] = field(default_factory=dict)
    section: str = ""

    def add(self, row: Row, cells: dict[str, str]) -> None:
        place = f"row {row.number}"
        given = {name: " ".join(cells.get(name, "").split()) for name in COLUMNS}
        item = _item(given, place)
        if given["scale"]:
            self._count(item, given["scale"], place)
        if not given["section"]:
            self.section = ""
            self.items.append(item)
            return
        if given["section"] != self.section:
            self.section = given["section"]
            group = {"link_id": f"section-{row.number}", "text": self.section, "kind": Kind.GROUP}
            self.items.append(group | {"items": []})
        self.items[-1]["items"].append(item)

    def _count(self, item: dict, text: str, place: str) -> None:
        """*Calm*, *Calm:mean* or *Calm:mean:3*: the first row of a scale says how it is made."""
        name, method, needed, *spare = [*(part.strip() for part in text.split(":")), "", ""]
        if any(spare) or method not in ("", Method.SUM, Method.MEAN, Method.PERCENTAGE):
            raise BadDefinition(
                f"{place}, scale", "Write its name, or name:mean:3, with sum, mean or percentage."
            )
        scale = self.scales.setdefault(
            name, {"name": name, "method": method or "sum", "needed": needed, "items": []}
        )
        scale["items"].append(item["link_id"])


def _scale(scale: dict) -> dict:
    needed = scale["needed"] or str(len(scale["items"]))
    if not needed.isdecimal() or len(needed) > 3:
        raise BadDefinition(f"scale “{scale['name']}”", "How many are needed is a whole number.")
    return scale | {"key": scale["name"], "needed": int(needed)}


def _item(given: dict[str, str], place: str) -> dict:
    options = [_option(part, place) for part in given["options"].split("|") if part.strip()]
    named = given["kind"].lower().replace(" ", "_").replace("-", "_")
    if named and named not in set(Kind) - {Kind.GROUP}:
        listed = ", ".join(kind.replace("_", " ") for kind in Kind if kind != Kind.GROUP)
        raise BadDefinition(f"{place}, kind", f"Here must be one of: {listed}.")
    if not given["text"]:
        raise BadDefinition(f"{place}, text", "This is missing.")
    item = {
        "link_id": given["id"] or place.replace(" ", "-"),
        "text": given["text"],
        "kind": Kind(named) if named else _kind_of(options),
        "hint": given["hint"],
        "required": _yes(given, "required", place),
        "reverse": _yes(given, "reverse", place),
    }
    return item | ({"options": options} if options else {})


def _kind_of(options: list[dict]) -> Kind:
    """What a question without a kind is, by its answers."""
    if not options:
        return Kind.SHORT_TEXT
    return Kind.SCALE if all("score" in option for option in options) else Kind.CHOICE


def _option(part: str, place: str) -> dict:
    """*Never*, *1=Never*, *1=Never=0*, or *1=Never=0=support* for one that calls for support."""
    code, *more = [one.strip() for one in part.split("=")]
    if len(more) > 3 or (len(more) == 3 and more[2] != LOW):
        raise BadDefinition(f"{place}, options", f"“{part.strip()[:60]}” is not code=text=score.")
    option = {"code": code, "text": more[0] if more else code}
    if len(more) > 1 and more[1]:
        option["score"] = more[1]
    return option | ({"low": True} if len(more) == 3 else {})


def _yes(given: dict[str, str], name: str, place: str) -> bool:
    text = given[name].lower()
    if text not in YES | NO:
        raise BadDefinition(f"{place}, {name}", "Here must be yes or no.")
    return text in YES
