"""The addresses of allauth that this service uses, each with its methods, and no other.

Left out: changing and confirming e-mail addresses (an administrator changes them), sign-in codes,
other services' accounts, trusted browsers, and allauth's list of sessions (ours is
`accounts:sessions`).
"""

from collections.abc import Callable
from functools import wraps

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import include, path, re_path
from django.views.decorators.http import require_http_methods, require_safe

from accounts import second_step
from accounts.adapters import MFAAdapter

page_with_form = require_http_methods(["GET", "HEAD", "POST"])


def gone_is_404(view: Callable) -> Callable:
    """A link that is used, too old or invented answers 404, with the page that says what to do."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if (getattr(response, "context_data", None) or {}).get("token_fail"):
            response.status_code = 404
        return response

    return wrapper


def first_step_counts(view: Callable) -> Callable:
    """A session in which somebody sets up their first second step need not take it again."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        had_one = second_step.is_set_up(request.user)
        response = view(request, *args, **kwargs)
        if not had_one and second_step.is_set_up(request.user):
            request.session[second_step.SET_UP_HERE] = str(request.user.pk)
        return response

    return wrapper


def nothing_to_show(view: Callable) -> Callable:
    """Leads back to the overview where there is no app to remove and no code to show."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return redirect("mfa_index")

    return wrapper


def own_passkey(view: Callable) -> Callable:
    """Only one's own passkeys exist; asked before anything else."""

    @wraps(view)
    def wrapper(request: HttpRequest, pk: int) -> HttpResponse:
        passkeys = second_step.steps(request.user).filter(type=Authenticator.Type.WEBAUTHN)
        request.passkey = get_object_or_404(passkeys, pk=pk)
        return view(request, pk=pk)

    return wrapper


def not_the_last(view: Callable) -> Callable:
    """Keeps the last second step of somebody whose role asks for one."""

    @wraps(view)
    def wrapper(request: HttpRequest, pk: int) -> HttpResponse:
        if not MFAAdapter().can_delete_authenticator(request.passkey):
            messages.error(request, MFAAdapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_list_webauthn")
        return view(request, pk=pk)

    return wrapper


def headed(view: type, heading: str) -> Callable:
    """allauth's view with the heading of its page."""
    return view.as_view(extra_context={"heading": heading})


second_step_urls = [
    path("", require_safe(headed(mfa.IndexView, "Second step")), name="mfa_index"),
    path(
        "authenticate/",
        page_with_form(headed(mfa.AuthenticateView, "Second step")),
        name="mfa_authenticate",
    ),
    path(
        "reauthenticate/",
        page_with_form(headed(mfa.ReauthenticateView, "Confirm that it is you")),
        name="mfa_reauthenticate",
    ),
    path(
        "app/add/",
        page_with_form(
            first_step_counts(headed(totp.ActivateTOTPView, "Add an authenticator app"))
        ),
        name="mfa_activate_totp",
    ),
    path(
        "app/remove/",
        page_with_form(
            nothing_to_show(headed(totp.DeactivateTOTPView, "Remove your authenticator app"))
        ),
        name="mfa_deactivate_totp",
    ),
    path(
        "recovery-codes/",
        require_safe(
            nothing_to_show(headed(recovery_codes.ViewRecoveryCodesView, "Recovery codes"))
        ),
        name="mfa_view_recovery_codes",
    ),
    path(
        "recovery-codes/new/",
        page_with_form(headed(recovery_codes.GenerateRecoveryCodesView, "Make new recovery codes")),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/download/",
        require_safe(nothing_to_show(recovery_codes.download_recovery_codes)),
        name="mfa_download_recovery_codes",
    ),
    path(
        "passkeys/",
        require_safe(headed(webauthn.ListWebAuthnView, "Your passkeys")),
        name="mfa_list_webauthn",
    ),
    path(
        "passkeys/add/",
        page_with_form(first_step_counts(headed(webauthn.AddWebAuthnView, "Add a passkey"))),
        name="mfa_add_webauthn",
    ),
    path(
        "passkeys/sign-in/",
        page_with_form(webauthn.login_webauthn),
        name="mfa_login_webauthn",
    ),
    path(
        "passkeys/reauthenticate/",
        page_with_form(headed(webauthn.ReauthenticateWebAuthnView, "Confirm that it is you")),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "passkeys/<int:pk>/rename/",
        page_with_form(own_passkey(headed(webauthn.EditWebAuthnView, "Rename a passkey"))),
        name="mfa_edit_webauthn",
    ),
    path(
        "passkeys/<int:pk>/remove/",
        page_with_form(
            own_passkey(not_the_last(headed(webauthn.RemoveWebAuthnView, "Remove a passkey")))
        ),
        name="mfa_remove_webauthn",
    ),
]

password_urls = [
    path(
        "change/",
        page_with_form(headed(account.PasswordChangeView, "Change your password")),
        name="account_change_password",
    ),
    path(
        "set/",
        page_with_form(headed(account.PasswordSetView, "Set a password")),
        name="account_set_password",
    ),
    path(
        "reset/",
        page_with_form(headed(account.PasswordResetView, "Forgotten password")),
        name="account_reset_password",
    ),
    path(
        "reset/sent/",
        require_safe(headed(account.PasswordResetDoneView, "Check your email")),
        name="account_reset_password_done",
    ),
    re_path(
        r"^reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        page_with_form(gone_is_404(headed(account.PasswordResetFromKeyView, "Set a new password"))),
        name="account_reset_password_from_key",
    ),
    path(
        "reset/done/",
        require_safe(headed(account.PasswordResetFromKeyDoneView, "Your password is changed")),
        name="account_reset_password_from_key_done",
    ),
]

urlpatterns = [
    path("login/", page_with_form(headed(account.LoginView, "Sign in")), name="account_login"),
    path("logout/", page_with_form(headed(account.LogoutView, "Sign out")), name="account_logout"),
    path("signup/", page_with_form(account.signup), name="account_signup"),
    path(
        "reauthenticate/",
        page_with_form(headed(account.ReauthenticateView, "Confirm that it is you")),
        name="account_reauthenticate",
    ),
    path("password/", include(password_urls)),
    path("second-step/", include(second_step_urls)),
]
