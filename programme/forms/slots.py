"""What a lead types to add times for interviews, and what an applicant chooses of them."""

import datetime as dt
import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from design.fields import DateBoxesField, LineField
from design.forms import NhsHelper
from programme.forms.base import RecordForm
from programme.models import InterviewSlot

NARROW = {"inputmode": "numeric", "class": "nhsuk-input--width-4"}


def in_words(slot: InterviewSlot) -> str:
    """*Thursday 5 March 2026, 09:30 (45 minutes), Room 1*."""
    at = timezone.localtime(slot.starts_at)
    return f"{at:%A} {at.day} {at:%B %Y, %H:%M} ({slot.minutes} minutes), {slot.place}"


class SlotsForm(RecordForm):
    day = DateBoxesField(label="Day", help_text="For example, 15 3 2026")
    first = LineField(
        label="First time",
        error_messages={"required": "Enter the time the first one starts"},
        max_length=5,
        help_text="For example, 09:30",
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-5"}),
    )
    minutes = forms.IntegerField(
        label="Minutes each",
        error_messages={"required": "Enter how many minutes each one lasts"},
        min_value=5,
        max_value=480,
        initial=45,
        widget=forms.TextInput(attrs=NARROW),
    )
    pause = forms.IntegerField(
        label="Minutes between two",
        error_messages={"required": "Enter how many minutes lie between two"},
        min_value=0,
        max_value=240,
        initial=15,
        widget=forms.TextInput(attrs=NARROW),
    )
    number = forms.IntegerField(
        label="How many, one after the other",
        error_messages={"required": "Enter how many times to offer"},
        min_value=1,
        max_value=20,
        initial=1,
        widget=forms.TextInput(attrs=NARROW),
    )
    place = LineField(
        label="Place or how to join",
        max_length=200,
        error_messages={"required": "Enter the place, or how to join"},
    )
    capacity = forms.IntegerField(
        label="Applicants in each",
        error_messages={"required": "Enter how many applicants come to each"},
        min_value=1,
        max_value=50,
        initial=1,
        help_text="More than one for a group.",
        widget=forms.TextInput(attrs=NARROW),
    )
    submit = "Add times"

    def clean_first(self) -> dt.time:
        found = re.fullmatch(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", self.cleaned_data["first"])
        if not found:
            raise ValidationError("Enter a time like 09:30")
        return dt.time(int(found[1]), int(found[2]))

    def clean(self) -> dict:
        given = self.cleaned_data
        if given.get("day") and given["day"] <= self.today:
            self.add_error("day", "Choose a day after today")
        if not self.errors:
            self.starts = self._starts(given)
        return given

    def _starts(self, given: dict) -> list[dt.datetime]:
        """The starts in UTC, so that they keep their distance when the clocks change."""
        local = timezone.make_aware(dt.datetime.combine(given["day"], given["first"]))
        first = local.astimezone(dt.UTC)
        if timezone.localtime(first).time() != given["first"]:
            self.add_error("first", "The clocks change on that day, and this time does not exist")
        step = dt.timedelta(minutes=given["minutes"] + given["pause"])
        return [first + step * number for number in range(given["number"])]

    @property
    def values(self) -> dict:
        given = {name: self.cleaned_data[name] for name in ("minutes", "place", "capacity")}
        return given | {"starts": self.starts}


class ChooseForm(forms.Form):
    """The times that are free, and the one that the applicant has."""

    slot = forms.ChoiceField(
        label="Which time suits you?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a time",
            "invalid_choice": "Somebody else has just taken this time. Choose another.",
        },
    )

    def __init__(self, *args, slots: list[InterviewSlot], mine: str, cancel: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.slots = {str(slot.pk): slot for slot in slots}
        self.fields["slot"].choices = [(key, in_words(slot)) for key, slot in self.slots.items()]
        self.fields["slot"].initial = mine
        self.helper = NhsHelper(submit="Choose this time", cancel=cancel)
