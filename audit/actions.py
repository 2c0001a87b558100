"""Writing the trail."""

import datetime as dt
import uuid
from collections.abc import Iterable

from audit.models import Look


def record_looks(
    *, viewer_id: uuid.UUID, subject_ids: Iterable[uuid.UUID], page: str, at: dt.datetime
) -> None:
    """Record that a user looked at the records of one or more people on a page."""
    Look.objects.bulk_create(
        [Look(viewer_id=viewer_id, subject_id=subject, page=page, at=at) for subject in subject_ids]
    )
