"""The programme dashboard: figures, funnel and retention, on a page and as files.

A programme lead reads exact figures of the sites their role covers. An evaluator opens the same
addresses and gets published figures: of the whole programme, with small numbers hidden. A lead gets
the same with `mode=published`, which every address of a published figure says.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_safe

from accounts.roles import (
    IMPORT_PEOPLE,
)
from design import charts as drawing
from lxp import dashboard_words as words
from lxp.dashboard_asked import (
    RULE,
    Asked,
    address_of,
    file_name,
    frame_of,
    kept_content,
)
from lxp.dashboard_supervision import up_to_date
from programme import charts
from programme.exports import csv_response
from programme.figures import (
    Filters,
)
from programme.kept import digest, kept
from programme.numbers import (
    FUNNEL_COLUMNS,
    INTERNAL,
    PUBLISHED,
    RETENTION_COLUMNS,
    funnel_numbers,
    funnel_rows,
    published_funnel_numbers,
    published_retention_numbers,
    retention_numbers,
    retention_rows,
)
from programme.summary import read_stages, read_staying
from supervision.figures import HANG_ON


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The page; it names filters that are not understood and is of today without them.

    Its content is kept while no record changes: then it is neither read nor worked out again.
    """
    asked = Asked(request.user, request.GET)
    content = kept_content(asked, "dashboard", lambda: _drawn_content(asked), also=HANG_ON)
    context = {"content": content}
    if asked.query:
        context["form"] = asked.form  # whose errors stand in the title
    return render(request, "lxp/dashboard.html", context)


def _drawn_content(asked: Asked) -> str:
    context = {
        **frame_of(asked, "dashboard"),
        "may_import": asked.user.has_perm(IMPORT_PEOPLE),
        "all_figures": address_of("dashboard-figures", asked.filters, asked.mode),
        "supervision_figures": address_of("dashboard-supervision", asked.filters, asked.mode),
        **figures_of(asked),
    }
    return render_to_string("lxp/dashboard_content.html", context)


def figures_of(asked: Asked) -> dict:
    """The headlines, the pictures with their words, and the tables: of the page and of a report."""
    return _published_page(asked) if asked.published else _exact_page(asked)


def _exact_page(asked: Asked) -> dict:
    filters, summary = asked.filters, asked.summary
    staying, as_at = summary.staying, words.written(filters.as_at)
    return {
        "headlines": [*words.headlines(summary, _lists(filters)), *up_to_date(asked)],
        "funnel": words.funnel_chart(summary, filters.as_at, _addresses("funnel", filters)),
        "retention": words.retention_chart(staying, _addresses("retention", filters))
        if staying.overall.n
        else None,
        "tables": [
            charts.milestone_table(staying, as_at),
            charts.at_risk_table(staying, as_at),
        ],
    }


def _lists(filters: Filters) -> dict[str, str]:
    """Where the people behind a number are listed: only where that list has the same people. It is
    of today, and its filters by site and cohort are wider than these."""
    people = reverse("programme:people")
    if filters.as_at != timezone.localdate() or filters.site or filters.cohort:
        return {}
    posts = {name: row.id for name in ("team", "employer") if (row := getattr(filters, name))}
    lists = {"in_post": f"{people}?{urlencode({'status': 'in_post'} | posts)}"}
    return lists if posts else lists | {"in_training": f"{people}?status=in_training"}


def _published_page(asked: Asked) -> dict:
    as_at = asked.filters.as_at
    return {
        "headlines": [*words.published_headlines(asked.shown), *up_to_date(asked)],
        "funnel": words.published_funnel_chart(
            published_funnel_numbers(asked.shown, as_at),
            as_at,
            _addresses("funnel", asked.filters, PUBLISHED),
            RULE,
        ),
        "retention": words.published_retention_chart(
            published_retention_numbers(asked.shown, as_at),
            as_at,
            _addresses("retention", asked.filters, PUBLISHED),
            RULE,
        ),
        "tables": [],
    }


def _addresses(figure: str, filters: Filters, mode: str = INTERNAL) -> dict[str, str]:
    """Where the picture and the files of a figure are."""
    found = {
        kind: address_of(f"dashboard-{figure}-{kind}", filters, mode)
        for kind in ("csv", "json", "svg")
    }
    return found | {"picture": f"{found['svg']}&{urlencode({'download': 1})}"}


# --- Files ----------------------------------------------------------------------------------------


@require_safe
def funnel_json(request: HttpRequest) -> HttpResponse:
    asked = Asked(request.user, request.GET)
    return asked.refusal or JsonResponse(_funnel(asked))


@require_safe
def funnel_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    asked = Asked(request.user, request.GET)
    if asked.refusal:
        return asked.refusal
    rows = funnel_rows(_funnel(asked))
    return csv_response(file_name("funnel", asked, "csv"), FUNNEL_COLUMNS, rows)


@require_safe
def retention_json(request: HttpRequest) -> HttpResponse:
    asked = Asked(request.user, request.GET)
    return asked.refusal or JsonResponse(_retention(asked))


@require_safe
def retention_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    asked = Asked(request.user, request.GET)
    if asked.refusal:
        return asked.refusal
    rows = retention_rows(_retention(asked))
    return csv_response(file_name("retention", asked, "csv"), RETENTION_COLUMNS, rows)


@require_safe
def funnel_svg(request: HttpRequest) -> HttpResponseBase:
    """The funnel as a picture; published, without the stages that are hidden."""
    asked = Asked(request.user, request.GET)
    return asked.refusal or _svg(request, asked, "funnel", funnel_picture(asked))


@require_safe
def retention_svg(request: HttpRequest) -> HttpResponseBase:
    """The retention curve as a picture."""
    asked = Asked(request.user, request.GET)
    return asked.refusal or _svg(request, asked, "retention", retention_picture(asked))


class Picture(NamedTuple):
    """What a picture is drawn from, which names it in the cache, and how."""

    drawn_from: tuple
    draw: Callable[[], str]


def funnel_picture(asked: Asked) -> Picture:
    """The funnel; published, without the stages that are hidden."""
    title = f"{words.TITLE}, as at {words.written(asked.filters.as_at)}"
    if asked.published:
        return _published_picture(title, charts.published_bars(_funnel(asked)))
    bars = charts.funnel_bars(read_stages(asked.records, asked.filters, asked.choices))
    return Picture((title, bars), lambda: drawing.funnel_chart(bars, title=title))


def _published_picture(title: str, bars: list[drawing.Stage]) -> Picture:
    nobody = words.NOTHING_TO_SHOW
    return Picture(
        (title, bars, nobody),
        lambda: drawing.funnel_chart(bars, title=title, nobody=nobody),
    )


def retention_picture(asked: Asked) -> Picture:
    """The retention curve. Its steps are single people: published, it is bars of those who stayed
    instead."""
    title = f"How long people stay in post, as at {words.written(asked.filters.as_at)}"
    if asked.published:
        return _published_picture(title, charts.published_retention_bars(_retention(asked)))
    staying = read_staying(asked.records, asked.filters, asked.choices)
    curves, ticks = charts.survival_curves(staying), charts.ticks(staying)
    return Picture(
        (title, curves, ticks), lambda: drawing.survival_chart(curves, title=title, ticks=ticks)
    )


def _funnel(asked: Asked) -> dict:
    as_at = asked.filters.as_at
    if asked.published:
        return published_funnel_numbers(asked.shown, as_at)
    return funnel_numbers(read_stages(asked.records, asked.filters, asked.choices), as_at)


def _retention(asked: Asked) -> dict:
    if asked.published:
        return published_retention_numbers(asked.shown, asked.filters.as_at)
    return retention_numbers(read_staying(asked.records, asked.filters, asked.choices))


def _svg(request: HttpRequest, asked: Asked, figure: str, picture: Picture) -> HttpResponseBase:
    """A picture, drawn once for the same numbers, whoever asks for it; a browser that has it
    already is told so."""
    etag = f'"{digest((figure, picture.drawn_from))}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        drawn = kept((figure, picture.drawn_from), picture.draw)
        response = HttpResponse(drawn, content_type="image/svg+xml")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    if request.GET.get("download"):
        name = file_name(figure, asked, "svg")
        response["Content-Disposition"] = content_disposition_header(
            as_attachment=True, filename=name
        )
    return response
