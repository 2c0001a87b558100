"""Every table and field of the service in words, read from the models themselves.

`manage.py data_dictionary` writes docs/data-dictionary.md; a test fails while that is not what the
models say. What is personal follows from the tables: a row is about a person if it is a person, an
account or an applicant, or belongs to such a row.
"""

import inspect
from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import models
from pghistory.models import Event

APPS = {
    "programme": "People, recruitment, training, posts, figures",
    "accounts": "Accounts, roles and sites",
    "questionnaires": "Questionnaires",
    "supervision": "Supervision",
    "wellbeing": "Well-being and support",
    "notifications": "Messages",
    "audit": "Who looked at what",
}
SUBJECTS = {"programme.Person", "programme.Applicant", "accounts.User"}
# About people without a foreign key to one, each with its reason.
ABOUT_PEOPLE = {
    "audit.Look": "holds who looked at whom, by number",
    "programme.EqualityAnswers": "detached from the application on purpose, and encrypted",
    "programme.Facilitator": "may hold a name",
    "programme.ImportJob": "holds the file while an import is open",
    "programme.ImportRow": "holds a row of the file while an import is open",
    "programme.LinkRequest": "holds an address until it is answered",
    "programme.SessionFeedback": "answers without a name",
    "wellbeing.SupportContact": "may hold the name of somebody to turn to",
}
KINDS = {
    "ArrayField": "list of texts",
    "AutoField": "number",
    "BigAutoField": "number",
    "BigIntegerField": "whole number",
    "BinaryField": "file",
    "BooleanField": "yes or no",
    "CharField": "text",
    "DateField": "date",
    "DateTimeField": "time",
    "DecimalField": "number",
    "EmailField": "email address",
    "EncryptedTextField": "text, encrypted",
    "GeneratedField": "worked out",
    "IntegerField": "whole number",
    "JSONField": "structured data",
    "PositiveIntegerField": "whole number",
    "PositiveSmallIntegerField": "whole number",
    "SlugField": "text",
    "SmallIntegerField": "whole number",
    "TextField": "text",
    "TimeField": "time of day",
    "URLField": "web address",
    "UUIDField": "identifier",
}
# What a name means in every table, where a model does not say more.
MEANINGS = {
    "created_at": "When the row was made.",
    "at": "When it happened.",
    "name": "What it is called.",
    "position": "Its place in the order.",
    "claimed_until": "Until then one worker does it and no other.",
    "password": "The password, hashed with Argon2.",
    "last_login": "When this account last signed in.",
    "is_active": "Whether this account may sign in.",
    "started_on": "The first day.",
    "starts_on": "The first day.",
    "ended_on": "The first day after it: periods are half-open.",
    "ends_on": "The first day after it, where periods are half-open.",
}
SHOWN_CHOICES = 12  # more of them say less
INTRODUCTION = """
Every table and field, as the models of this version describe them. **Do not edit this page**: it is
written by `manage.py data_dictionary`, and a test fails while it is out of date.

*Personal* is what tells something about a person; that somebody is listed here at all is health
data about them. *Confidential* text is encrypted before it reaches the database and stands in no
history, log or export. *History* says whether each change leaves a row in an append-only table
beside this one, with who made it and when; what a history leaves out is named. Periods are
half-open: the day something ends is the first day without it.
"""


def data_dictionary() -> str:
    """The whole page as Markdown."""
    parts = ["# Data dictionary\n"]
    parts += [f"{_line(paragraph)}\n" for paragraph in INTRODUCTION.split("\n\n")]
    for app, words in APPS.items():
        parts.append(f"## {words}\n")
        parts += [_table(model) for model in tables(app)]
    return "\n".join(parts)


def tables(app: str) -> list[type[models.Model]]:
    """The tables of an app in the order of their names, without those of the history."""
    found = [m for m in apps.get_app_config(app).get_models() if not issubclass(m, Event)]
    return sorted(found, key=lambda model: model.__name__)


def _table(model: type[models.Model]) -> str:
    lines = [f"### {model.__name__}\n", _meaning_of(model), "", f"{_facts(model)}\n"]
    lines += ["| Field | Kind | Needed | Meaning | Personal |", "| --- | --- | --- | --- | --- |"]
    lines += [f"| {' | '.join(row)} |" for row in _rows(model)]
    return "\n".join([*lines, ""])


def _meaning_of(model: type[models.Model]) -> str:
    paragraphs = inspect.cleandoc(model.__doc__ or "").split("\n\n")
    return "\n\n".join(_line(paragraph) for paragraph in paragraphs)


def _facts(model: type[models.Model]) -> str:
    label = model._meta.label
    about = "about a person" if is_about_a_person(model) else "not about a person"
    if label in ABOUT_PEOPLE:
        about += f" ({ABOUT_PEOPLE[label]})"
    return f"Table `{model._meta.db_table}`: {about}. History: {_history(model)}."


def _history(model: type[models.Model]) -> str:
    events = _event_models(model)
    if not events:
        return "none"
    kept = {field.name for event in events for field in event._meta.fields}
    left_out = [f"`{field.name}`" for field in model._meta.fields if field.name not in kept]
    return f"kept, without {', '.join(left_out)}" if left_out else "kept"


def _event_models(model: type[models.Model]) -> list[type[Event]]:
    return [
        event
        for event in apps.get_models()
        if issubclass(event, Event) and event.pgh_tracked_model is model
    ]


def _rows(model: type[models.Model]) -> Iterator[tuple[str, ...]]:
    for field in model._meta.fields:
        needed = "yes" if not (field.null or field.blank or field.has_default()) else "no"
        yield f"`{field.name}`", _kind(field), needed, _field_meaning(field), personal(field)


def _kind(field: models.Field) -> str:
    if field.is_relation:
        return f"one of {field.related_model.__name__}"
    return KINDS[type(field).__name__]


def _field_meaning(field: models.Field) -> str:
    words = str(field.help_text) or MEANINGS.get(field.name) or _spelt_out(field)
    choices = [str(label) for _, label in field.flatchoices]
    if choices:
        shown = "; ".join(choices[:SHOWN_CHOICES])
        words += f" One of: {shown}{'; …' if len(choices) > SHOWN_CHOICES else ''}."
    return _line(words).replace("|", "\\|")


def _spelt_out(field: models.Field) -> str:
    if field.primary_key:
        return "The row’s own number."
    words = str(field.verbose_name)
    return f"{words[:1].upper()}{words[1:]}."


def _line(text: str) -> str:
    return " ".join(text.split())


# --- What is personal -----------------------------------------------------------------------------


def personal(field: models.Field) -> str:
    """Whether a field tells something about a person, and how it is kept."""
    if type(field).__name__.startswith("Encrypted"):
        return "Confidential"
    if is_author(field):
        return "Personal: who did it"
    if field.primary_key or not is_about_a_person(field.model):
        return "No"
    return "Personal"


def is_author(field: models.Field) -> bool:
    """An account that is named for what it did, and not because the row is about it."""
    return field.is_relation and _label(field) == "accounts.User" and field.name != "user"


def _label(field: models.Field) -> str:
    return field.related_model._meta.label


def is_about_a_person(model: type[models.Model], seen: Iterable[str] = ()) -> bool:
    """A person, an account, an applicant, or a row that belongs to one."""
    label = model._meta.label
    if label in SUBJECTS or label in ABOUT_PEOPLE:
        return True
    owners = [
        field.related_model
        for field in model._meta.fields
        if field.is_relation and not is_author(field) and _label(field) not in {label, *seen}
    ]
    return any(is_about_a_person(owner, {label, *seen}) for owner in owners)
