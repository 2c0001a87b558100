"""Who is owed a message in the suite, and what has become of it."""

import datetime as dt
import random
import time
import uuid
from collections import Counter
from typing import NamedTuple

from faults.stand_ins import Accepted

# Ended, or as good as: what the carrier has, whose receipt may still come.
OPEN = ("pending", "leased", "calling", "unknown")
ON_THE_LINE = 1.0  # seconds a message may take to its carrier
CLEAR = """
SET statement_timeout = 0;
DELETE FROM notifications_attempt; DELETE FROM notifications_message;
DELETE FROM notifications_occasion; DELETE FROM notifications_circuit;
DELETE FROM notifications_alarm; DELETE FROM notifications_heartbeat;
UPDATE accounts_user SET is_active = false WHERE is_active;
"""


class Count(NamedTuple):
    """What a row of the table promises to be zero, and how many second copies are flagged."""

    lost: int
    dup: int
    flagged: int
    ghost: int
    wrong: int
    most_tries: int


def prepare() -> None:
    """The database as it is before the first row."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def clear() -> None:
    from django.db import connection

    from notifications.models import Wishes

    Wishes.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(CLEAR)


def due_since() -> str:
    """A minute ago, by the database's clock."""
    from notifications.clock import database_now

    return (database_now() - dt.timedelta(minutes=1)).isoformat()


def intend(number: int, channel: str, *, planned: bool = True) -> None:
    """So many people who are owed a message by a channel, at any hour."""
    from faults.reminders import Everybody
    from notifications.models import Wishes
    from notifications.planning import plan_rule
    from notifications.rules import Due
    from tests.factories import UserFactory

    users = [UserFactory(email=f"{uuid.uuid4().hex}@example.org") for _ in range(number)]
    never = dt.time(0)
    Wishes.objects.bulk_create(
        Wishes(
            user=user,
            by_email=channel == "email",
            by_sms=channel == "sms",
            phone=f"+447700{index:06}",
            quiet_from=never,
            quiet_until=never,
            at_weekends=True,
        )
        for index, user in enumerate(users)
    )
    if planned:
        at = dt.datetime.fromisoformat(due_since())
        rule = Everybody()
        rule.due = lambda _now: iter(Due(user.pk, user.pk, at.date(), at) for user in users)
        plan_rule(rule, at)


def everybody(chance: random.Random) -> list:
    """All who are owed something, in any order."""
    from accounts.models import User

    users = list(User.objects.filter(is_active=True))
    chance.shuffle(users)
    return users


def change(user, chance: random.Random) -> float:
    """Somebody leaves, opts out or has another address; the moment from which that counts."""
    from accounts.models import User
    from notifications.models import Wishes

    what = chance.choice(("leaves", "opts out", "address"))
    mine = User.objects.filter(pk=user.pk)
    if what == "leaves":
        mine.update(is_active=False)
    elif what == "opts out":
        Wishes.objects.filter(user=user).update(by_email=False)
    else:
        mine.update(email=f"new-{user.email}")
    return time.monotonic()


def counts(condition: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM notifications_message WHERE {condition}")
        return cursor.fetchone()[0]


def connections() -> int:
    """Lines to the database."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone()[0]


def heard_from() -> dict[str, dt.datetime]:
    """Who has swept in this row, and when last."""
    from notifications.models import Heartbeat

    return dict(Heartbeat.objects.values_list("name", "at"))


def commits_wait_for(cursor, standby: str) -> None:
    """Whom each commit waits for before it is told: a standby by its name, or nobody."""
    cursor.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{standby}'")
    cursor.execute("SELECT pg_reload_conf()")


def alarms() -> set[str]:
    """What is told to be wrong."""
    from notifications.models import Alarm

    return set(Alarm.objects.values_list("name", flat=True))


def is_quiet() -> bool:
    """Whether every message has ended."""
    return counts(f"state IN {OPEN}") == 0


def count(intents: int, taken: list[Accepted], changed: dict[str, float]) -> Count:
    """What was lost, came twice, came from nowhere or went to the wrong place.

    Args:
        changed: addresses that should get nothing from a moment on.
    """
    from notifications.models import Message

    rows = list(Message.objects.exclude(channel="app").select_related("recipient__wishes"))
    known = {}
    for row in rows:
        known[row.reference.hex] = known[str(row.pk)] = row
    times = Counter(known[one.reference].pk for one in taken if one.reference in known)
    said_sent = {"accepted", "delivered", "returned"}
    never_left = [row for row in rows if row.state in said_sent and not times[row.pk]]
    double = [pk for pk, number in times.items() if number > 1]
    flagged = {row.pk for row in rows if row.may_be_double}
    return Count(
        lost=intents - len(rows) + sum(row.state in OPEN for row in rows) + len(never_left),
        dup=sum(times[pk] - 1 for pk in double if pk not in flagged),
        flagged=sum(times[pk] - 1 for pk in double if pk in flagged),
        ghost=sum(one.reference not in known for one in taken),
        wrong=sum(
            _is_wrong(one, known[one.reference].recipient, changed)
            for one in taken
            if one.reference in known
        ),
        most_tries=max((row.tries for row in rows), default=0),
    )


def _is_wrong(one: Accepted, user, changed: dict[str, float]) -> bool:
    """Whether a message reached somebody whom it should not; one that was on the line when its
    reader changed something could not be stopped any more."""
    if one.to in changed:
        return one.at > changed[one.to] + ON_THE_LINE
    return one.to not in {user.email, user.wishes.phone} or not user.is_active
