"""Which questions a person is asked, given what they have answered."""

import operator
from collections.abc import Iterator
from decimal import Decimal
from graphlib import TopologicalSorter

from questionnaires.definition.parts import (
    Answer,
    Answers,
    Condition,
    Definition,
    Item,
    Kind,
    Operator,
)

COMPARISONS = {
    Operator.ABOVE: operator.gt,
    Operator.BELOW: operator.lt,
    Operator.AT_LEAST: operator.ge,
    Operator.AT_MOST: operator.le,
}


def everything(items: tuple[Item, ...]) -> Iterator[Item]:
    """Items with those within them, in the order in which they are read."""
    for item in items:
        yield item
        yield from everything(item.items)


def questions(definition: Definition) -> list[Item]:
    """Every question in its order, without groups and words to read."""
    return [item for item in everything(definition.items) if item.is_question]


def shown(definition: Definition, answers: Answers) -> set[str]:
    """The link_ids of all items whose conditions hold, and those of what they stand in too.

    An answer to a question that is not shown itself counts as none.
    """
    items = {item.link_id: item for item in everything(definition.items)}
    if not any(item.conditions for item in items.values()):
        return set(items)
    within, found = parents(definition), set()
    for link_id in TopologicalSorter(dependencies(definition)).static_order():
        item, parent = items[link_id], within[link_id]
        if parent and parent not in found:
            continue
        met = [_holds(one, answers, items, found) for one in item.conditions]
        if not met or (any(met) if item.any_condition else all(met)):
            found.add(link_id)
    return found


def kept(definition: Definition, answers: Answers) -> Answers:
    """The answers to questions that are shown, in the order of the questions."""
    visible = shown(definition, answers)
    return {
        item.link_id: answers[item.link_id]
        for item in questions(definition)
        if item.link_id in visible and item.link_id in answers
    }


def unanswered(definition: Definition, answers: Answers) -> list[Item]:
    """Questions that are shown and must be answered before the answers are complete."""
    visible = shown(definition, answers)
    return [
        item
        for item in questions(definition)
        if item.required and item.link_id in visible and item.link_id not in answers
    ]


def low_answers(definition: Definition, answers: Answers) -> list[Item]:
    """Questions answered with an option after which support is offered."""
    given = kept(definition, answers)
    return [
        item
        for item in questions(definition)
        if any(one.low and one.code in codes(given.get(item.link_id)) for one in item.options)
    ]


def parents(definition: Definition) -> dict[str, str | None]:
    """The link_id of what each item stands in."""
    found: dict[str, str | None] = {item.link_id: None for item in definition.items}
    for item in everything(definition.items):
        found |= {inner.link_id: item.link_id for inner in item.items}
    return found


def dependencies(definition: Definition) -> dict[str, set[str]]:
    """What must be known before it is known whether an item is shown."""
    within = parents(definition)
    return {
        item.link_id: {condition.question for condition in item.conditions}
        | ({within[item.link_id]} - {None})
        for item in everything(definition.items)
    }


def codes(answer: Answer | None) -> list:
    """What one answer says, one by one: several for a question with several answers."""
    if answer is None:
        return []
    if isinstance(answer, dict):
        return list(answer.values())
    return answer if isinstance(answer, list) else [answer]


def _holds(
    condition: Condition, answers: Answers, items: dict[str, Item], visible: set[str]
) -> bool:
    asked = condition.question
    given = codes(answers.get(asked)) if asked in visible else []
    match condition.operator:
        case Operator.EXISTS:
            return bool(given) == condition.answer
        case Operator.EQUAL | Operator.UNEQUAL:
            wanted = _comparable(items[asked], condition.answer)
            found = any(_comparable(items[asked], one) == wanted for one in given)
            return found == (condition.operator == Operator.EQUAL)
        case _:
            compare = COMPARISONS[condition.operator]
            wanted = _comparable(items[asked], condition.answer)
            return any(compare(_comparable(items[asked], one), wanted) for one in given)


def _comparable(question: Item, answer: str | int | bool) -> str | int | bool | Decimal:
    return Decimal(answer) if question.kind == Kind.DECIMAL else answer
