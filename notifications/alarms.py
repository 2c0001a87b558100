"""Silence is an alarm: told once, in the log and by email, and again when it is over."""

import datetime as dt
import logging

from django.conf import settings
from django.core.mail import mail_admins
from django.db.models import Min

from notifications.models import Alarm, Circuit, Heartbeat, Message, State

SILENCE = dt.timedelta(minutes=5)
DAY = dt.timedelta(days=1)
log = logging.getLogger(__name__)


def watch(now: dt.datetime) -> None:
    """Tell what has gone wrong since the last look, and what is over."""
    wrong = troubles(now)
    new = [Alarm(name=name, since=now) for name in wrong]
    Alarm.objects.bulk_create(new, ignore_conflicts=True)
    over = Alarm.objects.exclude(name__in=wrong)
    for alarm in over:
        if over.filter(pk=alarm.pk).delete()[0]:
            log.warning("Over: %s", alarm.name)
    for alarm in Alarm.objects.filter(told_at=None):
        _tell(alarm, now)


def troubles(now: dt.datetime) -> list[str]:
    """What is wrong now, in words."""
    oldest = Message.objects.filter(state=State.PENDING).aggregate(first=Min("not_before"))
    late = oldest["first"] is not None and oldest["first"] < now - SILENCE
    unsure = Message.objects.filter(state=State.UNKNOWN, moved_at__lt=now - 2 * SILENCE)
    dead = Message.objects.filter(state=State.DEAD, moved_at__gt=now - DAY)
    silent = Heartbeat.objects.filter(at__lt=now - SILENCE).values_list("name", flat=True)
    shut = Circuit.objects.filter(since__lt=now - SILENCE).values_list("carrier", flat=True)
    return [
        *(["a message is more than 5 minutes late"] if late else []),
        *(["it is not known what became of one"] if unsure.exists() else []),
        *(["a message was given up"] if dead.exists() else []),
        *(f"{name} is silent" for name in silent),
        *(f"{carrier} takes no messages" for carrier in shut),
    ]


def _tell(alarm: Alarm, now: dt.datetime) -> None:
    """By whoever notes first that it is told; where no mail leaves, again at the next look."""
    mine = Alarm.objects.filter(pk=alarm.pk, told_at=None)
    if not mine.update(told_at=now):
        return
    log.error("Reminders: %s, since %s", alarm.name, f"{alarm.since:%Y-%m-%d %H:%M} UTC")
    if not settings.ADMINS:
        return
    try:
        mail_admins("Reminders need a look", f"{alarm.name}\n\n{settings.PUBLIC_URL}/readyz\n")
    except OSError as error:
        log.warning("The alarm could not be sent: %s", type(error).__name__)
        Alarm.objects.filter(pk=alarm.pk).update(told_at=None)
