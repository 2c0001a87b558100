"""What the pages of the programme share: who may open them, and how a form is shown."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import permission_required, user_passes_test
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.roles import (
    CHANGE_PEOPLE,
    CHANGE_RECRUITMENT,
    RECORD_TRAINING,
    VIEW_COHORTS,
    VIEW_PEOPLE,
    VIEW_POSTS,
    VIEW_RECRUITMENT,
)
from audit.actions import record_looks
from programme.filters import ListFilter
from programme.forms.base import RecordForm
from programme.models import Person

may_view_people = permission_required(VIEW_PEOPLE, raise_exception=True)
may_change_people = permission_required(CHANGE_PEOPLE, raise_exception=True)
may_view_cohorts = permission_required(VIEW_COHORTS, raise_exception=True)
may_record_training = permission_required(RECORD_TRAINING, raise_exception=True)
may_view_posts = permission_required(VIEW_POSTS, raise_exception=True)
may_view_recruitment = permission_required(VIEW_RECRUITMENT, raise_exception=True)
may_change_recruitment = permission_required(CHANGE_RECRUITMENT, raise_exception=True)
page_with_form = require_http_methods(["GET", "HEAD", "POST"])

ROWS_A_PAGE = 25


def for_every_site(permission: str) -> Callable[[Callable], Callable]:
    """For holders of a permission whose role has no site limit: what the page keeps is everybody's,
    whatever their site."""

    def holds_everywhere(user: User) -> bool:
        if user.sites_for(permission) is not None:
            raise PermissionDenied
        return True

    return user_passes_test(holds_everywhere)


def page_of(
    request: HttpRequest,
    rows: QuerySet,
    *,
    counted: QuerySet | None = None,
    total: int | None = None,
) -> Page:
    """The page of 25 rows that the address asks for, or the nearest there is.

    Args:
        rows: every row, in order.
        counted: the same rows with what is counted for each, asked for the 25 of the page only.
        total: how many rows there are, where that is known already.
    """
    pages = Paginator(rows, ROWS_A_PAGE)
    if total is not None:
        pages.count = total
    page = pages.get_page(request.GET.get("page"))
    if counted is not None:
        page.object_list = counted.filter(pk__in=page.object_list.values("pk"))
    return page


def filtered[Filter: ListFilter](
    kind: type[Filter], request: HttpRequest, rows: QuerySet
) -> Filter:
    """The rows of a list that the address asks for."""
    return kind(request.GET, queryset=rows, request=request, today=timezone.localdate())


def list_page(
    request: HttpRequest, template: str, found: ListFilter, page: Page, **context: Any
) -> HttpResponse:
    """A list with its search; while one types, only its part `rows` is sent again."""
    rows_only = request.htmx and not request.htmx.history_restore_request
    response = render(
        request,
        f"{template}#rows" if rows_only else template,
        {
            "form": found.form,
            "narrowed": found.narrowed,
            "as_at": found.as_at,
            "page": page,
            **context,
        },
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


def day_page(
    request: HttpRequest, template: str, found: ListFilter, page: Page, **context: Any
) -> HttpResponse:
    """A page about one thing with rows of its own, today or as at a day before."""
    shown = {"form": found.form, "as_at": found.as_at, "page": page}
    return render(request, template, shown | context)


def filled_in[Form: RecordForm](form: type[Form], request: HttpRequest, **settings: Any) -> Form:
    """A form with what was sent, or an empty one where nothing was."""
    data = request.POST if request.method == "POST" else None
    return form(data, user=request.user, today=timezone.localdate(), **settings)


def form_page(
    request: HttpRequest,
    form: Any,
    heading: str,
    *,
    back: str,
    remove: str = "",
    about: Person | None = None,
    intro: str = "",
) -> HttpResponse:
    """The page of one form, with the way back and, where given, words above it and the way to
    remove the record; showing it is a look at the person it is about."""
    if about:
        note_looks(request, [(about.pk, about.user_id)])
    context = {"form": form, "heading": heading, "back": back, "remove": remove, "intro": intro}
    return render(request, "programme/form.html", context)


def confirm_page(
    request: HttpRequest,
    heading: str,
    text: str,
    button: str,
    *,
    back: str,
    about: Person | None = None,
    variant: str = "warning",
) -> HttpResponse:
    """Asks before something is taken away; the answer is a POST. Where it is about a person,
    showing it is a look."""
    if about:
        note_looks(request, [(about.pk, about.user_id)])
    context = {"heading": heading, "text": text, "button": button, "back": back}
    return render(request, "programme/confirm.html", context | {"variant": variant})


def note_looks(request: HttpRequest, people: Iterable[tuple[UUID, UUID | None]]) -> None:
    """Record that this user looked at people's records on this page.

    Args:
        people: each person's id and that of their account; reading one's own record is no look.
    """
    record_looks(
        viewer_id=request.user.pk,
        subject_ids=[person for person, account in people if account != request.user.pk],
        page=request.resolver_match.view_name,
        at=timezone.now(),
    )
