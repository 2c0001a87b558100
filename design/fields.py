"""Form fields of our own: a date in three boxes, and text without characters nobody can see."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

DAY, MONTH, YEAR = range(3)
BOX_NAMES = ("day", "month", "year")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
FIRST_YEAR, LAST_YEAR = 1900, 2100
# Unicode's category Cc, and the same but for line breaks and tabs.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
CONTROL_IN_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class DateBoxes(forms.MultiWidget):
    """Day, month and year in boxes of their own: `<name>_0`, `<name>_1`, `<name>_2`."""

    use_fieldset = True

    def __init__(self, attrs: dict | None = None):
        super().__init__([forms.TextInput, forms.TextInput, forms.TextInput], attrs)

    def decompress(self, value: dt.date | None) -> list[str]:
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]


class DateBoxesField(forms.Field):
    """A date typed in three boxes, as NHS.UK asks for dates that people know.

    Takes days and months of one or two figures, months by name (*March*, *mar*), years of four
    figures from 1900 to 2100. An error names the boxes that are wrong in its `boxes` parameter.
    """

    widget = DateBoxes

    def to_python(self, value: list[str] | dt.date | None) -> dt.date | None:
        if value is None or isinstance(value, dt.date):
            return value
        typed = [(text or "").strip() for text in value]
        if not any(typed):
            return None
        self._all_given(typed)
        day, month, year = _number(typed[DAY]), _month(typed[MONTH]), _number(typed[YEAR])
        self._in_range(day, month, year)
        try:
            return dt.date(year, month, day)
        except ValueError:
            raise self._wrong("{label} must be a real date, like 27 3 2026", DAY) from None

    def has_changed(self, initial: dt.date | None, data: list[str] | None) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True

    def _all_given(self, typed: list[str]) -> None:
        missing = [box for box in (DAY, MONTH, YEAR) if not typed[box]]
        if missing:
            names = " and ".join(BOX_NAMES[box] for box in missing)
            raise self._wrong(f"{{label}} must include a {names}", *missing)

    def _in_range(self, day: int, month: int, year: int) -> None:
        if not 1 <= day <= 31:
            raise self._wrong("{label} must have a day from 1 to 31", DAY)
        if not 1 <= month <= 12:
            raise self._wrong("{label} must have a month from 1 to 12, or its name", MONTH)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise self._wrong(
                f"{{label}} must have a year in four figures, {FIRST_YEAR} to {LAST_YEAR}", YEAR
            )

    def _wrong(self, words: str, *boxes: int) -> ValidationError:
        label = str(self.label or "")
        called = f"“{label}”" if label and not label.endswith("?") else "The date"
        called = called.replace("%", "%%")  # the message is a template for its parameters
        return ValidationError(
            words.format(label=called), code="invalid_date", params={"boxes": boxes}
        )


def _number(text: str) -> int:
    """A whole number of at most four plain figures; 0, which no date has, for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else 0


def _month(text: str) -> int:
    """The number of a month given by number, name or the first letters of its name."""
    if len(text) >= 3:
        for number, name in enumerate(MONTHS, start=1):
            if name.startswith(text.casefold()) or (text.casefold() == "sept" and number == 9):
                return number
    return _number(text)


class LineField(forms.CharField):
    """One line of text: line breaks, NUL and other control characters are refused."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if text not in self.empty_values and CONTROL.search(text):
            raise ValidationError(
                "Use one line of ordinary letters, numbers and signs", code="control_characters"
            )
        return text


class LongTextField(forms.CharField):
    """Text of several lines; with `max_length`, the page counts the characters left.

    A line break counts as one character, as the counter on the page counts it.
    """

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if text in self.empty_values:
            return text
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if CONTROL_IN_LINES.search(text):
            raise ValidationError(
                "Use ordinary letters, numbers and signs", code="control_characters"
            )
        return text
