"""What a lead types about the sessions of a cohort."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError

from design.fields import DateBoxesField, LineField, LongTextField
from programme.forms.base import RecordForm
from programme.models import CompetenceDomain, TrainingSession

MOST_WEEKS = 52
NARROW = {"class": "nhsuk-input--width-5"}


class ClockField(forms.TimeField):
    """A time of day as people write it: 10, 9:30, 9.30, 2pm, 2:30 pm."""

    default_error_messages = {"invalid": "Enter a time like 10:00 or 2:30pm"}

    def __init__(self, **settings):
        formats = ["%H:%M", "%H.%M", "%H", "%I%p", "%I:%M%p", "%I.%M%p", "%H:%M:%S"]
        widget = forms.TextInput(attrs=NARROW)
        super().__init__(input_formats=formats, required=False, widget=widget, **settings)

    def to_python(self, value: object) -> dt.time | None:
        return super().to_python(value.replace(" ", "") if isinstance(value, str) else value)

    def prepare_value(self, value: object) -> object:
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value


class LinesField(LongTextField):
    """Lines of text, each one thing: empty lines are left out."""

    def __init__(self, *, longest: int = 120, rows: int = 3, **settings):
        self.longest = longest
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **settings)

    def to_python(self, value: object) -> list[str]:
        text = super().to_python(value) or ""
        return [line.strip() for line in text.replace("\t", " ").split("\n") if line.strip()]

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if any(len(line) > self.longest for line in value):
            raise ValidationError(f"Each line must have {self.longest} characters or fewer")

    def prepare_value(self, value: object) -> object:
        return "\n".join(value) if isinstance(value, list) else value


class SessionForm(RecordForm):
    held_on = DateBoxesField(label="Date", help_text="For example, 15 3 2026")
    starts_at = ClockField(label="Starts at", help_text="For example, 10:00")
    ends_at = ClockField(label="Ends at", help_text="For example, 16:00")
    topic = LineField(label="Topic", max_length=120)
    domain = forms.ModelChoiceField(
        label="Competence domain", queryset=None, required=False, empty_label="None in particular"
    )
    place = LineField(label="Place", max_length=120, required=False, help_text="A room, or online.")
    peers = LinesField(
        label="Peers who lead it",
        required=False,
        help_text="People with lived experience who lead it in that role. One name a line.",
    )
    others = LinesField(label="Others who lead it", required=False, help_text="One name a line.")
    submit = "Save session"

    def limit_choices(self) -> None:
        self.fields["domain"].queryset = CompetenceDomain.objects.visible_to(self.user)
        if isinstance(self.record, TrainingSession):
            named = list(self.record.facilitators.all())
            self.initial["peers"] = [row.name for row in named if row.is_peer]
            self.initial["others"] = [row.name for row in named if not row.is_peer]

    @property
    def values(self) -> dict:
        """What was filled in, without who leads it, which is kept in rows of its own."""
        given = dict(super().values)
        del given["peers"], given["others"]
        return given


class WeeklyForm(RecordForm):
    first_on = DateBoxesField(label="First session", help_text="For example, 15 3 2026")
    number = forms.IntegerField(
        label="How many weeks",
        initial=12,
        min_value=1,
        max_value=MOST_WEEKS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-2"}),
    )
    starts_at = ClockField(label="Starts at", help_text="For example, 10:00")
    ends_at = ClockField(label="Ends at", help_text="For example, 16:00")
    place = LineField(label="Place", max_length=120, required=False, help_text="A room, or online.")
    topics = LinesField(
        label="Topics",
        rows=6,
        required=False,
        help_text="One a line, in order. A session without one is called by its number; you can "
        "change each of them later.",
    )
    break_on = DateBoxesField(
        label="A week without a session",
        required=False,
        help_text="The day that is left out, such as a bank holiday. The series is then a week "
        "longer.",
    )
    submit = "Add the sessions"

    def clean(self) -> dict:
        given = self.cleaned_data
        number, topics = given.get("number"), given.get("topics") or []
        if number and len(topics) > number:
            self.add_error("topics", f"There are {len(topics)} topics for {number} sessions")
        return given

    @property
    def values(self) -> dict:
        given = dict(super().values)
        day = given.pop("break_on")
        return given | {"without": [day] if day else []}
