"""How long recruitment takes, for one round and for all that a lead may see: exact with those who
have waited longest, or published with `mode=published`, which every address of them says."""

import datetime as dt
import uuid
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.exports import download
from programme.models import Applicant, Round
from programme.numbers import INTERNAL, PUBLISHED, last_quarter_end
from programme.publishing import rule_in_force
from programme.views import frame
from programme.views.applicants import round_of
from programme.waits import Spread, by_kind, by_stage, stuck, time_to_hire, waits_of
from programme.waits_shown import Row, cells, exact, published, whole_programme

STUCK = 10
COLUMNS = ["as_at", "mode", "stage", "median_days", "centile_90_days", "gone_on", "there_now"]


class Shown(NamedTuple):
    """What one address asked for: its day, its mode and its rows, the time to hire first."""

    as_at: dt.date
    mode: str
    applicants: QuerySet[Applicant]
    rows: list[Row]


def _asked(request: HttpRequest) -> tuple[str, dt.date]:
    """The mode, and the day: published figures are of the last day of a quarter."""
    today = timezone.localdate()
    if request.GET.get("mode") == PUBLISHED:
        return PUBLISHED, last_quarter_end(today - dt.timedelta(days=1))
    return INTERNAL, today


def _of_round(request: HttpRequest, shown: Round) -> Shown:
    """One round; published, the whole programme."""
    mode, day = _asked(request)
    if mode == PUBLISHED:
        return _of_all(request)
    applicants = Applicant.objects.visible_to(request.user).counted().filter(round=shown)
    found = by_stage(waits_of(applicants, day), day)
    stages = {stage.name: found[stage.name] for stage in shown.stages.all() if stage.name in found}
    return Shown(day, mode, applicants, exact(time_to_hire(applicants, day), stages))


def _of_all(request: HttpRequest) -> Shown:
    mode, day = _asked(request)
    applicants = Applicant.objects.visible_to(request.user).counted()
    if mode == PUBLISHED:
        applicants = whole_programme()
    stages: dict[str, Spread] = by_kind(waits_of(applicants, day), day)
    hire = time_to_hire(applicants, day)
    if mode == PUBLISHED:
        return Shown(day, mode, applicants, published(hire, stages, rule_in_force()))
    return Shown(day, mode, applicants, exact(hire, stages))


@frame.may_view_recruitment
@require_safe
def round_times(request: HttpRequest, round_pk: uuid.UUID) -> HttpResponse:
    """Time in each stage of one round, time to hire, and who has waited longest."""
    shown = round_of(request, round_pk)
    found = _of_round(request, shown)
    heading = "How long recruitment takes" if found.mode == PUBLISHED else f"How long: {shown}"
    return _page(request, found, {"round": shown, "heading": heading})


@frame.may_view_recruitment
@require_safe
def recruitment_figures(request: HttpRequest) -> HttpResponse:
    """The same over every round of the lead's sites, by kind of stage; published, over all."""
    return _page(request, _of_all(request), {"heading": "How long recruitment takes"})


def _page(request: HttpRequest, shown: Shown, context: dict) -> HttpResponse:
    rule, today = rule_in_force(), timezone.localdate()
    is_published = shown.mode == PUBLISHED
    waiting = [] if is_published else stuck(shown.applicants, STUCK)
    context |= {
        "as_at": shown.as_at,
        "mode": shown.mode,
        "published": is_published,
        "rule": rule,
        "most_hidden": rule.smallest_shown - 1,
        "hire": shown.rows[0],
        "stages": shown.rows[1:],
        "waiting": [(row, (today - timezone.localdate(row.stage_since)).days) for row in waiting],
    }
    return render(request, "programme/recruitment/times.html", context)


@frame.may_view_recruitment
@require_safe
def round_times_file(request: HttpRequest, round_pk: uuid.UUID, kind: str) -> StreamingHttpResponse:
    return _file(_of_round(request, round_of(request, round_pk)), kind)


@frame.may_view_recruitment
@require_safe
def recruitment_figures_file(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    return _file(_of_all(request), kind)


def _file(shown: Shown, kind: str) -> StreamingHttpResponse:
    """The cells of the page; too few to say is empty, hidden a star."""
    mode = "-published" if shown.mode == PUBLISHED else ""
    name = f"recruitment-times{mode}-{shown.as_at.isoformat()}"
    return download(kind, name, COLUMNS, cells(shown.rows, [shown.as_at, shown.mode]))
