"""What a worker writes in their wellness plan, and whom they let read it."""

import datetime as dt

from django import forms

from accounts.models import User
from design.fields import DateBoxesField, LineField, LongTextField
from programme.forms.base import RecordForm
from wellbeing.colleagues import to_choose_from
from wellbeing.forms.hints import NO_DIAGNOSES
from wellbeing.models import PlanHeading, PlanSection, PlanShare
from wellbeing.plans import adjustments_of

LONGEST = 4000
HALF_A_YEAR = dt.timedelta(days=182)
HINTS = {
    PlanHeading.WELL: "For example a walk before the first visit, a lunch break away from the "
    "desk, or somebody who asks.",
    PlanHeading.HARD: "For example going quiet in meetings or working late. Signs that others can "
    "see.",
    PlanHeading.HELPS: "For example a change of task, a call, or ten minutes outside.",
    PlanHeading.NOT_HELPING: "For example advice I did not ask for, or being asked in front of "
    "others.",
    PlanHeading.OTHERS: "What a colleague, supervisor or manager can do or say, and what they can "
    "leave to you.",
    PlanHeading.CONTACTS: "Who may be called, when, and who should not be.",
    PlanHeading.RETURN: "What you want to be kept in touch about, and how the first week back "
    "should be.",
}


class SectionForm(RecordForm):
    words = LongTextField(label="", max_length=LONGEST, required=False)
    submit = "Save"

    def limit_choices(self) -> None:
        field, heading = self.fields["words"], PlanHeading(self.record.heading)
        field.label, field.help_text = heading.label, f"{HINTS[heading]} {NO_DIAGNOSES}"
        field.widget.attrs["rows"] = 10


class ReviewForm(RecordForm):
    review_on = DateBoxesField(
        label="When do you want to look at it again?",
        required=False,
        help_text="For you alone. You are told on that day, in words that do not say of what, and "
        "nobody else is. Leave it empty for no day.",
    )
    submit = "Save"


class PartsForm(RecordForm):
    """Which parts of one's own plan; only those with words can be chosen."""

    sections = forms.ModelMultipleChoiceField(
        label="Which parts?",
        queryset=PlanSection.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    adjustments = forms.BooleanField(
        label="My adjustments, as I share them with leads", required=False
    )

    def __init__(self, *args, plan, **kwargs):
        self.plan = plan
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        self.fields["sections"].queryset = self.plan.sections.exclude(words="")
        if not adjustments_of(self.plan.person).exists():
            del self.fields["adjustments"]

    @property
    def values(self) -> dict:
        return {"adjustments": False} | super().values


class ShareForm(PartsForm):
    reader = forms.ModelChoiceField(
        label="Who may read it?",
        queryset=User.objects.none(),
        empty_label="Choose somebody",
        error_messages={"required": "Choose who may read it"},
        help_text="Leads and supervisors of your sites, and who supervises you.",
    )
    purpose = LineField(
        label="What for?",
        max_length=200,
        error_messages={"required": "Write what you share it for"},
        help_text="They read this too. For example: so that we can talk about my first month.",
    )
    until = DateBoxesField(
        label="Until when?",
        error_messages={"required": "Enter the last day on which they may read it"},
        help_text="The last day. You can take it back at any time before.",
    )
    field_order = ["reader", "sections", "adjustments", "purpose", "until"]
    submit = "Let them read it"

    def limit_choices(self) -> None:
        super().limit_choices()
        self.fields["sections"].help_text = (
            "They read what stands there, now and as you change it. Parts that you do not tick "
            "stay yours alone."
        )
        self.fields["reader"].queryset = to_choose_from(self.plan.person, self.today)
        self.initial["until"] = self.plan.review_on or self.today + HALF_A_YEAR
        if isinstance(self.record, PlanShare):
            del self.fields["reader"]
            self.initial["until"] = self.record.until
            self.initial["sections"] = self.record.sections.all()


class CopyForm(PartsForm):
    submit = "Make the copy"

    def limit_choices(self) -> None:
        super().limit_choices()
        self.initial["sections"] = self.fields["sections"].queryset
        self.initial["adjustments"] = True

    def clean(self) -> None:
        given = self.cleaned_data
        if not given.get("sections") and not given.get("adjustments"):
            self.add_error("sections", "Choose at least one part")
