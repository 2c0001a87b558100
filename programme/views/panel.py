"""A panel member's pages: their rounds, whom to score, and one application to read and score."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import SCORE_APPLICANTS
from programme.actions import panel as actions
from programme.actions.moves import MoveRefused
from programme.forms.panel import ScoreForm
from programme.models import Applicant, PanelMember
from programme.panel import criteria_at, others_scores, seats_of, to_score
from programme.views import frame

may_score = permission_required(SCORE_APPLICANTS, raise_exception=True)


def _seat(request: HttpRequest, round_pk: uuid.UUID) -> PanelMember:
    seats = PanelMember.objects.visible_to(request.user).select_related("round", "user")
    return get_object_or_404(seats, round=round_pk)


def _applicant(member: PanelMember, pk: uuid.UUID) -> Applicant:
    """One to score: with the statement, without the way to reach them and without adjustments."""
    rows = to_score(member).defer(None).defer("adjustments", "email", "phone")
    return get_object_or_404(rows, pk=pk)


@may_score
@require_safe
def panels(request: HttpRequest) -> HttpResponse:
    """The rounds on whose panel the user sits."""
    page = frame.page_of(request, seats_of(request.user))
    return render(request, "programme/recruitment/panels.html", {"page": page})


@may_score
@require_safe
def panel(request: HttpRequest, round_pk: uuid.UUID) -> HttpResponse:
    """Whom the user may score in a round now, and whom they have."""
    member = _seat(request, round_pk)
    page = frame.page_of(request, to_score(member).order_by("submitted", "sort_name", "pk"))
    context = {"round": member.round, "page": page}
    return render(request, "programme/recruitment/panel.html", context)


@may_score
@frame.page_with_form
def score(request: HttpRequest, round_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """One application to read and score; the others' scores only after one's own."""
    member = _seat(request, round_pk)
    applicant = _applicant(member, pk)
    if applicant.conflict:
        context = {"round": member.round, "applicant": applicant}
        return render(request, "programme/recruitment/conflict.html", context)
    kind = applicant.stage.kind
    criteria = list(criteria_at(round_pk, kind))
    own = list(member.scores.filter(applicant=applicant, criterion__in=criteria))
    data = request.POST if request.method == "POST" else None
    form = ScoreForm(data, criteria=criteria, own=own)
    if form.is_valid() and _saved(request, form, member, applicant):
        return redirect("programme:panel", round_pk)
    frame.note_looks(request, [(applicant.pk, None)])
    context = {
        "round": member.round,
        "applicant": applicant,
        "answers": applicant.answers.select_related("question"),
        "form": form,
        "own": own if applicant.submitted else [],
        "others": others_scores(applicant, member, kind) if applicant.submitted else [],
    }
    return render(request, "programme/recruitment/score.html", context)


def _saved(
    request: HttpRequest, form: ScoreForm, member: PanelMember, applicant: Applicant
) -> bool:
    submit = request.POST.get("then") == "submit"
    try:
        actions.save_scores(
            member=member,
            applicant=applicant,
            given=form.values,
            submit=submit,
            at=timezone.now(),
        )
    except MoveRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    words = "Your scores are submitted." if submit else "Your scores are kept for later."
    messages.success(request, words)
    return True


@may_score
@require_POST
def declare_conflict(request: HttpRequest, round_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """The user may not score an application, or may after all."""
    member = _seat(request, round_pk)
    applicant = _applicant(member, pk)
    allowed = request.POST.get("may_score") == "yes"
    try:
        actions.declare_conflict(
            member=member, applicant=applicant, may_score=allowed, at=timezone.now()
        )
    except MoveRefused as refusal:
        raise Http404 from refusal
    if allowed:
        return redirect("programme:score", round_pk, pk)
    messages.success(request, "You do not score this application.")
    return redirect("programme:panel", round_pk)
