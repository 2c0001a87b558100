"""What two people share between sessions, and what each keeps: agenda, actions, own notes."""

import datetime as dt

from django.core.exceptions import PermissionDenied

from accounts.models import User
from programme.actions.saving import change, check, locked, remove, writing
from supervision.actions.drafts import AGENDA, AIDE_MEMOIRE, PREPARATION, forget
from supervision.actions.sessions import require_open
from supervision.models import (
    AgendaItem,
    AgreedAction,
    Agreement,
    AideMemoire,
    PreparationNote,
)
from supervision.permissions import is_worker_of, may_supervise_in

NOT_YOURS = "This belongs to somebody else."


# --- Agenda ---------------------------------------------------------------------------------------


def add_to_agenda(
    *, agreement: Agreement, by: User, day: dt.date, at: dt.datetime, words: str, prompt: str = ""
) -> AgendaItem:
    """Either of the two adds something to talk about; it waits until a session reaches it.

    Raises:
        AgreementClosed: there is no next session.
    """
    with writing(by):
        current = locked(agreement)
        if not (is_worker_of(current, by) or may_supervise_in(current, by, day)):
            raise PermissionDenied(NOT_YOURS)
        require_open(current, max(day, current.starts_on))
        for item in AgendaItem.objects.filter(agreement=current, added_by=by).waiting():
            if item.words == words:
                return item  # sent twice
        item = AgendaItem(agreement=current, added_by=by, added_at=at, words=words, prompt=prompt)
        check(item)
        item.save(force_insert=True)
        forget(by, AGENDA, agreement.pk)
    return item


def take_off(*, item: AgendaItem, by: User, at: dt.datetime) -> None:
    """Take one's own item off the agenda."""
    if item.added_by_id != by.pk:
        raise PermissionDenied(NOT_YOURS)
    with writing(by):
        current = locked(item)
        if current.reached_in_id is None and current.taken_off_at is None:
            current.taken_off_at = at
            current.save(update_fields=["taken_off_at"])


# --- Actions --------------------------------------------------------------------------------------


def tick(*, action: AgreedAction, by: User, day: dt.date, done: bool) -> None:
    """An action is done, or it was not after all."""
    with writing(by):
        current = locked(action)
        if done == (current.done_on is not None):
            return
        current.done_on = max(day, current.added_on) if done else None
        current.done_by = by if done else None
        current.save(update_fields=["done_on", "done_by"])


# --- Own notes ------------------------------------------------------------------------------------


def prepare(
    *, agreement: Agreement, by: User, at: dt.datetime, words: str, note=None, version: str = ""
) -> PreparationNote:
    """The worker's own note before a session, new or written anew; nobody else reads it.

    Raises:
        ChangedMeanwhile: it was changed in another window since.
    """
    if not is_worker_of(agreement, by):
        raise PermissionDenied(NOT_YOURS)
    with writing(by):
        if note is not None:
            values = {"words": words, "written_at": note.written_at if words == note.words else at}
            note = change(note, by=by, version=version, values=values)
            forget(by, PREPARATION, note.pk)
            return note
        locked(agreement)
        for there in PreparationNote.objects.filter(agreement=agreement, account=by)[:20]:
            if there.words == words:
                return there  # sent twice
        new = PreparationNote(
            person_id=agreement.person_id,
            account=by,
            agreement=agreement,
            words=words,
            written_at=at,
        )
        new.save(force_insert=True)
        forget(by, PREPARATION, agreement.pk)
    return new


def remove_preparation(*, note: PreparationNote, by: User) -> None:
    """Delete one's own note for good; no history keeps its words."""
    if note.person.user_id != by.pk:
        raise PermissionDenied(NOT_YOURS)
    remove(note, by=by)


def remember(
    *,
    agreement: Agreement,
    by: User,
    day: dt.date,
    at: dt.datetime,
    words: str,
    note: AideMemoire | None = None,
    version: str = "",
) -> AideMemoire:
    """The supervisor's own note of an agreement, which the worker can read.

    Raises:
        ChangedMeanwhile: it was changed in another window since.
    """
    if not may_supervise_in(agreement, by, day):
        raise PermissionDenied(NOT_YOURS)
    with writing(by):
        if note is None:
            locked(agreement)
            note = AideMemoire.objects.filter(agreement=agreement, author=by).first()
        if note is None:
            note = AideMemoire(agreement=agreement, author=by, words=words, written_at=at)
            note.save(force_insert=True)
        else:
            values = {"words": words, "written_at": note.written_at if words == note.words else at}
            note = change(note, by=by, version=version, values=values)
        forget(by, AIDE_MEMOIRE, agreement.pk)
    return note
