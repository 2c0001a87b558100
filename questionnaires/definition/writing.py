"""A definition as plain data, for a column or a file."""

from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from questionnaires.definition.parts import Definition


def written(definition: Definition) -> dict:
    """The definition as dictionaries, lists and texts; `read` makes the same definition of it."""
    return _plain(definition)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        given = {field: getattr(value, field.name) for field in fields(value)}
        return {field.name: _plain(one) for field, one in given.items() if one != field.default}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    return str(value) if isinstance(value, str) else value
