"""What a lead does with cohorts and places in them."""

import datetime as dt

from accounts.models import Site, User
from programme.actions.completion import keep_confirmed
from programme.actions.saving import add, change, locked, remove, require_site, writing
from programme.models import Cohort, Enrolment, OutcomeReason, Person, ProgrammeVersion


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
) -> Enrolment:
    """Give a person a place in a cohort, with what has come of it so far.

    Raises:
        NotSaved: the person is in the cohort already, or the dates contradict one another; or it
            is a completion that must be confirmed.
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
    )
    with writing(by):
        locked(person)
        keep_confirmed(place=None, cohort=cohort, outcome=outcome, outcome_on=outcome_on)
        return add(enrolment, by=by)


def change_enrolment(*, enrolment: Enrolment, by: User, version: str, **values) -> Enrolment:
    """Correct a place in a cohort, or record what came of it.

    Completion of training that is known is confirmed from its requirements, and not here.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    require_site(by, enrolment.cohort.site)
    require_site(by, values.get("cohort", enrolment.cohort).site)
    with writing(by):
        place = locked(enrolment)
        keep_confirmed(
            place=place,
            cohort=values.get("cohort", enrolment.cohort),
            outcome=values.get("outcome", place.outcome),
            outcome_on=values.get("outcome_on", place.outcome_on),
        )
        return change(enrolment, by=by, version=version, values=values)


def remove_enrolment(*, enrolment: Enrolment, by: User) -> None:
    """Take back a place in a cohort that was recorded by mistake; its history stays.

    Raises:
        NotYours: the cohort is not at one of the lead's sites.
    """
    require_site(by, enrolment.cohort.site)
    remove(enrolment, by=by)
