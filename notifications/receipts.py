"""What became of messages that GOV.UK Notify has: told by it, and asked of it.

It says both late, twice and in any order; states only go forward, so nothing is undone by it.
"""

import datetime as dt
import logging
import uuid

from django.db.models import F, Q

from notifications import circuits, notify
from notifications.models import Carrier, Message, State

SETTLE = dt.timedelta(minutes=2)  # before anything is asked, and before a mail server's second copy
ASKED_TWICE = dt.timedelta(minutes=1)  # between two questions that both found nothing
FIRST_POLL = dt.timedelta(minutes=5)
POLL_EVERY = dt.timedelta(hours=1)
POLLED_FOR = dt.timedelta(days=4)  # Notify keeps what became of a message for seven
AT_ONCE = 100
STATES = {
    "delivered": State.DELIVERED,
    "permanent-failure": State.UNDELIVERED,
    "temporary-failure": State.UNDELIVERED,
    "technical-failure": State.UNDELIVERED,
    "validation-failed": State.UNDELIVERED,
}
log = logging.getLogger(__name__)


def receive(reference: uuid.UUID, status: str, at: dt.datetime) -> bool:
    """Note what Notify says of a message; whether that was new."""
    if (state := STATES.get(status)) is None:
        return False
    open_ = Message.objects.filter(
        pk=reference, carrier=Carrier.NOTIFY, state__in=(State.ACCEPTED, State.UNKNOWN)
    )
    error = "" if state == State.DELIVERED else status
    return bool(open_.update(state=state, moved_at=at, error=error))


def ask(now: dt.datetime) -> None:
    """Ask Notify about messages of which it is not known whether it has them, and about those whose
    receipt has not come."""
    if not circuits.may_call(Carrier.NOTIFY):
        return
    by_notify = Message.objects.filter(carrier=Carrier.NOTIFY)
    unknown = by_notify.filter(state=State.UNKNOWN, moved_at__lte=now - SETTLE).filter(
        Q(asked_at=None) | Q(asked_at__lte=now - ASKED_TWICE)
    )
    accepted = by_notify.filter(
        state=State.ACCEPTED, moved_at__range=(now - POLLED_FOR, now - FIRST_POLL)
    ).filter(Q(asked_at=None) | Q(asked_at__lte=now - POLL_EVERY))
    rows = [*unknown.order_by("moved_at")[:AT_ONCE]]
    rows += accepted.order_by(F("asked_at").asc(nulls_first=True), "moved_at")[:AT_ONCE]
    for message in rows:
        if not _ask_about(message, now):
            return  # it does not answer: the next sweep asks again


def _ask_about(message: Message, now: dt.datetime) -> bool:
    """Ask about one message; whether there was an answer."""
    try:
        found = notify.find(str(message.pk))
    except (notify.NotReached, notify.Unsure, notify.Refused) as error:
        log.warning("Notify was asked and did not answer: %s", type(error).__name__)
        circuits.strike(Carrier.NOTIFY, message.pk, str(error), at_once=True)
        return False
    circuits.close(Carrier.NOTIFY)
    # What was asked counts for the row as it was read, or for nothing.
    same = Message.objects.filter(
        pk=message.pk, state=message.state, moved_at=message.moved_at, asked_at=message.asked_at
    )
    if found is None:
        _not_found(message, same, now)
    else:
        if message.state == State.UNKNOWN:
            same.update(state=State.ACCEPTED, moved_at=now, asked_at=now, error="")
        else:
            same.update(asked_at=now)
        receive(message.pk, found.status, now)
    return True


def _not_found(message: Message, same, now: dt.datetime) -> None:
    """Not found twice, a minute apart: it never arrived there, so it may be sent."""
    if message.state == State.UNKNOWN and message.asked_at:
        same.update(
            state=State.PENDING,
            moved_at=now,
            asked_at=None,
            token=None,
            lease_until=None,
            not_before=now,
            error="it never arrived at Notify",
        )
    else:
        same.update(asked_at=now)
