"""How long applications take: time in each stage and time to hire, with those not there yet.

Who is still waiting is counted with the time so far (censored), by the Kaplan–Meier curve of
`programme.retention`: leaving them out would make a slow process look quick.
"""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet, Window
from django.db.models.functions import Lead
from django.utils import timezone

from programme.models import ENDED, Applicant, StageKind, StageMove
from programme.retention import survival_curve


class Spread(NamedTuple):
    """Days from beginning to end: `median` and `centile_90` are none where too few have ended."""

    ended: int
    waiting: int
    median: int | None
    centile_90: int | None


def spread(observations: Iterable[tuple[int, bool]]) -> Spread:
    """The spread of days, each with whether the time has ended.

    The median is the first day by which at least half have ended, the centile that by which 90 %
    have, both with those who still wait taken as waiting.
    """
    observations = list(observations)
    ended = sum(done for _, done in observations)
    curve = survival_curve(observations)

    def by(share: float) -> int | None:
        return next((point.day for point in curve if point.survival <= 1 - share + 1e-12), None)

    return Spread(ended, len(observations) - ended, by(0.5), by(0.9))


class Wait(NamedTuple):
    """One stay of an application at a stage; `until` is none while it is there still."""

    kind: str
    name: str
    since: dt.date
    until: dt.date | None

    def days(self, today: dt.date) -> tuple[int, bool]:
        return ((self.until or today) - self.since).days, self.until is not None


def waits_of(applicants: QuerySet[Applicant], day: dt.date) -> list[Wait]:
    """Every stay at a stage that is on the way, as it was at the end of a day; merged applications
    are left out by who asks."""
    following = Window(Lead("at"), partition_by="applicant", order_by=["at", "pk"])
    rows = _moves(applicants, day).order_by().annotate(until=following)
    rows = rows.values_list("to_stage__kind", "to_stage__name", "at", "until")
    return [
        Wait(kind, name, timezone.localdate(at), timezone.localdate(until) if until else None)
        for kind, name, at, until in rows
        if kind not in ENDED
    ]


def _moves(applicants: QuerySet[Applicant], day: dt.date) -> QuerySet[StageMove]:
    of = applicants.order_by().values("pk")
    return StageMove.objects.filter(applicant__in=of, at__date__lte=day)


def by_stage(waits: Iterable[Wait], today: dt.date) -> dict[str, Spread]:
    """The spread of days at each stage, by the stage's name."""
    groups: dict[str, list[tuple[int, bool]]] = {}
    for wait in waits:
        groups.setdefault(wait.name, []).append(wait.days(today))
    return {name: spread(days) for name, days in groups.items()}


def by_kind(waits: Iterable[Wait], today: dt.date) -> dict[str, Spread]:
    """The spread of days at each kind of stage, whatever rounds call it, on the way's order."""
    groups: dict[str, list[tuple[int, bool]]] = {}
    for wait in waits:
        groups.setdefault(wait.kind, []).append(wait.days(today))
    return {kind.label: spread(groups[kind]) for kind in StageKind if kind in groups}


def time_to_hire(applicants: QuerySet[Applicant], day: dt.date) -> Spread:
    """Days from the day a round was published to the day an applicant was appointed, as at a day;
    who is on the way then counts as waiting, and who ended without an appointment does not."""
    moves = _moves(applicants, day).filter(applicant__round__published_on__isnull=False)
    # The sending, which comes from nowhere, is the first of two at one moment.
    last = moves.order_by("applicant_id", "-at", "from_stage_id", "pk").distinct("applicant_id")
    found = last.values_list("to_stage__kind", "at", "applicant__round__published_on")
    return spread(
        (
            ((timezone.localdate(at) if kind == StageKind.APPOINTED else day) - start).days,
            kind == StageKind.APPOINTED,
        )
        for kind, at, start in found
        if kind == StageKind.APPOINTED or kind not in ENDED
    )


def stuck(applicants: QuerySet[Applicant], most: int) -> list[Applicant]:
    """Those on the way who have been longest at their stage."""
    rows = applicants.exclude(stage__kind__in=ENDED).select_related("stage", "round")
    return list(rows.order_by("stage_since", "pk")[:most])
