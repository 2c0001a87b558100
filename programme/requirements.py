"""How a trainee stands on what their training asks for, with no database.

What is typed are results, placement hours and marks of attendance; whether a requirement is met is
worked out from them here and nowhere else.

*Attendance* is the share of the cohort's sessions, those still to come included and cancelled ones
not, at which the trainee was there for all or part; so once met it stays met. *Placement* is met by
hours, or by prior learning. Anything else is met when its latest result says so.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from programme.models import Requirement, RequirementKind, RequirementResult, Result

NOT_YET = "Not yet"
MEETS = frozenset({Result.MET, Result.RECOGNISED})
COLOURS = {
    Result.MET: "green",
    Result.RECOGNISED: "green",
    Result.REPEAT: "yellow",
    Result.SUBMITTED: "blue",
}


class Attended(NamedTuple):
    """A trainee's marks over the sessions of their cohort that were not cancelled."""

    sessions: int = 0
    present: int = 0
    in_part: int = 0  # of those present
    to_come: int = 0
    not_marked: int = 0  # of those already held

    @property
    def share(self) -> Decimal:
        """Per cent of all sessions, from 0 to 100."""
        return Decimal(100 * self.present) / self.sessions if self.sessions else Decimal(0)

    def reaches(self, share: Decimal) -> bool:
        """Whether the share can still be reached, if every session to come is attended."""
        most = self.present + self.to_come + self.not_marked
        return bool(self.sessions) and 100 * most >= share * self.sessions


class Standing(NamedTuple):
    """Where one trainee is with one requirement."""

    requirement: Requirement
    is_met: bool
    state: str
    colour: str
    words: str
    on: dt.date | None = None

    def __str__(self) -> str:
        return self.state


def standings(
    requirements: Iterable[Requirement],
    results: Iterable[RequirementResult],
    attended: Attended,
    hours: Decimal,
) -> list[Standing]:
    """Each requirement in its order.

    Args:
        results: every result of the trainee, in any order.
        hours: on placement so far.
    """
    latest = {result.requirement_id: result for result in sorted(results, key=_by_time)}
    return [_standing(asked, latest.get(asked.pk), attended, hours) for asked in requirements]


def missing(found: Sequence[Standing]) -> list[Standing]:
    """What is not met yet."""
    return [standing for standing in found if not standing.is_met]


def in_words(found: Sequence[Standing]) -> str:
    """What is met and what is missing, in one sentence."""
    left = missing(found)
    if not found:
        return "This version of the programme asks for nothing in particular."
    if not left:
        return "Everything that is asked for is met."
    return f"{len(found) - len(left)} of {len(found)} met."


def _by_time(result: RequirementResult) -> tuple:
    return result.decided_on, result.recorded_at


def _standing(
    asked: Requirement, latest: RequirementResult | None, attended: Attended, hours: Decimal
) -> Standing:
    if asked.kind == RequirementKind.ATTENDANCE:
        return _of_attendance(asked, attended)
    if asked.kind == RequirementKind.PLACEMENT and not (latest and latest.result in MEETS):
        return _of_placement(asked, hours)
    if latest is None:
        return Standing(asked, False, NOT_YET, "grey", "Nothing is recorded yet.")
    return Standing(
        asked,
        latest.result in MEETS,
        latest.get_result_display(),
        COLOURS[Result(latest.result)],
        f"{latest.get_result_display()} on {in_full(latest.decided_on)}.",
        latest.decided_on,
    )


def _of_attendance(asked: Requirement, attended: Attended) -> Standing:
    is_met = bool(attended.sessions) and attended.share >= asked.amount
    state = "Met" if is_met else NOT_YET
    if not is_met and attended.sessions and not attended.reaches(asked.amount):
        state = "Out of reach"
    colour = {"Met": "green", NOT_YET: "grey"}.get(state, "yellow")
    return Standing(asked, is_met, state, colour, _attendance_words(asked, attended))


def _attendance_words(asked: Requirement, attended: Attended) -> str:
    needed = f"{plain(asked.amount)}% is asked for."
    if not attended.sessions:
        return f"The cohort has no sessions yet; {needed}"
    parts = [
        f"{attended.present} of {attended.sessions} sessions attended ({int(attended.share)}%)",
        attended.in_part and f"{attended.in_part} of them in part",
        attended.to_come and f"{attended.to_come} still to come",
        attended.not_marked and f"{attended.not_marked} not marked yet",
    ]
    return f"{', '.join(part for part in parts if part)}; {needed}"


def _of_placement(asked: Requirement, hours: Decimal) -> Standing:
    is_met = hours >= asked.amount
    words = f"{plain(hours)} of {plain(asked.amount)} hours on placement."
    return Standing(
        asked, is_met, "Met" if is_met else NOT_YET, "green" if is_met else "grey", words
    )


def plain(number: Decimal) -> str:
    """A number without noughts at its end: 22.5, 80."""
    return f"{number.normalize():f}"


def in_full(day: dt.date) -> str:
    """*3 March 2026*."""
    return f"{day.day} {day:%B %Y}"
