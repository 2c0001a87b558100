"""Handing a message to its carrier, and what each answer of a carrier means."""

import smtplib
from enum import Enum
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from notifications import notify
from notifications.models import Carrier, Channel, Message
from notifications.planning import wishes_of
from notifications.rules import Reminder
from notifications.smtp import REFUSED, NotHandedOver
from notifications.wording import said

FIRST_PERMANENT = 500  # reply codes of SMTP from here on do not get better by waiting
CLOSING = 421  # the server takes nothing from anybody now
BAD_REQUEST = 400


class Outcome(Enum):
    """What a try came to."""

    ACCEPTED = "the carrier has it"
    REFUSED = "the carrier takes this message never"
    LATER = "the carrier takes this message perhaps another time"
    DOWN = "the carrier takes nothing now"
    UNSURE = "nobody knows whether the carrier has it"


class Tried(NamedTuple):
    """How a try ended, and the kind of what went wrong: never its text."""

    outcome: Outcome
    error: str = ""


def carrier_of(channel: str) -> str:
    """Who takes messages of a channel; nobody where they are on a page at once."""
    if channel == Channel.APP:
        return ""
    by_notify = channel == Channel.SMS or settings.NOTIFY.email_template
    return Carrier.NOTIFY if by_notify else Carrier.SMTP


def hand_over(message: Message, rule: Reminder) -> Tried:
    """Give a message to its carrier, as it reads now."""
    if message.carrier == Carrier.NOTIFY:
        return _by_notify(message, rule)
    if message.carrier == Carrier.SMTP:
        return _by_smtp(email_of(message, rule))
    return Tried(Outcome.ACCEPTED)


def _by_smtp(email: EmailMessage) -> Tried:
    try:
        email.send()
    except REFUSED as error:
        return Tried(_meaning(error), type(error).__name__)
    except NotHandedOver as error:
        return Tried(Outcome.DOWN, str(error) or type(error).__name__)
    except OSError as error:
        return Tried(Outcome.UNSURE, type(error).__name__)
    return Tried(Outcome.ACCEPTED)


def _meaning(error: smtplib.SMTPException) -> Outcome:
    """What a refusal says: of one address or text, or of everything we send."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = {code for code, _ in error.recipients.values()}
    else:
        codes = {error.smtp_code}
    if CLOSING in codes or isinstance(error, smtplib.SMTPSenderRefused):
        return Outcome.DOWN
    return Outcome.REFUSED if min(codes) >= FIRST_PERMANENT else Outcome.LATER


def _by_notify(message: Message, rule: Reminder) -> Tried:
    reference = str(message.pk)
    try:
        if message.channel == Channel.SMS:
            phone = wishes_of([message.recipient_id])[message.recipient_id].phone
            notify.send_sms(phone=phone, text=sms_of(message, rule), reference=reference)
        else:
            email = email_of(message, rule)
            notify.send_email(
                address=email.to[0], subject=email.subject, text=email.body, reference=reference
            )
    except notify.Refused as error:
        # A clock or key that is wrong and too many at once are nothing a message can help.
        one = error.status == BAD_REQUEST
        return Tried(Outcome.REFUSED if one else Outcome.DOWN, f"Notify {error.status}")
    except notify.NotReached as error:
        return Tried(Outcome.DOWN, str(error))
    except notify.Unsure as error:
        return Tried(Outcome.UNSURE, str(error))
    return Tried(Outcome.ACCEPTED)


def link_of(message: Message) -> str:
    """The address that opens the exact page after signing in."""
    return settings.PUBLIC_URL.rstrip("/") + reverse("notifications:open", args=[message.pk])


def email_of(message: Message, rule: Reminder) -> EmailMultiAlternatives:
    """The email for a message, with the address and the link of now; every copy has one id.

    Its plain and its HTML part are made from the same words.
    """
    told = said(message, rule)
    context = {
        "words": f"{told.words}\n\n{rule.more(message.occasion, timezone.now())}".strip(),
        "link": link_of(message),
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


def sms_of(message: Message, rule: Reminder) -> str:
    """The text message: a sentence and the link; no name of anybody or anything."""
    return f"{said(message, rule).sms} {link_of(message)}"
