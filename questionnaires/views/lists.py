"""The questionnaires of a programme, and the versions of each."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.roles import CHANGE_QUESTIONNAIRES
from programme.actions.saving import NotSaved
from programme.views import frame
from questionnaires import actions
from questionnaires.models import Questionnaire

LIST, ONE, VERSION = (
    *("questionnaires:questionnaires", "questionnaires:questionnaire", "questionnaires:version"),
)
# A questionnaire belongs to no site.
may_change = frame.for_every_site(CHANGE_QUESTIONNAIRES)


@may_change
@require_safe
def questionnaires(request: HttpRequest) -> HttpResponse:
    """Every questionnaire with the version that is asked and its draft."""
    rows = Questionnaire.objects.visible_to(request.user).with_versions()
    page = frame.page_of(request, rows)
    context = {"page": page, "today": timezone.localdate()}
    return render(request, "questionnaires/questionnaires.html", context)


@may_change
@require_safe
def questionnaire(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One questionnaire: its versions stay readable, the newest first."""
    found = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    versions = list(found.versions.select_related("published_by").defer("document"))
    context = {
        "questionnaire": found,
        "versions": versions,
        "draft": next((one for one in versions if not one.is_published), None),
        "asked": next((one for one in versions if one.is_published), None),
        "retired": found.is_retired_on(timezone.localdate()),
    }
    return render(request, "questionnaires/questionnaire.html", context)


@may_change
@frame.page_with_form
def revise(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Begins the next version with the words of the newest; asks first."""
    found = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    newest = found.versions.latest()
    if request.method == "POST":
        try:
            draft = actions.add_draft(
                questionnaire=found, definition=newest.definition, by=request.user
            )
        except NotSaved as refusal:
            messages.warning(request, str(refusal))
            return redirect(ONE, pk)
        return redirect(VERSION, draft.pk)
    text = "It begins with the words of the newest one. What is asked now stays until you publish."
    return frame.confirm_page(
        request,
        f"Begin a new version of {found}?",
        text,
        "Begin a draft",
        back=reverse(ONE, args=[pk]),
        variant="primary",
    )


@may_change
@frame.page_with_form
def retire(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks it no more, or again; asks first."""
    found = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    today = timezone.localdate()
    retired = found.is_retired_on(today)
    if request.method == "POST":
        try:
            actions.retire(questionnaire=found, by=request.user, on=None if retired else today)
        except NotSaved as refusal:
            messages.warning(request, str(refusal))
            return redirect(ONE, pk)
        words = "can be asked again" if retired else "is asked no more"
        messages.success(request, f"{found} {words}.")
        return redirect(ONE, pk)
    asks = f"Ask {found} again?" if retired else f"Retire {found}?"
    text = (
        "It can be chosen again from today."
        if retired
        else "From today it is asked no more. Answers stay, with the words they were given to."
    )
    button = "Ask it again" if retired else "Retire questionnaire"
    back = reverse(ONE, args=[pk])
    variant = "primary" if retired else "warning"
    return frame.confirm_page(request, asks, text, button, back=back, variant=variant)
