"""One applicant, for the leads of the round's site."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import CHANGE_RECRUITMENT
from programme.actions import moves as actions
from programme.actions.hiring import readiness
from programme.applicants import has_free_slot, maybe_twice, standing, with_standing
from programme.models import Applicant, OfferAsk, Round, StageKind
from programme.stage_rules import CLOSED, whose_turn, why_not_back, why_not_start
from programme.views import frame
from programme.views.applicants import note_looks, round_of, stages_to_choose

ASKS = {OfferAsk.MORE_TIME: "more time", OfferAsk.TALK: "a conversation with somebody"}


def applicant_of(request: HttpRequest, shown: Round, pk: uuid.UUID) -> Applicant:
    """An applicant of a round, if the user may see them; the statement is not read."""
    found = Applicant.objects.visible_to(request.user).filter(round=shown)
    found = with_standing(found.defer(None).defer("statement"))
    return get_object_or_404(found.select_related("round__site", "stage", "person"), pk=pk)


@frame.may_view_recruitment
@require_safe
def show_applicant(request: HttpRequest, round_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """Where an application stands, what was answered, and every step so far."""
    shown = round_of(request, round_pk)
    applicant = applicant_of(request, shown, pk)
    note_looks(request, [applicant])
    now = standing(applicant, slots=has_free_slot(shown))
    closed = now.kind in CLOSED or applicant.merged_into_id
    context = {
        "round": shown,
        "applicant": applicant,
        "facts": _facts(applicant, now),
        "answers": applicant.answers.select_related("question"),
        "moves": applicant.moves.select_related("to_stage", "by").order_by("-at", "-id"),
        "on_panel": shown.panel_members.filter(user=request.user).exists(),
        "stages": [] if closed else stages_to_choose(shown.stages.exclude(pk=applicant.stage_id)),
        "offer": _offer(applicant),
        "may_offer": now.kind in {StageKind.OFFER, StageKind.CHECKS},
        "may_start": not why_not_start(readiness(applicant)),
        "maybe_twice": applicant.pk in maybe_twice(shown),
        "may_come_back": not applicant.merged_into_id and not why_not_back(now),
        "may_change": request.user.has_perm(CHANGE_RECRUITMENT),
    }
    return render(request, "programme/recruitment/applicant.html", context)


def _offer(applicant: Applicant) -> list[tuple]:
    facts = [
        ("Offer", f"Made on {_day(applicant.offered_on)}" if applicant.offered_on else "Not made"),
        ("Answer", answer_in_words(applicant) or "–"),
        ("Agreed first day", _day(applicant.starts_on) or "Not agreed"),
    ]
    if asks := ask_in_words(applicant):
        facts.insert(2, ("The applicant asks for", f"{asks[0].upper()}{asks[1:]}"))
    return facts


def ask_in_words(applicant: Applicant) -> str:
    """What somebody asked before they answer an offer, and when; empty if nothing."""
    if not applicant.offer_asked:
        return ""
    return f"{ASKS[OfferAsk(applicant.offer_asked)]}, on {_day(applicant.offer_asked_on)}"


def answer_in_words(applicant: Applicant) -> str:
    """What was answered to an offer, on which day and how; empty without an offer."""
    if applicant.offer_answer:
        answer = f"{applicant.get_offer_answer_display()} on {_day(applicant.offer_answered_on)}"
        how = "by the applicant, on their own page"
        return f"{answer}, {how if applicant.offer_answered_self else 'recorded by a lead'}"
    if applicant.offer_reply_by:
        return f"No answer yet, wanted by {_day(applicant.offer_reply_by)}"
    return "No answer yet" if applicant.offered_on else ""


def _day(day: dt.date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


def _facts(applicant: Applicant, now) -> list[tuple]:
    today = timezone.localdate()
    since = timezone.localdate(applicant.stage_since)
    facts = [
        ("Stage", f"{applicant.stage}, since {since.day} {since:%B %Y}"),
        ("Next step", whose_turn(now, today)[1]),
        ("Email address", applicant.email),
        ("Telephone", applicant.phone or "Not given"),
    ]
    if applicant.reason:
        facts.insert(1, ("Reason", applicant.get_reason_display()))
    if applicant.person:
        record = reverse("programme:person", args=[applicant.person_id])
        facts.append(("On the list of people", str(applicant.person), record, "Open the record"))
    return facts


@frame.may_change_recruitment
@require_POST
def bring_back(request: HttpRequest, round_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """Takes back the end of an application."""
    shown = round_of(request, round_pk)
    applicant = applicant_of(request, shown, pk)
    try:
        back = actions.bring_back(applicant=applicant, by=request.user, at=timezone.now())
    except actions.MoveRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"They are at “{back.stage}” again.")
    return redirect("programme:applicant", round_pk, pk)
