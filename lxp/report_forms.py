"""Asking for a report."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError

from design.fields import DateBoxesField
from design.forms import NhsHelper
from programme.forms.past_day import EARLIEST
from programme.models import ReportKind, ReportMode
from programme.numbers import last_quarter_end


class ReportForm(forms.Form):
    """Which report, of which day, and whether published or exact."""

    kind = forms.ChoiceField(
        label="Which report?",
        choices=ReportKind,
        widget=forms.RadioSelect,
        initial=ReportKind.BOARD,
    )
    as_at = DateBoxesField(label="Figures as at which day?", help_text="For example, 31 3 2026")
    mode = forms.ChoiceField(
        label="Who is it for?",
        choices=ReportMode,
        widget=forms.RadioSelect,
        initial=ReportMode.PUBLISHED,
        help_text="Published figures are of the last day of a quarter and of the whole programme. "
        "Internal figures are for you and who runs the programme with you.",
    )

    def __init__(self, *args, today: dt.date, may_read_exact: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["as_at"].initial = today
        if not may_read_exact:
            self.fields["mode"].choices = [ReportMode.choices[0]]
        self.helper = NhsHelper(submit="Make the report")

    def clean_as_at(self) -> dt.date:
        day = self.cleaned_data["as_at"]
        if day > self.today:
            raise ValidationError("The day must be today or in the past")
        if day < EARLIEST:
            raise ValidationError(f"The day must be {EARLIEST.year} or later")
        return day

    def clean(self) -> None:
        day, mode = self.cleaned_data.get("as_at"), self.cleaned_data.get("mode")
        if day and mode == ReportMode.PUBLISHED:
            self.cleaned_data["as_at"] = last_quarter_end(day)
