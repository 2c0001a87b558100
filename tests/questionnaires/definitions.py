"""Definitions for tests: one with every kind of item, and any at all."""

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from questionnaires.definition import read
from questionnaires.definition.parts import (
    Band,
    Definition,
    Item,
    Kind,
    Method,
    Option,
    Scale,
)

FREQUENCY = [
    {"code": str(score), "text": text, "score": str(score), "low": score == 0}
    for score, text in enumerate(["Never", "Seldom", "Often"])
]
EVERY_KIND = {
    "title": "Zoë’s day",
    "items": [
        {
            "link_id": "work",
            "text": "Work",
            "kind": "group",
            "items": [
                {"link_id": "words", "text": "About today.", "kind": "display"},
                {"link_id": "calm", "text": "Calm?", "kind": "scale", "options": FREQUENCY},
                {
                    "link_id": "place",
                    "text": "Where?",
                    "kind": "choice",
                    "required": True,
                    "options": [{"code": "ward", "text": "Ward"}, {"code": "home", "text": "Home"}],
                },
                {
                    "link_id": "with",
                    "text": "With whom?",
                    "kind": "choices",
                    "options": [{"code": "a", "text": "Alone"}, {"code": "b", "text": "Others"}],
                },
                {
                    "link_id": "how",
                    "text": "How did you travel?",
                    "kind": "open_choice",
                    "options": [{"code": "bus", "text": "Bus"}],
                },
            ],
        },
        {"link_id": "hours", "text": "Hours", "kind": "integer"},
        {"link_id": "miles", "text": "Miles", "kind": "decimal"},
        {"link_id": "again", "text": "Again?", "kind": "boolean"},
        {
            "link_id": "why",
            "text": "Why not?",
            "kind": "long_text",
            "required": True,
            "max_length": 40,
            "conditions": [{"question": "again", "operator": "=", "answer": False}],
        },
        {"link_id": "name", "text": "Name", "kind": "short_text"},
        {"link_id": "day", "text": "Day", "kind": "date"},
    ],
    "scales": [{"key": "calm", "name": "Calm", "items": ["calm"], "method": "sum", "needed": 1}],
}


def every_kind() -> Definition:
    return read(EVERY_KIND)


def asking(*items: dict) -> Definition:
    """A definition of these items; what is left out of an item is dull."""
    dull = {"text": "Question", "kind": "boolean"}
    return read({"title": "Title", "items": [dull | item for item in items]})


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda text: text == " ".join(text.split())
)
numbers = st.decimals(-1000, 1000, places=2)


@st.composite
def definitions(draw) -> Definition:
    """Any definition: some questions in groups, some answered from a list, some scored."""
    link_ids = draw(st.lists(words, min_size=1, max_size=5, unique=True))
    items = [draw(_items(link_id)) for link_id in link_ids]
    scored = [item for item in items if item.kind == Kind.SCALE]
    scales = [_scale(item, draw(numbers)) for item in scored]
    if draw(st.booleans()):
        items = [Item(f"{link_ids[0]}-group", draw(words), Kind.GROUP, items=tuple(items))]
    return Definition(
        draw(words), draw(words), tuple(items), tuple(scales), validated=draw(st.booleans())
    )


@st.composite
def _items(draw, link_id: str) -> Item:
    kind = draw(st.sampled_from([Kind.SCALE, Kind.CHOICES, Kind.DATE, Kind.SHORT_TEXT]))
    codes = draw(st.lists(words, min_size=1, max_size=4, unique=True))
    options = tuple(
        Option(code, draw(words), draw(numbers), low=draw(st.booleans())) for code in codes
    )
    listed = kind in {Kind.SCALE, Kind.CHOICES}
    return Item(
        link_id,
        draw(words),
        kind,
        hint=draw(st.just("") | words),
        required=draw(st.booleans()),
        max_length=draw(st.none() | st.integers(1, 99)) if kind == Kind.SHORT_TEXT else None,
        options=options if listed else (),
        low_anchor=draw(words) if kind == Kind.SCALE else "",
        reverse=listed and draw(st.booleans()),
        slot=draw(st.booleans()),
    )


def _scale(item: Item, number: Decimal) -> Scale:
    band = Band("Band", number, number + 1, low=True)
    return Scale(item.link_id, item.text, (item.link_id,), Method.MEAN, 1, bands=(band,))


ANSWERS = {
    "calm": "2",
    "place": "ward",
    "with": ["a", "b"],
    "how": {"text": "on foot"},
    "hours": 7,
    "miles": "2.50",
    "again": False,
    "why": "Łukasz\nsaid so",
    "name": "王",
    "day": dt.date(2026, 3, 27).isoformat(),
}
