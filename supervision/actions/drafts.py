"""What somebody has typed and not saved yet: kept for them alone, gone when the form is saved."""

import datetime as dt
import json
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from supervision.models import Draft

# The forms that keep drafts; each with the id of what it is about.
LOG, LOG_PLANNED, RECORD, DISAGREE = "log", "log-planned", "record", "disagree"
AGENDA, PREPARATION, AIDE_MEMOIRE, GROUP_NOTE = "agenda", "preparation", "aide-memoire", "group"

KEPT = dt.timedelta(days=90)

type Fields = dict[str, list[str]]


def about(form: str, pk: UUID) -> str:
    """Under what a draft is kept, so that no other record ever shows its text."""
    return f"{form}:{pk}"


def keep(*, by: User, form: str, pk: UUID, fields: Fields, at: dt.datetime) -> Draft:
    """Keep what is typed, in place of what was typed before."""
    words = json.dumps(fields)
    draft = _rewritten(by, about(form, pk), words, at)
    if draft is not None:
        return draft
    new = Draft(user=by, about=about(form, pk), words=words, saved_at=at)
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:  # another tab was faster
        return _rewritten(by, about(form, pk), words, at) or new
    return new


def _rewritten(by: User, key: str, words: str, at: dt.datetime) -> Draft | None:
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(user=by, about=key).first()
        if draft is not None:
            draft.words, draft.saved_at = words, at
            draft.save(update_fields=["words", "saved_at"])
    return draft


def forget(by: User, form: str, pk: UUID) -> None:
    """The form is saved, or its text was taken out: there is no draft any more."""
    Draft.objects.filter(user=by, about=about(form, pk)).delete()


def throw_away(draft: Draft, *, by: User) -> None:
    """Delete a draft of one's own."""
    Draft.objects.filter(pk=draft.pk, user=by).delete()


def drop_old(at: dt.datetime) -> int:
    """Delete drafts that nobody has gone on with for three months; returns how many."""
    deleted, _ = Draft.objects.filter(saved_at__lt=at - KEPT).delete()
    return deleted


def fields_of(draft: Draft) -> Fields:
    return json.loads(draft.words)
