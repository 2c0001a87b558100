"""What no part of a definition shows by itself: names used twice, circles, loose ends."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from questionnaires.definition.document import BadDefinition, Node
from questionnaires.definition.parts import (
    ANSWERED_FROM_LIST,
    Condition,
    Definition,
    Item,
    Kind,
    Method,
    Operator,
    Scale,
)
from questionnaires.definition.showing import dependencies, everything

ORDERED = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.DATE})
TYPES = {Kind.INTEGER: int, Kind.BOOLEAN: bool}  # of all others text


def check(definition: Definition, *, most_items: int) -> None:
    """Make sure that the parts of a definition fit together.

    Raises:
        BadDefinition: they do not.
    """
    listed = list(everything(definition.items))
    if not any(item.is_question for item in listed):
        raise BadDefinition("items", "There is no question.")
    if len(listed) > most_items:
        raise BadDefinition("items", f"There are more than {most_items:,} items.")
    _once([item.link_id for item in listed], "link_id", "Two items have this link_id.")
    _once([scale.key for scale in definition.scales], "scale", "Two scales have this key.")
    items = {item.link_id: item for item in listed}
    for item in listed:
        codes = [option.code for option in item.options]
        _once(codes, f"{_at(item)} option", "Two options have this code.")
        for condition in item.conditions:
            _check_condition(item, condition, items.get(condition.question))
    _check_for_circles(definition)
    for scale in definition.scales:
        _check_scale(scale, items)


def _at(item: Item) -> str:
    return f"item “{item.link_id}”"


def _once(names: list[str], what: str, reason: str) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise BadDefinition(f"{what} “{name}”", reason)


def _check_condition(item: Item, condition: Condition, asked: Item | None) -> None:
    place, answer = f"condition of {_at(item)}", condition.answer
    if asked is None or not asked.is_question:
        raise BadDefinition(place, f"There is no question “{condition.question}”.")
    if condition.operator == Operator.EXISTS:
        if not isinstance(answer, bool):
            raise BadDefinition(place, "“exists” compares with true or false.")
        return
    if condition.operator not in {Operator.EQUAL, Operator.UNEQUAL} and asked.kind not in ORDERED:
        raise BadDefinition(place, f"Answers to “{asked.link_id}” have no order.")
    if type(answer) is not TYPES.get(asked.kind, str):
        raise BadDefinition(place, f"“{asked.link_id}” is never answered with “{answer}”.")
    if asked.kind in ANSWERED_FROM_LIST and asked.option(answer) is None:
        raise BadDefinition(place, f"“{asked.link_id}” has no option “{answer}”.")
    if asked.kind == Kind.DECIMAL:
        Node(answer, place).as_number()
    if asked.kind == Kind.DATE:
        _check_date(answer, place)


def _check_date(text: str, place: str) -> None:
    try:
        written = dt.date.fromisoformat(text).isoformat()
    except ValueError:
        written = ""
    if written != text:
        raise BadDefinition(place, f"“{text}” is no date, like 2026-03-27.")


def _check_for_circles(definition: Definition) -> None:
    try:
        TopologicalSorter(dependencies(definition)).prepare()
    except CycleError as error:
        around = error.args[1]
        raise BadDefinition(
            f"conditions of item “{around[0]}”",
            f"They go round in a circle: {' → '.join(around[:10])}.",
        ) from None


def _check_scale(scale: Scale, items: dict[str, Item]) -> None:
    place = f"scale “{scale.key}”"
    _once(list(scale.items), f"{place} item", "It is in this scale twice.")
    for link_id in scale.items:
        item = items.get(link_id)
        if item is None or not item.options or item.kind == Kind.CHOICES:
            raise BadDefinition(place, f"“{link_id}” is no question with one answer of a list.")
        if any(option.score is None for option in item.options):
            raise BadDefinition(place, f"An option of “{link_id}” has no score.")
        if scale.method == Method.PERCENTAGE and len(set(_scores(item))) == 1:
            raise BadDefinition(place, f"Every option of “{link_id}” scores the same.")
    if not 1 <= scale.needed <= len(scale.items):
        raise BadDefinition(place, "“needed” must be from 1 to the number of its items.")
    if scale.method in {Method.SUM, Method.TABLE} and scale.needed < len(scale.items):
        raise BadDefinition(place, "A sum needs an answer to each of its items.")
    if bool(scale.table) != (scale.method == Method.TABLE):
        raise BadDefinition(place, "A table belongs to the method “table”, and is needed there.")
    _once([str(raw) for raw, _ in scale.table], f"{place} table", "It converts this sum twice.")
    _check_table(scale, [items[link_id] for link_id in scale.items], place)
    _check_bands(scale, place)


def _check_table(scale: Scale, items: list[Item], place: str) -> None:
    """Every whole sum that can be reached must be converted."""
    if scale.method != Method.TABLE:
        return
    lowest = sum(min(_scores(item)) for item in items)
    highest = sum(max(_scores(item)) for item in items)
    found = {raw for raw, _ in scale.table}
    if len(found) < highest - lowest:
        raise BadDefinition(place, f"The table must convert each sum from {lowest} to {highest}.")
    for raw in range(int(lowest), int(highest) + 1):
        if raw not in found:
            raise BadDefinition(place, f"The table does not convert the sum {raw}.")


def _scores(item: Item) -> Iterable:
    return [option.score for option in item.options]


def _check_bands(scale: Scale, place: str) -> None:
    ends = [end for band in scale.bands for end in (band.lowest, band.highest)]
    if ends != sorted(ends) or len({band.lowest for band in scale.bands}) < len(scale.bands):
        raise BadDefinition(place, "Its bands must follow each other, the lowest first.")
