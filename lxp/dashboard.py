"""The programme dashboard: figures, funnel and retention, on a page and as files.

A programme lead reads exact figures of the sites their role covers. An evaluator opens the same
addresses and gets published figures: of the whole programme, with small numbers hidden. A lead gets
the same with `mode=published`, which every address of a published figure says.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from accounts.models import User
from accounts.roles import (
    IMPORT_PEOPLE,
    VIEW_COHORTS,
    VIEW_FIGURES,
    VIEW_PEOPLE,
    VIEW_POSTS,
    VIEW_PUBLISHED_FIGURES,
)
from design import charts as drawing
from design.errors import error_links
from lxp import dashboard_words as words
from lxp.dashboard_filters import FigureFilters
from programme import charts
from programme.disclosure import Published, Rule
from programme.exports import csv_response
from programme.figures import (
    Choices,
    Filters,
    Records,
    read_choices,
    records_visible_to,
    whole_programme,
)
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
from programme.publishing import published_figures
from programme.summary import Summary, read_stages, read_staying, read_summary
from programme.version import records_version

PARAMETERS = ("as_at", "site", "team", "cohort", "employer", "by", "mode")
RULE = Rule(smallest_shown=settings.SMALLEST_PUBLISHED_COUNT)
LONGEST_KEPT = 200  # letters of a filter; a page asked for with more is made each time
KEPT_SECONDS = 600  # a new release with other words is seen after so long at most


class Asked:
    """What one request asked for, and which records it may read; each part is read when needed."""

    def __init__(self, user: User, query: Mapping[str, str]):
        """Reads the address, or what a report was asked with.

        Raises:
            PermissionDenied: the user may read neither exact nor published figures.
        """
        self.user = user
        self.may_read_exact = self.user.has_perm(VIEW_FIGURES)
        if not self.may_read_exact and not self.user.has_perm(VIEW_PUBLISHED_FIGURES):
            raise PermissionDenied
        self.query = {name: query[name] for name in PARAMETERS if name in query}
        self.published = not self.may_read_exact or self.query.get("mode") == PUBLISHED

    @cached_property
    def records(self) -> Records:
        return whole_programme() if self.published else records_visible_to(self.user)

    @cached_property
    def choices(self) -> Choices:
        return Choices() if self.published else read_choices(self.records)

    @cached_property
    def form(self) -> FigureFilters:
        return FigureFilters(
            self.query,
            choices=self.choices,
            today=timezone.localdate(),
            published=self.published,
        )

    @cached_property
    def filters(self) -> Filters:
        return self.form.filters

    @cached_property
    def summary(self) -> Summary:
        return read_summary(self.records, self.filters, self.choices)

    @cached_property
    def shown(self) -> Published:
        """What may be shown of the summary in published mode."""
        return published_figures(self.summary, rule=RULE)

    @property
    def refusal(self) -> HttpResponse | None:
        """The plain answer to a download whose filters were not understood."""
        if not self.form.errors:
            return None
        said = "\n".join(message for _, message in error_links(self.form))
        return HttpResponse(said, status=400, content_type="text/plain; charset=utf-8")

    def everything_the_page_depends_on(self, version: str) -> tuple:
        """Two requests alike in this get the same figures, whoever asks."""
        rights = (VIEW_FIGURES, VIEW_PEOPLE, VIEW_COHORTS, VIEW_POSTS, IMPORT_PEOPLE)
        scopes = [self.user.sites_for(right) for right in rights]
        return (
            version,
            timezone.localdate(),
            self.published,
            self.may_read_exact,
            [scope if scope is None else sorted(scope) for scope in scopes],
            sorted(self.query.items()),
        )


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The page; it names filters that are not understood and is of today without them.

    Its content is kept while no record changes: then it is neither read nor worked out again.
    """
    asked = Asked(request.user, request.GET)
    context = {"content": _content(asked)}
    if asked.query:
        context["form"] = asked.form  # whose errors stand in the title
    return render(request, "lxp/dashboard.html", context)


def _content(asked: Asked) -> str:
    version = records_version()
    if any(len(value) > LONGEST_KEPT for value in asked.query.values()):
        return _drawn_content(asked)
    return _kept(
        asked.everything_the_page_depends_on(version.name),
        lambda: _drawn_content(asked),
        keep=version.settled,
    )


def _drawn_content(asked: Asked) -> str:
    own_sites = asked.may_read_exact and asked.user.sites_for(VIEW_FIGURES) is not None
    context = {
        "form": asked.form,
        "mode": PUBLISHED if asked.published else INTERNAL,
        "published": asked.published,
        "may_read_exact": asked.may_read_exact,
        "other_mode": _other_mode(asked),
        "rule": RULE,
        "most_hidden": RULE.smallest_shown - 1,
        "as_at": words.written(asked.filters.as_at),
        "own_sites_only": own_sites and not asked.published,
        "may_import": asked.user.has_perm(IMPORT_PEOPLE),
        **figures_of(asked),
    }
    return render_to_string("lxp/dashboard_content.html", context)


def figures_of(asked: Asked) -> dict:
    """The headlines, the pictures with their words, and the tables: of the page and of a report."""
    if asked.published:
        return _published_page(asked)
    return _exact_page(asked.summary, asked.filters)


def _other_mode(asked: Asked) -> str:
    """The address of the same day in the other mode; published figures know no other filter."""
    query = {"as_at": asked.filters.as_at.isoformat()}
    if not asked.published:
        query["mode"] = PUBLISHED
    return f"{reverse('dashboard')}?{urlencode(query)}"


def _exact_page(summary: Summary, filters: Filters) -> dict:
    staying, as_at = summary.staying, words.written(filters.as_at)
    return {
        "headlines": words.headlines(summary, _lists(filters)),
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
        "headlines": words.published_headlines(asked.shown),
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
    """Where the picture and the files of a figure are, with the filters that were understood."""
    rows = {name: getattr(filters, name) for name in ("site", "team", "cohort", "employer")}
    query = {"as_at": filters.as_at.isoformat()}
    query |= {name: str(row.id) for name, row in rows.items() if row}
    if filters.by != "none":
        query["by"] = filters.by
    if mode == PUBLISHED:
        query["mode"] = mode
    found = {
        kind: f"{reverse(f'dashboard-{figure}-{kind}')}?{urlencode(query)}"
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
    return csv_response(_file_name("funnel", asked, "csv"), FUNNEL_COLUMNS, rows)


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
    return csv_response(_file_name("retention", asked, "csv"), RETENTION_COLUMNS, rows)


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
        bars = charts.published_bars(_funnel(asked))
    else:
        bars = charts.funnel_bars(read_stages(asked.records, asked.filters, asked.choices))
    return Picture((title, bars), lambda: drawing.funnel_chart(bars, title=title))


def retention_picture(asked: Asked) -> Picture:
    """The retention curve. Its steps are single people: published, it is bars of those who stayed
    instead."""
    title = f"How long people stay in post, as at {words.written(asked.filters.as_at)}"
    if asked.published:
        bars = charts.published_retention_bars(_retention(asked))
        return Picture((title, bars), lambda: drawing.funnel_chart(bars, title=title))
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


def _file_name(figure: str, asked: Asked, kind: str) -> str:
    mode = "-published" if asked.published else ""
    return f"{figure}{mode}-{asked.filters.as_at.isoformat()}.{kind}"


def _svg(request: HttpRequest, asked: Asked, figure: str, picture: Picture) -> HttpResponseBase:
    """A picture, drawn once for the same numbers, whoever asks for it; a browser that has it
    already is told so."""
    etag = f'"{_digest((figure, picture.drawn_from))}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        drawn = _kept((figure, picture.drawn_from), picture.draw)
        response = HttpResponse(drawn, content_type="image/svg+xml")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    if request.GET.get("download"):
        name = _file_name(figure, asked, "svg")
        response["Content-Disposition"] = content_disposition_header(
            as_attachment=True, filename=name
        )
    return response


def _digest(made_from: tuple) -> str:
    return hashlib.sha256(repr(made_from).encode("utf-8", "backslashreplace")).hexdigest()


def _kept(made_from: tuple, make: Callable[[], str], *, keep: bool = True) -> str:
    """What was made from the same before, from the cache; without a cache it is made each time."""
    key = _digest(made_from)
    try:
        kept = caches["charts"].get(key)
    except RedisError:
        return make()
    if kept is None:
        kept = make()
        if keep:
            try:
                caches["charts"].set(key, kept, KEPT_SECONDS)
            except RedisError:
                return kept
    return kept
