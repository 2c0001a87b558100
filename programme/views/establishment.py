"""Establishment by team and band, and what falls due in and around posts."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme import ahead as ahead_of
from programme import establishment as found_posts
from programme.ahead import Due, Kind
from programme.exports import download
from programme.forms.post_lists import AheadFilters, EstablishmentFilters
from programme.models import Post, Spell
from programme.permissions import may_change_people
from programme.views import frame

ESTABLISHMENT_COLUMNS = [
    "Team",
    "Site",
    "Band",
    "Posts",
    "Funded WTE",
    "In-post WTE",
    "Vacancy WTE",
    "People in post",
    "Of them on a long break",
    "Funding ending within 6 months, WTE",
]
AHEAD_COLUMNS = ["Day", "What", "First name", "Last name", "Post", "Team", "Site", "Late"]


def _establishment(
    request: HttpRequest,
) -> tuple[EstablishmentFilters, QuerySet[Post], QuerySet[Spell]]:
    """The filters with the posts and the spells that they keep."""
    form = EstablishmentFilters(request.GET, user=request.user, today=timezone.localdate())
    posts = Post.objects.visible_to(request.user)
    spells = Spell.objects.visible_to(request.user)
    if not form.is_valid():
        return form, posts.none(), spells.none()
    return form, posts.filter(**form.place("")), spells.filter(**form.place("post__"))


@frame.may_view_posts
@require_safe
def establishment(request: HttpRequest) -> HttpResponse:
    """What is funded, in post and vacant, by team and band, today or on a day before."""
    form, posts, spells = _establishment(request)
    day = form.day
    page = frame.page_of(request, found_posts.by_team_and_band(posts, day))
    total = found_posts.total(posts, spells, day)
    rate = total.vacancy_rate
    people = f"{total.heads} {'person' if total.heads == 1 else 'people'}"
    context = {
        "form": form,
        "page": page,
        "lines": found_posts.lines(page.object_list, spells, day),
        "total": total,
        "people_note": f"{people}, {total.on_break} on a long break" if total.on_break else people,
        "vacancy_note": "" if rate is None else f"{rate:.1f}% of funded",
        "as_at": form.as_at,
        "narrowed": form.narrowed,
    }
    return render(request, "programme/establishment.html", context)


def _establishment_rows(
    posts: QuerySet[Post], spells: QuerySet[Spell], day: dt.date
) -> Iterator[tuple]:
    for line in found_posts.lines(found_posts.by_team_and_band(posts, day), spells, day):
        wte = (line.funded_wte, line.filled_wte, line.vacancy)
        yield (
            line.team,
            line.site,
            line.band,
            line.posts,
            *(None if number is None else round(number, 2) for number in wte),
            line.heads,
            line.on_break,
            line.ending,
        )


@frame.may_view_posts
@require_safe
def establishment_file(request: HttpRequest, kind: str) -> HttpResponse:
    form, posts, spells = _establishment(request)
    rows = _establishment_rows(posts, spells, form.day)
    return download(kind, "establishment", ESTABLISHMENT_COLUMNS, rows, as_at=form.as_at)


def _ahead(request: HttpRequest) -> tuple[AheadFilters, QuerySet]:
    form = AheadFilters(request.GET, user=request.user, today=timezone.localdate())
    if not form.is_valid():
        return form, Spell.objects.visible_to(request.user).none()
    rows = ahead_of.due(
        request.user,
        form.day,
        form.until,
        kind=form.cleaned_data["kind"],
        place=form.place,
    )
    return form, rows


@frame.may_view_posts
@require_safe
def ahead(request: HttpRequest) -> HttpResponse:
    """Reviews, ends and starts by their day, today or as at a day before; those whose day has
    passed come first."""
    form, rows = _ahead(request)
    page = frame.page_of(request, rows)
    found = [Due(*row) for row in page.object_list]
    _note_looks(request, found)
    context = {
        "form": form,
        "page": page,
        "rows": [(due, _address(due), due.on < form.day) for due in found],
        "as_at": form.as_at,
        "narrowed": form.narrowed,
        "may_change": may_change_people(request.user) and not form.as_at,
    }
    return render(request, "programme/ahead.html", context)


def _address(due: Due) -> str:
    """The page on which something can be done about it."""
    if due.kind == Kind.FUNDING:
        return reverse("programme:post", args=[due.record])
    page = {Kind.REVIEW: "record-review", Kind.BACK: "edit-break", Kind.LEAVING: "end-spell"}
    return reverse(f"programme:{page.get(due.kind, 'edit-spell')}", args=[due.person, due.record])


def _note_looks(request: HttpRequest, found: list[Due]) -> None:
    frame.note_looks(request, {(due.person, due.account) for due in found if due.person})


@frame.may_view_posts
@require_safe
def ahead_file(request: HttpRequest, kind: str) -> HttpResponse:
    form, found = _ahead(request)
    rows = [Due(*row) for row in found]
    _note_looks(request, rows)
    return download(kind, "falls-due", AHEAD_COLUMNS, _ahead_rows(rows, form.day), as_at=form.as_at)


def _ahead_rows(found: list[Due], day: dt.date) -> Iterator[tuple]:
    return (
        (
            due.on,
            due.what,
            due.first_name,
            due.last_name,
            due.post,
            due.team,
            due.site,
            "yes" if due.on < day else "no",
        )
        for due in found
    )
