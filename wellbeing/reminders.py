"""What people are told about their own check-ins and plan, and who is asked to get in touch."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from notifications.models import Occasion
from notifications.quiet import local
from notifications.rules import Due, Reminder
from programme.leads import leads_of
from programme.models import Enrolment, Outcome, Spell
from wellbeing.models import ContactRequest, Rhythm, WellnessPlan
from wellbeing.rhythm import offered_on, points_after

DAY = dt.timedelta(days=1)
REPEATED_AFTER = 3  # days, once and never again
MORNING = dt.time(9)


class CheckInOffered(Reminder):
    """Questions that a worker wanted to be asked: told on the day and once more, and never that
    they were not answered."""

    key = "check-in-offered"
    name = "Questions I wanted to be asked"
    subject = "Something is here for you, if you like"
    words = "What you wanted to be asked now and then is here. You can leave it out."
    leaves_no_trace = True
    worth_sending = dt.timedelta(days=2)

    def due(self, now: dt.datetime) -> Iterator[Due]:
        for rhythm in rhythms():
            if day := waits(rhythm, now):
                yield Due(rhythm.person.user_id, rhythm.pk, day, from_hour(rhythm, day))
                again = day + REPEATED_AFTER * DAY
                yield Due(rhythm.person.user_id, rhythm.pk, again, from_hour(rhythm, again), 1)

    def is_still_due(self, occasion: Occasion, now: dt.datetime) -> bool:
        rhythm = rhythms().filter(pk=occasion.about, person__user=occasion.recipient_id).first()
        wanted = occasion.day - REPEATED_AFTER * DAY * occasion.sequence
        return rhythm is not None and waits(rhythm, now) == wanted

    def page(self, occasion: Occasion) -> str:  # noqa: ARG002
        return reverse("wellbeing:new-check-in")


class ContactRequested(Reminder):
    """Somebody asks to be contacted: who was asked at once, the stand-in and the leads later."""

    key = "contact-requested"
    name = "Somebody asks to be contacted"
    subject = "Somebody asks you to get in touch"
    words = "Somebody asks to be contacted. Who, how and until when is on the page."
    may_be_switched_off = False
    worth_sending = dt.timedelta(days=7)

    def due(self, now: dt.datetime) -> Iterator[Due]:
        rows = list(ContactRequest.objects.open().select_related("person"))
        later = [row for row in rows if row.leads_from <= now + 2 * DAY]
        leads = leads_of({row.person_id for row in later}, timezone.localdate(now))
        for row in rows:
            yield _told(row, row.owner_id, row.asked_at, 0)
            if row.stand_in_id:
                yield _told(row, row.stand_in_id, row.answer_by, 1)
            for lead in leads.get(row.person_id, ()):
                yield _told(row, lead, row.leads_from, 2)

    def is_still_due(self, occasion: Occasion, now: dt.datetime) -> bool:
        rows = ContactRequest.objects.waiting_for(occasion.recipient, now)
        return rows.filter(pk=occasion.about).exists()

    def page(self, occasion: Occasion) -> str:
        return reverse("wellbeing:contact", args=[occasion.about])


class PlanToReview(Reminder):
    """A worker wanted to look at their wellness plan again: told once, that day, to them alone."""

    key = "plan-to-review"
    name = "A day on which I wanted to look at something again"
    subject = "A day that you chose has come"
    words = "You wanted to look at something again on this day. You can leave it as it is."

    def due(self, now: dt.datetime) -> Iterator[Due]:
        today = timezone.localdate(now)
        for plan in plans_to_review(today - DAY, today + 2 * DAY):
            who, day = plan.account_id, plan.review_on
            yield Due(who, plan.pk, day, local(day, MORNING))

    def is_still_due(self, occasion: Occasion, now: dt.datetime) -> bool:  # noqa: ARG002
        plans = plans_to_review(occasion.day, occasion.day)
        return plans.filter(pk=occasion.about, account=occasion.recipient_id).exists()

    def page(self, occasion: Occasion) -> str:  # noqa: ARG002
        return reverse("wellbeing:plan")


REMINDERS = (CheckInOffered(), ContactRequested(), PlanToReview())


def _told(row: ContactRequest, who, at: dt.datetime, sequence: int) -> Due:
    return Due(who, row.pk, timezone.localdate(at), at, sequence)


def rhythms() -> QuerySet[Rhythm]:
    """Rhythms of people who can sign in, with the day from which their three points count."""
    own = {"person": OuterRef("person")}
    trained = Enrolment.objects.filter(**own, outcome=Outcome.COMPLETED)
    begun = Spell.objects.filter(**own)
    return (
        Rhythm.objects.linked()
        .filter(account__is_active=True)
        .select_related("person")
        .annotate(
            trained_on=Subquery(_first(trained, "outcome_on")),
            in_post_on=Subquery(_first(begun, "started_on")),
        )
    )


def _first(rows: QuerySet, field: str) -> QuerySet:
    return rows.order_by().values("person").annotate(first=Min(field)).values("first")


def waits(rhythm: Rhythm, now: dt.datetime) -> dt.date | None:
    """The day of the check-in that waits, as the worker's own page says it."""
    points = points_after(rhythm.trained_on or rhythm.in_post_on) if rhythm.at_points else []
    return offered_on(rhythm.wish, points, timezone.localtime(now))


def from_hour(rhythm: Rhythm, day: dt.date) -> dt.datetime:
    return local(day, dt.time(rhythm.hour))


def plans_to_review(first: dt.date, last: dt.date) -> QuerySet[WellnessPlan]:
    """Plans to be looked at again from a day to another, whose writer can sign in."""
    rows = WellnessPlan.objects.linked().filter(account__is_active=True)
    return rows.filter(review_on__range=(first, last))
