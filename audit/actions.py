"""Writing the trail."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import connection

from audit.models import Look

INSERT = f"""
INSERT INTO {Look._meta.db_table} (viewer_id, subject_id, page, at)
SELECT %s, unnest(%s::uuid[]), %s, %s
"""


def record_looks(
    *, viewer_id: uuid.UUID, subject_ids: Iterable[uuid.UUID], page: str, at: dt.datetime
) -> None:
    """Record that a user looked at the records of one or more people on a page.

    One statement for all of them: this runs each time a record is shown.
    """
    subjects = list(subject_ids)
    if subjects:
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [viewer_id, subjects, page, at])
