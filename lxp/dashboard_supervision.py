"""Supervision's figures on a page and as files, with the dashboard's day, filters and modes."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from lxp import dashboard_how as how
from lxp import supervision_words as words
from lxp.dashboard_asked import RULE, Asked, address_of, file_name, frame_of, kept_content
from programme.exports import csv_response
from programme.numbers import HIDDEN
from supervision import metrics
from supervision.figures import HANG_ON, SupervisionFigures, read_figures
from supervision.metrics import OfKind

COLUMNS = ["as_at", "mode", "figure", "kind", "numerator", "denominator", "value", "unit"]


@require_safe
def supervision(request: HttpRequest) -> HttpResponse:
    """The page; its content is kept while no record changes."""
    asked = Asked(request.user, request.GET, compared=False)
    content = kept_content(asked, "supervision", lambda: _drawn(asked), also=HANG_ON)
    context = {"content": content, "heading": "Supervision figures"}
    if asked.query:
        context["form"] = asked.form  # whose errors stand in the title
    return render(request, "lxp/figures.html", context)


def _read(asked: Asked) -> tuple[SupervisionFigures, list[OfKind]]:
    found = read_figures(asked.records, asked.filters)
    listed = metrics.published(found, RULE) if asked.published else metrics.exact(found)
    return found, listed


def _drawn(asked: Asked) -> str:
    found, listed = _read(asked)
    kinds = {"Numbers as CSV": "csv", "Numbers as JSON": "json"}
    context = {
        **frame_of(asked, "dashboard-supervision"),
        "heading": "Supervision figures",
        "dashboard": address_of("dashboard", asked.filters, asked.mode),
        "sections": words.sections(listed, found, published=asked.published),
        "history_title": "How published figures are made"
        if asked.published
        else "What a figure of a past day can and cannot tell",
        "history": how.published(RULE) if asked.published else how.HISTORY,
        "downloads": [
            (text, address_of(f"dashboard-supervision-{kind}", asked.filters, asked.mode))
            for text, kind in kinds.items()
        ],
    }
    return render_to_string("lxp/figures_content.html", context)


# --- Files ----------------------------------------------------------------------------------------


@require_safe
def supervision_json(request: HttpRequest) -> HttpResponse:
    asked = Asked(request.user, request.GET, compared=False)
    return asked.refusal or JsonResponse(_numbers(asked))


@require_safe
def supervision_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    asked = Asked(request.user, request.GET, compared=False)
    if asked.refusal:
        return asked.refusal
    return csv_response(file_name("supervision", asked, "csv"), COLUMNS, _rows(_numbers(asked)))


def _numbers(asked: Asked) -> dict:
    _, listed = _read(asked)
    return {
        "as_at": asked.filters.as_at.isoformat(),
        "mode": asked.mode,
        "figures": [
            {
                "figure": metric.key,
                "kind": kind,
                "numerator": metric.numerator,
                "denominator": metric.denominator,
                "value": metric.value,
                "unit": metric.unit,
                "hidden": metric.hidden,
            }
            for metric, kind in listed
        ],
    }


def _rows(numbers: dict) -> Iterator[list]:
    """The numbers as rows of `COLUMNS`; not applicable is empty, hidden a star."""
    head = [numbers["as_at"], numbers["mode"]]
    for one in numbers["figures"]:
        cells = [one["numerator"], one["denominator"], one["value"]]
        if one["hidden"]:
            cells = [HIDDEN] * 3
        yield [*head, one["figure"], one["kind"], *cells, one["unit"]]
