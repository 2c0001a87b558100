"""What a lead types about programmes, their versions and what these ask."""

from decimal import Decimal

from django import forms

from design.fields import DateBoxesField, LineField, LongTextField
from programme.forms.base import RecordForm
from programme.models import CompetenceDomain, RequirementKind

NARROW_NUMBER = {"inputmode": "decimal", "class": "nhsuk-input--width-5"}
NEEDS_AMOUNT = {
    RequirementKind.ATTENDANCE: "Enter the share of sessions, for example 80",
    RequirementKind.PLACEMENT: "Enter how many hours, for example 30",
}


class ProgrammeForm(RecordForm):
    name = LineField(label="Name", max_length=120)
    description = LongTextField(
        label="What it is for",
        max_length=500,
        required=False,
        help_text="One or two sentences that trainees can read.",
    )
    submit = "Save programme"


class VersionForm(RecordForm):
    starts_on = DateBoxesField(
        label="First day cohorts may follow it", help_text="For example, 15 3 2026"
    )
    hours = forms.DecimalField(
        label="Hours of teaching",
        required=False,
        max_digits=5,
        decimal_places=1,
        min_value=Decimal("0.5"),
        widget=forms.TextInput(attrs=NARROW_NUMBER),
    )
    domains = forms.ModelMultipleChoiceField(
        label="Competence domains it teaches",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="From the competence framework for mental health peer support workers (2020).",
    )
    submit = "Save version"

    def limit_choices(self) -> None:
        self.fields["domains"].queryset = CompetenceDomain.objects.visible_to(self.user)

    @property
    def values(self) -> dict:
        """What was filled in, without the domains, which are kept in rows of their own."""
        given = dict(super().values)
        del given["domains"]
        return given


class RequirementForm(RecordForm):
    kind = forms.ChoiceField(
        label="What kind of requirement is it?",
        choices=RequirementKind,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of requirement it is"},
    )
    name = LineField(
        label="Name", max_length=120, help_text="For example, Reflective account of a conversation"
    )
    description = LongTextField(
        label="What a trainee does",
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    amount = forms.DecimalField(
        label="How much of it",
        required=False,
        max_digits=5,
        decimal_places=1,
        help_text="For attendance, the share of sessions in per cent. For a placement, hours. "
        "Empty for everything else.",
        widget=forms.TextInput(attrs=NARROW_NUMBER),
    )
    position = forms.IntegerField(
        label="Its place in the list",
        initial=1,
        min_value=0,
        max_value=99,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-2"}),
    )
    submit = "Save requirement"

    def clean(self) -> dict:
        given = self.cleaned_data
        kind, amount = given.get("kind"), given.get("amount")
        if kind in NEEDS_AMOUNT and amount is None and "amount" not in self.errors:
            self.add_error("amount", NEEDS_AMOUNT[kind])
        return given
