"""Answers as people read them, and as numbers over time."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from questionnaires.definition import Definition, Item, Kind, questions
from wellbeing.models import CheckIn

NOT_ANSWERED = "Not answered"


class Answered(NamedTuple):
    """A question and what was answered to it."""

    question: str
    answer: str


def in_words(check_in: CheckIn) -> list[Answered]:
    """Every question in its order, in the wording of the version that was answered."""
    return answers_in_words(check_in.version.definition, check_in.answered)


def answers_in_words(definition: Definition, given: dict) -> list[Answered]:
    return [
        Answered(item.text, answer_in_words(item, given.get(item.link_id)))
        for item in questions(definition)
    ]


def answer_in_words(item: Item, answer) -> str:
    """One answer as its author read it on the form."""
    match answer:
        case None | "" | []:
            return NOT_ANSWERED
        case bool():
            return "Yes" if answer else "No"
        case list():
            return "; ".join(_option(item, code) for code in answer)
        case {"code": code}:
            return _option(item, code)
        case {"text": text}:
            return text
        case str() if item.options:
            return _option(item, answer)
        case str() if item.kind == Kind.DATE:
            day = dt.date.fromisoformat(answer)
            return f"{day.day} {day:%B %Y}"
        case _:
            return str(answer)


def _option(item: Item, code: str) -> str:
    option = item.option(code)
    return option.text if option else code


class Line(NamedTuple):
    """One question over time: the day, the number and the words of each answer."""

    question: Item
    points: list[tuple[dt.date, Decimal, str]]


class _Scale(NamedTuple):
    """A question that is answered by one option of several: its numbers and words by their code."""

    question: Item
    answers: dict[str, tuple[Decimal, str]]

    @property
    def same(self) -> tuple:
        """Equal for questions that go on one line."""
        return self.question.link_id, tuple(option.score for option in self.question.options)


def lines(check_ins: Iterable[CheckIn]) -> list[Line]:
    """Each question that is answered by a number, over time, the earliest first.

    A question is the same in two versions of a questionnaire while its link_id and its scale are.
    The number is that of the option: it is not turned round, so that a line goes up where the
    answer did.
    """
    found: dict[tuple, Line] = {}
    scales: dict[UUID, list[tuple[tuple, _Scale]]] = {}
    for row in sorted(check_ins, key=lambda row: row.finished_at):
        if row.version_id not in scales:
            scales[row.version_id] = [(one.same, one) for one in _scales(row.version.definition)]
        day, given = timezone.localdate(row.finished_at), row.answered
        for same, scale in scales[row.version_id]:
            answer = scale.answers.get(given.get(scale.question.link_id))
            if answer:
                line = found.setdefault(same, Line(scale.question, []))
                line.points.append((day, *answer))
    return list(found.values())


def _scales(definition: Definition) -> list[_Scale]:
    asked = (item for item in questions(definition) if item.kind in {Kind.SCALE, Kind.CHOICE})
    return [_Scale(item, _by_code(item)) for item in asked]


def _by_code(item: Item) -> dict[str, tuple[Decimal, str]]:
    """The number and the words of each option that has a number."""
    scored = (option for option in item.options if option.score is not None)
    return {option.code: (option.score, option.text) for option in scored}
