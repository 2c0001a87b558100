"""One's own account: name, words for one's role, sessions; and the invitation that opens it."""

import datetime as dt
import time
import uuid

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, second_step, sessions
from accounts.delivery import invitation_signer
from accounts.forms import AcceptInvitationForm, ProfileForm
from accounts.models import Invitation, User
from accounts.user_agents import describe

page_with_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Your account: everything about yourself that you can change."""
    user = request.user
    profile, password = reverse("accounts:profile"), reverse("account_change_password")
    rows = [
        ("Name", user.name, profile, "Change"),
        ("Email address", user.email),
        ("What you like to be called", user.preferred_role_term or "–", profile, "Change"),
        ("Password", "••••••••", password, "Change"),
        ("Second step", _second_step_words(user), reverse("mfa_index"), "Change"),
        ("Where you are signed in", "Browsers and devices", reverse("accounts:sessions"), "See"),
    ]
    return render(request, "accounts/account.html", {"rows": rows, "grants": _own_grants(user)})


def _second_step_words(user: User) -> str:
    kinds = {step.get_type_display() for step in second_step.steps(user)}
    names = {"TOTP Authenticator": "Authenticator app", "WebAuthn": "Passkey"}
    return " and ".join(sorted(names[kind] for kind in kinds)) or "Not set up"


def _own_grants(user: User) -> list:
    today = timezone.localdate()
    return list(user.grants.in_force_on(today).select_related("site"))


@page_with_form
def profile(request: HttpRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = ProfileForm(data, user=request.user)
    if form.is_valid():
        actions.change_profile(user=request.user, **form.cleaned_data)
        messages.success(request, "Your changes are saved.")
        return redirect("accounts:account")
    context = {
        "form": form,
        "heading": "Your name and what you are called",
        "back": reverse("accounts:account"),
        "back_text": "Back to your account",
    }
    return render(request, "accounts/form.html", context)


# --- Where one is signed in -------------------------------------------------------------------


@require_safe
def own_sessions(request: HttpRequest) -> HttpResponse:
    """The browsers in which this account is signed in now."""
    return render(request, "accounts/sessions.html", {"sessions": _own_sessions(request)})


def _own_sessions(request: HttpRequest) -> list[dict]:
    known = {row.session_key: row for row in UserSession.objects.filter(user=request.user)}
    now = time.time()
    rows = []
    for stored in Session.objects.filter(
        session_key__in=known, expire_date__gt=timezone.now()
    ).order_by("session_key"):
        if sessions.lives(stored, request.user, now):
            row = known[stored.session_key]
            seen = stored.get_decoded().get(sessions.SEEN_AT, now)
            rows.append(
                {
                    "pk": row.pk,
                    "device": describe(row.user_agent),
                    "ip": row.ip,
                    "since": row.created_at,
                    "seen": dt.datetime.fromtimestamp(seen, dt.UTC),
                    "current": stored.session_key == request.session.session_key,
                }
            )
    return sorted(rows, key=lambda row: (not row["current"], -row["seen"].timestamp()))


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out of one other browser."""
    get_object_or_404(UserSession, user=request.user, pk=pk).end()
    messages.success(request, "You are signed out there.")
    return redirect("accounts:sessions")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    others = UserSession.objects.filter(user=request.user)
    for row in others.exclude(session_key=request.session.session_key or ""):
        row.end()
    messages.success(request, "You are signed out everywhere else.")
    return redirect("accounts:sessions")


@require_POST
def keep_alive(request: HttpRequest) -> HttpResponse:
    """*Stay signed in*: starts the idle time anew; the absolute limit stands."""
    now = time.time()
    sessions.touch(request.session, request.user, now, at_once=True)
    clock = sessions.clock(request.session, request.user, now)
    return JsonResponse({"seconds_left": clock.seconds_left, "absolute_left": clock.absolute_left})


@require_safe
def qr_code(request: HttpRequest) -> HttpResponse:
    """The picture an authenticator app reads, for the secret that this session offers."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        return redirect("mfa_activate_totp")
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return HttpResponse(svg, content_type="image/svg+xml")


# --- Invitation -------------------------------------------------------------------------------


@login_not_required
@sensitive_post_parameters("password1", "password2")
@page_with_form
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password for an account that an administrator made, and sign in to it."""
    invited = _open_invitation(token)
    if invited is None:
        return render(request, "accounts/invitation_closed.html", status=404)
    data = request.POST if request.method == "POST" else None
    form = AcceptInvitationForm(data, user=invited.user)
    if form.is_valid():
        try:
            user = actions.accept_invitation(
                invitation=invited,
                password=form.cleaned_data["password1"],
                preferred_role_term=form.cleaned_data["preferred_role_term"],
                at=timezone.now(),
            )
        except actions.InvitationClosed:
            return render(request, "accounts/invitation_closed.html", status=404)
        return _sign_in(request, user)
    context = {"form": form, "heading": "Set up your account", "invited": invited.user}
    return render(request, "accounts/invitation.html", context)


def _open_invitation(token: str) -> Invitation | None:
    """The invitation a link names, if it is genuine, the newest, unused and not too old."""
    try:
        pk = uuid.UUID(invitation_signer.unsign(token, max_age=Invitation.OPEN_FOR))
    except (BadSignature, ValueError):
        return None
    found = Invitation.objects.select_related("user").filter(pk=pk).first()
    if found is None or not found.is_open(timezone.now()):
        return None
    newest = Invitation.objects.filter(user=found.user).order_by("-created_at").first()
    return found if newest == found else None


def _sign_in(request: HttpRequest, user: User) -> HttpResponse:
    """Sign in somebody who has just set a password; in place of whoever was signed in here."""
    if request.user.is_authenticated:
        request.session.flush()
    if not get_authentication_records(request, user):
        record_authentication(request, user, method="password", email=user.email)
    return perform_login(request, Login(user=user, email=user.email))
