"""Check-ins that others let a user read: one at a time, and only while the share holds."""

import datetime as dt

from django.db.models import F, Prefetch, Q, QuerySet

from accounts.models import User
from programme.models import Person
from wellbeing.colleagues import supervised, to_choose_from, who_could_choose
from wellbeing.models import CheckIn, CheckInShare


def check_in_shares_with(user: User, day: dt.date) -> QuerySet[CheckInShare]:
    """The shares by which a user reads on a day: none that has ended or was taken back, none that
    was for as long as they supervise somebody whom they supervise no more, and none of somebody who
    could not choose them any more, unless it was kept open for that."""
    still = Q(while_supervising=False) | Q(check_in__person__in=supervised().people_of(user, day))
    chosen = Q(kept_open=True) | Q(check_in__person__in=who_could_choose(user, day))
    linked = Q(check_in__account=F("check_in__person__user"))
    shares = CheckInShare.objects.open_on(day).filter(still, chosen, linked, reader=user)
    return shares.select_related("check_in__person")


def check_ins_shared_with(user: User, day: dt.date) -> QuerySet[CheckIn]:
    """Finished check-ins of others that a user may read on a day."""
    return CheckIn.objects.finished().filter(
        pk__in=check_in_shares_with(user, day).values("check_in")
    )


def shares_of(person: Person, day: dt.date) -> QuerySet[CheckInShare]:
    """The shares by which others read check-ins of one person on a day, by the same rules."""
    still = Q(while_supervising=False) | Q(reader__in=supervised().supervisors_of(person, day))
    chosen = Q(kept_open=True) | Q(reader__in=to_choose_from(person, day).order_by())
    shares = CheckInShare.objects.open_on(day).filter(still, chosen, check_in__person=person)
    return shares.select_related("reader")


def with_readers(rows: QuerySet[CheckIn], person: Person, day: dt.date) -> QuerySet[CheckIn]:
    """With the questionnaire, and in `readers` the shares by which others read on a day."""
    readers = Prefetch("shares", shares_of(person, day), to_attr="readers")
    return rows.prefetch_related("version__questionnaire", readers)
