"""Whose supervision is due or late on a day, for many people in the same few queries.

Dates, kinds and statuses: nothing here reads a word of what was said. What is late is late on the
side of who gives supervision; sessions that a worker called off, and leave, change nothing.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Max, Min
from django.utils import timezone

from accounts.models import User
from programme.models import Person
from supervision.compliance import is_away_on
from supervision.due import Due, Facts, dues
from supervision.models import AgreedAction, Agreement, Cover, Session

NOT_DELIVERED = "Supervision not delivered"


@dataclass(frozen=True)
class Duty:
    """One agreement on a day: when the last session was, in it and of its kind by anybody, when
    the next is due and planned."""

    agreement: Agreement
    day: dt.date
    due: Due
    last_on: dt.date | None = None
    last_of_kind_on: dt.date | None = None
    planned_on: dt.date | None = None
    away: bool = False
    in_post: bool = True
    open_actions: int = 0
    cover: Cover | None = None

    @property
    def days_late(self) -> int:
        return self.due.days_late_on(self.day)

    @property
    def urgency(self) -> tuple:
        """The most overdue first, then what is due next; what is not due stands last."""
        return (-self.days_late, self.due.due_on or dt.date.max)

    @property
    def last_in_words(self) -> str:
        return since(self.last_on, self.day)

    @property
    def next_in_words(self) -> str:
        if self.away:
            return "On long leave: nothing is due"
        if self.due.due_on is None:
            return "Nothing is due" if self.in_post else "Not in post today: nothing is due"
        return due_in_words(self.due, self.day)


@dataclass
class PersonRow:
    """Somebody whom a supervisor supervises, with each agreement, the most urgent first."""

    person: Person
    duties: list[Duty] = field(default_factory=list)

    @property
    def open_actions(self) -> int:
        return sum(duty.open_actions for duty in self.duties)

    @property
    def urgency(self) -> tuple:
        return (*self.duties[0].urgency, self.person.sort_name, self.person.reference)


def supervises_on(user: User, day: dt.date) -> bool:
    """Whether an open agreement names the user, or they stand in, whatever roles they hold."""
    return Agreement.objects.given_by(user, day).exists()


def people_of(user: User, day: dt.date) -> list[PersonRow]:
    """Everybody whom a user supervises on a day, or for whom they stand in, the most overdue first.

    It starts from open agreements: who has no session and no post is there too.
    """
    agreements = Agreement.objects.given_by(user, day).select_related("person", "kind")
    rows: dict[UUID, PersonRow] = {}
    for duty in sorted(duties(agreements, day), key=lambda one: one.urgency):
        person = duty.agreement.person
        rows.setdefault(person.pk, PersonRow(person)).duties.append(duty)
    return sorted(rows.values(), key=lambda row: row.urgency)


def owed_to(person: Person, day: dt.date) -> list[Duty]:
    """What somebody is owed in each of their open agreements, for their own page."""
    agreements = Agreement.objects.filter(person=person).open_on(day)
    found = duties(agreements.select_related("person", "kind", "supervisor"), day)
    return sorted(found, key=lambda one: one.urgency)


def duties(agreements: Iterable[Agreement], day: dt.date) -> list[Duty]:
    """What is due in some agreements, in ten queries however many there are."""
    agreements = list(agreements)
    facts = Facts({one.person_id for one in agreements})
    due = dues(agreements, facts, day)
    sessions = Session.objects.filter(agreement__in=agreements).order_by()
    last = sessions.attended().values_list("agreement").annotate(Max("starts_at"))
    planned = sessions.planned().filter(starts_at__date__gte=day)
    held, planned = _days(last), _days(planned.values_list("agreement").annotate(Min("starts_at")))
    actions = AgreedAction.objects.open().filter(agreement__in=agreements).order_by()
    waiting = dict(actions.values_list("agreement").annotate(Count("pk")))
    covers = Cover.objects.filter(agreement__in=agreements).on(day).select_related("stand_in")
    by_agreement = {cover.agreement_id: cover for cover in covers}
    return [
        Duty(
            one,
            day,
            due[one.pk],
            last_on=held.get(one.pk),
            last_of_kind_on=facts.attended.get((one.person_id, one.kind_id)),
            planned_on=planned.get(one.pk),
            away=is_away_on(facts.away[one.person_id], day),
            in_post=_in_post(facts, one.person_id, day),
            open_actions=waiting.get(one.pk, 0),
            cover=by_agreement.get(one.pk),
        )
        for one in agreements
    ]


def _days(rows: Iterable[tuple[UUID, dt.datetime]]) -> dict[UUID, dt.date]:
    return {key: timezone.localdate(at) for key, at in rows}


def _in_post(facts: Facts, person: UUID, day: dt.date) -> bool:
    employment = facts.employment_on(person, day)
    return employment is not None and employment.lasts_on(day)


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
