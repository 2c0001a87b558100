"""The record of a session: written in versions, answered by the worker, locked once both agree."""

import datetime as dt

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied

from accounts.models import User
from programme.actions.saving import ChangedMeanwhile, NotSaved, writing
from supervision.actions.drafts import DISAGREE, RECORD, forget
from supervision.models import (
    RecordAnswer,
    RecordState,
    RecordVersion,
    Session,
    SessionRecord,
    SessionStatus,
)
from supervision.permissions import may_write_record

NO_RECORD = "There is no record of this session yet."
CONFIRMED = "You have confirmed these words. You can add an amendment instead."


def write_record(
    *, session: Session, by: User, day: dt.date, at: dt.datetime, version: int, words: str
) -> SessionRecord:
    """Write a record anew, or, once both have agreed, add an amendment that both see.

    Args:
        version: the number of the version that the writer has read; 0 where there was none.

    Raises:
        ChangedMeanwhile: there is a newer one, which the writer has not seen.
        NotSaved: the session did not take place.
    """
    with writing(by):
        current = _locked(session)
        if not may_write_record(current, by, day):
            raise PermissionDenied("You do not write in this record.")
        if current.status != SessionStatus.ATTENDED:
            raise NotSaved({NON_FIELD_ERRORS: ["A session that did not take place has no record."]})
        record = SessionRecord.objects.filter(session=current).first()
        if record and _is_newest(record, words, by):
            return record  # sent twice
        if (record.version if record else 0) != version:
            raise ChangedMeanwhile(record)
        record = _next_version(record, current, by)
        RecordVersion.objects.create(
            record=record,
            number=record.version,
            words=words,
            is_amendment=record.agreed_at is not None,
            written_by=by,
            written_at=at,
        )
        forget(by, RECORD, session.pk)
    return record


def _next_version(record: SessionRecord | None, session: Session, by: User) -> SessionRecord:
    """The record with one version more, which waits for the worker unless it is the worker's."""
    if record is None:
        return SessionRecord.objects.create(session=session)
    record.version += 1
    if session.person.user_id != by.pk:
        record.state = RecordState.TO_CONFIRM
    record.save(update_fields=["version", "state"])
    return record


def confirm(*, session: Session, by: User, at: dt.datetime, version: int) -> SessionRecord:
    """The worker agrees with the words they have read. From then on they are locked.

    Raises:
        ChangedMeanwhile: the words have changed since.
    """
    with writing(by):
        record = _answered(session, by, version)
        if record.state == RecordState.AGREED:
            return record
        RecordAnswer.objects.create(record=record, version=version, agrees=True, given_at=at)
        record.state, record.agreed_at = RecordState.AGREED, record.agreed_at or at
        record.save(update_fields=["state", "agreed_at"])
        forget(by, DISAGREE, session.pk)
    return record


def disagree(
    *, session: Session, by: User, at: dt.datetime, version: int, words: str
) -> SessionRecord:
    """The worker disagrees in their own words, which both read.

    Raises:
        ChangedMeanwhile: the words of the record have changed since.
        NotSaved: they are confirmed already.
    """
    with writing(by):
        record = _answered(session, by, version)
        last = record.answers.last()
        if last and (last.version, last.agrees, last.words) == (version, False, words):
            return record  # sent twice
        if record.state == RecordState.AGREED:
            raise NotSaved({NON_FIELD_ERRORS: [CONFIRMED]})
        RecordAnswer.objects.create(
            record=record, version=version, agrees=False, words=words, given_at=at
        )
        record.state = RecordState.DISAGREED
        record.save(update_fields=["state"])
        forget(by, DISAGREE, session.pk)
    return record


def _answered(session: Session, by: User, version: int) -> SessionRecord:
    """The record that a worker answers, locked, as they have read it."""
    current = _locked(session)
    if current.person.user_id != by.pk:
        raise PermissionDenied("Only the worker answers a record.")
    record = SessionRecord.objects.filter(session=current).first()
    if record is None:
        raise NotSaved({NON_FIELD_ERRORS: [NO_RECORD]})
    if record.version != version:
        raise ChangedMeanwhile(record)
    return record


def _locked(session: Session) -> Session:
    """A session held until the transaction ends: whoever writes about it waits for the other."""
    rows = Session.objects.select_for_update(of=("self",), no_key=True)
    current = rows.select_related("person", "agreement__person").filter(pk=session.pk).first()
    if current is None:
        raise NotSaved({NON_FIELD_ERRORS: ["Somebody else has removed this session."]})
    return current


def _is_newest(record: SessionRecord, words: str, by: User) -> bool:
    newest = record.versions.last()
    return newest is not None and newest.written_by_id == by.pk and newest.words == words
