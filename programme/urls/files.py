"""The addresses of a list as a file."""

from collections.abc import Callable

from django.urls import URLPattern, path


def files(name: str, view: Callable, *, route: str = "") -> list[URLPattern]:
    """A list as CSV and as XLSX: `people.csv` and `people.xlsx`, called `people-csv` and
    `people-xlsx`; the view is told which `kind`. `route` is the way, where it is not the name."""
    return [
        path(f"{route or name}.{kind}", view, {"kind": kind}, name=f"{name}-{kind}")
        for kind in ("csv", "xlsx")
    ]
