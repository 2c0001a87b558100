"""The programme's metrics as numbers: numerator, denominator and value, without the database.

A value is `None` where it is *not applicable* (nothing to divide by), never nought. Definitions
and worked values: the design's list of workforce metrics; NHS Data Dictionary, *Headcount turnover
rate*; parliamentary question 158306 for stability; StatsWales, *NHS staff vacancies*.
"""

import datetime as dt
import math
import statistics
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from programme.columns import Stay, Stays, day_number
from programme.funnel import Part
from programme.retention import add_months, turnover, vacancy_rate

SHARE, DAYS = "share", "days"


class Metric(NamedTuple):
    """One figure. `numerator` over `denominator` is the value of a share; of a number of days the
    denominator is how many people it rests on. `hidden`: published figures do not tell it;
    `unknown`: something that it needs is not recorded."""

    key: str
    numerator: float | None
    denominator: float | None
    value: float | None
    unit: str = SHARE
    hidden: bool = False
    unknown: bool = False

    @property
    def applies(self) -> bool:
        """Whether there is anything to divide by, as far as one may know."""
        return self.value is not None or self.hidden or self.unknown


def share(key: str, part: Part) -> Metric:
    """A share of people."""
    return Metric(key, part.part, part.whole, part.share)


class Ended(NamedTuple):
    """How training went for people whose cohorts have closed, each counted once by the best of
    their outcomes."""

    commenced: int = 0
    completed: int = 0
    still_active: int = 0
    deferred: int = 0


def attrition(ended: Ended) -> Part:
    """Who commenced and neither completed, nor is still in training, nor deferred: 28 commenced
    and 10 completed are 18 of 28, 64.3 %."""
    return Part(ended.commenced - sum(ended[1:]), ended.commenced)


def one_year_service(found: Iterable[Stay], day: dt.date) -> Part:
    """Who has been in post for twelve months or more, over the number in post twelve months
    before: a local variant of stability, the same where nobody returns."""
    found, start = Stays.of(found), add_months(day, -12)
    long = found.where(found.started <= day_number(start))
    return Part(int(long.people_on(day).sum()), int(found.people_on(start).sum()))


def turnover_metric(key: str, left: float, at_start: float, at_end: float) -> Metric:
    """Leavers over the average in post, in heads or WTE: 30 leavers of (150 + 120) / 2 = 135 are
    22.2 %."""
    return Metric(key, left, (at_start + at_end) / 2, turnover(left, at_start, at_end))


def vacancy_metric(funded: float, in_post: float) -> Metric:
    """Funded WTE that is not filled: 3,357 funded and 3,023 in post are 334, 9.95 %."""
    return Metric("vacancy", funded - in_post, funded, vacancy_rate(funded, in_post))


class Hire(NamedTuple):
    """One vacancy filled: the day it was advertised, and the day on which the start was confirmed
    to the candidate."""

    advertised_on: dt.date
    confirmed_on: dt.date


def days_to_hire(hires: Iterable[Hire]) -> list[int]:
    """Days from advertisement to confirmed start, shortest first."""
    return sorted((hire.confirmed_on - hire.advertised_on).days for hire in hires)


def centile(sorted_days: Sequence[int], part: int) -> int | None:
    """The shortest time within which at least this many per cent were done (nearest rank)."""
    if not sorted_days:
        return None
    return sorted_days[max(math.ceil(part * len(sorted_days) / 100), 1) - 1]


def time_to_hire(sorted_days: Sequence[int]) -> list[Metric]:
    """The median and the 90th centile of time to hire, in days."""
    hires = len(sorted_days)
    middle = statistics.median(sorted_days) if hires else None
    return [
        Metric("time_to_hire_median", None, hires, middle, DAYS),
        Metric("time_to_hire_90", None, hires, centile(sorted_days, 90), DAYS),
    ]
