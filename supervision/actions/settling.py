"""What became of sessions whose time has passed: said by either side, contested by the other, and
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
from supervision.models import Agreement, Contest, Session, SessionRecord, SessionStatus
from supervision.permissions import is_worker_of, may_supervise_in, supervised_lately

BY_WORKER = (SessionStatus.CANCELLED_BY_WORKER, SessionStatus.NOT_ATTENDED)
BY_SUPERVISOR = (SessionStatus.ATTENDED, SessionStatus.CANCELLED_BY_SUPERVISOR)
SETTLED = "This session is recorded already. Read it again first."


def answers(session: Session, *, worker: bool) -> tuple[SessionStatus, ...]:
    """What one side can say became of a session. Where they do not agree, each can only come round
    to the other's view: nobody decides it alone."""
    if session.status == SessionStatus.PLANNED:
        return BY_SUPERVISOR + BY_WORKER
    if session.status != SessionStatus.CONTESTED:
        return ()
    contest = session.contests.last()
    if contest.by_worker == worker:  # to take it back
        return BY_WORKER if contest.was in BY_WORKER else (SessionStatus(contest.was),)
    own = BY_SUPERVISOR + BY_WORKER if worker else BY_SUPERVISOR
    return tuple(status for status in own if status != contest.was)


def may_be_contested(session: Session, *, worker: bool) -> bool:
    """Whether one side can say that it was otherwise: of what the other recorded, and a worker
    always of what is put on them. Of what was written one disagrees with the words instead."""
    if worker and session.status in BY_WORKER:
        return True
    said_by = session.settled_by_id
    by_worker = said_by is not None and said_by == session.person.user_id
    if (
        by_worker == worker
        or session.group_id
        or SessionRecord.objects.filter(session=session).exists()
    ):
        return False
    said = (SessionStatus.ATTENDED,) if worker else BY_SUPERVISOR
    return session.status in said


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
        was = current.status
        current.sequence += was == SessionStatus.CONTESTED or status != SessionStatus.ATTENDED
        settle(current, status, by=by, at=at)
        if status == SessionStatus.ATTENDED:
            refresh_all(kin, day)
    return current


def contest(*, session: Session, by: User, day: dt.date, at: dt.datetime, words: str) -> Contest:
    """One side sees it differently, in their own words: the session counts as neither's until both
    say the same.

    Raises:
        NotSaved: the other side has not recorded it, or there is a record to disagree with.
        PermissionDenied: it is neither the worker nor who supervises today.
    """
    with writing(by):
        agreement, kin = locked_kin(session.agreement)
        worker = is_worker_of(agreement, by)
        if not worker and not may_supervise_in(agreement, by, day):
            raise PermissionDenied("This session is between others.")
        current = locked_session(session)
        last = current.contests.last()
        if current.status == SessionStatus.CONTESTED and last and last.words == words:
            return last  # sent twice
        if not may_be_contested(current, worker=worker):
            raise NotSaved({NON_FIELD_ERRORS: [SETTLED]})
        was = current.status
        said = Contest(session=current, by_worker=worker, was=was, words=words, said_at=at)
        said.save(force_insert=True)
        current.sequence += 1
        settle(current, SessionStatus.CONTESTED, by=by, at=at)
        if was == SessionStatus.ATTENDED:
            refresh_all(kin, day)
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
