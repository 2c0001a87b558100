"""Marking who was at the sessions of a cohort, by several people at once."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS

from accounts.models import User
from programme.actions.saving import NotSaved, NotYours, writing
from programme.models import (
    Attendance,
    AttendanceState,
    Cohort,
    Enrolment,
    Outcome,
    TrainingSession,
)
from programme.models.training_sessions import PRESENT
from programme.permissions import may_record_training_at

GONE = "Somebody else has removed this person or this session meanwhile."
CANCELLED = "This session was cancelled."
OWN = "Somebody else marks your own attendance."
TO_COME = "This session is still to come: only an apology can be recorded for it."


class Mark(NamedTuple):
    """What somebody wants recorded of one trainee at one session.

    `revision` is that of the mark they saw: 0 where there was none.
    """

    enrolment: uuid.UUID
    session: uuid.UUID
    state: str
    revision: int


class Marked(NamedTuple):
    """What came of it: every mark that now holds as wanted, and those that somebody else had
    changed meanwhile, as they are and unchanged."""

    kept: list[Attendance]
    stale: list[Attendance]


def mark(
    *, cohort: Cohort, marks: Iterable[Mark], by: User, at: dt.datetime, today: dt.date
) -> Marked:
    """Record marks of a cohort; what others changed since it was read is left and told.

    The first session somebody attended becomes the day they started.

    Raises:
        NotSaved: a session was cancelled or is still to come, a trainee is no longer there, or it
            is one's own.
        NotYours: the cohort is not at one of the user's sites.
    """
    if not may_record_training_at(by, cohort.site_id):
        raise NotYours(f"This needs a role for {cohort.site or 'all sites'}.")
    wanted = {(one.enrolment, one.session): one for one in marks}
    with writing(by):
        enrolments, sessions = _what_is_marked(cohort, wanted)
        if any(row.person.user_id == by.pk for row in enrolments.values()):
            raise NotSaved({NON_FIELD_ERRORS: [OWN]})
        _may_be_marked(wanted, sessions, today)
        stored = _stored(enrolments, sessions)
        marked, new, changed = Marked([], []), [], []
        for pair, one in wanted.items():
            row = stored.get(pair) or _unmarked(cohort, one)
            if row.state != one.state and row.revision != one.revision:
                marked.stale.append(row)
                continue
            marked.kept.append(row)
            if row.state != one.state:
                (changed if row.revision else new).append(row)
                row.state, row.revision = one.state, row.revision + 1
                row.marked_by, row.marked_at = by, at
        Attendance.objects.bulk_create(new)
        Attendance.objects.bulk_update(changed, ["state", "revision", "marked_by", "marked_at"])
        _note_first_sessions([*new, *changed], enrolments, sessions)
    return marked


def _what_is_marked(
    cohort: Cohort, wanted: Iterable[tuple[uuid.UUID, uuid.UUID]]
) -> tuple[dict[uuid.UUID, Enrolment], dict[uuid.UUID, TrainingSession]]:
    """The trainees, held so that nobody else marks them at this moment, and the sessions."""
    people, meetings = {pair[0] for pair in wanted}, {pair[1] for pair in wanted}
    held = cohort.enrolments.select_for_update(of=("self",), no_key=True).select_related("person")
    enrolments = {row.pk: row for row in held.filter(pk__in=people).order_by("pk")}
    sessions = {row.pk: row for row in cohort.sessions.filter(pk__in=meetings)}
    if people - enrolments.keys() or meetings - sessions.keys():
        raise NotSaved({NON_FIELD_ERRORS: [GONE]})
    return enrolments, sessions


def _may_be_marked(wanted: dict, sessions: dict[uuid.UUID, TrainingSession], today: dt.date):
    for one in wanted.values():
        session = sessions[one.session]
        if session.cancelled_on:
            raise NotSaved({NON_FIELD_ERRORS: [CANCELLED]})
        known_before = {AttendanceState.APOLOGY, AttendanceState.NOT_MARKED}
        if session.held_on > today and one.state not in known_before:
            raise NotSaved({NON_FIELD_ERRORS: [TO_COME]})


def _stored(enrolments: Iterable[uuid.UUID], sessions: Iterable[uuid.UUID]) -> dict:
    rows = Attendance.objects.filter(enrolment__in=list(enrolments), session__in=list(sessions))
    return {(row.enrolment_id, row.session_id): row for row in rows.select_related("marked_by")}


def _unmarked(cohort: Cohort, one: Mark) -> Attendance:
    return Attendance(
        cohort=cohort, enrolment_id=one.enrolment, session_id=one.session, state="", revision=0
    )


def _note_first_sessions(
    rows: Iterable[Attendance],
    enrolments: dict[uuid.UUID, Enrolment],
    sessions: dict[uuid.UUID, TrainingSession],
) -> None:
    """Keep the day people started in step with the marks, for those still in training.

    A day that was typed before there were marks gives way only to an earlier session, or where the
    mark for that very day says that they were not there.
    """
    moved = {}
    for row in rows:
        enrolment, day = enrolments[row.enrolment_id], sessions[row.session_id].held_on
        if enrolment.outcome != Outcome.ACTIVE:
            continue
        if row.state in PRESENT:
            if enrolment.commenced_on is None or day < enrolment.commenced_on:
                enrolment.commenced_on = day
                moved[enrolment.pk] = enrolment
        elif enrolment.commenced_on == day:
            enrolment.commenced_on = _first_attended(enrolment)
            moved[enrolment.pk] = enrolment
    Enrolment.objects.bulk_update(moved.values(), ["commenced_on"])


def _first_attended(enrolment: Enrolment) -> dt.date | None:
    days = enrolment.attendance.present().order_by("session__held_on")
    return days.values_list("session__held_on", flat=True).first()
