"""Small numbers hidden: what may be shown of a count to people who may see nobody's record.

The first cut of the published mode, by the rule of NHS hospital statistics and of OpenSAFELY: a
count of 1 to 7 people is hidden and any other is rounded to the nearest 5. A difference that a
reader could work out is a count too. A share is hidden where a number behind it is, and otherwise
worked out from the rounded numbers, to a whole per cent. `None` means hidden.
"""

from collections.abc import Iterable

SMALLEST_SHOWN = 8
ROUNDED_TO = 5


def is_small(count: int) -> bool:
    """Whether a count, or a difference between two, is one that must be hidden."""
    return 0 < abs(count) < SMALLEST_SHOWN


def published(count: int) -> int | None:
    """A count as it may be shown."""
    return None if is_small(count) else ROUNDED_TO * round(count / ROUNDED_TO)


def published_table(counts: Iterable[int]) -> list[int | None]:
    """Counts that follow one from another, as they may be shown together.

    The difference between neighbours is a cell of the same table: where it is small, the later
    count is hidden.
    """
    shown: list[int | None] = []
    last = None
    for count in counts:
        hidden = is_small(count) or (last is not None and is_small(last - count))
        shown.append(None if hidden else published(count))
        if not hidden:
            last = count
    return shown


def published_share(part: int, whole: int) -> float | None:
    """A share to a whole per cent; hidden where a part is small, and `None` of nobody."""
    if not whole or is_small(part) or is_small(whole) or is_small(whole - part):
        return None
    return round(published(part) / published(whole), 2)
