"""How supervision goes at a day: compliance, delivery, load and what the organisation owes.

The formulae are those of domain.md 4.2, kind by kind, so that one kind never masks another.
Compliance is of people in post on the day; sessions are those of the twelve months up to it, where
the worker was in post on the session's day. Who holds two posts counts in the one that began last.
Status and protected hours are as they are recorded now.
"""

import datetime as dt
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from programme.figures import Filters, Records
from programme.funnel import Part
from programme.models import CareerBreak, Spell, Team
from programme.retention import add_months
from supervision.due import midnight_after
from supervision.models import (
    AgreedAction,
    Agreement,
    Session,
    SessionRecord,
    SessionStatus,
    SupervisionKind,
    SupervisionStandard,
    Supervisor,
)
from supervision.owed import Owed, read_owed

# Every table besides those of the programme's own figures that compliance hangs on, and the rest.
COMPLIANCE_HANGS_ON = (CareerBreak, Session, SupervisionStandard, SupervisionKind)
HANG_ON = (*COMPLIANCE_HANGS_ON, Agreement, AgreedAction, SessionRecord, Supervisor)
SETTLED = (
    SessionStatus.ATTENDED,
    SessionStatus.CANCELLED_BY_SUPERVISOR,
    SessionStatus.CANCELLED_BY_WORKER,
    SessionStatus.NOT_ATTENDED,
    SessionStatus.CONTESTED,
)


@dataclass(frozen=True)
class KindFigures:
    """One kind: who counts and who is up to date, and what became of its sessions."""

    key: str
    name: str
    eligible: int = 0
    compliant: int = 0
    sessions: Counter = field(default_factory=Counter)

    @property
    def compliance(self) -> Part:
        """Who had a session in the window, of those who were owed one throughout it."""
        return Part(self.compliant, self.eligible)

    @property
    def settled(self) -> int:
        return sum(self.sessions[status] for status in SETTLED)

    @property
    def planned(self) -> int:
        """Sessions planned for these months: settled, and those of which nothing is recorded. What
        was rearranged counts where it was moved to."""
        return self.settled + self.sessions[SessionStatus.PLANNED]

    @property
    def delivery(self) -> Part:
        return Part(self.sessions[SessionStatus.ATTENDED], self.settled)

    @property
    def lost(self) -> Part:
        """Sessions lost because the supervisor called them off."""
        return Part(self.sessions[SessionStatus.CANCELLED_BY_SUPERVISOR], self.planned)


class Load(NamedTuple):
    """People in post of those supervisors whose protected hours a month are known, and these
    hours."""

    people: int = 0
    hours: Decimal = Decimal(0)
    supervisors: int = 0
    hours_unknown: int = 0

    @property
    def value(self) -> float | None:
        return float(self.people / self.hours) if self.hours else None


class Loads(NamedTuple):
    """The load of the supervisors who give a kind, or who supervise people of a site or a team."""

    kinds: dict[str, Load] = {}
    sites: dict[str, Load] = {}
    teams: dict[str, Load] = {}


class Actions(NamedTuple):
    """The organisation's actions: how many days each open one has been open, and each of those
    done in the twelve months was."""

    open: Sequence[int] = ()
    done: Sequence[int] = ()

    @property
    def median_open(self) -> float | None:
        return statistics.median(self.open) if self.open else None

    @property
    def median_done(self) -> float | None:
        return statistics.median(self.done) if self.done else None


@dataclass(frozen=True)
class SupervisionFigures:
    """Everything at a day, exact."""

    in_post: int
    kinds: list[KindFigures]
    sites: dict[str, list[KindFigures]]
    teams: dict[str, list[KindFigures]]
    load: Load
    actions: Actions
    loads: Loads = field(default_factory=Loads)


class Place(NamedTuple):
    """Where somebody is in post."""

    team: str
    site: str

    @property
    def in_full(self) -> str:
        return ", ".join(self)


# What became of the sessions of each kind, by where the worker was in post.
type Settled = dict[Place, dict[UUID, Counter]]


def read_figures(records: Records, filters: Filters) -> SupervisionFigures:
    """Everything, in eleven queries whatever the number of people."""
    day, kept = filters.as_at, _kept(records, filters)
    places = _places(kept.in_post_on(day))
    people = kept.in_post_on(day).order_by().values("person")
    owed = read_owed(people, day, (filters,), records.keeping)
    start = add_months(day, -12)
    sessions = _sessions(kept, start, day)
    load, loads = _loads(people, places, day)
    by_site, by_team = (
        _by_place(owed, sessions, places, name)
        for name in (lambda place: place.site, lambda place: place.in_full)
    )
    return SupervisionFigures(
        in_post=len(places),
        kinds=_by_kind(owed, slice(None), sessions.values()),
        sites=by_site,
        teams=by_team,
        load=load,
        actions=_actions(people, start, day),
        loads=loads,
    )


def read_compliance(records: Records, filters: Filters) -> list[KindFigures]:
    """Compliance alone, of each kind that is owed to anybody, in five queries."""
    people = _kept(records, filters).in_post_on(filters.as_at).order_by().values("person")
    owed = read_owed(people, filters.as_at, (filters,), records.keeping)
    return [kind for kind in _by_kind(owed, slice(None), []) if kind.eligible]


def _kept(records: Records, filters: Filters) -> QuerySet[Spell]:
    """Spells in post that the filters keep; of a cohort, those of people who began in it."""
    spells = records.spells.filter(filters.posts("post__"))
    if filters.cohort:
        began = records.enrolments.filter(cohort=filters.cohort.id).commenced_by(filters.as_at)
        spells = spells.filter(Exists(began.filter(person=OuterRef("person"))))
    return spells


def _places(spells: QuerySet[Spell]) -> dict[UUID, Place]:
    """Where each person in post is: in the post that began last."""
    rows = spells.order_by("started_on", "pk")
    rows = rows.values_list("person", "post__team__name", "post__team__site__name")
    return {person: Place(team, site) for person, team, site in rows}


def _sessions(kept: QuerySet[Spell], start: dt.date, day: dt.date) -> Settled:
    """What became of the sessions of twelve months, of people in post on their day."""
    held = kept.filter(person=OuterRef("person"), started_on__lte=OuterRef("on")).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=OuterRef("on"))
    )
    team = held.order_by("-started_on", "-pk").values("post__team")[:1]
    rows = Session.objects.filter(
        starts_at__gte=midnight_after(start), starts_at__lt=midnight_after(day)
    )
    rows = rows.order_by().annotate(on=TruncDate("starts_at"), team=Subquery(team))
    teams = Team.objects.values_list("pk", "name", "site__name")
    places = {key: Place(name, site) for key, name, site in teams}
    found: Settled = defaultdict(lambda: defaultdict(Counter))
    for team, kind, status, number in rows.values_list("team", "kind", "status").annotate(
        number=Count("pk")
    ):
        if team is not None:
            found[places[team]][kind][status] += number
    return found


def _by_kind(
    owed: Owed, some: slice | list[int], sessions: Iterable[dict[UUID, Counter]]
) -> list[KindFigures]:
    """Kind by kind, of some of the people and these sessions."""
    rows, sessions = [], list(sessions)
    for kind, duties in zip(owed.kinds, owed.duties, strict=True):
        counted = sum((one[kind.pk] for one in sessions if kind.pk in one), Counter())
        rows.append(KindFigures(kind.key, kind.name, *duties.of(some), counted))
    return [row for row in rows if row.eligible or row.planned]


def _by_place(
    owed: Owed, sessions: Settled, places: dict[UUID, Place], name: Callable[[Place], str]
) -> dict[str, list[KindFigures]]:
    """Kind by kind, for each name that a place has."""
    people, settled = defaultdict(list), defaultdict(list)
    for number, person in enumerate(owed.people):
        if place := places.get(person):
            people[name(place)].append(number)
    for place, of_kinds in sessions.items():
        settled[name(place)].append(of_kinds)
    names = sorted({*people, *settled})
    return {one: _by_kind(owed, people[one], settled[one]) for one in names}


def _loads(people: QuerySet, places: dict[UUID, Place], day: dt.date) -> tuple[Load, Loads]:
    """Of supervisors with an agreement, open on the day, with one of these people; all whom they
    supervise count, since their hours are for all of them."""
    theirs = Agreement.objects.open_on(day).filter(person__in=people).order_by()
    everybody = Spell.objects.in_post_on(day).order_by().values("person")
    rows = (
        Agreement.objects.open_on(day)
        .order_by()
        .filter(person__in=everybody, supervisor__in=theirs.values("supervisor"))
    )
    hours, supervised = {}, defaultdict(set)
    kinds, sites, teams = defaultdict(set), defaultdict(set), defaultdict(set)
    for supervisor, known, person, kind in rows.values_list(
        "supervisor", "supervisor__supervisor__protected_hours", "person", "kind__name"
    ):
        hours[supervisor] = known
        supervised[supervisor].add(person)
        if place := places.get(person):
            kinds[kind].add(supervisor)
            sites[place.site].add(supervisor)
            teams[place.in_full].add(supervisor)
    groups = (
        {name: _load(group, hours, supervised) for name, group in sorted(named.items())}
        for named in (kinds, sites, teams)
    )
    return _load(hours.keys(), hours, supervised), Loads(*groups)


def _load(supervisors: Iterable[UUID], hours: dict, supervised: dict) -> Load:
    supervisors = list(supervisors)
    known = [one for one in supervisors if hours[one]]
    return Load(
        people=sum(len(supervised[one]) for one in known),
        hours=sum((hours[one] for one in known), Decimal(0)),
        supervisors=len(known),
        hours_unknown=len(supervisors) - len(known),
    )


def _actions(people: QuerySet, start: dt.date, day: dt.date) -> Actions:
    """What the organisation was to do for people in post, once the worker had confirmed it."""
    rows = AgreedAction.objects.for_organisation().filter(
        agreement__person__in=people,
        added_on__lte=day,
        agreed_in__record__agreed_at__lt=midnight_after(day),
    )
    days = list(rows.order_by().values_list("added_on", "done_on"))
    still = [(day - added).days for added, done in days if done is None or done > day]
    done = [(done - added).days for added, done in days if done and start < done <= day]
    return Actions(sorted(still), sorted(done))
