"""What people are told about training, posts and employment checks."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from notifications.models import Occasion
from notifications.quiet import local
from notifications.rules import Due, Reminder
from programme.leads import LEAD, staff_at
from programme.models import (
    Attendance,
    EmploymentCheck,
    Enrolment,
    ProbationReview,
    Spell,
    StageKind,
    TrainingSession,
    Turn,
)

DAY = dt.timedelta(days=1)
MORNING = dt.time(9)
TRAINER = "trainer"
AHEAD, BACK = 2, 5  # days around today in which something is still planned
TO_LEADS_AFTER = 7  # days after a session whose register is not filled in
WAITS = {Turn.TRUST: 7, Turn.SOMEBODY_ELSE: 14, Turn.APPLICANT: 14}  # days without an expected one


class TrainingTomorrow(Reminder):
    """A training session tomorrow, for everybody who has a place in the cohort."""

    key = "training-tomorrow"
    name = "Training is tomorrow"
    subject = "Something is in your calendar tomorrow"
    words = "You have a training session tomorrow. The time and the place are on the page."
    worth_sending = dt.timedelta(hours=20)

    def due(self, now: dt.datetime) -> Iterator[Due]:
        today = timezone.localdate(now)
        for before in (today, today + DAY):
            sessions = list(held_between(before + DAY, before + DAY))
            trainees = in_training({session.cohort_id for session in sessions}, before)
            for session in sessions:
                for who in trainees[session.cohort_id]:
                    yield at_morning(who, session.pk, before)

    def is_still_due(self, occasion: Occasion, now: dt.datetime) -> bool:
        tomorrow = timezone.localdate(now) + DAY
        session = held_between(tomorrow, tomorrow).filter(pk=occasion.about).first()
        if session is None:
            return False
        cohort = session.cohort_id
        return occasion.recipient_id in in_training({cohort}, occasion.day)[cohort]

    def page(self, occasion: Occasion) -> str:  # noqa: ARG002
        return reverse("programme:my-training")

    def seen_by(self, user: User) -> QuerySet:
        return TrainingSession.objects.visible_to(user)


class AttendanceMissing(Reminder):
    """A register that is not filled in: for trainers of the site the day after, for its leads a
    week after. Where a site has no trainer the leads are told at once."""

    key = "attendance-missing"
    name = "A register is not filled in"
    subject = "A register is not filled in"
    words = "A session was held, and it is not said yet who was there. Please fill in the register."
    in_digest = True
    worth_sending = dt.timedelta(days=5)

    def due(self, now: dt.datetime) -> Iterator[Due]:
        today = timezone.localdate(now)
        sessions = list(without_register(today - (TO_LEADS_AFTER + BACK) * DAY, today))
        sites = {session.cohort.site_id for session in sessions}
        trainers, leads = staff_at(sites, today, TRAINER), staff_at(sites, today, LEAD)
        for session in sessions:
            site = session.cohort.site_id
            first = trainers[site] or leads[site]
            for sequence, days, told in ((0, 1, first), (1, TO_LEADS_AFTER, leads[site] - first)):
                day = session.held_on + days * DAY
                if is_near(day, today):
                    for who in told:
                        yield at_morning(who, session.pk, day, sequence)

    def is_still_due(self, occasion: Occasion, now: dt.datetime) -> bool:
        today = timezone.localdate(now)
        session = without_register(dt.date.min, today).filter(pk=occasion.about).first()
        if session is None:
            return False
        site = session.cohort.site_id
        role = LEAD if occasion.sequence else TRAINER
        told = staff_at({site}, today, role)[site] or staff_at({site}, today, LEAD)[site]
        return occasion.recipient_id in told

    def page(self, occasion: Occasion) -> str:
        return reverse("programme:register", args=[occasion.about])

    def seen_by(self, user: User) -> QuerySet:
        return TrainingSession.objects.visible_to(user)


class ForLeads(Reminder):
    """Something that falls on a day, for the leads of its site; never for a lead about themselves.

    Attributes:
        days_after: so many days after that day they are told; before it where below nought.
    """

    days_after: tuple[int, ...]

    def rows(self) -> QuerySet:
        """What is open, each with `falls_on`, `at_site` and the `account` it is about."""
        raise NotImplementedError

    def due(self, now: dt.datetime) -> Iterator[Due]:
        today = timezone.localdate(now)
        near = Q()
        for days in self.days_after:
            on = today - days * DAY
            near |= Q(falls_on__range=(on - BACK * DAY, on + AHEAD * DAY))
        rows = self.rows().filter(near).values_list("pk", "falls_on", "at_site", "account")
        found = list(rows)
        leads = staff_at({site for _, _, site, _ in found}, today)
        for pk, on, site, account in found:
            for sequence, days in enumerate(self.days_after):
                day = on + days * DAY
                if is_near(day, today):
                    for who in leads[site] - {account}:
                        yield at_morning(who, pk, day, sequence)

    def is_still_due(self, occasion: Occasion, now: dt.datetime) -> bool:
        on = occasion.day - self.days_after[occasion.sequence] * DAY
        rows = self.rows().filter(pk=occasion.about, falls_on=on)
        found = rows.values_list("at_site", "account").first()
        if found is None:
            return False
        site, account = found
        return occasion.recipient_id in staff_at({site}, timezone.localdate(now))[site] - {account}

    def seen_by(self, user: User) -> QuerySet:
        return self.rows().model.objects.visible_to(user)


class ProbationDue(ForLeads):
    """A review of probation: two weeks before and on the day. One that is forgotten may decide by
    itself, so it cannot be switched off."""

    key = "probation-review"
    name = "A review in somebody’s first months is due"
    subject = "A review is due"
    words = "A review in somebody’s first months in post is due. Which and when is on the page."
    may_be_switched_off = False
    worth_sending = dt.timedelta(days=5)
    days_after = (-14, 0)

    def rows(self) -> QuerySet:
        return ProbationReview.objects.to_be_held().annotate(
            falls_on=F("due_on"),
            at_site=F("spell__post__team__site"),
            account=F("spell__person__user"),
        )

    def page(self, occasion: Occasion) -> str:  # noqa: ARG002
        return reverse("programme:ahead") + "?kind=review"


class FixedTermEnds(ForLeads):
    """A fixed term that ends: twelve weeks before, in time to go on with it, and four."""

    key = "fixed-term-end"
    name = "A fixed term ends"
    subject = "A fixed term ends soon"
    words = "A fixed term comes to its end. Whose and when is on the page."
    in_digest = True
    worth_sending = dt.timedelta(days=5)
    days_after = (-84, -28)

    def rows(self) -> QuerySet:
        still = Q(ended_on__isnull=True) | Q(ended_on__gt=F("contract_ends_on"))
        return Spell.objects.filter(still, contract_ends_on__isnull=False).annotate(
            falls_on=F("contract_ends_on"),
            at_site=F("post__team__site"),
            account=F("person__user"),
        )

    def page(self, occasion: Occasion) -> str:  # noqa: ARG002
        return reverse("programme:ahead") + "?kind=contract"


class CheckWaits(ForLeads):
    """An employment check that has not moved: on the day it was expected, or after one or two
    weeks, and a week later. Leads see whose turn it is; applicants have no account to be told by.
    """

    key = "employment-check"
    name = "A check before somebody starts has not moved"
    subject = "A check has not moved"
    words = "A check before somebody starts has not moved. Whose turn it is stands on the page."
    in_digest = True
    worth_sending = dt.timedelta(days=5)
    days_after = (0, 7)

    def rows(self) -> QuerySet:
        waits = Case(
            *(When(turn=turn, then=Value(days)) for turn, days in WAITS.items()),
            output_field=models.IntegerField(),
        )
        return (
            EmploymentCheck.objects.waiting()
            .filter(applicant__stage__kind=StageKind.CHECKS)
            .annotate(
                falls_on=Coalesce(
                    "expected_on",
                    models.ExpressionWrapper(
                        F("turn_since") + waits, output_field=models.DateField()
                    ),
                ),
                at_site=F("applicant__round__site"),
                account=Value(None, output_field=models.UUIDField()),
            )
        )

    def page(self, occasion: Occasion) -> str:
        rows = EmploymentCheck.objects.filter(pk=occasion.about)
        found = rows.values_list("applicant__round", "applicant").first()
        return reverse("programme:applicant-checks", args=found) if found else "/"


REMINDERS = (
    TrainingTomorrow(),
    AttendanceMissing(),
    ProbationDue(),
    FixedTermEnds(),
    CheckWaits(),
)


def at_morning(who, about, day: dt.date, sequence: int = 0) -> Due:
    return Due(who, about, day, local(day, MORNING), sequence)


def is_near(day: dt.date, today: dt.date) -> bool:
    """Whether something of a day is to be planned today: neither long past nor far ahead."""
    return -BACK <= (day - today).days <= AHEAD


def held_between(first: dt.date, last: dt.date) -> QuerySet[TrainingSession]:
    """Sessions that take place from a day to another, both included."""
    rows = TrainingSession.objects.held().filter(held_on__range=(first, last))
    return rows.select_related("cohort")


def in_training(cohorts: set, day: dt.date) -> dict:
    """The accounts of who is in training in each of some cohorts on a day."""
    found = defaultdict(set)
    places = Enrolment.objects.in_training_on(day).filter(
        cohort__in=cohorts, person__user__is_active=True
    )
    for cohort, account in places.values_list("cohort", "person__user"):
        found[cohort].add(account)
    return found


def without_register(first: dt.date, today: dt.date) -> QuerySet[TrainingSession]:
    """Sessions from a day to yesterday at which somebody in training is not marked."""
    marked = Attendance.objects.filter(session=OuterRef(OuterRef("pk")), enrolment=OuterRef("pk"))
    places = Enrolment.objects.in_training_on(OuterRef("held_on")).filter(cohort=OuterRef("cohort"))
    missing = places.filter(~Exists(marked.exclude(state="")))
    return held_between(first, today - DAY).filter(Exists(missing))
