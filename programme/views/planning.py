"""Planning: how many starters it takes to have so many people in post on a day.

Exact figures of the sites a lead's role covers; never published, because they rest on few people.
"""

import datetime as dt
from types import ModuleType
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.roles import VIEW_FIGURES
from design.charts import Chart
from design.errors import error_links
from design.range_charts import SIZE
from programme.exports import csv_response
from programme.forms.planning import PlanningForm
from programme.planning_how import HOW
from programme.records import records_visible_to
from programme.retention import add_months

if TYPE_CHECKING:
    from programme.planning_words import Plan

AHEAD = 24  # months, as the form suggests
ASKED = ("people", "on_0", "on_1", "on_2", "start_0", "start_1", "start_2")
may_plan = permission_required(VIEW_FIGURES, raise_exception=True)


def _words() -> ModuleType:
    """The module of the answers: it brings numpy and scipy, which only who plans waits for."""
    from programme import planning_words

    return planning_words


def _form(request: HttpRequest) -> PlanningForm:
    """What the address asks, or an empty form with days to begin with."""
    today = timezone.localdate()
    if any(name in request.GET for name in ASKED):
        return PlanningForm(request.GET, today=today)
    next_month = add_months(today.replace(day=1), 1)
    days = {"start": next_month, "on": add_months(next_month, AHEAD)}
    return PlanningForm(today=today, initial=days)


def _plan(request: HttpRequest, form: PlanningForm) -> "Plan":
    from programme.starters import read_evidence

    asked = form.cleaned_data
    records = records_visible_to(request.user)
    known = read_evidence(records, today=form.today, on=asked["on"])
    return _words().plan(known, **asked)


@may_plan
@require_safe
def planning(request: HttpRequest) -> HttpResponse:
    """The question, and its answer where one was asked."""
    form = _form(request)
    context = {
        "form": form,
        "how": HOW,
        "own_sites_only": request.user.sites_for(VIEW_FIGURES) is not None,
    }
    if form.is_valid():
        context |= _answer(request, _plan(request, form))
    return render(request, "programme/planning.html", context)


def _answer(request: HttpRequest, asked: "Plan") -> dict:
    words = _words()
    known = words.known_in_words(asked)
    if asked.reasons:
        return {"plan": asked, "known": known}
    query = request.GET.urlencode()
    files = {
        kind: f"{reverse(f'programme:planning-{kind}')}?{query}" for kind in ("csv", "json", "svg")
    }
    chart = Chart(
        title=words.title(asked),
        sentence="The dashed line is what you want; the wider band is the 95% range.",
        image_url=files["svg"],
        alt=words.alt(asked),
        table=words.table(asked),
        how=HOW,
        downloads=[
            ("Numbers as CSV", files["csv"]),
            ("Numbers as JSON", files["json"]),
            ("Picture as SVG", f"{files['svg']}&download=1"),
        ],
        width=SIZE[0],
        height=SIZE[1],
    )
    return {
        "plan": asked,
        "known": known,
        "answer": words.answer(asked),
        "sentences": words.sentences(asked),
        "chart": chart,
    }


# --- Files ----------------------------------------------------------------------------------------


def _refusal(form: PlanningForm) -> HttpResponse | None:
    """The plain answer to a download whose question was not understood."""
    if form.is_valid():
        return None
    said = "\n".join(message for _, message in error_links(form)) or "Nothing was asked."
    return HttpResponse(said, status=400, content_type="text/plain; charset=utf-8")


def _file_name(on: dt.date, kind: str) -> str:
    return f"planning-{on.isoformat()}.{kind}"


@may_plan
@require_safe
def planning_json(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    return _refusal(form) or JsonResponse(_words().numbers(_plan(request, form)))


@may_plan
@require_safe
def planning_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    form = _form(request)
    if refusal := _refusal(form):
        return refusal
    asked, words = _plan(request, form), _words()
    return csv_response(_file_name(asked.on, "csv"), words.COLUMNS, words.file_rows(asked))


@may_plan
@require_safe
def planning_svg(request: HttpRequest) -> HttpResponseBase:
    """The picture; where data are too little it says so."""
    form = _form(request)
    if refusal := _refusal(form):
        return refusal
    asked = _plan(request, form)
    response = HttpResponse(_words().picture(asked), content_type="image/svg+xml")
    response["Cache-Control"] = "private, no-cache"
    if request.GET.get("download"):
        response["Content-Disposition"] = content_disposition_header(
            as_attachment=True, filename=_file_name(asked.on, "svg")
        )
    return response
