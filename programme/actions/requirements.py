"""What trainers and leads record of the requirements of a trainee."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.core.exceptions import NON_FIELD_ERRORS

from accounts.models import Site, User
from programme.actions.saving import (
    NotSaved,
    NotYours,
    add,
    remove,
    require_somebody_else,
    writing,
)
from programme.models import (
    Completion,
    Enrolment,
    PlacementDay,
    Requirement,
    RequirementKind,
    RequirementResult,
    Result,
)
from programme.permissions import may_record_training_at

CONFIRMED = (
    "The completion is confirmed, so what it rests on stays. Take the completion back first if "
    "something was wrong."
)
COUNTED = "Attendance is counted from the sessions and is not recorded by hand."
BY_HOURS = "A placement is met by its hours. Only prior learning is recorded for it as a result."


def require_recording(by: User, site: Site | None) -> None:
    """Make sure that a user may record training at a site.

    Raises:
        NotYours: they may not; without a site, only a role for all sites may.
    """
    if not may_record_training_at(by, site and site.pk):
        raise NotYours(f"This needs a role for {site or 'all sites'}.")


def record_results(
    *,
    enrolments: Sequence[Enrolment],
    requirement: Requirement,
    by: User,
    at: dt.datetime,
    result: str,
    decided_on: dt.date,
    evidence: str,
) -> list[RequirementResult]:
    """Record one result for one or many trainees of a cohort, for all of them or for none.

    Who has this result of that day already is left as they are, so that a form that is sent twice
    records once. Returns what is new.

    Raises:
        NotSaved: the result does not go with the requirement, one of them is the recorder, or a
            completion is confirmed already.
        NotYours: the cohort is not at one of the recorder's sites, here and below.
    """
    _goes_with(requirement, result)
    with writing(by):
        held = _held(enrolments, by)
        same = {"requirement": requirement, "result": result, "decided_on": decided_on}
        there = RequirementResult.objects.filter(enrolment__in=held, **same)
        have = set(there.values_list("enrolment", flat=True))
        rest = {"evidence": evidence, "recorded_by": by, "recorded_at": at}
        return RequirementResult.objects.bulk_create(
            RequirementResult(
                enrolment=enrolment,
                cohort_id=enrolment.cohort_id,
                version_id=requirement.version_id,
                **same,
                **rest,
            )
            for enrolment in held
            if enrolment.pk not in have
        )


def remove_result(*, result: RequirementResult, by: User) -> None:
    """Take back a result that was recorded by mistake; its history stays.

    Raises:
        NotSaved: a completion rests on it, or it is the remover's own.
    """
    with writing(by):
        _held([result.enrolment], by)
        remove(result, by=by)


def add_placement_day(
    *, enrolment: Enrolment, by: User, spent_on: dt.date, hours: Decimal, place: str
) -> PlacementDay:
    """Record hours that a trainee spent on placement on a day.

    Raises:
        NotSaved: hours there on that day are recorded already, or more than a day has.
    """
    day = PlacementDay(
        enrolment=enrolment, spent_on=spent_on, hours=hours, place=place, recorded_by=by
    )
    with writing(by):
        _held([enrolment], by)
        return add(day, by=by)


def remove_placement_day(*, day: PlacementDay, by: User) -> None:
    """Take back placement hours that were recorded by mistake; their history stays.

    Raises:
        NotSaved: a completion rests on them, or they are the remover's own.
    """
    with writing(by):
        _held([day.enrolment], by)
        remove(day, by=by)


def _goes_with(requirement: Requirement, result: str) -> None:
    if requirement.kind == RequirementKind.ATTENDANCE:
        raise NotSaved({"requirement": [COUNTED]})
    if requirement.kind == RequirementKind.PLACEMENT and result != Result.RECOGNISED:
        raise NotSaved({"result": [BY_HOURS]})


def _held(enrolments: Sequence[Enrolment], by: User) -> list[Enrolment]:
    """Places as they are now, held in one order; one's own, and one whose completion is confirmed,
    is not given."""
    for enrolment in enrolments:
        require_recording(by, enrolment.cohort.site)
    require_somebody_else(by, *(enrolment.person for enrolment in enrolments))
    keys = [enrolment.pk for enrolment in enrolments]
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True)
    held = list(rows.filter(pk__in=keys).order_by("pk"))
    confirmed = Completion.objects.filter(enrolment__in=held).select_related("enrolment__person")
    if first := confirmed.first():
        raise NotSaved({NON_FIELD_ERRORS: [f"{first.enrolment.person}: {CONFIRMED}"]})
    return held
