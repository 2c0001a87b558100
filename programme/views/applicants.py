"""Applicants of one round as a board and as a list, and moving them from stage to stage."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import CHANGE_RECRUITMENT
from programme.actions import moves as actions
from programme.applicants import board, cards, with_standing
from programme.exports import download
from programme.filters import LineFilter
from programme.forms.moves import MoveForm
from programme.models import Applicant, MoveReason, OfferAnswer, Round, RoundStage, StageKind
from programme.views import frame

COLUMNS = [
    "First name",
    "Last name",
    "Email address",
    "Telephone",
    "Applied on",
    "Stage",
    "Since",
    "Days in stage",
    "Next step",
    "Reason",
    "Offer made on",
    "Answer to the offer",
    "Agreed first day",
]
SORTS = {
    "name": ("Name", ["sort_name"]),
    "waiting": ("Longest in their stage", ["stage_since"]),
    "newest": ("Applied, newest first", ["-submitted_at"]),
}


def round_of(request: HttpRequest, round_pk: uuid.UUID) -> Round:
    """The round of an address, if the user may see its applicants."""
    return get_object_or_404(Round.objects.visible_to(request.user), pk=round_pk)


def _stages(request: HttpRequest) -> QuerySet[RoundStage]:
    found = RoundStage.objects.visible_to(request.user)
    return found.filter(round=request.resolver_match.kwargs["round_pk"])


class ApplicantsFilter(django_filters.FilterSet):
    """Search, stage and order of a round's applicants; a wrong address shows nobody."""

    q = LineFilter(label="Name or email address", max_length=200)
    stage = django_filters.ModelChoiceFilter(
        label="Stage", queryset=_stages, empty_label="Every stage"
    )
    sort = django_filters.ChoiceFilter(
        label="Sort by",
        choices=[(key, words) for key, (words, _) in SORTS.items()],
        empty_label=None,
    )

    @property
    def narrowed(self) -> bool:
        """Whether the address asks for fewer than everybody."""
        return any(self.data.get(name) for name in ("q", "stage"))

    def filter_queryset(self, queryset: QuerySet[Applicant]) -> QuerySet[Applicant]:
        if not self.form.is_valid():
            return queryset.none()
        asked = self.form.cleaned_data
        rows = queryset.matching(asked["q"])
        if asked["stage"]:
            rows = rows.filter(stage=asked["stage"])
        _, order = SORTS[asked["sort"] or "name"]
        return rows.order_by(*order, "pk")


def _filtered(request: HttpRequest, shown: Round) -> ApplicantsFilter:
    rows = Applicant.objects.visible_to(request.user).counted().filter(round=shown)
    return ApplicantsFilter(request.GET, queryset=rows, request=request)


@frame.may_view_recruitment
@require_safe
def show_board(request: HttpRequest, round_pk: uuid.UUID) -> HttpResponse:
    """The stages of a round side by side, each with those who have waited there longest."""
    shown = round_of(request, round_pk)
    columns = board(shown, timezone.localdate())
    context = {
        "round": shown,
        "columns": columns,
        "stages": stages_to_choose(column.stage for column in columns),
        "may_change": request.user.has_perm(CHANGE_RECRUITMENT),
        "twice": any(card.maybe_twice for column in columns for card in column.cards),
        "anybody": any(column.count for column in columns),
    }
    return render(request, "programme/recruitment/board.html", context)


@frame.may_view_recruitment
@require_safe
def applicants(request: HttpRequest, round_pk: uuid.UUID) -> HttpResponse:
    """Everybody who applied in a round, 25 a page, with the same moves as the board."""
    shown = round_of(request, round_pk)
    filtered = _filtered(request, shown)
    page = frame.page_of(request, filtered.qs)
    order = {row.pk: number for number, row in enumerate(page.object_list)}
    found = Applicant.objects.visible_to(request.user).filter(pk__in=order)
    rows = sorted(with_standing(found).select_related("stage"), key=lambda row: order[row.pk])
    context = {
        "round": shown,
        "form": filtered.form,
        "page": page,
        "rows": list(zip(rows, cards(rows, shown, timezone.localdate()), strict=True)),
        "narrowed": filtered.narrowed,
        "stages": stages_to_choose(shown.stages.all()),
        "may_change": request.user.has_perm(CHANGE_RECRUITMENT),
    }
    return render(request, "programme/recruitment/applicants.html", context)


def stages_to_choose(stages: Iterable[RoundStage]) -> list[RoundStage]:
    """The stages that a move can lead to; appointing is an act of its own."""
    return [stage for stage in stages if stage.kind != StageKind.APPOINTED]


@frame.may_change_recruitment
@require_POST
def move_applicants(request: HttpRequest, round_pk: uuid.UUID) -> HttpResponse:
    """Moves those who were picked; asks why first, where the stage is one that ends."""
    shown = round_of(request, round_pk)
    form = MoveForm(request.POST, in_round=shown, cancel=_back(request, shown))
    if not form.is_valid():
        for problems in form.errors.values():
            for problem in problems:
                messages.warning(request, f"{problem}.")
        return redirect(_back(request, shown))
    if form.asks_why:
        return _ask_why(request, shown, form)
    given = form.cleaned_data
    try:
        moved = actions.move(
            in_round=shown,
            picked=given["picked"],
            to=given["to"],
            reason=given["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except actions.MoveRefused as refusal:
        messages.warning(request, f"Nobody was moved. {refusal}")
    else:
        who = "One applicant" if len(moved) == 1 else f"{len(moved)} applicants"
        messages.success(request, f"{who} moved to “{given['to']}”.")
    return redirect(_back(request, shown))


def _ask_why(request: HttpRequest, shown: Round, form: MoveForm) -> HttpResponse:
    form.ask_why()
    found = Applicant.objects.visible_to(request.user).counted().filter(round=shown)
    chosen = list(found.filter(pk__in=form.cleaned_data["picked"]))
    context = {
        "round": shown,
        "form": form,
        "heading": f"Move to “{form.cleaned_data['to']}”",
        "applicants": chosen,
        "names": f"{len(chosen)} applicants will be moved",
        "back": _back(request, shown),
    }
    return render(request, "programme/recruitment/move_reason.html", context)


def _back(request: HttpRequest, shown: Round) -> str:
    """Where a move was chosen: the board, the list, or the page of the one it moves."""
    picked = request.POST.get("picked", "").partition(":")[0]
    if request.POST.get("back") == "applicant" and _is_key(picked):
        return reverse("programme:applicant", args=[shown.pk, picked])
    if request.POST.get("back") == "list":
        return reverse("programme:applicants", args=[shown.pk])
    return reverse("programme:board", args=[shown.pk])


def _is_key(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


@frame.may_view_recruitment
@require_safe
def applicants_file(request: HttpRequest, round_pk: uuid.UUID, kind: str) -> HttpResponse:
    return download(kind, "applicants", COLUMNS, _download(request, round_pk))


def _download(request: HttpRequest, round_pk: uuid.UUID) -> Iterator[tuple]:
    """The rows of the list as it is filtered; everybody in them has been looked at."""
    shown = round_of(request, round_pk)
    rows = list(with_standing(_filtered(request, shown).qs).select_related("stage", "person"))
    note_looks(request, rows)
    today = timezone.localdate()
    steps = cards(rows, shown, today)
    return (_row(row, card) for row, card in zip(rows, steps, strict=True))


def note_looks(request: HttpRequest, rows: list[Applicant]) -> None:
    """Record looks at applications: of those who are people already, at their record."""
    people = [row.person for row in rows if row.person]
    seen = [(row.pk, None) for row in rows if not row.person]
    frame.note_looks(request, [*seen, *((person.pk, person.user_id) for person in people)])


def _row(row: Applicant, card) -> tuple:
    return (
        row.first_name,
        row.last_name,
        row.email,
        row.phone,
        _day(row.submitted_at),
        row.stage.name,
        _day(row.stage_since),
        card.days,
        card.next_step,
        MoveReason(row.reason).label if row.reason else "",
        row.offered_on,
        OfferAnswer(row.offer_answer).label if row.offer_answer else "",
        row.starts_on,
    )


def _day(at: dt.datetime) -> dt.date:
    return timezone.localdate(at)
