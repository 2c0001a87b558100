"""When a session is due, when it is late, whether a kind is up to date: arithmetic, no database.

Days only; what is left out of an argument is not known here: no name, no words. The formulae are
those of domain.md 4.2. A session that was called off never counts against the worker: only
attended ones move anything, and whoever is in post and not away is owed the next one.

What the formulae leave open is decided here:

- The window of a day is as long as the period that the day lies in: cadence and grace of the
  standard in force on the period's first day. So a change of cadence counts from the next period.
- A period begins with the latest of: the last attended session, the first day in post, the first
  day back from leave, the first day on which the kind is owed at all. Whether it is owed is asked
  of the standard in force on the day itself: a kind no longer owed is at once owed to nobody.
- The window has both its ends. After a session on a day, the next is late once that day has left
  the window: cadence and grace and one day later. A first day in post, back or owed is itself a
  day on which a session could have been, so a period that begins with one ends a day sooner: late
  is who was in post, present and owed the kind on each day of a window without a session.
- So for whoever is in post on a day: *late* is the same as *eligible and not compliant*.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from programme.retention import add_months

EARLY_MONTHS = 3  # in post, during which supervision is denser
DAY = dt.timedelta(days=1)


class Standard(NamedTuple):
    """How often a kind is owed from a day on, in days."""

    applies_from: dt.date
    cadence_days: int
    early_cadence_days: int
    grace_days: int
    required: bool = True


class Away(NamedTuple):
    """A long absence; `until` is the first day back, `None` while it is not known."""

    since: dt.date
    until: dt.date | None = None


class Held(NamedTuple):
    """One post held, `until` the first day without it, and the absences from this post alone."""

    since: dt.date
    until: dt.date | None = None
    away: Sequence[Away] = ()


class Period(NamedTuple):
    """The time in which one session is owed: the day it began, the last day on which the session
    is in time without grace, and the first day on which it is late."""

    begins: dt.date
    due_on: dt.date
    late_from: dt.date

    def is_late_on(self, day: dt.date) -> bool:
        return day >= self.late_from

    @property
    def grace_days(self) -> int:
        return (self.late_from - self.due_on).days - 1


class Window(NamedTuple):
    """A period, the days of cadence and grace in it, and the day from which a session was owed."""

    period: Period
    days: int
    owed_from: dt.date


class Duty(NamedTuple):
    """Whether somebody counts for a kind on a day, and if so, whether it is up to date."""

    eligible: bool
    compliant: bool


NOT_COUNTED = Duty(eligible=False, compliant=False)


def standards_of_role(own: Iterable[Standard], of_everybody: Iterable[Standard]) -> list[Standard]:
    """The standards that one role goes by: those of everybody until the first of its own."""
    own = sorted(own)
    before = [one for one in of_everybody if not own or one.applies_from < own[0].applies_from]
    return sorted(before) + own


def standard_on(standards: Iterable[Standard], day: dt.date) -> Standard | None:
    """The standard in force on a day: the newest that applies by then."""
    applying = [one for one in standards if one.applies_from <= day]
    return max(applying, key=lambda one: one.applies_from, default=None)


def owed_since(standards: Iterable[Standard], day: dt.date) -> dt.date | None:
    """The day since when the kind has been owed without a break, `None` if on a day it is not."""
    since = None
    for one in sorted(one for one in standards if one.applies_from <= day):
        since = (since or one.applies_from) if one.required else None
    return since


def cadence_on(standard: Standard, day: dt.date, in_post_from: dt.date) -> int:
    """Days to the next session for a period that begins on a day."""
    early = day < add_months(in_post_from, EARLY_MONTHS)
    return standard.early_cadence_days if early else standard.cadence_days


def away_altogether(posts: Sequence[Held]) -> list[Away]:
    """When somebody was away from one post and at work in no other."""
    if not any(post.away for post in posts):
        return []
    left = [_within(post, one) for post in posts for one in post.away]
    for since, until in (stretch for post in posts for stretch in _at_work(post)):
        left = [part for span in left for part in _without(span, since, until)]
    return [Away(since, None if until == dt.date.max else until) for since, until in left]


def _within(post: Held, one: Away) -> tuple[dt.date, dt.date]:
    """An absence as long as the post is held."""
    last = min(one.until or dt.date.max, post.until or dt.date.max)
    return max(one.since, post.since), last


def _at_work(post: Held) -> list[tuple[dt.date, dt.date]]:
    """The stretches of a post in which its holder was there."""
    stretches = [(post.since, post.until or dt.date.max)]
    for one in post.away:
        span = _within(post, one)
        stretches = [part for stretch in stretches for part in _without(stretch, *span)]
    return stretches


def _without(
    span: tuple[dt.date, dt.date], since: dt.date, until: dt.date
) -> list[tuple[dt.date, dt.date]]:
    """What is left of a span of days beside another one."""
    first, last = span
    parts = [(first, min(last, since)), (max(first, until), last)]
    return [(begins, ends) for begins, ends in parts if begins < ends]


def is_away_on(away: Iterable[Away], day: dt.date) -> bool:
    return any(one.since <= day and (one.until is None or one.until > day) for one in away)


def is_away_within(away: Iterable[Away], first: dt.date, last: dt.date) -> bool:
    """Whether an absence touches any day from the first to the last, both included."""
    return any(one.since <= last and (one.until is None or one.until > first) for one in away)


def period_on(day: dt.date, **known) -> Period | None:
    """The period that a day lies in, or `None` where nothing is owed: not in post, away, or no
    standard asks for the kind. What is known is what `window_on` takes."""
    window = window_on(day, **known)
    return window and window.period


def window_on(
    day: dt.date,
    *,
    standards: Sequence[Standard],
    in_post_from: dt.date,
    in_post_until: dt.date | None = None,
    last_attended: dt.date | None = None,
    away: Sequence[Away] = (),
) -> Window | None:
    """The period that a day lies in with its length, or `None` where nothing is owed.

    Args:
        in_post_until: the first day not in post.
        last_attended: the day of the last attended session of this kind, not after the day.
    """
    gone = in_post_until is not None and in_post_until <= day
    if day < in_post_from or gone or is_away_on(away, day):
        return None
    if (owed_from := owed_since(standards, day)) is None:
        return None
    returns = [one.until for one in away if one.until is not None and one.until <= day]
    first_day = max(in_post_from, owed_from, *returns)
    begins = max(first_day, last_attended or first_day)
    standard = standard_on(standards, begins)
    cadence = cadence_on(standard, begins, in_post_from)
    due_on = begins + dt.timedelta(days=cadence)
    if begins != last_attended:
        due_on -= DAY  # the first day is one of them
    period = Period(begins, due_on, due_on + dt.timedelta(days=standard.grace_days + 1))
    return Window(period, cadence + standard.grace_days, max(in_post_from, owed_from))


def duty_on(day: dt.date, *, attended: Sequence[dt.date] = (), **known) -> Duty:
    """Whether somebody is eligible and compliant on a day; the rest is what `window_on` takes.

    The window is cadence and grace long and ends with the day. Eligible is who was in post for all
    of it, to whom the kind was owed throughout, and who was away on none of its days.

    Args:
        attended: the days of attended sessions of this kind.
    """
    held = [one for one in attended if one <= day]
    window = window_on(day, last_attended=max(held, default=None), **known)
    if window is None:
        return NOT_COUNTED
    first = day - dt.timedelta(days=window.days)
    away = is_away_within(known.get("away", ()), first, day)
    eligible = window.owed_from <= first and not away
    return Duty(eligible, eligible and any(first <= one for one in held))
