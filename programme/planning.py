"""How many starters it takes to have so many people in post on a day: arithmetic, no database.

The chain is *started training → completed → employed → still in post*, each step by what the
programme's own records say, with how unsure they are. The formulae, the assumptions and the limits
stand in docs/planning.md; tests/programme/test_planning.py holds the ranges to simulated futures.

Sources: Jeffreys 1946 (prior of a share); Rubin 1981 (Bayesian bootstrap); Lo 1993 (the same where
people are still in post, not yet leavers).
"""

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from programme.retention import DAYS_A_MONTH, Stay, observed

DRAWS = 4_000  # futures drawn for an answer
PRIOR = 0.5  # Jeffreys: half a success and half a failure before anything is known
LONGEST_WAIT = 730  # days; who is employed later than that after starting is not counted
LEAVERS_A_STRETCH, MOST_STRETCHES = 5, 8
SMALLEST_CHANCE = 1e-4  # of a starter being in post; below it no number of starters is an answer
FEWEST_SETTLED, FEWEST_EMPLOYED, FEWEST_MONTHS = 20, 5, 60
QUANTILES = (0.025, 0.1, 0.5, 0.9, 0.975)


class Starter(NamedTuple):
    """Somebody who started training; `ended_on` is the day of the outcome, `employed_on` the
    first day in post after starting."""

    started_on: dt.date
    ended_on: dt.date | None = None
    completed: bool = False
    employed_on: dt.date | None = None

    def known_on(self, day: dt.date) -> "Starter":
        """The same without what happens only after a day."""
        ended = self.ended_on is not None and self.ended_on <= day
        employed = self.employed_on is not None and self.employed_on <= day
        return Starter(
            self.started_on,
            self.ended_on if ended else None,
            self.completed and ended,
            self.employed_on if employed else None,
        )

    @property
    def days_in_training(self) -> int | None:
        return self.ended_on and (self.ended_on - self.started_on).days

    @property
    def days_to_post(self) -> int | None:
        return self.employed_on and (self.employed_on - self.started_on).days


class Coming(NamedTuple):
    """People on their way now, and what became of those who once stood where they stand: `waits`
    are the days it took those who were employed, counted from that point."""

    people: int
    employed: int
    not_employed: int
    waits: tuple[int, ...]


@dataclass(frozen=True)
class Evidence:
    """What the records say on a day: counts of people, days, and person-months by month in post."""

    today: dt.date
    settled: int  # started long enough ago to know whether they completed
    completed: int  # of these
    ready: int  # completed, and started long enough ago to know whether they were employed
    employed: int  # of these
    waits: tuple[int, ...]  # days from starting to the first day in post, of the employed
    exposure: np.ndarray
    left: np.ndarray
    in_post: dict[int, int]  # people in post by whole months so far; known leavers left out
    joining: tuple[int, ...]  # days until those start who have a post and a first day to come
    coming: tuple[Coming, ...]

    @property
    def months_followed(self) -> int:
        """How many months the longest stay has been followed."""
        return len(self.exposure)


class Range(NamedTuple):
    """A number with the 80 % and the 95 % range it lies in; infinite where there is no end."""

    low_95: float
    low_80: float
    middle: float
    high_80: float
    high_95: float


# --- What the records say ------------------------------------------------------------------------


def evidence(
    starters: Iterable[Starter], stays: Iterable[Stay], *, today: dt.date, on: dt.date
) -> Evidence:
    """The evidence of a day for a forecast of another.

    Args:
        starters: everybody who started training, one row a person.
        stays: continuous employment, also what is recorded to begin or end after today.
        today: what is known today counts.
        on: the day to forecast; who is recorded to leave by then is no longer counted.
    """
    starters, stays = list(starters), list(stays)
    known = [one.known_on(today) for one in starters if one.started_on <= today]
    in_training = _longest(one.days_in_training for one in known)
    to_post = _longest(one.days_to_post for one in known)
    settled = [one for one in known if one.ended_on and _age(one, today) >= in_training]
    ready = [one for one in known if one.completed and _age(one, today) >= to_post]
    waits = [days for one in ready if (days := _wait(one, to_post)) is not None]
    exposure, left = _person_months(stays, today)
    hired = {id(one) for one in starters if one.employed_on is not None}
    waiting = [one.known_on(today) for one in starters if id(one) not in hired]
    return Evidence(
        today=today,
        settled=len(settled),
        completed=sum(one.completed for one in settled),
        ready=len(ready),
        employed=len(waits),
        waits=tuple(waits),
        exposure=exposure,
        left=left,
        in_post=_in_post(stays, today, on),
        joining=tuple((stay.started_on - today).days for stay in _joining(stays, today, on)),
        coming=_coming(waiting, known, today, max(in_training, to_post)),
    )


def _longest(days: Iterable[int | None]) -> int:
    """The longest it took anybody: who started since may still get there."""
    taken = [number for number in days if number is not None]
    return min(max(taken, default=LONGEST_WAIT), LONGEST_WAIT)


def _age(starter: Starter, today: dt.date) -> int:
    return (today - starter.started_on).days


def _wait(starter: Starter, longest: int) -> int | None:
    days = starter.days_to_post
    return days if days is not None and days <= longest else None


def _person_months(stays: Iterable[Stay], today: dt.date) -> tuple[np.ndarray, np.ndarray]:
    """For each month in post, the person-months followed and how many left in it."""
    followed = [observed(stay, today) for stay in stays if stay.started_on <= today]
    months = np.array([days for days, _ in followed], dtype=float) / DAYS_A_MONTH
    gone = np.array([left for _, left in followed], dtype=bool)
    size = max(math.ceil(months.max()), 1) if len(months) else 0
    within = np.clip(months[:, None] - np.arange(size), 0, 1)
    last = np.maximum(np.ceil(months).astype(int) - 1, 0)
    within[gone, last[gone]] = 1  # who leaves is counted for the whole of the month
    return within.sum(axis=0), np.bincount(last[gone], minlength=size).astype(float)


def _in_post(stays: Iterable[Stay], today: dt.date, on: dt.date) -> dict[int, int]:
    staying = (stay for stay in stays if stay.in_post_on(today) and stay.in_post_on(on))
    return dict(Counter(int((today - stay.started_on).days / DAYS_A_MONTH) for stay in staying))


def _joining(stays: Iterable[Stay], today: dt.date, on: dt.date) -> list[Stay]:
    return [stay for stay in stays if stay.started_on > today and stay.in_post_on(on)]


def _coming(
    waiting: Iterable[Starter], known: list[Starter], today: dt.date, longest: int
) -> tuple[Coming, ...]:
    """People in training, and people who completed without a post yet, by months since starting,
    each group beside the past starters who had come as far after so long."""
    groups: dict[tuple[bool, int], list[int]] = defaultdict(list)
    for one in waiting:
        age = _age(one, today)
        if 0 <= age < longest and (one.ended_on is None or one.completed):
            groups[one.completed, int(age / DAYS_A_MONTH)].append(age)
    past = [one for one in known if one.ended_on and _age(one, today) >= longest]
    found = (
        _beside(past, round(sum(ages) / len(ages)), len(ages), longest, completed=completed)
        for (completed, _), ages in sorted(groups.items())
    )
    return tuple(group for group in found if group.waits)


def _beside(past: list[Starter], age: int, people: int, longest: int, *, completed: bool) -> Coming:
    waits, never = [], 0
    for one in past:
        wait = _wait(one, longest)
        had_ended = one.days_in_training <= age
        if had_ended != completed or (had_ended and not one.completed):
            continue
        if wait is None:
            never += 1
        elif wait > age:
            waits.append(wait - age)
    return Coming(people, len(waits), never, tuple(waits))


# --- Whether it is enough ------------------------------------------------------------------------


def too_little(known: Evidence, *, on: dt.date, start: dt.date) -> list[str]:
    """Why no number can be given, in words; nothing where it can."""
    reasons = []
    if known.settled < FEWEST_SETTLED:
        reasons.append(
            f"Of {known.settled} people it is settled whether they completed training; "
            f"at least {FEWEST_SETTLED} are needed."
        )
    if known.employed < FEWEST_EMPLOYED:
        reasons.append(
            f"Of people who completed training long enough ago, {known.employed} were employed; "
            f"at least {FEWEST_EMPLOYED} are needed."
        )
    months = float(known.exposure.sum())
    if months < FEWEST_MONTHS:
        reasons.append(
            f"People in post have been followed for {int(months)} months, added together; "
            f"at least {FEWEST_MONTHS} are needed."
        )
    return reasons or _out_of_reach(known, (on - start).days)


def _out_of_reach(known: Evidence, days: int) -> list[str]:
    """Where the day lies too near to reach, or further off than anybody was followed."""
    soonest, usual = min(known.waits), float(np.median(known.waits))
    if days < soonest:
        near = f"The day is {days} days after the start. Nobody has yet come from the start of "
        return [f"{near}training to a first day in post in fewer than {soonest} days."]
    months = (days - usual) / DAYS_A_MONTH
    if months > known.months_followed:
        far = f"Somebody who starts then would have been in post for about {int(months)} months by "
        return [
            f"{far}the day. Nobody has been followed for more than {known.months_followed} months."
        ]
    return []


# --- The forecast --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Forecast:
    """So many drawn futures: in each, how many of today's people are in post on the day, and the
    chance of one more starter being so."""

    already: np.ndarray
    chance: np.ndarray
    rng: np.random.Generator

    def already_in_post(self) -> Range:
        """People in post on the day if nobody starts."""
        return _range(self.already)

    def in_post_with(self, numbers: Sequence[int], *, at_least: int) -> list[tuple[Range, float]]:
        """People in post on the day with each of these growing numbers of starters, and the share
        of futures with `at_least` so many."""
        in_post, before, found = self.already.copy(), 0, []
        for number in numbers:
            in_post = in_post + self.rng.binomial(number - before, self.chance)
            found.append((_range(in_post), float((in_post >= at_least).mean())))
            before = number
        return found

    def starters_needed(self, people: int) -> Range:
        """How many starters it takes until so many people are in post on the day."""
        missing = np.maximum(people - self.already, 0)
        possible = self.chance >= SMALLEST_CHANCE
        needed = np.where(missing > 0, np.inf, 0.0)
        drawn = (missing > 0) & possible
        more = self.rng.negative_binomial(missing[drawn], self.chance[drawn])
        needed[drawn] = missing[drawn] + more
        return _range(needed)


def _range(numbers: np.ndarray) -> Range:
    return Range(*np.quantile(numbers, QUANTILES, method="inverted_cdf").tolist())


def forecast(
    known: Evidence,
    *,
    on: dt.date,
    start: dt.date,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> Forecast:
    """Draw futures for a day, with a cohort that starts on another.

    Args:
        known: the evidence, which is not `too_little`.
        on: the day to forecast.
        start: the first day of the next cohort.
        rng: a generator with a seed of the caller's, so that the answer stays the same.
        draws: how many futures.
    """
    ahead = (on - known.today).days
    oldest = max(known.in_post, default=0) + 1 + max(ahead, (on - start).days) / DAYS_A_MONTH
    survival = _drawn_survival(known, math.ceil(oldest) + 1, rng, draws)
    completes = rng.beta(PRIOR + known.completed, PRIOR + known.settled - known.completed, draws)
    employed = rng.beta(PRIOR + known.employed, PRIOR + known.ready - known.employed, draws)
    stays = _in_post_after(known.waits, (on - start).days, survival, rng)
    staying = _staying(known, ahead, survival, rng)
    arriving = _arriving(known, ahead, survival, completes * employed, rng)
    return Forecast(already=staying + arriving, chance=completes * employed * stays, rng=rng)


def _drawn_survival(
    known: Evidence, months: int, rng: np.random.Generator, draws: int
) -> np.ndarray:
    """The logarithm of the share still in post after 0, 1, … months, a row for each future.

    The rate of leaving is one for each stretch of months in post. It is drawn as the Bayesian
    bootstrap draws it: each leaver's weight anew, which for their sum is one gamma draw, over the
    person-months. Half a leaver is added, spread over all. The last stretch has no end.
    """
    edges = stretches(known.exposure, int(known.left.sum()))
    exposure = np.add.reduceat(known.exposure, edges)
    leavers = np.add.reduceat(known.left, edges) + PRIOR * exposure / exposure.sum()
    rates = rng.gamma(leavers, size=(draws, len(edges))) / exposure
    lengths = np.diff([*edges, max(months, edges[-1] + 1)])
    monthly = np.repeat(rates, lengths, axis=1)
    return np.concatenate([np.zeros((draws, 1)), -np.cumsum(monthly, axis=1)], axis=1)


def stretches(exposure: np.ndarray, leavers: int) -> list[int]:
    """The month each stretch begins with: together they share the person-months evenly, and there
    is one for every five leavers, at least one and at most eight."""
    number = min(max(leavers // LEAVERS_A_STRETCH, 1), MOST_STRETCHES)
    share = np.cumsum(exposure) / exposure.sum()
    return sorted({int(np.searchsorted(share, part / number)) for part in range(number)})


def _log_at(survival: np.ndarray, months: float) -> np.ndarray:
    """The logarithm of the share still in post, between whole months along a straight line."""
    whole = int(months)
    part = months - whole
    return (1 - part) * survival[:, whole] + part * survival[:, whole + 1]


def _in_post_after(
    waits: Sequence[int], days: int, survival: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The chance of being in post so many days on, of somebody who will be employed: the waits
    weighed anew in each future, as the Bayesian bootstrap does."""
    each, times = np.unique(waits, return_counts=True)
    # The weights of people who waited as long, added together: a gamma draw is just that.
    weights = rng.standard_gamma(times, (len(survival), len(each)))
    there = np.zeros((len(each), len(survival)))
    for place, wait in enumerate(each):
        if wait <= days:
            there[place] = np.exp(_log_at(survival, (days - wait) / DAYS_A_MONTH))
    return (weights * there.T).sum(axis=1) / weights.sum(axis=1)


def _staying(
    known: Evidence, ahead: int, survival: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """How many of those in post now are so on the day, those who have a first day to come too."""
    staying = np.zeros(len(survival), dtype=int)
    for months, people in sorted(known.in_post.items()):
        now = months + 0.5  # people within one month so far, taken together
        gone = _log_at(survival, now + ahead / DAYS_A_MONTH) - _log_at(survival, now)
        staying = staying + rng.binomial(people, np.exp(gone))
    for days in known.joining:
        there = np.exp(_log_at(survival, (ahead - days) / DAYS_A_MONTH))
        staying = staying + rng.binomial(1, there)
    return staying


def _arriving(
    known: Evidence,
    ahead: int,
    survival: np.ndarray,
    conversion: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """How many of those on their way now are in post on the day. They share the luck of the new
    starters: in a future where more of these come to a post than the records say, so do more of
    those. Drawn apart, good and bad luck would cancel out and the range be too narrow."""
    from scipy.special import betaincinv

    arriving = np.zeros(len(survival), dtype=int)
    luck = (conversion.argsort().argsort() + 0.5) / len(conversion)
    for group in known.coming:
        share = betaincinv(PRIOR + group.employed, PRIOR + group.not_employed, luck)
        there = _in_post_after(group.waits, ahead, survival, rng)
        arriving = arriving + rng.binomial(group.people, share * there)
    return arriving
