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
    return drawn(
        asked, "dashboard-figures", words.sections(metrics, reasons, published=asked.published)
    )


def drawn(asked: Asked, page: str, sections: list, **more: str) -> str:
    """The content of a page of figures: its sections, what its day or mode means, its files.

    Args:
        page: the URL name of the page; those of its files end with `-csv` and `-json`.
    """
    kinds = {"Numbers as CSV": "csv", "Numbers as JSON": "json"}
    context = {
        **frame_of(asked, page),
        "dashboard": address_of("dashboard", asked.filters, asked.mode),
        "sections": sections,
        "history_title": "How published figures are made"
        if asked.published
        else "What a figure of a past day can and cannot tell",
        "history": how.published(RULE) if asked.published else how.HISTORY,
        "downloads": [
            (text, address_of(f"{page}-{kind}", asked.filters, asked.mode))
            for text, kind in kinds.items()
        ],
        **more,
    }
    return render_to_string("lxp/figures_content.html", context)


def metrics_of(asked: Asked) -> tuple[list[Metric], dict[str, int | None]]:
    """The metrics and the leavers by reason, exact or published."""
    found = asked.measures
    if asked.published:
        reasons = published_reasons(found, asked.shown)
        return published_metrics(found, asked.shown, reasons), reasons
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


def as_numbers(metric: Metric) -> dict:
    """A metric as the files give it."""
    return {
        "figure": metric.key,
        "numerator": metric.numerator,
        "denominator": metric.denominator,
        "value": metric.value,
        "unit": metric.unit,
        "hidden": metric.hidden,
    }


def cells_of(numbers: dict) -> list:
    """Numerator, denominator and value as cells; a star for each where they are hidden."""
    if numbers["hidden"]:
        return [HIDDEN] * 3
    return [numbers["numerator"], numbers["denominator"], numbers["value"]]


def _numbers(asked: Asked) -> dict:
    metrics, reasons = metrics_of(asked)
    return {
        "as_at": asked.filters.as_at.isoformat(),
        "mode": asked.mode,
        "figures": [as_numbers(metric) for metric in metrics],
        BY_REASON: [{"reason": reason, "people": people} for reason, people in reasons.items()],
    }


def _rows(numbers: dict) -> Iterator[list]:
    """The numbers as rows of `COLUMNS`; not applicable is empty, hidden a star."""
    head = [numbers["as_at"], numbers["mode"]]
    for one in numbers["figures"]:
        yield [*head, one["figure"], None, *cells_of(one), one["unit"]]
    for one in numbers[BY_REASON]:
        people = HIDDEN if one["people"] is None else one["people"]
        yield [*head, BY_REASON, one["reason"], people, None, None, "people"]
