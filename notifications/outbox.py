"""What staff see of messages: those about rows they may see, of kinds that are not private."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from notifications.models import ON_WORK_LIST, Channel, Message, State
from notifications.rules import rules

PLAN = "notifications.plan"
WATCH = "notifications.watch"
WAITING, SENT, NOT_ARRIVED, NOT_NEEDED = "waiting", "sent", "not-arrived", "not-needed"
STANDINGS = {
    WAITING: (State.PENDING, State.LEASED, State.CALLING),
    SENT: (State.ACCEPTED, State.DELIVERED),
    NOT_ARRIVED: ON_WORK_LIST,
    NOT_NEEDED: (State.CANCELLED,),
}
NAMES = {
    WAITING: "Planned and waiting",
    SENT: "Sent",
    NOT_ARRIVED: "Did not arrive",
    NOT_NEEDED: "Not needed any more",
}
COLOURS = {
    State.ACCEPTED: "green",
    State.DELIVERED: "green",
    State.UNKNOWN: "yellow",
    State.EXPIRED: "yellow",
    State.FAILED: "red",
    State.DEAD: "red",
    State.UNDELIVERED: "red",
    State.CANCELLED: "grey",
}
# The kinds of error that are kept, in words; their texts never are.
WHY = {
    "SMTPRecipientsRefused": "The mail server does not take this address.",
    "SMTPSenderRefused": "The mail server does not let us send.",
    "SMTPDataError": "The mail server refused the message.",
    "SMTPServerDisconnected": "The line to the mail server broke.",
    "TimeoutError": "The mail server took too long to answer.",
    "ConnectionRefusedError": "The server could not be reached.",
    "SMTPNotSupportedError": "The mail server offers no encrypted line, so nothing was sent.",
    "Notify 400": "GOV.UK Notify does not take this address or number.",
    "Notify 403": "GOV.UK Notify does not take our key, or a clock is wrong.",
    "Notify 429": "GOV.UK Notify takes no more just now.",
    "permanent-failure": "There is no such address or number.",
    "temporary-failure": "The mailbox or phone could not be reached.",
    "technical-failure": "GOV.UK Notify could not pass it on.",
}


def seen_by(user) -> QuerySet[Message]:
    """The messages whose plan a member of staff may see, whoever they go to."""
    shown = Q(pk__in=[])
    for rule in rules().values():
        rows = rule.seen_by(user)
        if rows is not None:
            shown |= Q(rule=rule.key, occasion__about__in=rows.order_by().values("pk"))
    rows = Message.objects.filter(shown)
    return rows.select_related("occasion", "recipient", "recipient__person")


def kinds_seen_by(user) -> list[tuple[str, str]]:
    """The kinds of which staff see messages, with their names."""
    return [(key, rule.name) for key, rule in rules().items() if rule.seen_by(user) is not None]


def people_in(messages: Iterable[Message], user) -> set:
    """The records of those among the readers who have one; one's own is no look."""
    found = {getattr(one.recipient, "person", None) for one in messages}
    return {person.pk for person in found if person and person.user_id != user.pk}


def standing(message: Message, now: dt.datetime) -> tuple[str, str]:
    """How far a message has got, in words and a colour."""
    if message.state == State.PENDING:
        return ("Planned", "white") if message.not_before > now else ("Due now", "blue")
    return State(message.state).label, COLOURS.get(State(message.state), "blue")


def why(message: Message) -> str:
    """Why it did not go, in words; empty where nothing is to say."""
    if not message.error:
        return ""
    return WHY.get(message.error, f"{message.error[0].upper()}{message.error[1:]}.")


def counts() -> list[tuple[str, list[int]]]:
    """How many messages of each channel have got how far: numbers only, of every kind together."""
    rows = Message.objects.order_by().values_list("channel", "state").annotate(number=Count("pk"))
    found = {(channel, state): number for channel, state, number in rows}
    return [
        (
            str(channel.label),
            [
                sum(found.get((channel, state), 0) for state in states)
                for states in STANDINGS.values()
            ],
        )
        for channel in Channel
    ]
