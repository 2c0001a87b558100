"""When a worker is asked: in their own rhythm, and at three points where many find it hard.

The points are the end of training and four and twelve months after it, since well-being dipped at
about four months in one study and came back by twelve (domain.md 2.7). Days are local days.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from programme.retention import add_months

MONTHS_AFTER = (0, 4, 12)
WEEK = 7  # days


@dataclass(frozen=True, slots=True)
class Wish:
    """What a worker chose, and how far it has got.

    Attributes:
        every_days: days between two check-ins, a number of whole weeks.
        weekday: the day they are asked on; Monday is 0.
        hour: the hour of that day from which they are asked, 0 to 23.
        next_on: the day they are next asked on.
        settled_on: the last day on which they answered or skipped, or the day before they began.
        not_before: the day until which they said *not now* or paused; none for neither.
    """

    every_days: int
    weekday: int
    hour: int
    next_on: dt.date
    settled_on: dt.date
    not_before: dt.date | None = None


def points_after(trained_on: dt.date | None) -> list[dt.date]:
    """The three points; none without a day from which to count."""
    return [add_months(trained_on, months) for months in MONTHS_AFTER] if trained_on else []


def next_weekday(day: dt.date, weekday: int) -> dt.date:
    """The first such weekday on a day or after it."""
    return day + dt.timedelta(days=(weekday - day.weekday()) % WEEK)


def following(settled: dt.date, every_days: int, weekday: int) -> dt.date:
    """The chosen weekday nearest to one period after a check-in was answered or skipped."""
    nearly = settled + dt.timedelta(days=every_days - WEEK // 2)
    return next_weekday(nearly, weekday)


def first_of(day: dt.date, weekday: int) -> dt.date:
    """The first day on which somebody is asked who begins today: within a week, never today."""
    return next_weekday(day + dt.timedelta(days=1), weekday)


def offered_on(wish: Wish, points: Iterable[dt.date], now: dt.datetime) -> dt.date | None:
    """The day of the check-in that waits now; none where none does.

    However long nobody answers, one waits and never two: the earliest.

    Args:
        points: see `points_after`.
        now: local time.
    """
    today = now.date()
    if wish.not_before and today < wish.not_before:
        return None
    days = [day for day in (wish.next_on, *points) if wish.settled_on < day <= today]
    first = min(days, default=None)
    return None if first == today and now.hour < wish.hour else first


def next_asked(wish: Wish, points: Iterable[dt.date], today: dt.date) -> dt.date:
    """The day on which somebody is asked next, today or later."""
    days = [day for day in (wish.next_on, *points) if day > wish.settled_on]
    return max(min(days), wish.not_before or today, today)


def as_from_next_period(wish: Wish, *, every_days: int, weekday: int, today: dt.date) -> dt.date:
    """The day they are next asked on after a change of rhythm.

    One that waits already stays; otherwise the new rhythm counts from the last answer, so that a
    change neither doubles a check-in nor leaves one out.
    """
    if wish.next_on <= today:
        return wish.next_on
    return max(following(wish.settled_on, every_days, weekday), first_of(today, weekday))
