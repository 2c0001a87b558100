"""Supervision's figures on a page and as files, with the dashboard's day, filters and modes; and
those of them that stand on the dashboard."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lxp import supervision_words as words
from lxp.dashboard_asked import RULE, Asked, address_of, file_name, kept_content
from lxp.dashboard_figures import as_numbers, cells_of, drawn
from lxp.dashboard_words import Headline
from programme.exports import csv_response
from programme.kept import kept_part
from supervision import metrics
from supervision.figures import HANG_ON, read_compliance, read_figures
from supervision.metrics import OfKind

PLACES = ["kind", "site", "team"]
COLUMNS = ["as_at", "mode", "figure", *PLACES, "numerator", "denominator", "value", "unit"]


@require_safe
def supervision(request: HttpRequest) -> HttpResponse:
    """The page; its content is kept while no record changes."""
    asked = Asked(request.user, request.GET, compared=False)
    content = kept_content(asked, "supervision", lambda: _drawn(asked), also=HANG_ON)
    context = {"content": content, "heading": "Supervision figures"}
    if asked.query:
        context["form"] = asked.form  # whose errors stand in the title
    return render(request, "lxp/figures.html", context)


# --- On the dashboard -----------------------------------------------------------------------------


def up_to_date(asked: Asked) -> list[Headline]:
    """Who is up to date, kind by kind. What may be published of it is kept by itself, since it is
    worked out with everything else."""
    if asked.published:
        question = ("up to date", asked.filters, timezone.localdate())
        shown = kept_part(asked.keeping, question, lambda: _published(asked))
    else:
        shown = _listed(metrics.of_kinds(read_compliance(asked.records, asked.filters)))
    more = address_of("dashboard-supervision", asked.filters, asked.mode)
    return words.up_to_date(shown, published=asked.published, more=more)


def _published(asked: Asked) -> list[tuple]:
    """A part that is kept is not made of other parts, whose tables nobody would note."""
    found = read_figures(replace(asked.records, keeping=None), asked.filters)
    return _listed(one for one in metrics.published(found, RULE) if not one.site)


def _listed(found: Iterable[OfKind]) -> list[tuple]:
    """Kind, share and numbers of each."""
    kept = [one for one in found if one.metric.key == metrics.COMPLIANCE]
    return [(one.kind, *one.metric[1:4], one.metric.hidden) for one in kept]


def _read(asked: Asked) -> list[OfKind]:
    found = read_figures(asked.records, asked.filters)
    return metrics.published(found, RULE) if asked.published else metrics.exact(found)


def _drawn(asked: Asked) -> str:
    sections = words.sections(_read(asked), published=asked.published)
    return drawn(asked, "dashboard-supervision", sections, heading="Supervision figures")


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
    return {
        "as_at": asked.filters.as_at.isoformat(),
        "mode": asked.mode,
        "figures": [
            as_numbers(one.metric) | {name: getattr(one, name) for name in PLACES}
            for one in _read(asked)
        ],
    }


def _rows(numbers: dict) -> Iterator[list]:
    """The numbers as rows of `COLUMNS`; not applicable is empty, hidden a star."""
    head = [numbers["as_at"], numbers["mode"]]
    for one in numbers["figures"]:
        yield [*head, one["figure"], *(one[name] for name in PLACES), *cells_of(one), one["unit"]]
