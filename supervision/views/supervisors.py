"""The directory of supervisors, and one's own entry in it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.roles import ARRANGE_SUPERVISION
from programme.views import frame
from supervision.actions import supervisors as actions
from supervision.forms.supervisors import AddSupervisorForm, OwnEntryForm, SupervisorForm
from supervision.models import Supervisor
from supervision.permissions import may_change_entry, may_have_entry

may_arrange = permission_required(ARRANGE_SUPERVISION, raise_exception=True)


@may_arrange
@require_safe
def supervisors(request: HttpRequest) -> HttpResponse:
    """Who supervises at the lead's sites, and how much of it; by name, never ranked."""
    today = timezone.localdate()
    rows = Supervisor.objects.visible_to(request.user).with_people_on(today)
    rows = rows.select_related("user").prefetch_related("sites").order_by("user__name", "pk")
    page = frame.page_of(request, rows)
    shown = [(entry, may_change_entry(request.user, entry)) for entry in page]
    context = {"page": page, "shown": shown, "today": today}
    return render(request, "supervision/supervisors.html", context)


@may_arrange
@frame.page_with_form
def add_supervisor(request: HttpRequest) -> HttpResponse:
    back = reverse("supervision:supervisors")
    form = frame.filled_in(AddSupervisorForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            values = form.values
            sites = values.pop("where")
            actions.add_supervisor(by=request.user, sites=sites, **values)
            messages.success(request, "They are in the directory.")
            return redirect(back)
    return frame.form_page(request, form, "Add somebody to the directory", back=back)


@may_arrange
@frame.page_with_form
def edit_supervisor(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rows = Supervisor.objects.visible_to(request.user).select_related("user")
    entry = get_object_or_404(rows, pk=pk)
    if not may_change_entry(request.user, entry):
        raise PermissionDenied
    back = reverse("supervision:supervisors")
    form = frame.filled_in(SupervisorForm, request, record=entry, cancel=back)
    if form.is_valid():
        with form.saving():
            values = form.values | {"version": form.cleaned_data["version"]}
            sites = values.pop("where")
            actions.change_supervisor(entry=entry, by=request.user, sites=sites, **values)
            messages.success(request, "The entry is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"Change the entry of {entry}", back=back)


@frame.page_with_form
def my_entry(request: HttpRequest) -> HttpResponse:
    """What one says of oneself as a supervisor."""
    if not may_have_entry(request.user):
        raise PermissionDenied
    entry = getattr(request.user, "supervisor", None)
    back = reverse("home")
    form = frame.filled_in(OwnEntryForm, request, record=entry, cancel=back)
    if form.is_valid():
        with form.saving():
            values = form.values | {"version": form.cleaned_data.get("version", "")}
            sites = values.pop("where")
            actions.write_own_entry(by=request.user, entry=entry, sites=sites, **values)
            messages.success(request, "Your entry is saved.")
            return redirect("supervision:my-entry")
    intro = (
        "Peer workers read your name, About me, when you were trained and, only if you say yes, "
        "that you have lived experience. Programme leads read your sites, training, places and "
        "hours; what you say of lived experience is not on their pages."
    )
    return frame.form_page(request, form, "My entry as a supervisor", back=back, intro=intro)
