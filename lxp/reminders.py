"""One message a week, for who wants that instead of many."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from lxp.week import lines
from notifications.models import Occasion, Wishes
from notifications.quiet import local
from notifications.rules import Due, Reminder

DAY = dt.timedelta(days=1)
MORNING = dt.time(9)
AHEAD, BACK = 2, 1  # days around a Monday in which it is still planned


class Digest(Reminder):
    """What is late or due for somebody, in numbers, on Mondays; not where there is nothing."""

    key = "weekly-digest"
    name = "Once a week, what is late or due"
    subject = "Your week"
    words = "What is late or due this week, in numbers. The page leads to each of them."
    may_be_switched_off = False  # by a wish of its own: nobody has it who did not ask for it
    worth_sending = dt.timedelta(days=3)

    def due(self, now: dt.datetime) -> Iterator[Due]:
        today = timezone.localdate(now)
        for days in range(-BACK, AHEAD + 1):
            monday = today + days * DAY
            if monday.weekday() == 0:
                wanted = Wishes.objects.filter(weekly=True, user__is_active=True)
                for who in wanted.values_list("user", flat=True):
                    yield Due(who, who, monday, local(monday, MORNING))

    def is_still_due(self, occasion: Occasion, now: dt.datetime) -> bool:
        wanted = Wishes.objects.filter(user=occasion.recipient_id, weekly=True)
        return wanted.exists() and bool(lines(occasion.recipient, timezone.localdate(now)))

    def more(self, occasion: Occasion, now: dt.datetime) -> str:
        return "\n".join(str(line) for line in lines(occasion.recipient, timezone.localdate(now)))

    def page(self, occasion: Occasion) -> str:  # noqa: ARG002
        return reverse("this-week")


REMINDERS = (Digest(),)
