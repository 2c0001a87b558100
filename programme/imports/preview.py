"""A staged import in words, for its pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from programme.imports.columns import COLUMNS, IGNORE
from programme.imports.planning import CHANGE, CREATE, LEAVE, REFUSE

TAGS = {
    CREATE: ("New", "green"),
    CHANGE: ("Changed", "blue"),
    LEAVE: ("As it is", "grey"),
    REFUSE: ("Refused", "red"),
}
TABLE_WORDS = {
    "site": "Sites",
    "employer": "Employers",
    "team": "Teams",
    "cohort": "Cohorts",
    "post": "Posts",
    "outcome_reason": "Outcome reasons",
    "leaving_reason": "Leaving reasons",
}
MOST_NAMES = 50
REASON = "reason"


@dataclass
class ShownRow:
    """One row of the preview."""

    number: int
    person: str
    reference: str
    tag: str
    colour: str
    is_new: bool
    effects: list[dict] = field(default_factory=list)
    problems: list[dict] = field(default_factory=list)


def shown_row(staged, mapping: Mapping[str, str]) -> ShownRow:
    """A staged row with its columns in words."""
    cells = {mapping.get(heading): text for heading, text in staged.cells.items()}
    tag, colour = TAGS[staged.verdict]
    person = " ".join(cells.get(key, "").strip() for key in ("first_name", "last_name"))
    return ShownRow(
        number=staged.number,
        person=person.strip() or "No name",
        reference=reference_of(staged.cells, mapping).strip(),
        tag=tag,
        colour=colour,
        is_new=staged.verdict == CREATE,
        effects=[{**effect, "label": COLUMNS[effect["column"]].label} for effect in staged.effects],
        problems=[_problem(problem, cells) for problem in staged.problems],
    )


def reference_of(cells: Mapping[str, str], mapping: Mapping[str, str]) -> str:
    """The reference as a staged row writes it."""
    return next((cells[name] for name in cells if mapping.get(name) == "reference"), "")


def _problem(problem: dict, cells: Mapping[str, str]) -> dict:
    column = COLUMNS.get(problem["column"])
    return {
        "label": column.label if column else "Whole row",
        "text": cells.get(problem["column"], "")[:80],
        "reason": problem["reason"],
    }


@dataclass(frozen=True)
class Missing:
    """What would be added besides, of one kind."""

    table: str
    label: str
    names: list[str]
    more: int

    @property
    def count(self) -> int:
        return len(self.names) + self.more


def missing(summary: Mapping) -> list[Missing]:
    """What the file needs and the records lack."""
    found = summary.get("missing", {})
    return [
        Missing(table, label, found[table][:MOST_NAMES], max(len(found[table]) - MOST_NAMES, 0))
        for table, label in TABLE_WORDS.items()
        if found.get(table)
    ]


def counts(summary: Mapping) -> dict[str, int]:
    """Rows by verdict; every verdict is there."""
    found = summary.get("counts", {})
    return {verdict: found.get(verdict, 0) for verdict in TAGS}


def ignored(headings: Iterable[str], mapping: Mapping[str, str]) -> list[str]:
    """Headings that are not read."""
    return [heading for heading in headings if mapping.get(heading) == IGNORE]


def refused_columns(headings: Iterable[str]) -> list[str]:
    """The file's own columns in their order, and the reason."""
    return [heading for heading in headings if heading.casefold() != REASON] + [REASON]


def refused_cells(staged, headings: list[str]) -> list[str]:
    """A refused row as it came, and why, to be corrected and imported again."""
    reasons = [
        f"{COLUMNS[problem['column']].label}: {problem['reason']}"
        if problem["column"]
        else problem["reason"]
        for problem in staged.problems
    ]
    return [staged.cells.get(heading, "") for heading in headings[:-1]] + [" ".join(reasons)]
