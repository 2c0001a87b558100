"""What answers come to: one value for each scale, or none. Arithmetic only.

Sources: domain.md 4.7. Values are exact; they are rounded where they are shown.
"""

from dataclasses import dataclass
from decimal import Decimal

from questionnaires.definition import (
    Answers,
    Band,
    Definition,
    Item,
    Method,
    Scale,
    kept,
    low_answers,
    questions,
)

NOT_ENOUGH = "Not enough answered"


@dataclass(frozen=True, slots=True)
class Score:
    """The value of one scale; `None` where fewer of its items are answered than it needs."""

    scale: Scale
    value: Decimal | None
    answered: int

    @property
    def band(self) -> Band | None:
        """The first band that holds the value."""
        return next((one for one in self.scale.bands if self._is_in(one)), None)

    @property
    def words(self) -> str:
        """The value with at most two decimal places, or why there is none."""
        if self.value is None:
            return NOT_ENOUGH
        shown = f"{self.value:.2f}"
        return shown.rstrip("0").rstrip(".") if self.scale.method != Method.TABLE else shown

    def _is_in(self, band: Band) -> bool:
        return self.value is not None and band.lowest <= self.value <= band.highest


def scores(definition: Definition, answers: Answers) -> list[Score]:
    """Every scale of a definition. An answer to a question that is not shown is none."""
    asked = {item.link_id: item for item in questions(definition)}
    given = kept(definition, answers)
    found = []
    for scale in definition.scales:
        items = [(asked[link_id], given.get(link_id)) for link_id in scale.items]
        found.append(_score(scale, [(item, item_score(item, code)) for item, code in items]))
    return found


def is_low(definition: Definition, answers: Answers) -> bool:
    """Whether support is offered: for an answer or a score of which the definition says so."""
    in_low_band = (one.band and one.band.low for one in scores(definition, answers))
    return bool(low_answers(definition, answers)) or any(in_low_band)


def item_score(item: Item, answer: object) -> Decimal | None:
    """What one answer scores, in reverse where the item says so; nothing without an answer."""
    code = answer.get("code") if isinstance(answer, dict) else answer
    option = item.option(code)
    if option is None or option.score is None:
        return None
    return reversed_score(item, option.score) if item.reverse else option.score


def reversed_score(item: Item, score: Decimal) -> Decimal:
    """The score as far from the other end: the highest becomes the lowest."""
    lowest, highest = ends(item)
    return lowest + highest - score


def ends(item: Item) -> tuple[Decimal, Decimal]:
    """The lowest and the highest score of an item."""
    found = [option.score for option in item.options if option.score is not None]
    return min(found), max(found)


def _score(scale: Scale, items: list[tuple[Item, Decimal | None]]) -> Score:
    answered = [(item, score) for item, score in items if score is not None]
    if len(answered) < scale.needed:
        return Score(scale, None, len(answered))
    total = sum((score for _, score in answered), Decimal(0))
    match scale.method:
        case Method.SUM:
            value = total
        case Method.MEAN:
            value = total / len(answered)
        case Method.TABLE:
            value = dict(scale.table).get(total)
        case Method.PERCENTAGE:
            lowest = sum(ends(item)[0] for item, _ in answered)
            highest = sum(ends(item)[1] for item, _ in answered)
            value = (total - lowest) * 100 / (highest - lowest)
    return Score(scale, value, len(answered))
