"""The one kind of reminder of the suite: everybody, once, of nothing."""

import datetime as dt
import os
from collections.abc import Iterator

from django.contrib.auth import get_user_model
from django.utils import timezone

from notifications.models import Occasion
from notifications.rules import Due, Reminder


class Everybody(Reminder):
    """Due to everybody since the moment in the environment; to nobody without one."""

    key = "everybody"
    name = "Something"
    subject = "Something is here"
    words = "Have a look."
    worth_sending = dt.timedelta(days=30)

    def due(self, now: dt.datetime) -> Iterator[Due]:  # noqa: ARG002
        since = os.environ.get("FAULTS_DUE_SINCE")
        if since:
            at = dt.datetime.fromisoformat(since)
            for pk in get_user_model().objects.filter(is_active=True).values_list("pk", flat=True):
                yield Due(pk, pk, timezone.localdate(at), at)

    def is_still_due(self, occasion: Occasion, now: dt.datetime) -> bool:  # noqa: ARG002
        return True

    def page(self, occasion: Occasion) -> str:  # noqa: ARG002
        return "/"


REMINDERS = (Everybody(),)
