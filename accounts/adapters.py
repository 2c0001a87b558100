"""Where allauth asks us."""

import base64
import hashlib
import time
from functools import cache

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts import actions, second_step, sessions
from accounts.models import NoticeKind, User

NOT_RIGHT = "The email address or the password is not right. Check both and try again."
TOO_MANY = "Too many attempts. Wait 5 minutes and try again."
CODE_NOT_RIGHT = "The code is not right, or too old. Enter the one that is shown now."

# allauth's e-mail templates, as our own kinds of notice.
NOTICES = {
    "account/email/password_changed": NoticeKind.PASSWORD_CHANGED,
    "account/email/password_reset": NoticeKind.PASSWORD_CHANGED,
    "account/email/password_set": NoticeKind.PASSWORD_CHANGED,
    "mfa/email/totp_activated": NoticeKind.STEP_ADDED,
    "mfa/email/webauthn_added": NoticeKind.STEP_ADDED,
    "mfa/email/totp_deactivated": NoticeKind.STEP_REMOVED,
    "mfa/email/webauthn_removed": NoticeKind.STEP_REMOVED,
    "mfa/email/recovery_codes_generated": NoticeKind.CODES_MADE,
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": NOT_RIGHT,
        "enter_current_password": "This is not your password now. Try again.",
        "incorrect_password": "The password is not right. Try again.",
        "incorrect_code": CODE_NOT_RIGHT,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Accounts are made by invitation only."""
        return False

    def authenticate(self, request: HttpRequest, **credentials) -> User | None:
        """A deactivated account answers as a wrong password does, and counts as one."""
        user = super().authenticate(request, **credentials)
        if user is not None and not user.is_active:
            self.pre_authenticate(request, **credentials)
            return None
        return user

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG002
        """What a passkey of a deactivated account gets."""
        messages.error(request, "This passkey does not let you in. Try another way to sign in.")
        return redirect("account_login")

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        sessions.begin(request.session, time.time())

    def logout(self, request: HttpRequest) -> None:
        """What a page had still to say is not said to whoever uses the browser next."""
        *_, last = [None, *messages.get_messages(request)]
        if last is not None:  # that they have signed out
            messages.add_message(request, last.level, last.message)
        super().logout(request)

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:  # noqa: ARG002
        """Signing in a moment ago is as good as confirming it."""
        user, now = self.request.user, time.time()
        confirmed = [record["at"] for record in get_authentication_records(self.request, user)]
        latest = max(confirmed, default=sessions.signed_in_at(self.request.session, user, now))
        return now - latest >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("accounts:account")

    def send_notification_mail(self, template_prefix: str, user: User, *args, **kwargs) -> None:  # noqa: ARG002
        """A row for the worker: neither the page nor its time depends on a mail server."""
        actions.notify(user=user, kind=NOTICES[template_prefix], at=timezone.now())


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": CODE_NOT_RIGHT,
        "cannot_delete_authenticator": (
            "Your role needs a second step. Add another one before you remove this one."
        ),
    }

    def can_delete_authenticator(self, authenticator) -> bool:
        """Not the last one of somebody whose role asks for one."""
        user = authenticator.user
        others = second_step.steps(user).exclude(pk=authenticator.pk)
        return not second_step.is_required(user) or others.exists()

    def generate_authenticator_name(self, user: User, type) -> str:  # noqa: A002
        return f"Passkey {second_step.steps(user).filter(type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": "LXP"}

    def encrypt(self, text: str) -> str:
        """Secrets of authenticator apps and recovery codes are not in the database in the clear."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


@cache
def _cipher() -> MultiFernet:
    """Encrypts with the secret key in force; reads what an earlier one has written."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"accounts.second-step:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
