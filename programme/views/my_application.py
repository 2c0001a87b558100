"""An applicant's own page, by a signed link: each step, whose turn it is, and a date."""

import datetime as dt
import uuid
from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from programme import limits
from programme.actions import applicants as actions
from programme.applicant_links import WORKS_FOR, link_to
from programme.forms.apply import EqualityForm, LinkForm, WithdrawForm
from programme.forms.hiring import FIT
from programme.forms.slots import in_words as slot_in_words
from programme.interview_times import choice_of
from programme.models import (
    ENDED,
    Applicant,
    CheckOutcome,
    CheckStandard,
    EmploymentCheck,
    Round,
    RoundStage,
    StageKind,
    Turn,
)
from programme.views import frame
from programme.views.apply import (
    EQUALITY,
    NOBODYS,
    OURS,
    OWN_PAGE,
    YOURS,
    in_words,
    offered_round,
    open_link,
    own_key,
    what_is_written,
)
from programme.views.my_offer import may_answer, offer_facts, offer_stands

# Where an application stands, in the words its applicant reads: what is so, and whose turn it is.
STANDS = {
    StageKind.APPLIED: ("We have your application. Next we read it.", OURS),
    StageKind.SHORTLISTING: ("A panel is reading your application.", OURS),
    StageKind.INTERVIEW: ("We would like to meet you, and write to you about a time.", OURS),
    StageKind.OFFER: ("We would like to offer you a place, and write to you about it.", OURS),
    StageKind.CHECKS: ("Before you start, six checks have to be done.", OURS),
    StageKind.APPOINTED: ("You have a place. Welcome!", NOBODYS),
    StageKind.ON_HOLD: (
        "There was no place for you this time. We keep your application for a later round.",
        NOBODYS,
    ),
    StageKind.NOT_SELECTED: (
        "We are sorry that we cannot offer you a place this time. You can ask for feedback.",
        NOBODYS,
    ),
    StageKind.WITHDREW: ("You have withdrawn, and nothing more will happen.", NOBODYS),
}
TURNS = {
    Turn.APPLICANT: YOURS,
    Turn.TRUST: OURS,
    Turn.SOMEBODY_ELSE: "We wait for somebody else",
    Turn.NOBODY: "Done",
}


class Step(NamedTuple):
    """One stage as a line of the applicant's page."""

    name: str
    state: str
    colour: str
    when: str


@require_safe
@open_link
def my_application(request: HttpRequest, applicant: Applicant) -> HttpResponse:
    """A draft: how to go on. A sent application: where it stands and what comes next."""
    key = own_key(request, applicant)
    context = {"applicant": applicant, "round": applicant.round, "key": key}
    if applicant.is_draft:
        today = timezone.localdate()
        context |= {
            "link": link_to(applicant, key),
            "days": WORKS_FOR.days,
            "is_closed": not applicant.round.takes_applications_on(today),
            "written": what_is_written(applicant),
        }
        return render(request, "programme/apply/draft.html", context)
    stages = list(applicant.round.stages.all())
    order = CheckStandard.values
    found = sorted(applicant.checks.all(), key=lambda check: order.index(check.standard))
    checks = [_check(check) for check in found]
    words, turn = _stands(applicant, [turn for *_, turn in checks])
    interview = choice_of(applicant, timezone.now())
    if interview and interview.booking:
        words, turn = f"Your interview: {slot_in_words(interview.booking.slot)}.", NOBODYS
    elif interview and interview.slots:
        words, turn = "We would like to meet you. Please choose a time.", YOURS
    context |= {
        "interview": interview,
        "words": words,
        "turn": turn,
        "expected": "" if turn == YOURS else _expected(applicant, stages),
        "offer": offer_facts(applicant),
        "may_answer": may_answer(applicant, timezone.localdate()),
        "steps": _steps(applicant, stages),
        "checks": [
            (name, f"{found}: {whose.lower()}" if whose else found) for name, found, whose in checks
        ],
        "written": what_is_written(applicant),
        "may_withdraw": _may_withdraw(applicant),
    }
    return render(request, "programme/apply/mine.html", context)


def _stands(applicant: Applicant, turns: list[str]) -> tuple[str, str]:
    """What is so now, and whose turn it is."""
    if about_offer := offer_stands(applicant, timezone.localdate()):
        return about_offer
    words, turn = STANDS[StageKind(applicant.stage.kind)]
    if applicant.stage.kind == StageKind.CHECKS and YOURS in turns:
        return words, YOURS
    return words, turn


def _expected(applicant: Applicant, stages: list[RoundStage]) -> str:
    """When the next step is expected, as far as the round says."""
    if applicant.stage.kind in ENDED:
        return ""
    ahead = [stage for stage in stages if stage.position >= applicant.stage.position]
    dated = next((s for s in ahead if s.expected_on and s.kind not in ENDED), None)
    if dated is None:
        return "We do not know a date yet. You can ask the person below at any time."
    if dated.expected_on < timezone.localdate():
        return (
            f"We had planned “{dated}” to be done by {in_words(dated.expected_on)}. It takes "
            "longer, and we are sorry. You can ask the person below."
        )
    return f"We expect “{dated}” to be done by {in_words(dated.expected_on)}."


def _steps(applicant: Applicant, stages: list[RoundStage]) -> list[Step]:
    """The way through the round, with the day of each step that was taken."""
    reached = {
        move.to_stage_id: timezone.localdate(move.at) for move in applicant.moves.order_by("at")
    }
    now = applicant.stage
    ended = now.kind in ENDED
    shown = [
        stage
        for stage in stages
        if stage == now
        or (stage.kind not in ENDED and (not ended or stage.pk in reached))
        or (stage.kind == StageKind.APPOINTED and not ended)
    ]
    return [_step(stage, now, reached.get(stage.pk)) for stage in shown]


def _step(stage: RoundStage, now: RoundStage, on: dt.date | None) -> Step:
    if stage == now and stage.kind in {StageKind.NOT_SELECTED, StageKind.WITHDREW}:
        return Step(stage.name, "Ended", "grey", in_words(on) if on else "")
    if stage == now:
        return Step(stage.name, "Now", "blue", f"Since {in_words(on)}" if on else "")
    if stage.position < now.position:
        return Step(stage.name, "Done", "green", in_words(on) if on else "")
    by = stage.expected_on
    return Step(stage.name, "To come", "white", f"Expected by {in_words(by)}" if by else "")


def _check(check: EmploymentCheck) -> tuple[str, str, str]:
    """The name of a check, what has come of it, and whose turn it is."""
    if check.outcome != CheckOutcome.WAITING:
        outcome = check.get_outcome_display()
        if check.standard == CheckStandard.HEALTH:
            outcome = FIT[CheckOutcome(check.outcome)]
        return str(check), f"{outcome}, {in_words(check.outcome_on)}", ""
    by = f", expected by {in_words(check.expected_on)}" if check.expected_on else ""
    return str(check), f"Not finished{by}", TURNS[Turn(check.turn)]


def _may_withdraw(applicant: Applicant) -> bool:
    return applicant.stage.kind not in {*ENDED} - {StageKind.ON_HOLD}


@frame.page_with_form
@open_link
def withdraw(request: HttpRequest, applicant: Applicant) -> HttpResponse:
    key = own_key(request, applicant)
    if applicant.is_draft or not _may_withdraw(applicant):
        return redirect("programme:my-application", key=key)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        may_write = limits.may_write_to(request, "withdrew", applicant.email)
        actions.withdraw(
            applicant=applicant, reason=reason, at=timezone.now(), acknowledge=may_write
        )
        messages.success(request, "You have withdrawn.")
        return redirect("programme:my-application", key=key)
    context = {"form": form, "round": applicant.round, "key": key}
    return render(request, "programme/apply/withdraw.html", context)


@require_POST
@open_link
def drop(request: HttpRequest, applicant: Applicant) -> HttpResponse:
    """Delete a draft; what was sent meanwhile stays."""
    try:
        actions.drop(applicant=applicant)
    except actions.AlreadySent:
        return redirect("programme:my-application", key=own_key(request, applicant))
    messages.success(request, "What you wrote is deleted.")
    return redirect("programme:apply")


@login_not_required
@frame.page_with_form
def send_link(request: HttpRequest) -> HttpResponse:
    """A new link for who has lost theirs; the answer is the same for every address."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        if limits.may_write_to(request, "send_link", email):
            actions.ask_for_links(email=email, at=timezone.now())
        return render(request, "programme/apply/link_sent.html", {"email": email})
    return render(request, "programme/apply/send_link.html", {"form": form})


# --- Equality -------------------------------------------------------------------------------------


@login_not_required
@frame.page_with_form
def equality(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The last step, which anybody can leave out. Opened once, by having just sent."""
    offered = offered_round(pk)
    if request.session.get(EQUALITY) != str(pk):
        return _thanks(request, offered, "")
    form = EqualityForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and limits.allowed(request, "equality"):
        answers = {} if "skip" in request.POST else form.cleaned_data
        actions.keep_equality_answers(offered=offered, answers=answers, on=timezone.localdate())
        del request.session[EQUALITY]
        # Once: somebody else may use this phone or computer next.
        return _thanks(request, offered, request.session.pop(OWN_PAGE, ""))
    return render(request, "programme/apply/equality.html", {"form": form, "round": offered})


def _thanks(request: HttpRequest, offered: Round, own_page: str) -> HttpResponse:
    context = {"round": offered, "own_page": own_page}
    return render(request, "programme/apply/thanks.html", context)
