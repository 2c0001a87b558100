"""Planning's answer as sentences, a table, a picture and the rows of a file."""

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from design.charts import Table
from design.range_charts import Spread, range_chart
from programme.planning import Evidence, Forecast, Range, forecast, too_little

SEED = 20140428  # any number does; the same question has the same answer each time
ROWS = 12  # of the table, about
MOST_STARTERS = 50_000  # of the table and the picture; needing more is said in words
COLUMNS = [
    "starters",
    "in_post",
    "low_80",
    "high_80",
    "low_95",
    "high_95",
    "chance_of_reaching",
]


@dataclass(frozen=True)
class Row:
    """What so many starters lead to, and the share of futures in which it is enough."""

    starters: int
    in_post: Range
    chance: float


@dataclass(frozen=True)
class Plan:
    """A question and its answer; `reasons` stand instead of numbers where data are too little."""

    people: int
    on: dt.date
    start: dt.date
    known: Evidence
    reasons: list[str]
    already: Range | None = None
    needed: Range | None = None
    rows: tuple[Row, ...] = ()


def plan(known: Evidence, *, people: int, on: dt.date, start: dt.date) -> Plan:
    """Works a question out."""
    reasons = too_little(known, on=on, start=start)
    if reasons:
        return Plan(people, on, start, known, reasons)
    made = forecast(known, on=on, start=start, rng=np.random.default_rng(SEED))
    already, needed = made.already_in_post(), made.starters_needed(people)
    return Plan(people, on, start, known, [], already, needed, _rows(made, needed, people))


def _rows(made: Forecast, needed: Range, people: int) -> tuple[Row, ...]:
    """Round numbers of starters up to more than enough, and the answer itself."""
    top = max(min(needed.high_95, MOST_STARTERS), 10)
    step = _round_step(top / ROWS)
    numbers = {number * step for number in range(math.ceil(top / step) + 1)}
    numbers |= {int(needed.middle)} if needed.middle <= MOST_STARTERS else set()
    ordered = sorted(numbers)
    found = made.in_post_with(ordered, at_least=people)
    return tuple(Row(number, *row) for number, row in zip(ordered, found, strict=True))


def _round_step(about: float) -> int:
    size = 10 ** max(math.floor(math.log10(about)), 0)
    return next(size * step for step in (1, 2, 5, 10) if size * step >= about)


# --- In words -------------------------------------------------------------------------------------


def day_in_words(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def people_in_words(number: float) -> str:
    return "1 person" if number == 1 else f"{number:,.0f} people"


def between(low: float, high: float) -> str:
    """A range in words: *from 12 to 40*, *12*, or *12 or more* where it has no end."""
    if math.isinf(low):
        return "more than can be said"
    if math.isinf(high):
        return f"{low:,.0f} or more"
    return f"{low:,.0f}" if low == high else f"from {low:,.0f} to {high:,.0f}"


def answer(asked: Plan) -> str:
    """The answer in one sentence."""
    middle = asked.needed.middle
    wanted = f"{people_in_words(asked.people)} in post on {day_in_words(asked.on)}"
    if middle == 0:
        return f"To have {wanted}, as likely as not nobody would need to start."
    if middle > MOST_STARTERS:
        return (
            f"To have {wanted}, more than {MOST_STARTERS:,} people would need to start on "
            f"{day_in_words(asked.start)}: too few of them could be in post by then."
        )
    return (
        f"To have {wanted}, about {people_in_words(middle)} would need to start training on "
        f"{day_in_words(asked.start)}."
    )


def sentences(asked: Plan) -> list[str]:
    """What stands below the answer: how sure it is, and what happens without starters."""
    needed, already = asked.needed, asked.already
    said = [
        (
            f"The 80% range is {between(needed.low_80, needed.high_80)}, the 95% range "
            f"{between(needed.low_95, needed.high_95)}."
        ),
        (
            f"If nobody starts, about {already.middle:,.0f} of the people in post or on their way "
            f"now will be in post on that day (80% range "
            f"{between(already.low_80, already.high_80)})."
        ),
    ]
    if needed.middle > 0 and needed.high_80 <= MOST_STARTERS:
        said.insert(
            1,
            f"With {needed.middle:,.0f} it is as likely as not. To be fairly sure (nine times in "
            f"ten), plan for {needed.high_80:,.0f}.",
        )
    return said


def known_in_words(asked: Plan) -> list[tuple[str, str]]:
    """The records that the answer rests on."""
    known = asked.known
    coming = len(known.joining) + sum(group.people for group in known.coming)
    return [
        ("Completed training", f"{known.completed:,} of {known.settled:,} settled starters"),
        ("Employed", f"{known.employed:,} of {known.ready:,} who completed long enough ago"),
        ("Usual time from start to first day in post", _usual_wait(known)),
        (
            "Followed in post",
            (
                f"{known.exposure.sum() / 12:,.1f} years added together, in which "
                f"{known.left.sum():,.0f} left"
            ),
        ),
        (
            "In post now",
            f"{people_in_words(sum(known.in_post.values()))} not known to leave by then",
        ),
        (
            "On their way now",
            (f"{people_in_words(coming)} in training, completed or with a first day to come"),
        ),
    ]


def _usual_wait(known: Evidence) -> str:
    return f"{np.median(known.waits):,.0f} days" if known.waits else "Not known"


# --- Table, picture, files ------------------------------------------------------------------------


def table(asked: Plan) -> Table:
    return Table(
        f"People in post on {day_in_words(asked.on)}, by how many start on "
        f"{day_in_words(asked.start)}",
        ("Starters", "In post", "80% range", "95% range", f"Chance of at least {asked.people:,}"),
        [
            (
                f"{row.starters:,}",
                f"{row.in_post.middle:,.0f}",
                between(row.in_post.low_80, row.in_post.high_80),
                between(row.in_post.low_95, row.in_post.high_95),
                chance_in_words(row.chance),
            )
            for row in asked.rows
        ],
    )


def chance_in_words(share: float) -> str:
    """A chance in whole per cent; a drawn share never proves that something is sure."""
    if share < 0.01:
        return "under 1%"
    return "over 99%" if share > 0.99 else f"{share:.0%}"


def title(asked: Plan) -> str:
    return f"People in post on {day_in_words(asked.on)}"


def alt(asked: Plan) -> str:
    first, last = asked.rows[0], asked.rows[-1]
    return (
        f"A line rising from {first.in_post.middle:,.0f} in post with no starters to "
        f"{last.in_post.middle:,.0f} with {last.starters:,}, with its 80% and 95% ranges as bands, "
        f"and a rule at {asked.people:,}. The table gives its numbers."
    )


def picture(asked: Plan) -> str:
    """The picture as SVG text."""
    spreads = [Spread(row.starters, *row.in_post) for row in asked.rows]
    return range_chart(
        spreads,
        title=title(asked),
        x_title=f"People who start training on {day_in_words(asked.start)}",
        y_title="In post",
        wanted=asked.people,
        wanted_words=f"{asked.people:,} wanted",
    )


def numbers(asked: Plan) -> dict:
    """The answer as JSON carries it; `null` where a range has no end or data are too little."""
    known = asked.known
    return {
        "people": asked.people,
        "on": asked.on.isoformat(),
        "start": asked.start.isoformat(),
        "too_little": asked.reasons,
        "starters_needed": _as_json(asked.needed),
        "in_post_without_starters": _as_json(asked.already),
        "rows": [dict(zip(COLUMNS, row, strict=True)) for row in file_rows(asked)],
        "evidence": {
            "settled": known.settled,
            "completed": known.completed,
            "ready": known.ready,
            "employed": known.employed,
            "person_months": round(float(known.exposure.sum()), 1),
            "left": int(known.left.sum()),
        },
    }


def _as_json(said: Range | None) -> dict | None:
    if said is None:
        return None
    return {
        name: None if math.isinf(value) else int(value) for name, value in said._asdict().items()
    }


def file_rows(asked: Plan) -> Iterator[list]:
    """The table as rows of `COLUMNS`."""
    for row in asked.rows:
        said = (row.in_post.middle, row.in_post.low_80, row.in_post.high_80)
        wide = (row.in_post.low_95, row.in_post.high_95)
        yield [row.starters, *map(int, said + wide), round(row.chance, 3)]
