"""What people decide about what they are told, and what staff do with a message."""

import datetime as dt
from collections.abc import Collection

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from notifications.models import (
    ON_WORK_LIST,
    Did,
    Handling,
    Message,
    Occasion,
    State,
    Text,
    Wishes,
)
from notifications.wording import Said

# What did not arrive, or nobody knows of: these may go once more as rows of their own.
TO_SEND_AGAIN = ON_WORK_LIST


class NotWaiting(Exception):  # noqa: N818
    """The message is on its way, or has come to its end."""


class ChangedMeanwhile(Exception):  # noqa: N818
    """Somebody else wrote a version after the one that was read."""


def set_wishes(*, user, **values) -> Wishes:
    """Say how one wants to be told things. It counts from this moment, for what waits too."""
    with transaction.atomic():
        get_user_model().objects.select_for_update().get(pk=user.pk)
        wishes, _ = Wishes.objects.update_or_create(user=user, defaults=values)
    return wishes


def withdraw(*, rules: Collection[str], about: Collection, at: dt.datetime) -> int:
    """What is not needed any more is not sent: called by the action that made it so.

    A message that stands for something else of its kind too is left: that is asked before sending.
    """
    same = Occasion.objects.filter(
        rule=OuterRef("rule"), recipient=OuterRef("recipient"), day=OuterRef("day")
    )
    others = same.exclude(pk=OuterRef("occasion"))
    waiting = Message.objects.filter(
        ~Exists(others), rule__in=rules, occasion__about__in=about, state=State.PENDING
    )
    return waiting.update(state=State.CANCELLED, moved_at=at, error="not due any more")


def cancel(*, message: Message, by, at: dt.datetime) -> bool:
    """A member of staff takes back what waits; whether it was still waiting."""
    waiting = Message.objects.filter(pk=message.pk, state__in=(State.PENDING, State.UNKNOWN))
    with transaction.atomic():
        taken = waiting.update(state=State.CANCELLED, moved_at=at, error="taken back by staff")
        if taken:
            Handling.objects.create(message=message, did=Did.CANCELLED, by=by, at=at)
    return bool(taken)


def move(*, message: Message, to: dt.datetime, by, at: dt.datetime) -> None:
    """Another time for what waits; it is worth sending for as long as before.

    Raises:
        NotWaiting: it does not wait any more.
    """
    with transaction.atomic():
        row = _waiting(message)
        worth = row.expires_at - row.not_before
        Message.objects.filter(pk=row.pk).update(not_before=to, expires_at=to + worth, moved_at=at)
        moved = {"moved_from": row.not_before, "moved_to": to}
        Handling.objects.create(message=row, did=Did.MOVED, by=by, at=at, **moved)


def write_for_message(*, message: Message, said: Said, by, at: dt.datetime, seen: int) -> Text:
    """Other words for one message that waits.

    Raises:
        NotWaiting: it does not wait any more.
        ChangedMeanwhile: `seen` is not the newest version of its words.
    """
    with transaction.atomic():
        row = _waiting(message)
        text = _write(rule=row.rule, message=row, said=said, by=by, at=at, seen=seen)
        Handling.objects.create(message=row, did=Did.WORDED, by=by, at=at)
    return text


def write_text(*, rule: str, said: Said, by, at: dt.datetime, seen: int) -> Text:
    """A new version of what a kind says, from now on; 0 is seen where there is none yet.

    Raises:
        ChangedMeanwhile: `seen` is not the newest version.
    """
    return _write(rule=rule, message=None, said=said, by=by, at=at, seen=seen)


def _write(*, rule: str, message: Message | None, said: Said, by, at, seen: int) -> Text:
    newest = Text.objects.filter(rule=rule, message=message).last()
    if (newest.number if newest else 0) != seen:
        raise ChangedMeanwhile
    values = {"rule": rule, "message": message, "number": seen + 1, **said._asdict()}
    try:
        with transaction.atomic():
            return Text.objects.create(**values, written_by=by, written_at=at)
    except IntegrityError as error:  # both wrote at once
        raise ChangedMeanwhile from error


def _waiting(message: Message) -> Message:
    row = Message.objects.select_for_update().get(pk=message.pk)
    if row.state != State.PENDING:
        raise NotWaiting
    return row


def send_again(*, message: Message, by, at: dt.datetime) -> Message:
    """A new row beside one that did not arrive; however often it is asked, one waits.

    Raises:
        NotWaiting: it arrived, or is still to be sent.
    """
    with transaction.atomic():
        row = Message.objects.select_for_update().get(pk=message.pk)
        if row.state not in TO_SEND_AGAIN:
            raise NotWaiting
        waiting = Message.objects.filter(again_of=message, state=State.PENDING).first()
        if waiting:
            return waiting
        worth = message.expires_at - message.not_before
        again = Message.objects.create(
            occasion=message.occasion,
            rule=message.rule,
            recipient_id=message.recipient_id,
            day=message.day,
            channel=message.channel,
            not_before=at,
            expires_at=at + worth,
            moved_at=at,
            again_of=message,
        )
        Handling.objects.create(message=message, did=Did.AGAIN, by=by, at=at)
    return again
