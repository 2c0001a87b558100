"""When probation ends and its reviews fall due, worked out from dates alone.

Probation is six months, and shorter in a fixed term: 1 month for up to 3 months, 3 for up to 6 and
4 for up to 9 (Bedfordshire Hospitals' scale, `domain.md` 2.5). Its reviews are held at months 1, 3
and 6, in a shorter probation at about the same parts of it.
"""

import datetime as dt
from typing import NamedTuple

from programme.retention import add_months

USUAL_MONTHS = 6
# A fixed term of up to so many months has a probation of so many.
OF_FIXED_TERM = ((3, 1), (6, 3), (9, 4))
# Months at which reviews are held in a probation of so many; the last is the final one.
REVIEWS = {1: (1,), 3: (1, 2, 3), 4: (1, 2, 4), 6: (1, 3, 6)}


class Foreseen(NamedTuple):
    """A review: months after the start, its day, and whether it is the one that decides."""

    month: int
    due_on: dt.date
    is_final: bool


def usual_probation_end(started_on: dt.date, contract_ends_on: dt.date | None) -> dt.date:
    """The day a usual probation ends; `contract_ends_on` is that of a fixed term."""
    months = USUAL_MONTHS
    for term, probation in reversed(OF_FIXED_TERM):
        if contract_ends_on and contract_ends_on <= add_months(started_on, term):
            months = probation
    return add_months(started_on, months)


def reviews_until(started_on: dt.date, ends_on: dt.date) -> list[Foreseen]:
    """The reviews of a probation, by day; one that ends on another day than usual has those of
    the usual months before it and the final one on its last day."""
    for months, held in REVIEWS.items():
        if add_months(started_on, months) == ends_on:
            return [Foreseen(m, add_months(started_on, m), m == months) for m in held]
    before = [
        Foreseen(m, add_months(started_on, m), False)
        for m in REVIEWS[USUAL_MONTHS]
        if add_months(started_on, m) < ends_on
    ]
    return [*before, Foreseen(_months(started_on, ends_on), ends_on, True)]


def _months(started_on: dt.date, ends_on: dt.date) -> int:
    """Months begun between two days."""
    months = (ends_on.year - started_on.year) * 12 + ends_on.month - started_on.month
    return months + (add_months(started_on, months) < ends_on)
