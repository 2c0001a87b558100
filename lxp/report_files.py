"""Makes the file of a report that somebody asked for, as what their role allows now."""

import io

from django.core.exceptions import PermissionDenied

from design.pdf import write_pdf
from lxp.board_report import board_report
from lxp.dashboard import Asked
from lxp.workforce_report import workforce_report, workforce_sheets
from programme.actions.reports import NotToBeMade
from programme.exports import write_workbook
from programme.models import ReportJob, ReportKind, ReportMode

NOT_ALLOWED = "Your role does not cover these figures any more."


def make(job: ReportJob) -> tuple[bytes, str]:
    """The file and its name.

    Raises:
        NotToBeMade: whoever asked may not read these figures any more.
    """
    asked = _asked(job)
    kind = "board" if job.kind == ReportKind.BOARD else "workforce"
    name = f"{kind}-report-{job.mode}-{asked.filters.as_at.isoformat()}"
    if job.kind == ReportKind.WORKFORCE_SHEETS:
        return _workbook(asked), f"{name}.xlsx"
    made = board_report(asked) if job.kind == ReportKind.BOARD else workforce_report(asked)
    return write_pdf(made), f"{name}.pdf"


def _workbook(asked: Asked) -> bytes:
    file = io.BytesIO()
    sheets = workforce_sheets(asked)
    write_workbook(file, ((name, table.columns, table.rows) for name, table in sheets))
    return file.getvalue()


def _asked(job: ReportJob) -> Asked:
    if not job.asked_by.is_active:
        raise NotToBeMade(NOT_ALLOWED)
    try:
        asked = Asked(job.asked_by, {"as_at": job.as_at.isoformat(), "mode": job.mode})
    except PermissionDenied as error:
        raise NotToBeMade(NOT_ALLOWED) from error
    if asked.published != (job.mode == ReportMode.PUBLISHED):
        raise NotToBeMade(NOT_ALLOWED)
    return asked
