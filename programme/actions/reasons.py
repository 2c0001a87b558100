"""The list of leaving reasons, which leads of every site keep."""

import datetime as dt

from accounts.models import User
from programme.actions.saving import add, change, require_site
from programme.models import LeavingReason


def add_reason(
    *,
    by: User,
    name: str,
    group: str,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> LeavingReason:
    """Add a reason to the list of every site.

    Raises:
        NotSaved: it is there, or would end before it begins; in `change_reason` as well.
        NotYours: the lead's role is for some sites only; in `change_reason` as well.
    """
    require_site(by, None)
    reason = LeavingReason(name=name, group=group, valid_from=valid_from, valid_to=valid_to)
    return add(reason, by=by)


def change_reason(*, reason: LeavingReason, by: User, version: str, **values) -> LeavingReason:
    """Correct a reason, or say when it can no longer be given.

    Raises:
        ChangedMeanwhile: see `programme.actions.saving`.
    """
    require_site(by, None)
    return change(reason, by=by, version=version, values=values)
