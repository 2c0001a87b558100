"""What trainers and leads type about the requirements of trainees."""

from decimal import Decimal

from django import forms

from design.fields import DateBoxesField, LineField
from programme.forms.base import RecordForm
from programme.forms.choices import TraineesChoice
from programme.models import Cohort, Enrolment, Requirement, RequirementKind, Result


class ResultForm(RecordForm):
    """One result of one trainee.

    Args:
        cohort: whose version names the requirements to choose from.
    """

    requirement = forms.ModelChoiceField(
        label="Requirement", queryset=None, empty_label="Choose a requirement"
    )
    result = forms.ChoiceField(label="What came of it?", choices=Result, widget=forms.RadioSelect)
    decided_on = DateBoxesField(label="On which day?", help_text="For example, 15 3 2026")
    evidence = LineField(
        label="Evidence",
        max_length=500,
        required=False,
        help_text="What was seen, or where it is kept. The trainee reads this too. Never a health "
        "detail.",
    )
    submit = "Save result"

    def __init__(self, *args, cohort: Cohort, **kwargs):
        self.cohort = cohort
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        asked = Requirement.objects.filter(version=self.cohort.programme_version_id)
        self.fields["requirement"].queryset = asked.exclude(kind=RequirementKind.ATTENDANCE)

    def clean(self) -> dict:
        self.not_after_today("decided_on", "The day of a result cannot be in the future")
        return self.cleaned_data


class ResultsForm(ResultForm):
    """One result of many trainees at once."""

    enrolments = TraineesChoice(
        label="Which trainees?", queryset=None, widget=forms.CheckboxSelectMultiple
    )
    submit = "Save results"

    def __init__(self, *args, trainees: list[Enrolment], **kwargs):
        self.trainees = trainees
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        super().limit_choices()
        keys = [trainee.pk for trainee in self.trainees]
        of_these = self.cohort.enrolments.filter(pk__in=keys)
        of_these = of_these.select_related("person", "cohort__site")
        self.fields["enrolments"].queryset = of_these.order_by("person__sort_name", "pk")


class PlacementDayForm(RecordForm):
    spent_on = DateBoxesField(label="Day on placement", help_text="For example, 15 3 2026")
    hours = forms.DecimalField(
        label="Hours",
        max_digits=4,
        decimal_places=2,
        min_value=Decimal("0.25"),
        max_value=Decimal(24),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "nhsuk-input--width-5"}),
    )
    place = LineField(label="Place", max_length=120, required=False)
    submit = "Save hours"

    def clean(self) -> dict:
        self.not_after_today("spent_on", "A day on placement cannot be in the future")
        return self.cleaned_data
