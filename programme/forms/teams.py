"""What a lead types about how a team is prepared."""

from django import forms

from design.fields import DateBoxesField, LineField
from programme.forms.base import RecordForm


class PreparationForm(RecordForm):
    session = LineField(
        label="Session", max_length=120, help_text="For example: what peer workers do, and why."
    )
    held_on = DateBoxesField(label="Date", help_text="A date to come is a planned session.")
    by_peers = forms.BooleanField(label="Co-delivered by peer workers", required=False)
    staff_share = forms.IntegerField(
        label="Share of the team’s staff who took part, per cent",
        required=False,
        min_value=0,
        max_value=100,
        help_text="For example 60. Leave it empty when you do not know.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-3"}),
    )
    submit = "Save session"
