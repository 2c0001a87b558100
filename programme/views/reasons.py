"""Why somebody left, as a list that is kept as data: labels of the NHS list drift."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.actions import reasons as actions
from programme.exports import Cell, download
from programme.forms.reasons import LeavingReasonForm
from programme.models import LeavingReason
from programme.permissions import covers_all_sites
from programme.views import frame

COLUMNS = ["reason", "group", "valid_from", "valid_to"]


@frame.may_change_people
@require_safe
def reasons(request: HttpRequest) -> HttpResponse:
    """Every leaving reason, those that can be given today marked."""
    listed = LeavingReason.objects.visible_to(request.user).order_by("group", "name")
    context = {
        "page": frame.page_of(request, listed),
        "today": timezone.localdate(),
        "may_change": covers_all_sites(request.user),
    }
    return render(request, "programme/reasons.html", context)


@frame.may_change_people
@require_safe
def reasons_file(request: HttpRequest, kind: str) -> HttpResponse:
    listed = LeavingReason.objects.visible_to(request.user).order_by("group", "name")
    rows = (_cells(reason) for reason in listed.iterator())
    return download(kind, "leaving-reasons", COLUMNS, rows)


def _cells(reason: LeavingReason) -> tuple[Cell, ...]:
    return reason.name, reason.get_group_display(), reason.valid_from, reason.valid_to


@frame.may_change_people
@frame.page_with_form
def add_reason(request: HttpRequest) -> HttpResponse:
    _require_all_sites(request)
    back = reverse("programme:reasons")
    form = frame.filled_in(LeavingReasonForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            reason = actions.add_reason(by=request.user, **form.values)
            messages.success(request, f"“{reason}” can be given as a reason.")
            return redirect(back)
    return frame.form_page(request, form, "Add a leaving reason", back=back)


@frame.may_change_people
@frame.page_with_form
def edit_reason(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    _require_all_sites(request)
    reason = get_object_or_404(LeavingReason.objects.visible_to(request.user), pk=pk)
    back = reverse("programme:reasons")
    form = frame.filled_in(LeavingReasonForm, request, record=reason, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_reason(reason=reason, by=request.user, version=version, **form.values)
            messages.success(request, "The reason is saved.")
            return redirect(back)
    return frame.form_page(request, form, "Change a leaving reason", back=back)


def _require_all_sites(request: HttpRequest) -> None:
    """The list belongs to every site, so it takes a role for all of them to change it."""
    if not covers_all_sites(request.user):
        raise PermissionDenied
