"""What the worker does for the programme. Every task may run twice."""

import uuid

from celery import shared_task
from django.utils import timezone

from programme import applicant_mail
from programme.actions import applicants, imports


@shared_task(name=imports.CONTINUE)
def continue_import(*, job_id: str) -> None:
    """Plan or apply one import; quiet where it is gone or somebody else does it."""
    imports.proceed(job_id=uuid.UUID(job_id), at=timezone.now())


@shared_task(name="programme.resume_imports")
def resume_imports() -> None:
    """Go on with imports whose hint or worker was lost, and forget what is a day old."""
    imports.resume_imports(at=timezone.now())


@shared_task(name=applicant_mail.DELIVER)
def deliver_applicant_mail() -> None:
    """Send what waits for applicants: asked for by a hint, and swept every minute."""
    now = timezone.now()
    applicants.answer_link_requests(at=now)
    applicant_mail.deliver_waiting(at=now)


@shared_task(name="programme.drop_old_drafts")
def drop_old_drafts() -> None:
    """Forget applications that were begun and left."""
    applicants.drop_old_drafts(at=timezone.now())
