"""What people are reminded of: each kind is a small class in the `reminders.py` of the app that
knows about it. Here is what all of them are."""

import datetime as dt
import uuid
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

from django.apps import apps
from django.db.models import QuerySet

from notifications.models import Occasion


class Due(NamedTuple):
    """Somebody is to be told about a row on a local day.

    Attributes:
        at: the moment from which it may be sent; it must not change from one look to the next.
        sequence: 0, or the number of the repeat.
    """

    recipient: uuid.UUID
    about: uuid.UUID
    day: dt.date
    at: dt.datetime
    sequence: int = 0


class Reminder:
    """One kind. It says when it is due, and just before sending whether it still is.

    The words are read on lock screens and over shoulders: no name, no score, nothing about health
    and nothing that tells that somebody is a peer worker.
    """

    key: str
    name: str  # in the list of what one can switch off
    subject: str
    words: str
    may_be_switched_off = True
    # Its rows would tell what is its reader's alone: they go once the message is on its way, nobody
    # else sees them, and the reader finds it on a page of their own, not among their messages.
    leaves_no_trace = False
    is_sensitive = False  # where it is not known whether it left, it is never sent again by itself
    in_digest = False  # whoever wants a digest finds it there, and by itself only in LXP
    worth_sending = dt.timedelta(days=2)

    @property
    def sms(self) -> str:
        """What a text message says before its link."""
        return f"{self.subject}."

    def due(self, now: dt.datetime) -> Iterable[Due]:
        """Everybody who is to be told, up to two days ahead."""
        raise NotImplementedError

    def is_still_due(self, occasion: Occasion, now: dt.datetime) -> bool:
        """Asked again just before sending, and by whoever withdraws it."""
        raise NotImplementedError

    def page(self, occasion: Occasion) -> str:
        """The path of the page to open after signing in."""
        raise NotImplementedError

    def more(self, occasion: Occasion, now: dt.datetime) -> str:  # noqa: ARG002
        """What an email says after its words, from what is true when it is sent."""
        return ""

    def seen_by(self, user) -> QuerySet | None:  # noqa: ARG002
        """The rows of which a member of staff may know that somebody is told about them.

        Nobody sees the messages of a kind that does not say so: they are their reader's alone.
        """
        return None

    def stands(self, occasion: Occasion, now: dt.datetime) -> bool:
        """Whether a message is still wanted: it stands for everything of its kind that its reader
        is told that day, for they get no second one."""
        if self.is_still_due(occasion, now):
            return True
        others = Occasion.objects.filter(
            rule=self.key, recipient=occasion.recipient_id, day=occasion.day
        ).exclude(pk=occasion.pk)
        return any(self.is_still_due(other, now) for other in others)


@cache
def rules() -> dict[str, Reminder]:
    """Every kind of every app, by its key."""
    found = {}
    for app in apps.get_app_configs():
        if "." in app.name or find_spec(f"{app.name}.reminders") is None:
            continue
        for rule in import_module(f"{app.name}.reminders").REMINDERS:
            if rule.key in found:
                raise ValueError(f"Two reminders are called {rule.key}.")
            found[rule.key] = rule
    return found


def private_kinds() -> list[str]:
    """Kinds that nobody but their reader may know of."""
    return [rule.key for rule in rules().values() if rule.leaves_no_trace]
