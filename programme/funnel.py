"""From application to two years in post: how many people reached each stage, with no database.

Nobody has to have come by every stage: a hire may have no cohort. So each stage counts all its
people, and each share is over the people of an earlier stage, which the share names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

STAGES = ("applied", "commenced", "completed", "employed", "in_post_24_months")


class Training(NamedTuple):
    """What one person had done in training by a day."""

    applied: bool = False
    commenced: bool = False
    completed: bool = False


class Employment(NamedTuple):
    """What one employed person had done by a day. `could_reach_24_months`: their first post
    began at least 24 months before."""

    commenced: bool = False
    completed: bool = False
    could_reach_24_months: bool = False
    in_post_24_months: bool = False


class Part(NamedTuple):
    """Some of a whole number of people; `share` is `None` where the whole is nobody."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Stage:
    """One stage: its people, and which part they are of the stage before and of those who
    commenced. For the last stage the one before counts only people who could have reached it."""

    stage: str
    people: int
    of_previous: Part | None
    of_commenced: Part | None


def funnel(training: Mapping[Training, int], employed: Mapping[Employment, int]) -> list[Stage]:
    """The five stages, from how many people did what in training and, apart from that, how many
    of the employed did what."""
    commenced = _people(training, "commenced")
    completed = _people(training, "completed")
    in_post = _people(employed, "in_post_24_months")
    return [
        Stage("applied", _people(training, "applied"), None, None),
        Stage(
            "commenced",
            commenced,
            Part(_people(training, "applied", "commenced"), _people(training, "applied")),
            Part(commenced, commenced),
        ),
        Stage(
            "completed",
            completed,
            Part(_people(training, "commenced", "completed"), commenced),
            Part(_people(training, "commenced", "completed"), commenced),
        ),
        Stage(
            "employed",
            _people(employed),
            Part(_people(employed, "completed"), completed),
            Part(_people(employed, "commenced"), commenced),
        ),
        Stage(
            "in_post_24_months",
            in_post,
            Part(in_post, _people(employed, "could_reach_24_months")),
            Part(_people(employed, "commenced", "in_post_24_months"), commenced),
        ),
    ]


def employed_without_training(employed: Mapping[Employment, int]) -> int:
    """How many of the employed did not commence training in this programme."""
    return _people(employed) - _people(employed, "commenced")


def _people(rows: Mapping[Training, int] | Mapping[Employment, int], *reached: str) -> int:
    """How many people reached all of these."""
    return sum(
        number for row, number in rows.items() if all(getattr(row, name) for name in reached)
    )
