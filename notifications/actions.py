"""What people decide about what they are told, and what staff do with a message."""

import datetime as dt

from django.contrib.auth import get_user_model
from django.db import transaction

from notifications.models import Message, State, Wishes


def set_wishes(*, user, **values) -> Wishes:
    """Say how one wants to be told things. It counts from this moment, for what waits too."""
    with transaction.atomic():
        get_user_model().objects.select_for_update().get(pk=user.pk)
        wishes, _ = Wishes.objects.update_or_create(user=user, defaults=values)
    return wishes


def withdraw(*, rule: str, about, at: dt.datetime) -> int:
    """What is not needed any more is not sent: called by the action that made it so."""
    waiting = Message.objects.filter(rule=rule, occasion__about=about, state=State.PENDING)
    return waiting.update(state=State.CANCELLED, moved_at=at, error="not due any more")


def cancel(*, message: Message, at: dt.datetime) -> bool:
    """A member of staff takes back what waits; whether it was still waiting."""
    waiting = Message.objects.filter(pk=message.pk, state__in=(State.PENDING, State.UNKNOWN))
    return bool(waiting.update(state=State.CANCELLED, moved_at=at, error="taken back by staff"))


def send_again(*, message: Message, at: dt.datetime) -> Message:
    """A new row beside one that did not arrive; however often it is asked, one waits."""
    with transaction.atomic():
        Message.objects.select_for_update().get(pk=message.pk)
        waiting = Message.objects.filter(again_of=message, state=State.PENDING).first()
        if waiting:
            return waiting
        worth = message.expires_at - message.not_before
        return Message.objects.create(
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
