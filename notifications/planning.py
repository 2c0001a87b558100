"""From what is due to rows: any number of planners make each row once."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from functools import cache
from itertools import batched
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction

from notifications.models import Channel, Wishes
from notifications.quiet import next_allowed
from notifications.rules import Due, Reminder, rules

ROWS_AT_ONCE = 50_000
# One statement for all of them, because a row of Django's each takes four times as long. In one
# order, so that two planners who write the same wait for each other and never in a ring.
NEW_OCCASIONS = """
INSERT INTO notifications_occasion
    (id, rule, recipient_id, about, day, sequence, due_at, created_at)
SELECT gen_random_uuid(), %(rule)s, recipient, about, day, sequence, at, %(now)s
FROM unnest(%(recipient)s::uuid[], %(about)s::uuid[], %(day)s::date[], %(at)s::timestamptz[],
    %(sequence)s::smallint[]) AS due (recipient, about, day, at, sequence)
WHERE NOT EXISTS (
    SELECT FROM notifications_occasion AS there
    WHERE there.rule = %(rule)s AND there.recipient_id = due.recipient AND there.about = due.about
        AND there.day = due.day AND there.sequence = due.sequence
)
ORDER BY recipient, about, day, sequence
ON CONFLICT DO NOTHING
RETURNING id, recipient_id, day, due_at
"""
NEW_MESSAGES = """
INSERT INTO notifications_message (id, occasion_id, rule, recipient_id, day, channel, not_before,
    expires_at, state, tries, reference, carrier, may_be_double, error, moved_at)
SELECT gen_random_uuid(), occasion, rule, recipient_id, day, channel, moment,
    moment + %(worth)s, 'pending', 0, gen_random_uuid(), '', false, '', %(now)s
FROM unnest(%(occasion)s::uuid[], %(channel)s::text[], %(moment)s::timestamptz[])
    AS new (occasion, channel, moment)
JOIN notifications_occasion ON id = occasion
ORDER BY recipient_id, day, channel
ON CONFLICT DO NOTHING
"""
MESSAGE_COLUMNS = ("occasion", "channel", "moment")


class New(NamedTuple):
    """An occasion that was just written down."""

    id: uuid.UUID
    recipient: uuid.UUID
    day: dt.date
    due_at: dt.datetime


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
    """Occasions that are not there yet, each with a message for every channel that is wanted.

    Both or neither: whoever is killed in between has written nothing, so the next one does.
    """
    with transaction.atomic():
        fresh = _new_occasions(rule, found, now)
        return _new_messages(rule, fresh, now) if fresh else 0


def _new_occasions(rule: Reminder, found: Iterable[Due], now: dt.datetime) -> list[New]:
    """Write down what is not there yet; what another planner writes meanwhile is theirs."""
    wanted = [one for one in found if not rule.leaves_no_trace or one.at > now - rule.worth_sending]
    if not wanted:
        return []
    values = {"rule": rule.key, "now": now, **_columns(Due._fields, wanted)}
    with connection.cursor() as cursor:
        cursor.execute(NEW_OCCASIONS, values)
        return [New(*row) for row in cursor.fetchall()]


def _new_messages(rule: Reminder, fresh: list[New], now: dt.datetime) -> int:
    """A message by each channel of each occasion; the number of those that were not there."""
    wishes, moments = wishes_of({one.recipient for one in fresh}), cache(next_allowed)
    # Another occasion of the kind on the same day has its message already: one is enough.
    once = {}
    for one in fresh:
        for channel, moment in channels_of(rule, one.due_at, wishes.get(one.recipient), moments):
            once.setdefault((one.recipient, one.day, channel), (one.id, channel, moment))
    if not once:
        return 0
    values = {"now": now, "worth": rule.worth_sending}
    with connection.cursor() as cursor:
        cursor.execute(NEW_MESSAGES, values | _columns(MESSAGE_COLUMNS, [*once.values()]))
        return cursor.rowcount


def _columns(names: Iterable[str], rows: list[tuple]) -> dict[str, list]:
    """Rows turned into a list for each column."""
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


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


def channels_of(
    rule: Reminder, due_at: dt.datetime, wishes: Wishes | None, first: Callable = next_allowed
) -> list[tuple[str, dt.datetime]]:
    """The channels by which somebody is told, and from when; none for who has gone or switched
    this kind off."""
    if wishes is None or is_switched_off(rule, wishes):
        return []
    found = [] if rule.leaves_no_trace else [(str(Channel.APP), due_at)]
    away = () if is_left_to_digest(rule, wishes) else (Channel.EMAIL, Channel.SMS)
    found += (
        (str(channel), allowed_from(wishes, due_at, first))
        for channel in away
        if is_wanted(channel, wishes)
    )
    return found


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


def allowed_from(
    wishes: Wishes, moment: dt.datetime, first: Callable = next_allowed
) -> dt.datetime:
    """The first moment from one on at which somebody wants to be written to.

    Args:
        first: `next_allowed`, or one that remembers what it was asked.
    """
    return first(
        moment,
        quiet_from=wishes.quiet_from,
        quiet_until=wishes.quiet_until,
        at_weekends=wishes.at_weekends,
        paused_until=wishes.paused_until,
    )
