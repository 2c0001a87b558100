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
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

Z_95 = 1.959963984540054  # the 97.5th centile of the normal distribution
SAME_EMPLOYMENT = dt.timedelta(days=7)
MILESTONES = (6, 12, 24)  # months
DAYS_A_MONTH = 365.25 / 12


class Held(NamedTuple):
    """One post held by one person, with its contracted hours a week where they are known;
    `about` is whatever the caller wants to know of the post."""

    person: Hashable
    started_on: dt.date
    ended_on: dt.date | None = None
    hours: float | None = None
    about: object = None

    def in_post_on(self, day: dt.date) -> bool:
        """Whether this post was held on a day; the day it ends is the first without it."""
        return self.started_on <= day and (self.ended_on is None or self.ended_on > day)


class Stay(NamedTuple):
    """Continuous employment of one person; `about` is that of the post it began with."""

    person: Hashable
    started_on: dt.date
    ended_on: dt.date | None = None
    about: object = None

    def in_post_on(self, day: dt.date) -> bool:
        """Whether the person was in post on a day; the day a stay ends is the first without it."""
        return self.started_on <= day and (self.ended_on is None or self.ended_on > day)


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
    curve: list[Point]
    milestones: list[Milestone]
    median_days: int | None


@lru_cache(maxsize=16_384)  # a dashboard asks for the same few thousand days again and again
def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months later, or that month's last day: 31 January and a
    month is 28 February, and 29 February and a year is 28 February."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def stays(posts: Iterable[Held], as_at: dt.date) -> list[Stay]:
    """Continuous employment as it was known on a day, in no particular order."""
    of_person: dict[Hashable, list[Held]] = defaultdict(list)
    for post in posts:
        if post.started_on <= as_at:
            of_person[post.person].append(post)
    found: list[Stay] = []
    for held in of_person.values():
        found.extend([_stay(held[0])] if len(held) == 1 else _joined(held))
    return found


def _stay(post: Held) -> Stay:
    return Stay(post.person, post.started_on, post.ended_on, post.about)


def _joined(held: list[Held]) -> list[Stay]:
    """One person's posts as stays. Of posts that began together the longest gives the group."""
    held.sort(key=lambda post: str(post.about))
    held.sort(key=lambda post: post.ended_on or dt.date.max, reverse=True)
    held.sort(key=lambda post: post.started_on)
    found = [_stay(held[0])]
    for post in held[1:]:
        last = found[-1]
        if last.ended_on is None:
            continue
        if post.started_on - last.ended_on > SAME_EMPLOYMENT:
            found.append(_stay(post))
        elif post.ended_on is None or post.ended_on > last.ended_on:
            found[-1] = last._replace(ended_on=post.ended_on)
    return found


def observed(stay: Stay, as_at: dt.date) -> tuple[int, bool]:
    """The days in post up to a day, and whether the person had left by then."""
    if stay.ended_on is not None and stay.ended_on <= as_at:
        return (stay.ended_on - stay.started_on).days, True
    return (as_at - stay.started_on).days, False


def survival_curve(observations: Iterable[tuple[int, bool]]) -> list[Point]:
    """The Kaplan–Meier curve of days in post, each with whether the person had left.

    Points: day 0, each day on which somebody left, and the last day that was observed.
    """
    counts = Counter(observations)
    at_risk = sum(counts.values())
    if not at_risk:
        return []
    days = sorted({day for day, _ in counts} | {0})
    survival, variance = 1.0, 0.0
    points = []
    for day in days:
        left = counts[day, True]
        if left:
            survival *= (at_risk - left) / at_risk
            if left < at_risk:
                variance += left / (at_risk * (at_risk - left))
        if left or day in (0, days[-1]):
            points.append(Point(day, at_risk, left, survival, *_log_log(survival, variance)))
        at_risk -= left + counts[day, False]
    return points


def _log_log(survival: float, variance: float) -> tuple[float | None, float | None]:
    """The 95 % interval from Greenwood's sum, made on the log(−log) scale."""
    if not 0 < survival < 1:
        return None, None
    half = Z_95 * math.sqrt(variance) / abs(math.log(survival))
    return survival ** math.exp(half), survival ** math.exp(-half)


def point_on(curve: list[Point], day: int) -> Point | None:
    """The point that holds on a day; `None` past the last observed day, unless all had left."""
    if not curve or (day > curve[-1].day and curve[-1].survival > 0):
        return None
    return next(point for point in reversed(curve) if point.day <= day)


def at_risk_on(observations: Iterable[tuple[int, bool]], days: Iterable[int]) -> list[int]:
    """How many were still in post and followed just before each of these days."""
    lengths = sorted(day for day, _ in observations)
    return [len(lengths) - bisect_left(lengths, day) for day in days]


def median_days(curve: list[Point]) -> int | None:
    """The first day on which at most half are still in post."""
    return next((point.day for point in curve if point.survival <= 0.5 + 1e-12), None)


def wilson(part: int, whole: int) -> Share:
    """A share of people with its 95 % interval: 7 of 7 is 1, from 0.646 to 1."""
    if not whole:
        return Share(None, None, None)
    share, square = part / whole, Z_95**2
    centre = share + square / (2 * whole)
    half = Z_95 * math.sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    low, high = ((centre + side) / (1 + square / whole) for side in (-half, half))
    return Share(share, low if part else 0.0, high if part < whole else 1.0)


def milestone(months: int, found: Iterable[Stay], curve: list[Point], as_at: dt.date) -> Milestone:
    """Retention so many calendar months after starting, as it was on a day."""
    eligible = in_post = 0
    for stay in found:
        reached_on = add_months(stay.started_on, months)
        if reached_on <= as_at:
            eligible += 1
            in_post += stay.ended_on is None or stay.ended_on > reached_on
    # Six months are 181 to 184 days: whoever was followed so long was followed long enough.
    day = min(round(months * DAYS_A_MONTH), curve[-1].day) if curve else 0
    point = point_on(curve, day) if eligible else None
    estimate = (point.survival, point.low, point.high) if point else (None, None, None)
    return Milestone(months, eligible, in_post, wilson(in_post, eligible), *estimate)


def retention(group: str, found: list[Stay], as_at: dt.date) -> Retention:
    """The curve, the milestones and the median of one group, as they were on a day."""
    observations = [observed(stay, as_at) for stay in found]
    curve = survival_curve(observations)
    return Retention(
        group=group,
        n=len(found),
        left=sum(left for _, left in observations),
        curve=curve,
        milestones=[milestone(months, found, curve, as_at) for months in MILESTONES],
        median_days=median_days(curve),
    )


def grouped(found: Iterable[Stay], group_of: Callable[[Stay], str]) -> dict[str, list[Stay]]:
    """Stays by group, the groups in the order of their names."""
    groups: dict[str, list[Stay]] = defaultdict(list)
    for stay in found:
        groups[group_of(stay)].append(stay)
    return dict(sorted(groups.items(), key=lambda item: (item[0].casefold(), item[0])))


def log_rank(groups: Mapping[str, Iterable[tuple[int, bool]]]) -> float | None:
    """The p value of the log-rank test that all groups leave at one rate.

    `None` with fewer than two groups, or where nobody has left while two groups were followed.
    """
    import numpy

    observations = [list(rows) for rows in groups.values()]
    event_days = sorted({day for rows in observations for day, left in rows if left})
    if len(observations) < 2 or not event_days:
        return None
    at_risk = numpy.array([at_risk_on(rows, event_days) for rows in observations], dtype=float)
    left = numpy.zeros_like(at_risk)
    position = {day: index for index, day in enumerate(event_days)}
    for row, rows in enumerate(observations):
        for day, has_left in rows:
            if has_left:
                left[row, position[day]] += 1
    all_at_risk, all_left = at_risk.sum(axis=0), left.sum(axis=0)
    part = at_risk / all_at_risk
    excess = (left - part * all_left).sum(axis=1)
    spread = all_left * (all_at_risk - all_left) / numpy.maximum(all_at_risk - 1, 1)
    covariance = numpy.diag((part * spread).sum(axis=1)) - (part * spread) @ part.T
    # Of the groups one is always told by the others, and a group never at risk tells nothing:
    # the rank is what remains.
    solution, _, rank, _ = numpy.linalg.lstsq(covariance, excess, rcond=1e-10)
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
    found = list(found)
    at_start = {stay.person for stay in found if stay.in_post_on(start)}
    at_end = {stay.person for stay in found if stay.in_post_on(end)}
    return len(at_start & at_end), len(at_start)


def leavers(found: Iterable[Stay], start: dt.date, end: dt.date) -> list[Stay]:
    """Stays that ended after the first day and on or before the last, whenever they began."""
    return [stay for stay in found if stay.ended_on is not None and start < stay.ended_on <= end]


def hours_on(posts: Iterable[Held], people: AbstractSet[Hashable], day: dt.date) -> float | None:
    """The contracted hours a week of these people on a day; `None` where one's are unknown."""
    hours = [post.hours for post in posts if post.in_post_on(day) and post.person in people]
    return None if None in hours else math.fsum(hours)


def leavers_hours(posts: Iterable[Held], left: Iterable[Stay]) -> float | None:
    """The contracted hours a week that leavers held on their last day in post; `None` where those
    of one are unknown."""
    last_days = {(stay.person, stay.ended_on - dt.timedelta(1)) for stay in left}
    of_person = defaultdict(list)
    for person, day in last_days:
        of_person[person].append(day)
    hours = [
        post.hours
        for post in posts
        if post.person in of_person
        for day in of_person[post.person]
        if post.in_post_on(day)
    ]
    return None if None in hours else math.fsum(hours)


def turnover(left: float, at_start: float, at_end: float) -> float | None:
    """Leavers over the average number in post, in heads or in WTE; `None` where nobody was."""
    average = (at_start + at_end) / 2
    return left / average if average else None


def vacancy_rate(funded: float, in_post: float) -> float | None:
    """The share of funded WTE that is not filled; below zero where posts are over-filled, and
    `None` where nothing is funded."""
    return (funded - in_post) / funded if funded else None
