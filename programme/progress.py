"""How trainees of one cohort stand, read in six queries however many they are."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Q, Sum

from programme.models import (
    Attendance,
    AttendanceState,
    Cohort,
    Enrolment,
    Outcome,
    PlacementDay,
    Requirement,
    RequirementKind,
    RequirementResult,
    TrainingSession,
)
from programme.models.training_sessions import PRESENT
from programme.requirements import Attended, Standing, standings


class Part(NamedTuple):
    """One requirement on a trainee's page, with everything recorded of it, newest first."""

    standing: Standing
    results: list[RequirementResult]
    days: list[PlacementDay]


def requirements_of(cohort: Cohort) -> list[Requirement]:
    """What the version that a cohort follows asks for; nothing where none is known."""
    return list(Requirement.objects.filter(version=cohort.programme_version_id))


def standings_of(
    cohort: Cohort, enrolments: Iterable[Enrolment], today: dt.date
) -> dict[uuid.UUID, list[Standing]]:
    """For each of these places in a cohort, where the trainee is with each requirement."""
    keys = [enrolment.pk for enrolment in enrolments]
    asked = requirements_of(cohort)
    results = defaultdict(list)
    for result in RequirementResult.objects.filter(enrolment__in=keys):
        results[result.enrolment_id].append(result)
    attended, hours = attended_by(cohort, keys, today), _hours(keys)
    return {
        key: standings(asked, results[key], attended[key], hours.get(key, Decimal(0)))
        for key in keys
    }


def attended_by(
    cohort: Cohort, keys: Iterable[uuid.UUID], today: dt.date
) -> dict[uuid.UUID, Attended]:
    """Each trainee's attendance over every session of the cohort that was not cancelled.

    A session is still to come until it is marked or its day is over.
    """
    held = list(
        TrainingSession.objects.filter(cohort=cohort, cancelled_on=None).values_list(
            "pk", "held_on"
        )
    )
    marks = defaultdict(dict)
    rows = Attendance.objects.filter(enrolment__in=keys).exclude(state="")
    for enrolment, session, state in rows.values_list("enrolment", "session", "state"):
        marks[enrolment][session] = state
    return {key: _attended(held, marks[key], today) for key in keys}


def _attended(
    held: list[tuple[uuid.UUID, dt.date]], marks: dict[uuid.UUID, str], today: dt.date
) -> Attended:
    states = [marks.get(session, "") for session, _ in held]
    open_days = [day for session, day in held if session not in marks]
    return Attended(
        sessions=len(held),
        present=sum(state in PRESENT for state in states),
        in_part=states.count(AttendanceState.PART),
        to_come=sum(day >= today for day in open_days),
        not_marked=sum(day < today for day in open_days),
    )


def _hours(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    days = PlacementDay.objects.filter(enrolment__in=keys)
    return dict(days.values_list("enrolment").annotate(hours=Sum("hours")))


def parts_of(trainee: Enrolment, found: list[Standing]) -> list[Part]:
    """A trainee's requirements with their results and, for a placement, its days."""
    results = defaultdict(list)
    rows = trainee.results.select_related("recorded_by")
    for result in rows.order_by("-decided_on", "-recorded_at"):
        results[result.requirement_id].append(result)
    days = list(trainee.placement_days.order_by("-spent_on", "pk"))
    return [
        Part(
            standing,
            results[standing.requirement.pk],
            days if standing.requirement.kind == RequirementKind.PLACEMENT else [],
        )
        for standing in found
    ]


class Coverage(NamedTuple):
    """Of the people in training in a cohort, how many have a mentor now and how many met one."""

    people: int
    mentored: int
    met: int


def mentor_coverage(cohort: Cohort) -> Coverage:
    """In one query."""
    pair = Q(mentoring__isnull=False, mentoring__ended_on=None)
    counted = cohort.enrolments.filter(outcome=Outcome.ACTIVE).aggregate(
        people=Count("pk", distinct=True),
        mentored=Count("pk", filter=pair, distinct=True),
        met=Count("pk", filter=Q(mentoring__meetings__isnull=False), distinct=True),
    )
    return Coverage(**counted)
