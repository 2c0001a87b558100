"""Applications of a round that may be one person's, and the hold list of all rounds."""

import uuid

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.roles import CHANGE_RECRUITMENT
from programme.actions import duplicates, holding
from programme.actions.moves import MoveRefused
from programme.applicants import pairs_like_one_person
from programme.exports import download
from programme.forms.holding import InviteForm, PairForm
from programme.models import Applicant, Round, StageKind
from programme.views import frame
from programme.views.applicants import note_looks, round_of

HOLD_COLUMNS = [
    "First name",
    "Last name",
    "Email address",
    "Round",
    "On hold since",
    "Reason",
    "Invited to",
]
PAIR_COLUMNS = ["Pair", "First name", "Last name", "Email address", "Sent", "Stage"]
PAIRS = 25  # on one page: the rest comes as these are decided


@frame.may_change_recruitment
@frame.page_with_form
def pairs(request: HttpRequest, round_pk: uuid.UUID) -> HttpResponse:
    """Pairs that look like one person's; for each, which to keep or that they are two people."""
    shown = round_of(request, round_pk)
    if request.method == "POST":
        _decide(request, shown)
        return redirect("programme:duplicates", round_pk)
    found = pairs_like_one_person(shown)
    context = {
        "round": shown,
        "pairs": _read(request, shown, found[:PAIRS]),
        "more": max(0, len(found) - PAIRS),
    }
    return render(request, "programme/recruitment/duplicates.html", context)


def _read(
    request: HttpRequest, shown: Round, found: list[tuple]
) -> list[tuple[Applicant, Applicant]]:
    """The applications of these pairs, each of which has been looked at."""
    keys = {key for pair in found for key in pair}
    rows = Applicant.objects.visible_to(request.user).filter(round=shown, pk__in=keys)
    applicants = {row.pk: row for row in rows.select_related("stage", "person")}
    note_looks(request, list(applicants.values()))
    return [(applicants[one], applicants[other]) for one, other in found]


@frame.may_change_recruitment
@require_safe
def pairs_file(request: HttpRequest, round_pk: uuid.UUID, kind: str) -> HttpResponse:
    """Every pair that is still to be decided; two rows each, under one number."""
    shown = round_of(request, round_pk)
    rows = (
        (
            number,
            one.first_name,
            one.last_name,
            one.email,
            one.submitted_at,
            one.stage.name,
        )
        for number, pair in enumerate(_read(request, shown, pairs_like_one_person(shown)), 1)
        for one in pair
    )
    return download(kind, "maybe-twice", PAIR_COLUMNS, rows)


def _decide(request: HttpRequest, shown: Round) -> None:
    form = PairForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Choose what is so of two applications.")
        return
    rows = Applicant.objects.visible_to(request.user).filter(round=shown).select_related("round")
    one = get_object_or_404(rows, pk=form.cleaned_data["one"])
    other = get_object_or_404(rows, pk=form.cleaned_data["other"])
    by, at = request.user, timezone.now()
    try:
        if form.cleaned_data["answer"] == "apart":
            duplicates.tell_apart(one=one, other=other, by=by, at=at)
            messages.success(request, "Kept: they are two people.")
            return
        keep, drop = (one, other) if form.cleaned_data["answer"] == "one" else (other, one)
        duplicates.merge(keep=keep, other=drop, by=by, at=at)
        messages.success(request, "One application of this person is left.")
    except MoveRefused as refusal:
        messages.warning(request, str(refusal))


@frame.may_view_recruitment
@frame.page_with_form
def hold_list(request: HttpRequest) -> HttpResponse:
    """Everybody on hold for a later round, and inviting them to one."""
    page = frame.page_of(request, _on_hold(request))
    keys = [str(row.pk) for row in page.object_list]
    data = request.POST if request.method == "POST" else None
    form = InviteForm(data, user=request.user, today=timezone.localdate(), keys=keys)
    if form.is_valid() and request.user.has_perm(CHANGE_RECRUITMENT):
        _invite(request, form)
        return redirect("programme:hold-list")
    may_change = request.user.has_perm(CHANGE_RECRUITMENT)
    context = {"page": page, "form": form, "may_change": may_change}
    return render(request, "programme/recruitment/hold.html", context)


def _on_hold(request: HttpRequest) -> QuerySet[Applicant]:
    rows = Applicant.objects.visible_to(request.user).counted()
    rows = rows.filter(stage__kind=StageKind.ON_HOLD).order_by("stage_since", "pk")
    return rows.select_related("round", "stage").prefetch_related("carried_on__round")


@frame.may_view_recruitment
@require_safe
def hold_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Everybody on hold, each of whom has been looked at."""
    found = list(_on_hold(request).select_related("person"))
    note_looks(request, found)
    rows = (
        (
            one.first_name,
            one.last_name,
            one.email,
            one.round.title,
            timezone.localdate(one.stage_since),
            one.get_reason_display(),
            ", ".join(next_one.round.title for next_one in one.carried_on.all()),
        )
        for one in found
    )
    return download(kind, "on-hold", HOLD_COLUMNS, rows)


def _invite(request: HttpRequest, form: InviteForm) -> None:
    keys = [uuid.UUID(key) for key in form.cleaned_data["picked"]]
    to = form.cleaned_data["to"]
    try:
        begun = holding.invite(keys=keys, to=to, by=request.user, at=timezone.now())
    except MoveRefused as refusal:
        messages.warning(request, str(refusal))
        return
    if begun:
        messages.success(request, f"Invited to “{to}”: {len(begun)}. Each is sent a link.")
    else:
        messages.warning(request, f"Who you chose has an application in “{to}” already.")
