"""Who left, when, why and where to."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.exit_answers import Question
from programme.exports import download
from programme.forms.post_lists import LeaversFilters
from programme.models import Person, Spell
from programme.own_words import answers_of_leavers
from programme.views import frame

COLUMNS = [
    "Reference",
    "First name",
    "Last name",
    "Role",
    "Band",
    "Team",
    "Site",
    "Employer",
    "In this post from",
    "Last working day",
    "Left on",
    "Kind of reason",
    "Reason for leaving",
    "Destination",
]


def _leavers(request: HttpRequest) -> tuple[LeaversFilters, QuerySet[Spell]]:
    """The filters and the last spell of everybody they keep, the latest leaver first."""
    form = LeaversFilters(request.GET, user=request.user, today=timezone.localdate())
    spells = Spell.objects.visible_to(request.user)
    if not form.is_valid():
        return form, spells.none()
    asked = form.cleaned_data
    found = spells.leavings_until(asked["until"] or form.today).filter(**form.place("post__"))
    if asked["since"]:
        found = found.filter(ended_on__gte=asked["since"])
    if asked["group"]:
        found = found.filter(_reason(asked["group"]))
    if asked["q"]:
        people = Person.objects.visible_to(request.user).matching(asked["q"])
        found = found.filter(person__in=people)
    return form, found.order_by("-ended_on", "person__sort_name", "pk")


def _reason(group: str) -> Q:
    return Q(leaving_reason=None) if group == "none" else Q(leaving_reason__group=group)


@frame.may_view_posts
@require_safe
def leavers(request: HttpRequest) -> HttpResponse:
    """Everybody whose employment ended; who moved to another post is not among them."""
    form, found = _leavers(request)
    page = frame.page_of(request, found, counted=_with_all(found))
    frame.note_looks(request, {(spell.person_id, spell.person.user_id) for spell in page})
    known = found.exclude(leaving_reason=None).exclude(leaving_reason__name="Unknown").count()
    context = {
        "form": form,
        "page": page,
        "narrowed": form.narrowed,
        "known": known,
        "said_rows": _said(answers_of_leavers(request.user)),
    }
    return render(request, "programme/leavers.html", context)


def _said(questions: list[Question]) -> list[tuple[str, str]]:
    return [
        (
            question.words,
            ", ".join(f"{answer}: about {number}" for answer, number in question.counts)
            or "Too few answers to show",
        )
        for question in questions
    ]


def _with_all(found: QuerySet[Spell]) -> QuerySet[Spell]:
    return found.select_related("person", "post__team__site", "post__employer", "leaving_reason")


def _rows(request: HttpRequest) -> Iterator[tuple]:
    _, found = _leavers(request)
    frame.note_looks(request, set(found.values_list("person", "person__user")))
    return (_row(spell) for spell in _with_all(found).iterator())


def _row(spell: Spell) -> tuple:
    reason, team = spell.leaving_reason, spell.post.team
    return (
        spell.person.reference,
        spell.person.first_name,
        spell.person.last_name,
        spell.title,
        spell.post.band,
        team.name,
        team.site.name,
        spell.post.employer.name,
        spell.started_on,
        spell.last_working_day,
        spell.ended_on,
        reason.get_group_display() if reason else "",
        reason.name if reason else "",
        spell.destination,
    )


@frame.may_view_posts
@require_safe
def leavers_file(request: HttpRequest, kind: str) -> HttpResponse:
    return download(kind, "leavers", COLUMNS, _rows(request))
