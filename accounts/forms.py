"""What people type about users, roles, sites and themselves. Forms check; actions write."""

import datetime as dt

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.urls import reverse

from accounts.models import RoleGrant, Site, User
from accounts.roles import MANAGE_USERS, ROLE_CHOICES, ROLES
from design.fields import DateBoxesField, LineField
from design.forms import NhsHelper

CHOOSING_ONE = (
    "At least 12 characters. Three words that mean nothing to anybody else are easy to remember."
)
SAME_TWICE = "The two passwords are not the same. Type the new password again."


class EmailLine(forms.EmailField):
    """An address in small letters, as accounts hold it."""

    def __init__(self, **kwargs):
        super().__init__(label="Email address", max_length=254, **kwargs)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: str | None) -> str:
        return super().clean(value).lower()


class NewPasswordFields(forms.Form):
    """A new password, twice."""

    password1 = forms.CharField(
        label="New password",
        help_text=CHOOSING_ONE,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="New password again",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    user: User

    def clean_password1(self) -> str:
        validate_password(self.cleaned_data["password1"], self.user)
        return self.cleaned_data["password1"]

    def clean(self) -> dict:
        data = super().clean()
        if "password1" in data and "password2" in data and data["password1"] != data["password2"]:
            self.add_error("password2", SAME_TWICE)
        return data


class SearchForm(forms.Form):
    q = LineField(label="Name or email address", required=False, max_length=150)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = NhsHelper(submit="Search", method="get", filters=True)


class GrantFields(forms.Form):
    """A role, where and when."""

    role = forms.ChoiceField(choices=[("", "Choose a role"), *ROLE_CHOICES])
    site = forms.ModelChoiceField(
        Site.objects.all(),
        required=False,
        empty_label="Every site",
        help_text="Choose a site to limit the role to it.",
    )
    starts_on = DateBoxesField(label="First day", help_text="For example, 27 3 2026")
    ends_on = DateBoxesField(
        label="First day without the role",
        required=False,
        help_text="Leave it empty if no end is planned.",
    )

    def clean(self) -> dict:
        data = super().clean()
        role = ROLES.get(data.get("role", ""))
        if role and MANAGE_USERS in role.permissions and data.get("site"):
            self.add_error("site", "An administrator works for every site. Choose “Every site”.")
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", "The first day without the role must be after the first day.")
        return data

    def grant(self) -> dict[str, object]:
        """The role with its site and dates."""
        return {key: self.cleaned_data[key] for key in ("role", "site", "starts_on", "ends_on")}


class GiveRoleForm(GrantFields):
    def __init__(self, *args, user: User, today: dt.date, **kwargs):
        super().__init__(*args, initial={"starts_on": today}, **kwargs)
        self.user = user
        self.helper = NhsHelper(submit="Give role", cancel=reverse("accounts:user", args=[user.pk]))


class AddUserForm(GrantFields):
    name = LineField(label="Full name", max_length=150)
    email = EmailLine()
    field_order = ["name", "email", "role", "site", "starts_on", "ends_on"]

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, initial={"starts_on": today}, **kwargs)
        self.helper = NhsHelper(submit="Send invitation", cancel=reverse("accounts:users"))

    def clean_email(self) -> str:
        return refuse_known(self.cleaned_data["email"])


def refuse_known(email: str, *, but: User | None = None) -> str:
    """The address itself.

    Raises:
        ValidationError: an account has it already, or the database would not take it.
    """
    user = User(email=email, name="–")
    if but is not None:
        user.pk, user._state.adding = but.pk, False  # noqa: SLF001
    exclude = {field.name for field in User._meta.fields} - {"email"}
    try:
        user.full_clean(exclude=exclude)
    except forms.ValidationError as error:
        raise forms.ValidationError(error.messages) from error
    return email


class EditUserForm(forms.Form):
    name = LineField(label="Full name", max_length=150)
    email = EmailLine()

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, initial={"name": user.name, "email": user.email}, **kwargs)
        self.user = user
        self.helper = NhsHelper(
            submit="Save changes", cancel=reverse("accounts:user", args=[user.pk])
        )

    def clean_email(self) -> str:
        return refuse_known(self.cleaned_data["email"], but=self.user)


class EndRoleForm(forms.Form):
    day = DateBoxesField(label="First day without the role", help_text="For example, 27 3 2026")

    def __init__(self, *args, grant: RoleGrant, today: dt.date, **kwargs):
        super().__init__(*args, initial={"day": today}, **kwargs)
        self.today = today
        self.helper = NhsHelper(
            submit="End role",
            variant="warning",
            cancel=reverse("accounts:user", args=[grant.user_id]),
        )

    def clean_day(self) -> dt.date:
        """What was true on a past day stays true."""
        if self.cleaned_data["day"] < self.today:
            raise forms.ValidationError("The day must be today or later.")
        return self.cleaned_data["day"]


class SiteForm(forms.ModelForm):
    name = LineField(label="Name of the site", max_length=120)

    class Meta:
        model = Site
        fields = ["name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = NhsHelper(submit="Save site", cancel=reverse("accounts:sites"))


class ProfileFields(forms.Form):
    preferred_role_term = LineField(
        label="What you like to be called at work",
        required=False,
        max_length=60,
        help_text="For example, peer worker, peer supporter or LXP.",
    )


class ProfileForm(ProfileFields):
    name = LineField(
        label="Your name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "preferred_role_term"]

    def __init__(self, *args, user: User, **kwargs):
        initial = {"name": user.name, "preferred_role_term": user.preferred_role_term}
        super().__init__(*args, initial=initial, **kwargs)
        self.helper = NhsHelper(submit="Save changes", cancel=reverse("accounts:account"))


class AcceptInvitationForm(ProfileFields, NewPasswordFields):
    field_order = ["password1", "password2", "preferred_role_term"]

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.helper = NhsHelper(submit="Set password and sign in")
