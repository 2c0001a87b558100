"""The day of which figures and lists tell: today, or one before."""

import datetime as dt
import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from design.fields import LineField

EARLIEST = dt.date(1948, 7, 5)  # the NHS has no figures and no posts from before it began
WRITTEN = ("%d/%m/%Y", "%d %m %Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y")


def day_from(text: str) -> dt.date:
    """A day as people and programs write it: 31/3/2026, 31 March 2026, 2026-03-31.

    Raises:
        ValueError: it is none of these, or no day of the calendar.
    """
    text = " ".join(text.split())
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return dt.date.fromisoformat(text)
    for form in WRITTEN:
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise ValueError(text)


class PastDayField(LineField):
    """*As at* in the address of a list: a day that is not after today, or `None` for today."""

    def __init__(
        self,
        *,
        label: str = "As at",
        help_text: str = "Today, or a day before, like 31/3/2026",
        required: bool = False,
        max_length: int = 40,
        **settings,
    ):
        settings.setdefault("widget", forms.TextInput(attrs={"class": "nhsuk-input--width-10"}))
        super().__init__(
            label=label, help_text=help_text, required=required, max_length=max_length, **settings
        )

    def prepare_value(self, value: str | None) -> str | None:
        """What stands in the box: links say the day as programs do, people type 31/3/2026."""
        try:
            day = dt.date.fromisoformat(value or "")
        except ValueError:
            return value
        return f"{day.day}/{day.month}/{day.year}"

    def clean(self, value: str | None) -> dt.date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            day = day_from(text)
        except ValueError:
            raise ValidationError("As at must be a real day, like 31/3/2026.") from None
        if day > timezone.localdate():
            raise ValidationError("As at must be today or in the past.")
        if day < EARLIEST:
            raise ValidationError("As at must be 5/7/1948 or later.")
        return day
