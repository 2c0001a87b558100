"""What others let a user read, of every kind, for one list: who, what, what for and until when.

Only that it is shared stands here; its words are on its own page, and opening that is a look.
"""

import datetime as dt
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Exists, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from wellbeing.burden import flags_addressed_to
from wellbeing.check_in_shares import check_in_shares_with
from wellbeing.models import BurdenFlag, CheckInShare, PlanShare
from wellbeing.plans import shares_with


class SharedItem(NamedTuple):
    """One thing that somebody lets a user read; `until` is its last day, if it has one."""

    who: str
    what: str
    url: str
    since: dt.date
    until: dt.date | None = None
    purpose: str = ""


def _of_plan(row: PlanShare) -> SharedItem:
    return SharedItem(
        who=str(row.plan.person),
        what="Parts of a wellness plan",
        url=reverse("wellbeing:shared-plan", args=[row.pk]),
        since=row.shared_on,
        until=row.until,
        purpose=row.purpose,
    )


def _of_check_in(row: CheckInShare) -> SharedItem:
    return SharedItem(
        who=str(row.check_in.person),
        what="A check-in",
        url=reverse("wellbeing:shared-check-in", args=[row.check_in_id]),
        since=timezone.localdate(row.shared_at),
        until=row.ends_on,
    )


def _of_flag(row: BurdenFlag) -> SharedItem:
    return SharedItem(
        who=str(row.person),
        what="Something that weighs on them at work",
        url=reverse("wellbeing:shared-burden", args=[row.pk]),
        since=row.noted_on,
    )


# Of each kind: the rows that a user may read on a day, and how one of them is listed.
KINDS: tuple[tuple[Callable[[User, dt.date], QuerySet], Callable[..., SharedItem]], ...] = (
    (shares_with, _of_plan),
    (check_in_shares_with, _of_check_in),
    (flags_addressed_to, _of_flag),
)


def shared_with(user: User, day: dt.date) -> list[SharedItem]:
    """Everything that others let a user read on a day, the newest first."""
    items = [listed(row) for rows, listed in KINDS for row in rows(user, day)]
    return sorted(items, key=lambda item: (item.since, item.who), reverse=True)


def is_anything_shared_with(user: User, day: dt.date) -> bool:
    """In one query, for every visit to the home page asks."""
    found = [Q(Exists(rows(user, day))) for rows, _ in KINDS]
    return User.objects.filter(reduce(or_, found), pk=user.pk).exists()
