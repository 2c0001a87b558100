"""Small numbers hidden: what may be shown of counts to people who may see nobody's record.

A table is counts of people and the sums between them, the sums that a reader could work out
included. `publish` says what of it may be shown:

1. a count of 1 to 7 is hidden, and so is a nought that shows all of a line to be of one kind;
2. in a printed line with a total and exactly one hidden count, the smallest other one is hidden;
3. the rest is rounded to the nearest 5;
4. the audit (`disclosure_audit`): a reader who knows these rules and adds and subtracts must find
   each value from 1 to 7 possible for every small count, hidden or worked out. While that is not
   so, one more number is given up, the last printed first: totals before counts, later stages
   before earlier ones;
5. what is worked out from a hidden number is hidden too; means and medians need ten people.

The threshold and the rounding are a `Rule`; the one here is that of NHS hospital statistics and of
OpenSAFELY. `None` means hidden. Sources: NHS Digital, *Change to disclosure control methodology
for HES*, 2018; OpenSAFELY, *Permitted results*; GP Patient Survey for the second step.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from programme.disclosure_audit import Audit, Sum

OTHER = "Other"
TOTAL = "Total"
LOWEST_THRESHOLD = 5
FEWEST_MERGED = 3  # of two, the larger would tell the smaller


@dataclass(frozen=True)
class Rule:
    """The smallest count that is shown, the step that counts are rounded to (1: not at all), and
    how many people a mean or a median needs.

    Raises:
        ValueError: a threshold below 5, or a step that would round a shown count to nought.
    """

    smallest_shown: int = 8
    rounded_to: int = 5
    smallest_base: int = 10

    def __post_init__(self):
        if self.smallest_shown < LOWEST_THRESHOLD:
            raise ValueError(f"Counts below {LOWEST_THRESHOLD} are never published.")
        if not 1 <= self.rounded_to <= self.smallest_shown:
            raise ValueError("Counts are rounded to at least 1 and at most the smallest shown.")

    def hides(self, count: int) -> bool:
        """Whether a count, or a difference between two, is one that must be hidden."""
        return 0 < abs(count) < self.smallest_shown

    def rounded(self, count: int) -> int:
        """A count as it is written where it is shown."""
        return (count + self.rounded_to // 2) // self.rounded_to * self.rounded_to

    def written_alike(self, count: int) -> tuple[int, int]:
        """The least and the most count that is shown in the same way as this one."""
        if not count:
            return 0, 0
        low = self.rounded(count) - self.rounded_to // 2
        return max(low, self.smallest_shown), low + self.rounded_to - 1


DEFAULT = Rule()


class Published(NamedTuple):
    """What is shown of each printed count; `None` is hidden."""

    shown: dict
    rule: Rule

    def __getitem__(self, name: Hashable) -> int | None:
        return self.shown[name]

    def share(self, part: Hashable, whole: Hashable) -> float | None:
        """A share to a whole per cent, worked out from the rounded numbers: it tells no more than
        they do. `None` where one is hidden, and of nobody."""
        return published_share(self[part], self[whole])

    def hides(self, part: Hashable, whole: Hashable) -> bool:
        """Whether a share is missing because one of its numbers is hidden. A share of nobody is not
        applicable instead, which tells nothing that the shown 0 does not."""
        return self[whole] != 0 and None in (self[part], self[whole])


def publish(
    counts: Mapping[Hashable, int],
    sums: Iterable[Sum] = (),
    *,
    derived: Mapping[Hashable, int] | None = None,
    rule: Rule = DEFAULT,
) -> Published:
    """What may be shown of the printed `counts`; `derived` are those that are not printed but that
    a reader could work out. In the order of `counts` the last is given up first."""
    table = _Table(dict(counts), dict(derived or {}), tuple(sums), rule)
    given_up: set[Hashable] = set()
    while True:
        hidden = table.hidden(given_up)
        told = table.audit(hidden, given_up).first_told()
        further = None if told is None else table.next_to_give_up(told, hidden)
        if further is None:
            break
        given_up.add(further)
    shown = {name: None if name in hidden else rule.rounded(n) for name, n in counts.items()}
    return Published(shown, rule)


class _Table(NamedTuple):
    counts: dict[Hashable, int]
    derived: dict[Hashable, int]
    sums: tuple[Sum, ...]
    rule: Rule

    def sensitive(self) -> set[Hashable]:
        """Printed counts to hide for what they are: small ones, and noughts that tell the rest.

        A nought tells the rest where all others of a line, or all of a few people, are of one other
        kind. Where a whole line is nought it tells nothing, unless that is itself hidden.
        """
        found = {name for name, count in self.counts.items() if self.rule.hides(count)}
        while True:
            more = {name for line in self.sums for name in self._telling_noughts(line, found)}
            if more <= found:
                return found
            found |= more

    def _telling_noughts(self, line: Sum, found: set[Hashable]) -> list[Hashable]:
        truth = self.counts | self.derived
        noughts = [name for name in line.parts if name in self.counts and not truth[name]]
        if line.total in found and not truth[line.total]:
            return noughts
        if not (line.printed or self.rule.hides(truth[line.total])):
            return []
        none = [one for one in self.sums if not truth[one.total] and one.total not in found]
        empty = {name for one in none for name in one.parts}
        kinds = [name for name in line.parts if truth[name]]
        return [name for name in noughts if name not in empty] if len(kinds) == 1 else []

    def hidden(self, given_up: set[Hashable]) -> set[Hashable]:
        """Everything hidden by the first two rules once these numbers are given up."""
        hidden = self.sensitive() | given_up
        while True:
            more = {found for line in self.sums if (found := self._second(line, hidden))}
            if not more:
                return hidden
            hidden |= {min(more, key=list(self.counts).index)}

    def _second(self, line: Sum, hidden: set[Hashable]) -> Hashable | None:
        """What to hide beside the one hidden count of a line that prints its total."""
        if not line.printed or line.total in hidden or sum(p in hidden for p in line.parts) != 1:
            return None
        others = [name for name in line.parts if name not in hidden and self.counts[name]]
        return min(others, key=self.counts.__getitem__, default=line.total)

    def audit(self, hidden: set[Hashable], given_up: set[Hashable]) -> Audit:
        """The audit of what is left to see, by a reader who knows why each number is hidden."""
        truth = self.counts | self.derived
        return Audit(
            truth=truth,
            known={name: self._known(name, hidden, given_up) for name in truth},
            at_best={name: self._at_best(name) for name in truth},
            sums=self.sums,
            small=[name for name, count in truth.items() if self.rule.hides(count)],
            noughts=[name for name in self.sensitive() if not truth[name]],
            others=[name for name in self.counts if name in hidden],
            most_small=self.rule.smallest_shown - 1,
            written_alike=self.rule.rounded_to,
        )

    def _known(self, name, hidden, given_up) -> tuple[int, int | None]:
        """The bounds of a count for a reader, who sees what is hidden but not by which rule."""
        if name in self.derived:
            return 0, None
        count, most_small = self.counts[name], self.rule.smallest_shown - 1
        if name not in hidden:
            return self.rule.written_alike(count)
        if name in given_up:
            return int(count > 0), None
        return int(count > 0), max(most_small, self._most_of_second(name, hidden))

    def _at_best(self, name: Hashable) -> tuple[int, int | None]:
        if name in self.counts and self.rule.hides(self.counts[name]):
            return 1, self.rule.smallest_shown - 1
        return 0, None

    def _most_of_second(self, name: Hashable, hidden: set[Hashable]) -> int:
        """The most that a count can be if it was hidden beside another: it is the smallest of its
        line that is not small."""
        most = 0
        for line in self.sums:
            two = line.printed and line.total not in hidden
            if two and name in line.parts and sum(part in hidden for part in line.parts) == 2:
                shown = [p for p in line.parts if p not in hidden and self.counts[p]]
                highs = [self.rule.written_alike(self.counts[p])[1] for p in shown]
                most = max(most, min(highs, default=sum(self.counts.values())))
        return max(most, self.counts[name])

    def next_to_give_up(self, told: Hashable, hidden: set[Hashable]) -> Hashable | None:
        """The last printed number in the sums that tell too much, or else of the whole table."""
        lines = [(line.total, *line.parts) for line in self.sums]
        near = {name for line in lines if told in line for name in line}
        shown = [name for name, count in self.counts.items() if count and name not in hidden]
        close = [name for name in shown if name in near]
        return (close or shown or [None])[-1]


# --- Kinds of table -------------------------------------------------------------------------------


def publish_line(counts: Mapping[str, int], *, rule: Rule = DEFAULT) -> Published:
    """Categories of one group of people with their `TOTAL`."""
    line = Sum(TOTAL, tuple(counts), printed=True)
    return publish(dict(counts) | {TOTAL: sum(counts.values())}, [line], rule=rule)


def publish_crosstab(
    rows: Mapping[str, Mapping[str, int]], *, rule: Rule = DEFAULT
) -> dict[str, dict[str, int | None]]:
    """A table with totals of its rows and columns and of all, each called `TOTAL`."""
    columns = list(next(iter(rows.values()), {}))
    counts = {(row, column): rows[row][column] for row in rows for column in columns}
    counts |= {(row, TOTAL): sum(rows[row].values()) for row in rows}
    counts |= {(TOTAL, column): sum(rows[row][column] for row in rows) for column in columns}
    counts[TOTAL, TOTAL] = sum(counts[row, TOTAL] for row in rows)
    across, down = [*columns, TOTAL], [*rows, TOTAL]
    sums = [Sum((row, TOTAL), tuple((row, c) for c in columns), printed=True) for row in down]
    sums += [Sum((TOTAL, c), tuple((row, c) for row in rows), printed=True) for c in across]
    shown = publish(counts, sums, rule=rule)
    return {row: {column: shown[row, column] for column in across} for row in down}


def publish_categories(counts: Mapping[str, int], *, rule: Rule = DEFAULT) -> dict[str, int | None]:
    """Categories with their `TOTAL`, the small ones together as `OTHER` where the total could not
    be shown beside them: 6, 5, 5 and 2 by a threshold of 5 are 6 and other 12."""
    plain = publish_line(counts, rule=rule).shown
    if plain[TOTAL] is not None or not sum(counts.values()):
        return plain
    kept, merged = _merged(counts, rule)
    if not kept:
        return publish({TOTAL: sum(counts.values())}, rule=rule).shown
    printed = kept | {OTHER: sum(merged.values()), TOTAL: sum(counts.values())}
    sums = [Sum(TOTAL, (*kept, OTHER), printed=True), Sum(OTHER, tuple(merged))]
    return publish(printed, sums, derived=merged, rule=rule).shown


def _merged(counts: Mapping[str, int], rule: Rule) -> tuple[dict[str, int], dict[str, int]]:
    """The categories that stay, and those put together: the smallest, three at least and until
    they are twice the smallest number that is shown."""
    kept, merged = dict(counts), {}
    for name in sorted(counts, key=lambda name: counts[name]):
        enough = len(merged) >= FEWEST_MERGED and sum(merged.values()) >= 2 * rule.smallest_shown
        if enough and not rule.hides(counts[name]):
            break
        merged[name] = kept.pop(name)
    return kept, merged


def published_table(counts: Sequence[int], *, rule: Rule = DEFAULT) -> list[int | None]:
    """Stages that follow one from another, as they may be shown together: each difference between
    neighbours is a count of the same table."""
    printed = dict(enumerate(counts))
    sums, derived = [], {}
    for stage, (before, after) in enumerate(pairwise(counts)):
        more, fewer = (stage, stage + 1) if before >= after else (stage + 1, stage)
        sums.append(Sum(more, (fewer, ("between", stage))))
        derived["between", stage] = abs(before - after)
    return list(publish(printed, sums, derived=derived, rule=rule).shown.values())


# --- What is worked out from counts ---------------------------------------------------------------


def published_share(part: int | None, whole: int | None) -> float | None:
    """A share of two published numbers, to a whole per cent; `None` where one is hidden or the
    whole is nobody."""
    if part is None or not whole:
        return None
    return round(part / whole, 2)


def published_average(value: float | None, people: int, *, rule: Rule = DEFAULT) -> int | None:
    """A mean or a median of this many people, to a whole number; hidden of fewer than ten."""
    if value is None or people < max(rule.smallest_base, rule.smallest_shown):
        return None
    return round(value)
