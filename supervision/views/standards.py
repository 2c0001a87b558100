"""Kinds of supervision and how often each is owed: leads read it, leads of all sites change it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.roles import ARRANGE_SUPERVISION
from programme.actions.saving import NotSaved
from programme.views import frame
from supervision.actions import standards as actions
from supervision.forms.standards import KindForm, StandardForm
from supervision.models import SupervisionKind, SupervisionStandard
from supervision.views.supervisors import may_arrange


@may_arrange
@require_safe
def kinds(request: HttpRequest) -> HttpResponse:
    """Every kind with its standards, the ones in force, to come and past."""
    rows = SupervisionKind.objects.prefetch_related("standards__step__pathway")
    context = {
        "kinds": rows,
        "today": timezone.localdate(),
        "may_change": request.user.sites_for(ARRANGE_SUPERVISION) is None,
    }
    return render(request, "supervision/kinds.html", context)


@may_arrange
@frame.page_with_form
def edit_kind(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    actions.require_all_sites(request.user)
    kind = get_object_or_404(SupervisionKind, pk=pk)
    back = reverse("supervision:kinds")
    form = frame.filled_in(KindForm, request, record=kind, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_kind(kind=kind, by=request.user, version=version, **form.values)
            messages.success(request, "The kind is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"Change {kind}", back=back)


@may_arrange
@frame.page_with_form
def add_standard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    actions.require_all_sites(request.user)
    kind = get_object_or_404(SupervisionKind, pk=pk)
    back, today = reverse("supervision:kinds"), timezone.localdate()
    form = frame.filled_in(StandardForm, request, initial={"applies_from": today}, cancel=back)
    if form.is_valid():
        with form.saving():
            given = {"kind": kind, "by": request.user, "today": today}
            actions.add_standard(**given, **form.values)
            messages.success(request, "The standard is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"{kind}: another standard", back=back)


@may_arrange
@frame.page_with_form
def remove_standard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    actions.require_all_sites(request.user)
    standard = get_object_or_404(SupervisionStandard.objects.select_related("kind"), pk=pk)
    back = reverse("supervision:kinds")
    if request.method == "POST":
        try:
            given = {"by": request.user, "today": timezone.localdate()}
            actions.remove_standard(standard=standard, **given)
            messages.success(request, "The standard is taken back.")
        except NotSaved as refusal:
            messages.warning(request, str(refusal))
        return redirect(back)
    heading = f"Take back the standard for {standard.kind}?"
    text = "It does not apply yet. The one before goes on."
    return frame.confirm_page(request, heading, text, "Take back", back=back)
