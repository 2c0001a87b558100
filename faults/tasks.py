"""The least a task can do, for `bench.messages`."""

import uuid

from celery import shared_task

from audit.models import Look


@shared_task
def insert_one(viewer: str, subject: str) -> None:
    """One row, and nothing read."""
    Look.objects.create(viewer_id=uuid.UUID(viewer), subject_id=uuid.UUID(subject), page="bench")
