"""From a row to what somebody reads: claim, ask again whether it stands, send, write down.

Each step is a transaction of its own, and none is open while the mail server is spoken to. A step
only counts for whoever holds the lease, by its token; a sender that was frozen and wakes up writes
nothing. The clock is the database's.
"""

import datetime as dt
import logging
import random
import smtplib
import uuid

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse

from notifications.models import FINAL, Attempt, Channel, Message, Sending, State
from notifications.planning import allowed_from, is_switched_off, wishes_of
from notifications.rules import Reminder, rules
from notifications.wording import said

AT_ONCE = 10
LEASE = dt.timedelta(seconds=120)
LEAST_LEFT = dt.timedelta(seconds=30)  # of a lease, or the row is given back unsent
MOST_TRIES = 5
FIRST_PAUSE, LONGEST_PAUSE = 60, 3600  # seconds, doubled at each try
# The server answered and refused this one message.
REFUSED = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)
# Nothing was handed over: the connection was refused, or the server wanted none.
NOT_HANDED_OVER = (
    ConnectionRefusedError,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPNotSupportedError,
)
FIRST_PERMANENT = 500  # reply codes of SMTP from here on do not get better by waiting
log = logging.getLogger(__name__)

CLAIM = """
UPDATE notifications_message SET state = 'leased', lease_until = clock_timestamp() + %(lease)s,
    token = %(token)s, tries = tries + 1, moved_at = clock_timestamp()
WHERE id IN (
    SELECT id FROM notifications_message
    WHERE state = 'pending' AND not_before <= clock_timestamp() AND expires_at > clock_timestamp()
    ORDER BY not_before LIMIT %(most)s FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


def database_now() -> dt.datetime:
    """The one clock that decides."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def is_paused() -> bool:
    """Whether nothing is sent: by hand, or because the database was restored from a backup."""
    row = Sending.objects.filter(pk=1).first()
    return row is not None and (row.paused or row.epoch != settings.SENDING_EPOCH)


def send_due(most: int = 1000) -> int:
    """Send what is due, oldest first; how many were sent. Safe in any number of processes."""
    sent = 0
    for _ in range(-(-most // AT_ONCE)):
        if is_paused() or not (claimed := claim()):
            break
        token, rows = claimed
        for pk in rows:
            outcome = send_one(pk, token)
            sent += outcome == State.ACCEPTED
            if outcome is None:  # the server cannot be reached: the rest waits for the next sweep
                give_back(rows, token)
                return sent
    return sent


def claim(most: int = AT_ONCE) -> tuple[uuid.UUID, list[uuid.UUID]] | None:
    """Take some due messages for a while, with the token that says so."""
    token = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"lease": LEASE, "token": token, "most": most})
        rows = [pk for (pk,) in cursor.fetchall()]
    return (token, rows) if rows else None


def give_back(rows: list[uuid.UUID], token: uuid.UUID) -> None:
    """What was claimed and not begun waits again, as if it had not been claimed."""
    held = Message.objects.filter(pk__in=rows, token=token, state=State.LEASED)
    held.update(state=State.PENDING, token=None, lease_until=None, tries=F("tries") - 1)


def send_one(pk: uuid.UUID, token: uuid.UUID) -> State | None:
    """Send one claimed message; the state it has then, or `None` where nothing can be sent now."""
    rows = Message.objects.select_related("occasion", "recipient")
    message, now = rows.filter(pk=pk, token=token, state=State.LEASED).first(), database_now()
    if message is None:
        return State.LEASED  # somebody else holds it by now
    rule = rules().get(message.rule)
    if reason := why_not(message, rule, now):
        return _move(message, token, State.CANCELLED, now, error=reason)
    if later := _later(message, now):
        _postpone(message, token, later, now)
        return State.PENDING
    if message.lease_until - now < LEAST_LEFT:
        give_back([pk], token)
        return State.PENDING
    if not _move(message, token, State.CALLING, now):
        return State.LEASED  # somebody else holds it by now
    if message.channel == Channel.APP:
        return _end(message, token, State.ACCEPTED)
    return _email(message, token, rule)


def why_not(message: Message, rule: Reminder | None, now: dt.datetime) -> str:
    """Why a message is not wanted any more; empty where it still is."""
    if rule is None:
        return "no such kind any more"
    wishes = wishes_of([message.recipient_id]).get(message.recipient_id)
    if wishes is None:
        return "cannot sign in any more"
    if is_switched_off(rule, wishes) or (message.channel == Channel.EMAIL and not wishes.by_email):
        return "switched off"
    return "" if rule.stands(message.occasion, now) else "not due any more"


def _later(message: Message, now: dt.datetime) -> dt.datetime | None:
    """When an email may leave that may not now: its reader has changed their hours meanwhile."""
    if message.channel == Channel.APP:
        return None
    wishes = wishes_of([message.recipient_id])[message.recipient_id]
    moment = allowed_from(wishes, now)
    return moment if moment > now else None


def _postpone(message: Message, token, later: dt.datetime, now: dt.datetime) -> None:
    worth = message.expires_at - message.not_before
    held = Message.objects.filter(pk=message.pk, token=token, state=State.LEASED)
    held.update(
        state=State.PENDING,
        not_before=later,
        expires_at=later + worth,
        token=None,
        tries=message.tries - 1,
        moved_at=now,
    )


def _email(message: Message, token, rule: Reminder) -> State | None:
    try:
        email_of(message, rule).send()
    except REFUSED as error:
        if _is_permanent(error):
            return _end(message, token, State.FAILED, error)
        return _try_later(message, token, error)
    except NOT_HANDED_OVER as error:
        _try_later(message, token, error, counted=False)
        return None
    except OSError as error:
        # The line went while the server was spoken to: nobody knows whether it has the message.
        return _end(message, token, State.UNKNOWN, error)
    return _end(message, token, State.ACCEPTED)


def _is_permanent(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= FIRST_PERMANENT for code, _ in error.recipients.values())
    return error.smtp_code >= FIRST_PERMANENT


def email_of(message: Message, rule: Reminder) -> EmailMultiAlternatives:
    """The email for a message, with the address and the link of now; every copy has one id.

    Its plain and its HTML part are made from the same words.
    """
    told = said(message, rule)
    link = settings.PUBLIC_URL.rstrip("/") + reverse("notifications:open", args=[message.pk])
    context = {
        "words": told.words,
        "link": link,
        "wishes": settings.PUBLIC_URL.rstrip("/") + reverse("notifications:wishes"),
        "organisation_name": settings.ORGANISATION_NAME,
    }
    body = render_to_string("notifications/email.txt", context).strip() + "\n"
    page = render_to_string("notifications/email.html", context | {"subject": told.subject})
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {"Message-ID": f"<{message.reference.hex}@{domain}>"}
    to = [message.recipient.email]
    email = EmailMultiAlternatives(told.subject, body, to=to, headers=headers)
    email.attach_alternative(page, "text/html")
    return email


def _try_later(message: Message, token, error: Exception, *, counted: bool = True) -> State:
    """Again after a pause that doubles, give or take; given up after five tries."""
    if counted and message.tries >= MOST_TRIES:
        return _end(message, token, State.DEAD, error)
    seconds = min(FIRST_PAUSE * 2 ** (message.tries - 1), LONGEST_PAUSE)
    pause = dt.timedelta(seconds=seconds * random.uniform(0.5, 1.5))  # noqa: S311
    more = {"not_before": database_now() + pause}
    return _end(message, token, State.PENDING, error, **more)


def _end(message: Message, token, state: State, error: Exception | None = None, **more) -> State:
    """Write down how a try ended, with the row of the try in the same transaction."""
    now, kind = database_now(), type(error).__name__ if error else ""
    if error:
        log.warning("A reminder could not be sent: %s, %s", message.pk, kind)
    with transaction.atomic():
        if _move(message, token, state, now, error=kind, **more):
            Attempt.objects.create(
                message=message, number=message.tries, ended_at=now, result=state, error=kind[:60]
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
