"""How a cohort went on a day, counted from its rows; `with_counts_on` is the same rule in SQL."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from programme.models import Outcome


class Taken(NamedTuple):
    """A place in a cohort, and whether who has it was employed after their first session."""

    commenced_on: dt.date | None
    outcome: str
    outcome_on: dt.date | None
    employed: bool


class Tally(NamedTuple):
    """Numbers of people."""

    started: int = 0
    completed: int = 0
    did_not_complete: int = 0
    in_training: int = 0
    waiting: int = 0
    employed: int = 0


def tally(places: Iterable[Taken], day: dt.date) -> Tally:
    """How many had started, how it ended for them, and how many still wait, on a day.

    Who completed or withdrew only after the day was still in training on it; employed are counted
    among those who started.
    """
    counted = dict.fromkeys(Tally._fields, 0)
    for place in places:
        started = place.commenced_on is not None and place.commenced_on <= day
        ended = place.outcome_on is not None and place.outcome_on <= day
        counted["started"] += started
        counted["employed"] += started and place.employed
        if ended:
            completed = place.outcome == Outcome.COMPLETED
            counted["completed" if completed else "did_not_complete"] += 1
        else:
            counted["in_training" if started else "waiting"] += 1
    return Tally(**counted)
