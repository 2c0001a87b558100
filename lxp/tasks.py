"""What the worker does for the project's own pages. Every task may run twice."""

import uuid

from celery import shared_task
from django.utils import timezone

from lxp import report_files
from programme.actions import reports


@shared_task(name=reports.MAKE)
def make_report(*, job_id: str) -> None:
    """Make one report; quiet where it is gone or somebody else makes it."""
    reports.make_report(job_id=uuid.UUID(job_id), make=report_files.make, at=timezone.now())


@shared_task(name="lxp.resume_reports")
def resume_reports() -> None:
    """Go on with reports whose hint or worker was lost, and remove files a week old."""
    reports.resume_reports(at=timezone.now())
