"""Wrong clocks: those of a process are off by as many seconds as a file says, at every look.

Python's own are put off, for what reads them by name: `time.time`, Django's `timezone.now` and
Celery's `now`. The database's clock is right.
"""

import datetime as dt
import os
import time
from pathlib import Path

from celery import Celery
from django.utils import timezone


def put_off() -> None:
    """From now on in this process, if its environment names a file."""
    if not (path := os.environ.get("FAULTS_CLOCK")):
        return
    true_time, true_now, true_beat = time.time, timezone.now, Celery.now

    def seconds() -> float:
        return float(Path(path).read_text())

    def off() -> dt.timedelta:
        return dt.timedelta(seconds=seconds())

    time.time = lambda: true_time() + seconds()
    timezone.now = lambda: true_now() + off()
    Celery.now = lambda self: true_beat(self) + off()


def step(path: Path, seconds: float) -> None:
    """Put a clock off, at once for whoever looks."""
    beside = path.with_suffix(".new")
    beside.write_text(str(seconds))
    beside.replace(path)
