"""What is typed into the directory of supervisors."""

from django import forms

from accounts.models import Site
from accounts.roles import ARRANGE_SUPERVISION
from design.fields import DateBoxesField, LineField
from programme.forms.base import RecordForm
from supervision.models import LivedExperience


class EntryForm(RecordForm):
    """What a lead and the supervisor both may say: where, training, places, hours."""

    where = forms.ModelMultipleChoiceField(
        label="Where they supervise",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick none for every site.",
    )
    trained_on = DateBoxesField(label="Trained to supervise peer workers on", required=False)
    capacity = forms.IntegerField(
        label="People they can supervise at once", required=False, min_value=0, max_value=200
    )
    protected_hours = forms.DecimalField(
        label="Protected hours a month for supervision",
        required=False,
        max_digits=5,
        decimal_places=2,
        help_text="For example, 8 or 7.5",
    )
    next_free_on = DateBoxesField(
        label="Next free from", required=False, help_text="Leave it empty if that is now."
    )
    submit = "Save supervisor"

    def limit_choices(self) -> None:
        self.fields["where"].queryset = Site.objects.all()
        if self.record is not None:
            self.initial["where"] = [site.pk for site in self.record.sites.all()]

    def clean(self) -> None:
        self.not_after_today("trained_on", "The training must be today or in the past")


class SupervisorForm(EntryForm):
    """A lead's part: nothing that is the supervisor's own to say."""

    def limit_choices(self) -> None:
        super().limit_choices()
        sites = self.user.sites_for(ARRANGE_SUPERVISION)
        if sites is not None:
            where = self.fields["where"]
            where.queryset = Site.objects.filter(pk__in=sites)
            where.required, where.help_text = True, "Your own sites."


class AddSupervisorForm(SupervisorForm):
    email = forms.EmailField(
        label="Email address of the account",
        max_length=254,
        help_text="The address with which this person signs in.",
    )
    field_order = ["email"]
    submit = "Add to the directory"

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class OwnEntryForm(EntryForm):
    """One's own entry, with what only oneself says."""

    lived_experience = forms.ChoiceField(
        label="Your lived experience",
        choices=[
            (LivedExperience.UNSAID, "I would rather not say"),
            (LivedExperience.YES, "I have lived experience"),
            (LivedExperience.NO, "I do not have lived experience"),
        ],
        required=False,
        widget=forms.RadioSelect,
        help_text="Yours to say or not. No history of it is kept, and nobody else can change it. "
        "Whoever says no is not offered for lived experience supervision.",
    )
    about = LineField(
        label="About me",
        max_length=500,
        required=False,
        help_text="A line or two that peer workers read when they choose.",
    )
    listed = forms.TypedChoiceField(
        label="Show me to peer workers who choose a supervisor",
        choices=[("True", "Yes"), ("False", "No")],
        coerce=lambda value: value == "True",
        initial="True",
        widget=forms.RadioSelect,
    )
    field_order = ["lived_experience", "about", "listed"]
    submit = "Save my entry"

    def limit_choices(self) -> None:
        super().limit_choices()
        self.fields["where"].label = "Where you supervise"
        self.fields["trained_on"].label = "When you were trained to supervise peer workers"
        self.fields["capacity"].label = "People you can supervise at once"
