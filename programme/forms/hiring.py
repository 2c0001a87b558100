"""What a lead types between an offer and the first day."""

from decimal import Decimal

from django import forms
from django.db.models import Q

from design.fields import DateBoxesField, LineField
from programme.actions.hiring import HEALTH_OUTCOMES, offer_version
from programme.actions.saving import version_of
from programme.forms.base import RecordForm
from programme.models import (
    Applicant,
    CheckOutcome,
    CheckStandard,
    EmploymentCheck,
    OfferAnswer,
    Person,
    RoundKind,
    StartReason,
    Turn,
)

NEW = "new"
RECORDED_MEANWHILE = (
    "Somebody else finished this check while you were writing, and what came of it is theirs to "
    "know. Nothing of yours is saved. Save again only to put yours in its place."
)
FIT = {CheckOutcome.CLEAR: "Fit", CheckOutcome.WITH_ADJUSTMENTS: "Fit with adjustments"}


class OfferForm(RecordForm):
    offered_on = DateBoxesField(label="Day of the offer", help_text="For example, 15 3 2026")
    offer_reply_by = DateBoxesField(label="Answer wanted by", required=False)
    offer_answer = forms.ChoiceField(
        label="Answer",
        choices=[("", "No answer yet"), *OfferAnswer.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    offer_answered_on = DateBoxesField(label="Answered on", required=False)
    starts_on = DateBoxesField(label="Agreed first day", required=False)
    settled = forms.BooleanField(
        label="I have answered what they asked",
        required=False,
        help_text="Until then their offer does not lapse. A later day above answers it too.",
    )
    submit = "Save offer"

    def limit_choices(self) -> None:
        if not self.record.offer_asked:
            del self.fields["settled"]

    def _fill_in(self, record: Applicant) -> None:
        for name in self.fields:
            self.initial.setdefault(name, getattr(record, name, None))
        self.fields["version"] = forms.CharField(
            required=False, widget=forms.HiddenInput, initial=offer_version(record)
        )

    def _show_what_is_saved(self, current: Applicant) -> None:
        super()._show_what_is_saved(current)
        self.data["version"] = offer_version(current)

    def clean(self) -> dict:
        self.not_after_today("offered_on", "An offer cannot have been made in the future")
        self.not_after_today("offer_answered_on", "The answer cannot be in the future")
        given = self.cleaned_data
        made, answered = given.get("offered_on"), given.get("offer_answered_on")
        if bool(given.get("offer_answer")) != bool(answered) and not self.errors:
            self.add_error("offer_answered_on", "An answer needs its day, and a day its answer")
        for name in ("offer_reply_by", "offer_answered_on", "starts_on"):
            if made and given.get(name) and given[name] < made:
                self.add_error(name, "This cannot be before the offer was made")
        return given


class CheckForm(RecordForm):
    """One check; what somebody else found is not filled in, for leads see only *complete*."""

    outcome = forms.ChoiceField(
        label="What came of it?", choices=CheckOutcome.choices, widget=forms.RadioSelect
    )
    outcome_on = DateBoxesField(
        label="On which day?", required=False, help_text="Leave this empty until it is finished."
    )
    turn = forms.ChoiceField(
        label="If it is not finished, whose turn is it?",
        choices=[choice for choice in Turn.choices if choice[0] != Turn.NOBODY],
        widget=forms.RadioSelect,
        required=False,
    )
    expected_on = DateBoxesField(label="When is it expected?", required=False)
    submit = "Save check"

    def limit_choices(self) -> None:
        if self.record.checker_id and self.record.checker_id != self.user.pk:
            self.initial |= {"outcome": "", "outcome_on": None}
        if self.record.standard == CheckStandard.HEALTH:
            self.fields["outcome"].choices = [
                (outcome.value, FIT.get(outcome, outcome.label)) for outcome in HEALTH_OUTCOMES
            ]
            return
        self.fields["outcome"].choices = [
            choice for choice in CheckOutcome.choices if choice[0] != CheckOutcome.WITH_ADJUSTMENTS
        ]

    def _show_what_is_saved(self, current: EmploymentCheck) -> None:
        if current.checker_id in {None, self.user.pk}:
            super()._show_what_is_saved(current)
            return
        self.add_error(None, RECORDED_MEANWHILE)
        self.data = self.data.copy()
        self.data["version"] = version_of(current)

    def clean(self) -> dict:
        self.not_after_today("outcome_on", "An outcome cannot be in the future")
        given = self.cleaned_data
        finished = given.get("outcome") not in {None, CheckOutcome.WAITING}
        if finished and not given.get("outcome_on") and "outcome_on" not in self.errors:
            self.add_error("outcome_on", "Enter the day of the outcome")
        if given.get("outcome") == CheckOutcome.WAITING and not given.get("turn"):
            self.add_error("turn", "Choose whose turn it is")
        return given


class StartExceptionForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why may they start before every check is finished?",
        choices=StartReason.choices,
        widget=forms.RadioSelect,
    )


class AppointForm(RecordForm):
    """Whose record it becomes, and for a post the first day and the hours."""

    who = forms.ChoiceField(label="Whose record is it?", widget=forms.RadioSelect)
    reference = LineField(
        label="Reference of the new record",
        max_length=40,
        required=False,
        help_text="Your own number for this person, for example from ESR.",
    )
    started_on = DateBoxesField(label="First day in post")
    contracted_hours = forms.DecimalField(
        label="Contracted hours a week",
        max_digits=8,
        decimal_places=5,
        min_value=Decimal(0),
        required=False,
        help_text="For example 22.5. Leave it empty when you do not know.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "nhsuk-input--width-5"}),
    )

    def __init__(self, *args, applicant: Applicant, **kwargs):
        self.applicant = applicant
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        """Records that may be this applicant's: the same address, or the same name."""
        applicant = self.applicant
        alike = Q(email__iexact=applicant.email) | Q(sort_name=applicant.sort_name)
        people = Person.objects.visible_to(self.user).filter(alike)
        self.people = {str(person.pk): person for person in people}
        known = [
            (key, f"{person}, reference {person.reference}, {person.email or 'no email address'}")
            for key, person in self.people.items()
        ]
        self.fields["who"].choices = [*known, (NEW, "A new record")]
        if not known:
            self.fields["who"].initial = NEW
            self.fields["who"].widget = forms.HiddenInput()
            self.fields["reference"].required = True
        self.fields["started_on"].initial = applicant.starts_on
        if applicant.round.kind == RoundKind.INTAKE:
            del self.fields["started_on"], self.fields["contracted_hours"]
            self.submit = "Make a trainee"
        else:
            self.submit = "Start in post"

    def clean(self) -> dict:
        given = self.cleaned_data
        if (
            given.get("who") == NEW
            and not given.get("reference")
            and "reference" not in self.errors
        ):
            self.add_error("reference", "Enter a reference for the new record")
        return given

    @property
    def values(self) -> dict:
        given = super().values
        return {"person": self.people.get(given.pop("who")), **given}
