"""From what is due to rows: any number of planners make each row once."""

import datetime as dt
from collections.abc import Iterable
from itertools import batched

from django.conf import settings
from django.contrib.auth import get_user_model

from notifications.models import Channel, Message, Occasion, Wishes
from notifications.quiet import next_allowed
from notifications.rules import Due, Reminder, rules

ROWS_AT_ONCE = 50_000


def plan(now: dt.datetime) -> int:
    """Write down everything that is due, of every kind; the number of new messages.

    A kind takes the same few statements for one person as for thousands.
    """
    return sum(plan_rule(rule, now) for rule in rules().values())


def plan_rule(rule: Reminder, now: dt.datetime) -> int:
    return sum(
        _plan(rule, found, now) for found in batched(rule.due(now), ROWS_AT_ONCE, strict=False)
    )


def _plan(rule: Reminder, found: Iterable[Due], now: dt.datetime) -> int:
    """Occasions that are not there yet, each with a message for every channel that is wanted."""
    fresh = _new_occasions(rule, found, now)
    if not fresh:
        return 0
    wishes = wishes_of({occasion.recipient_id for occasion in fresh})
    messages = [
        message
        for occasion in fresh
        for message in messages_of(rule, occasion, wishes.get(occasion.recipient_id), now)
    ]
    # Another occasion of the kind on the same day has its message already: one is enough.
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    return Message.objects.filter(pk__in=[message.pk for message in messages]).count()


def _new_occasions(rule: Reminder, found: Iterable[Due], now: dt.datetime) -> list[Occasion]:
    wanted = {
        (one.recipient, one.about, one.day, one.sequence): one
        for one in found
        if not rule.leaves_no_trace or one.at > now - rule.worth_sending
    }
    there = Occasion.objects.filter(
        rule=rule.key,
        recipient__in={one.recipient for one in wanted.values()},
        day__in={one.day for one in wanted.values()},
    )
    for known in there.values_list("recipient", "about", "day", "sequence"):
        wanted.pop(known, None)
    rows = [
        Occasion(
            rule=rule.key,
            recipient_id=one.recipient,
            about=one.about,
            day=one.day,
            sequence=one.sequence,
            due_at=one.at,
            created_at=now,
        )
        for one in wanted.values()
    ]
    Occasion.objects.bulk_create(rows, ignore_conflicts=True)
    return list(Occasion.objects.filter(pk__in=[row.pk for row in rows]))


def wishes_of(users: Iterable) -> dict:
    """The wishes of active users by account; `None` for who has said nothing."""
    active = get_user_model().objects.filter(pk__in=users, is_active=True)
    said = {row.user_id: row for row in Wishes.objects.filter(user__in=users)}
    return {pk: said.get(pk) or Wishes(user_id=pk) for pk in active.values_list("pk", flat=True)}


def own_wishes(user) -> Wishes | None:
    """The wishes of one account, read along with it; nothing where it cannot sign in."""
    if not user.is_active:
        return None
    return getattr(user, "wishes", None) or Wishes(user=user)


def messages_of(
    rule: Reminder, occasion: Occasion, wishes: Wishes | None, now: dt.datetime
) -> list[Message]:
    """A message for each channel; none for who has gone or switched this kind off."""
    if wishes is None or is_switched_off(rule, wishes):
        return []
    moments = {} if rule.leaves_no_trace else {Channel.APP: occasion.due_at}
    for channel in (Channel.EMAIL, Channel.SMS):
        if is_wanted(channel, wishes) and not is_left_to_digest(rule, wishes):
            moments[channel] = allowed_from(wishes, occasion.due_at)
    return [
        Message(
            occasion=occasion,
            rule=rule.key,
            recipient_id=occasion.recipient_id,
            day=occasion.day,
            channel=channel,
            not_before=moment,
            expires_at=moment + rule.worth_sending,
            moved_at=now,
        )
        for channel, moment in moments.items()
    ]


def is_wanted(channel: str, wishes: Wishes) -> bool:
    """Whether somebody wants to be told by a channel, and can be."""
    if channel == Channel.SMS:
        return bool(settings.NOTIFY.sms_template and wishes.by_sms and wishes.phone)
    return channel == Channel.APP or wishes.by_email


def is_left_to_digest(rule: Reminder, wishes: Wishes) -> bool:
    """Whether somebody is told once a week instead, and in LXP."""
    return rule.in_digest and wishes.weekly


def is_switched_off(rule: Reminder, wishes: Wishes) -> bool:
    return rule.may_be_switched_off and rule.key in wishes.switched_off


def allowed_from(wishes: Wishes, moment: dt.datetime) -> dt.datetime:
    """The first moment from one on at which somebody wants to be written to."""
    return next_allowed(
        moment,
        quiet_from=wishes.quiet_from,
        quiet_until=wishes.quiet_until,
        at_weekends=wishes.at_weekends,
        paused_until=wishes.paused_until,
    )
