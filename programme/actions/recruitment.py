"""What a lead does with applications."""

import datetime as dt

from accounts.models import User
from programme.actions.saving import add, change, locked, remove, require_site, writing
from programme.models import Application, Cohort, Person


def add_application(
    *, person: Person, by: User, applied_on: dt.date, cohort: Cohort | None
) -> Application:
    """Record that a person applied on a day, perhaps for one cohort.

    Raises:
        NotSaved: the person has another application on that day.
        NotYours: the cohort, or without one the person, is not at one of the lead's sites.
    """
    require_site(by, cohort.site if cohort else person.site)
    with writing(by):
        locked(person)
        return add(Application(person=person, applied_on=applied_on, cohort=cohort), by=by)


def change_application(
    *, application: Application, by: User, version: str, applied_on: dt.date, cohort: Cohort | None
) -> Application:
    """Correct the day or the cohort.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    _require_site_of(application, by)
    require_site(by, cohort.site if cohort else application.person.site)
    values = {"applied_on": applied_on, "cohort": cohort}
    return change(application, by=by, version=version, values=values)


def remove_application(*, application: Application, by: User) -> None:
    """Take back an application that was recorded by mistake; its history stays.

    Raises:
        NotYours: the cohort, or without one the person, is not at one of the lead's sites.
    """
    _require_site_of(application, by)
    remove(application, by=by)


def _require_site_of(application: Application, by: User) -> None:
    """An application belongs to its cohort's site, or without a cohort to the person's own."""
    cohort = application.cohort
    require_site(by, cohort.site if cohort else application.person.site)
