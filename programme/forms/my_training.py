"""What people type about their own training and learning."""

from decimal import Decimal

from django import forms

from design.fields import DateBoxesField, LineField, LongTextField
from programme.forms.base import RecordForm

SCORES = [(1, "Not at all"), (2, "A little"), (3, "Somewhat"), (4, "A lot"), (5, "Very much")]


def score(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=SCORES, coerce=int, widget=forms.RadioSelect)


class FeedbackForm(RecordForm):
    useful = score("How useful was the session for you?")
    able_to_take_part = score("How able did you feel to take part?")
    comment = LongTextField(
        label="Is there anything you want to add?",
        max_length=1000,
        required=False,
        help_text="Do not write who you are, or anything about somebody else’s health.",
    )
    submit = "Send feedback"


class LearningForm(RecordForm):
    topic = LineField(
        label="What did you learn about?",
        max_length=200,
        help_text="Only you see this.",
    )
    learned_on = DateBoxesField(label="On which day?", help_text="For example, 15 3 2026")
    hours = forms.DecimalField(
        label="Hours",
        max_digits=5,
        decimal_places=2,
        min_value=Decimal("0.25"),
        max_value=Decimal(100),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "nhsuk-input--width-5"}),
    )
    hours_shared = forms.BooleanField(
        label="Count these hours in the programme’s total",
        required=False,
        help_text="The total of everybody who agrees, from ten people up. Never your name, your "
        "own hours or what it was about.",
    )
    submit = "Save learning"

    def clean(self) -> dict:
        self.not_after_today("learned_on", "Learning cannot be in the future")
        return self.cleaned_data
