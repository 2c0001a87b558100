"""What leads of all sites type about kinds of supervision."""

from django import forms

from design.fields import DateBoxesField, LineField
from programme.forms.base import RecordForm
from programme.forms.choices import StepChoice
from programme.models import PathwayStep
from supervision.forms.agreements import BETWEEN, LASTS


class KindForm(RecordForm):
    name = LineField(label="Name", max_length=60)
    description = LineField(label="What it is for", max_length=300, required=False)
    submit = "Save kind"


class StandardForm(RecordForm):
    """How often a kind is owed from a day on."""

    step = StepChoice(
        label="For whom",
        queryset=None,
        required=False,
        empty_label="Everybody in post",
        help_text="A step of a pathway goes by its own standards once it has one.",
    )
    applies_from = DateBoxesField(
        label="From",
        help_text="Today or later. Whoever waits for a session now has it by the standard before; "
        "the new one counts from the next.",
        error_messages={"required": "Enter the day from which it counts"},
    )
    required = forms.TypedChoiceField(
        label="Is it owed?",
        choices=[("True", "Yes"), ("False", "No, it may be had")],
        coerce=lambda value: value == "True",
        initial="True",
        widget=forms.RadioSelect,
    )
    cadence_days = forms.IntegerField(
        label="Days from one session to the next",
        min_value=1,
        max_value=366,
        error_messages={"required": BETWEEN},
    )
    early_cadence_days = forms.IntegerField(
        label="The same in the first three months in post",
        min_value=1,
        max_value=366,
        error_messages={"required": f"{BETWEEN} in the first three months"},
    )
    grace_days = forms.IntegerField(
        label="Days of grace",
        min_value=0,
        max_value=90,
        initial=7,
        error_messages={"required": "Enter how many days of grace there are"},
    )
    minutes = forms.IntegerField(
        label="Minutes a session",
        min_value=5,
        max_value=480,
        initial=60,
        error_messages={"required": LASTS},
    )
    submit = "Save standard"

    def limit_choices(self) -> None:
        self.fields["step"].queryset = PathwayStep.objects.select_related("pathway")

    def clean(self) -> None:
        early, later = (self.cleaned_data.get(f"{n}cadence_days") for n in ("early_", ""))
        if early and later and early > later:
            words = "The first three months are never less dense than later"
            self.add_error("early_cadence_days", words)
