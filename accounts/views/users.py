"""Users and the roles they hold: for administrators."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, second_step
from accounts.forms import AddUserForm, EditUserForm, EndRoleForm, GiveRoleForm, SearchForm
from accounts.models import RoleGrant, User
from accounts.permissions import ask_for_password_again, can_manage_users, only

page_with_form = require_http_methods(["GET", "HEAD", "POST"])
for_administrators = only(can_manage_users)
PAGE = 25


@require_safe
@for_administrators
def users(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, by name."""
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    found = User.objects.visible_to(request.user)
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    in_force = RoleGrant.objects.in_force_on(timezone.localdate()).select_related("site")
    found = found.prefetch_related(Prefetch("grants", queryset=in_force, to_attr="held"))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/users.html", {"form": form, "page": page, "words": words})


@page_with_form
@for_administrators
def add_user(request: HttpRequest) -> HttpResponse:
    form = AddUserForm(_sent(request), today=timezone.localdate())
    if form.is_valid():
        ask_for_password_again(request)
        user = actions.invite(
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            grant=form.grant(),
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, "An invitation is on its way.")
        return redirect("accounts:user", pk=user.pk)
    return _form_page(request, form, "Add a user", reverse("accounts:users"), "Back to users")


@require_safe
@for_administrators
def user(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One account: what it is, the roles it holds and held, and what can be done."""
    shown = _visible(request, pk)
    context = {
        "shown": shown,
        "own": shown == request.user,
        "invitation": shown.invitations.first(),
        "waits": not shown.has_usable_password(),
        "second_step": second_step.is_set_up(shown),
        "grants": _grants(shown),
    }
    return render(request, "accounts/user.html", context)


def _grants(shown: User) -> list[RoleGrant]:
    """Roles with whether they are over, now or still to come, newest first."""
    today = timezone.localdate()
    grants = list(shown.grants.select_related("site").order_by("-starts_on", "role"))
    for grant in grants:
        over = grant.ends_on is not None and grant.ends_on <= today
        grant.when = "ended" if over else "now" if grant.starts_on <= today else "later"
    return grants


@page_with_form
@for_administrators
def edit_user(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    shown = _visible(request, pk)
    form = EditUserForm(_sent(request), user=shown)
    if form.is_valid():
        ask_for_password_again(request)
        return _attempt(
            request,
            shown,
            lambda: actions.change_account(
                user=shown, by=request.user, at=timezone.now(), **form.cleaned_data
            ),
            "The changes are saved.",
        )
    return _form_page(request, form, f"Change {shown.name}", *_back_to(shown))


@page_with_form
@for_administrators
def give_role(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    shown = _visible(request, pk)
    form = GiveRoleForm(_sent(request), user=shown, today=timezone.localdate())
    if form.is_valid():
        ask_for_password_again(request)
        return _attempt(
            request,
            shown,
            lambda: actions.give_role(user=shown, by=request.user, **form.grant()),
            "They have the new role.",
        )
    return _form_page(request, form, f"Give {shown.name} a role", *_back_to(shown))


@page_with_form
@for_administrators
def end_role(request: HttpRequest, pk: uuid.UUID, grant_pk: uuid.UUID) -> HttpResponse:
    shown = _visible(request, pk)
    grant = get_object_or_404(shown.grants.select_related("site"), pk=grant_pk)
    form = EndRoleForm(_sent(request), grant=grant, today=timezone.localdate())
    if form.is_valid():
        ask_for_password_again(request)
        return _attempt(
            request,
            shown,
            lambda: actions.end_role(grant=grant, day=form.cleaned_data["day"]),
            f"{grant.get_role_display()}: the end is set.",
        )
    heading = f"End {shown.name}’s role as {grant.get_role_display().lower()}"
    return _form_page(request, form, heading, *_back_to(shown))


@require_POST
@for_administrators
def invite_again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    shown = _visible(request, pk)
    ask_for_password_again(request)
    return _attempt(
        request,
        shown,
        lambda: actions.invite_again(user=shown, by=request.user, at=timezone.now()),
        "A new invitation is on its way. Earlier links no longer work.",
    )


@page_with_form
@for_administrators
def deactivate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks first; the answer is a POST."""
    shown = _visible(request, pk)
    if request.method != "POST":
        return render(request, "accounts/deactivate.html", {"shown": shown})
    ask_for_password_again(request)
    return _attempt(
        request,
        shown,
        lambda: actions.deactivate(user=shown, by=request.user, day=timezone.localdate()),
        "They can no longer sign in, and are signed out everywhere.",
    )


@require_POST
@for_administrators
def reactivate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    shown = _visible(request, pk)
    ask_for_password_again(request)
    actions.reactivate(user=shown)
    messages.success(request, "They can sign in again.")
    return redirect("accounts:user", pk=pk)


@require_POST
@for_administrators
def end_sessions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    shown = _visible(request, pk)
    ask_for_password_again(request)
    actions.end_sessions(user=shown)
    if shown == request.user:
        return redirect("account_login")
    messages.success(request, "They are signed out everywhere.")
    return redirect("accounts:user", pk=pk)


@page_with_form
@for_administrators
def remove_second_step(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks first; the answer is a POST."""
    shown = _visible(request, pk)
    if request.method != "POST":
        return render(request, "accounts/remove_second_step.html", {"shown": shown})
    ask_for_password_again(request)
    return _attempt(
        request,
        shown,
        lambda: actions.remove_second_step(user=shown, by=request.user, at=timezone.now()),
        "They set up a new second step at the next sign-in.",
    )


# --- What these pages share -------------------------------------------------------------------


def _visible(request: HttpRequest, pk: uuid.UUID) -> User:
    return get_object_or_404(User.objects.visible_to(request.user), pk=pk)


def _sent(request: HttpRequest):
    return request.POST if request.method == "POST" else None


def _back_to(shown: User) -> tuple[str, str]:
    return reverse("accounts:user", args=[shown.pk]), f"Back to {shown.name}"


def _attempt(
    request: HttpRequest, shown: User, act: Callable[[], object], done: str
) -> HttpResponse:
    """Do it, or say which rule stands against it; then back to the person."""
    try:
        act()
    except actions.AccountsError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("accounts:user", pk=shown.pk)


def _form_page(request: HttpRequest, form, heading: str, back: str, words: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "back": back, "back_text": words}
    return render(request, "accounts/form.html", context)
