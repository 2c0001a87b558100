"""What is typed about a leaving reason."""

from django import forms

from design.fields import DateBoxesField, LineField
from programme.forms.base import RecordForm
from programme.models import LeavingReasonGroup


class LeavingReasonForm(RecordForm):
    name = LineField(label="Reason", max_length=120)
    group = forms.ChoiceField(label="Group", choices=LeavingReasonGroup, widget=forms.RadioSelect)
    valid_from = DateBoxesField(
        label="First day it can be given",
        required=False,
        help_text="Leave empty if it always could. For example, 1 4 2026",
    )
    valid_to = DateBoxesField(
        label="Last day it can be given",
        required=False,
        help_text="Leave empty while it still can. Records that have it keep it.",
    )
    submit = "Save reason"
