"""An offer on the applicant's own page: what it is, and accepting, declining or asking first."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from programme.actions import offer_answers as actions
from programme.actions.moves import standing_of
from programme.forms.apply import DeclineForm, OfferAnswerForm
from programme.models import ENDED, Applicant, OfferAnswer, OfferAsk, StageKind
from programme.stage_rules import offer_is_open
from programme.views import frame
from programme.views.apply import NOBODYS, OURS, YOURS, in_words, open_link, own_key

ASKED = {
    OfferAsk.MORE_TIME: "You asked us for more time on {day}.",
    OfferAsk.TALK: "You asked on {day} to talk with somebody first.",
}
LAPSED = (
    "We asked for your answer to our offer by {day}. That day has passed, so you cannot answer "
    "here any more. If you would still like the place, please tell the person below."
)
THANKS = {
    OfferAnswer.ACCEPTED: "Thank you: you have accepted our offer.",
    OfferAsk.MORE_TIME: "Thank you: we know that you need more time, and write to you.",
    OfferAsk.TALK: "Thank you: we know that you would like to talk, and get in touch.",
}


def may_answer(applicant: Applicant, today: dt.date) -> bool:
    return offer_is_open(standing_of(applicant), today)


def offer_stands(applicant: Applicant, today: dt.date) -> tuple[str, str] | None:
    """What is so about an offer and whose turn it is; nothing where something else matters now."""
    kind, answer = applicant.stage.kind, applicant.offer_answer
    if answer == OfferAnswer.DECLINED and kind in {StageKind.OFFER, StageKind.WITHDREW}:
        return f"You declined our offer on {in_words(applicant.offer_answered_on)}.", NOBODYS
    if applicant.offered_on is None or kind not in {StageKind.OFFER, StageKind.CHECKS}:
        return None
    if may_answer(applicant, today):
        return _open(applicant)
    if not answer:
        return LAPSED.format(day=in_words(applicant.offer_reply_by)), OURS
    if kind == StageKind.OFFER:
        on = in_words(applicant.offer_answered_on)
        return f"You accepted our offer on {on}. Next we make the arrangements.", OURS
    return None


def _open(applicant: Applicant) -> tuple[str, str]:
    by = f" by {in_words(applicant.offer_reply_by)}" if applicant.offer_reply_by else ""
    if not applicant.offer_asked:
        return f"We have offered you a place. Please tell us{by} whether you accept.", YOURS
    asked = ASKED[OfferAsk(applicant.offer_asked)].format(day=in_words(applicant.offer_asked_on))
    return f"{asked} We answer you first, and until then our offer stays open.", OURS


def offer_facts(applicant: Applicant) -> list[tuple[str, str]]:
    """The days of an offer, as its applicant reads them; none where there is no offer."""
    ended = applicant.stage.kind in ENDED
    if applicant.offered_on is None or (ended and not applicant.offer_answer):
        return []
    facts = [("We offered you a place", in_words(applicant.offered_on))]
    if applicant.offer_answer:
        on = in_words(applicant.offer_answered_on)
        facts.append(("Your answer", f"{applicant.get_offer_answer_display()} on {on}"))
    elif applicant.offer_reply_by:
        is_open = may_answer(applicant, timezone.localdate())
        words = "Please answer by" if is_open else "We asked for your answer by"
        facts.append((words, in_words(applicant.offer_reply_by)))
    if applicant.starts_on and applicant.offer_answer != OfferAnswer.DECLINED:
        facts.append(("Your first day", in_words(applicant.starts_on)))
    return facts


@frame.page_with_form
@open_link
def my_offer(request: HttpRequest, applicant: Applicant) -> HttpResponse:
    """Accepting an offer, or asking something first; declining has a page of its own."""
    key = own_key(request, applicant)
    data = request.POST if request.method == "POST" else None
    form = OfferAnswerForm(data, applicant=applicant)
    if form.is_valid():
        answer = form.cleaned_data["answer"]
        if answer == OfferAnswer.DECLINED:
            return redirect("programme:decline-offer", key=key)
        return _kept(request, applicant, key, answer)
    if not _is_open(applicant):
        return redirect("programme:my-application", key=key)
    context = {
        "form": form,
        "key": key,
        "round": applicant.round,
        "facts": offer_facts(applicant),
        "words": _open(applicant)[0] if applicant.offer_asked else "",
    }
    return render(request, "programme/apply/offer.html", context)


@frame.page_with_form
@open_link
def decline_offer(request: HttpRequest, applicant: Applicant) -> HttpResponse:
    """Asks once more, and why, before an offer is declined."""
    key = own_key(request, applicant)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _kept(request, applicant, key, OfferAnswer.DECLINED, form.cleaned_data["reason"])
    if not _is_open(applicant):
        return redirect("programme:my-application", key=key)
    context = {"form": form, "key": key, "round": applicant.round}
    return render(request, "programme/apply/decline.html", context)


def _is_open(applicant: Applicant) -> bool:
    return not applicant.is_draft and may_answer(applicant, timezone.localdate())


def _kept(
    request: HttpRequest, applicant: Applicant, key: str, answer: str, reason: str = ""
) -> HttpResponse:
    now = timezone.now()
    try:
        if answer in OfferAsk.values:
            actions.ask_first(applicant=applicant, ask=OfferAsk(answer), at=now)
        else:
            given = OfferAnswer(answer)
            actions.answer_offer(applicant=applicant, answer=given, reason=reason, at=now)
    except actions.OfferNotOpen as refusal:
        messages.warning(request, str(refusal))
    else:
        words = THANKS.get(answer, "You have declined our offer. Thank you for telling us.")
        messages.success(request, words)
    return redirect("programme:my-application", key=key)
