"""Supervision that is due to people in post, for leads: dates, kinds and statuses, never words.

Two lists: open agreements, in the order of an index; and who is owed a kind that nobody has agreed
to give them. Neither has who is on long leave.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched
from uuid import UUID

from django.db.models import (
    BooleanField,
    DateField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Coalesce, TruncDate

from accounts.models import User
from accounts.roles import VIEW_SUPERVISION_DUTY
from programme.models import CareerBreak, Person, Spell
from programme.retention import add_months
from programme.statements import read
from supervision.compliance import EARLY_MONTHS
from supervision.due import Due, Facts
from supervision.duty import Duty, due_in_words, duties
from supervision.models import Agreement, Session, SupervisionKind, SupervisionStandard
from supervision.models.agreements import in_time_until

ROWS_AT_ONCE = 1000  # of a download
NEVER = dt.date(1, 1, 1)
# Names are joined to the few sums: joined to the rows, they take four times longer.
BY_KIND = """
    SELECT coalesce(json_agg(json_build_array(k.name, c.late, c.every)
        ORDER BY k.position, k.name), '[]')
    FROM (
        SELECT kind, count(*) FILTER (WHERE late), count(*) FROM ({due}) AS due (kind, late)
        GROUP BY kind
    ) AS c (kind, late, every)
    JOIN supervision_supervisionkind k ON k.id = c.kind
"""


@dataclass(frozen=True)
class Place:
    """Where somebody is in post."""

    team: str = ""
    site: str = ""


@dataclass(frozen=True)
class Unassigned:
    """One row: a kind that somebody is owed and has no agreement for."""

    person: Person
    kind: SupervisionKind
    place: Place
    last_on: dt.date | None
    due: Due
    day: dt.date

    @property
    def days_late(self) -> int:
        return self.due.days_late_on(self.day)

    @property
    def in_words(self) -> str:
        return due_in_words(self.due, self.day) if self.due.due_on else "Nothing is due"


# --- Agreements -----------------------------------------------------------------------------------


def due_agreements(user: User, day: dt.date, asked: dict | None) -> QuerySet[Agreement]:
    """Open agreements in a lead's scope in which something is due, the most overdue first."""
    rows = Agreement.objects.duty_visible_to(user).open_on(day).due()
    if asked is None:
        return rows.none()
    if asked.get("kind"):
        rows = rows.filter(kind=asked["kind"])
    if asked.get("q"):
        rows = rows.filter(person__in=Person.objects.matching(asked["q"]))
    if asked.get("site") or asked.get("team"):
        rows = rows.filter(_works(day, asked, "person"))
    return rows


def late_by_kind(rows: QuerySet[Agreement], day: dt.date) -> list[tuple[str, int, int]]:
    """Each kind, in how many of these agreements it is late, and of how many."""
    late = ExpressionWrapper(Q(last_day__lt=day), output_field=BooleanField())
    due = rows.order_by().annotate(last_day=in_time_until(), late=late)
    (found,) = read(BY_KIND, due=due.values_list("kind", "late"))
    return [tuple(kind) for kind in found]


def all_duties(rows: QuerySet[Agreement], day: dt.date) -> Iterator[Duty]:
    """Agreements with what is known of them, for a download of any length."""
    rows = rows.select_related("person").iterator(chunk_size=ROWS_AT_ONCE)
    for part in batched(rows, ROWS_AT_ONCE, strict=False):
        yield from duties(part, day)


# --- Who has no agreement -------------------------------------------------------------------------


def unassigned(user: User, day: dt.date, asked: dict | None) -> QuerySet:
    """Person, kind and day of the last session of it, where the kind is owed and nobody has agreed
    to give it: longest without it first. Of kinds that need no agreement, those due soonest."""
    if asked is None:
        return _values(Person.objects.none())
    sites = user.sites_for(VIEW_SUPERVISION_DUTY)
    people = Person.objects.all() if sites is None else Person.objects.at_sites(sites)
    people = people.matching(asked["q"]) if asked.get("q") else people
    kinds = [asked["kind"]] if asked.get("kind") else SupervisionKind.objects.all()
    in_force = _standards_in_force(day)
    parts = [
        _without(people, kind, in_force, day, asked)
        for kind in kinds
        if any(standard.required for (of, _), standard in in_force.items() if of == kind.pk)
    ]
    rows = parts[0].union(*parts[1:], all=True) if parts else _values(people.none())
    return rows.order_by("last_on", "sort_name", "pk")


def _standards_in_force(day: dt.date) -> dict[tuple[UUID, UUID | None], SupervisionStandard]:
    """The standard of each kind for each step, and for everybody else under `None`."""
    rows = SupervisionStandard.objects.filter(applies_from__lte=day).order_by("applies_from")
    return {(row.kind_id, row.step_id): row for row in rows}


def _without(
    people: QuerySet[Person], kind: SupervisionKind, in_force: dict, day: dt.date, asked: dict
) -> QuerySet:
    """People in post who are owed a kind and have no open agreement for it."""
    rows = people.filter(_works(day, asked, "pk", _owing(kind, in_force)))
    given = Agreement.objects.filter(person=OuterRef("pk"), kind=kind).open_on(day)
    rows = rows.filter(~Exists(given.not_only_asked()))
    rows = _values(rows, kind)
    if kind.needs_agreement:
        return rows
    general = in_force.get((kind.pk, None))
    if general is None:
        return rows
    new = Spell.objects.filter(
        person=OuterRef("pk"), started_on__gt=add_months(day, -EARLY_MONTHS)
    ).in_post_on(day)
    late = Q(last_on__lt=day - dt.timedelta(days=general.cadence_days))
    early = Q(last_on__lt=day - dt.timedelta(days=general.early_cadence_days)) & Exists(new)
    return rows.filter(late | early)


def _owing(kind: SupervisionKind, in_force: dict) -> Q:
    """Of spells in post, those whose role is owed a kind."""
    of_steps = {step: row.required for (of, step), row in in_force.items() if of == kind.pk}
    general = of_steps.pop(None, False)
    if general:
        not_owed = [step for step, required in of_steps.items() if not required]
        return Q(step__isnull=True) | ~Q(step__in=not_owed)
    return Q(step__in=[step for step, required in of_steps.items() if required])


def _values(people: QuerySet[Person], kind: SupervisionKind | None = None) -> QuerySet:
    held = Session.objects.filter(person=OuterRef("pk"), kind=kind).attended()
    last = held.order_by("-starts_at").annotate(on=TruncDate("starts_at")).values("on")[:1]
    rows = people.order_by().annotate(
        kind_pk=Value(kind.pk if kind else None, output_field=UUIDField()),
        last_on=Coalesce(Subquery(last), Value(NEVER), output_field=DateField()),
    )
    return rows.values_list("pk", "kind_pk", "last_on", "sort_name")


def unassigned_rows(found: Iterable[tuple], day: dt.date) -> list[Unassigned]:
    """Rows of `unassigned` with people, places and what is due to them."""
    found = list(found)
    people = Person.objects.in_bulk({row[0] for row in found})
    kinds = SupervisionKind.objects.in_bulk({row[1] for row in found})
    facts, places = Facts(set(people)), _places(set(people), day)
    rows = []
    for person, kind, last_on, *_ in found:
        period = facts.period_on(person, kind, day)
        due = Due(period.due_on, period.grace_days) if period else Due()
        place = places.get(person, Place())
        last = None if last_on == NEVER else last_on
        rows.append(Unassigned(people[person], kinds[kind], place, last, due, day))
    return rows


def all_unassigned(found: QuerySet, day: dt.date) -> Iterator[Unassigned]:
    for part in batched(found.iterator(chunk_size=ROWS_AT_ONCE), ROWS_AT_ONCE, strict=False):
        yield from unassigned_rows(part, day)


# --- Who works where ------------------------------------------------------------------------------


def _works(day: dt.date, asked: dict, person: str, roles: Q | None = None) -> Q:
    """In post on a day where the list asks, and not on long leave from every post."""
    spells = Spell.objects.filter(person=OuterRef(person)).in_post_on(day)
    if asked.get("site"):
        spells = spells.filter(post__team__site=asked["site"])
    if asked.get("team"):
        spells = spells.filter(post__team=asked["team"])
    if roles is not None:
        spells = spells.filter(roles)
    away = CareerBreak.objects.filter(spell=OuterRef("pk")).on(day)
    there = Spell.objects.filter(person=OuterRef(person)).in_post_on(day).filter(~Exists(away))
    return Q(Exists(spells)) & Q(Exists(there))


def _places(people: set[UUID], day: dt.date) -> dict[UUID, Place]:
    """Where people are in post on a day: in the post that began last."""
    spells = Spell.objects.filter(person__in=people).in_post_on(day).order_by("started_on", "pk")
    rows = spells.values_list("person", "post__team__name", "post__team__site__name")
    return {person: Place(team, site) for person, team, site in rows}
