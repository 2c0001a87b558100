"""What became of sessions whose time has passed: said by either side, contested by the worker, and
for a while after the end of an agreement."""

import datetime as dt

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.utils import timezone

from accounts.models import User
from programme.actions.saving import NotSaved, writing
from supervision.actions.sessions import (
    SIGN_FIRST,
    Held,
    at_that_time,
    in_words,
    locked_kin,
    locked_session,
    logged,
    require_begun,
    settle,
)
from supervision.due import refresh_all
from supervision.models import Agreement, Contest, Session, SessionStatus
from supervision.permissions import is_worker_of, may_supervise_in, supervised_lately

BY_WORKER = (SessionStatus.CANCELLED_BY_WORKER, SessionStatus.NOT_ATTENDED)
BY_SUPERVISOR = (SessionStatus.ATTENDED, SessionStatus.CANCELLED_BY_SUPERVISOR)
SETTLED = "This session is recorded already. Read it again first."


def answers(session: Session, *, worker: bool) -> tuple[SessionStatus, ...]:
    """What one side can say became of a session. Where they do not agree, each can only come round
    to the other's view: nobody decides it alone."""
    if session.status == SessionStatus.PLANNED:
        return BY_SUPERVISOR + BY_WORKER
    if session.status == SessionStatus.CONTESTED:
        return BY_WORKER if worker else BY_SUPERVISOR
    return ()


def settle_session(
    *, session: Session, by: User, day: dt.date, at: dt.datetime, status: str
) -> Session:
    """Say what became of a session that was planned or is not agreed on.

    Raises:
        NotSaved: it has not begun, or it is recorded already.
        PermissionDenied: it is neither's, or the agreement ended more than four weeks ago.
    """
    with writing(by):
        agreement, kin = locked_kin(session.agreement)
        worker = is_worker_of(agreement, by)
        part = may_supervise_in(agreement, by, day) or supervised_lately(agreement, by, day)
        if not worker and not part:
            raise PermissionDenied("This session is between others.")
        current = locked_session(session)
        if current.status == status:
            return current
        if status not in answers(current, worker=worker):
            raise NotSaved({NON_FIELD_ERRORS: [SETTLED]})
        require_begun(current.starts_at, at)
        current.sequence += status != SessionStatus.ATTENDED
        settle(current, status, at)
        if status == SessionStatus.ATTENDED:
            refresh_all(kin, day)
    return current


def contest(*, session: Session, by: User, at: dt.datetime, words: str) -> Contest:
    """The worker sees it differently, in their own words: the session counts as neither's until
    both say the same.

    Raises:
        NotSaved: it is not recorded as called off or missed by the worker.
        PermissionDenied: it is not the worker.
    """
    if session.person.user_id != by.pk:
        raise PermissionDenied("Only the worker does this.")
    with writing(by):
        locked_kin(session.agreement)
        current = locked_session(session)
        said = Contest.objects.filter(session=current).first()
        if current.status == SessionStatus.CONTESTED and said and said.words == words:
            return said  # sent twice
        if current.status not in BY_WORKER:
            raise NotSaved({NON_FIELD_ERRORS: [SETTLED]})
        said = said or Contest(session=current)
        said.was, said.words, said.said_at = current.status, words, at
        said.save()
        settle(current, SessionStatus.CONTESTED, at)
    return said


def log_before_end(
    *,
    agreement: Agreement,
    by: User,
    day: dt.date,
    at: dt.datetime,
    starts_at: dt.datetime,
    minutes: int,
    place: str = "",
) -> Session:
    """Record, after an agreement has ended, that a session took place in it; without words, since
    what was said is closed.

    Raises:
        NotSaved: it is outside the agreement, or the two never signed.
        PermissionDenied: it is not the former supervisor, or more than four weeks have passed.
    """
    values = {"starts_at": starts_at, "minutes": minutes, "place": place}
    with writing(by):
        held, kin = locked_kin(agreement)
        if not supervised_lately(held, by, day):
            raise PermissionDenied("You did not supervise here, or it is long ago.")
        if held.kind.needs_agreement and not held.terms.signed().exists():
            raise NotSaved({NON_FIELD_ERRORS: [SIGN_FIRST]})
        require_begun(starts_at, at)
        if not held.starts_on <= timezone.localdate(starts_at) <= held.ended_on:
            dates = f"from {in_words(held.starts_on)} to {in_words(held.ended_on)}"
            raise NotSaved({"held_on": [f"The agreement held {dates}. Choose a day in that time"]})
        status = SessionStatus.ATTENDED
        twin, planned = at_that_time(held, status, **values)
        if twin:
            return twin
        session = logged(Held(held, kin, None), planned, status, by=by, at=at, **values)
        refresh_all(kin, day)
    return session
