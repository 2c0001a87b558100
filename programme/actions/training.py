"""What a lead does with cohorts and places in them."""

import datetime as dt

from django.core.exceptions import NON_FIELD_ERRORS

from accounts.models import Site, User
from programme.actions.completion import RESTS, keep_confirmed
from programme.actions.saving import (
    OWN,
    NotSaved,
    add,
    change,
    locked,
    remove,
    require_site,
    writing,
)
from programme.models import (
    Cohort,
    Completion,
    Enrolment,
    Outcome,
    OutcomeReason,
    Person,
    ProgrammeVersion,
)

AS_IT_IS = object()  # the place to which somebody deferred is not to be touched


def add_cohort(
    *,
    by: User,
    name: str,
    site: Site | None,
    starts_on: dt.date | None,
    ends_on: dt.date | None,
    programme_version: ProgrammeVersion | None = None,
    places: int | None = None,
) -> Cohort:
    """Add a cohort; one without a site is for roles that cover all sites.

    Args:
        programme_version: what it is taught; published.
        places: how many people may be in it at once; none for no limit.

    Raises:
        NotSaved: there is one with this name, or it would end before it starts.
        NotYours: the site is not one of the lead's.
    """
    require_site(by, site)
    cohort = Cohort(
        name=name,
        site=site,
        starts_on=starts_on,
        ends_on=ends_on,
        programme_version=programme_version,
        places=places,
    )
    return add(cohort, by=by)


def change_cohort(*, cohort: Cohort, by: User, version: str, **values) -> Cohort:
    """Change a cohort's name, site, dates, what it is taught or its places.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    require_site(by, cohort.site)
    require_site(by, values.get("site", cohort.site))
    return change(cohort, by=by, version=version, values=values)


def enrol(
    *,
    person: Person,
    by: User,
    cohort: Cohort,
    commenced_on: dt.date | None,
    outcome: str,
    outcome_on: dt.date | None,
    outcome_reason: OutcomeReason | None,
    may_return: bool | None = None,
    later_cohort: Cohort | None = None,
) -> Enrolment:
    """Give a person a place in a cohort, with what has come of it so far.

    Args:
        may_return: whether somebody who left may come back, where that is known.
        later_cohort: where somebody who deferred goes on; they get a place there too.

    Raises:
        NotSaved: the person is in the cohort already, every place is taken there or in the later
            cohort, the dates contradict one another, or the outcome is not the lead's to say.
        NotYours: the cohort is not at one of the lead's sites.
    """
    require_site(by, cohort.site)
    enrolment = Enrolment(
        person=person,
        cohort=cohort,
        commenced_on=commenced_on,
        outcome=outcome,
        outcome_on=outcome_on,
        outcome_reason=outcome_reason,
        may_return=may_return,
    )
    with writing(by):
        locked(person)
        _not_own(person, by, changed=(outcome, outcome_on) != (Outcome.ACTIVE, None))
        keep_confirmed(place=None, cohort=cohort, outcome=outcome, outcome_on=outcome_on)
        if outcome == Outcome.DEFERRED and later_cohort:
            enrolment.next_enrolment = _later_place(enrolment, later_cohort, by)
        return add(enrolment, by=by)


def change_enrolment(
    *,
    enrolment: Enrolment,
    by: User,
    version: str,
    later_cohort: Cohort | object | None = AS_IT_IS,
    **values,
) -> Enrolment:
    """Correct a place in a cohort, or record what came of it.

    Completion of training that is known is confirmed from its requirements, and not here. Nobody
    records their own outcome.

    Args:
        later_cohort: where somebody who deferred goes on; they get a place there unless they have
            one.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    require_site(by, enrolment.cohort.site)
    cohort = values.get("cohort", enrolment.cohort)
    require_site(by, cohort.site)
    with writing(by):
        locked(enrolment.person)
        place = locked(enrolment)
        outcome = values.get("outcome", place.outcome)
        outcome_on = values.get("outcome_on", place.outcome_on)
        stays = (outcome, outcome_on) == (place.outcome, place.outcome_on)
        _not_own(enrolment.person, by, changed=not stays)
        keep_confirmed(place=place, cohort=cohort, outcome=outcome, outcome_on=outcome_on)
        if outcome != Outcome.DEFERRED or later_cohort is None:
            values["next_enrolment"] = None
        elif later_cohort is not AS_IT_IS:
            values["next_enrolment"] = _later_place(enrolment, later_cohort, by)
        return change(enrolment, by=by, version=version, values=values)


def _not_own(person: Person, by: User, *, changed: bool) -> None:
    """Nobody says what came of their own training.

    Raises:
        NotSaved: that is what was asked.
    """
    if changed and person.user_id == by.pk:
        raise NotSaved({"outcome": [OWN]})


def _later_place(enrolment: Enrolment, cohort: Cohort, by: User) -> Enrolment:
    """The place in a later cohort of somebody who deferred: a new one unless there is one."""
    require_site(by, cohort.site)
    if place := Enrolment.objects.filter(person=enrolment.person, cohort=cohort).first():
        return place
    try:
        return add(Enrolment(person=enrolment.person, cohort=cohort), by=by)
    except NotSaved as refusal:
        raise NotSaved({"later_cohort": [str(refusal)]}) from refusal


def remove_enrolment(*, enrolment: Enrolment, by: User) -> None:
    """Take back a place in a cohort that was recorded by mistake; its history stays.

    Raises:
        NotSaved: its completion is confirmed, or it is the lead's own and has ended.
        NotYours: the cohort is not at one of the lead's sites.
    """
    require_site(by, enrolment.cohort.site)
    with writing(by):
        held = locked(enrolment)
        if Completion.objects.filter(enrolment=held).exists():
            raise NotSaved({NON_FIELD_ERRORS: [RESTS]})
        _not_own(enrolment.person, by, changed=held.outcome != Outcome.ACTIVE)
        remove(enrolment, by=by)
