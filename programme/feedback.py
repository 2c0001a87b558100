"""What staff may read of the feedback on a session, with no database.

Answers are shown together only, from ten people up, and only once no more can come: while a mean
still moved, each new answer could be worked out from it. Where nearly all said the same, the mean
says only *4.5 or more* or *1.5 or less*, because an extreme tells everybody's answer.
"""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

FEWEST_PEOPLE = 10
DAYS_OPEN = 14  # feedback is given on the day of a session and so many days after it
LOWEST_SHOWN, HIGHEST_SHOWN = 1.5, 4.5


class Answer(NamedTuple):
    """One attendee's answers; scores from 1, not at all, to 5, very much."""

    useful: int
    able_to_take_part: int
    comment: str


class Summary(NamedTuple):
    """What is shown of one session; without scores, `why` says why not."""

    why: str = ""
    useful: str = ""
    able_to_take_part: str = ""
    comments: tuple[str, ...] = ()


def is_open(held_on: dt.date, today: dt.date) -> bool:
    """Whether feedback on a session can be given on a day."""
    return held_on <= today <= held_on + dt.timedelta(DAYS_OPEN)


def summary(held_on: dt.date, answers: Sequence[Answer], today: dt.date) -> Summary:
    """The answers about a session as staff may read them on a day."""
    closes = held_on + dt.timedelta(DAYS_OPEN)
    if today <= closes:
        return Summary(why=f"Collected until {closes.day} {closes:%B %Y}")
    if len(answers) < FEWEST_PEOPLE:
        return Summary(why=f"Fewer than {FEWEST_PEOPLE} people answered")
    return Summary(
        useful=_mean([answer.useful for answer in answers]),
        able_to_take_part=_mean([answer.able_to_take_part for answer in answers]),
        comments=tuple(sorted(answer.comment for answer in answers if answer.comment)),
    )


def _mean(scores: Sequence[int]) -> str:
    mean = sum(scores) / len(scores)
    if mean >= HIGHEST_SHOWN:
        return f"{HIGHEST_SHOWN} or more"
    if mean <= LOWEST_SHOWN:
        return f"{LOWEST_SHOWN} or less"
    return f"{mean:.1f}"
