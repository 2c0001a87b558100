"""From a row to an e-mail: claim, render, send, mark as sent. Runs in the worker.

The broker carries a hint without any content, and a sweep every minute does the same work when a
hint was lost; so a broker that is down or wiped costs a minute and never a message.
"""

import datetime as dt
import logging
import smtplib
from collections.abc import Callable, Iterable

from celery import current_app
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.core.signing import TimestampSigner
from django.template.loader import render_to_string
from django.urls import reverse
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from accounts.models import Invitation, Mail, Notice, NoticeKind

LEASE = dt.timedelta(minutes=5)  # longer than one message can take to send
PAUSE = dt.timedelta(minutes=10)  # before a message that could not be sent is tried again
AT_ONCE = 100  # messages in one run
DELIVER = "accounts.deliver_messages"
# The server answered and refused this one message; any other error is the server's own.
REFUSED = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)
invitation_signer = TimestampSigner(salt="accounts.invitation")
log = logging.getLogger(__name__)

type Compose = Callable[[Mail], EmailMessage | None]

# Neutral words: a subject is read on lock screens and over shoulders.
SUBJECTS = {
    "invitation": "Set up your account",
    NoticeKind.NEW_PASSWORD: "Set a new password",
    NoticeKind.PASSWORD_CHANGED: "Your password was changed",
    NoticeKind.STEP_ADDED: "A second sign-in step was added",
    NoticeKind.STEP_REMOVED: "A second sign-in step was removed",
    NoticeKind.CODES_MADE: "New recovery codes were made",
    NoticeKind.EMAIL_CHANGED: "Your email address was changed",
    NoticeKind.RECORD_UNLINKED: "Your account was changed",
}


def hint(task: str = DELIVER) -> None:
    """Tell a worker that something waits. Nothing is lost when nobody hears it."""
    try:
        current_app.send_task(task)
    except (KombuError, RedisError, OSError) as error:
        log.warning("The broker took no hint (%s); the sweep will send.", type(error).__name__)


def deliver_waiting(*, at: dt.datetime) -> int:
    """Send to users what waits, oldest first; returns how many were sent."""
    return deliver((Invitation, Notice), _to_user, at)


def deliver(models: Iterable[type[Mail]], compose: Compose, at: dt.datetime) -> int:
    """Send what waits of some models, oldest first; returns how many were sent.

    A server that cannot be reached ends the run: the sweep goes on in a minute.

    Args:
        compose: makes the e-mail of a row, or nothing where it is not to be sent any more.
    """
    sent = 0
    for model in models:
        waiting = model.objects.waiting(at).order_by("created_at").values_list("pk", flat=True)
        for pk in waiting[:AT_ONCE]:
            try:
                sent += _deliver(model, pk, compose, at)
            except OSError as error:
                _note(model, pk, error, again_at=None)
                return sent
    return sent


def _deliver(model: type[Mail], pk, compose: Compose, at: dt.datetime) -> bool:
    """Send one message, if nobody else is doing so."""
    if not model.objects.waiting(at).filter(pk=pk).update(claimed_until=at + LEASE):
        return False
    if email := compose(model.objects.get(pk=pk)):
        try:
            email.send()
        except REFUSED as error:
            _note(model, pk, error, again_at=at + PAUSE)
            return False
    model.objects.filter(pk=pk).update(sent_at=at, claimed_until=None, failure="")
    Notice.objects.filter(pk=pk).update(former_email="")
    return True


def _note(model: type[Mail], pk, error: Exception, *, again_at: dt.datetime | None) -> None:
    kind = type(error).__name__
    model.objects.filter(pk=pk).update(failure=kind[:60], claimed_until=again_at)
    log.warning("A message could not be sent: %s %s, %s", model.__name__, pk, kind)


def _to_user(mail: Mail) -> EmailMessage | None:
    return message(mail) if mail.user is not None and mail.user.is_active else None


def message(mail: Mail) -> EmailMessage:
    """The e-mail for a row, with its link made now."""
    kind = "invitation" if isinstance(mail, Invitation) else mail.kind
    context = {
        "user": mail.user,
        "at": mail.created_at,
        "link": _link(mail, kind),
        "organisation_name": settings.ORGANISATION_NAME,
    }
    body = render_to_string(f"accounts/mail/{kind}.txt", context)
    address = getattr(mail, "former_email", "") or mail.user.email
    return EmailMessage(SUBJECTS[kind], body.strip() + "\n", to=[address])


def _link(mail: Mail, kind: str) -> str:
    if kind == "invitation":
        path = reverse("accounts:invitation", args=[invitation_signer.sign(str(mail.pk))])
    elif kind == NoticeKind.NEW_PASSWORD:
        key = default_token_generator.make_token(mail.user)
        path = reverse("account_reset_password_from_key", args=[mail.user.pk.hex, key])
    else:
        path = reverse("account_login")
    return settings.PUBLIC_URL.rstrip("/") + path
