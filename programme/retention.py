"""How long people stay: spells in, results out, with no database and no clock.

What counts as one stay is **continuous employment**: posts of one person that overlap, or follow
within seven days, are one stay, because a move or a promotion is not leaving. Seven days let a
new contract begin on the Monday after the old one ended. A stay belongs to the group (site, team,
role, …) of the post it began with, so that a later move cannot improve or worsen a group's figures.

Dates are half-open as everywhere: `ended_on` is the first day without the post, so a stay lasts
`ended_on - started_on` days, and somebody whose post ends on a day has left on that day.
*As at* a day: stays that start later are not known yet, and one that ends later is still in post.

Sources: Kaplan and Meier 1958; Greenwood's variance on the log(−log) scale (Kalbfleisch and
Prentice 1980), which keeps the interval within 0 and 1; Wilson 1927 for shares; Mantel 1966 for
the log-rank test; the NHS Data Dictionary for turnover; parliamentary question 158306 for
stability.
"""

import calendar
import datetime as dt
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from programme.arrays import Column, np
from programme.columns import (
    APART,
    Held,
    Observed,
    Posts,
    Stay,
    Stays,
    day_number,
    months_later,
    numbered,
)

Z_95 = 1.959963984540054  # the 97.5th centile of the normal distribution
MILESTONES = (6, 12, 24)  # months
DAYS_A_MONTH = 365.25 / 12


class Point(NamedTuple):
    """The curve on one day: how many were still followed, left that day, and the share in post.

    `low` and `high` are the 95 % interval; there is none while nobody has left, nor at zero.
    """

    day: int
    at_risk: int
    left: int
    survival: float
    low: float | None
    high: float | None


class Share(NamedTuple):
    """A share with its 95 % Wilson interval; all `None` where there is nobody to share among."""

    share: float | None
    low: float | None
    high: float | None


class Milestone(NamedTuple):
    """Who was in post so many months after starting, among stays that could have reached it,
    beside what the curve says for that day."""

    months: int
    eligible: int
    in_post: int
    share: Share
    survival: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Retention:
    """The retention of one group; `median_days` is `None` while half are still in post."""

    group: str
    n: int
    left: int
    curve: Sequence[Point]
    milestones: list[Milestone]
    median_days: int | None


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months later, or that month's last day: 31 January and a
    month is 28 February, and 29 February and a year is 28 February."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def stays(posts: Iterable[Held], as_at: dt.date) -> list[Stay]:
    """Continuous employment as it was known on a day."""
    return list(Posts.of(posts).stays(as_at))


def observed(stay: Stay, as_at: dt.date) -> tuple[int, bool]:
    """The days in post up to a day, and whether the person had left by then."""
    if stay.ended_on is not None and stay.ended_on <= as_at:
        return (stay.ended_on - stay.started_on).days, True
    return (as_at - stay.started_on).days, False


class Curve(Sequence[Point]):
    """The points of a curve from its columns: day, at risk, left, share in post, and Greenwood's
    sum. Each is made when it is looked at, for a page shows one in ten."""

    def __init__(self, *columns: list):
        self._columns = columns

    def __len__(self) -> int:
        return len(self._columns[0])

    def __getitem__(self, place: int) -> Point:
        *counts, share, variance = (column[place] for column in self._columns)
        return Point(*counts, share, *_log_log(share, variance))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None


def survival_curve(observations: Iterable[tuple[int, bool]]) -> Sequence[Point]:
    """The Kaplan–Meier curve of days in post, each with whether the person had left.

    Points: day 0, each day on which somebody left, and the last day that was observed.
    """
    found = Observed.of(observations)
    if not len(found):
        return []
    days = np.union1d(found.days, 0)
    place = np.searchsorted(days, found.days)
    at_risk = np.cumsum(np.bincount(place, minlength=len(days))[::-1])[::-1]
    left = np.bincount(place[found.left], minlength=len(days))
    survival = np.cumprod((at_risk - left) / at_risk)
    part = np.divide(
        left, at_risk * (at_risk - left), where=left < at_risk, out=np.zeros(len(days))
    )
    shown = (left > 0) | (days == 0) | (days == days[-1])
    every = (days, at_risk, left, survival, np.cumsum(part))
    return Curve(*(column[shown].tolist() for column in every))


def _log_log(survival: float, variance: float) -> tuple[float | None, float | None]:
    """The 95 % interval from Greenwood's sum, made on the log(−log) scale."""
    if not 0 < survival < 1:
        return None, None
    half = Z_95 * math.sqrt(variance) / abs(math.log(survival))
    return survival ** math.exp(half), survival ** math.exp(-half)


def point_on(curve: Sequence[Point], day: int) -> Point | None:
    """The point that holds on a day; `None` past the last observed day, unless all had left."""
    if not curve or (day > curve[-1].day and curve[-1].survival > 0):
        return None
    return curve[bisect_right(curve, day, key=attrgetter("day")) - 1]


def at_risk_on(observations: Iterable[tuple[int, bool]], days: Iterable[int]) -> list[int]:
    """How many were still in post and followed just before each of these days."""
    lengths = np.sort(Observed.of(observations).days)
    return (len(lengths) - np.searchsorted(lengths, list(days))).tolist()


def median_days(curve: Sequence[Point]) -> int | None:
    """The first day on which at most half are still in post."""
    place = bisect_left(curve, True, key=lambda point: point.survival <= 0.5 + 1e-12)
    return curve[place].day if place < len(curve) else None


def wilson(part: int, whole: int) -> Share:
    """A share of people with its 95 % interval: 7 of 7 is 1, from 0.646 to 1."""
    if not whole:
        return Share(None, None, None)
    share, square = part / whole, Z_95**2
    centre = share + square / (2 * whole)
    half = Z_95 * math.sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    low, high = ((centre + side) / (1 + square / whole) for side in (-half, half))
    return Share(share, low if part else 0.0, high if part < whole else 1.0)


def milestone(
    months: int, found: Iterable[Stay], curve: Sequence[Point], as_at: dt.date
) -> Milestone:
    """Retention so many calendar months after starting, as it was on a day."""
    found = Stays.of(found)
    reached = months_later(found.started, months)
    could = reached <= day_number(as_at)
    eligible = int(could.sum())
    in_post = int((could & (found.ended > reached)).sum())
    # Six months are 181 to 184 days: whoever was followed so long was followed long enough.
    day = min(round(months * DAYS_A_MONTH), curve[-1].day) if curve else 0
    point = point_on(curve, day) if eligible else None
    estimate = (point.survival, point.low, point.high) if point else (None, None, None)
    return Milestone(months, eligible, in_post, wilson(in_post, eligible), *estimate)


def retention(group: str, found: Iterable[Stay], as_at: dt.date) -> Retention:
    """The curve, the milestones and the median of one group, as they were on a day."""
    found = Stays.of(found)
    observations = Observed.by(found, as_at)
    curve = survival_curve(observations)
    return Retention(
        group=group,
        n=len(found),
        left=int(observations.left.sum()),
        curve=curve,
        milestones=[milestone(months, found, curve, as_at) for months in MILESTONES],
        median_days=median_days(curve),
    )


def grouped(found: Iterable[Stay], group_of: Callable[[Stay], str]) -> dict[str, Stays]:
    """Stays by group, the groups in the order of their names; what groups looks at `about`."""
    found = Stays.of(found)
    examples = (Stay(None, dt.date.min, None, about) for about in found.abouts)
    groups, group = numbered(group_of(stay) for stay in examples)
    group = group[found.about] if len(found) else found.about
    named = {name: found.where(group == number) for number, name in enumerate(groups)}
    kept = {name: rows for name, rows in named.items() if len(rows)}
    return dict(sorted(kept.items(), key=lambda item: (item[0].casefold(), item[0])))


def log_rank(groups: Mapping[str, Iterable[tuple[int, bool]]]) -> float | None:
    """The p value of the log-rank test that all groups leave at one rate.

    `None` with fewer than two groups, or where nobody has left while two groups were followed.
    """
    observations = [Observed.of(rows) for rows in groups.values()]
    if len(observations) < 2:
        return None
    left_on = [rows.days[rows.left] for rows in observations]
    event_days = np.unique(np.concatenate(left_on))
    if not len(event_days):
        return None
    at_risk = np.array([at_risk_on(rows, event_days) for rows in observations], dtype=float)
    left = np.zeros_like(at_risk)
    for row, days in enumerate(left_on):
        np.add.at(left[row], np.searchsorted(event_days, days), 1)
    all_at_risk, all_left = at_risk.sum(axis=0), left.sum(axis=0)
    part = at_risk / all_at_risk
    excess = (left - part * all_left).sum(axis=1)
    spread = all_left * (all_at_risk - all_left) / np.maximum(all_at_risk - 1, 1)
    covariance = np.diag((part * spread).sum(axis=1)) - (part * spread) @ part.T
    # Of the groups one is always told by the others, and a group never at risk tells nothing:
    # the rank is what remains.
    solution, _, rank, _ = np.linalg.lstsq(covariance, excess, rcond=1e-10)
    return chi_square_tail(float(excess @ solution), int(rank)) if rank else None


def chi_square_tail(value: float, degrees: int) -> float:
    """The probability of a chi-square value at least this large; closed form for whole degrees."""
    half = max(value, 0.0) / 2
    if degrees % 2:
        tail, step = math.erfc(math.sqrt(half)), 0.5
    else:
        tail, step = math.exp(-half), 1.0
    while step < degrees / 2:
        if half:
            tail += math.exp(step * math.log(half) - half - math.lgamma(step + 1))
        step += 1
    return min(tail, 1.0)


def stability(found: Iterable[Stay], start: dt.date, end: dt.date) -> tuple[int, int]:
    """Of the people in post on the first day (second number), how many are on the last (first).

    People who joined in between never count, and somebody who left and came back does.
    """
    found = Stays.of(found)
    at_start, at_end = found.people_on(start), found.people_on(end)
    return int((at_start & at_end).sum()), int(at_start.sum())


def leavers(found: Iterable[Stay], start: dt.date, end: dt.date) -> Stays:
    """Stays that ended after the first day and on or before the last, whenever they began."""
    found = Stays.of(found)
    return found.where((day_number(start) < found.ended) & (found.ended <= day_number(end)))


def hours_on(posts: Iterable[Held], people: AbstractSet[Hashable], day: dt.date) -> float | None:
    """The contracted hours a week of these people on a day; `None` where one's are unknown."""
    posts = Posts.of(posts)
    wanted = np.array([person in people for person in posts.people], dtype=bool)
    held = posts.in_post_on(day)
    return _total(posts.hours[held][wanted[posts.person[held]]])


def leavers_hours(posts: Iterable[Held], left: Iterable[Stay]) -> float | None:
    """The contracted hours a week that leavers held on their last day in post; `None` where those
    of one are unknown."""
    posts, left = Posts.of(posts), Stays.of(left)
    person = left.people_in(posts)[left.person]
    # On one line of time, a person's after another's: see `Posts.stays`.
    last = np.unique((person * APART + left.ended - 1)[person >= 0])
    base = posts.person * APART
    times = np.searchsorted(last, base + posts.ended) - np.searchsorted(last, base + posts.started)
    return _total(np.repeat(posts.hours, times))


def _total(hours: Column) -> float | None:
    return None if np.isnan(hours).any() else math.fsum(hours.tolist())


def turnover(left: float, at_start: float, at_end: float) -> float | None:
    """Leavers over the average number in post, in heads or in WTE; `None` where nobody was."""
    average = (at_start + at_end) / 2
    return left / average if average else None


def vacancy_rate(funded: float, in_post: float) -> float | None:
    """The share of funded WTE that is not filled; below zero where posts are over-filled, and
    `None` where nothing is funded."""
    return (funded - in_post) / funded if funded else None
