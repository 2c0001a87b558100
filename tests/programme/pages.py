"""What the tests of the programme's pages share: days as the boxes send them, and query counts."""

import datetime as dt

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def boxes(name: str, day: dt.date | None) -> dict[str, str]:
    """A date as the three boxes of a form send it."""
    parts = (day.day, day.month, day.year) if day else ("", "", "")
    return {f"{name}_{box}": str(part) for box, part in enumerate(parts)}


def queries_of(client: Client, url: str) -> int:
    """How many queries a page takes; the page must answer 200."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200
    return len(captured)


def sent_by(client: Client, url: str, **changed) -> dict:
    """What a browser would send from a page with a form, some of it changed."""
    form = client.get(url).context["form"]
    data = {}
    for field in form:
        value = field.value()
        if isinstance(value, dt.date) or field.name.endswith(("_on", "_day")):
            data |= boxes(field.name, value)
        else:
            data[field.name] = "" if value is None else str(value)
    return data | changed
