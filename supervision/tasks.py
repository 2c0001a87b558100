"""What the worker does for supervision. Every task may run twice."""

from celery import shared_task
from django.utils import timezone

from supervision.due import refresh_open


@shared_task(name="supervision.refresh_due")
def refresh_due() -> None:
    """Keep when the next session is due in step with leave, standards and the calendar."""
    refresh_open(timezone.localdate())
