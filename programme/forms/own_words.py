"""What people write themselves, and who may read it."""

from django import forms

from design.fields import DateBoxesField, LongTextField
from programme.forms.base import RecordForm
from programme.models import Answer

LONGEST = 4000
ONLY_ME, LEADS = "me", "leads"


class OwnWordsForm(RecordForm):
    """Words with the choice of who may read them: nobody else, unless their author says so."""

    share = forms.ChoiceField(
        label="Who may read this?",
        choices=[(ONLY_ME, "Only me"), (LEADS, "Me and the programme leads of my site")],
        initial=ONLY_ME,
        widget=forms.RadioSelect,
        help_text="You can change this at any time. Only those you choose can read it.",
    )

    def limit_choices(self) -> None:
        if self.record is not None:
            self.initial["share"] = LEADS if self.record.shared_on else ONLY_ME

    @property
    def values(self) -> dict:
        return super().values | {"share": self.cleaned_data["share"] == LEADS}


class AdjustmentForm(OwnWordsForm):
    text = LongTextField(
        label="What helps me work well",
        max_length=LONGEST,
        error_messages={"required": "Write what helps you work well"},
        help_text="Write the adjustment, for example a later start or a quiet room. You do not "
        "need to say why, and a condition does not belong here.",
    )
    field_order = ["text", "share"]
    submit = "Save adjustment"


class GoalForm(OwnWordsForm):
    text = LongTextField(
        label="My goal", max_length=LONGEST, error_messages={"required": "Write your goal"}
    )
    target_on = DateBoxesField(label="By when", required=False)
    reached_on = DateBoxesField(label="Reached on", required=False)
    field_order = ["text", "target_on", "reached_on", "share"]
    submit = "Save goal"

    def clean(self) -> None:
        self.not_after_today("reached_on", "The day you reached it must be today or in the past")


class ExitForm(RecordForm):
    """What somebody says on leaving, and whether its ticked answers count."""

    supported = forms.ChoiceField(
        label="Did you feel supported in this role?", required=False, widget=forms.RadioSelect
    )
    recommends = forms.ChoiceField(
        label="Would you recommend this role to others?", required=False, widget=forms.RadioSelect
    )
    would_return = forms.ChoiceField(
        label="Would you come back?", required=False, widget=forms.RadioSelect
    )
    text = LongTextField(
        label="Anything you want to say",
        max_length=LONGEST,
        required=False,
        help_text="For yourself. Nobody else can read it.",
    )
    release = forms.ChoiceField(
        label="May the three ticked answers be counted?",
        choices=[
            ("keep", "No, keep everything to myself"),
            ("count", "Yes, in totals of ten leavers or more, without my name"),
        ],
        initial="keep",
        widget=forms.RadioSelect,
    )
    submit = "Save"

    def limit_choices(self) -> None:
        for name in ("supported", "recommends", "would_return"):
            self.fields[name].choices = [*Answer.choices, ("", "I would rather not say")]
        if self.record is not None:
            self.initial["release"] = "count" if self.record.released_on else "keep"

    @property
    def values(self) -> dict:
        values = super().values
        return values | {"release": values["release"] == "count"}
