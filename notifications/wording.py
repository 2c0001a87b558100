"""What messages say: which words may stand in them, and how the few placeholders are filled in.

A text is not a template: `{day}` and its like are replaced once, and nothing else is read in it.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.utils.formats import date_format

from notifications.models import FINAL, Message, Text
from notifications.rules import Reminder, rules


class Said(NamedTuple):
    """What a message says: of an email both parts, in LXP too, and the text message."""

    subject: str
    words: str
    sms: str


PLACEHOLDERS = {
    "day": "the day it is about: Monday 3 March",
    "name": "the name of who reads it",
    "organisation": "the name of the organisation",
}
# Subjects and text messages are read on lock screens: no name, and nothing that says who writes.
ALLOWED = {"subject": ("day",), "words": tuple(PLACEHOLDERS), "sms": ("day",)}
BRACES = re.compile(r"\{([^{}]*)\}")
LINK = re.compile(r"https?:|www\.", re.IGNORECASE)
# The beginnings of words about health, and of those that tell that somebody is a peer worker.
TELLING = re.compile(
    r"\b(peer|mental|health|well-?being|wellness|supervis|score|check-?\s?in|depress|anxi|suicid"
    r"|self-?harm|diagnos|medic|therap|treatment|ill|illness|sick|symptom|psych|trauma|crisis"
    r"|distress|patient|clinic|recover|phq|gad|questionnaire|lived experience)",
    re.IGNORECASE,
)
SHORTEST_NAME = 3  # letters: a shorter part of a name is a word as well


def why_not(field: str, text: str, name: str = "") -> str:
    """Why a text may not stand in a field of `Said`; empty where it may.

    Args:
        name: whose name may stand neither in a subject nor in a text message.
    """
    allowed = ALLOWED[field]
    for found in BRACES.findall(text):
        if found not in allowed:
            return f"{{{found}}} cannot stand here: use {_listed(allowed)}"
    if set("{}") & set(BRACES.sub("", text)):
        return f"A single brace cannot stand here: use {_listed(allowed)}"
    if LINK.search(text):
        return "Leave out the link: every message has its own"
    if telling := TELLING.search(text):
        return f"Leave out “{telling[0]}”: it may be read over a shoulder"
    if field != "words":
        return _names_in(field, text, name)
    return ""


def _names_in(field: str, text: str, name: str) -> str:
    if field == "sms" and settings.ORGANISATION_NAME.lower() in text.lower():
        return "Leave out the name of the organisation"
    words = {word.lower() for word in re.findall(r"\w+", text)}
    for part in re.findall(r"\w+", name):
        if len(part) >= SHORTEST_NAME and part.lower() in words:
            return f"Leave out “{part}”: it is the reader’s name"
    return ""


def _listed(names: Iterable[str]) -> str:
    return " or ".join(f"{{{name}}}" for name in names)


def filled_in(said: Said, message: Message) -> Said:
    """The words as they are read: each placeholder replaced, once."""
    day = date_format(message.occasion.day, "l j F")
    values = {
        "day": day,
        "name": message.recipient.name,
        "organisation": settings.ORGANISATION_NAME,
    }
    return Said(*(fill(text, values) for text in said))


def fill(text: str, values: dict[str, str]) -> str:
    return BRACES.sub(lambda found: values.get(found[1], found[0]), text)


def own_words(rule: Reminder) -> Said:
    """What a kind says before anybody has put it in other words."""
    return Said(rule.subject, rule.words, rule.sms)


def said(message: Message, rule: Reminder) -> Said:
    """What a message says now: in the words for it alone, else in those of its kind."""
    return filled_in(unfilled([message], {rule.key: rule})[message.pk], message)


def said_of(messages: list[Message]) -> dict:
    """What each message says, or said when it ended, by its key; kinds that are gone say nothing.

    Needs the occasion and the recipient of each.
    """
    words = unfilled(messages, rules())
    return {one.pk: filled_in(words[one.pk], one) for one in messages if one.pk in words}


def unfilled(messages: list[Message], kinds: dict[str, Reminder]) -> dict:
    """The words of each message with their placeholders, in one query."""
    of_kinds = Q(message__isnull=True, rule__in={one.rule for one in messages})
    versions = list(Text.objects.filter(of_kinds | Q(message__in=messages)).order_by("number"))
    found = {}
    for one in messages:
        if one.rule in kinds:
            own = [text for text in versions if text.message_id == one.pk]
            general = [text for text in versions if _counts(text, one)]
            newest = (own or general)[-1:]
            found[one.pk] = said_by(newest[0]) if newest else own_words(kinds[one.rule])
    return found


def _counts(text: Text, message: Message) -> bool:
    """Whether a version of a kind was there when a message ended; all are while it waits."""
    ended = message.state in FINAL and text.written_at > message.moved_at
    return text.message_id is None and text.rule == message.rule and not ended


def said_by(text: Text) -> Said:
    return Said(text.subject, text.words, text.sms)
