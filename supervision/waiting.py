"""What waits for somebody who is supervised: records to confirm, the next session, own actions."""

import datetime as dt
from typing import NamedTuple

from accounts.models import User
from supervision.models import ActionOwner, AgreedAction, RecordState, Session


class Waiting(NamedTuple):
    """Sessions whose record waits for the worker, the next session planned, and how many actions
    of the worker's own are open."""

    to_confirm: list[Session]
    next_session: Session | None
    open_actions: int


def waiting_for(user: User, at: dt.datetime) -> Waiting:
    """What waits for a user as a worker, in three queries."""
    own = Session.objects.filter(person__user=user).select_related("kind", "supervisor")
    actions = AgreedAction.objects.filter(agreement__person__user=user, owner=ActionOwner.WORKER)
    return Waiting(
        list(own.filter(record__state=RecordState.TO_CONFIRM).order_by("starts_at")),
        own.within_agreement().planned().filter(starts_at__gte=at).order_by("starts_at").first(),
        actions.open().count(),
    )
