"""Looking into plain data of unknown origin, always knowing the place where one looks."""

from decimal import Decimal, InvalidOperation
from enum import StrEnum

from design.fields import CONTROL_IN_LINES

LARGEST = Decimal(10) ** 9
PLACES = 6


class BadDefinition(ValueError):  # noqa: N818  reads as what it is
    """This is no questionnaire: `place` says where (nothing for the whole), `reason` why not."""

    def __init__(self, place: str, reason: str):
        super().__init__(f"{place}: {reason}" if place else reason)
        self.place, self.reason = place, reason


class Node:
    """One value of a document and its place: `items[2].options[0]`."""

    def __init__(self, value: object, place: str):
        self.value, self.place = value, place

    def wrong(self, reason: str, name: str = "") -> BadDefinition:
        return BadDefinition(self._place_of(name) if name else self.place, reason)

    def is_object(self) -> None:
        """Make sure that this is an object."""
        if not isinstance(self.value, dict):
            raise self.wrong("Here must be an object with names and values.")

    def at(self, name: str, value: object) -> "Node":
        """A value in the place of one of this object's."""
        return Node(value, self._place_of(name))

    def inner(self, name: str) -> "Node":
        """An object within this one; an empty one where there is none."""
        found = self.at(name, self.value.get(name, {}))
        found.is_object()
        return found

    def holds(self, *names: str) -> None:
        """Make sure that this is an object with no other names than these."""
        self.is_object()
        if unknown := sorted(str(name)[:80] for name in self.value.keys() - set(names)):
            raise self.wrong(f"Nothing of ours is called “{unknown[0]}”.")

    def text(self, name: str, longest: int, *, needed: bool = False) -> str:
        """Text without control characters, with no space at its ends; none is the empty text."""
        return self.at(name, self.value.get(name, "")).as_text(longest, needed=needed)

    def as_text(self, longest: int, *, needed: bool = False) -> str:
        given = self.value
        if not isinstance(given, str):
            raise self.wrong("Here must be text.")
        if needed and not given.strip():
            raise self.wrong("This is missing.")
        if len(given) > longest:
            raise self.wrong(f"This is longer than {longest:,} characters.")
        if CONTROL_IN_LINES.search(given) or any("\ud800" <= sign <= "\udfff" for sign in given):
            raise self.wrong("This has a character that nobody can see, such as NUL.")
        if given != given.strip():
            raise self.wrong("This begins or ends with a space.")
        return given

    def flag(self, name: str) -> bool:
        given = self.value.get(name, False)
        if not isinstance(given, bool):
            raise self.wrong("Here must be true or false.", name)
        return given

    def whole(self, name: str, lowest: int, highest: int, *, needed: bool = False) -> int | None:
        given = self.value.get(name)
        if given is None and not needed:
            return None
        if isinstance(given, bool) or not isinstance(given, int):
            raise self.wrong("Here must be a whole number.", name)
        if not lowest <= given <= highest:
            raise self.wrong(f"This must be from {lowest:,} to {highest:,}.", name)
        return given

    def number(self, name: str, *, needed: bool = False) -> Decimal | None:
        """A number written as text, so that nothing of it is lost."""
        given = self.value.get(name)
        if given is None and not needed:
            return None
        if not isinstance(given, str) or len(given) > 30:
            raise self.wrong("Here must be a number, written as text of up to 30 figures.", name)
        return self.at(name, given).as_number()

    def as_number(self) -> Decimal:
        """The number that a text says, in plain figures.

        Raises:
            BadDefinition: it says none, or one that is not finite, too large or too exact.
        """
        try:
            found = Decimal(self.value)
        except InvalidOperation:
            raise self.wrong("Here must be a number.") from None
        if not found.is_finite() or not -LARGEST <= found <= LARGEST:
            raise self.wrong(f"This must be a number of at most {LARGEST:,}.")
        if found.as_tuple().exponent < -PLACES:
            raise self.wrong(f"This has more than {PLACES} decimal places.")
        return Decimal(f"{found:f}")

    def one_of[Choice: StrEnum](self, name: str, choices: type[Choice]) -> Choice:
        given = self.value.get(name)
        if not isinstance(given, str) or given not in set(choices):
            listed = ", ".join(choices)
            raise self.wrong(f"Here must be one of: {listed}.", name)
        return choices(given)

    def each(self, name: str, most: int) -> list["Node"]:
        """The members of a list; of none where there is no list."""
        given = self.value.get(name, [])
        if not isinstance(given, list):
            raise self.wrong("Here must be a list.", name)
        if len(given) > most:
            raise self.wrong(f"There are more than {most:,}.", name)
        place = self._place_of(name)
        return [Node(one, f"{place}[{number}]") for number, one in enumerate(given)]

    def _place_of(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name
