"""Kinds of supervision and how often each is owed; what has begun to apply is never rewritten."""

import datetime as dt

from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.roles import ARRANGE_SUPERVISION
from programme.actions.saving import NotSaved, add, change, remove
from supervision.models import SupervisionKind, SupervisionStandard

PAST = "A standard applies from today or from a later day."


def require_all_sites(by: User) -> None:
    """Make sure that somebody is a lead of every site, for kinds belong to all.

    Raises:
        PermissionDenied: they are not.
    """
    if by.sites_for(ARRANGE_SUPERVISION) is not None:
        raise PermissionDenied("Kinds of supervision belong to every site.")


def change_kind(*, kind: SupervisionKind, by: User, version: str, **values) -> SupervisionKind:
    """Call a kind something else, or describe it differently.

    Raises:
        ChangedMeanwhile, NotSaved: see `programme.actions.saving`.
    """
    require_all_sites(by)
    return change(kind, by=by, version=version, values=values)


def add_standard(
    *, kind: SupervisionKind, by: User, today: dt.date, **values
) -> SupervisionStandard:
    """Say how often a kind is owed from a day on; who is in a period finishes it as it was.

    Raises:
        NotSaved: the day is past, has a standard already, or a value is out of range.
    """
    require_all_sites(by)
    if values["applies_from"] < today:
        raise NotSaved({"applies_from": [PAST]})
    return add(SupervisionStandard(kind=kind, **values), by=by)


def remove_standard(*, standard: SupervisionStandard, by: User, today: dt.date) -> None:
    """Take back one that does not apply yet.

    Raises:
        NotSaved: it applies, and past standards stay.
    """
    require_all_sites(by)
    if standard.applies_from <= today:
        raise NotSaved({"applies_from": ["This standard applies already, so it stays."]})
    remove(standard, by=by)
