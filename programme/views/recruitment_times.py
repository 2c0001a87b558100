"""How long recruitment takes, for one round and for all that a lead may see."""

import uuid

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.models import Applicant
from programme.views import frame
from programme.views.applicants import round_of
from programme.waits import Spread, by_kind, by_stage, stuck, time_to_hire, waits_of

STUCK = 10


@frame.may_view_recruitment
@require_safe
def round_times(request: HttpRequest, round_pk: uuid.UUID) -> HttpResponse:
    """Time in each stage of one round, time to hire, and who has waited longest."""
    shown = round_of(request, round_pk)
    rows = Applicant.objects.visible_to(request.user).counted().filter(round=shown)
    found = by_stage(waits_of(rows), timezone.localdate())
    names = [stage.name for stage in shown.stages.all() if stage.name in found]
    stages = [(name, found[name]) for name in names]
    return _page(request, rows, stages, {"round": shown, "heading": f"How long: {shown}"})


@frame.may_view_recruitment
@require_safe
def recruitment_figures(request: HttpRequest) -> HttpResponse:
    """The same over every round of the lead's sites, by kind of stage."""
    rows = Applicant.objects.visible_to(request.user).counted()
    stages = list(by_kind(waits_of(rows), timezone.localdate()).items())
    return _page(request, rows, stages, {"heading": "How long recruitment takes"})


def _page(
    request: HttpRequest,
    rows: QuerySet[Applicant],
    stages: list[tuple[str, Spread]],
    context: dict,
) -> HttpResponse:
    today = timezone.localdate()
    waiting = [
        (row, (today - timezone.localdate(row.stage_since)).days) for row in stuck(rows, STUCK)
    ]
    context |= {"stages": stages, "hire": time_to_hire(rows, today), "waiting": waiting}
    return render(request, "programme/recruitment/times.html", context)
