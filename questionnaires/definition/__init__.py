"""A questionnaire as data: what it asks, how it is scored, and when each question is shown."""

from questionnaires.definition.changing import same_answers, with_items
from questionnaires.definition.parts import (
    ANSWERED_FROM_LIST,
    TEXTS,
    Answer,
    Answers,
    Band,
    Condition,
    Definition,
    Item,
    Kind,
    Method,
    Operator,
    Option,
    Scale,
)
from questionnaires.definition.reading import BadDefinition, read
from questionnaires.definition.showing import (
    everything,
    kept,
    low_answers,
    questions,
    shown,
    unanswered,
)
from questionnaires.definition.writing import written

__all__ = [
    "ANSWERED_FROM_LIST",
    "TEXTS",
    "Answer",
    "Answers",
    "BadDefinition",
    "Band",
    "Condition",
    "Definition",
    "Item",
    "Kind",
    "Method",
    "Operator",
    "Option",
    "Scale",
    "everything",
    "kept",
    "low_answers",
    "questions",
    "read",
    "same_answers",
    "shown",
    "unanswered",
    "with_items",
    "written",
]
