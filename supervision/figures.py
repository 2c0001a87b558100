"""How supervision goes at a day: compliance, delivery, load and what the organisation owes.

The formulae are those of domain.md 4.2, kind by kind, so that one kind never masks another.
Compliance is of people in post on the day; sessions are those of the twelve months up to it, of
people who were in post in them. Status and protected hours are as they are recorded now.
"""

import datetime as dt
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from programme.figures import Filters, Records
from programme.funnel import Part
from programme.models import Spell
from programme.retention import add_months
from supervision.compliance import NOT_COUNTED, Duty, duty_on
from supervision.due import Facts, midnight_after
from supervision.models import (
    AgreedAction,
    Agreement,
    Session,
    SessionStatus,
    SupervisionKind,
    SupervisionStandard,
)

# Every table besides the programme's own that these figures hang on.
HANG_ON = (Agreement, Session, SupervisionStandard, SupervisionKind, AgreedAction)
SETTLED = (
    SessionStatus.ATTENDED,
    SessionStatus.CANCELLED_BY_SUPERVISOR,
    SessionStatus.CANCELLED_BY_WORKER,
    SessionStatus.NOT_ATTENDED,
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
    """People supervised by those whose protected hours a month are known, and these hours."""

    people: int = 0
    hours: Decimal = Decimal(0)
    supervisors: int = 0
    hours_unknown: int = 0

    @property
    def value(self) -> float | None:
        return float(self.people / self.hours) if self.hours else None


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
    """Everything at a day, exact; by site and by team, compliance alone."""

    in_post: int
    kinds: list[KindFigures]
    sites: dict[str, list[KindFigures]]
    teams: dict[str, list[KindFigures]]
    load: Load
    actions: Actions


class _Place(NamedTuple):
    team: str
    site: str


def read_figures(records: Records, filters: Filters) -> SupervisionFigures:
    """Everything, in ten queries whatever the number of people."""
    day, kept = filters.as_at, _kept(records, filters)
    places = _places(kept.in_post_on(day))
    people = kept.in_post_on(day).order_by().values("person")
    kinds = list(SupervisionKind.objects.all())
    duties = _duties(set(places), people, kinds, day)
    start = add_months(day, -12)
    sessions = _sessions(kept, start, day)
    return SupervisionFigures(
        in_post=len(places),
        kinds=_by_kind(kinds, duties, sessions),
        sites=_by_place(kinds, duties, {person: place.site for person, place in places.items()}),
        teams=_by_place(
            kinds, duties, {person: ", ".join(place) for person, place in places.items()}
        ),
        load=_load(people, day),
        actions=_actions(people, start, day),
    )


def _kept(records: Records, filters: Filters) -> QuerySet[Spell]:
    """Spells in post that the filters keep; of a cohort, those of people who began in it."""
    spells = records.spells.filter(filters.posts("post__"))
    if filters.cohort:
        began = records.enrolments.filter(cohort=filters.cohort.id).commenced_by(filters.as_at)
        spells = spells.filter(Exists(began.filter(person=OuterRef("person"))))
    return spells


def _places(spells: QuerySet[Spell]) -> dict[UUID, _Place]:
    """Where each person in post is: in the post that began last."""
    rows = spells.order_by("started_on", "pk")
    rows = rows.values_list("person", "post__team__name", "post__team__site__name")
    return {person: _Place(team, site) for person, team, site in rows}


def _duties(
    people: Iterable[UUID], asked: QuerySet, kinds: list[SupervisionKind], day: dt.date
) -> dict[UUID, list[Duty]]:
    """The duty to each person, in the order of the kinds."""
    facts, found, of_role = Facts(asked, until=day), {}, {}
    keys = [kind.pk for kind in kinds]
    for person in people:
        employment = facts.employment_on(person, day)
        step = employment.step_on(day)
        if step not in of_role:
            of_role[step] = [(key, facts.standards_for(key, step)) for key in keys]
        known = {
            "in_post_from": employment.since,
            "in_post_until": employment.until,
            "away": facts.away[person],
        }
        found[person] = [
            duty_on(day, standards=standards, attended=facts.held(person, key), **known)
            if standards
            else NOT_COUNTED
            for key, standards in of_role[step]
        ]
    return found


def _sessions(kept: QuerySet[Spell], start: dt.date, day: dt.date) -> dict[UUID, Counter]:
    """What became of the sessions of twelve months, by kind."""
    theirs = kept.filter(person=OuterRef("person"), started_on__lte=day).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=start)
    )
    rows = Session.objects.filter(
        Exists(theirs), starts_at__gte=midnight_after(start), starts_at__lt=midnight_after(day)
    )
    found = defaultdict(Counter)
    counted = rows.order_by().values_list("kind", "status").annotate(number=Count("pk"))
    for kind, status, number in counted:
        found[kind][status] = number
    return found


def _by_kind(
    kinds: list[SupervisionKind], duties: dict[UUID, list[Duty]], sessions: dict[UUID, Counter]
) -> list[KindFigures]:
    rows = [
        _counted(kind, [duty[place] for duty in duties.values()], sessions.get(kind.pk, Counter()))
        for place, kind in enumerate(kinds)
    ]
    return [row for row in rows if row.eligible or row.planned]


def _counted(kind: SupervisionKind, duties: list[Duty], sessions: Counter) -> KindFigures:
    return KindFigures(
        kind.key,
        kind.name,
        eligible=sum(duty.eligible for duty in duties),
        compliant=sum(duty.compliant for duty in duties),
        sessions=sessions,
    )


def _by_place(
    kinds: list[SupervisionKind], duties: dict[UUID, list[Duty]], places: dict[UUID, str]
) -> dict[str, list[KindFigures]]:
    people = defaultdict(dict)
    for person, place in places.items():
        people[place][person] = duties[person]
    return {place: _by_kind(kinds, theirs, {}) for place, theirs in sorted(people.items())}


def _load(people: QuerySet, day: dt.date) -> Load:
    """Of agreements open on the day with people in post on it."""
    rows = Agreement.objects.open_on(day).filter(person__in=people).order_by()
    rows = rows.values_list("supervisor", "supervisor__supervisor__protected_hours")
    found = rows.annotate(number=Count("person", distinct=True))
    known = [(hours, number) for _, hours, number in found if hours]
    return Load(
        people=sum(number for _, number in known),
        hours=sum((hours for hours, _ in known), Decimal(0)),
        supervisors=len(known),
        hours_unknown=sum(1 for _, hours, _ in found if not hours),
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
