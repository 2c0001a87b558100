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
    may_return = forms.TypedChoiceField(
        label="May they return?",
        choices=[("", "Not known"), ("True", "Yes"), ("False", "No")],
        coerce=lambda chosen: chosen == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text="Only for somebody who withdrew or deferred.",
    )
    later_cohort = forms.ModelChoiceField(
        label="Later cohort",
        queryset=None,
        required=False,
        empty_label="None yet",
        help_text="Where somebody who deferred goes on. They get a place there.",
    )
    submit = "Save training"

    def limit_choices(self) -> None:
        cohorts = Cohort.objects.changeable_by(self.user)
        self.fields["cohort"].queryset = self.fields["later_cohort"].queryset = cohorts
        self.fields["outcome_reason"].queryset = OutcomeReason.objects.all()
        following = self.record and self.record.next_enrolment
        if following and not cohorts.filter(pk=following.cohort_id).exists():
            del self.fields["later_cohort"]  # at another site: not theirs to change
        elif following:
            self.initial["later_cohort"] = following.cohort_id

    @property
    def values(self) -> dict:
        """What was filled in, without the later cohort, which is kept as a place of its own."""
        return {name: value for name, value in super().values.items() if name != "later_cohort"}

    def clean(self) -> dict:
        self.not_after_today("commenced_on", "The first session attended cannot be in the future")
        self.not_after_today("outcome_on", "An outcome cannot be in the future")
        given = self.cleaned_data
        ended = given.get("outcome") not in {None, Outcome.ACTIVE}
        if ended and not given.get("outcome_on") and "outcome_on" not in self.errors:
            self.add_error("outcome_on", "Enter the date of the outcome")
        self._check_later_cohort(given)
        return given

    def _check_later_cohort(self, given: dict) -> None:
        cohort, later = given.get("cohort"), given.get("later_cohort")
        if not later:
            return
        if given.get("outcome") != Outcome.DEFERRED:
            self.add_error("later_cohort", "Choose a later cohort only for somebody who deferred")
        elif cohort and _begins_no_later(cohort, later):
            self.add_error("later_cohort", "Choose a cohort that starts after this one")


def _begins_no_later(cohort: Cohort, later: Cohort) -> bool:
    if later == cohort:
        return True
    return bool(cohort.starts_on and later.starts_on and later.starts_on <= cohort.starts_on)
