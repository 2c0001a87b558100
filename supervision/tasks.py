"""What the worker does for supervision. Every task may run twice."""

from celery import shared_task
from django.utils import timezone

from supervision.actions import drafts
from supervision.due import refresh_open


@shared_task(name="supervision.refresh_due")
def refresh_due() -> None:
    """Keep when the next session is due in step with leave, standards and the calendar."""
    refresh_open(timezone.localdate())


@shared_task(name="supervision.drop_old_drafts")
def drop_old_drafts() -> None:
    """What was typed months ago and never saved is kept no longer."""
    drafts.drop_old(timezone.now())
