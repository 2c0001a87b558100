"""What weighs on peer workers, counted by team, so that nothing tells of one of them.

1. A count is of people, over a year that ends with a quarter that is over, so that what is noted
   today changes nothing today, and no choice of dates tells two counts apart. It is counted once,
   so that what is taken back or deleted later does not show in a number.
2. A team is shown only where enough people noted something and enough did not: everybody in a
   team knows how many they are.
3. Within a team, the counts of each kind are one table by the rules of `programme.disclosure`: a
   small one is hidden, so is what would give it away, and the rest is rounded.
4. There are no totals over teams, and nothing to filter by.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import User
from programme.disclosure import TOTAL, Rule, publish
from programme.disclosure_audit import Sum
from programme.models import Spell, Team
from programme.numbers import last_quarter_end
from wellbeing.colleagues import supervised, who_could_choose
from wellbeing.models import BurdenCount, BurdenFlag, BurdenKind

YEAR = dt.timedelta(days=365)
DAY = dt.timedelta(days=1)


class TeamCounts(NamedTuple):
    """What may be said of one team: about how many noted anything, and each kind; none: hidden."""

    team: str
    people: int | None
    kinds: list[tuple[str, int | None]]


class Burden(NamedTuple):
    """The teams of which anything may be said, as at the end of a quarter."""

    as_at: dt.date
    teams: list[TeamCounts]


def flags_addressed_to(user: User, day: dt.date) -> QuerySet[BurdenFlag]:
    """What others addressed to a user, until they take it back or could not choose them any more;
    what was for a supervisor, only while they supervise."""
    still = Q(while_supervising=False) | Q(person__in=supervised().people_of(user, day))
    rows = BurdenFlag.objects.addressed_to(user).filter(
        still, person__in=who_could_choose(user, day)
    )
    return rows.select_related("person", "team__site")


def burden_by_team(user: User, today: dt.date) -> Burden:
    """What a lead may read of their teams, as it was counted when the quarter was over."""
    as_at = last_quarter_end(today - DAY)
    rows = BurdenCount.objects.filter(quarter=as_at, team__in=Team.objects.visible_to(user))
    shown = [
        TeamCounts(
            f"{row.team}, {row.team.site}",
            row.people,
            [(BurdenKind(kind).label, people) for kind, people in row.kinds.items()],
        )
        for row in rows.select_related("team__site")
    ]
    return Burden(as_at, sorted(shown, key=lambda counts: counts.team))


def counts_of(as_at: dt.date, rule: Rule) -> dict[UUID, dict[str, int | None]]:
    """What may be said of each team at the end of a quarter, by kind; `TOTAL` is who noted any."""
    first = as_at - YEAR + DAY
    noted = _noted(first, as_at)
    worked = _worked(noted, first, as_at)
    return {
        team: _published(kinds, rule)
        for team, kinds in noted.items()
        if may_be_shown(people_of(kinds), worked[team], rule)
    }


type People = set[UUID]


def _noted(first: dt.date, last: dt.date) -> dict[UUID, dict[str, People]]:
    rows = BurdenFlag.objects.noted_within(first, last)
    found: dict = defaultdict(lambda: {kind: set() for kind in BurdenKind.values})
    for team, kind, person in rows.order_by().values_list("team", "kind", "person"):
        found[team][kind].add(person)
    return found


def _worked(teams: Iterable[UUID], first: dt.date, last: dt.date) -> dict[UUID, People]:
    """Who worked in each team at any time between two days."""
    there = Q(ended_on__isnull=True) | Q(ended_on__gt=first)
    rows = Spell.objects.filter(there, started_on__lte=last, post__team__in=teams)
    found: dict = defaultdict(set)
    for team, person in rows.order_by().values_list("post__team", "person"):
        found[team].add(person)
    return found


def people_of(kinds: dict[str, People]) -> People:
    return set().union(*kinds.values())


def may_be_shown(noted: People, worked: People, rule: Rule) -> bool:
    """Whether enough people of a team noted something, and enough did not."""
    others = worked - noted
    return len(noted) >= rule.smallest_shown and len(others) >= rule.smallest_shown


def _published(kinds: dict[str, People], rule: Rule) -> dict[str, int | None]:
    everybody = len(people_of(kinds))
    counts = {TOTAL: everybody} | {kind: len(people) for kind, people in kinds.items()}
    # How many did not note a kind is not printed, but counts as if it were: that everybody who
    # noted anything noted this would tell of whoever says that they did.
    counts |= {("not", kind): everybody - counts[kind] for kind in kinds}
    sums = [Sum(TOTAL, (kind, ("not", kind)), printed=True) for kind in kinds]
    shown = publish(counts, sums, rule=rule)
    return {kind: shown[kind] for kind in (TOTAL, *kinds)}
