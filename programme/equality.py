"""What applicants answered about equality: totals over the whole programme, and never more.

The answers belong to nobody (docs/decisions/0014), so they cannot be followed from stage to stage.
They are shown in published mode only, whoever reads them: all questions as one table, for each has
the same total; from the end of the quarter in which they were given; and a quarter's answers
together with those of the next ones until they are of ten people, so that no two tables differ by
fewer.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from programme.disclosure import TOTAL, Rule, publish
from programme.disclosure_audit import Sum
from programme.forms.apply import EQUALITY, choices_of
from programme.models import EqualityAnswers
from programme.numbers import last_quarter_end

NO_ANSWER = "No answer"

type Given = Mapping[str, str]  # the question's name, and what was answered


class Row(NamedTuple):
    """One answer: about how many people gave it, and their share; none where that is hidden."""

    answer: str
    people: int | None
    share: float | None


class Question(NamedTuple):
    words: str
    rows: list[Row]


class Figures(NamedTuple):
    """What may be shown of the answers up to a day; no questions where they are of too few."""

    as_at: dt.date
    people: int | None
    questions: list[Question]


def equality_figures(today: dt.date, rule: Rule) -> Figures:
    """The figures as they are all through the quarter of a day."""
    as_at = last_quarter_end(today - dt.timedelta(days=1))
    quarters: dict[dt.date, list[Given]] = {}
    for row in EqualityAnswers.objects.filter(quarter__lte=as_at).iterator():
        quarters.setdefault(row.quarter, []).append(json.loads(row.answers))
    people, questions = published_answers(released(quarters, rule), rule)
    return Figures(as_at, people, questions)


def released(quarters: Mapping[dt.date, list[Given]], rule: Rule) -> list[Given]:
    """The answers of those quarters that, from the first on, make up groups of enough people."""
    out: list[Given] = []
    waiting: list[Given] = []
    for quarter in sorted(quarters):
        waiting += quarters[quarter]
        if len(waiting) >= rule.smallest_base:
            out, waiting = out + waiting, []
    return out


def published_answers(given: Iterable[Given], rule: Rule) -> tuple[int | None, list[Question]]:
    """How many people answered, and each question with its answers, as they may be published."""
    given = list(given)
    if len(given) < rule.smallest_base:
        return None, []
    answers = {name: _counted(name, given) for name in EQUALITY}
    counts: dict = {TOTAL: len(given)}
    sums = []
    for name, found in answers.items():
        counts |= {(name, answer): number for answer, number in found.items()}
        sums.append(Sum(TOTAL, tuple((name, answer) for answer in found), printed=True))
    shown = publish(counts, sums, rule=rule)
    questions = [
        Question(
            EQUALITY[name][0],
            [
                Row(answer, shown[name, answer], shown.share((name, answer), TOTAL))
                for answer in found
            ],
        )
        for name, found in answers.items()
    ]
    return shown[TOTAL], questions


def _counted(name: str, given: list[Given]) -> dict[str, int]:
    """How often each answer to a question was given, in the words and the order of the form; no
    answer last. Ethnic groups are put together as the form heads them: *White*, *Mixed*, …"""
    labels = {value: _group(label) for value, label in choices_of(EQUALITY[name][1])}
    found = Counter(labels.get(one[name], one[name]) if name in one else NO_ANSWER for one in given)
    order = dict.fromkeys([*labels.values(), *sorted(found.keys() - {NO_ANSWER}), NO_ANSWER])
    return {answer: found[answer] for answer in order}


def _group(label: str) -> str:
    return label.partition(":")[0]
