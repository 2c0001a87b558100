"""The bytes of a file as JSON, with nothing in it that only looks like JSON."""

import json
from decimal import Decimal
from typing import Never

from questionnaires.definition import BadDefinition

LARGEST_FILE = 1024 * 1024  # bytes
MOST_FIGURES = 30


def load(content: bytes) -> object:
    """What a JSON file says; numbers with a point as `Decimal`.

    Raises:
        BadDefinition: it is too large, no JSON, nested without end, or says a name twice.
    """
    if len(content) > LARGEST_FILE:
        raise BadDefinition("", "The file is larger than 1 MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadDefinition(f"byte {error.start}", "This is no text in UTF-8.") from None
    try:
        return json.loads(
            text,
            object_pairs_hook=_once,
            parse_float=_decimal,
            parse_int=_whole,
            parse_constant=_no_number,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, character {error.colno}"
        raise BadDefinition(place, f"This is no JSON: {error.msg}.") from None
    except RecursionError:
        raise BadDefinition("", "Things stand within things too deep to be read.") from None


def _once(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))
        raise BadDefinition(f"“{twice[:80]}”", "This name stands twice in one object.")
    return found


def _decimal(text: str) -> Decimal:
    if len(text) > MOST_FIGURES:
        raise BadDefinition(f"“{text[:20]}…”", f"A number has at most {MOST_FIGURES} figures.")
    return Decimal(text)


def _whole(text: str) -> int:
    if len(text) > MOST_FIGURES:
        raise BadDefinition(f"“{text[:20]}…”", f"A number has at most {MOST_FIGURES} figures.")
    return int(text)


def _no_number(text: str) -> Never:
    raise BadDefinition(f"“{text}”", "This is no number in JSON.")
