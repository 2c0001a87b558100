"""Between the records and a plan: read what a file touches, write what was planned."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import batched

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models.functions import Lower

from accounts.models import Site, User
from accounts.roles import IMPORT_PEOPLE
from audit.actions import record_looks
from programme.imports.book import TABLES, Book, Record, key, reference_key
from programme.imports.planning import Plan
from programme.imports.reading import Limits, Table
from programme.models import (
    Application,
    Cohort,
    Completion,
    Employer,
    Enrolment,
    LeavingReason,
    OutcomeReason,
    Person,
    Post,
    Spell,
    Team,
)
from programme.models.training import TAKES_PLACE

MODELS = {
    "site": Site,
    "employer": Employer,
    "team": Team,
    "cohort": Cohort,
    "post": Post,
    "outcome_reason": OutcomeReason,
    "leaving_reason": LeavingReason,
    "person": Person,
    "application": Application,
    "enrolment": Enrolment,
    "spell": Spell,
}
# What identifies a record, as `Book` says it.
KEYS: dict[str, Callable[[dict], tuple]] = {
    "team": lambda fields: (key(fields["name"]), fields["site_id"]),
    "post": lambda fields: (key(fields["title"]), fields["team_id"], fields["employer_id"]),
    "person": lambda fields: (key(fields["reference"]),),
    "application": lambda fields: (fields["person_id"], fields["applied_on"]),
    "enrolment": lambda fields: (fields["person_id"], fields["cohort_id"]),
    "spell": lambda _fields: (),
}
FIELDS = {
    "site": ("name",),
    "employer": ("name",),
    "team": ("name", "site_id"),
    "cohort": ("name", "site_id", "starts_on"),
    "post": ("title", "team_id", "employer_id", "band"),
    "outcome_reason": ("name",),
    "leaving_reason": ("name",),
    "person": ("reference", "first_name", "last_name", "email", "site_id"),
    "application": ("person_id", "cohort_id", "applied_on"),
    "enrolment": (
        "person_id",
        "cohort_id",
        "commenced_on",
        "outcome",
        "outcome_on",
        "outcome_reason_id",
        "may_return",
        "next_enrolment_id",
    ),
    "spell": (
        "person_id",
        "post_id",
        "started_on",
        "last_working_day",
        "ended_on",
        "contracted_hours",
        "leaving_reason_id",
        "destination",
    ),
}
AT_ONCE = 5_000  # values in one query
BATCH = 1_000  # rows in one statement


class ChangedMeanwhile(Exception):  # noqa: N818  reads as what happened
    """Nothing was written: somebody else wrote at the same moment."""


@contextmanager
def one_state() -> Iterator[None]:
    """A transaction that sees one state of the database from beginning to end.

    Raises:
        ChangedMeanwhile: what it wrote would contradict what others wrote; it wrote nothing.
    """
    outermost = not connection.in_atomic_block
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                if outermost:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                # Kept for the end, the checks of foreign keys slow down every further row.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            yield
    except IntegrityError as error:
        raise ChangedMeanwhile from error
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") in {"40001", "40P01"}:
            raise ChangedMeanwhile from error
        raise


def limits() -> Limits:
    """What a file may hold, from the settings."""
    return Limits(bytes=settings.IMPORT_MAX_BYTES, rows=settings.IMPORT_MAX_ROWS)


def plan_of(table: Table, mapping: dict[str, str], *, by: User | None, today: dt.date) -> Plan:
    """A plan against what is recorded now; without a user, for every site."""
    sites = by.sites_for(IMPORT_PEOPLE) if by else None
    at = [place for place, heading in enumerate(table.headings) if mapping[heading] == "reference"]
    references = (row.cells[at[0]] for row in table.rows)
    book = load_book((text for text in references if "\x00" not in text), sites)
    if by:
        book.own = set(Person.objects.filter(user=by).values_list("pk", flat=True))
    return Plan(book, table.headings, mapping, today, sites)


def note_looks(people: set[uuid.UUID], *, by: User, at: dt.datetime) -> None:
    """Record that whoever imports read what is recorded about people, apart from themselves."""
    own = Person.objects.filter(user=by).values_list("pk", flat=True)
    record_looks(
        viewer_id=by.pk, subject_ids=people.difference(own), page="programme:import", at=at
    )


def load_book(references: Iterable[str], sites: frozenset[uuid.UUID] | None) -> Book:
    """What is recorded about some people, and every place, cohort and reason.

    Args:
        references: of the people, as the file writes them.
        sites: ids of the sites whoever imports may see; `None` for all.
    """
    book = Book()
    for table in ("site", "employer", "team", "cohort", "post", "outcome_reason", "leaving_reason"):
        _add_all(book, table, MODELS[table].objects.order_by("pk"))
    taken = models.Count("enrolments", filter=models.Q(enrolments__outcome__in=TAKES_PLACE))
    counted = Cohort.objects.filter(places__isnull=False).annotate(taken=taken)
    book.places_left = {cohort.pk: cohort.places - cohort.taken for cohort in counted}
    taught = Cohort.objects.filter(programme_version__isnull=False)
    book.by_requirements = set(taught.values_list("pk", flat=True))
    for some in batched(
        sorted({reference_key(reference) for reference in references}), AT_ONCE, strict=False
    ):
        people = Person.objects.annotate(lower=Lower("reference")).filter(lower__in=some)
        ids = _add_all(book, "person", people.order_by("pk"))
        _add_episodes(book, ids, sites)
        if sites is not None:
            seen = set(people.at_sites(sites).values_list("pk", flat=True))
            book.hidden |= set(ids) - seen
    if sites is not None:
        book.hidden |= {
            application.id
            for application in book.records["application"].values()
            if application.fields["cohort_id"] is None
            and book.by_id[application.fields["person_id"]].fields["site_id"] not in sites
        }
        book.hidden |= {
            cohort.id
            for cohort in book.records["cohort"].values()
            if cohort.fields["site_id"] not in sites
        }
    return book


def _add_episodes(book: Book, people: list[uuid.UUID], sites: frozenset[uuid.UUID] | None) -> None:
    for table in ("application", "enrolment", "spell"):
        rows = MODELS[table].objects.filter(person__in=people)
        if table == "spell" and sites is not None:
            rows = rows.filter(post__team__site__in=sites)
        _add_all(book, table, rows.order_by("pk"))
    confirmed = Completion.objects.filter(enrolment__person__in=people)
    book.confirmed |= set(confirmed.values_list("enrolment", flat=True))


def _add_all(book: Book, table: str, rows: models.QuerySet) -> list[uuid.UUID]:
    added = []
    for pk, *values in rows.values_list("pk", *FIELDS[table]):
        fields = dict(zip(FIELDS[table], values, strict=True))
        at = KEYS[table](fields) if table in KEYS else (key(fields["name"]),)
        book.add(Record(table, pk, fields), *at)
        added.append(pk)
    return added


def write(book: Book, *, tell: Callable[[int], None] = lambda _done: None) -> None:
    """Write what a plan added and changed, in the order that foreign keys ask for.

    Args:
        book: after the plan's rows were read to their end.
        tell: is called with the number of records written so far.
    """
    done = 0
    for table in TABLES:
        # Changes first: a spell that ends makes room for the next one in the same post.
        done = _write_changes(book, table, done, tell)
        for some in batched(book.new(table), BATCH, strict=False):
            model = MODELS[table]
            model.objects.bulk_create([model(pk=record.id, **record.fields) for record in some])
            done += len(some)
            tell(done)


def _write_changes(book: Book, table: str, done: int, tell: Callable[[int], None]) -> int:
    model = MODELS[table]
    alike = defaultdict(list)
    for record, names in book.changes(table):
        alike[frozenset(names)].append(record)
    for names in sorted(alike, key=lambda names: "ended_on" not in names):
        records = alike[names]
        fields = [name.removesuffix("_id") for name in sorted(names)]
        for some in batched(records, BATCH // 2, strict=False):
            objects = [model(pk=record.id, **record.fields) for record in some]
            model.objects.bulk_update(objects, fields)
            done += len(some)
            tell(done)
    return done
