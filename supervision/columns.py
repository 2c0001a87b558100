"""Who is up to date in supervision, of thousands of people at once, on columns of numbers.

The rule is that of `supervision.compliance`, and the answers are those of `duty_on` one by one. A
day is the number of days since 1 January 1970, as in `programme.columns`.
"""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from programme.arrays import Column, np
from programme.columns import day_number, months_later
from supervision.compliance import EARLY_MONTHS, Standard, owed_since

LONG_AGO = day_number(dt.date.min) - 1  # of what never was


class InPost(NamedTuple):
    """People in post on a day: the first day of their employment, where on a pathway they stand,
    whether they are on long leave that day, and the last first day back until then."""

    since: Column
    step: Column
    away: Column
    back: Column


class Duties(NamedTuple):
    """Whether each of some people counts for a kind on a day, and if so, whether it is up to date;
    one at a time they are each a `Duty`."""

    eligible: Column
    compliant: Column

    def of(self, some: Column) -> tuple[int, int]:
        """How many of some of them count, and how many are up to date."""
        return int(self.eligible[some].sum()), int(self.compliant[some].sum())


def duties_on(
    day: dt.date, people: InPost, standards: Sequence[Sequence[Standard]], last: Column
) -> Duties:
    """The duty in one kind.

    Args:
        standards: those of each step that `people.step` counts into.
        last: the day of each one's last attended session until this day, or `LONG_AGO`.
    """
    found = Duties(np.zeros(len(last), dtype=bool), np.zeros(len(last), dtype=bool))
    for step, of_step in enumerate(standards):
        some = np.flatnonzero((people.step == step) & ~people.away)
        owed = owed_since(of_step, day)
        if owed is None or not len(some):
            continue
        since, back, latest = people.since[some], people.back[some], last[some]
        owed_from = np.maximum(since, day_number(owed))
        begins = np.maximum(np.maximum(owed_from, back), latest)
        first = day_number(day) - _window(of_step, begins, since)
        eligible = (owed_from <= first) & (back <= first)
        found.eligible[some] = eligible
        found.compliant[some] = eligible & (first <= latest)
    return found


def _window(standards: Sequence[Standard], begins: Column, since: Column) -> Column:
    """The days of cadence and grace of periods that begin on these days."""
    rows = sorted(standards)
    in_force = np.searchsorted([day_number(one.applies_from) for one in rows], begins, "right") - 1
    early, later, grace = (
        np.array([getattr(one, name) for one in rows])[in_force]
        for name in ("early_cadence_days", "cadence_days", "grace_days")
    )
    return np.where(begins < months_later(since, EARLY_MONTHS), early, later) + grace
