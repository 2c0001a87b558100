"""Drafts as their writer reads them, and what of a form they hold."""

from typing import NamedTuple

from django.http import QueryDict

from supervision.actions import drafts
from supervision.models import Draft

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
    """What a draft is of, and its words."""

    what: str
    words: list[str]


def typed_in(data: QueryDict) -> drafts.Fields:
    return {name: data.getlist(name) for name in data if name not in NOT_TYPED}


def in_words(draft: Draft) -> Told:
    form = draft.about.partition(":")[0]
    fields = drafts.fields_of(draft)
    words = [
        text
        for name, texts in fields.items()
        if name in {"words", "note"} or name.endswith("_words")
        for text in texts
        if text.strip()
    ]
    return Told(CALLED.get(form, "A form"), words)
