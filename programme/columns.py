"""Posts held and stays as columns of numbers, so that thousands of them are worked out at once.

A day is the number of days since 1 January 1970, and what has no end ends `NEVER`. People, and what
is known of a post, stand once in `people` and `abouts`; the columns count into those.
"""

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from programme.arrays import Column, np
from programme.models.posts import SAME_EMPLOYMENT

FIRST_DAY = dt.date(1970, 1, 1).toordinal()
APART = 1 << 23  # days between the times of two people: more than from year 1 to year 9999 twice


class Held(NamedTuple):
    """One post held by one person, with its contracted hours a week where they are known;
    `about` is whatever the caller wants to know of the post."""

    person: Hashable
    started_on: dt.date
    ended_on: dt.date | None = None
    hours: float | None = None
    about: Hashable = None

    def in_post_on(self, day: dt.date) -> bool:
        """Whether this post was held on a day; the day it ends is the first without it."""
        return self.started_on <= day and (self.ended_on is None or self.ended_on > day)


class Stay(NamedTuple):
    """Continuous employment of one person; `about` is that of the post it began with."""

    person: Hashable
    started_on: dt.date
    ended_on: dt.date | None = None
    about: Hashable = None

    def in_post_on(self, day: dt.date) -> bool:
        """Whether the person was in post on a day; the day a stay ends is the first without it."""
        return self.started_on <= day and (self.ended_on is None or self.ended_on > day)


def day_number(day: dt.date) -> int:
    """Days since 1 January 1970."""
    return day.toordinal() - FIRST_DAY


NEVER = day_number(dt.date.max)


def numbered(values: Iterable[Hashable]) -> tuple[list[Hashable], Column]:
    """Each value once, and which of them stood at each place."""
    places: dict[Hashable, int] = {}
    numbers = [places.setdefault(value, len(places)) for value in values]
    return list(places), np.array(numbers, dtype=int)


@dataclass(frozen=True, eq=False)
class Periods:
    """From the day each period `started` to the first day without it; `person` and `about` count
    into `people` and `abouts`."""

    people: Sequence[Hashable]
    person: Column
    started: Column
    ended: Column
    abouts: Sequence[Hashable]
    about: Column

    def __len__(self) -> int:
        return len(self.person)

    def in_post_on(self, day: dt.date) -> Column:
        """Which of them hold on a day."""
        number = day_number(day)
        return (self.started <= number) & (self.ended > number)

    def known(self, name: str) -> Column:
        """Whether this is so of each of them, as `abouts` say."""
        return np.array([getattr(about, name) for about in self.abouts], dtype=bool)[self.about]

    def people_on(self, day: dt.date) -> Column:
        """Whether each of `people` is in post on a day."""
        return np.bincount(self.person[self.in_post_on(day)], minlength=len(self.people)) > 0

    def people_in(self, other: "Periods") -> Column:
        """Where each of `people` stands in another's; -1 for who is not there."""
        if self.people is other.people:
            return np.arange(len(self.people))
        places = {person: place for place, person in enumerate(other.people)}
        return np.array([places.get(person, -1) for person in self.people], dtype=int)

    def who_on(self, day: dt.date) -> set[Hashable]:
        """The people in post on a day."""
        return {self.people[number] for number in np.flatnonzero(self.people_on(day))}


@dataclass(frozen=True, eq=False)
class Stays(Periods):
    """Many stays; one at a time they are each a `Stay`."""

    @classmethod
    def of(cls, found: "Iterable[Stay] | Stays") -> "Stays":
        """These stays as columns."""
        return found if isinstance(found, Stays) else cls(**_columns(list(found)))

    def __iter__(self) -> Iterator[Stay]:
        columns = (self.person, self.started, self.ended, self.about)
        for person, start, end, about in zip(*(one.tolist() for one in columns), strict=True):
            ended_on = None if end == NEVER else dt.date.fromordinal(end + FIRST_DAY)
            started_on = dt.date.fromordinal(start + FIRST_DAY)
            yield Stay(self.people[person], started_on, ended_on, self.abouts[about])

    def where(self, kept: Column) -> Self:
        """Those of them for which this is true."""
        columns = ("person", "started", "ended", "about")
        return replace(self, **{name: getattr(self, name)[kept] for name in columns})


@dataclass(frozen=True, eq=False)
class Posts(Periods):
    """Many posts held, with the contracted hours a week of each: NaN where they are not known."""

    hours: Column

    @classmethod
    def of(cls, posts: "Iterable[Held] | Posts") -> "Posts":
        """These posts as columns."""
        if isinstance(posts, Posts):
            return posts
        rows = list(posts)
        return cls(**_columns(rows), hours=np.array([row.hours for row in rows], dtype=float))

    def stays(self, as_at: dt.date) -> Stays:
        """Continuous employment as it was known on a day, by person and from the oldest. Of posts
        that began together the longest is the one a stay began with."""
        alike = np.argsort(np.argsort([str(about) for about in self.abouts]))
        alike = alike[self.about] if len(alike) else self.about
        order = np.lexsort((alike, -self.ended, self.started, self.person))
        order = order[self.started[order] <= day_number(as_at)]
        if not len(order):
            return Stays(self.people, order, order, order, self.abouts, order)
        # On one line of time, a person's after another's, the latest end so far is that of the
        # stay that goes on.
        base = self.person[order] * APART
        started, ended = base + self.started[order], np.maximum.accumulate(base + self.ended[order])
        anew = np.append(True, started[1:] - ended[:-1] > SAME_EMPLOYMENT.days)
        first = np.flatnonzero(anew)
        last = np.append(first[1:], len(order)) - 1
        begun = order[first]
        return Stays(
            people=self.people,
            person=self.person[begun],
            started=self.started[begun],
            ended=ended[last] - base[last],
            abouts=self.abouts,
            about=self.about[begun],
        )


@dataclass(frozen=True, eq=False)
class Observed:
    """How long stays were followed: days, and whether the person had left by then; one at a time
    they are pairs of these."""

    days: Column
    left: Column

    @classmethod
    def of(cls, rows: "Iterable[tuple[int, bool]] | Observed") -> "Observed":
        """These pairs as columns."""
        if isinstance(rows, Observed):
            return rows
        pairs = list(rows)
        days = np.array([day for day, _ in pairs], dtype=int)
        return cls(days, np.array([left for _, left in pairs], dtype=bool))

    @classmethod
    def by(cls, found: Stays, as_at: dt.date) -> "Observed":
        """These stays as followed up to a day."""
        number = day_number(as_at)
        return cls(np.minimum(found.ended, number) - found.started, found.ended <= number)

    def __len__(self) -> int:
        return len(self.days)

    def __iter__(self) -> Iterator[tuple[int, bool]]:
        return zip(self.days.tolist(), self.left.tolist(), strict=True)


def _columns(rows: list[Held] | list[Stay]) -> dict:
    people, person = numbered(row.person for row in rows)
    abouts, about = numbered(row.about for row in rows)
    return {
        "people": people,
        "person": person,
        "started": np.array([day_number(row.started_on) for row in rows], dtype=int),
        "ended": np.array([day_number(row.ended_on or dt.date.max) for row in rows], dtype=int),
        "abouts": abouts,
        "about": about,
    }


def months_later(days: Column, months: int) -> Column:
    """The same days of the month so many months later, or that month's last day."""
    month = days.astype("datetime64[D]").astype("datetime64[M]")
    day_of_month = days - month.astype("datetime64[D]").astype(int)
    first, after = (
        (month + np.timedelta64(number, "M")).astype("datetime64[D]").astype(int)
        for number in (months, months + 1)
    )
    return np.minimum(first + day_of_month, after - 1)
