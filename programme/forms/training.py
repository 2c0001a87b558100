"""What a lead types about cohorts and places in them."""

from django import forms

from design.fields import DateBoxesField, LineField
from programme.forms.base import RecordForm
from programme.forms.choices import VersionChoice
from programme.models import Cohort, Outcome, OutcomeReason, ProgrammeVersion
from programme.permissions import covers_all_sites, sites_to_choose


class CohortForm(RecordForm):
    name = LineField(label="Name", max_length=120)
    site = forms.ModelChoiceField(
        label="Site",
        queryset=None,
        required=False,
        empty_label="No site",
        help_text="A cohort without a site is seen by people whose role covers all sites.",
    )
    starts_on = DateBoxesField(
        label="First day", required=False, help_text="For example, 15 3 2026"
    )
    ends_on = DateBoxesField(label="Last day", required=False, help_text="For example, 18 6 2026")
    programme_version = VersionChoice(
        label="What it is taught",
        queryset=None,
        required=False,
        empty_label="Not recorded",
        help_text="A published version of a training programme.",
    )
    places = forms.IntegerField(
        label="Places",
        required=False,
        min_value=1,
        max_value=1000,
        help_text="How many people may be in it at once. Leave it empty for no limit.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-3"}),
    )
    submit = "Save cohort"

    def limit_choices(self) -> None:
        versions = ProgrammeVersion.objects.visible_to(self.user).published()
        self.fields["programme_version"].queryset = versions.select_related("programme").order_by(
            "programme__name", "-number"
        )
        site = self.fields["site"]
        site.queryset = sites_to_choose(self.user)
        if not covers_all_sites(self.user):
            site.required, site.empty_label = True, None


class EnrolmentForm(RecordForm):
    cohort = forms.ModelChoiceField(label="Cohort", queryset=None, empty_label="Choose a cohort")
    commenced_on = DateBoxesField(
        label="First session attended",
        required=False,
        help_text="Leave this empty until they have attended one.",
    )
    outcome = forms.ChoiceField(
        label="What has come of it?",
        choices=Outcome,
        widget=forms.RadioSelect,
        initial=Outcome.ACTIVE,
    )
    outcome_on = DateBoxesField(
        label="Date of the outcome",
        required=False,
        help_text="The day they completed, withdrew or deferred.",
    )
    outcome_reason = forms.ModelChoiceField(
        label="Reason for withdrawing or deferring",
        queryset=None,
        required=False,
        empty_label="No reason recorded",
        help_text="Never a health detail.",
    )
    submit = "Save training"

    def limit_choices(self) -> None:
        self.fields["cohort"].queryset = Cohort.objects.changeable_by(self.user)
        self.fields["outcome_reason"].queryset = OutcomeReason.objects.all()

    def clean(self) -> dict:
        self.not_after_today("commenced_on", "The first session attended cannot be in the future")
        self.not_after_today("outcome_on", "An outcome cannot be in the future")
        given = self.cleaned_data
        ended = given.get("outcome") not in {None, Outcome.ACTIVE}
        if ended and not given.get("outcome_on") and "outcome_on" not in self.errors:
            self.add_error("outcome_on", "Enter the date of the outcome")
        return given
