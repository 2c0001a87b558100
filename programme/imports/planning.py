"""Rows and what is recorded → what each row would do, and a fingerprint of all of it.

A plan is made twice: for the preview, and again when it is applied. Only if both say the same is
anything written.

Rows are settled in rounds. First those that say only what is recorded already: what they say
stands against rows that would change it. Then the others in the file's order, and the refused ones
again as long as that takes any of them, because a later row may have brought what they lacked. So a
file that has been imported settles into nothing but what is there, refused rows included.
"""

import datetime as dt
import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from programme.imports import episodes, places, spells
from programme.imports.book import (
    REFERENCE_TABLES,
    Book,
    Draft,
    Effect,
    Record,
    Refused,
    key,
    listed,
    reference_key,
    shown,
)
from programme.imports.cells import CellError, value_of
from programme.imports.columns import COLUMNS, IGNORE
from programme.imports.places import Setting
from programme.imports.reading import Row

CREATE, CHANGE, LEAVE, REFUSE = "create", "change", "leave", "refuse"
WHOLE_ROW = ""
MOST_ROUNDS = 5


@dataclass(slots=True)
class RowPlan:
    """What one row would do: its verdict, effects by column, and why it is refused."""

    row: Row
    verdict: str
    effects: dict[str, Effect]
    problems: list[Refused]
    draft: Draft


@dataclass
class Plan:
    """A plan on its way; `rows` must be read to its end before anything else is asked of it.

    Attributes:
        book: what is recorded, and after `rows` what would be.
        mapping: heading → our column or `IGNORE`.
        sites: ids of the sites whoever imports may work at; `None` for all.
    """

    book: Book
    headings: tuple[str, ...]
    mapping: Mapping[str, str]
    today: dt.date
    sites: frozenset[uuid.UUID] | None = None
    counts: Counter = field(default_factory=Counter)
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def rows(self, rows: list[Row]) -> Iterator[RowPlan]:
        """Plan each row once, in the order in which they settle; refused rows come last."""
        texts = [self.texts(row) for row in rows]
        known = places.known_places(self.book, texts, self.sites)
        setting = Setting(self.today, known, self.sites)
        waiting = list(zip(rows, texts, strict=True))
        for settles in (self._is_recorded, self._is_good):
            for _ in range(MOST_ROUNDS):
                before, still = len(waiting), []
                for row, text in waiting:
                    if settled := settles(row, text, setting):
                        yield self._note(settled)
                    else:
                        still.append((row, text))
                waiting = still
                if len(waiting) in {0, before}:
                    break
        for row, text in waiting:
            yield self._note(plan_row(row, text, self.book, setting))

    def _is_recorded(self, row: Row, text: dict[str, str], setting: Setting) -> RowPlan | None:
        reference = reference_key(text.get("reference", ""))
        if (reference,) not in self.book.records["person"]:
            return None
        planned = plan_row(row, text, self.book, setting)
        return planned if planned.verdict == LEAVE else None

    def _is_good(self, row: Row, text: dict[str, str], setting: Setting) -> RowPlan | None:
        planned = plan_row(row, text, self.book, setting)
        return planned if planned.verdict != REFUSE else None

    def _note(self, planned: RowPlan) -> RowPlan:
        if planned.verdict != REFUSE:
            planned.draft.enter()
        self.counts[planned.verdict] += 1
        self.digest.update(_as_bytes(planned))
        return planned

    def texts(self, row: Row) -> dict[str, str]:
        """A row's cells by our columns."""
        return {
            self.mapping[heading]: cell
            for heading, cell in zip(self.headings, row.cells, strict=True)
            if self.mapping[heading] != IGNORE
        }

    def fingerprint(self) -> str:
        """What was planned, row by row, and what would be added besides."""
        whole = self.digest.copy()
        whole.update(json.dumps(self.missing(), sort_keys=True).encode())
        return whole.hexdigest()

    def missing(self) -> dict[str, list[str]]:
        """What the file needs and the records lack, by table, in words."""
        return {
            table: [_in_words(self.book, record) for record in found]
            for table in REFERENCE_TABLES
            if (found := self.book.new(table))
        }


def plan_row(row: Row, texts: Mapping[str, str], book: Book, setting: Setting) -> RowPlan:
    """Plan one row; nothing of it is in the book until its draft is entered."""
    draft = Draft(book, row.number, {})
    if row.spare:
        draft.problems.append(Refused(WHOLE_ROW, _spare_words(row.spare)))
    _parse(draft, texts, setting.today)
    if not draft.problems:
        _follow(draft, setting)
    if draft.problems:
        return RowPlan(row, REFUSE, {}, draft.problems, draft)
    return RowPlan(row, _verdict(draft), draft.effects, [], draft)


def _verdict(draft: Draft) -> str:
    if draft.adds:
        return CREATE
    return CHANGE if draft.created or draft.changes else LEAVE


def _spare_words(spare: int) -> str:
    cells = "a filled cell" if spare == 1 else f"{spare} filled cells"
    return (
        f"This row has {cells} beyond the last heading. Perhaps a cell that holds the separator "
        "is not in quotation marks."
    )


def _parse(draft: Draft, texts: Mapping[str, str], today: dt.date) -> None:
    for column, text in texts.items():
        try:
            draft.values[column] = value_of(column, text, today=today) if text else None
        except CellError as error:
            draft.problems.append(Refused(column, str(error)))
    for column in COLUMNS.values():
        refused = any(problem.column == column.key for problem in draft.problems)
        if column.required and draft.values.get(column.key) is None and not refused:
            draft.problems.append(Refused(column.key, f"The {column.label.lower()} is missing."))


def _follow(draft: Draft, setting: Setting) -> None:
    """Person first; then training and work, each of which may be refused by itself."""
    try:
        site = places.site_of(draft, setting)
        person = episodes.person_of(draft, setting, site)
    except Refused as refused:
        draft.problems.append(refused)
        return
    for part in (
        lambda: _training(draft, setting, person, site),
        lambda: spells.work(draft, setting, person, site),
    ):
        _attempt(draft, part)


def _training(draft: Draft, setting: Setting, person, site) -> None:
    cohort = episodes.cohort_of(draft, setting, site)
    episodes.apply(draft, person, cohort)
    episodes.train(draft, person, cohort)


def _attempt(draft: Draft, part: Callable[[], None]) -> None:
    try:
        part()
    except Refused as refused:
        draft.problems.append(refused)


def _as_bytes(planned: RowPlan) -> bytes:
    effects = [
        (column, effect.before, effect.after, effect.note)
        for column, effect in sorted(planned.effects.items())
    ]
    problems = [(problem.column, problem.reason) for problem in planned.problems]
    return json.dumps([planned.row.number, planned.verdict, effects, problems]).encode()


def _in_words(book: Book, record: Record) -> str:
    """A record that would be added, so that nobody confuses two of one name."""
    name = str(record.fields.get("name", ""))
    if record.table == "team":
        site = places.name_of(book.by_id[record.fields["site_id"]])
        return f"{name} (site not stated)" if _unstated(site) else f"{name}, {site}"
    if record.table == "post":
        return _post_in_words(places.post_names(book.by_id.__getitem__, record))
    if record.table == "employer":
        return f"{name} (recorded as: {'NHS' if record.fields['kind'] == 'nhs' else 'other'})"
    if record.table == "cohort" and record.fields["starts_on"]:
        return f"{name} (starts {shown(record.fields['starts_on'])})"
    return name


def _unstated(name: str) -> bool:
    return key(name) == key(places.NOT_STATED)


def _post_in_words(names: Mapping[str, str]) -> str:
    stated = [name for name in names.values() if not _unstated(name)]
    blank = [column for column, name in names.items() if _unstated(name)]
    return ", ".join(stated) + (f" ({listed(blank)} not stated)" if blank else "")


def ordered(effects: Mapping[str, Effect]) -> Iterable[tuple[str, Effect]]:
    """Effects in the order of our columns."""
    return [(column, effects[column]) for column in COLUMNS if column in effects]
