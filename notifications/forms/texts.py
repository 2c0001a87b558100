"""What messages say, in other words."""

from django import forms
from django.core.exceptions import ValidationError

from design.fields import LineField, LongTextField
from design.forms import NhsHelper
from notifications.wording import Said, why_not


class TextForm(forms.Form):
    """The words of a kind, or of one message.

    Args:
        seen: the number of the version that was read; another may have been written meanwhile.
        name: whose name may not stand in a subject.
    """

    subject = LineField(
        label="Subject",
        max_length=80,
        help_text="Read on lock screens: no name, nothing about health. {day} may stand here.",
    )
    words = LongTextField(
        label="Text of the email",
        max_length=500,
        help_text="The link and how to change one’s wishes follow by themselves. {day}, {name} and"
        " {organisation} may stand here.",
    )
    sms = LineField(
        label="Text message",
        max_length=160,
        help_text="At most 160 letters, without the organisation’s name. {day} may stand here.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=30_000)

    def __init__(self, data=None, *, said: Said, seen: int, cancel: str, name: str = ""):
        super().__init__(data, initial={**said._asdict(), "seen": seen})
        self.name = name
        self.helper = NhsHelper(submit="See how it reads", cancel=cancel)

    def clean(self) -> dict:
        given = super().clean()
        wrong = {
            field: problem
            for field in Said._fields
            if (problem := why_not(field, given.get(field) or "", self.name))
        }
        if wrong:
            raise ValidationError(wrong)
        return given

    @property
    def said(self) -> Said:
        return Said(*(self.cleaned_data[field] for field in Said._fields))
