"""What is recorded, as far as a file touches it, and what a file would do to it.

A `Book` is read from the database once. Each row writes a `Draft`; only a row without a problem is
entered into the book, so a refused row leaves nothing behind and the next row sees what the rows
before it did.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

# In the order in which they must be written.
REFERENCE_TABLES = (
    "site",
    "employer",
    "team",
    "cohort",
    "post",
    "outcome_reason",
    "leaving_reason",
)
PERSONAL_TABLES = ("person", "application", "enrolment", "spell")
TABLES = REFERENCE_TABLES + PERSONAL_TABLES


def key(text: str) -> str:
    """Text as PostgreSQL's `lower` compares it: letter by letter, without rules of context."""
    if text.isascii():
        return text.lower()
    return "".join("i" if letter == "\u0130" else letter.lower() for letter in text)


def reference_key(text: str) -> str:
    """A reference as a file writes it, as it is compared: spaces collapsed, whatever its case."""
    return key(" ".join(text.split()))


@dataclass(slots=True, eq=False)
class Record:
    """One row of a table: its fields by name, foreign keys as ids."""

    table: str
    id: uuid.UUID
    fields: dict[str, object]
    is_new: bool = False


class Book:
    """Records by what identifies them.

    Attributes:
        records: table → natural key → record. The keys: a name (`key`), for a team with its site's
            id, for a post with the ids of team and employer; a reference; a person's id with the
            day applied or the cohort's id.
        spells: person's id → their spells, which no single key identifies.
        places_left: cohort's id → how many more people it can take, where its places are counted.
        by_requirements: ids of cohorts whose completions are confirmed from their requirements.
        confirmed: ids of places whose completion is confirmed.
        own: ids of the records of whoever imports.
        hidden: ids of people, cohorts and applications without a cohort that whoever imports may
            not see.
    """

    def __init__(self) -> None:
        self.records: dict[str, dict[tuple, Record]] = {table: {} for table in TABLES}
        self.by_id: dict[uuid.UUID, Record] = {}
        self.spells: dict[uuid.UUID, list[Record]] = {}
        self.hidden: set[uuid.UUID] = set()
        self.places_left: dict[uuid.UUID, int] = {}
        self.by_requirements: set[uuid.UUID] = set()
        self.confirmed: set[uuid.UUID] = set()
        self.own: set[uuid.UUID] = set()
        self.claims: dict[tuple[uuid.UUID, str], tuple[int, object]] = {}
        self.changed: dict[uuid.UUID, set[str]] = {}

    def add(self, record: Record, *at: object) -> None:
        """Put in a record under its natural key."""
        self.by_id[record.id] = record
        if record.table == "spell":
            self.spells.setdefault(record.fields["person_id"], []).append(record)
        else:
            self.records[record.table][at] = record

    def new(self, table: str) -> list[Record]:
        """The records of a table that the file adds, in the order of its rows."""
        return [record for record in self.by_id.values() if record.table == table and record.is_new]

    def people(self) -> set[uuid.UUID]:
        """Ids of the people in the file; before its rows are planned, of those recorded."""
        return {record.id for record in self.records["person"].values()}

    def hidden_people(self) -> set[uuid.UUID]:
        """Ids of the people in the file whom whoever imports may not see."""
        return self.people() & self.hidden

    def size(self) -> int:
        """How many records the file adds or changes."""
        return sum(record.is_new or pk in self.changed for pk, record in self.by_id.items())

    def changes(self, table: str) -> list[tuple[Record, set[str]]]:
        """Recorded rows of a table that the file changes, each with its changed fields."""
        return [
            (self.by_id[pk], names)
            for pk, names in self.changed.items()
            if self.by_id[pk].table == table and not self.by_id[pk].is_new
        ]


@dataclass(slots=True)
class Effect:
    """One cell's effect: what was recorded and what would be, as people read them."""

    before: str = ""
    after: str = ""
    note: str = ""


@dataclass(slots=True)
class Refused(Exception):  # noqa: N818  a verdict of the plan, not an error of the program
    """A row cannot be taken; the column and the reason in words."""

    column: str
    reason: str


@dataclass(slots=True)
class Draft:
    """What one row would do; nothing of it is in the book until `enter`."""

    book: Book
    number: int
    values: dict[str, object]
    created: list[tuple[Record, tuple]] = field(default_factory=list)
    changes: list[tuple[Record, str, object]] = field(default_factory=list)
    claims: dict[tuple[uuid.UUID, str], object] = field(default_factory=dict)
    effects: dict[str, Effect] = field(default_factory=dict)
    problems: list[Refused] = field(default_factory=list)
    places: dict[uuid.UUID, int] = field(
        default_factory=dict
    )  # taken of a cohort; below 0: given back

    def value(self, column: str):
        """The row's value in a column; `None` where it is blank."""
        return self.values.get(column)

    def given(self, *columns: str) -> list[str]:
        """Those of these columns in which the row says something."""
        return [column for column in columns if self.values.get(column) is not None]

    def find(self, table: str, *at: object) -> Record | None:
        """A record by its natural key, this row's own new ones included."""
        for record, where in self.created:
            if record.table == table and where == at:
                return record
        return self.book.records[table].get(at)

    def create(self, table: str, at: tuple, **fields: object) -> Record:
        """Make a record that this row adds."""
        record = Record(table, uuid.uuid4(), fields, is_new=True)
        self.created.append((record, at))
        return record

    def say(self, record: Record, name: str, column: str, *, after: str | None = None) -> None:
        """The row's cell says what a field of a record is. A blank cell says nothing.

        Raises:
            Refused: another row of the file says something else.
        """
        value = self.value(column)
        if value is not None:
            self.put(record, name, value, column, after=after)

    def put(
        self,
        record: Record,
        name: str,
        value: object,
        column: str,
        *,
        before: str | None = None,
        after: str | None = None,
    ) -> None:
        """Set a field and show it under a column, once for the whole file.

        Raises:
            Refused: another row of the file says something else.
        """
        after = shown(value) if after is None else after
        claim = self.book.claims.get((record.id, name))
        if claim and claim[0] != self.number:
            if comparable(claim[1]) != comparable(value):
                words = f"Row {claim[0]} says something else for the same record"
                raise Refused(column, f"{words}: “{self._claimed(claim[1])}”.")
            return
        self.claims[record.id, name] = value
        current = record.fields.get(name)
        if any(record is made for made, _ in self.created):
            record.fields[name] = value
            self.effects[column] = Effect("", after)
        elif current != value:
            self.changes.append((record, name, value))
            self.effects[column] = Effect(shown(current) if before is None else before, after)

    def _claimed(self, value: object) -> str:
        named = self.book.by_id.get(value) if isinstance(value, uuid.UUID) else None
        if named is None:
            return shown(value)
        return str(named.fields.get("name") or named.fields.get("title"))

    def fill(self, record: Record, name: str, value: object, column: str, *, after: str) -> None:
        """Set a field only where nothing is recorded; rows may say different things."""
        if record.fields.get(name) is not None:
            return
        if any(record is made for made, _ in self.created):
            record.fields[name] = value
        else:
            self.changes.append((record, name, value))
        self.effects.setdefault(column, Effect("", after))

    def record(self, pk: uuid.UUID) -> Record:
        """A record by its id, this row's own new ones included."""
        for made, _ in self.created:
            if made.id == pk:
                return made
        return self.book.by_id[pk]

    def note(self, column: str, text: str) -> None:
        """Say why a cell changes nothing."""
        self.effects.setdefault(column, Effect("", "", text))

    @property
    def adds(self) -> bool:
        """Whether the row adds a person or a record of one."""
        return any(record.table in PERSONAL_TABLES for record, _ in self.created)

    def enter(self) -> None:
        """Write the row into the book."""
        for record, at in self.created:
            self.book.add(record, *at)
        for record, name, value in self.changes:
            record.fields[name] = value
            self.book.changed.setdefault(record.id, set()).add(name)
        for cohort, taken in self.places.items():
            self.book.places_left[cohort] -= taken
        for claimed, value in self.claims.items():
            self.book.claims.setdefault(claimed, (self.number, value))


def comparable(value: object) -> object:
    """A value as two rows of one file are compared: text without its case."""
    return key(value) if isinstance(value, str) else value


def shown(value: object) -> str:
    """A value as the preview shows it."""
    if value is None or value == "":
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if hasattr(value, "strftime"):
        return f"{value.day} {value:%B %Y}"
    return str(value)


def listed(names: Iterable[str]) -> str:
    """Names in a sentence."""
    names = list(names)
    return " and ".join(names) if len(names) < 3 else ", ".join(names[:-1]) + " and " + names[-1]
