"""What a lead types about applications."""

from django import forms

from design.fields import DateBoxesField
from programme.forms.base import RecordForm
from programme.models import Cohort, Person
from programme.permissions import may_change_at


class ApplicationForm(RecordForm):
    applied_on = DateBoxesField(label="When did they apply?", help_text="For example, 15 3 2026")
    cohort = forms.ModelChoiceField(
        label="Cohort they applied for",
        queryset=None,
        required=False,
        empty_label="No cohort",
    )
    submit = "Save application"

    def __init__(self, *args, person: Person, **kwargs):
        self.person = person
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        """An application without a cohort is seen by the leads of the person's own site."""
        cohort = self.fields["cohort"]
        cohort.queryset = Cohort.objects.changeable_by(self.user)
        cohort.required = not may_change_at(self.user, self.person.site_id)

    def clean(self) -> dict:
        self.not_after_today("applied_on", "The day they applied cannot be in the future")
        return self.cleaned_data
