"""From a row to what somebody reads: claim, ask again whether it stands, send, write down.

Each step is a transaction of its own, and none is open while a carrier is spoken to. A step only
counts for whoever holds the lease, by its token; a sender that was frozen and wakes up writes
nothing. The clock is the database's.
"""

import datetime as dt
import logging
import random
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from notifications import circuits
from notifications.carrying import Outcome, Tried, carrier_of, hand_over
from notifications.clock import NOW, database_now
from notifications.models import FINAL, Attempt, Channel, Message, Sending, State
from notifications.planning import (
    allowed_from,
    is_left_to_digest,
    is_switched_off,
    is_wanted,
    own_wishes,
)
from notifications.rules import Reminder, rules

AT_ONCE = 10
SENDERS = 4  # threads of one process, when there is more than one claim to send
LONGEST_RUN = 60  # seconds after which no more is claimed: the next sweep goes on
LEASE = dt.timedelta(seconds=120)
LEAST_LEFT = dt.timedelta(seconds=30)  # of a lease, or the row is given back unsent
MOST_TRIES = 5
FIRST_PAUSE, LONGEST_PAUSE = 60, 3600  # seconds, doubled at each try
log = logging.getLogger(__name__)

CLAIM = """
UPDATE notifications_message SET state = 'leased', lease_until = clock_timestamp() + %(lease)s,
    token = %(token)s, moved_at = clock_timestamp()
WHERE id IN (
    SELECT id FROM notifications_message
    WHERE state = 'pending' AND not_before <= clock_timestamp() AND expires_at > clock_timestamp()
        AND channel <> ALL(%(shut)s)
    ORDER BY not_before LIMIT %(most)s FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


def is_paused() -> bool:
    """Whether nothing is sent: by hand, or because the database was restored from a backup."""
    row = Sending.objects.filter(pk=1).first()
    return row is not None and (row.paused or row.epoch != settings.SENDING_EPOCH)


def send_all() -> int:
    """Send what is due, by several senders where it is much; how many were sent."""
    due = Message.objects.filter(state=State.PENDING, not_before__lte=database_now())
    if len(due.values_list("pk")[: AT_ONCE + 1]) <= AT_ONCE:
        return send_due()
    with ThreadPoolExecutor(SENDERS) as pool:
        return sum(pool.map(lambda _: _send_in_thread(), range(SENDERS)))


def _send_in_thread() -> int:
    try:
        return send_due()
    finally:
        connection.close()


def send_due() -> int:
    """Send what is due, oldest first; how many were sent. Safe in any number of processes."""
    sent, end = 0, time.monotonic() + LONGEST_RUN
    while time.monotonic() < end and not is_paused() and (claimed := claim()):
        token, rows = claimed
        sent += sum(send_one(pk, token) == State.ACCEPTED for pk in rows)
    return sent


def claim(most: int = AT_ONCE) -> tuple[uuid.UUID, list[uuid.UUID]] | None:
    """Take some due messages for a while, with the token that says so."""
    token = uuid.uuid4()
    shut = circuits.shut({channel: carrier_of(channel) for channel in Channel.values})
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"lease": LEASE, "token": token, "most": most, "shut": shut})
        rows = [pk for (pk,) in cursor.fetchall()]
    return (token, rows) if rows else None


def give_back(pk: uuid.UUID, token: uuid.UUID) -> State:
    """What was claimed and not begun waits again, as if it had not been claimed."""
    held = Message.objects.filter(pk=pk, token=token, state=State.LEASED)
    held.update(state=State.PENDING, token=None, lease_until=None)
    return State.PENDING


def send_one(pk: uuid.UUID, token: uuid.UUID) -> State:
    """Send one claimed message; the state it has then."""
    rows = Message.objects.select_related("occasion", "recipient__wishes").annotate(now=NOW)
    message = rows.filter(pk=pk, token=token, state=State.LEASED).first()
    if message is None:
        return State.LEASED  # somebody else holds it by now
    now = message.now
    if message.lease_until - now < LEAST_LEFT:
        return give_back(pk, token)
    rule = rules().get(message.rule)
    wishes = own_wishes(message.recipient)
    try:
        reason = why_not(message, rule, wishes, now)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  one row that breaks must not hold up the others
        message.tries += 1
        return _try_later(message, token, type(error).__name__)
    if reason:
        _move(message, token, State.CANCELLED, now, error=reason)
        return State.CANCELLED
    if message.channel != Channel.APP and (later := allowed_from(wishes, now)) > now:
        _postpone(message, token, later, now)
        return State.PENDING
    return _call(message, token, rule, now)


def why_not(message: Message, rule: Reminder | None, wishes, now: dt.datetime) -> str:
    """Why a message is not wanted any more; empty where it still is."""
    if rule is None:
        return "no such kind any more"
    if wishes is None:
        return "cannot sign in any more"
    if is_switched_off(rule, wishes) or not is_wanted(message.channel, wishes):
        return "switched off"
    if message.channel != Channel.APP and is_left_to_digest(rule, wishes):
        return "left to the digest"
    return "" if rule.stands(message.occasion, now) else "not due any more"


def _postpone(message: Message, token, later: dt.datetime, now: dt.datetime) -> None:
    """An email may not leave now: its reader has changed their hours meanwhile."""
    worth = message.expires_at - message.not_before
    held = Message.objects.filter(pk=message.pk, token=token, state=State.LEASED)
    held.update(
        state=State.PENDING,
        not_before=later,
        expires_at=later + worth,
        token=None,
        moved_at=now,
    )


def _call(message: Message, token, rule: Reminder, now: dt.datetime) -> State:
    """Speak to the carrier, with no transaction open."""
    message.carrier = carrier_of(message.channel)
    if message.carrier and not circuits.may_call(message.carrier):
        return give_back(message.pk, token)
    message.tries += 1
    known = {"carrier": message.carrier, "tries": message.tries, "asked_at": None}
    if not _move(message, token, State.CALLING, now, **known):
        return State.LEASED  # somebody else holds it by now
    try:
        tried = hand_over(message, rule)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  one row that breaks must not hold up the others
        return _try_later(message, token, type(error).__name__)
    return _write_down(message, token, tried)


def _write_down(message: Message, token, tried: Tried) -> State:
    """What a try means for the message, and for everything else its carrier should take."""
    if tried.outcome in {Outcome.ACCEPTED, Outcome.REFUSED}:
        if message.carrier:
            circuits.close(message.carrier)
        state = State.ACCEPTED if tried.outcome == Outcome.ACCEPTED else State.FAILED
        return _end(message, token, state, tried.error)
    down = tried.outcome == Outcome.DOWN
    is_open = circuits.strike(message.carrier, message.pk, tried.error, at_once=down)
    if tried.outcome == Outcome.UNSURE:
        return _end(message, token, State.UNKNOWN, tried.error)
    return _try_later(message, token, tried.error, counted=not (down or is_open))


def _try_later(message: Message, token, error: str, *, counted: bool = True) -> State:
    """Again after a pause that doubles, give or take; given up after five tries that count: those
    that failed by the message, not by a carrier that took nothing from anybody."""
    if counted and message.tries >= MOST_TRIES:
        return _end(message, token, State.DEAD, error, tries=message.tries)
    seconds = min(FIRST_PAUSE * 2 ** (message.tries - 1), LONGEST_PAUSE)
    pause = dt.timedelta(seconds=seconds * random.uniform(0.5, 1.5))  # noqa: S311
    more = {"not_before": database_now() + pause, "tries": message.tries - (not counted)}
    return _end(message, token, State.PENDING, error, **more)


def _end(message: Message, token, state: State, error: str = "", **more) -> State:
    """Write down how a try ended, with the row of the try in the same transaction."""
    now, kind = database_now(), error[:60]
    if error:
        log.warning("A reminder could not be sent: %s, %s", message.pk, kind)
    with transaction.atomic():
        if _move(message, token, state, now, error=kind, **more):
            Attempt.objects.create(
                message=message, number=message.tries, ended_at=now, result=state, error=kind
            )
    return state


def _move(
    message: Message, token, state: State, now: dt.datetime, error: str = "", **more
) -> State | None:
    """A step forward, if this sender still holds the message; `None` where it does not."""
    held = Message.objects.filter(pk=message.pk, token=token, lease_until__gt=now)
    held = held.exclude(state__in=FINAL)
    values = {"state": state, "moved_at": now, "error": error[:60], **more}
    return state if held.update(**values) else None
