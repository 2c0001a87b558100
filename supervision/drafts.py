"""Drafts as their writer reads them, and what of a form they hold."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.http import QueryDict

from accounts.models import User
from supervision.actions import drafts
from supervision.models import Draft, SessionRecord

MOST_LETTERS = 200_000
NOT_TYPED = {"csrfmiddlewaretoken", "save"}
CALLED = {
    drafts.LOG: "A session to log",
    drafts.LOG_PLANNED: "A planned session to log",
    drafts.RECORD: "The record of a session",
    drafts.DISAGREE: "What you see differently in a record",
    drafts.AGENDA: "Something for the agenda",
    drafts.PREPARATION: "A preparation note",
    drafts.AIDE_MEMOIRE: "An aide-memoire",
    drafts.GROUP_NOTE: "A group session",
}


class Told(NamedTuple):
    """What a draft is of, and its words; none where they are `closed` to its writer."""

    what: str
    words: list[str]
    closed: bool = False


def typed_in(data: QueryDict) -> drafts.Fields:
    return {name: data.getlist(name) for name in data if name not in NOT_TYPED}


def told(found: Iterable[Draft], user: User, day: dt.date) -> list[tuple[Draft, Told]]:
    """Drafts as their writer may read them on a day.

    The draft of a record holds the record's own words, so it is closed with the record.
    """
    rows = list(found)
    records = SessionRecord.objects.filter(session__in={_of_record(one) for one in rows} - {""})
    closed = records.exclude(pk__in=SessionRecord.objects.readable_by(user, day).values("pk"))
    hidden = {str(pk) for pk in closed.values_list("session", flat=True)}
    return [(draft, in_words(draft, closed=_of_record(draft) in hidden)) for draft in rows]


def _of_record(draft: Draft) -> str:
    """The session whose record a draft is of; empty for any other form."""
    form, _, pk = draft.about.partition(":")
    return pk if form == drafts.RECORD else ""


def in_words(draft: Draft, *, closed: bool = False) -> Told:
    form = draft.about.partition(":")[0]
    if closed:
        return Told(CALLED[form], [], closed=True)
    fields = drafts.fields_of(draft)
    words = [
        text
        for name, texts in fields.items()
        if name in {"words", "note"} or name.endswith("_words")
        for text in texts
        if text.strip()
    ]
    return Told(CALLED.get(form, "A form"), words)
