"""What a worker types about being asked, sharing, and one's own notes."""

import datetime as dt
import uuid

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from design.fields import DateBoxesField, LineField, LongTextField
from programme.forms.base import RecordForm
from questionnaires.definition import Definition
from questionnaires.forms import AnswerForm
from wellbeing.forms.hints import NO_DIAGNOSES
from wellbeing.models import Every, Weekday

HOURS = [(hour, f"{hour:02}:00") for hour in range(7, 21)]
LONGEST_PAUSE = 366  # days


class CheckInForm(AnswerForm):
    """A questionnaire for one occasion, kept while it is answered.

    Args:
        occasion: the day it is for.
        asks: the version of the questionnaire whose questions stand on the page.
        read: the mark of the answers that the page began with.
        keep: where what is typed is sent; nowhere when empty.
    """

    occasion = forms.CharField(required=False, widget=forms.HiddenInput)
    read = forms.CharField(required=False, widget=forms.HiddenInput)
    asks = forms.CharField(required=False, widget=forms.HiddenInput)
    question = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        definition: Definition,
        data: dict | None = None,
        *,
        occasion: dt.date,
        asks: uuid.UUID | str = "",
        read: str = "",
        keep: str = "",
        only: str | None = None,
        **kwargs,
    ):
        super().__init__(definition, data, only=only, **kwargs)
        hidden = {"occasion": occasion.isoformat(), "read": read, "asks": asks, "question": only}
        self.initial |= hidden
        self.helper.layout.fields += hidden
        for field in self.fields.values():
            if isinstance(field, LineField | LongTextField):
                field.help_text = f"{field.help_text} {NO_DIAGNOSES}".strip()
        if keep:
            self.helper.attrs = {"data-autosave": keep}


class RhythmForm(RecordForm):
    """How often, on which day and from when."""

    every_days = forms.TypedChoiceField(
        label="How often would you like to be asked?",
        choices=Every.choices,
        coerce=int,
        initial=Every.FORTNIGHT,
        widget=forms.RadioSelect,
    )
    weekday = forms.TypedChoiceField(
        label="On which day?", choices=Weekday.choices, coerce=int, initial=Weekday.WEDNESDAY
    )
    hour = forms.TypedChoiceField(label="From what time?", choices=HOURS, coerce=int, initial=9)
    at_points = forms.BooleanField(
        label="Also after my training, and 4 and 12 months later",
        required=False,
        initial=True,
        help_text="Many people find the fourth month hard. It is good to look back.",
    )

    submit = "Save"


class PauseForm(RecordForm):
    """Until when nothing is asked; nobody needs a reason."""

    until = DateBoxesField(
        label="Day to ask me again",
        help_text="You do not need a reason, and nobody is told.",
        error_messages={"required": "Enter the day to ask you again"},
    )

    submit = "Pause"

    def clean_until(self) -> dt.date:
        until = self.cleaned_data["until"]
        if until <= self.today:
            raise ValidationError("Choose a day to come")
        if until > self.today + dt.timedelta(days=LONGEST_PAUSE):
            raise ValidationError("Choose a day within a year. You can also stop being asked")
        return until


class Named(forms.ModelChoiceField):
    """A list of people by their names."""

    def label_from_instance(self, obj: User) -> str:
        return obj.name


class ShareForm(RecordForm):
    """Who may read one check-in, and until when.

    Args:
        colleagues: whom the worker may choose.
    """

    reader = Named(
        label="Who may read it?",
        queryset=User.objects.none(),
        empty_label="Choose a person",
        error_messages={"required": "Choose who may read it"},
    )
    ends_on = DateBoxesField(
        label="Until",
        required=False,
        help_text="The last day on which they can read it. Leave it empty for until you take it "
        "back.",
    )
    keep_open = forms.BooleanField(
        label="They may read it still when they no longer supervise me",
        required=False,
        help_text="Only for somebody who supervises you. Otherwise it ends with the supervision.",
    )

    submit = "Let them read this one"

    def __init__(self, *args, colleagues, **kwargs):
        self.colleagues = colleagues
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        self.fields["reader"].queryset = self.colleagues

    def clean_ends_on(self) -> dt.date | None:
        day = self.cleaned_data["ends_on"]
        if day and day < self.today:
            raise ValidationError("Choose today or a day to come, or leave it empty")
        return day


class NoteForm(RecordForm):
    """A note of one's own on one check-in."""

    note = LongTextField(
        label="My note",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=f"Only you can ever read it, also where you share the check-in. {NO_DIAGNOSES}",
    )

    submit = "Save note"
