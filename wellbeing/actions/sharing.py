"""Who may read one check-in: its author says so, and takes it back."""

import datetime as dt

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.utils import timezone

from accounts.models import User
from programme.actions.saving import NotSaved, locked, writing
from wellbeing.burden import flags_addressed_to
from wellbeing.check_in_shares import check_in_shares_with
from wellbeing.colleagues import supervised, to_choose_from
from wellbeing.group_reads import is_open_for_groups, rule_in_force
from wellbeing.models import BurdenFlag, CheckIn, CheckInShare

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
        new.kept_open = supervises and keep_open
        new.save()
    return new


def take_back(*, share: CheckInShare, by: User, at: dt.datetime) -> None:
    """Nobody reads it through this share from this moment on."""
    if share.check_in.person.user_id != by.pk:
        raise PermissionDenied(NOT_YOURS)
    with writing(by):
        CheckInShare.objects.filter(pk=share.pk, ended_at__isnull=True).update(ended_at=at)


def end_lapsed(at: dt.datetime) -> None:
    """Shares and flags whose reader may read them no longer have an end, so that they do not open
    again when the reader comes back: then the worker decides anew. May run twice."""
    day = timezone.localdate(at)
    for reader in User.objects.filter(pk__in=CheckInShare.objects.open_on(day).values("reader")):
        lapsed = CheckInShare.objects.open_on(day).filter(reader=reader)
        lapsed = lapsed.exclude(pk__in=check_in_shares_with(reader, day).values("pk"))
        lapsed.update(ended_at=at)
    for reader in User.objects.filter(pk__in=BurdenFlag.objects.values("addressed_to")):
        lapsed = BurdenFlag.objects.filter(addressed_to=reader)
        lapsed = lapsed.exclude(pk__in=flags_addressed_to(reader, day).values("pk"))
        lapsed.update(addressed_to=None, shows_words=False)


def count_in_groups(*, check_in: CheckIn, by: User, counted: bool, day: dt.date) -> None:
    """Let one check-in be part of the group results of its month, or not.

    Raises:
        NotSaved: they are worked out.
    """
    if check_in.person.user_id != by.pk:
        raise PermissionDenied(NOT_YOURS)
    if not is_open_for_groups(check_in, day):
        raise NotSaved({NON_FIELD_ERRORS: ["The group results of that month are worked out."]})
    values = {"in_groups": counted, "least_people": rule_in_force().smallest_base}
    with writing(by):
        CheckIn.objects.finished().filter(pk=check_in.pk).update(**values)
