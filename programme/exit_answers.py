"""What leavers let be counted of their exit interviews, as totals that tell of nobody.

A question is shown when ten or more answered it and each of its numbers may be published, rounded
to five (`programme.disclosure`). The answers are of all the sites that
somebody may see and are never filtered: the difference of two filters would tell of one person.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from programme.disclosure import DEFAULT, publish_line
from programme.models import Answer

QUESTIONS = {
    "supported": "Felt supported in the role",
    "recommends": "Would recommend the role",
    "would_return": "Would come back",
}


class Question(NamedTuple):
    """A question with how many answered so, about; no counts where they would tell too much."""

    words: str
    counts: list[tuple[str, int]]


def totals(answers: Iterable[dict[str, str]]) -> list[Question]:
    """The questions over released answers, each a mapping of question to answer."""
    answers = list(answers)
    return [_question(name, words, answers) for name, words in QUESTIONS.items()]


def _question(name: str, words: str, answers: list[dict[str, str]]) -> Question:
    given = Counter(answer[name] for answer in answers if answer[name])
    shown = publish_line({answer.value: given[answer.value] for answer in Answer})
    if given.total() < DEFAULT.smallest_base or None in (shown[answer.value] for answer in Answer):
        return Question(words, [])
    return Question(words, [(answer.label, shown[answer.value]) for answer in Answer])
