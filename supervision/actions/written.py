"""What is written of a session when it is logged: words, topics, actions, what was reached."""

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from supervision.models import (
    AgendaItem,
    AgreedAction,
    RecordVersion,
    Session,
    SessionRecord,
    SessionTopic,
)


class NewAction(NamedTuple):
    """Something that one of the two, or the organisation, is to do."""

    words: str
    owner: str
    due_on: dt.date | None = None


class Notes(NamedTuple):
    """Everything that is written of one session; `topics` are pairs of mechanism and side."""

    words: str = ""
    topics: tuple[tuple[str, str], ...] = ()
    actions: tuple[NewAction, ...] = ()
    reached: tuple[UUID, ...] = ()
    next_at: dt.datetime | None = None

    @property
    def make_a_record(self) -> bool:
        """Whether there is something that both have to agree on."""
        return bool(self.words or self.topics or self.actions)


def write_notes(session: Session, notes: Notes, *, by: User, at: dt.datetime) -> None:
    """Write it all; the caller holds the agreement and the transaction."""
    if notes.make_a_record:
        record = SessionRecord.objects.create(session=session)
        RecordVersion.objects.create(
            record=record, number=1, words=notes.words, written_by=by, written_at=at
        )
    SessionTopic.objects.bulk_create(
        SessionTopic(session=session, mechanism=mechanism, side=side)
        for mechanism, side in notes.topics
    )
    AgreedAction.objects.bulk_create(
        AgreedAction(
            agreement=session.agreement,
            agreed_in=session,
            added_on=timezone.localdate(session.starts_at),
            **action._asdict(),
        )
        for action in notes.actions
    )
    if notes.reached:
        waiting = AgendaItem.objects.filter(agreement=session.agreement_id).waiting()
        waiting.filter(pk__in=notes.reached).update(reached_in=session)


def was_written(session: Session, notes: Notes, *, by: User) -> bool:
    """Whether a session says just this already, by the same writer: a form that was sent twice."""
    if session.supervisor_id != by.pk:
        return False
    first = RecordVersion.objects.filter(record__session=session, number=1).first()
    topics = set(session.topics.values_list("mechanism", "side"))
    actions = sorted((row.words, row.owner, str(row.due_on)) for row in session.actions.all())
    return (
        (first.words if first else "") == notes.words
        and topics == set(notes.topics)
        and actions == sorted((one.words, one.owner, str(one.due_on)) for one in notes.actions)
    )
