"""What a reader of a published table can work out: which values of a hidden count are possible.

The reader knows, for every count, a least and a most value (what is rounded to the number shown,
or what the rule hides), and every sum. `possible` looks for a table that fits all of it and has a
certain value in a certain place. It looks near the true table, which fits, and gives up after a
while: then the value counts as impossible, so that at worst more is hidden than need be.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

LONGEST_SEARCH = 400  # tables tried


class Sum(NamedTuple):
    """A count that is the sum of others; `printed` where it is a line of a table with its total,
    and not only something that a reader could work out."""

    total: Hashable
    parts: tuple[Hashable, ...]
    printed: bool = False


@dataclass(frozen=True)
class Audit:
    """One table as it would be published.

    `known` are the least and the most value of each count (`None`: no bound), and `at_best` those
    that would remain if all were hidden but what the rule itself tells. `small` must keep each
    value from 1 to `most_small` open, `noughts` each up to it, as far as `at_best` does, and
    `others`, which are hidden to protect them, as many values as are `written_alike`.
    """

    truth: dict[Hashable, int]
    known: dict[Hashable, tuple[int, int | None]]
    at_best: dict[Hashable, tuple[int, int | None]]
    sums: Sequence[Sum]
    small: Sequence[Hashable]
    noughts: Sequence[Hashable]
    others: Sequence[Hashable]
    most_small: int
    written_alike: int

    def first_told(self) -> Hashable | None:
        """The first count that a reader could tell too narrowly; `None` where there is none."""
        best = self._narrowed(self._numbers(self.at_best), list(self.truth))
        for name in (*self.small, *self.noughts):
            low, high = best[name]
            if not self.possible(name, min(high, self.most_small)):
                return name
            if name in self.small and not self.possible(name, max(low, 1)):
                return name
        protected = {*self.small, *self.noughts}
        for name in self.others:
            if name not in protected and not self._wide(name):
                return name
        return None

    def _wide(self, name: Hashable) -> bool:
        """Whether two values are possible as far apart as those that are written in one way."""
        value, apart = self.truth[name], self.written_alike - 1
        return any(
            self.possible(name, value + above) and self.possible(name, value + above - apart)
            for above in range(apart, -1, -1)
        )

    @cached_property
    def _sums_of(self) -> dict[Hashable, list[Sum]]:
        found = defaultdict(list)
        for line in self.sums:
            for name in (line.total, *line.parts):
                found[name].append(line)
        return found

    @cached_property
    def _start(self) -> dict[Hashable, tuple[int, int]]:
        return self._numbers(self.known)

    def _numbers(self, bounds: dict) -> dict[Hashable, tuple[int, int]]:
        """Bounds as numbers: nothing is more than all there is, thrice."""
        most = 3 * max(self.truth.values(), default=0) + 10 * self.most_small
        return {name: (low, most if high is None else high) for name, (low, high) in bounds.items()}

    def possible(self, name: Hashable, value: int) -> bool:
        """Whether some table that fits all that is known has this value there."""
        low, high = self._start[name]
        if value == self.truth[name] or not low <= value <= high:
            return value == self.truth[name]
        bounds = self._narrowed(self._start | {name: (value, value)}, [name])
        return bounds is not None and self._search(bounds, [LONGEST_SEARCH])

    def _search(self, bounds: dict, left: list[int]) -> bool:
        open_ones = [name for name, (low, high) in bounds.items() if low < high]
        if not open_ones:
            return True
        name = min(open_ones, key=lambda name: bounds[name][1] - bounds[name][0])
        low, high = bounds[name]
        nearest = min(max(self.truth[name], low), high)
        for value in dict.fromkeys((nearest, low, high)):
            left[0] -= 1
            if left[0] < 0:
                return False
            further = self._narrowed(bounds | {name: (value, value)}, [name])
            if further is not None and self._search(further, left):
                return True
        return False

    def _narrowed(self, bounds: dict, changed: list[Hashable]) -> dict | None:
        """The bounds after every sum has been heeded; `None` where one cannot hold."""
        waiting = [line for name in changed for line in self._sums_of[name]]
        while waiting:
            line = waiting.pop()
            for name, (low, high) in _by_sum(line, bounds).items():
                if low > high:
                    return None
                if (low, high) != bounds[name]:
                    bounds[name] = low, high
                    waiting += [other for other in self._sums_of[name] if other not in waiting]
        return bounds


def _by_sum(line: Sum, bounds: dict) -> dict[Hashable, tuple[int, int]]:
    """What one sum tells of its total and of each part."""
    low, high = bounds[line.total]
    parts = [bounds[name] for name in line.parts]
    lows, highs = map(sum, zip(*parts, strict=True)) if parts else (0, 0)
    found = {line.total: (max(low, lows), min(high, highs))}
    need, spare = low - highs, high - lows
    for name, (least, most) in zip(line.parts, parts, strict=True):
        # Without `max` and `min`, which take most of the time of the whole audit.
        found[name] = (
            max(least, need + most),
            min(most, spare + least),
        )
    return found
