"""Whose supervision is due or late on a day, for many people in the same few queries.

Dates, kinds and statuses: nothing here reads a word of what was said. What is late is late on the
side of who gives supervision; sessions that a worker called off, and leave, change nothing.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, Subquery, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from programme.models import Person
from supervision.due import Due
from supervision.models import Agreement, Contest, Session, SessionStatus
from supervision.models.reach import AFTERWARDS

# What a list needs of an agreement and its person, and what its supervisor does besides.
SHOWN = (
    *("due_on", "grace_days", "last_attended_on"),
    *("person__first_name", "person__last_name", "person__user"),
    *("person__sort_name", "person__reference"),
)
# And for its supervisor.
OWN = (*SHOWN, "kind", "starts_on", "ended_on", "chosen", "kept_open", "supervisor")
ROWS_AT_ONCE = 25  # of what waits for a supervisor
# How long a session that is not agreed on stands on the supervisor's page: either may leave it so.
CONTESTED_SHOWN = dt.timedelta(weeks=12)
NOT_DELIVERED = "Supervision not delivered"


class Facts(NamedTuple):
    """What is known of one agreement on a day besides its own columns.

    `planned_at` is the next session planned, today's included, and `first_planned_at` the first
    of any that is not settled; `contested_at` is when one that is not agreed on was last contested.
    The last three are known of those whom one supervises oneself:
    `unsigned` the newest terms are by the supervisor, and `agreed` is whether sessions can be held:
    any terms are signed by both, or the kind needs none.
    """

    last_of_kind_at: dt.datetime | None = None
    planned_at: dt.datetime | None = None
    first_planned_at: dt.datetime | None = None
    contested_at: dt.datetime | None = None
    in_post: bool = False
    away: bool = False
    team: str | None = None
    site: str | None = None
    stand_in: UUID | None = None
    stand_in_name: str | None = None
    covered_until: dt.date | None = None
    kind: str = ""
    supervisor: str = ""
    unsigned: bool = False
    agreed: bool = False
    open_actions: int = 0


# One statement for all of them: the pages that ask are opened many times a day.
FACTS = """
SELECT a.id,
    (SELECT max(s.starts_at) FROM supervision_session s
        WHERE s.person_id = a.person_id AND s.kind_id = a.kind_id AND s.status = 'attended'),
    pending.next, pending.first, pending.contested, post.team IS NOT NULL,
    post.away, post.team, post.site, c.stand_in_id, u.name, c.last_day, k.name, v.name
    {more}
FROM supervision_agreement a
JOIN supervision_supervisionkind k ON k.id = a.kind_id
JOIN accounts_user v ON v.id = a.supervisor_id
LEFT JOIN supervision_cover c ON c.agreement_id = a.id
    AND c.starts_on <= %(day)s AND c.last_day >= %(day)s AND c.refused_at IS NULL
LEFT JOIN accounts_user u ON u.id = c.stand_in_id
LEFT JOIN LATERAL (
    SELECT min(s.starts_at) FILTER (WHERE s.status = 'planned') AS first,
        min(s.starts_at) FILTER (
            WHERE s.status = 'planned' AND s.starts_at >= %(midnight)s) AS next,
        max(s.settled_at) FILTER (WHERE s.status = 'contested') AS contested
    FROM supervision_session s
    WHERE s.agreement_id = a.id AND s.status IN ('planned', 'contested')
) pending ON true
LEFT JOIN LATERAL (
    SELECT t.name AS team, l.name AS site,
        bool_and(EXISTS (SELECT FROM programme_careerbreak b
            WHERE b.spell_id = p.id AND b.starts_on <= %(day)s
            AND (b.ends_on IS NULL OR b.ends_on > %(day)s))) OVER () AS away
    FROM programme_spell p
    JOIN programme_post o ON o.id = p.post_id
    JOIN programme_team t ON t.id = o.team_id
    JOIN accounts_site l ON l.id = t.site_id
    WHERE p.person_id = a.person_id AND p.started_on <= %(day)s
    AND (p.ended_on IS NULL OR p.ended_on > %(day)s)
    ORDER BY p.started_on DESC, p.id DESC LIMIT 1
) post ON true
WHERE a.id = ANY(%(agreements)s)
"""
# What only those who give supervision are shown.
SUPERVISORS_OWN = """,
    (SELECT t.supervisor_signed_at IS NULL FROM supervision_agreementterms t
        WHERE t.agreement_id = a.id ORDER BY t.number DESC LIMIT 1),
    NOT k.needs_agreement OR EXISTS (SELECT FROM supervision_agreementterms t
        WHERE t.agreement_id = a.id
        AND t.worker_signed_at IS NOT NULL AND t.supervisor_signed_at IS NOT NULL),
    (SELECT count(*) FROM supervision_agreedaction x
        WHERE x.agreement_id = a.id AND x.done_on IS NULL)
"""


@dataclass(frozen=True)
class Duty:
    """One agreement on a day: when the last session was, when the next is due and planned.

    What is due is what the agreement's own columns say; see `supervision.due`.
    """

    agreement: Agreement
    day: dt.date
    facts: Facts

    @cached_property
    def due(self) -> Due:
        """What is due; to nobody who is not in post today or is on long leave."""
        if self.facts.away or not self.facts.in_post:
            return Due()
        return Due(self.agreement.due_on, self.agreement.grace_days)

    @property
    def last_on(self) -> dt.date | None:
        """The last session in the agreement."""
        return self.agreement.last_attended_on

    @property
    def last_of_kind_on(self) -> dt.date | None:
        """The last session of the kind, whoever gave it."""
        return _day(self.facts.last_of_kind_at)

    @property
    def last_of_kind_in_words(self) -> str:
        return in_full(self.last_of_kind_on) if self.facts.last_of_kind_at else "None yet"

    @property
    def where(self) -> str:
        """The team and the site of the post."""
        return f"{self.facts.team}, {self.facts.site}"

    @property
    def planned_on(self) -> dt.date | None:
        return _day(self.facts.planned_at)

    @cached_property
    def days_late(self) -> int:
        return self.due.days_late_on(self.day)

    @property
    def urgency(self) -> tuple:
        """The most overdue first, then what is due next; what is not due stands last."""
        return (-self.days_late, self.due.due_on or dt.date.max)

    @property
    def last_in_words(self) -> str:
        return since(self.last_on, self.day)

    @cached_property
    def about(self) -> str:
        """The kind and the person, for whoever hears a link read out."""
        return f"{self.facts.kind}, {self.agreement.person}"

    @cached_property
    def pages(self) -> str:
        """Where the pages of the agreement lie."""
        return f"{_pages()}agreements/{self.agreement.pk}/"

    @property
    def person_page(self) -> str:
        """Where a lead reads what the person is owed."""
        return f"{_pages()}people/{self.agreement.person_id}/"

    @cached_property
    def next_in_words(self) -> str:
        if self.facts.away:
            return "On long leave: nothing is due"
        if self.due.due_on is None:
            return "Nothing is due" if self.facts.in_post else "Not in post today: nothing is due"
        return due_in_words(self.due, self.day)

    @property
    def further_in_words(self) -> str:
        """What follows the words of what is due: when it is planned, and who stands in."""
        facts, planned = self.facts, self.planned_on
        said = f", planned {in_full(planned)}" if planned else ""
        if facts.stand_in:
            until = in_full(facts.covered_until)
            said += f" ({facts.stand_in_name} stands in until {until})"
        return said


@dataclass
class PersonRow:
    """Somebody whom a supervisor supervises, with each agreement, the most urgent first."""

    person: Person
    duties: list[Duty] = field(default_factory=list)

    @property
    def open_actions(self) -> int:
        return sum(duty.facts.open_actions for duty in self.duties)

    @property
    def urgency(self) -> tuple:
        return (*self.duties[0].urgency, self.person.sort_name, self.person.reference)


class Supervised(NamedTuple):
    """Whom somebody supervises; the past agreements that are kept open to them, and those in which
    a session was held that ended lately, the newest first."""

    people: list[PersonRow]
    kept: list[Agreement]
    lately: list[Agreement]

    @property
    def duties(self) -> list[Duty]:
        return [duty for row in self.people for duty in row.duties]


def supervises_on(user: User, day: dt.date) -> bool:
    """Whether an open agreement names the user, or they stand in, whatever roles they hold."""
    return Agreement.objects.given_by(user, day).exists()


def supervised_by(user: User, day: dt.date) -> Supervised:
    """Everybody whom a user supervises on a day, or for whom they stand in, the most overdue first,
    what former supervisees keep open to them, and what ended lately.

    It starts from open agreements: who has no session and no post is there too.
    """
    found = Agreement.objects.given_or_given_before(user, day).select_related("person")
    found = found.only(*OWN)
    rows: dict[UUID, PersonRow] = {}
    given = [agreement for agreement in found if agreement.is_open_on(day)]
    known = duties(given, day, supervisors_own=True)
    for duty in sorted(known, key=lambda one: one.urgency):
        person = duty.agreement.person
        rows.setdefault(person.pk, PersonRow(person)).duties.append(duty)
    past = [agreement for agreement in found if not agreement.is_open_on(day)]
    past.sort(key=lambda one: (dt.date.max - one.ended_on, one.pk))
    lately = [one for one in past if one.ended_on > day - AFTERWARDS and one.last_attended_on]
    kept = [one for one in past if one.kept_open][:ROWS_AT_ONCE]
    people = sorted(rows.values(), key=lambda row: row.urgency)
    prefetch_related_objects([*kept, *lately[:ROWS_AT_ONCE]], "kind")
    return Supervised(people, kept, lately[:ROWS_AT_ONCE])


def to_sign(given: list[Duty], user: User) -> list[Agreement]:
    """Of agreements that a supervisor gives, those whose newest terms wait for their signature."""
    waiting = [
        duty.agreement
        for duty in given
        if duty.facts.unsigned and duty.agreement.supervisor_id == user.pk
    ]
    first = sorted(waiting, key=lambda one: (one.starts_on, one.pk))[:ROWS_AT_ONCE]
    prefetch_related_objects(first, "kind")
    return first


class Unsettled(NamedTuple):
    """Sessions of which the two have not said the same: planned ones that have begun, and those
    that are not agreed on (`by_worker`: whose words were the last), for twelve weeks."""

    begun: list[Session]
    contested: list[Session]


def unsettled(given: list[Duty], now: dt.datetime) -> Unsettled:
    """Those of agreements that are given today, in one query where there are any."""
    lately = now - CONTESTED_SHOWN
    return unsettled_in(
        [
            duty.agreement.pk
            for duty in given
            if (duty.facts.first_planned_at and duty.facts.first_planned_at <= now)
            or (duty.facts.contested_at and duty.facts.contested_at >= lately)
        ],
        now,
    )


def unsettled_in(agreements: list[UUID], now: dt.datetime) -> Unsettled:
    """Those of these agreements, the oldest first."""
    if not agreements:
        return Unsettled([], [])
    waits = Q(status=SessionStatus.PLANNED, starts_at__lte=now)
    differs = Q(status=SessionStatus.CONTESTED, settled_at__gte=now - CONTESTED_SHOWN)
    last = Contest.objects.filter(session=OuterRef("pk")).order_by("-said_at").values("by_worker")
    found = Session.objects.filter(waits | differs, agreement__in=agreements)
    found = found.annotate(by_worker=Subquery(last[:1])).select_related("person", "kind")
    rows = list(found.order_by("starts_at", "pk")[: 2 * ROWS_AT_ONCE])
    contested = [one for one in rows if one.status == SessionStatus.CONTESTED]
    begun = [one for one in rows if one.status == SessionStatus.PLANNED]
    return Unsettled(begun[:ROWS_AT_ONCE], contested[:ROWS_AT_ONCE])


def owed_to(person: Person, day: dt.date) -> list[Duty]:
    """What somebody is owed in each of their open agreements, for their own page."""
    agreements = Agreement.objects.filter(person=person).open_on(day)
    found = duties(agreements.select_related("person", "kind", "supervisor"), day)
    return sorted(found, key=lambda one: one.urgency)


def duties(
    agreements: Iterable[Agreement], day: dt.date, *, supervisors_own: bool = False
) -> list[Duty]:
    """Agreements with what is known of them on a day, in one query more than theirs.

    Args:
        supervisors_own: with what only those who give supervision are shown.
    """
    agreements = list(agreements)
    midnight = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
    keys = [agreement.pk for agreement in agreements]
    with connection.cursor() as cursor:
        statement = FACTS.format(more=SUPERVISORS_OWN if supervisors_own else "")
        cursor.execute(statement, {"agreements": keys, "day": day, "midnight": midnight})
        facts = {key: Facts(*known) for key, *known in cursor}
    return [Duty(one, day, facts[one.pk]) for one in agreements]


@cache
def _pages() -> str:
    """Where all pages lie: asked for each row, it would cost more than the row."""
    return reverse("supervision:home")


def _day(at: dt.datetime | None) -> dt.date | None:
    return at and timezone.localdate(at)


# --- Words ----------------------------------------------------------------------------------------


def since(on: dt.date | None, day: dt.date) -> str:
    """When something last was, as one says it."""
    if on is None:
        return "No session yet"
    days = (day - on).days
    said = {0: "Today", 1: "Yesterday"}.get(days, f"{days} days ago")
    return f"{said}, {in_full(on)}"


def due_in_words(due: Due, day: dt.date) -> str:
    """What is due and what is late; the words are of the duty, never of who it is owed to."""
    late = due.days_late_on(day)
    if late:
        days = "1 day" if late == 1 else f"{late} days"
        return f"{NOT_DELIVERED}: {days} late"
    if day > due.due_on:
        return f"Was due {in_full(due.due_on)}, in time until {in_full(due.in_time_until)}"
    return "Due today" if day == due.due_on else f"Due {in_full(due.due_on)}"


def in_full(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"
