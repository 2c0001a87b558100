"""Making a report outside the request: ask for it, make it once, keep it for a week.

A job is claimed by a conditional update, so that a killed worker's job is made by another and no
job is made twice at once. What the figures are is for the caller to say: `make`.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Callable

from celery import current_app
from django.db import transaction
from django.db.models import F, Q
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from accounts.models import User
from programme.models import ReportJob, ReportState

MAKE = "lxp.make_report"
LEASE = dt.timedelta(minutes=10)  # longer than the hard limit of a task
KEPT = dt.timedelta(days=7)
MOST_ATTEMPTS = 3
MOST_WAITING = 5  # of one person at a time
log = logging.getLogger(__name__)

type Make = Callable[[ReportJob], tuple[bytes, str]]


class TooManyWaiting(Exception):  # noqa: N818
    """This person has asked for several reports that are not made yet."""


class NotToBeMade(Exception):  # noqa: N818
    """The report cannot be made however often one tries; the text says why, in words."""


@transaction.atomic
def ask_for_report(*, kind: str, mode: str, as_at: dt.date, by: User, at: dt.datetime) -> ReportJob:
    """Put a report on the list of what is to be made.

    Raises:
        TooManyWaiting: five of this person's are waiting already.
    """
    User.objects.select_for_update().get(pk=by.pk)  # one at a time, or six are asked at once
    waiting = ReportJob.objects.filter(asked_by=by, state=ReportState.WAITING)
    if waiting.count() >= MOST_WAITING:
        raise TooManyWaiting
    job = ReportJob.objects.create(kind=kind, mode=mode, as_at=as_at, asked_by=by, asked_at=at)
    transaction.on_commit(lambda: hint(job.pk))
    return job


def hint(job_id: uuid.UUID) -> None:
    """Put a message with the job's id into the broker; nothing is lost when nobody hears it."""
    try:
        current_app.send_task(MAKE, kwargs={"job_id": str(job_id)})
    except (KombuError, RedisError, OSError) as error:
        log.warning("The broker took no hint (%s); the sweep will go on.", type(error).__name__)


def make_report(*, job_id: uuid.UUID, make: Make, at: dt.datetime) -> None:
    """Make a report, unless somebody else does or it is finished. May run twice.

    Args:
        job_id: the job.
        make: returns the file and its name.
        at: the time now.
    """
    job = _claimed(job_id, at)
    if job is None:
        return
    if job.attempts > MOST_ATTEMPTS:
        _finish(job, at, ReportState.FAILED, problem="It could not be made in three tries.")
        return
    try:
        content, name = make(job)
    except NotToBeMade as error:
        _finish(job, at, ReportState.FAILED, problem=str(error)[:300])
    else:
        _finish(job, at, ReportState.READY, content=content, file_name=name)


def _claimed(job_id: uuid.UUID, at: dt.datetime) -> ReportJob | None:
    free = ReportJob.objects.filter(Q(claimed_until=None) | Q(claimed_until__lt=at), pk=job_id)
    waiting = free.filter(state=ReportState.WAITING)
    if not waiting.update(claimed_until=at + LEASE, attempts=F("attempts") + 1):
        return None
    return ReportJob.objects.select_related("asked_by").get(pk=job_id)


def _finish(job: ReportJob, at: dt.datetime, state: str, **values) -> None:
    waiting = ReportJob.objects.filter(pk=job.pk, state=ReportState.WAITING)
    waiting.update(state=state, finished_at=at, claimed_until=None, **values)


def resume_reports(*, at: dt.datetime) -> int:
    """Send new hints for reports whose hint or worker was lost, and remove files a week old."""
    old = ReportJob.objects.filter(state=ReportState.READY, finished_at__lt=at - KEPT)
    old.update(state=ReportState.REMOVED, content=None)
    lost = ReportJob.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lt=at), state=ReportState.WAITING
    )
    waiting = list(lost.order_by("asked_at").values_list("pk", flat=True))
    for pk in waiting:
        hint(pk)
    return len(waiting)
