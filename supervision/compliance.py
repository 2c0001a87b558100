"""When a session is due, when it is late, whether a kind is up to date: arithmetic, no database.

Days only; what is left out of an argument is not known here: no name, no words. The formulae are
those of domain.md 4.2. A session that was called off never counts against the worker: only
attended ones move anything, and whoever is in post and not away is owed the next one.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from programme.retention import add_months

EARLY_MONTHS = 3  # in post, during which supervision is denser


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


class Period(NamedTuple):
    """The time in which one session is owed: the day it began, the day the session is due, and the
    first day on which it is late."""

    begins: dt.date
    due_on: dt.date
    late_from: dt.date

    def is_late_on(self, day: dt.date) -> bool:
        return day >= self.late_from


class Duty(NamedTuple):
    """Whether somebody counts for a kind on a day, and if so, whether it is up to date."""

    eligible: bool
    compliant: bool


def standard_on(standards: Iterable[Standard], day: dt.date) -> Standard | None:
    """The standard in force on a day: the newest that applies by then."""
    applying = [one for one in standards if one.applies_from <= day]
    return max(applying, key=lambda one: one.applies_from, default=None)


def cadence_on(standard: Standard, day: dt.date, in_post_from: dt.date) -> int:
    """Days to the next session for a period that begins on a day."""
    early = day < add_months(in_post_from, EARLY_MONTHS)
    return standard.early_cadence_days if early else standard.cadence_days


def is_away_on(away: Iterable[Away], day: dt.date) -> bool:
    return any(one.since <= day and (one.until is None or one.until > day) for one in away)


def is_away_within(away: Iterable[Away], first: dt.date, last: dt.date) -> bool:
    """Whether an absence touches any day from the first to the last, both included."""
    return any(one.since <= last and (one.until is None or one.until > first) for one in away)


def period_on(
    day: dt.date,
    *,
    standards: Sequence[Standard],
    in_post_from: dt.date,
    last_attended: dt.date | None = None,
    away: Sequence[Away] = (),
) -> Period | None:
    """The period that a day lies in, or `None` where nothing is owed: not in post yet, away, or no
    standard applies.

    It begins with the last attended session, the first day in post or the first day back, whichever
    is latest. The standard is the one in force on that day: a change counts from the next period.
    """
    if day < in_post_from or is_away_on(away, day):
        return None
    returns = [one.until for one in away if one.until is not None and one.until <= day]
    begins = max(d for d in (last_attended, in_post_from, *returns) if d is not None)
    standard = standard_on(standards, begins)
    if standard is None or not standard.required:
        return None
    due_on = begins + dt.timedelta(days=cadence_on(standard, begins, in_post_from))
    return Period(begins, due_on, due_on + dt.timedelta(days=standard.grace_days + 1))


def duty_on(
    day: dt.date,
    *,
    standards: Sequence[Standard],
    in_post_from: dt.date,
    in_post_until: dt.date | None = None,
    attended: Sequence[dt.date] = (),
    away: Sequence[Away] = (),
) -> Duty:
    """Whether somebody is eligible and compliant on a day.

    The window is cadence and grace long and ends with the day. Eligible is who was in post for all
    of it, to whom the kind is owed, and who was away on none of its days.

    Args:
        in_post_until: the first day not in post.
        attended: the days of attended sessions of this kind.
    """
    held = [one for one in attended if one <= day]
    before = max(held, default=None)
    begins = max(before, in_post_from) if before else in_post_from
    standard = standard_on(standards, begins)
    if standard is None or not standard.required:
        return Duty(eligible=False, compliant=False)
    length = cadence_on(standard, begins, in_post_from) + standard.grace_days
    first = day - dt.timedelta(days=length)
    in_post = in_post_from <= first and (in_post_until is None or in_post_until > day)
    eligible = in_post and not is_away_within(away, first, day)
    return Duty(eligible, eligible and any(first <= one for one in held))
