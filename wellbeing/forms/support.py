"""What a lead types about a support contact."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from design.fields import LineField
from programme.forms.base import RecordForm

# Phones dial these and nothing else; short numbers such as 111 are numbers too.
PHONE_NUMBER = re.compile(r"\+?[0-9](?: ?[0-9]){2,}")


class ContactForm(RecordForm):
    name = LineField(label="Name", max_length=120)
    urgent = forms.BooleanField(
        label="This is urgent help",
        required=False,
        help_text="Urgent help stands at the top of the page.",
    )
    phone = LineField(
        label="Phone number",
        max_length=40,
        required=False,
        help_text="For example 0800 068 4141. To text a number, say so in “What it is for”.",
    )
    website = forms.URLField(
        label="Website",
        max_length=200,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https", "http"])],
        help_text="For example https://www.nhs.uk",
    )
    when = LineField(
        label="When it is open",
        max_length=120,
        required=False,
        help_text="For example Monday to Friday, 9am to 5pm.",
    )
    details = LineField(
        label="What it is for",
        max_length=300,
        required=False,
        help_text="One or two plain sentences.",
    )
    position = forms.IntegerField(
        label="Place on the page",
        min_value=0,
        max_value=999,
        help_text="A lower number comes first.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-3"}),
    )

    submit = "Save contact"

    def clean_phone(self) -> str:
        phone = " ".join(self.cleaned_data["phone"].split())
        if phone and not PHONE_NUMBER.fullmatch(phone):
            raise ValidationError(
                "Write the phone number with figures, spaces and + only, like 0800 068 4141"
            )
        return phone

    def clean(self) -> dict:
        given = self.cleaned_data
        if not self.errors and not given["phone"] and not given["website"]:
            self.add_error("phone", "Enter a phone number, or a website below")
        return given
