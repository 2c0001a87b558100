"""What repairs everything: plans, frees what a dead sender held, lets go what is too late, sends.

Beat asks for it every 30 seconds; a loop without Celery (`manage.py sweep_reminders`) does the
same. Any number of them at once do no harm.
"""

import datetime as dt

from django.conf import settings
from django.db import connection
from django.db.models import DurationField, ExpressionWrapper, F, Value
from django.db.models.functions import Random

from notifications import alarms, receipts
from notifications.clock import database_now
from notifications.models import (
    FINAL,
    Carrier,
    Heartbeat,
    Message,
    Occasion,
    Sending,
    State,
    Wishes,
)
from notifications.planning import plan
from notifications.receipts import SETTLE
from notifications.rules import private_kinds, rules
from notifications.sending import MOST_TRIES, send_all

SWEEP, LOOP = "sweep", "loop"  # who sweeps: the worker, when beat asks, and the loop without Celery
SENDER_DIED = "its sender died"
DAY = dt.timedelta(days=1)
SPREAD = dt.timedelta(seconds=10)


def sweep(name: str = SWEEP) -> int:
    """Plan, repair and send; how many were sent.

    Args:
        name: who sweeps; each of them is missed when it stops.
    """
    now = database_now()
    Sending.objects.get_or_create(pk=1, defaults={"epoch": settings.SENDING_EPOCH})
    plan(now)
    repair(now)
    sent = send_all()
    if settings.NOTIFY.key:
        receipts.ask(database_now())
    forget(now)
    beat(name)
    alarms.watch(database_now())
    return sent


def beat(name: str) -> None:
    """Note that a process has done its work."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=database_now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


def repair(now: dt.datetime) -> None:
    """What a dead sender held waits again or is not known; what is too late is let go."""
    leaseless = Message.objects.filter(lease_until__lte=now)
    # Spread out: one that ends its sender would hold up the same others each time.
    spread = ExpressionWrapper(Random() * Value(SPREAD), DurationField())
    leaseless.filter(state=State.LEASED).update(
        state=State.PENDING, token=None, lease_until=None, moved_at=now, not_before=now + spread
    )
    leaseless.filter(state=State.CALLING).update(
        state=State.UNKNOWN, moved_at=now, error=SENDER_DIED
    )
    _ask_again(now)
    Message.objects.filter(state=State.PENDING, expires_at__lte=now).update(
        state=State.EXPIRED, moved_at=now
    )


def _ask_again(now: dt.datetime) -> None:
    """A mail server cannot be asked: an ordinary reminder goes once more, as the same message by
    its id; a sensitive one does not, and stands on the work list. Nor does one of a carrier that
    can be asked: see `notifications.receipts`."""
    sensitive = [rule.key for rule in rules().values() if rule.is_sensitive]
    settled = Message.objects.filter(state=State.UNKNOWN, moved_at__lte=now - SETTLE)
    ordinary = settled.exclude(rule__in=sensitive).exclude(carrier=Carrier.NOTIFY)
    ordinary.filter(tries__gte=MOST_TRIES).update(state=State.DEAD, moved_at=now)
    ordinary.update(
        state=State.PENDING,
        token=None,
        lease_until=None,
        not_before=F("moved_at"),
        moved_at=now,
        may_be_double=True,
        error="sent once more: not known whether it left",
    )


def forget(now: dt.datetime) -> None:
    """What is its reader's alone goes once it is on its way, and the telephone numbers of those who
    cannot sign in any more."""
    for key in private_kinds():
        Message.objects.filter(rule=key, state__in=FINAL).delete()
        old = Occasion.objects.filter(rule=key, due_at__lt=now - rules()[key].worth_sending - DAY)
        old.filter(messages__isnull=True).delete()
    gone = Wishes.objects.filter(user__is_active=False).exclude(phone="")
    gone.update(phone="", by_sms=False)


HEALTH = """
SELECT clock_timestamp(),
    (SELECT max(at) FROM notifications_heartbeat),
    (SELECT min(not_before) FROM notifications_message
        WHERE state = 'pending' AND not_before <= clock_timestamp()),
    EXISTS (SELECT FROM notifications_sending WHERE paused OR epoch <> %s)
"""


def health() -> dict[str, str]:
    """For `/readyz`: whether reminders are swept, and how long the oldest has been due."""
    with connection.cursor() as cursor:
        cursor.execute(HEALTH, [settings.SENDING_EPOCH])
        now, swept, oldest, paused = cursor.fetchone()
    silent = swept is None or now - swept > alarms.SILENCE
    return {
        "reminders": "paused" if paused else "silent" if silent else "ok",
        "oldest_due_seconds": str(int((now - oldest).total_seconds()) if oldest else 0),
    }


def reconcile(epoch: str) -> int:
    """After a restore: what may have left before is not sent again; the number of messages.

    Everything that was due before now counts as not known, for somebody to look at; then sending
    goes on.
    """
    now = database_now()
    held = Message.objects.filter(state__in=(State.LEASED, State.PENDING), not_before__lte=now)
    number = held.update(state=State.EXPIRED, moved_at=now, error="may have left before a restore")
    Sending.objects.update_or_create(pk=1, defaults={"epoch": epoch, "paused": False})
    return number
