"""How long recruitment takes as it is shown, exact or published, on the page and in its files.

Published counts are one audited table of the whole programme: who came to a stage, went on and is
there. Nothing of one round is published, not even that ten people were in it: beside the figures of
all rounds it would tell of the others.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import QuerySet

from programme.disclosure import Published, Rule, publish, published_average
from programme.disclosure_audit import Sum
from programme.models import Applicant
from programme.numbers import HIDDEN
from programme.publishing import JointTable
from programme.waits import Spread

TIME_TO_HIRE = "Time to hire"
APPOINTED, ON_THE_WAY = "appointed", "on the way"

type Cell = int | str | None  # hidden is a star, and too few to say is none


class Row(NamedTuple):
    """One stage, or the time to hire, with its spread of days and its counts as they are shown."""

    name: str
    median: Cell
    centile_90: Cell
    ended: Cell
    waiting: Cell


def whole_programme() -> QuerySet[Applicant]:
    """Every application that was sent, whoever reads the published figures."""
    return Applicant.objects.counted()


def exact(hire: Spread, stages: Mapping[str, Spread]) -> list[Row]:
    """The time to hire, then each stage."""
    return [_exact(TIME_TO_HIRE, hire), *(_exact(name, one) for name, one in stages.items())]


def _exact(name: str, found: Spread) -> Row:
    return Row(name, found.median, found.centile_90, found.ended, found.waiting)


def published(hire: Spread, stages: Mapping[str, Spread], rule: Rule) -> list[Row]:
    """The same over the whole programme, as it may be published."""
    shown = _counts(hire, stages, rule)
    names = [(APPOINTED, ON_THE_WAY), *((_gone(name), _here(name)) for name in stages)]
    found = {TIME_TO_HIRE: hire, **stages}.items()
    return [
        _published(name, one, shown[gone], shown[here], rule)
        for (name, one), (gone, here) in zip(found, names, strict=True)
    ]


def _published(name: str, found: Spread, ended: int | None, waiting: int | None, rule: Rule) -> Row:
    """Days are shown of ten people or more who have gone on, and never beside a hidden number of
    them, which would be known to be ten at least."""
    shown = ended is not None and published_average(0, found.ended, rule=rule) is not None
    days = (found.median, found.centile_90) if shown else (HIDDEN, HIDDEN)
    counts = (HIDDEN if count is None else count for count in (ended, waiting))
    return Row(name, *days, *counts)


def _counts(hire: Spread, stages: Mapping[str, Spread], rule: Rule) -> Published:
    table = JointTable()
    table.add(APPOINTED, hire.ended)
    table.add(ON_THE_WAY, hire.waiting)
    before = ""
    for name, found in stages.items():
        came = f"{name}: came"
        table.add(_gone(name), found.ended)
        table.add(_here(name), found.waiting)
        table.derived[came] = found.ended + found.waiting
        table.sums.append(Sum(came, (_gone(name), _here(name))))
        if before:
            table.within(before, came, rest=f"{before}, not to {name}")
        before = _gone(name)
    if before:
        table.within(before, APPOINTED, rest="ended after the last stage")
    if hire.waiting == sum(found.waiting for found in stages.values()):
        table.sums.append(Sum(ON_THE_WAY, tuple(map(_here, stages)), printed=True))
    return publish(table.counts, table.sums, derived=table.derived, rule=rule)


def _gone(name: str) -> str:
    return f"{name}: gone on"


def _here(name: str) -> str:
    return f"{name}: there"


def cells(rows: Iterable[Row], head: list) -> Iterable[list]:
    """The rows as a file holds them."""
    return ([*head, *row] for row in rows)
