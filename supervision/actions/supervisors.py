"""The directory of supervisors: what leads keep of it, and what is everybody's own to say."""

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied

from accounts.models import Site, User
from accounts.roles import ARRANGE_SUPERVISION
from programme.actions.saving import NotSaved, NotYours, change, check, locked, writing
from supervision.models import Supervisor
from supervision.permissions import may_change_entry, may_have_entry

NO_ACCOUNT = "There is no account to add with this address."
LISTED = "This person is in the directory already."


def add_supervisor(*, by: User, email: str, sites: Collection[Site], **values) -> Supervisor:
    """Put somebody with an account into the directory; what is theirs to say stays unsaid.

    Raises:
        NotSaved: there is no account to add, or it is in the directory.
        NotYours: a site is not one of the lead's.
    """
    _require_sites(by, sites)
    with writing(by):
        user = User.objects.filter(email=email, is_active=True).first()
        if user is None:
            raise NotSaved({"email": [NO_ACCOUNT]})
        locked(user)  # of two leads who add one person, one waits
        if Supervisor.objects.filter(user=user).exists():
            raise NotSaved({"email": [LISTED]})
        entry = Supervisor(user=user, **values)
        check(entry)
        entry.save(force_insert=True)
        entry.sites.set(sites)
    return entry


def change_supervisor(
    *, entry: Supervisor, by: User, version: str, sites: Collection[Site], **values
) -> Supervisor:
    """Change what a lead keeps of a supervisor.

    Raises:
        PermissionDenied: it is about what is the supervisor's own to say.
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    if values.keys() & {"lived_experience", "about", "listed"}:
        raise PermissionDenied("This is the supervisor's own to say.")
    if not may_change_entry(by, entry):
        raise NotYours("This supervisor is at other sites too.")
    _require_sites(by, sites)
    with writing(by):
        current = change(entry, by=by, version=version, values=values)
        current.sites.set(sites)
    return current


def write_own_entry(
    *, by: User, entry: Supervisor | None, version: str = "", sites: Collection[Site], **values
) -> Supervisor:
    """Say in the directory what one wants to say of oneself; the first time makes the entry.

    Raises:
        PermissionDenied: it is somebody else's, or the account supervises nobody.
        ChangedMeanwhile, NotSaved: see `programme.actions.saving`.
    """
    if not may_have_entry(by) or (entry and entry.user_id != by.pk):
        raise PermissionDenied("One's own entry only.")
    with writing(by):
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # sent twice, it is one entry
        entry = entry or Supervisor.objects.filter(user=by).first()
        if entry is None:
            entry = Supervisor(user=by, **values)
            check(entry)
            entry.save(force_insert=True)
        elif version:
            entry = change(entry, by=by, version=version, values=values)
        entry.sites.set(sites)
    return entry


def place_of(entry: Supervisor, *, besides, day: dt.date) -> None:
    """Make sure that a supervisor, whose row is locked, can take on one person more.

    Args:
        besides: the person to be taken on, who counts once.

    Raises:
        NotSaved: every place is taken.
    """
    if entry.capacity is None:
        return
    counted = Supervisor.objects.with_people_on(day).get(pk=entry.pk)
    theirs = entry.user.agreements_given.not_ended_by(day).filter(person=besides)
    if not counted.has_place and not theirs.exists():
        words = f"{entry} has no free place at the moment. You can choose somebody else."
        raise NotSaved({NON_FIELD_ERRORS: [words]})


def _require_sites(by: User, sites: Collection[Site]) -> None:
    allowed = by.sites_for(ARRANGE_SUPERVISION)
    if allowed is None:
        return
    if not sites or not {site.pk for site in sites} <= allowed:
        raise NotYours("These are not all sites of this lead.")
