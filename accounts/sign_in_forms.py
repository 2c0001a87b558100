"""allauth's own forms in our words and our look; what they check is allauth's."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes import forms as recovery_codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.forms import CHOOSING_ONE
from accounts.models import NoticeKind
from design.fields import LineField
from design.forms import NhsHelper


def code_field(label: str) -> forms.CharField:
    """One box for a code; no wider than a code is long."""
    return LineField(
        label=label,
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "class": "nhsuk-input--width-10",
            }
        ),
    )


class SignInForm(account.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Email address"
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""
        self.fields["password"].max_length = 200
        self.helper = NhsHelper(submit="Sign in")


class AskForPasswordForm(account.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.helper = NhsHelper(submit="Continue")


class ForgottenPasswordForm(account.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Email address"
        self.helper = NhsHelper(submit="Send me a link", cancel=reverse("account_login"))

    def save(self, request, **kwargs) -> str:  # noqa: ARG002
        """The same row and the same hint whether or not an account has this address."""
        user = self.users[0] if self.users else None
        actions.notify(user=user, kind=NoticeKind.NEW_PASSWORD, at=timezone.now())
        return self.cleaned_data["email"]


class NewPasswordForm(account.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = CHOOSING_ONE
        self.fields["password1"].label = "New password"
        self.fields["password2"].label = "New password again"
        self.helper = NhsHelper(submit="Set new password")


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = "Your password now"
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].label = "New password"
        self.fields["password1"].help_text = CHOOSING_ONE
        self.fields["password2"].label = "New password again"
        self.helper = NhsHelper(submit="Change password", cancel=reverse("accounts:account"))


class SetPasswordForm(account.SetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "New password"
        self.fields["password1"].help_text = CHOOSING_ONE
        self.fields["password2"].label = "New password again"
        self.helper = NhsHelper(submit="Set password", cancel=reverse("accounts:account"))


class SecondStepForm(mfa.AuthenticateForm):
    code = code_field("Code")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = NhsHelper(submit="Continue")


class SecondStepAgainForm(mfa.ReauthenticateForm):
    code = code_field("Code")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = NhsHelper(submit="Continue")


class AddAppForm(totp.ActivateTOTPForm):
    code = code_field("Code that the app shows")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = NhsHelper(submit="Add this app", cancel=reverse("mfa_index"))


class RemoveAppForm(totp.DeactivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = NhsHelper(
            submit="Remove authenticator app", variant="warning", cancel=reverse("mfa_index")
        )


class NewCodesForm(recovery_codes.GenerateRecoveryCodesForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = NhsHelper(submit="Make new recovery codes", cancel=reverse("mfa_index"))


class CredentialField(forms.JSONField):
    """What a browser answers for a passkey; anything of another shape is refused here.

    allauth's own parsing ends in an error of the program for JSON that is not such an object, and
    PostgreSQL refuses a NUL within it.
    """

    widget = forms.HiddenInput
    default_error_messages = {
        "invalid": "The passkey could not be read. Try again.",
        "required": "The passkey could not be read. Try again.",
    }

    def to_python(self, value):
        if isinstance(value, str) and ("\\u0000" in value or "\x00" in value):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            answer = super().to_python(value)
        except RecursionError:
            answer = False
        if answer is None:
            return None
        if not isinstance(answer, dict) or not isinstance(answer.get("response"), dict):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return answer


class PasskeySignInForm(webauthn.LoginWebAuthnForm):
    credential = CredentialField()


class PasskeyStepForm(webauthn.AuthenticateWebAuthnForm):
    credential = CredentialField()


class PasskeyAgainForm(webauthn.ReauthenticateWebAuthnForm):
    credential = CredentialField()


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    name = LineField(
        label="A name for it",
        required=False,
        max_length=60,
        help_text="For example, work phone.",
    )
    passwordless = forms.BooleanField(
        label="Also sign in with it instead of my password",
        required=False,
        initial=True,
    )
    credential = CredentialField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = NhsHelper(submit="")  # its button asks the browser first


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    name = LineField(label="A name for it", max_length=60)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = NhsHelper(submit="Save name", cancel=reverse("mfa_list_webauthn"))
