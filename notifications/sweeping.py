"""What repairs everything: plans, frees what a dead sender held, lets go what is too late, sends.

Beat asks for it every 30 seconds; a loop without Celery (`manage.py sweep_reminders`) does the
same. Any number of them at once do no harm.
"""

import datetime as dt

from django.conf import settings
from django.db import connection
from django.db.models import F

from notifications.models import Heartbeat, Message, Sending, State
from notifications.planning import plan
from notifications.rules import rules
from notifications.sending import MOST_TRIES, database_now, send_due

SETTLE = dt.timedelta(minutes=2)  # before a message of which nothing is known is sent once more
SILENCE = dt.timedelta(minutes=5)  # after which the service says that nothing has swept
SWEEP = "sweep"
SENDER_DIED = "its sender died"


def sweep() -> int:
    """Plan, repair and send; how many were sent."""
    now = database_now()
    Sending.objects.get_or_create(pk=1, defaults={"epoch": settings.SENDING_EPOCH})
    plan(now)
    repair(now)
    sent = send_due()
    beat(SWEEP)
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
    held = leaseless.filter(state=State.LEASED)
    held.filter(tries__gte=MOST_TRIES).update(state=State.DEAD, moved_at=now, error=SENDER_DIED)
    held.update(state=State.PENDING, token=None, lease_until=None, moved_at=now)
    leaseless.filter(state=State.CALLING).update(
        state=State.UNKNOWN, moved_at=now, error=SENDER_DIED
    )
    _ask_again(now)
    Message.objects.filter(state=State.PENDING, expires_at__lte=now).update(
        state=State.EXPIRED, moved_at=now
    )


def _ask_again(now: dt.datetime) -> None:
    """A mail server cannot be asked: an ordinary reminder goes once more, as the same message by
    its id; a sensitive one does not, and stands on the work list."""
    sensitive = [rule.key for rule in rules().values() if rule.is_sensitive]
    settled = Message.objects.filter(state=State.UNKNOWN, moved_at__lte=now - SETTLE)
    ordinary = settled.exclude(rule__in=sensitive)
    ordinary.filter(tries__gte=MOST_TRIES).update(state=State.DEAD, moved_at=now)
    ordinary.update(
        state=State.PENDING,
        token=None,
        lease_until=None,
        not_before=F("moved_at"),
        moved_at=now,
        error="sent once more: not known whether it left",
    )


HEALTH = """
SELECT clock_timestamp(),
    (SELECT at FROM notifications_heartbeat WHERE name = %s),
    (SELECT min(not_before) FROM notifications_message
        WHERE state = 'pending' AND not_before <= clock_timestamp()),
    EXISTS (SELECT FROM notifications_sending WHERE paused OR epoch <> %s)
"""


def health() -> dict[str, str]:
    """For `/readyz`: whether reminders are swept, and how long the oldest has been due."""
    with connection.cursor() as cursor:
        cursor.execute(HEALTH, [SWEEP, settings.SENDING_EPOCH])
        now, swept, oldest, paused = cursor.fetchone()
    silent = swept is None or now - swept > SILENCE
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
