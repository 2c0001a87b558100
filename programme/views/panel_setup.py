"""A round's panel for its leads: who sits on it, what it scores, and what came of that."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from programme.actions import panel as actions
from programme.actions.saving import NotSaved
from programme.forms.panel import CriterionForm, MemberForm
from programme.panel import summaries
from programme.views import frame
from programme.views.applicants import round_of


@frame.may_change_recruitment
@require_safe
def panel_setup(request: HttpRequest, round_pk: uuid.UUID) -> HttpResponse:
    shown = round_of(request, round_pk)
    context = {
        "round": shown,
        "members": shown.panel_members.select_related("user"),
        "criteria": shown.criteria.order_by("-used_at", "position"),
    }
    return render(request, "programme/recruitment/panel_setup.html", context)


@frame.may_change_recruitment
@frame.page_with_form
def add_member(request: HttpRequest, round_pk: uuid.UUID) -> HttpResponse:
    shown = round_of(request, round_pk)
    back = reverse("programme:panel-setup", args=[round_pk])
    form = frame.filled_in(MemberForm, request, in_round=shown, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.add_member(in_round=shown, by=request.user, **form.values)
            messages.success(request, "They are on the panel.")
            return redirect(back)
    return frame.form_page(request, form, f"Add to the panel: {shown}", back=back)


@frame.may_change_recruitment
@frame.page_with_form
def add_criterion(request: HttpRequest, round_pk: uuid.UUID) -> HttpResponse:
    shown = round_of(request, round_pk)
    back = reverse("programme:panel-setup", args=[round_pk])
    form = frame.filled_in(CriterionForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.add_criterion(in_round=shown, by=request.user, **form.values)
            messages.success(request, "The criterion is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"Add a criterion: {shown}", back=back)


@frame.may_change_recruitment
@frame.page_with_form
def remove_member(request: HttpRequest, round_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    shown = round_of(request, round_pk)
    member = get_object_or_404(shown.panel_members.select_related("user"), pk=pk)
    member.round = shown
    return _remove(request, member, f"Take {member} off the panel?")


@frame.may_change_recruitment
@frame.page_with_form
def remove_criterion(request: HttpRequest, round_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    shown = round_of(request, round_pk)
    criterion = get_object_or_404(shown.criteria, pk=pk)
    criterion.round = shown
    return _remove(request, criterion, f"Remove “{criterion}”?")


def _remove(request: HttpRequest, part, heading: str) -> HttpResponse:
    """Asks first; what has been scored stays."""
    back = reverse("programme:panel-setup", args=[part.round_id])
    if request.method == "POST":
        try:
            if hasattr(part, "user_id"):
                actions.remove_member(member=part, by=request.user)
            else:
                actions.remove_criterion(criterion=part, by=request.user)
            messages.success(request, "Removed.")
        except NotSaved as refusal:
            messages.warning(request, str(refusal))
        return redirect(back)
    context = {
        "heading": heading,
        "text": "Possible until somebody has scored.",
        "button": "Remove",
        "back": back,
    }
    return render(request, "programme/confirm.html", context)


@frame.may_view_recruitment
@require_safe
def scores(request: HttpRequest, round_pk: uuid.UUID) -> HttpResponse:
    """What the panel gave each application, once all who may score it have."""
    shown = round_of(request, round_pk)
    page = Paginator(summaries(shown), frame.ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "programme/recruitment/scores.html", {"round": shown, "page": page})
