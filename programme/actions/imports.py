"""Bringing a spreadsheet in: keep the file, plan it, show the plan, write exactly that.

A plan is made against what is recorded at that moment. Applying makes it again inside one
transaction that sees a single state of the database; where the two differ nothing is written and
the new plan is shown instead.
"""

import datetime as dt
import logging
import uuid
from itertools import batched

import pghistory
from celery import current_app
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from accounts.models import User
from programme.actions.import_records import (
    ChangedMeanwhile,
    limits,
    note_looks,
    one_state,
    plan_of,
    write,
)
from programme.imports import columns, planning, reading
from programme.imports.planning import REFUSE, RowPlan
from programme.imports.reading import FileError, Table
from programme.models import ImportJob, ImportRow, ImportState, Verdict

CONTINUE = "programme.continue_import"
PLAN_LEASE = dt.timedelta(minutes=2)  # renewed with every batch of rows
# Longer than the hard limit of a task, so that it cannot run out while the task lives.
APPLY_LEASE = dt.timedelta(minutes=10)
KEPT = dt.timedelta(hours=24)
MOST_ATTEMPTS = 5
READ_AT_ONCE = 1024 * 1024  # bytes; a larger file goes to the worker without being read first
BATCH = 1_000
SAMPLES = 3
UNFINISHED = (ImportState.WAITING, ImportState.PLANNING, ImportState.APPLYING)
CHANGED_WORDS = (
    "Nothing was written: the records changed after this preview was made. "
    "This is a new preview against what is recorded now."
)
log = logging.getLogger(__name__)


class NotReady(Exception):  # noqa: N818
    """The import cannot be applied as it stands; the text says why, in words."""


class _Superseded(Exception):  # noqa: N818
    """The job was cancelled or taken over; whoever worked on it stops."""


# --- Beginning ------------------------------------------------------------------------------------


def start_import(*, content: bytes, file_name: str, by: User, at: dt.datetime) -> ImportJob:
    """Keep a file and plan it: now when it is small, in the worker when it is large.

    Raises:
        FileError: it cannot be imported, whatever its rows hold.
    """
    reading.check(content, limits())
    job = ImportJob.objects.create(
        created_by=by, created_at=at, file_name=_safe_name(file_name), content=content
    )
    if len(content) <= READ_AT_ONCE:
        proceed(job_id=job.pk, at=at, most_rows=settings.IMPORT_ROWS_AT_ONCE)
    hint_unfinished(job)
    job.refresh_from_db(fields=["state", "problem"])
    return job


def _safe_name(name: str) -> str:
    printable = "".join(letter for letter in name if letter.isprintable())
    return printable[-200:] or "import"


def name_columns(*, job: ImportJob, mapping: dict[str, str], at: dt.datetime) -> None:
    """Plan a file with the columns as somebody named them on screen.

    Raises:
        NotReady: the import does not wait for its columns any more.
    """
    waiting = ImportJob.objects.filter(
        pk=job.pk, state__in=[ImportState.MAPPING, ImportState.READY]
    )
    if not waiting.update(state=ImportState.WAITING, mapping=mapping, claimed_until=None):
        raise NotReady("This import has moved on. Here is where it is now.")
    _proceed_or_hint(job, at)


def _proceed_or_hint(job: ImportJob, at: dt.datetime) -> None:
    if job.rows_total <= settings.IMPORT_ROWS_AT_ONCE:
        proceed(job_id=job.pk, at=at)
    hint_unfinished(job)


def hint_unfinished(job: ImportJob) -> None:
    """Tell a worker of a job that is not finished. Nothing is lost when nobody hears it."""
    job.refresh_from_db(fields=["state", "claimed_until"])
    if job.state in UNFINISHED:
        transaction.on_commit(lambda: hint(job.pk))


def hint(job_id: uuid.UUID) -> None:
    """Put a message with the job's id into the broker."""
    try:
        current_app.send_task(CONTINUE, kwargs={"job_id": str(job_id)})
    except (KombuError, RedisError, OSError) as error:
        log.warning("The broker took no hint (%s); the sweep will go on.", type(error).__name__)


# --- Going on: in the request or in the worker ---------------------------------------------------


def proceed(*, job_id: uuid.UUID, at: dt.datetime, most_rows: int | None = None) -> None:
    """Plan or apply a job, unless somebody else does or it is finished. May run twice.

    Args:
        job_id: the job.
        at: the time now.
        most_rows: leave a file with more rows than this to the worker.
    """
    job = _claimed(job_id, at)
    if job is None:
        return
    try:
        if job.state == ImportState.APPLYING:
            _apply(job, at)
        else:
            _plan(job, at, most_rows)
    except _Superseded:
        ImportRow.objects.filter(job=job, job__state=ImportState.CANCELLED).delete()


def _claimed(job_id: uuid.UUID, at: dt.datetime) -> ImportJob | None:
    free = ImportJob.objects.filter(Q(claimed_until=None) | Q(claimed_until__lt=at), pk=job_id)
    reading_jobs = free.filter(state__in=[ImportState.WAITING, ImportState.PLANNING])
    claimed = reading_jobs.update(claimed_until=at + PLAN_LEASE) or free.filter(
        state=ImportState.APPLYING
    ).update(claimed_until=at + APPLY_LEASE)
    if not claimed:
        return None
    job = ImportJob.objects.select_related("created_by").get(pk=job_id)
    attempts = job.summary.get("attempts", 0) + 1
    if attempts > MOST_ATTEMPTS:
        _finish(
            job,
            at,
            ImportState.FAILED,
            problem="This file could not be imported in five tries. Nothing was written.",
        )
        return None
    job.summary["attempts"] = attempts
    job.save(update_fields=["summary"])
    return job


def _finish(job: ImportJob, at: dt.datetime, state: str, *, problem: str = "") -> None:
    job.state, job.problem, job.finished_at = state, problem[:300], at
    job.content = job.claimed_until = None
    job.save(update_fields=["state", "problem", "finished_at", "content", "claimed_until"])
    job.rows.exclude(verdict=Verdict.REFUSE).delete()


def _plan(job: ImportJob, at: dt.datetime, most_rows: int | None) -> None:
    try:
        table = reading.read(bytes(job.content), limits())
    except FileError as error:
        _finish(job, at, ImportState.FAILED, problem=str(error))
        return
    job.rows.all().delete()
    job.rows_total, job.rows_done = len(table.rows), 0
    job.summary |= {"headings": list(table.headings), "notices": table.notices}
    if not job.mapping:
        recognised = columns.recognise(table.headings)
        if not recognised.is_complete:
            _ask_for_columns(job, table)
            return
        job.mapping = recognised.mapping
    if most_rows is not None and len(table.rows) > most_rows:
        _move_on(job, ImportState.WAITING)
        return
    _move_on(job, ImportState.PLANNING, claimed_until=at + PLAN_LEASE)
    _stage(job, table, at)


def _move_on(job: ImportJob, state: str, claimed_until: dt.datetime | None = None) -> None:
    """Write down a job that one has claimed in its next state.

    Raises:
        _Superseded: it was cancelled meanwhile.
    """
    fields = ("rows_total", "rows_done", "summary", "mapping", "fingerprint", "problem")
    values = {name: getattr(job, name) for name in fields}
    unfinished = ImportJob.objects.filter(pk=job.pk, state__in=UNFINISHED)
    if not unfinished.update(**values, state=state, claimed_until=claimed_until):
        raise _Superseded
    job.state = state


def _ask_for_columns(job: ImportJob, table: Table) -> None:
    ImportRow.objects.bulk_create(
        ImportRow(
            job=job,
            number=row.number,
            verdict=Verdict.LEAVE,
            cells=_cells(table, row),
            effects=[],
            problems=[],
        )
        for row in table.rows[:SAMPLES]
    )
    job.summary["attempts"] = 0
    _move_on(job, ImportState.MAPPING)


def _stage(job: ImportJob, table: Table, at: dt.datetime) -> None:
    plan = plan_of(table, job.mapping, by=job.created_by, today=timezone.localdate(at))
    # A refused reference tells that somebody has it, so planning is a look at them as well.
    note_looks(plan.book.hidden_people(), by=job.created_by, at=at)
    for some in batched(plan.rows(table.rows), BATCH, strict=False):
        ImportRow.objects.bulk_create(_staged(job, table, planned) for planned in some)
        job.rows_done += len(some)
        _move_on(job, ImportState.PLANNING, claimed_until=timezone.now() + PLAN_LEASE)
    job.fingerprint = plan.fingerprint()
    job.summary |= {"counts": dict(plan.counts), "missing": plan.missing(), "attempts": 0}
    _move_on(job, ImportState.READY)


def _cells(table: Table, row: reading.Row) -> dict[str, str]:
    """A row as it is staged; JSON cannot hold NUL, and the mark put for it is refused as well."""
    cells = (cell.replace("\x00", "\N{REPLACEMENT CHARACTER}") for cell in row.cells)
    return dict(zip(table.headings, cells, strict=True))


def _staged(job: ImportJob, table: Table, planned: RowPlan) -> ImportRow:
    return ImportRow(
        job=job,
        number=planned.row.number,
        verdict=planned.verdict,
        cells=_cells(table, planned.row),
        effects=[
            {"column": column, "before": e.before, "after": e.after, "note": e.note}
            for column, e in planning.ordered(planned.effects)
        ],
        problems=[{"column": p.column, "reason": p.reason} for p in planned.problems],
    )


# --- Applying -------------------------------------------------------------------------------------


def ask_to_apply(
    *, job: ImportJob, fingerprint: str, good_rows_only: bool, at: dt.datetime
) -> None:
    """Write what the preview showed: now when it is small, in the worker when it is large.

    Args:
        job: the import.
        fingerprint: of the preview that was on the screen.
        good_rows_only: leave out refused rows; without it, one refused row stops all.
        at: the time now.

    Raises:
        NotReady: there is no such preview any more, or it has refused rows.
    """
    if job.summary.get("counts", {}).get(REFUSE) and not good_rows_only:
        raise NotReady("Some rows are refused. Correct them, or choose to apply the good rows.")
    ready = ImportJob.objects.filter(pk=job.pk, state=ImportState.READY, fingerprint=fingerprint)
    asked = ready.update(
        state=ImportState.APPLYING, good_rows_only=good_rows_only, claimed_until=None, problem=""
    )
    if not asked:
        raise NotReady("This import has moved on. Here is where it is now.")
    _proceed_or_hint(job, at)


def _apply(job: ImportJob, at: dt.datetime) -> None:
    context = pghistory.context(user=str(job.created_by_id), url=f"/import/{job.pk}/")
    try:
        with context, one_state():
            _write_what_was_shown(job, at)
    except ChangedMeanwhile:
        job.refresh_from_db()
        job.problem, job.fingerprint = CHANGED_WORDS, ""
        _move_on(job, ImportState.PLANNING, claimed_until=at + PLAN_LEASE)
        _plan(job, at, most_rows=None)


def _write_what_was_shown(job: ImportJob, at: dt.datetime) -> None:
    table = reading.read(bytes(job.content), limits())
    plan = plan_of(table, job.mapping, by=job.created_by, today=timezone.localdate(at))
    for done, _planned in enumerate(plan.rows(table.rows), start=1):
        if done % BATCH == 0:
            _tell(job, 50 * done // job.rows_total)
    if plan.fingerprint() != job.fingerprint:
        raise ChangedMeanwhile
    records = plan.book.size() or 1
    write(plan.book, tell=lambda done: _tell(job, 50 + 50 * done // records))
    job.rows_done = job.rows_total
    job.summary |= {"attempts": 0}
    job.save(update_fields=["rows_done", "summary"])
    _finish(job, at, ImportState.DONE)


# What an open transaction has done nobody else can see in the database, so how far an import has
# got stands in the cache, in per cent: one half for planning again, one for writing. Without the
# cache the page says that the rows are being written, and no more.


def _tell(job: ImportJob, share: int) -> None:
    try:
        caches["charts"].set(f"import-progress:{job.pk}", share, timeout=600)
    except (RedisError, OSError):
        log.info("The cache is away; the progress of an import is not shown.")


def share_written(job: ImportJob) -> int | None:
    """How far applying has got, in per cent; `None` when nobody knows."""
    try:
        return caches["charts"].get(f"import-progress:{job.pk}")
    except (RedisError, OSError):
        return None


# --- Ending ---------------------------------------------------------------------------------------


def cancel_import(*, job: ImportJob, at: dt.datetime) -> bool:
    """Forget a file that was not applied; returns whether it could still be stopped."""
    stoppable = ImportJob.objects.filter(pk=job.pk).exclude(
        state__in=[ImportState.APPLYING, ImportState.DONE]
    )
    stopped = stoppable.update(
        state=ImportState.CANCELLED, content=None, claimed_until=None, finished_at=at
    )
    if stopped:
        job.rows.all().delete()
    return bool(stopped)


def resume_imports(*, at: dt.datetime) -> int:
    """Send new hints for jobs whose hint or worker was lost, and forget what is a day old."""
    _forget_old(at)
    lost = ImportJob.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lt=at), state__in=UNFINISHED
    )
    waiting = list(lost.order_by("created_at").values_list("pk", flat=True))
    for pk in waiting:
        hint(pk)
    return len(waiting)


def _forget_old(at: dt.datetime) -> None:
    """Empty jobs of their people after a day; their counts stay."""
    old = ImportJob.objects.filter(created_at__lt=at - KEPT).exclude(
        state=ImportState.APPLYING, claimed_until__gte=at
    )
    ImportRow.objects.filter(job__in=old).delete()
    old.exclude(state__in=[ImportState.DONE, ImportState.FAILED, ImportState.CANCELLED]).update(
        state=ImportState.CANCELLED, content=None, finished_at=at, claimed_until=None
    )
