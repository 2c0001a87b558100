"""Sessions: planned, logged, moved and called off. Each is one short transaction: all or nothing.

The agreement is locked first, so that the same form sent twice at once makes one record. What the
database refuses is said in its constraint's words (`writing`): asking for each of them beforehand
would double the queries of the commonest thing that supervisors do.
"""

import datetime as dt
from typing import NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.utils import timezone

from accounts.models import User
from programme.actions.saving import NotSaved, writing
from supervision.actions.drafts import LOG, LOG_PLANNED, forget
from supervision.actions.written import Notes, was_written, write_notes
from supervision.due import refresh_all
from supervision.models import Agreement, Cover, Session, SessionStatus

AHEAD = dt.timedelta(days=366)
SIGN_FIRST = (
    "Both of you sign the agreement before the first session. Nothing is saved: sign it, then "
    "come back to this page."
)


BEGUN = "This session's time has passed. Say what became of it instead"


class AgreementClosed(NotSaved):
    """The agreement is not open on that day; the words say since when or from when."""


class Held(NamedTuple):
    """An agreement that is open and locked, the others of the same kind that wait for the same
    session, and the cover by which a stand-in acts."""

    agreement: Agreement
    kin: list[Agreement]
    cover: Cover | None


def in_words(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


# --- What may be done -----------------------------------------------------------------------------


def hold(agreement: Agreement, *, by: User, day: dt.date) -> Held:
    """Lock an agreement in which a user may act on a day as the supervisor or stand-in.

    Raises:
        AgreementClosed: it is not open on that day.
        NotSaved: it has to be signed by both first.
        PermissionDenied: the user neither supervises in it nor stands in on that day.
    """
    current, kin = locked_kin(agreement)
    require_open(current, day)
    cover = None
    if current.supervisor_id != by.pk:
        cover = current.covers.on(day).filter(stand_in=by).first()
        if cover is None:
            raise PermissionDenied("You do not supervise in this agreement.")
    signed = current.signed or current.terms.signed().exists()  # or while this waited
    if agreement.kind.needs_agreement and not signed:
        raise NotSaved({NON_FIELD_ERRORS: [SIGN_FIRST]})
    return Held(current, kin, cover)


def locked_kin(agreement: Agreement) -> tuple[Agreement, list[Agreement]]:
    """An agreement and all of the same person and kind, locked in one order.

    Raises:
        NotSaved: it is there no more.
    """
    same = Agreement.objects.filter(person=agreement.person_id, kind=agreement.kind_id)
    kin = list(same.with_signed().select_for_update(of=("self",), no_key=True).order_by("pk"))
    current = next((row for row in kin if row.pk == agreement.pk), None)
    if current is None:
        raise NotSaved({NON_FIELD_ERRORS: ["Somebody else has removed this agreement."]})
    return current, kin


def require_open(agreement: Agreement, day: dt.date, field: str = NON_FIELD_ERRORS) -> None:
    """Make sure that an agreement holds on a day."""
    if agreement.starts_on > day:
        raise AgreementClosed(
            {field: [f"This agreement begins on {in_words(agreement.starts_on)}"]}
        )
    if not agreement.is_open_on(day):
        ended = in_words(agreement.ended_on)
        raise AgreementClosed({field: [f"This agreement ended on {ended}. It takes no session"]})


def require_day(held: Held, starts_at: dt.datetime) -> None:
    """Make sure that a session lies within the agreement and, for a stand-in, within the cover."""
    day = timezone.localdate(starts_at)
    require_open(held.agreement, day, "held_on")
    cover = held.cover
    if cover and not cover.starts_on <= day <= cover.last_day:
        dates = f"from {in_words(cover.starts_on)} to {in_words(cover.last_day)}"
        raise NotSaved({"held_on": [f"You stand in {dates}. Choose a day within that time"]})


def require_ahead(starts_at: dt.datetime, at: dt.datetime, field: str = "held_on") -> None:
    """Make sure that a time is still to come, and not years away."""
    if starts_at <= at:
        words = "This time has passed. Log the session instead of planning it"
        raise NotSaved({field: [words]})
    if starts_at > at + AHEAD:
        raise NotSaved({field: ["Choose a day within the next twelve months"]})


def require_begun(starts_at: dt.datetime, at: dt.datetime) -> None:
    """Make sure that a session is not still to come."""
    if starts_at > at:
        begins = timezone.localtime(starts_at)
        when = f"{in_words(begins)} at {begins:%H:%M}"
        words = f"This session begins on {when}. Log it once it has begun, or plan it"
        raise NotSaved({"held_on": [words]})


# --- Planning -------------------------------------------------------------------------------------


def plan_session(
    *,
    agreement: Agreement,
    by: User,
    day: dt.date,
    at: dt.datetime,
    starts_at: dt.datetime,
    minutes: int,
    place: str = "",
) -> Session:
    """Plan a session; planned twice for one time, it is one.

    Raises:
        NotSaved: the time is over, too far away, taken, or outside the agreement.
    """
    with writing(by):
        held = hold(agreement, by=by, day=day)
        require_ahead(starts_at, at)
        require_day(held, starts_at)
        return add_planned(held, by=by, at=at, starts_at=starts_at, minutes=minutes, place=place)


def add_planned(
    held: Held, *, by: User, at: dt.datetime, starts_at: dt.datetime, minutes: int, place: str
) -> Session:
    """One more planned session of a locked agreement, or the one that is there at that time."""
    there = held.agreement.sessions.planned().filter(starts_at=starts_at).first()
    if there and (there.minutes, there.place) == (minutes, place):
        return there
    new = _new(held, by=by, at=at, starts_at=starts_at, minutes=minutes, place=place)
    new.save(force_insert=True)
    return new


def _new(held: Held, *, by: User, at: dt.datetime, **values) -> Session:
    agreement = held.agreement
    return Session(
        person_id=agreement.person_id,
        supervisor=by,
        kind_id=agreement.kind_id,
        agreement=agreement,
        cover=held.cover,
        entered_by=by,
        entered_at=at,
        **values,
    )


def rearrange_session(
    *,
    session: Session,
    by: User,
    day: dt.date,
    at: dt.datetime,
    starts_at: dt.datetime,
    minutes: int,
    place: str = "",
) -> Session:
    """Move a planned session: the old one says so and leads to the new one, which calendars take
    for the same appointment.

    Raises:
        NotSaved: as for planning, or the session is not planned any more.
    """
    with writing(by):
        held = hold(session.agreement, by=by, day=day)
        old = locked_session(session)
        moved = old.rearranged_to
        if moved and (moved.starts_at, moved.minutes) == (starts_at, minutes):
            return moved  # sent twice
        _require_planned(old)
        if (old.starts_at, old.minutes, old.place) == (starts_at, minutes, place):
            return old
        require_ahead(starts_at, at)
        require_day(held, starts_at)
        if old.starts_at == starts_at:  # another room, or another length
            old.minutes, old.place, old.sequence = minutes, place, old.sequence + 1
            old.save(update_fields=["minutes", "place", "sequence"])
            return old
        new = _new(held, by=by, at=at, starts_at=starts_at, minutes=minutes, place=place)
        _move(old, new, by=by, at=at)
    return new


def _move(old: Session, new: Session, *, by: User, at: dt.datetime) -> None:
    new.sequence = old.sequence + 1
    new.save(force_insert=True)
    old.rearranged_to = new
    settle(old, SessionStatus.REARRANGED, by=by, at=at)


def cancel_session(
    *, session: Session, by: User, day: dt.date, at: dt.datetime, by_worker: bool
) -> Session:
    """Call a planned session off. The supervisor says whose cancellation it was; the worker's own
    is always the worker's, and never counts against them.

    Raises:
        NotSaved: it is not planned any more, or a worker's has begun: then it is to be said what
            became of it.
    """
    status = SessionStatus.CANCELLED_BY_SUPERVISOR
    if by_worker or session.person.user_id == by.pk:
        status = SessionStatus.CANCELLED_BY_WORKER
    with writing(by):
        if session.person.user_id == by.pk:
            require_open(session.agreement, day)
        else:
            hold(session.agreement, by=by, day=day)
        current = locked_session(session)
        if current.status == status:
            return current
        _require_planned(current)
        if session.person.user_id == by.pk and current.starts_at <= at:
            raise NotSaved({NON_FIELD_ERRORS: [BEGUN]})
        current.sequence += 1
        settle(current, status, by=by, at=at)
    return current


def call_off(agreement: Agreement, *, by_worker: bool, at: dt.datetime, **only) -> None:
    """Call off what is planned after an agreement, or a cover of it, has ended; in the transaction
    that ends it."""
    status = SessionStatus.CANCELLED_BY_SUPERVISOR
    if by_worker:
        status = SessionStatus.CANCELLED_BY_WORKER
    rows = Session.objects.select_for_update(of=("self",), no_key=True).planned()
    for session in rows.filter(agreement=agreement, starts_at__gt=at, **only):
        session.sequence += 1
        settle(session, status, by=None, at=at)


def locked_session(session: Session) -> Session:
    """A session as it is now, held until the transaction ends."""
    rows = Session.objects.select_for_update(of=("self",), no_key=True)
    current = rows.select_related("rearranged_to").filter(pk=session.pk).first()
    if current is None:
        raise NotSaved({NON_FIELD_ERRORS: ["Somebody else has removed this session."]})
    return current


def _require_planned(session: Session) -> None:
    if session.status != SessionStatus.PLANNED:
        became = session.get_status_display().lower()
        raise NotSaved({NON_FIELD_ERRORS: [f"This session is recorded already: {became}"]})


def settle(session: Session, status: str, *, by: User | None, at: dt.datetime) -> None:
    """Record what became of a session, in the caller's transaction."""
    session.status, session.settled_at, session.settled_by = status, at, by
    session.save()


# --- Logging --------------------------------------------------------------------------------------


def log_session(
    *,
    agreement: Agreement,
    by: User,
    day: dt.date,
    at: dt.datetime,
    starts_at: dt.datetime,
    minutes: int,
    place: str = "",
    status: str = SessionStatus.ATTENDED,
    planned: Session | None = None,
    notes: Notes | None = None,
) -> Session:
    """Record what became of a session and, where it took place, what was written of it.

    Args:
        planned: the planned session that this is; held on another day, it was rearranged.

    Raises:
        AgreementClosed, NotSaved: nothing at all was written; the words say why.
    """
    typed = notes is not None
    notes = notes if notes and status == SessionStatus.ATTENDED else Notes()
    values = {"starts_at": starts_at, "minutes": minutes, "place": place}
    with writing(by):
        held = hold(agreement, by=by, day=day)
        require_begun(starts_at, at)
        require_day(held, starts_at)
        twin, planned_then = at_that_time(held.agreement, status, **values)
        if twin and was_written(twin, notes, by=by):
            return twin
        session = logged(held, planned or planned_then, status, by=by, at=at, **values)
        write_notes(session, notes, by=by, at=at)
        if notes.next_at:
            _plan_next(held, by=by, at=at, **values | {"starts_at": notes.next_at})
        if status == SessionStatus.ATTENDED:
            refresh_all(held.kin, day)
        if typed:
            forget(by, *((LOG_PLANNED, planned.pk) if planned else (LOG, agreement.pk)))
    return session


def at_that_time(
    agreement: Agreement, status: str, *, starts_at: dt.datetime, minutes: int, place: str
) -> tuple[Session | None, Session | None]:
    """The session that is recorded just so already, and the one that was planned for the time."""
    found = agreement.sessions.filter(starts_at=starts_at)
    found = found.filter(status__in=[status, SessionStatus.PLANNED])
    there = list(found) if found.exists() else []
    told = (status, minutes, place)
    same = (one for one in there if (one.status, one.minutes, one.place) == told)
    planned = (one for one in there if one.status == SessionStatus.PLANNED)
    return next(same, None), next(planned, None)


def _plan_next(held: Held, *, by: User, at: dt.datetime, starts_at: dt.datetime, **values) -> None:
    """The next session, planned at the end of this one."""
    require_ahead(starts_at, at, "next_on")
    require_open(held.agreement, timezone.localdate(starts_at), "next_on")
    add_planned(held, by=by, at=at, starts_at=starts_at, **values)


def hold_as_planned(*, session: Session, by: User, day: dt.date, at: dt.datetime) -> Session:
    """A planned session took place just as it was planned, with nothing to write."""
    return log_session(
        agreement=session.agreement,
        planned=session,
        by=by,
        day=day,
        at=at,
        starts_at=session.starts_at,
        minutes=session.minutes,
        place=session.place,
    )


def logged(
    held: Held, planned: Session | None, status: str, *, by: User, at: dt.datetime, **values
) -> Session:
    """The planned session with what became of it, or a new one."""
    new = _new(held, by=by, at=at, status=status, settled_at=at, settled_by=by, **values)
    if planned is None:
        new.save(force_insert=True)
        return new
    old = locked_session(planned)
    _require_planned(old)
    if timezone.localdate(old.starts_at) != timezone.localdate(new.starts_at):
        _move(old, new, by=by, at=at)
        return new
    changed = any(getattr(old, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(old, name, value)
    old.supervisor, old.cover = by, held.cover
    old.sequence += changed or status != SessionStatus.ATTENDED
    settle(old, status, by=by, at=at)
    return old
