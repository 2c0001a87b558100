"""Every metric of the programme on one page, and as files."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from lxp import dashboard_how as how
from lxp import figures_words as words
from lxp.dashboard_asked import RULE, Asked, address_of, file_name, frame_of, kept_content
from programme.disclosure import TOTAL
from programme.exports import csv_response
from programme.measures import exact_metrics, published_metrics, published_reasons
from programme.metrics import Metric
from programme.numbers import HIDDEN

COLUMNS = [
    "as_at",
    "mode",
    "figure",
    "reason",
    "numerator",
    "denominator",
    "value",
    "unit",
]
BY_REASON = "leavers_by_reason"


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The page; its content is kept while no record changes."""
    asked = Asked(request.user, request.GET, compared=False)
    context = {"content": kept_content(asked, "figures", lambda: _drawn(asked))}
    if asked.query:
        context["form"] = asked.form  # whose errors stand in the title
    return render(request, "lxp/figures.html", context)


def _drawn(asked: Asked) -> str:
    metrics, reasons = metrics_of(asked)
    kinds = {"Numbers as CSV": "csv", "Numbers as JSON": "json"}
    context = {
        **frame_of(asked, "dashboard-figures"),
        "dashboard": address_of("dashboard", asked.filters, asked.mode),
        "sections": words.sections(metrics, reasons, published=asked.published),
        "history_title": "How published figures are made"
        if asked.published
        else "What a figure of a past day can and cannot tell",
        "history": how.published(RULE) if asked.published else how.HISTORY,
        "downloads": [
            (text, address_of(f"dashboard-figures-{kind}", asked.filters, asked.mode))
            for text, kind in kinds.items()
        ],
    }
    return render_to_string("lxp/figures_content.html", context)


def metrics_of(asked: Asked) -> tuple[list[Metric], dict[str, int | None]]:
    """The metrics and the leavers by reason, exact or published."""
    found = asked.measures
    if asked.published:
        return published_metrics(found, asked.shown), published_reasons(found, asked.shown)
    reasons = found.reasons
    return exact_metrics(found), reasons | {TOTAL: sum(reasons.values())}


# --- Files ----------------------------------------------------------------------------------------


@require_safe
def figures_json(request: HttpRequest) -> HttpResponse:
    asked = Asked(request.user, request.GET, compared=False)
    return asked.refusal or JsonResponse(_numbers(asked))


@require_safe
def figures_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    asked = Asked(request.user, request.GET, compared=False)
    if asked.refusal:
        return asked.refusal
    return csv_response(file_name("figures", asked, "csv"), COLUMNS, _rows(_numbers(asked)))


def _numbers(asked: Asked) -> dict:
    metrics, reasons = metrics_of(asked)
    return {
        "as_at": asked.filters.as_at.isoformat(),
        "mode": asked.mode,
        "figures": [
            {
                "figure": metric.key,
                "numerator": metric.numerator,
                "denominator": metric.denominator,
                "value": metric.value,
                "unit": metric.unit,
                "hidden": metric.hidden,
            }
            for metric in metrics
        ],
        BY_REASON: [{"reason": reason, "people": people} for reason, people in reasons.items()],
    }


def _rows(numbers: dict) -> Iterator[list]:
    """The numbers as rows of `COLUMNS`; not applicable is empty, hidden a star."""
    head = [numbers["as_at"], numbers["mode"]]
    for one in numbers["figures"]:
        cells = [one["numerator"], one["denominator"], one["value"]]
        if one["hidden"]:
            cells = [HIDDEN] * 3
        yield [*head, one["figure"], None, *cells, one["unit"]]
    for one in numbers[BY_REASON]:
        people = HIDDEN if one["people"] is None else one["people"]
        yield [*head, BY_REASON, one["reason"], people, None, None, "people"]
