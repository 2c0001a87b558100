"""Rounds of recruitment and the questions they ask, for leads."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from programme.actions import rounds as actions
from programme.actions.saving import NotSaved
from programme.exports import download
from programme.filters import RoundsFilter
from programme.forms.rounds import QuestionForm, RoundForm
from programme.models import Round, RoundQuestion, RoundState
from programme.views import frame

COLUMNS = ["Title", "Site", "Now", "Opens", "Closes", "Places", "Applications"]


def with_sent(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Adds `sent`: how many applications were sent, without those merged into another."""
    sent = Q(applicants__submitted_at__isnull=False, applicants__merged_into__isnull=True)
    counted = rounds.annotate(sent=Count("applicants", filter=sent))
    return counted.select_related("site").order_by(*Round._meta.ordering)


def _filtered(request: HttpRequest) -> RoundsFilter:
    return frame.filtered(RoundsFilter, request, Round.objects.visible_to(request.user))


@frame.may_view_recruitment
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round the lead may see, the latest closing date first."""
    found = _filtered(request)
    page = frame.page_of(request, found.qs, counted=with_sent(found.qs))
    rows = [(one, one.state_words_on(found.today)) for one in page.object_list]
    return frame.list_page(request, "programme/recruitment/rounds.html", found, page, rows=rows)


@frame.may_view_recruitment
@require_safe
def rounds_file(request: HttpRequest, kind: str) -> HttpResponse:
    found = _filtered(request)
    rows = (
        (
            one.title,
            one.site.name,
            one.state_words_on(found.today)[0],
            one.opens_on,
            one.closes_on,
            one.places,
            one.sent,
        )
        for one in with_sent(found.qs).iterator()
    )
    return download(kind, "rounds", COLUMNS, rows)


def the_round(request: HttpRequest, pk: uuid.UUID) -> Round:
    found = Round.objects.visible_to(request.user)
    found = found.select_related("site", "post__team__site", "post__employer", "cohort__site")
    return get_object_or_404(found, pk=pk)


@frame.may_view_recruitment
@require_safe
def show_round(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One round: what it offers, its stages with how many stand there, and its questions."""
    shown = the_round(request, pk)
    today = timezone.localdate()
    here = Q(applicants__submitted_at__isnull=False, applicants__merged_into__isnull=True)
    stages = list(shown.stages.annotate(here=Count("applicants", filter=here)).order_by("position"))
    state, colour = shown.state_words_on(today)
    address = settings.PUBLIC_URL.rstrip("/") + reverse("programme:apply-round", args=[pk])
    context = {
        "round": shown,
        "address": address,
        "state": state,
        "colour": colour,
        "stages": stages,
        "sent": sum(stage.here for stage in stages),
        "questions": shown.questions.all(),
        "facts": _facts(shown),
        "is_draft": shown.state == RoundState.DRAFT,
        "is_closed": shown.state == RoundState.CLOSED,
    }
    return render(request, "programme/recruitment/round.html", context)


def _facts(shown: Round) -> list[tuple]:
    contact = ", ".join(filter(None, [shown.contact_name, shown.contact_email]))
    contact = ", ".join(filter(None, [contact, shown.contact_phone]))
    last = shown.closed_on or shown.closes_on
    return [
        ("For", str(shown.post or shown.cohort)),
        ("Site", str(shown.site)),
        ("Opens on", f"{shown.opens_on.day} {shown.opens_on:%B %Y}"),
        ("Closed on" if shown.closed_on else "Closes on", f"{last.day} {last:%B %Y}"),
        ("Places", str(shown.places)),
        ("Applicants can ask", contact),
    ]


@frame.may_change_recruitment
@frame.page_with_form
def add_round(request: HttpRequest) -> HttpResponse:
    back = reverse("programme:rounds")
    form = frame.filled_in(RoundForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            made = actions.add_round(by=request.user, **form.values)
            messages.success(request, "The round is saved as a draft. Nobody can apply yet.")
            return redirect("programme:round", pk=made.pk)
    return frame.form_page(request, form, "Add a round", back=back)


@frame.may_change_recruitment
@frame.page_with_form
def edit_round(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    shown = the_round(request, pk)
    back = reverse("programme:round", args=[pk])
    form = frame.filled_in(RoundForm, request, record=shown, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_round(changed=shown, by=request.user, version=version, **form.values)
            messages.success(request, "The round is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"Change {shown}", back=back)


@frame.may_change_recruitment
@require_POST
def publish_round(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    shown = the_round(request, pk)
    try:
        actions.publish_round(published=shown, by=request.user, on=timezone.localdate())
        messages.success(request, "The round is published.")
    except NotSaved as refusal:
        messages.warning(request, str(refusal))
    return redirect("programme:round", pk=pk)


@frame.may_change_recruitment
@require_POST
def close_round(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    shown = the_round(request, pk)
    actions.close_round(closed=shown, by=request.user, on=timezone.localdate())
    messages.success(request, "The round takes no more applications.")
    return redirect("programme:round", pk=pk)


# --- Questions ------------------------------------------------------------------------------------


@frame.may_change_recruitment
@frame.page_with_form
def add_question(request: HttpRequest, round_pk: uuid.UUID) -> HttpResponse:
    asked = the_round(request, round_pk)
    back = reverse("programme:round", args=[round_pk])
    form = frame.filled_in(QuestionForm, request, siblings=asked.questions.all(), cancel=back)
    if form.is_valid():
        with form.saving():
            values = form.values
            after = values.pop("after")
            question = RoundQuestion(round=asked, **values)
            actions.add_in_order(new=question, by=request.user, after=after)
            messages.success(request, "The question is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"Add a question: {asked}", back=back)


@frame.may_change_recruitment
@frame.page_with_form
def edit_question(request: HttpRequest, round_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    asked = the_round(request, round_pk)
    question = get_object_or_404(asked.questions, pk=pk)
    back = reverse("programme:round", args=[round_pk])
    form = frame.filled_in(
        QuestionForm, request, siblings=asked.questions.all(), record=question, cancel=back
    )
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_in_order(
                changed=question, by=request.user, version=version, **form.values
            )
            messages.success(request, "The question is saved.")
            return redirect(back)
    remove = reverse("programme:remove-question", args=[round_pk, pk])
    return frame.form_page(request, form, f"Change a question: {asked}", back=back, remove=remove)


@frame.may_change_recruitment
@frame.page_with_form
def remove_question(request: HttpRequest, round_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    asked = the_round(request, round_pk)
    question = get_object_or_404(asked.questions, pk=pk)
    back = reverse("programme:round", args=[round_pk])
    if request.method == "POST":
        return removed(request, question, "The question is removed.", back)
    context = {
        "heading": "Remove this question?",
        "text": str(question),
        "button": "Remove question",
        "back": back,
    }
    return render(request, "programme/confirm.html", context)


def removed(request: HttpRequest, part, words: str, back: str) -> HttpResponse:
    """Remove a stage or a question, or say why it stays."""
    try:
        actions.remove_in_order(removed=part, by=request.user)
        messages.success(request, words)
    except NotSaved as refusal:
        messages.warning(request, str(refusal))
    return redirect(back)
