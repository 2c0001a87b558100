"""Who may read one check-in: its author says so, and takes it back."""

import datetime as dt

from django.core.exceptions import PermissionDenied

from accounts.models import User
from programme.actions.saving import NotSaved, locked, writing
from wellbeing.colleagues import supervised, to_choose_from
from wellbeing.models import CheckIn, CheckInShare

NOT_YOURS = "This belongs to somebody else."


def share(
    *,
    check_in: CheckIn,
    by: User,
    reader: User,
    at: dt.datetime,
    day: dt.date,
    ends_on: dt.date | None,
    keep_open: bool,
) -> CheckInShare:
    """Let somebody read one check-in, from now until a day or until it is taken back; for who can
    read it already, the day is changed.

    Args:
        ends_on: the last day.
        keep_open: whether a supervisor may read it still when they no longer supervise.

    Raises:
        NotSaved: they cannot be chosen, or the day is over.
    """
    person = check_in.person
    if person.user_id != by.pk:
        raise PermissionDenied(NOT_YOURS)
    if not to_choose_from(person, day).filter(pk=reader.pk).exists():
        raise NotSaved({"reader": ["Choose somebody from the list."]})
    if ends_on and ends_on < day:
        raise NotSaved({"ends_on": ["Choose today or a day to come."]})
    supervises = reader.pk in supervised().supervisors_of(person, day)
    with writing(by):
        locked(check_in)
        shares = CheckInShare.objects.filter(check_in=check_in, reader=reader)
        shares.filter(ended_at__isnull=True, ends_on__lt=day).update(ended_at=at)
        there = shares.filter(ended_at__isnull=True).first()
        new = there or CheckInShare(check_in=check_in, reader=reader, shared_at=at)
        new.ends_on, new.while_supervising = ends_on, supervises and not keep_open
        new.save()
    return new


def take_back(*, share: CheckInShare, by: User, at: dt.datetime) -> None:
    """Nobody reads it through this share from this moment on."""
    if share.check_in.person.user_id != by.pk:
        raise PermissionDenied(NOT_YOURS)
    with writing(by):
        CheckInShare.objects.filter(pk=share.pk, ended_at__isnull=True).update(ended_at=at)


def count_in_groups(*, check_in: CheckIn, by: User, counted: bool) -> None:
    """Let one check-in be part of group results that are still to be worked out, or not."""
    if check_in.person.user_id != by.pk:
        raise PermissionDenied(NOT_YOURS)
    with writing(by):
        CheckIn.objects.finished().filter(pk=check_in.pk).update(in_groups=counted)
