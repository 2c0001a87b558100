"""What a lead chooses about duplicates and people on hold."""

import datetime as dt

from django import forms

from accounts.models import User
from programme.models import Round


class PairForm(forms.Form):
    """Two applications and what is so: `first` or `second` is kept, or they are two people."""

    one = forms.UUIDField(widget=forms.HiddenInput)
    other = forms.UUIDField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=[("one", ""), ("other", ""), ("apart", "")])


class InviteForm(forms.Form):
    picked = forms.TypedMultipleChoiceField(required=False)
    to = forms.ModelChoiceField(
        label="Invite who is chosen to",
        queryset=None,
        empty_label="Choose a round",
        error_messages={"required": "Choose a round that takes applications now"},
    )

    def __init__(self, *args, user: User, today: dt.date, keys: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["picked"].choices = [(key, key) for key in keys]
        self.fields["to"].queryset = Round.objects.changeable_by(user).taking_applications_on(today)
