"""The list of people, one person's way through the programme, and their account."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from itertools import batched

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.roles import MANAGE_USERS
from programme.actions import people as actions
from programme.actions.saving import NotSaved, require_site
from programme.exports import download
from programme.filters import PeopleFilter
from programme.forms.people import AccountForm, PersonForm
from programme.models import Person, Place, Spell
from programme.own_words import shared_by
from programme.permissions import covers_all_sites, may_change_at, may_change_people
from programme.timeline import timeline
from programme.views import frame
from programme.whereabouts import Whereabouts, whereabouts_from, whereabouts_of

ROWS_AT_ONCE = 1000  # of a download

COLUMNS = [
    "Reference",
    "First name",
    "Last name",
    "Email address",
    "Site",
    "Where they are now",
    "Since",
    "Cohort",
    "Post",
    "Team",
    "Started",
]
THEN = {"Where they are now": "Where they were"}  # as at a past day


def _filtered(request: HttpRequest) -> PeopleFilter:
    return frame.filtered(PeopleFilter, request, Person.objects.visible_to(request.user))


@frame.may_view_people
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody the user may see, 25 a page, today or as at a day before."""
    filtered = _filtered(request)
    page = frame.page_of(request, filtered.qs)
    return frame.list_page(
        request,
        "programme/people.html",
        filtered,
        page,
        rows=_with_whereabouts(filtered, page.object_list),
        show_filters=filtered.chosen or "filters" in request.GET,
        may_change=may_change_people(request.user),
    )


def _with_whereabouts(
    filtered: PeopleFilter, people: Iterable[Person]
) -> list[tuple[Person, Whereabouts]]:
    people = list(people)
    found = whereabouts_of(
        [person.pk for person in people],
        user=filtered.request.user,
        day=filtered.day,
        is_past=filtered.as_at is not None,
    )
    return [(person, found[person.pk]) for person in people]


@frame.may_view_people
@require_safe
def people_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The rows of the list as it is filtered; everybody in them has been looked at."""
    filtered = _filtered(request)
    frame.note_looks(request, filtered.qs.values_list("pk", "user"))
    columns = [THEN.get(name, name) if filtered.as_at else name for name in COLUMNS]
    return download(kind, "people", columns, _rows(filtered), as_at=filtered.as_at)


def _rows(filtered: PeopleFilter) -> Iterator[tuple]:
    found = filtered.qs.select_related("site").iterator(chunk_size=ROWS_AT_ONCE)
    for people in batched(found, ROWS_AT_ONCE, strict=False):
        for person, now in _with_whereabouts(filtered, people):
            yield _row(person, now)


def _row(person: Person, now: Whereabouts) -> tuple:
    return (
        person.reference,
        person.first_name,
        person.last_name,
        person.email,
        person.site.name if person.site else "",
        Place(now.place).label if now.place else "",
        now.place_on,
        now.cohort,
        now.post,
        now.team,
        now.started_on,
    )


@frame.may_change_people
@frame.page_with_form
def add_person(request: HttpRequest) -> HttpResponse:
    back = reverse("programme:people")
    form = frame.filled_in(PersonForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            person = actions.add_person(by=request.user, **form.values)
            messages.success(request, "They are on the list of people.")
            return redirect("programme:person", person.pk)
    return frame.form_page(request, form, "Add a person", back=back)


@frame.may_view_people
@require_safe
def person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One person: where they are now, and every step that led there."""
    today = timezone.localdate()
    people = Person.objects.visible_to(request.user).with_what_there_is()
    person = get_object_or_404(people.select_related("site", "user"), pk=pk)
    frame.note_looks(request, [(person.pk, person.user_id)])
    further = [f for f in ("reviews", "breaks") if getattr(person, f"has_{f}")]
    applications, enrolments, spells = _visible_records(request, person, further)
    context = {
        "person": person,
        "facts": _facts(request, person, whereabouts_from(applications, enrolments, spells, today)),
        "events": timeline(applications, enrolments, spells, today, further=further),
        "elsewhere": _records_elsewhere(request, person, applications, enrolments, spells),
        "current": [spell for spell in spells if spell.ended_on is None],
        "may_change": may_change_people(request.user),
        "own": person.user_id == request.user.pk,
        "shared": shared_by(person, request.user) if person.has_shared else None,
        "still_trainee": _still_trainee(person, spells, today),
        "may_change_roles": request.user.has_perm(MANAGE_USERS),
    }
    return render(request, "programme/person.html", context)


def _still_trainee(person: Person, spells: list[Spell], today: dt.date) -> bool:
    """Whether somebody in post has an account that knows them as a trainee only."""
    in_post = any(
        spell.started_on <= today and (spell.ended_on is None or spell.ended_on > today)
        for spell in spells
    )
    if not in_post or person.user is None:
        return False
    held = {role.key for role in person.user.roles}
    return "trainee" in held and "peer_worker" not in held


def _visible_records(request: HttpRequest, person: Person, further: list[str]) -> list[list]:
    """Applications, places in cohorts and spells in post that the user may see, with whatever of
    `further` there is of spells."""
    return [
        list(rows.visible_to(request.user).select_related(*related).prefetch_related(*more))
        for rows, related, more in (
            (person.applications, ["cohort"], []),
            (person.enrolments, ["cohort", "outcome_reason"], []),
            (person.spells, ["post__team__site", "post__employer", "leaving_reason"], further),
        )
    ]


def _records_elsewhere(request: HttpRequest, person: Person, *shown: list) -> int:
    """How many records of a person are kept from a lead of one site."""
    if covers_all_sites(request.user):
        return 0
    rows = (person.applications, person.enrolments, person.spells)
    return sum(every.count() - len(some) for every, some in zip(rows, shown, strict=True))


def _facts(request: HttpRequest, person: Person, now: Whereabouts) -> list[tuple]:
    account, page, action = "No account linked", "programme:link-account", "Link an account"
    if person.user:
        account = f"{person.user.name} ({person.user.email})"
        page, action = "programme:unlink-account", "Unlink"
    change = (reverse(page, args=[person.pk]), action)
    return [
        ("Now", now.words),
        ("Reference", person.reference),
        ("Email address", person.email or "Not recorded"),
        ("Site", person.site or "No site"),
        ("Account", account, *(change if may_change_at(request.user, person.site_id) else ())),
    ]


def _person_of_own_site(request: HttpRequest, pk: uuid.UUID) -> Person:
    """A person whose account the user may link: their own site must be one of the lead's."""
    people = Person.objects.visible_to(request.user).select_related("site")
    person = get_object_or_404(people, pk=pk)
    require_site(request.user, person.site)
    return person


@frame.may_change_people
@frame.page_with_form
def edit_person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    back = reverse("programme:person", args=[pk])
    form = frame.filled_in(PersonForm, request, record=person, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_person(person=person, by=request.user, version=version, **form.values)
            messages.success(request, "The details are saved.")
            return redirect(back)
    return frame.form_page(
        request, form, f"Change the details of {person}", back=back, about=person
    )


@frame.may_change_people
@frame.page_with_form
def link_account(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks for the address of an account, then whether it is the right one, and links it."""
    person = _person_of_own_site(request, pk)
    back = reverse("programme:person", args=[pk])
    form = AccountForm(request.POST if request.method == "POST" else None, cancel=back)
    if form.is_valid() and "confirmed" not in request.POST:
        frame.note_looks(request, [(person.pk, person.user_id)])
        email = form.cleaned_data["email"]
        other = person.email if person.email.lower() != email else ""
        context = {"person": person, "email": email, "other": other, "back": back}
        return render(request, "programme/confirm_account.html", context)
    if form.is_valid():
        try:
            email = form.cleaned_data["email"]
            actions.link_account(person=person, email=email, by=request.user)
        except NotSaved as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, "That account can now read this record as its own.")
            return redirect(back)
    return frame.form_page(request, form, f"Link an account to {person}", back=back, about=person)


@frame.may_change_people
@frame.page_with_form
def unlink_account(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    person = _person_of_own_site(request, pk)
    back = reverse("programme:person", args=[pk])
    if request.method == "POST":
        try:
            actions.unlink_account(person=person, by=request.user, at=timezone.now())
            messages.success(request, "The account can no longer read this record.")
        except NotSaved as refusal:
            messages.warning(request, str(refusal))
        return redirect(back)
    heading = f"Unlink the account from {person}?"
    text = (
        "Whoever signs in with it will no longer see this record as their own, and is told so. "
        "Another account that you link does not see their check-ins or wellness plan."
    )
    return frame.confirm_page(request, heading, text, "Unlink account", back=back, about=person)
