"""What a lead types about people, their accounts, employers and teams."""

from django import forms

from design.fields import DateBoxesField, LineField
from design.forms import NhsHelper
from programme.forms.base import RecordForm
from programme.models import EmployerKind
from programme.permissions import covers_all_sites, may_change_at, sites_to_choose


class PersonForm(RecordForm):
    reference = LineField(
        label="Reference",
        max_length=40,
        help_text="Your own number for this person, for example from ESR.",
    )
    first_name = LineField(label="First name", max_length=100, required=False)
    last_name = LineField(label="Last name", max_length=100)
    email = forms.EmailField(label="Email address", max_length=254, required=False)
    site = forms.ModelChoiceField(
        label="Site",
        queryset=None,
        required=False,
        empty_label="No site",
        help_text="Leads who are limited to a site see the people of that site.",
    )
    submit = "Save person"

    def limit_choices(self) -> None:
        """A lead of one site keeps people there, and leaves others' people at their own site."""
        sites = sites_to_choose(self.user)
        if not covers_all_sites(self.user):
            if self.record is not None and not may_change_at(self.user, self.record.site_id):
                del self.fields["site"]
                return
            self.fields["site"].required = True
            self.fields["site"].empty_label = None
        self.fields["site"].queryset = sites


class AccountForm(forms.Form):
    """The address of an account; whether there is one is said only when it is to be linked."""

    email = forms.EmailField(
        label="Email address of the account",
        max_length=254,
        help_text="The address with which this person signs in.",
    )

    def __init__(self, *args, cancel: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = NhsHelper(submit="Continue", cancel=cancel)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class EmployerForm(RecordForm):
    name = LineField(label="Name", max_length=120)
    kind = forms.ChoiceField(
        label="Kind", choices=EmployerKind, widget=forms.RadioSelect, initial=EmployerKind.NHS
    )
    submit = "Save employer"


class TeamForm(RecordForm):
    name = LineField(label="Name", max_length=120)
    site = forms.ModelChoiceField(label="Site", queryset=None, empty_label="Choose a site")
    supervisor = LineField(
        label="Who supervises its peer workers",
        max_length=120,
        required=False,
        help_text="A name. It gives no account and no access.",
    )
    supervisor_trained_on = DateBoxesField(
        label="When they were trained to supervise peer workers", required=False
    )
    submit = "Save team"

    def limit_choices(self) -> None:
        self.fields["site"].queryset = sites_to_choose(self.user)
