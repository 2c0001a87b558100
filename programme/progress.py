"""How trainees stand, read in six queries however many they and their cohorts are."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from accounts.models import User
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
from programme.requirements import MEETS, Attended, Standing, missing, standings


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
    return _standings({enrolment.pk: cohort for enrolment in enrolments}, today)


def ready_to_confirm(user: User, today: dt.date) -> list[Enrolment]:
    """In all the cohorts that a user may see, the trainees but themselves who have met everything
    that is asked for and whose completion nobody has confirmed yet; by cohort and name."""
    places = Enrolment.objects.filter(cohort__in=Cohort.objects.visible_to(user))
    rows = _maybe_ready(places.exclude(person__user=user))
    rows = rows.select_related("person", "cohort__site")
    waiting = list(rows.order_by("cohort__name", "person__sort_name", "pk"))
    found = _standings({place.pk: place.cohort for place in waiting}, today)
    return [place for place in waiting if is_ready(place, found[place.pk])]


def is_ready(place: Enrolment, found: list[Standing]) -> bool:
    """Whether everything is met and nobody has confirmed the completion yet; where nothing is
    asked for, nothing says so."""
    waits = place.outcome == Outcome.ACTIVE and place.commenced_on
    return bool(waits and found and not missing(found))


def _maybe_ready(places: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Those in training with each result that is asked for; hours and attendance are not counted
    here."""
    asked = Requirement.objects.filter(version=OuterRef("cohort__programme_version"))
    met = RequirementResult.objects.filter(
        enrolment=OuterRef(OuterRef("pk")), requirement=OuterRef("pk"), result__in=MEETS
    )
    counted = [RequirementKind.ATTENDANCE, RequirementKind.PLACEMENT]
    wanting = asked.exclude(kind__in=counted).filter(~Exists(met))
    in_training = places.filter(outcome=Outcome.ACTIVE, commenced_on__isnull=False)
    return in_training.filter(Exists(asked), ~Exists(wanting))


def _standings(cohorts: dict[uuid.UUID, Cohort], today: dt.date) -> dict[uuid.UUID, list[Standing]]:
    """The standings of places, by the place and the cohort that it is in."""
    asked, results = defaultdict(list), defaultdict(list)
    versions = {cohort.programme_version_id for cohort in cohorts.values()}
    for requirement in Requirement.objects.filter(version__in=versions):
        asked[requirement.version_id].append(requirement)
    for result in RequirementResult.objects.filter(enrolment__in=cohorts):
        results[result.enrolment_id].append(result)
    attended, hours = _attendance(cohorts, today), _hours(cohorts)
    return {
        key: standings(
            asked[cohort.programme_version_id],
            results[key],
            attended[key],
            hours.get(key, Decimal(0)),
        )
        for key, cohort in cohorts.items()
    }


def _attendance(cohorts: dict[uuid.UUID, Cohort], today: dt.date) -> dict[uuid.UUID, Attended]:
    """Each trainee's attendance over every session of their cohort that was not cancelled.

    A session is still to come until it is marked or its day is over.
    """
    held, marks = defaultdict(list), defaultdict(dict)
    sessions = TrainingSession.objects.filter(cohort__in=set(cohorts.values()), cancelled_on=None)
    for cohort, session, day in sessions.values_list("cohort", "pk", "held_on"):
        held[cohort].append((session, day))
    rows = Attendance.objects.filter(enrolment__in=cohorts).exclude(state="")
    for place, session, state in rows.values_list("enrolment", "session", "state"):
        marks[place][session] = state
    return {key: _attended(held[cohort.pk], marks[key], today) for key, cohort in cohorts.items()}


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
