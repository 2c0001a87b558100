"""Check-ins that others let a user read: one at a time, and only while the share holds."""

import datetime as dt

from django.db.models import F, Q, QuerySet

from accounts.models import User
from wellbeing.colleagues import supervised
from wellbeing.models import CheckIn, CheckInShare


def check_in_shares_with(user: User, day: dt.date) -> QuerySet[CheckInShare]:
    """The shares by which a user reads on a day: none that has ended or was taken back, and none
    that was for as long as they supervise somebody whom they supervise no more."""
    still = Q(while_supervising=False) | Q(check_in__person__in=supervised().people_of(user, day))
    linked = Q(check_in__account=F("check_in__person__user"))
    shares = CheckInShare.objects.open_on(day).filter(still, linked, reader=user)
    return shares.select_related("check_in__person")


def check_ins_shared_with(user: User, day: dt.date) -> QuerySet[CheckIn]:
    """Finished check-ins of others that a user may read on a day."""
    return CheckIn.objects.finished().filter(
        pk__in=check_in_shares_with(user, day).values("check_in")
    )
