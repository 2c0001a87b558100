"""What a file uses that is not supported, collected while it is read."""

from collections import defaultdict
from dataclasses import dataclass

from questionnaires.definition import BadDefinition

LEFT_OUT = "It is left out."
NOT_KEPT = "It is not kept."
MOST = 200  # different things; a file with more of them is none that anybody asks


@dataclass(frozen=True, slots=True)
class Unsupported:
    """One thing that a file uses, what happens instead, and every place where it stands."""

    what: str
    instead: str
    places: tuple[str, ...]


class Notes:
    """Collects what is not supported; the same thing at several places is told once."""

    def __init__(self):
        self._found: dict[tuple[str, str], list[str]] = defaultdict(list)

    def add(self, what: str, place: str, instead: str = NOT_KEPT) -> None:
        self._found[what, instead].append(place)
        if len(self._found) > MOST:
            raise BadDefinition(place, f"More than {MOST} things in this file are not known here.")

    def listed(self) -> tuple[Unsupported, ...]:
        return tuple(
            Unsupported(what, instead, tuple(places))
            for (what, instead), places in self._found.items()
        )
