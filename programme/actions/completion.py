"""Confirming that a trainee has completed, which no requirement does by itself."""

import datetime as dt

from django.core.exceptions import NON_FIELD_ERRORS

from accounts.models import User
from programme.actions.requirements import require_recording
from programme.actions.saving import (
    NotSaved,
    add,
    change,
    locked,
    require_somebody_else,
    version_of,
    writing,
)
from programme.models import Cohort, Completion, Enrolment, Outcome
from programme.permissions import may_change_at
from programme.progress import standings_of
from programme.requirements import missing

NOT_ALL = (
    "Not everything that is asked for is met. A programme lead can confirm it all the same, with "
    "the reason."
)
WHY = "Enter why completion is confirmed although something is missing."
NOT_IN_TRAINING = "Only somebody who is in training can complete it."
BY_REQUIREMENTS = (
    "What this cohort is taught is known, so completion is confirmed on the page of its "
    "requirements."
)
RESTS = (
    "The completion is confirmed. Take that back on the page of the cohort's requirements first."
)


def confirm(
    *,
    enrolment: Enrolment,
    by: User,
    at: dt.datetime,
    today: dt.date,
    completed_on: dt.date,
    exception: str = "",
) -> Completion:
    """Confirm that a trainee completed on a day, which becomes the outcome of their place.

    A second confirmation finds the first and changes nothing.

    Args:
        exception: why, where not everything that is asked for is met; for leads.

    Raises:
        NotSaved: something is missing without a reason, the person is no longer in training, or it
            is the confirmer's own.
        NotYours: the cohort is not at one of the confirmer's sites.
    """
    _by_somebody_else(enrolment, by)
    with writing(by):
        held = locked(enrolment)
        if there := Completion.objects.filter(enrolment=held).first():
            return there
        if held.outcome != Outcome.ACTIVE:
            raise NotSaved({NON_FIELD_ERRORS: [NOT_IN_TRAINING]})
        completion = Completion(
            enrolment=held,
            completed_on=completed_on,
            exception=_reason(enrolment, by, today, exception),
            confirmed_by=by,
            confirmed_at=at,
        )
        _becomes(held, by, Outcome.COMPLETED, completed_on)
        return add(completion, by=by)


def take_back(*, enrolment: Enrolment, by: User) -> None:
    """Take back a completion that was confirmed by mistake; the person is in training again.

    Raises:
        NotSaved: it is one's own.
        NotYours: the cohort is not at one of the user's sites.
    """
    _by_somebody_else(enrolment, by)
    with writing(by):
        held = locked(enrolment)
        if Completion.objects.filter(enrolment=held).delete()[0]:
            _becomes(held, by, Outcome.ACTIVE, None)


def keep_confirmed(
    *, place: Enrolment | None, cohort: Cohort, outcome: str, outcome_on: dt.date | None
) -> None:
    """Refuse to record by hand what is confirmed from requirements, or to change it afterwards.

    Args:
        place: as it is now; none for a new one.
        cohort, outcome, outcome_on: what it is to be given.

    Raises:
        NotSaved: it is one of both.
    """
    if place and Completion.objects.filter(enrolment=place).exists():
        stays = (place.cohort_id, place.outcome, place.outcome_on)
        if (cohort.pk, outcome, outcome_on) != stays:
            raise NotSaved({"outcome": [RESTS]})
        return
    was_completed = place and place.outcome == Outcome.COMPLETED
    if outcome == Outcome.COMPLETED and not was_completed and cohort.programme_version_id:
        raise NotSaved({"outcome": [BY_REQUIREMENTS]})


def _by_somebody_else(enrolment: Enrolment, by: User) -> None:
    require_recording(by, enrolment.cohort.site)
    require_somebody_else(by, enrolment.person)


def _becomes(held: Enrolment, by: User, outcome: str, on: dt.date | None) -> None:
    values = {"outcome": outcome, "outcome_on": on}
    change(held, by=by, version=version_of(held), values=values)


def _reason(enrolment: Enrolment, by: User, today: dt.date, exception: str) -> str:
    """The reason for an exception; empty where everything is met."""
    found = standings_of(enrolment.cohort, [enrolment], today)[enrolment.pk]
    if not missing(found):
        return ""
    if not may_change_at(by, enrolment.cohort.site_id):
        raise NotSaved({NON_FIELD_ERRORS: [NOT_ALL]})
    if not exception:
        raise NotSaved({"exception": [WHY]})
    return exception
