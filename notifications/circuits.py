"""Carriers that do not answer are left alone for a while, then tried with one message.

All of it is in PostgreSQL, so that any number of senders ask as seldom as one.
"""

import datetime as dt
import random
import uuid

from django.db import transaction

from notifications.clock import database_now
from notifications.models import Circuit

OPENS_AFTER = 3  # failures in a row, of different messages
FIRST_PAUSE, LONGEST_PAUSE = 20, 60  # seconds, doubled at each failure and then give or take half
PROBE = dt.timedelta(seconds=30)  # longer than a try may take


def shut(carriers: dict[str, str]) -> list[str]:
    """The channels, of those given with their carriers, that are left alone now."""
    rows = Circuit.objects.filter(open_until__gt=database_now())
    found = set(rows.values_list("carrier", flat=True))
    return [channel for channel, carrier in carriers.items() if carrier in found]


def may_call(carrier: str) -> bool:
    """Whether a carrier may be asked now: while its circuit is open, by one sender at a time."""
    row = Circuit.objects.filter(pk=carrier).first()
    if row is None or row.open_until is None:
        return True
    now = database_now()
    mine = Circuit.objects.filter(pk=carrier, open_until__lte=now)
    return bool(mine.update(open_until=now + PROBE))


def close(carrier: str) -> None:
    """A carrier has answered: its failures before are forgotten."""
    Circuit.objects.filter(pk=carrier, failures__gt=0).update(
        failures=0, last_failed=None, open_until=None, since=None, error=""
    )


def strike(carrier: str, message: uuid.UUID, error: str, *, at_once: bool) -> bool:
    """A carrier has failed; whether its circuit is open now.

    Args:
        message: one that fails again and again says nothing of the carrier.
        at_once: nothing could be handed over, so it need not be seen three times.
    """
    now = database_now()
    with transaction.atomic():
        Circuit.objects.get_or_create(pk=carrier)
        row = Circuit.objects.select_for_update().get(pk=carrier)
        if at_once or row.last_failed != message:
            row.failures = min(max(row.failures + 1, OPENS_AFTER if at_once else 0), 99)
        row.last_failed, row.error = message, error[:60]
        if row.failures >= OPENS_AFTER:
            seconds = min(FIRST_PAUSE * 2 ** (row.failures - OPENS_AFTER), LONGEST_PAUSE)
            pause = dt.timedelta(seconds=seconds * random.uniform(0.5, 1.5))  # noqa: S311
            row.since, row.open_until = row.since or now, now + pause
        row.save()
    return row.open_until is not None
