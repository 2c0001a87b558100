"""Figures of what applicants answered about equality, for leads: published ones only."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.charts import percent
from programme.equality import Figures, Row, equality_figures
from programme.exports import download
from programme.numbers import HIDDEN, PUBLISHED
from programme.publishing import rule_in_force
from programme.views import frame

COLUMNS = ["as_at", "mode", "question", "answer", "people", "share"]


def _figures() -> Figures:
    return equality_figures(timezone.localdate(), rule_in_force())


@frame.may_view_recruitment
@require_safe
def equality_page(request: HttpRequest) -> HttpResponse:
    """Totals of the answers over the whole programme, with small numbers hidden."""
    rule, figures = rule_in_force(), _figures()
    context = {
        "figures": figures,
        "tables": [
            (question.words, [_written(row) for row in question.rows])
            for question in figures.questions
        ],
        "rule": rule,
        "most_hidden": rule.smallest_shown - 1,
        "mode": PUBLISHED,
    }
    return render(request, "programme/recruitment/equality.html", context)


def _written(row: Row) -> tuple[str, str, str]:
    people = HIDDEN if row.people is None else f"{row.people:,}"
    return row.answer, people, HIDDEN if row.share is None else percent(row.share)


@frame.may_view_recruitment
@require_safe
def equality_file(request: HttpRequest, kind: str) -> HttpResponseBase:  # noqa: ARG001
    """The cells of the page as a file."""
    figures = _figures()
    name = f"equality-{PUBLISHED}-{figures.as_at.isoformat()}"
    return download(kind, name, COLUMNS, _rows(figures))


def _rows(figures: Figures) -> Iterator[list]:
    """The cells of the page; hidden is a star."""
    head = [figures.as_at, PUBLISHED]
    for question in figures.questions:
        for row in question.rows:
            cells = [HIDDEN if cell is None else cell for cell in (row.people, row.share)]
            yield [*head, question.words, row.answer, *cells]
