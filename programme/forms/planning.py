"""What planning is asked."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError

from design.fields import DateBoxesField
from design.forms import NhsHelper

FURTHEST = 10  # years ahead


class PlanningForm(forms.Form):
    """How many people, on which day, and when the next cohort starts; filled in by an address."""

    people = forms.IntegerField(
        label="How many people do you want in post?",
        min_value=1,
        max_value=10_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-5"}),
        error_messages={
            "required": "Enter how many people you want in post",
            "invalid": "The number of people must be a whole number, like 30",
            "min_value": "The number of people must be 1 or more",
            "max_value": "The number of people must be 10,000 or fewer",
        },
    )
    on = DateBoxesField(label="On which day?", help_text="For example, 1 6 2028")
    start = DateBoxesField(
        label="When does the next cohort start training?", help_text="For example, 1 9 2026"
    )

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.helper = NhsHelper(submit="Work it out", method="get")

    def clean_on(self) -> dt.date:
        day = self.cleaned_data["on"]
        if not self.today < day <= self.today.replace(month=12, day=31, year=self.today.year + 10):
            raise ValidationError(f"The day must be after today and within {FURTHEST} years")
        return day

    def clean(self) -> None:
        start, on = self.cleaned_data.get("start"), self.cleaned_data.get("on")
        if start and start < self.today:
            self.add_error("start", "The start must be today or later")
        elif start and on and start >= on:
            self.add_error("start", "The start must be before the day you want people in post")
