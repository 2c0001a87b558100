"""Funded posts by team and band, apart from the people in them, as recorded for a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from programme.models import FULL_TIME_HOURS, CareerBreak, Funding, Post, Spell
from programme.models.funding import holds_on
from programme.retention import add_months

MONTHS_AHEAD = 6


@dataclass
class Line:
    """One band of one team, or the total of all."""

    team: str
    site: str
    band: str
    posts: int
    funded: Decimal
    funding_unknown: int
    ending: Decimal
    heads: int = 0
    on_break: int = 0
    hours: Decimal = Decimal(0)
    hours_unknown: int = 0

    @property
    def funded_wte(self) -> Decimal | None:
        """WTE that is paid for; `None` where that of a post is not known."""
        return None if self.funding_unknown else self.funded

    @property
    def filled_wte(self) -> Decimal | None:
        """WTE of the people in post; `None` where somebody's hours are not known."""
        return None if self.hours_unknown else self.hours / FULL_TIME_HOURS

    @property
    def vacancy(self) -> Decimal | None:
        """Funded less in-post WTE, below nought where more is in post."""
        if self.funded_wte is None or self.filled_wte is None:
            return None
        return self.funded_wte - self.filled_wte

    @property
    def vacancy_rate(self) -> Decimal | None:
        """Vacancy in per cent of what is funded; `None` where nothing is, or it is not known."""
        if self.vacancy is None or not self.funded_wte:
            return None
        return 100 * self.vacancy / self.funded_wte


def by_team_and_band(posts: models.QuerySet[Post], day: dt.date) -> models.QuerySet:
    """What is funded, a row for each band of each team that has a post funded or filled."""
    rows = posts.known_on(day).order_by().values("team", "band").annotate(**_sums(day))
    return rows.annotate(team_name=F("team__name"), site_name=F("team__site__name")).order_by(
        "team_name", "site_name", "team", "band"
    )


def lines(rows: Iterable[dict], spells: models.QuerySet[Spell], day: dt.date) -> list[Line]:
    """Rows of `by_team_and_band` with who is in post, in one more query."""
    rows = list(rows)
    teams = {row["team"] for row in rows}
    filled = {
        (row["post__team"], row["post__band"]): row
        for row in _filled(spells.filter(post__team__in=teams), day).values(
            "post__team", "post__band", *FILLED
        )
    }
    return [_line(row, filled.get((row["team"], row["band"]), {})) for row in rows]


def total(posts: models.QuerySet[Post], spells: models.QuerySet[Spell], day: dt.date) -> Line:
    """Everything together, in two queries."""
    funded = posts.order_by().aggregate(**_sums(day))
    held = spells.in_post_on(day).order_by().aggregate(**_people(day))
    return _line({"team_name": "All", "site_name": "", "band": "", **funded}, held)


FILLED = ("heads", "on_break", "hours", "hours_unknown")


def _line(row: dict, filled: dict) -> Line:
    return Line(
        team=row["team_name"],
        site=row["site_name"],
        band=row["band"],
        posts=row["posts"],
        funded=row["funded"] or Decimal(0),
        funding_unknown=row["funding_unknown"],
        ending=row["ending"] or Decimal(0),
        **{name: filled.get(name) or 0 for name in FILLED},
    )


def _sums(day: dt.date) -> dict:
    """Over the posts by their funding, of which at most one a post holds on a day."""
    holds = holds_on(day, "funding__")
    funded = holds | Q(funding__isnull=True)
    next_one = Funding.objects.filter(post=OuterRef("pk"), starts_on=OuterRef("funding__ends_on"))
    soon = holds & Q(funding__ends_on__lte=add_months(day, MONTHS_AHEAD)) & ~Exists(next_one)
    return {
        "posts": Count("pk", filter=funded),
        "funded": Sum("funding__wte", filter=holds),
        "funding_unknown": Count("pk", filter=funded & Q(funding__wte__isnull=True)),
        "ending": Sum("funding__wte", filter=soon),
    }


def _filled(spells: models.QuerySet[Spell], day: dt.date) -> models.QuerySet:
    rows = spells.in_post_on(day).order_by().values("post__team", "post__band")
    return rows.annotate(**_people(day))


def _people(day: dt.date) -> dict:
    away = Exists(CareerBreak.objects.filter(spell=OuterRef("pk")).on(day))
    return {
        "heads": Count("person", distinct=True),
        "on_break": Count("person", filter=away, distinct=True),
        "hours": Sum("contracted_hours"),
        "hours_unknown": Count("pk", filter=Q(contracted_hours__isnull=True)),
    }
