"""What the dashboard shows, put together from `figures` (reads) and the arithmetic beside it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from programme import figures
from programme.columns import Held, Observed, Posts, Stay, Stays
from programme.figures import Establishment, Filters, InPost
from programme.funnel import Part, Stage, employed_without_training, funnel
from programme.metrics import Ended, one_year_service
from programme.models.posts import FULL_TIME_HOURS
from programme.records import Choices, Records
from programme.retention import (
    Retention,
    add_months,
    grouped,
    hours_on,
    leavers,
    leavers_hours,
    log_rank,
    retention,
    stability,
    turnover,
    vacancy_rate,
)


@dataclass(frozen=True)
class Staying:
    """Retention by group, for all together, and whether the groups differ; `days` has each
    group's days in post."""

    as_at: dt.date
    by: str
    groups: list[Retention]
    overall: Retention
    log_rank_p: float | None
    days: dict[str, Observed]


@dataclass(frozen=True)
class Year:
    """The twelve months up to a day: who stayed and who left, in heads and in WTE.

    A rate is `None` where nobody was in post, and in WTE also where somebody's hours are unknown.
    `wte` is that of the leavers, at the start and at the end. `long_serving` are those in post for
    twelve months or more, of the number in post twelve months before.
    """

    start: dt.date
    stable: Part
    long_serving: Part
    leavers: Stays
    at_start: int
    at_end: int
    turnover: float | None
    turnover_wte: float | None
    wte: tuple[float, float, float] | None

    @property
    def left(self) -> int:
        return len(self.leavers)


@dataclass(frozen=True)
class Summary:
    """Everything on the dashboard, exact. `establishment` is `None` where a cohort was chosen:
    posts belong to no cohort; `ended` is told where it was asked for."""

    stages: list[Stage]
    untrained: int
    in_training: int
    in_post: InPost
    establishment: Establishment | None
    staying: Staying
    year: Year
    ended: Ended | None = None

    @property
    def vacancies(self) -> float | None:
        """The share of funded WTE not filled; `None` without funding or with unknown hours."""
        posts = self.establishment
        return None if posts is None or posts.hours_unknown else vacancy_rate(*posts[:2])


def read_summary(
    records: Records, filters: Filters, choices: Choices, *, ended: bool = False
) -> Summary:
    """Everything, in two queries; `ended`: also how training ended."""
    posts, trained = figures.read(records, filters, choices, ended=ended)
    found = figures.kept_stays(posts, filters)
    employed = figures.employment(found, filters.as_at)
    return Summary(
        stages=funnel(trained.reached, employed),
        untrained=employed_without_training(employed),
        in_training=trained.in_training,
        in_post=figures.in_post(posts, filters),
        establishment=None
        if filters.cohort
        else figures.read_establishment(records, filters, posts),
        staying=staying(found, filters),
        year=year(posts, found, filters.as_at),
        ended=trained.ended if ended else None,
    )


def read_stages(records: Records, filters: Filters, choices: Choices) -> list[Stage]:
    """The funnel alone, in one query."""
    posts, trained = figures.read(records, filters, choices)
    found = figures.kept_stays(posts, filters)
    return funnel(trained.reached, figures.employment(found, filters.as_at))


def read_staying(records: Records, filters: Filters, choices: Choices) -> Staying:
    """Retention alone, in one query."""
    return staying(
        figures.kept_stays(figures.read(records, filters, choices).posts, filters), filters
    )


def staying(found: Iterable[Stay], filters: Filters) -> Staying:
    """Retention of these stays by the grouping asked for."""
    as_at, found = filters.as_at, Stays.of(found)
    overall = retention(figures.ALL, found, as_at)
    if filters.by == "none":
        days = {figures.ALL: Observed.by(found, as_at)}
        return Staying(as_at, filters.by, [overall], overall, None, days)
    groups = grouped(found, figures.group_of)
    days = {name: Observed.by(rows, as_at) for name, rows in groups.items()}
    each = [retention(name, rows, as_at) for name, rows in groups.items()]
    return Staying(as_at, filters.by, each, overall, log_rank(days), days)


def year(posts: Iterable[Held], found: Iterable[Stay], end: dt.date) -> Year:
    """The twelve months up to a day; `found` are the stays that the filters keep."""
    start, posts, found = add_months(end, -12), Posts.of(posts), Stays.of(found)
    at_start, at_end = found.who_on(start), found.who_on(end)
    left = leavers(found, start, end)
    hours = (
        leavers_hours(posts, left),
        hours_on(posts, at_start, start),
        hours_on(posts, at_end, end),
    )
    wte = None if None in hours else tuple(number / float(FULL_TIME_HOURS) for number in hours)
    return Year(
        start=start,
        stable=Part(*stability(found, start, end)),
        long_serving=one_year_service(found, end),
        leavers=left,
        at_start=len(at_start),
        at_end=len(at_end),
        turnover=turnover(len(left), len(at_start), len(at_end)),
        turnover_wte=turnover(*wte) if wte else None,
        wte=wte,
    )
