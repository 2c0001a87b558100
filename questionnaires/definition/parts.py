"""The parts of a questionnaire. They hold no more than what was read and checked."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

# Of one question: an option's code; several codes; `{"code": …}` or `{"text": …}`; a whole number;
# a decimal number as text; yes or no; text; a date as ISO text. Unanswered: no key.
type Answer = str | int | bool | list[str] | dict[str, str]
type Answers = dict[str, Answer]  # by link_id


class Kind(StrEnum):
    """What an item is: a group, words to read, or a question and how it is answered."""

    GROUP = "group"
    DISPLAY = "display"
    SCALE = "scale"
    CHOICE = "choice"
    CHOICES = "choices"  # several
    OPEN_CHOICE = "open_choice"  # one, or words of one's own
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    DATE = "date"


TEXTS = frozenset({Kind.SHORT_TEXT, Kind.LONG_TEXT})
ANSWERED_FROM_LIST = frozenset({Kind.SCALE, Kind.CHOICE, Kind.CHOICES, Kind.OPEN_CHOICE})


class Operator(StrEnum):
    """How a condition compares, as FHIR writes it."""

    EXISTS = "exists"
    EQUAL = "="
    UNEQUAL = "!="
    ABOVE = ">"
    BELOW = "<"
    AT_LEAST = ">="
    AT_MOST = "<="


class Method(StrEnum):
    """How a scale makes one value of the scores of its items."""

    SUM = "sum"
    MEAN = "mean"
    PERCENTAGE = "percentage"  # of what is possible: the lowest 0, the highest 100
    TABLE = "table"  # the sum, converted


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. After an answer that is `low`, support is offered.

    `system` is that of the code, where a file named one.
    """

    code: str
    text: str
    score: Decimal | None = None
    low: bool = False
    system: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """When an item is shown: what was answered to another question.

    `answer` is `True` or `False` for `exists`; otherwise of the kind that the question takes.
    """

    question: str  # its link_id
    operator: Operator
    answer: str | int | bool


@dataclass(frozen=True, slots=True)
class Item:
    """A group, words to read, or a question; `items` are those within it, or after it.

    A `slot` has neutral words in place of those of an instrument that are not ours to give out:
    nothing with one is published.
    """

    link_id: str
    text: str
    kind: Kind
    hint: str = ""
    required: bool = False
    max_length: int | None = None
    options: tuple[Option, ...] = ()
    low_anchor: str = ""
    high_anchor: str = ""
    reverse: bool = False
    conditions: tuple[Condition, ...] = ()
    any_condition: bool = False  # one is enough; otherwise all must hold
    slot: bool = False
    items: tuple["Item", ...] = ()

    @property
    def is_question(self) -> bool:
        return self.kind not in {Kind.GROUP, Kind.DISPLAY}

    @property
    def labels(self) -> list[str]:
        """The words of each option; those at the two ends of a scale with what they mean."""
        texts = [option.text for option in self.options]
        for place, anchor in ((0, self.low_anchor), (-1, self.high_anchor)):
            if anchor and anchor != texts[place]:
                texts[place] = f"{texts[place]} – {anchor}"
        return texts

    def option(self, code: object) -> Option | None:
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True, slots=True)
class Band:
    """A named range of a scale's values, both ends in it; support is offered in a `low` one."""

    name: str
    lowest: Decimal
    highest: Decimal
    low: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """One value of several items. With fewer than `needed` of them answered there is none."""

    key: str
    name: str
    items: tuple[str, ...]
    method: Method
    needed: int
    table: tuple[tuple[Decimal, Decimal], ...] = ()  # the sum and what it becomes
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole questionnaire. `url` and `version` are those of where it came from."""

    title: str
    description: str = ""
    items: tuple[Item, ...] = ()
    scales: tuple[Scale, ...] = ()
    licence: str = ""
    credit: str = ""
    validated: bool = False
    url: str = ""
    version: str = ""
