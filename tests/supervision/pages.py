"""What the tests of sessions and their records share."""

import datetime as dt
import threading

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from programme.actions.saving import ChangedMeanwhile, NotSaved
from supervision.actions import sessions
from supervision.actions.written import Notes
from supervision.models import (
    Session,
    SessionStatus,
)
from tests.factories.supervision import (
    SessionFactory,
)
from tests.programme.pages import boxes

DAY = dt.timedelta(days=1)


def at(days: int, hour: int = 10) -> dt.datetime:
    """A time of day, some days from today."""
    day = timezone.localdate() + days * DAY
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def when(moment: dt.datetime, **more) -> dict:
    local = timezone.localtime(moment)
    sent = {"starts_at": f"{local:%H:%M}", "minutes": "60", "place": "Room 3"}
    return sent | boxes("held_on", local.date()) | more


def page(name: str, about) -> str:
    return reverse(f"supervision:{name}", args=[about.pk])


def plan(agreement, days: int = 3, **values) -> Session:
    values = {"starts_at": at(days), "minutes": 60, "place": ""} | values
    return SessionFactory(agreement=agreement, status=SessionStatus.PLANNED, **values)


def log(agreement, **values) -> Session:
    values = {"starts_at": at(-1), "minutes": 60, "notes": Notes("Rota")} | values
    act = {"by": agreement.supervisor, "day": timezone.localdate(), "at": timezone.now()}
    return sessions.log_session(agreement=agreement, **act | values)


def errors(response) -> str:
    form = response.context["form"]
    return " ".join(str(text) for listed in form.errors.values() for text in listed)


def at_once(*acts) -> list:
    """Do everything at the same moment, each on a connection of its own."""
    results: list = [None] * len(acts)
    barrier = threading.Barrier(len(acts))

    def run(number, act):
        try:
            barrier.wait()
            results[number] = act()
        except (NotSaved, ChangedMeanwhile) as refusal:
            results[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
