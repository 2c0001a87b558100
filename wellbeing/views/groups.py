"""Group results: what ten people or more answered, by month."""

from collections.abc import Callable, Iterator

from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.roles import VIEW_FIGURES, VIEW_PUBLISHED_FIGURES
from programme.exports import csv_response
from wellbeing.group_reads import rule_in_force
from wellbeing.group_words import Month, months_shown

CHECK_IN_THEMSELVES = frozenset({"peer_worker", "trainee"})
COLUMNS = [
    *("Month", "Questionnaire", "Site", "Question", "Mean", "People who answered"),
    *("People in", "People asked"),
]


def may_view_groups(view: Callable) -> Callable:
    """Leads and evaluators, and the people themselves: it tells of nobody."""
    return user_passes_test(_may_view)(view)


def _may_view(user: User) -> bool:
    if any(user.has_perm(one) for one in (VIEW_FIGURES, VIEW_PUBLISHED_FIGURES)):
        return True
    if any(role.key in CHECK_IN_THEMSELVES for role in user.roles):
        return True
    raise PermissionDenied


@require_safe
@may_view_groups
def group_results(request: HttpRequest) -> HttpResponse:
    """The last twelve months, or why there is nothing to see."""
    months = months_shown(timezone.localdate())
    context = {"months": months, "base": rule_in_force().smallest_base}
    return render(request, "wellbeing/group_results.html", context)


@require_safe
@may_view_groups
def group_results_csv(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The same numbers as a file."""
    return csv_response("group-results.csv", COLUMNS, _cells(months_shown(timezone.localdate())))


def _cells(months: list[Month]) -> Iterator[list]:
    for month in months:
        for row in month.rows:
            cells = [month.name, month.title, month.site, row.question, row.mean, row.people]
            yield [*cells, *month.counts]
