"""What people are told about their training."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from notifications.models import Occasion
from notifications.quiet import local
from notifications.rules import Due, Reminder
from programme.models import Enrolment, TrainingSession

DAY = dt.timedelta(days=1)
MORNING = dt.time(9)


class TrainingTomorrow(Reminder):
    """A training session tomorrow, for everybody who has a place in the cohort."""

    key = "training-tomorrow"
    name = "Training is tomorrow"
    subject = "Something is in your calendar tomorrow"
    words = "You have a training session tomorrow. The time and the place are on the page."
    worth_sending = dt.timedelta(hours=20)

    def due(self, now: dt.datetime) -> Iterator[Due]:
        today = timezone.localdate(now)
        for session in held_between(today + DAY, today + 2 * DAY):
            before = session.held_on - DAY
            for who in trainees(session, before):
                yield Due(who, session.pk, before, local(before, MORNING))

    def is_still_due(self, occasion: Occasion, now: dt.datetime) -> bool:
        tomorrow = timezone.localdate(now) + DAY
        session = held_between(tomorrow, tomorrow).filter(pk=occasion.about).first()
        return session is not None and occasion.recipient_id in trainees(session, occasion.day)

    def page(self, occasion: Occasion) -> str:  # noqa: ARG002
        return reverse("programme:my-training")


REMINDERS = (TrainingTomorrow(),)


def held_between(first: dt.date, last: dt.date):
    """Sessions that take place from a day to another, both included."""
    rows = TrainingSession.objects.filter(held_on__range=(first, last), cancelled_on__isnull=True)
    return rows.select_related("cohort")


def trainees(session: TrainingSession, day: dt.date) -> set:
    """The accounts of who is in training in the cohort on a day."""
    places = Enrolment.objects.in_training_on(day).filter(
        cohort=session.cohort_id, person__user__is_active=True
    )
    return set(places.values_list("person__user", flat=True))
