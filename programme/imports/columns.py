"""Which heading of a file is which of our columns."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """One column we can read: its key, the words people read, an example, and other headings."""

    key: str
    label: str
    example: str
    synonyms: tuple[str, ...] = ()
    required: bool = False


COLUMNS = {
    column.key: column
    for column in (
        Column(
            "reference",
            "Reference",
            "LXP-001",
            (
                "ref",
                "ref no",
                "reference no",
                "reference number",
                "person reference",
                "staff number",
                "staff no",
                "employee number",
                "employee no",
                "payroll number",
                "assignment number",
                "esr number",
                "id",
            ),
            required=True,
        ),
        Column(
            "first_name",
            "First name",
            "Zoë",
            ("forename", "forenames", "first names", "given name", "given names"),
        ),
        Column("last_name", "Last name", "Ó Briain", ("surname", "family name"), required=True),
        Column(
            "email",
            "Email",
            "zoe@example.org",
            ("e-mail", "email address", "e-mail address", "mail"),
        ),
        Column("employer", "Employer", "Example NHS Trust", ("organisation", "employed by")),
        Column("site", "Site", "Northgate Hospital", ("location", "base", "hospital")),
        Column("team", "Team", "Community team", ("ward", "department", "service")),
        Column(
            "applied_on",
            "Applied on",
            "01/03/2014",
            ("applied", "application date", "date applied", "date of application"),
        ),
        Column(
            "cohort",
            "Cohort",
            "LXP pilot",
            ("training cohort", "cohort name", "course", "intake"),
        ),
        Column(
            "commenced_on",
            "Commenced training on",
            "28/04/2014",
            (
                "commenced",
                "date commenced",
                "training start date",
                "training started",
                "commenced training",
                "course start date",
            ),
        ),
        Column("outcome", "Outcome", "Completed", ("training outcome", "course outcome")),
        Column(
            "outcome_on",
            "Outcome on",
            "18/07/2014",
            ("outcome date", "date of outcome", "date completed", "completed on"),
        ),
        Column(
            "outcome_reason",
            "Outcome reason",
            "Moved away",
            ("reason for outcome", "withdrawal reason", "reason for withdrawal"),
        ),
        Column(
            "post", "Post", "Peer support worker", ("job title", "position", "role", "post title")
        ),
        Column("band", "Band", "3", ("afc band", "grade", "pay band")),
        Column(
            "contracted_hours",
            "Contracted hours",
            "22.5",
            ("hours", "hours a week", "hours per week", "weekly hours", "contracted hours a week"),
        ),
        Column(
            "started_on",
            "Started in post on",
            "01/09/2014",
            (
                "start date",
                "started",
                "date started",
                "start",
                "started in post",
                "date of joining",
                "employment start date",
            ),
        ),
        Column(
            "ended_on",
            "Ended in post on",
            "31/08/2016",
            (
                "end date",
                "ended",
                "date ended",
                "leaving date",
                "date left",
                "left on",
                "ended in post",
                "termination date",
            ),
        ),
        Column(
            "leaving_reason",
            "Leaving reason",
            "End of fixed term contract",
            ("reason for leaving", "termination reason"),
        ),
        Column(
            "destination",
            "Destination",
            "NHS organisation",
            ("destination on leaving", "went to", "leaving destination"),
        ),
    )
}

IGNORE = "ignore"
# Left out without asking: our own refused-rows file has the first, and notes are for people.
LEFT_OUT = frozenset({"reason", "note", "notes", "comment", "comments"})


def plain(heading: str) -> str:
    """A heading without its case, spaces, underscores, hyphens and other signs."""
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


_KNOWN = {
    plain(words): column.key
    for column in COLUMNS.values()
    for words in (column.key, column.label, *column.synonyms)
}


@dataclass(frozen=True)
class Recognition:
    """What the headings of a file say by themselves.

    Attributes:
        mapping: heading → our column or `IGNORE`, for the headings that are clear.
        unknown: headings that somebody has to name or ignore.
        rivals: our column → the headings that all look like it.
    """

    mapping: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    rivals: dict[str, list[str]] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """Required columns that no heading is."""
        found = set(self.mapping.values()) | self.rivals.keys()
        return [key for key, column in COLUMNS.items() if column.required and key not in found]

    @property
    def is_complete(self) -> bool:
        """Whether nobody has to be asked anything."""
        return not (self.unknown or self.rivals or self.missing)


def recognise(headings: Iterable[str]) -> Recognition:
    """Sort the headings of a file into clear, unknown and rival ones."""
    mapping: dict[str, str] = {}
    unknown: list[str] = []
    by_column: dict[str, list[str]] = {}
    for heading in headings:
        if key := _KNOWN.get(plain(heading)):
            by_column.setdefault(key, []).append(heading)
        elif plain(heading) in {plain(words) for words in LEFT_OUT}:
            mapping[heading] = IGNORE
        else:
            unknown.append(heading)
    rivals = {key: found for key, found in by_column.items() if len(found) > 1}
    mapping |= {found[0]: key for key, found in by_column.items() if len(found) == 1}
    return Recognition(mapping, unknown, rivals)


def repeated(headings: Iterable[str]) -> list[str]:
    """Headings that stand in the file more than once, as they are written."""
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for heading in headings:
        if heading.casefold() in seen:
            twice[heading] = None
        seen.add(heading.casefold())
    return list(twice)


def by_recognition(headings: Iterable[str]) -> dict[str, str]:
    """The mapping where nobody can be asked: what is clear is read, all else is ignored.

    Of several headings that look like one column, the one spelt as the column itself wins; where
    none is, `rivals` in `recognise` says so and the column is left out.
    """
    headings = list(headings)
    found = recognise(headings)
    mapping = dict.fromkeys(headings, IGNORE) | found.mapping
    for key, rivals in found.rivals.items():
        exact = [heading for heading in rivals if plain(heading) == plain(key)]
        if len(exact) == 1:
            mapping[exact[0]] = key
    return mapping


def problems(mapping: Mapping[str, str]) -> list[str]:
    """What is wrong with a mapping, in words; empty when it can be used."""
    used: dict[str, list[str]] = {}
    for heading, key in mapping.items():
        if key != IGNORE:
            used.setdefault(key, []).append(heading)
    wrong = [
        f"Choose one heading for {COLUMNS[key].label}: now {' and '.join(found)} are both it."
        for key, found in used.items()
        if len(found) > 1
    ]
    wrong += [
        f"Say which column holds the {column.label.lower()}."
        for key, column in COLUMNS.items()
        if column.required and key not in used
    ]
    return wrong
