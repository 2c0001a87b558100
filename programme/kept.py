"""What was worked out before, from the cache; without a cache it is worked out each time."""

import hashlib
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.core.cache import caches
from django.db import connection
from redis.exceptions import RedisError

from programme.version import Version

MAKES_PARTS = ("programme", "supervision")
KEPT_SECONDS = 600  # a new release with other words is seen after so long at most


def digest(made_from: tuple) -> str:
    """The name under which what was made from these is kept."""
    return hashlib.sha256(repr(made_from).encode("utf-8", "backslashreplace")).hexdigest()


def kept[Made](made_from: tuple, make: Callable[[], Made], *, keep: bool = True) -> Made:
    """What was made from the same before; `keep`: whether it may be kept for the next."""
    key = digest((_release(), made_from))
    try:
        found = caches["charts"].get(key)
    except RedisError:
        return make()
    if found is None:
        found = make()
        if keep:
            with suppress(RedisError):
                caches["charts"].set(key, found, KEPT_SECONDS)
    return found


@dataclass(frozen=True)
class Keeping:
    """What parts of figures are kept by: the state of the records, and whose they are. Two readers
    alike in `scope` may count the same records."""

    version: Version
    scope: tuple

    def parts(self, asked: Mapping[tuple, Callable[[], Any]]) -> list:
        """What was made for each question before, until a table changes from which it was read;
        the questions are each with how their answer is made."""
        keys = {digest((_release(), self.scope, question)): question for question in asked}
        try:
            found = caches["charts"].get_many(keys)
        except RedisError:
            return [make() for make in asked.values()]
        current = {
            key: made for key, made in found.items() if self.version.of_tables(made[0]) == made[1]
        }
        anew = {key: self._made(asked[keys[key]]) for key in keys.keys() - current.keys()}
        keep = {key: made for key, made in anew.items() if made[1] and self.version.settled}
        if keep:
            with suppress(RedisError):
                caches["charts"].set_many(keep, KEPT_SECONDS)
        return [(current | anew)[key][2] for key in keys]

    def _made(self, make: Callable[[], Any]) -> tuple[list[str], str | None, Any]:
        """The tables that something was made from, their state, and what was made."""
        made, tables = noting_tables(make)
        return tables, self.version.of_tables(tables), made


@cache
def _release() -> str:
    """Names the code that makes the parts: another release finds nothing of a shape of before."""
    apps = Path(__file__).parents[1]
    files = sorted(one for app in MAKES_PARTS for one in (apps / app).glob("*.py"))
    return digest(tuple(file.read_bytes() for file in files))


def noting_tables[Made](make: Callable[[], Made]) -> tuple[Made, list[str]]:
    """What is made, and the names of the tables that it was read from."""
    tables: set[str] = set()

    def note(execute: Callable, statement: str, *rest: Any) -> Any:
        tables.update(re.findall(r'(?:FROM|JOIN) "(\w+)"', statement))
        return execute(statement, *rest)

    with connection.execute_wrapper(note):
        return make(), sorted(tables)


def kept_parts(keeping: Keeping | None, asked: Mapping[tuple, Callable[[], Any]]) -> list:
    """Parts of the figures, kept where there is something to keep them by."""
    return keeping.parts(asked) if keeping else [make() for make in asked.values()]


def kept_part[Made](keeping: Keeping | None, asked: tuple, make: Callable[[], Made]) -> Made:
    """The same of one part."""
    return kept_parts(keeping, {asked: make})[0]
