"""Group results: what may be said of what many people answered, so that nothing tells of one.

The rules, on top of those of `programme.disclosure` for counts (domain.md 4.5, reliability.md 2.5):

1. A mean rests on the answers of at least ten people to that very question (a setting, never below
   five), and only on check-ins that their authors put in.
2. It is written to the nearest eighth of the range of the answers, and its two ends are written as
   *or less* and *or more*: were it exact, ten people whose mean is 5.0 of 5 would all be known, and
   a mean of 4.9 would tell nine of them who the tenth is.
3. Counts are written to the nearest five.
4. Results are by month, worked out once, after it is over; they do not follow who comes and goes.
5. The cuts are fixed: everybody; and each site, where every site has enough people, for a site left
   out would be the difference between everybody and the others. The same holds for each question.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from programme.disclosure import DEFAULT, Rule

STEPS = 8  # parts of the range that a mean is written to

type Scores = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Mean:
    """What is written of the answers to one question.

    Attributes:
        people: who answered it, to the nearest five.
        value: the mean, to the nearest eighth of the range.
        end: whether it is the lowest or the highest that is ever written: -1, 1, or 0 for neither.
    """

    people: int
    value: Fraction
    end: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What is written of one cut in one month; no means where too few people are behind it."""

    people: int | None
    means: Mapping[str, Mean]


NOTHING = Result(None, {})


def mean_of(
    values: Sequence[Fraction], *, lowest: Fraction, highest: Fraction, rule: Rule = DEFAULT
) -> Mean | None:
    """The mean of one answer from each of some people; none where they are too few.

    Raises:
        ValueError: a value beyond the range, or no range.
    """
    if highest <= lowest or any(not lowest <= value <= highest for value in values):
        raise ValueError("Answers lie in a range.")
    if len(values) < rule.smallest_base:
        return None
    step = Fraction(highest - lowest, STEPS)
    steps = round((sum(values) / len(values) - lowest) / step)
    kept = min(max(steps, 1), STEPS - 1)
    end = (kept == STEPS - 1) - (kept == 1)
    return Mean(rule.rounded(len(values)), lowest + kept * step, end)


def result_of(
    people: Sequence[Scores],
    ranges: Mapping[str, tuple[Fraction, Fraction]],
    *,
    rule: Rule = DEFAULT,
) -> Result:
    """What is written of one cut.

    Args:
        people: the answers of each person, as numbers by question; without what is not answered.
        ranges: the lowest and the highest answer to each question that has a mean.
    """
    if len(people) < rule.smallest_base:
        return NOTHING
    found = {}
    for question, (lowest, highest) in ranges.items():
        values = [scores[question] for scores in people if question in scores]
        if mean := mean_of(values, lowest=lowest, highest=highest, rule=rule):
            found[question] = mean
    return Result(rule.rounded(len(people)), found)


def results_by[Cut: Hashable](
    people: Sequence[tuple[Cut, Scores]],
    ranges: Mapping[str, tuple[Fraction, Fraction]],
    *,
    rule: Rule = DEFAULT,
) -> dict[Cut, Result]:
    """What is written of each site: of all of them, or of none where one has too few people or
    somebody has none; and of each question likewise, of every site or of none.

    Where there is one site only, everybody's result says the same.
    """
    cuts: dict[Cut, list[Scores]] = {}
    for cut, scores in people:
        cuts.setdefault(cut, []).append(scores)
    if (
        len(cuts) < 2
        or None in cuts
        or any(len(listed) < rule.smallest_base for listed in cuts.values())
    ):
        return {}
    found = {cut: result_of(listed, ranges, rule=rule) for cut, listed in cuts.items()}
    of_all = {
        question for question in ranges if all(question in one.means for one in found.values())
    }
    return {
        cut: Result(one.people, {question: one.means[question] for question in of_all})
        for cut, one in found.items()
    }
