"""A definition with something else in one place; definitions themselves never change."""

from dataclasses import replace

from questionnaires.definition.parts import Definition, Item, Option


def with_items(definition: Definition, changed: dict[str, Item]) -> Definition:
    """The definition with other items in the place of some, by their link_ids."""
    return replace(definition, items=_replaced(definition.items, changed))


def _replaced(items: tuple[Item, ...], changed: dict[str, Item]) -> tuple[Item, ...]:
    found = []
    for item in items:
        other = changed.get(item.link_id, item)
        found.append(replace(other, items=_replaced(item.items, changed)))
    return tuple(found)


def same_answers(item: Item, other: Item) -> bool:
    """Whether two questions have the same answers to choose from, by codes, words and scores."""
    return bool(item.options) and _essence(item.options) == _essence(other.options)


def _essence(options: tuple[Option, ...]) -> list[tuple]:
    return [(option.code, option.text, option.score) for option in options]
