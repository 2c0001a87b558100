"""Hours of learning after training, with no database."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from programme.feedback import FEWEST_PEOPLE

ROUNDED_TO = 5


def year_before(day: dt.date) -> dt.date:
    """The first day of the twelve months that end with a day."""
    if (day.month, day.day) == (2, 29):
        return dt.date(day.year - 1, 3, 1)
    return day.replace(year=day.year - 1) + dt.timedelta(1)


class Shared(NamedTuple):
    """Hours of everybody who lets them count; `people` and `hours` rounded to 5, or neither."""

    people: int | None
    hours: int | None


def shared(rows: Iterable[tuple[UUID, Decimal]]) -> Shared:
    """The total of (person, hours), from ten people up."""
    rows = list(rows)
    people = len({person for person, _ in rows})
    if people < FEWEST_PEOPLE:
        return Shared(None, None)
    return Shared(_rounded(people), _rounded(sum(hours for _, hours in rows)))


def _rounded(number: Decimal | int) -> int:
    return ROUNDED_TO * round(number / ROUNDED_TO)
