"""What two people type about their agreement, and what a lead assigns."""

from django import forms

from design.fields import DateBoxesField, LineField, LongTextField
from programme.forms.base import RecordForm
from programme.leads import sites_of
from programme.models import Person
from supervision.models import Agreement, SupervisionKind, Supervisor
from supervision.permissions import group_of

LONGEST = 20_000
OWN_TO_SAY = (
    "The worker chose this kind for lived experience. What a supervisor says of their own is not "
    "shown here: ask them. The worker can ask for another stand-in."
)
DAY_HINT = "For example, 15 3 2026"
FIRST_DAY = {"required": "Enter the first day"}
LAST_DAY = {"required": "Enter the last day"}
BETWEEN = "Enter how many days lie between two sessions"
LASTS = "Enter how many minutes a session lasts"


class TermsForm(RecordForm):
    """A version of the terms; saving it asks both to sign anew."""

    cadence_days = forms.IntegerField(
        label="Days from one session to the next",
        min_value=1,
        max_value=366,
        error_messages={"required": BETWEEN},
    )
    minutes = forms.IntegerField(
        label="Minutes a session",
        min_value=5,
        max_value=480,
        error_messages={"required": LASTS},
    )
    place = LineField(
        label="Where",
        max_length=120,
        required=False,
        help_text="A room, online, or a walk outside.",
    )
    purpose = LongTextField(label="What it is for", max_length=LONGEST, required=False)
    confidentiality = LongTextField(
        label="What stays between you",
        max_length=LONGEST,
        error_messages={"required": "Write what stays between you"},
    )
    limits = LongTextField(
        label="The limits of that",
        max_length=LONGEST,
        help_text="What may have to be passed on: a serious risk, safeguarding, a legal duty.",
        error_messages={"required": "Write what may have to be passed on"},
    )
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=30_000)
    submit = "Save for both to sign"

    def show_newest(self, agreement: Agreement) -> None:
        """After a refusal: what is sent next has read the newest version."""
        terms = agreement.terms.order_by("-number").first()
        self.data = self.data.copy()
        self.data["number"] = terms.number if terms else 0


class SignForm(RecordForm):
    """A signature; a supervisor also says whether there is a conflict of interest."""

    conflict = forms.TypedChoiceField(
        label="Is there a conflict of interest?",
        choices=[("no", "No"), ("yes", "Yes")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        help_text="For example, you are or were this person’s clinician. Say only yes or no: "
        "nobody asks what it is. With a conflict there is no agreement.",
        error_messages={"required": "Say whether there is a conflict of interest"},
    )
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=30_000)
    submit = "Sign"

    def __init__(self, *args, by_supervisor: bool, **kwargs):
        self.by_supervisor = by_supervisor
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        if not self.by_supervisor:
            del self.fields["conflict"]


class NoteForm(RecordForm):
    """What the next supervisor should know."""

    words = LongTextField(
        label="Hand-over note",
        max_length=LONGEST,
        required=False,
        help_text="For whoever supervises next. The worker reads it too, so write what you "
        "would say with them in the room.",
    )
    submit = "Save hand-over note"


class EndForm(NoteForm):
    """Ending asks for no reason; a supervisor may leave a note."""

    submit = "End the agreement"

    def __init__(self, *args, by_supervisor: bool, **kwargs):
        self.by_supervisor = by_supervisor
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        if not self.by_supervisor:
            del self.fields["words"]


class SupervisorChoice(forms.ModelChoiceField):
    """A supervisor with how many people they have, for who arranges; by name, never ranked."""

    def label_from_instance(self, entry: Supervisor) -> str:
        people = "1 person" if entry.people == 1 else f"{entry.people} people"
        places = f", place for {entry.capacity}" if entry.capacity is not None else ""
        return f"{entry} ({people}{places})"


class AssignForm(RecordForm):
    """A lead names a supervisor; the kind that workers choose themselves is not offered."""

    kind = forms.ModelChoiceField(
        label="Kind of supervision", queryset=None, empty_label=None, widget=forms.RadioSelect
    )
    entry = SupervisorChoice(
        label="Supervisor",
        queryset=None,
        empty_label="Choose a supervisor",
        help_text="From the directory of supervisors. Both sign before the first session.",
    )
    starts_on = DateBoxesField(label="First day", help_text=DAY_HINT, error_messages=FIRST_DAY)
    submit = "Assign supervisor"

    def __init__(self, *args, person: Person, **kwargs):
        self.person = person
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        kinds = SupervisionKind.objects.filter(by_lived_experience=False)
        self.fields["kind"].queryset = kinds
        entries = Supervisor.objects.at(sites_of(self.person, self.today))
        entries = entries.exclude(user=self.person.user_id).with_people_on(self.today)
        self.fields["entry"].queryset = entries.select_related("user")

    def clean(self) -> None:
        day = self.cleaned_data.get("starts_on")
        if day and abs((day - self.today).days) > 366:
            self.add_error("starts_on", "The first day must be within a year of today")


class CoverForm(RecordForm):
    """Who stands in, from when to when, and what they should know."""

    entry = SupervisorChoice(
        label="Who stands in",
        queryset=None,
        empty_label="Choose a supervisor",
        error_messages={"required": "Choose who stands in"},
    )
    starts_on = DateBoxesField(label="First day", help_text=DAY_HINT, error_messages=FIRST_DAY)
    last_day = DateBoxesField(
        label="Last day",
        help_text="It ends by itself after that day. For example, 29 3 2026",
        error_messages=LAST_DAY,
    )
    words = LongTextField(
        label="What the stand-in should know",
        max_length=LONGEST,
        required=False,
        help_text="The worker reads it too. Earlier records stay closed to the stand-in unless "
        "the worker opens them.",
    )
    submit = "Arrange cover"

    def __init__(self, *args, agreement: Agreement, **kwargs):
        self.agreement = agreement
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        between = [self.agreement.supervisor_id, self.agreement.person.user_id, self.user.pk]
        entries = Supervisor.objects.at(sites_of(self.agreement.person, self.today))
        entries = entries.exclude(user__in=[user for user in between if user])
        if self.agreement.kind.by_lived_experience:
            self.fields["entry"].help_text = OWN_TO_SAY
        self.fields["entry"].queryset = entries.with_people_on(self.today).select_related("user")

    @property
    def values(self) -> dict:
        values = super().values
        return values | {"stand_in": values.pop("entry").user}


class GroupChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, agreement: Agreement) -> str:
        return str(agreement.person)


class GroupCoverForm(CoverForm):
    """The same for everybody of a group at once."""

    agreements = GroupChoice(
        label="For whom?",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text="Everybody of this group. Take out whoever has a stand-in of their own.",
        error_messages={"required": "Choose for whom somebody stands in"},
    )
    field_order = ["agreements", "entry", "starts_on", "last_day", "words"]

    def limit_choices(self) -> None:
        super().limit_choices()
        group = group_of(self.agreement, self.user, self.today)
        self.fields["agreements"].queryset = group
        self.initial["agreements"] = [row.pk for row in group]
        self.fields["words"].help_text = (
            "Everybody chosen reads it too, so it says nothing about one of them. Earlier records "
            "stay closed to the stand-in unless each of them opens their own."
        )


class LastDayForm(RecordForm):
    last_day = DateBoxesField(label="Last day", help_text=DAY_HINT, error_messages=LAST_DAY)
    submit = "Save last day"
