"""Bringing a spreadsheet in without a preview, as `manage.py import_programme` does."""

import datetime as dt
from dataclasses import dataclass, field

import pghistory
from django.utils import timezone

from accounts.models import User
from programme.actions.import_records import limits, note_looks, one_state, plan_of, write
from programme.imports import columns, reading
from programme.imports.planning import CHANGE, CREATE, REFUSE, Plan
from programme.imports.reading import FileError, Table


@dataclass
class Report:
    """What an import in one go did, or would do.

    Attributes:
        rows: how many the file holds.
        created: rows that added a person or a record of one; likewise changed and unchanged.
        refused: number, column and reason, once for each problem.
        ignored: headings that were not read.
        missing: what was added besides, by table.
    """

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    refused_rows: int = 0
    ignored: list[str] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


def import_file(
    *,
    content: bytes,
    by: User | None,
    at: dt.datetime,
    good_rows_only: bool = False,
    dry_run: bool = False,
) -> Report:
    """Read, plan and apply a file in this process, in one transaction.

    Done as somebody, it is a look by them at everybody in the file, also where nothing is written.
    With a refused row and without `good_rows_only` nothing is written, and the report says that
    nothing was created or changed.

    Raises:
        FileError: the file cannot be imported.
        ChangedMeanwhile: somebody else wrote at the same moment; nothing was written.
    """
    table = reading.read(content, limits())
    mapping = columns.by_recognition(table.headings)
    if wrong := columns.problems(mapping):
        raise FileError(" ".join(wrong))
    context = pghistory.context(user=str(by.pk) if by else None, url="manage.py import_programme")
    with context, one_state():
        plan = plan_of(table, mapping, by=by, today=timezone.localdate(at))
        if by:
            note_looks(plan.book.people(), by=by, at=at)
        report = _report(plan, table, good_rows_only=good_rows_only)
        if not dry_run and (report.created or report.changed):
            write(plan.book)
    return report


def _report(plan: Plan, table: Table, *, good_rows_only: bool) -> Report:
    report = Report(rows=len(table.rows), notices=table.notices)
    report.ignored = [name for name, key in plan.mapping.items() if key == columns.IGNORE]
    for planned in plan.rows(table.rows):
        report.refused += [(planned.row.number, p.column, p.reason) for p in planned.problems]
    report.refused.sort(key=lambda refused: refused[0])
    report.refused_rows = plan.counts[REFUSE]
    if good_rows_only or not report.refused_rows:
        report.created, report.changed = plan.counts[CREATE], plan.counts[CHANGE]
        report.missing = plan.missing()
    report.unchanged = report.rows - report.created - report.changed - report.refused_rows
    return report
