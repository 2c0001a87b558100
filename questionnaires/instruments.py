"""Scoring of known instruments, without their words.

Their questions and answers are copyright, or must be used in an exact wording: each is a slot with
a neutral name, to be filled in by a trust that may use the instrument. Sources: domain.md 4.7 for
the scoring, 6.1 for what each may be used for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from questionnaires.definition import Band, Definition, Item, Kind, Method, Option, Scale

# What a sum of 7 to 35 becomes.
SWEMWBS = (
    *("7.00", "9.51", "11.25", "12.40", "13.33", "14.08", "14.75", "15.32"),
    *("15.84", "16.36", "16.88", "17.43", "17.98", "18.59", "19.25", "19.98"),
    *("20.73", "21.54", "22.35", "23.21", "24.11", "25.03", "26.02", "27.03"),
    *("28.13", "29.31", "30.70", "32.55", "35.00"),
)
# The numbers of the items of each scale of ProQOL 5, and of those scored in reverse.
PROQOL = {
    "satisfaction": ("Compassion satisfaction", (3, 6, 12, 16, 18, 20, 22, 24, 27, 30)),
    "burnout": ("Burnout", (1, 4, 8, 10, 15, 17, 19, 21, 26, 29)),
    "trauma": ("Secondary traumatic stress", (2, 5, 7, 9, 11, 13, 14, 23, 25, 28)),
}
PROQOL_REVERSED = {1, 4, 15, 17, 29}


@dataclass(frozen=True, slots=True)
class Instrument:
    """One instrument that can be scored here: `key` is that of the questionnaire it becomes."""

    key: str
    definition: Definition


def neutral_answer(place: int) -> str:
    """What stands in place of the words of an answer, counted from 1."""
    return f"Answer {place}"


def _slot(link_id: str, text: str, scores: Sequence[int], *, reverse: bool = False) -> Item:
    options = tuple(
        Option(str(score), neutral_answer(place), Decimal(score))
        for place, score in enumerate(scores, start=1)
    )
    return Item(link_id, text, Kind.SCALE, options=options, reverse=reverse, slot=True)


def _slots(count: int, scores: Sequence[int], *, within: str = "", start: int = 1) -> list[Item]:
    prefix = f"{within}-" if within else ""
    return [
        _slot(f"{prefix}{number}", f"Item {number}", scores)
        for number in range(start, start + count)
    ]


def _band(name: str, lowest: int, highest: int, *, low: bool = False) -> Band:
    return Band(name, Decimal(lowest), Decimal(highest), low)


def _all_of(items: Sequence[Item], key: str, name: str, method: Method, **more) -> Scale:
    """A scale that needs every one of its items."""
    return Scale(key, name, tuple(one.link_id for one in items), method, len(items), **more)


def _who_5() -> Definition:
    items = _slots(5, range(5, -1, -1))
    bands = (_band("A closer look is usual", 0, 50, low=True), _band("Above 50", 51, 100))
    return Definition(
        title="WHO-5 Well-Being Index",
        items=tuple(items),
        scales=(_all_of(items, "who-5", "WHO-5", Method.PERCENTAGE, bands=bands),),
        licence=(
            "Free to use in its exact wording; an altered version must say that it is one. The "
            "issue of 2024 may not be for commercial use: check before you load the items."
        ),
        credit="World Health Organization, WHO-5 Well-Being Index.",
        validated=True,
    )


def _wemwbs(count: int, title: str, **scale) -> Definition:
    items = _slots(count, range(1, 6))
    return Definition(
        title=title,
        items=tuple(items),
        scales=(_all_of(items, "well-being", "Well-being", **scale),),
        licence=(
            "Register with the University of Warwick before you use it: free of charge for public "
            "and not-for-profit bodies. The wording may not be altered."
        ),
        credit=(
            f"{title} © NHS Health Scotland, University of Warwick and University of Edinburgh. "
            "Put the credit line of your licence here."
        ),
        validated=True,
    )


def _swemwbs() -> Definition:
    table = tuple((Decimal(raw), Decimal(value)) for raw, value in enumerate(SWEMWBS, start=7))
    title = "Short Warwick–Edinburgh Mental Wellbeing Scale (SWEMWBS)"
    return _wemwbs(7, title, method=Method.TABLE, table=table)


def _cbi() -> Definition:
    scores = range(100, -1, -25)
    personal = _slots(6, scores, within="personal")
    work = _slots(6, scores, within="work")
    work.append(_slot("work-7", "Item 7: energy for family and friends", scores, reverse=True))
    client = _slots(6, scores, within="client")
    parts = [
        ("personal", "Personal burnout", personal, 3),
        ("work", "Work-related burnout", work, 4),
        ("client", "Client-related burnout", client, 3),
    ]
    return Definition(
        title="Copenhagen Burnout Inventory",
        description=(
            "Three scales and no total; high is burnt out. How few answers to the client scale are "
            "too few is not confirmed: three are asked for here, as for the personal one."
        ),
        items=tuple(
            Item(f"part-{key}", name, Kind.GROUP, items=tuple(items))
            for key, name, items, _ in parts
        ),
        scales=tuple(
            Scale(key, name, tuple(item.link_id for item in items), Method.MEAN, needed)
            for key, name, items, needed in parts
        ),
        licence="Described as free to use; an official statement of its licence was not found.",
        credit="Kristensen, Borritz, Villadsen, Christensen (2005), Work & Stress 19(3), 192–207.",
        validated=True,
    )


def _proqol() -> Definition:
    items = [
        _slot(f"{number}", f"Item {number}", range(1, 6), reverse=number in PROQOL_REVERSED)
        for number in range(1, 31)
    ]
    bands = (_band("Low", 10, 22), _band("Average", 23, 41), _band("High", 42, 50))
    return Definition(
        title="Professional Quality of Life Scale (ProQOL 5)",
        description="Sums as they are, not T-scores. The bands are not confirmed by the manual.",
        items=tuple(items),
        scales=tuple(
            _all_of([items[number - 1] for number in numbers], key, name, Method.SUM, bands=bands)
            for key, (name, numbers) in PROQOL.items()
        ),
        licence="May be copied unchanged, with credit to its author, and may not be sold.",
        credit="B. Hudnall Stamm, 2009. Professional Quality of Life (ProQOL), version 5.",
        validated=True,
    )


def _ons4() -> Definition:
    names = ["Life satisfaction", "Worthwhile", "Happiness", "Anxiety"]
    items = [
        _slot(f"{number}", f"Item {number}: {name.lower()}", range(11))
        for number, name in enumerate(names, start=1)
    ]
    return Definition(
        title="Personal well-being (ONS4)",
        description="Four answers, each on its own: they are never added up.",
        items=tuple(items),
        scales=tuple(
            _all_of([item], name.lower().replace(" ", "-"), name, Method.SUM)
            for item, name in zip(items, names, strict=True)
        ),
        licence="A harmonised standard of the Government Statistical Service, for use in surveys.",
        credit="Office for National Statistics, personal well-being questions.",
        validated=True,
    )


INSTRUMENTS = {
    one.key: one
    for one in (
        Instrument("who-5", _who_5()),
        Instrument("swemwbs", _swemwbs()),
        Instrument(
            "wemwbs",
            _wemwbs(14, "Warwick–Edinburgh Mental Wellbeing Scale (WEMWBS)", method=Method.SUM),
        ),
        Instrument("cbi", _cbi()),
        Instrument("proqol-5", _proqol()),
        Instrument("ons4", _ons4()),
    )
}
