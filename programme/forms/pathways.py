"""What a lead types about pathways and their steps."""

from django import forms

from design.fields import LineField, LongTextField
from programme.forms.base import RecordForm


class PathwayForm(RecordForm):
    name = LineField(label="Name", max_length=120, help_text="For example: peer support in wards.")
    submit = "Save pathway"


class StepForm(RecordForm):
    position = forms.IntegerField(
        label="Place on the pathway",
        min_value=1,
        max_value=99,
        help_text="1 is the first step.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-2"}),
    )
    role = LineField(label="Role", max_length=120)
    band = LineField(
        label="AfC band",
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-5"}),
    )
    criteria = LongTextField(
        label="What it takes to enter",
        max_length=4000,
        required=False,
        help_text="Experience, training and anything else. Everybody on the pathway reads it.",
    )
    goals = LongTextField(
        label="What to aim for",
        max_length=4000,
        required=False,
        help_text="What somebody in this role can work towards.",
    )
    submit = "Save step"
