"""Posts, who is in them, and spells in post on the pages of a person."""

import datetime as dt
import uuid
from collections.abc import Iterator
from itertools import batched

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from design.templatetags.components import two_places
from programme import readiness
from programme.actions import posts as actions
from programme.exports import download
from programme.filters import HoldersFilter, PostsFilter
from programme.forms.posts import NewPostForm, PostForm
from programme.models import Post, Spell, Team
from programme.permissions import may_change_people
from programme.timeline import hours_in_words
from programme.views import frame

COLUMNS = [
    "Title",
    "Band",
    "Team",
    "Site",
    "Employer",
    "Funded WTE",
    "In-post WTE",
    "Vacancy WTE",
    "People in post",
]

AT_ONCE = 500  # posts of a file that are read together

PEOPLE_COLUMNS = [
    "Reference",
    "First name",
    "Last name",
    "Now",
    "From",
    "Until",
    "Contracted hours a week",
    "Reason for leaving",
]


def _filtered(request: HttpRequest) -> PostsFilter:
    return frame.filtered(PostsFilter, request, Post.objects.visible_to(request.user))


@frame.may_view_posts
@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    """What is funded, how much of it is filled, and what is vacant, today or on a day before."""
    found = _filtered(request)
    page = frame.page_of(request, found.qs.select_related("team__site", "employer"))
    page.object_list = Post.fill(page.object_list, found.day)
    may_change = may_change_people(request.user)
    return frame.list_page(request, "programme/posts.html", found, page, may_change=may_change)


def _rows(found: PostsFilter) -> Iterator[tuple]:
    posts = found.qs.select_related("team__site", "employer")
    return (
        (
            post.title,
            post.band,
            post.team.name,
            post.team.site.name,
            post.employer.name,
            post.funded_wte,
            None if post.filled_wte is None else round(post.filled_wte, 2),
            None if post.vacancy is None else round(post.vacancy, 2),
            post.people_in_post,
        )
        for some in batched(posts.iterator(chunk_size=AT_ONCE), AT_ONCE, strict=False)
        for post in Post.fill(some, found.day)
    )


@frame.may_view_posts
@require_safe
def posts_file(request: HttpRequest, kind: str) -> HttpResponse:
    found = _filtered(request)
    return download(kind, "posts", COLUMNS, _rows(found), as_at=found.as_at)


@frame.may_change_people
@frame.page_with_form
def add_post(request: HttpRequest) -> HttpResponse:
    back = reverse("programme:posts")
    form = frame.filled_in(NewPostForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            post = actions.add_post(by=request.user, **form.values)
            messages.success(request, f"{post} is on the list of posts.")
            return redirect("programme:post", post.pk)
    return frame.form_page(request, form, "Add a post", back=back)


@frame.may_change_people
@frame.page_with_form
def edit_post(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    post = get_object_or_404(Post.objects.visible_to(request.user), pk=pk)
    back = reverse("programme:post", args=[pk])
    form = frame.filled_in(PostForm, request, record=post, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_post(post=post, by=request.user, version=version, **form.values)
            messages.success(request, "The post is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"Change {post}", back=back)


@frame.may_view_posts
@require_safe
def post(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A post: what is funded, who is in it now, and who was before; or all that on a past day."""
    found = _found_spells(request, pk)
    post = get_object_or_404(_posts(request, found.day), pk=pk)
    Post.fill([post], found.day)
    page = frame.page_of(request, _spells(found))
    team = Team.objects.visible_to(request.user).with_readiness_on(found.day).get(pk=post.team_id)
    people = {spell.person.pk: spell.person.user_id for spell in page}
    frame.note_looks(request, people.items())
    rows = (_known_by(found.as_at, spell) for spell in page)
    context = {
        "post": post,
        "facts": _facts(post, found.as_at),
        "funding": post.every_funding,
        "rows": [(spell, _state(spell, found.day), hours_in_words(spell)) for spell in rows],
        "may_change": may_change_people(request.user),
        "missing": readiness.missing(team, found.day),
    }
    return frame.day_page(request, "programme/post.html", found, page, **context)


def _posts(request: HttpRequest, day: dt.date) -> QuerySet[Post]:
    posts = Post.objects.visible_to(request.user).with_funding_on(day)
    return posts.select_related("team__site", "employer")


def _found_spells(request: HttpRequest, post_pk: uuid.UUID) -> HoldersFilter:
    spells = Spell.objects.visible_to(request.user).filter(post=post_pk)
    return frame.filtered(HoldersFilter, request, spells)


def _spells(found: HoldersFilter) -> QuerySet[Spell]:
    spells = found.qs.select_related("person", "leaving_reason")
    return spells.prefetch_related("breaks").order_by("-started_on", "id")


def _known_by(as_at: dt.date | None, spell: Spell) -> Spell:
    """The same spell, on a past day without an end that had not come."""
    if as_at and spell.ended_on and spell.ended_on > as_at:
        spell.ended_on = spell.leaving_reason = None
    return spell


@frame.may_view_posts
@require_safe
def post_file(request: HttpRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    """Who is and was in a post; everybody in the file has been looked at."""
    get_object_or_404(Post.objects.visible_to(request.user), pk=pk)
    found = _found_spells(request, pk)
    spells = [_known_by(found.as_at, spell) for spell in _spells(found)]
    frame.note_looks(request, {(one.person_id, one.person.user_id) for one in spells})
    rows = (
        (
            spell.person.reference,
            spell.person.first_name,
            spell.person.last_name,
            _state(spell, found.day),
            spell.started_on,
            spell.ended_on,
            spell.contracted_hours,
            spell.leaving_reason.name if spell.leaving_reason else "",
        )
        for spell in spells
    )
    return download(kind, "post", PEOPLE_COLUMNS, rows, as_at=found.as_at)


def _facts(post: Post, as_at: dt.date | None) -> list[tuple]:
    return [
        ("Team", f"{post.team}, {post.team.site}"),
        ("Employer", post.employer),
        ("AfC band", post.band or "Not recorded"),
        ("Funded WTE", two_places(post.funded_wte)),
        ("Funding ends", _day(post.funding_ends_on) or _no_end(post, as_at)),
        ("In post WTE", f"{two_places(post.filled_wte)} ({post.people_in_post} in post)"),
        ("Vacancy WTE", two_places(post.vacancy)),
    ]


def _no_end(post: Post, as_at: dt.date | None) -> str:
    if post.funded_wte == 0:
        return "Not funded then" if as_at else "Not funded now"
    return "No end recorded"


def _day(day: dt.date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


def _state(spell: Spell, day: dt.date) -> str:
    if spell.started_on > day:
        return "Not started yet"
    if spell.ended_on and spell.ended_on <= day:
        return "Left"
    away = any(pause.holds_on(day) for pause in spell.breaks.all())
    return "In post, on a long break" if away else "In post"


def warn_of_hours(request: HttpRequest, post_pk: uuid.UUID) -> None:
    """Say so when more time is contracted in a post than is paid for; it is not refused."""
    posts = Post.objects.visible_to(request.user).filter(pk=post_pk)
    post = next(iter(Post.fill(posts, timezone.localdate())), None)
    if post and post.more_than_funded:
        messages.warning(
            request,
            f"{post.title}: {post.known_wte:.2f} WTE are in post and {post.funded_wte:.2f} WTE "
            "are funded. Check the hours, or the funding.",
        )
