"""Teams and employers: what posts belong to."""

import datetime as dt
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from programme import readiness
from programme.actions import people as actions
from programme.actions import teams as preparing
from programme.exports import download
from programme.filters import EmployersFilter, ListFilter, PreparationsFilter, TeamsFilter
from programme.forms.people import EmployerForm, TeamForm
from programme.forms.teams import PreparationForm
from programme.models import Employer, Spell, Team, TeamPreparation
from programme.permissions import covers_all_sites
from programme.views import frame

TEAM_COLUMNS = [
    "Name",
    "Site",
    "Supervises its peer workers",
    "Trained to do so on",
    "Posts",
    "Ready for peer workers",
    "Missing",
]
PREPARATION_COLUMNS = ["Date", "Session", "Co-delivered by peers", "Share of staff in per cent"]


@frame.may_change_people
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """Teams with what is missing before a peer worker starts in them."""
    found = _found_teams(request)
    page = frame.page_of(request, found.qs, counted=_counted(found))
    rows = [(team, readiness.missing(team, found.day)) for team in page]
    return frame.list_page(request, "programme/teams.html", found, page, rows=rows)


def _found_teams(request: HttpRequest) -> TeamsFilter:
    return frame.filtered(TeamsFilter, request, Team.objects.visible_to(request.user))


def _counted(found: TeamsFilter) -> QuerySet[Team]:
    """Teams with their posts, of a past day those that there were, and what they lacked."""
    counted = found.qs.select_related("site").with_posts_counted(found.as_at)
    return counted.with_readiness_on(found.day)


@frame.may_change_people
@require_safe
def teams_file(request: HttpRequest, kind: str) -> HttpResponse:
    found = _found_teams(request)
    rows = (_team_row(team, found) for team in _counted(found).iterator())
    return download(kind, "teams", TEAM_COLUMNS, rows, as_at=found.as_at)


def _team_row(team: Team, found: TeamsFilter) -> tuple:
    missing = readiness.missing(team, found.day)
    return (
        team.name,
        team.site.name,
        team.supervisor,
        _trained(team, found),
        team.posts_count,
        "no" if missing else "yes",
        "; ".join(missing),
    )


@frame.may_change_people
@require_safe
def team(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A team: what is ready for peer workers, what is missing, and its sessions; or all that on a
    past day, but for who supervises, which has no day."""
    found = _found_preparations(request, pk)
    every = Team.objects.visible_to(request.user).select_related("site")
    team = get_object_or_404(every.with_readiness_on(found.day), pk=pk)
    trained = _trained(team, found)
    untrained = "Not by then" if found.as_at else "Not recorded"
    facts = [
        ("Site", team.site),
        ("Supervises its peer workers", team.supervisor or "Nobody named"),
        ("Trained to do so", f"{trained.day} {trained:%B %Y}" if trained else untrained),
        ("Peer workers in post", "Yes" if team.peers else "None"),
    ]
    context = {
        "team": team,
        "facts": facts,
        "missing": readiness.missing(team, found.day),
        "today": found.today,
    }
    page = frame.page_of(request, found.qs)
    return frame.day_page(request, "programme/team.html", found, page, **context)


def _trained(team: Team, found: ListFilter) -> dt.date | None:
    """The day of the supervisor's training; on a past day only if it had come."""
    trained = team.supervisor_trained_on
    return None if found.as_at and trained and trained > found.as_at else trained


def _found_preparations(request: HttpRequest, pk: uuid.UUID) -> PreparationsFilter:
    sessions = TeamPreparation.objects.visible_to(request.user).filter(team=pk)
    return frame.filtered(PreparationsFilter, request, sessions)


@frame.may_change_people
@frame.page_with_form
def add_team(request: HttpRequest) -> HttpResponse:
    back = reverse("programme:teams")
    form = frame.filled_in(TeamForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            team = actions.add_team(by=request.user, **form.values)
            messages.success(request, f"{team} is on the list of teams.")
            return redirect(back)
    return frame.form_page(request, form, "Add a team", back=back)


def _team(request: HttpRequest, pk: uuid.UUID) -> Team:
    teams = Team.objects.visible_to(request.user).select_related("site")
    return get_object_or_404(teams, pk=pk)


@frame.may_change_people
@frame.page_with_form
def edit_team(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    team = _team(request, pk)
    back = reverse("programme:team", args=[pk])
    form = frame.filled_in(TeamForm, request, record=team, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_team(team=team, by=request.user, version=version, **form.values)
            messages.success(request, "The team is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"Change {team}", back=back)


@frame.may_change_people
@frame.page_with_form
def add_preparation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    team = _team(request, pk)
    back = reverse("programme:team", args=[pk])
    form = frame.filled_in(PreparationForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            preparing.add_preparation(team=team, by=request.user, **form.values)
            messages.success(request, "The session is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"A session that prepares {team}", back=back)


@frame.may_change_people
@require_safe
def preparations_file(request: HttpRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    """The sessions that prepared a team, or will."""
    _team(request, pk)
    found = _found_preparations(request, pk)
    rows = (
        (one.held_on, one.session, "yes" if one.by_peers else "no", one.staff_share)
        for one in found.qs
    )
    return download(kind, "preparations", PREPARATION_COLUMNS, rows, as_at=found.as_at)


def _preparation(request: HttpRequest, pk: uuid.UUID) -> TeamPreparation:
    sessions = TeamPreparation.objects.visible_to(request.user).select_related("team__site")
    return get_object_or_404(sessions, pk=pk)


@frame.may_change_people
@frame.page_with_form
def edit_preparation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    session = _preparation(request, pk)
    back = reverse("programme:team", args=[session.team_id])
    form = frame.filled_in(PreparationForm, request, record=session, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            preparing.change_preparation(
                preparation=session, by=request.user, version=version, **form.values
            )
            messages.success(request, "The session is saved.")
            return redirect(back)
    remove = reverse("programme:remove-preparation", args=[pk])
    heading = f"Change the session {session}"
    return frame.form_page(request, form, heading, back=back, remove=remove)


@frame.may_change_people
@frame.page_with_form
def remove_preparation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    session = _preparation(request, pk)
    back = reverse("programme:team", args=[session.team_id])
    if request.method == "POST":
        preparing.remove_preparation(preparation=session, by=request.user)
        messages.success(request, "The session is removed.")
        return redirect(back)
    heading = f"Remove the session {session}?"
    text = "Do this only for one that was recorded by mistake."
    return frame.confirm_page(request, heading, text, "Remove session", back=back)


def warn_of_readiness(request: HttpRequest, spell: Spell, today: dt.date) -> None:
    """Say what a team lacks for somebody who starts or is in post there; it is not refused."""
    if spell.ended_on and spell.ended_on <= today:
        return
    day = max(spell.started_on, today)
    every = Team.objects.visible_to(request.user).with_readiness_on(day, besides=spell.person)
    team = every.filter(pk=spell.post.team_id).first()
    if team and (wanting := readiness.missing_for_start(team, day)):
        messages.warning(request, f"{team} is not ready yet: {'; '.join(wanting)}.")


@frame.may_change_people
@require_safe
def employers(request: HttpRequest) -> HttpResponse:
    found = _found_employers(request)
    page = frame.page_of(request, found.qs)
    may_change = covers_all_sites(request.user)
    return frame.list_page(request, "programme/employers.html", found, page, may_change=may_change)


def _found_employers(request: HttpRequest) -> EmployersFilter:
    return frame.filtered(EmployersFilter, request, Employer.objects.visible_to(request.user))


@frame.may_change_people
@require_safe
def employers_file(request: HttpRequest, kind: str) -> HttpResponse:
    found = _found_employers(request).qs.iterator()
    rows = ((employer.name, employer.get_kind_display()) for employer in found)
    return download(kind, "employers", ["Name", "Kind"], rows)


@frame.may_change_people
@frame.page_with_form
def add_employer(request: HttpRequest) -> HttpResponse:
    back = reverse("programme:employers")
    form = frame.filled_in(EmployerForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            employer = actions.add_employer(by=request.user, **form.values)
            messages.success(request, f"{employer} is on the list of employers.")
            return redirect(back)
    return frame.form_page(request, form, "Add an employer", back=back)


@frame.may_change_people
@frame.page_with_form
def edit_employer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An employer belongs to every site, so it takes a role for all of them to change one."""
    if not covers_all_sites(request.user):
        raise PermissionDenied
    employer = get_object_or_404(Employer.objects.visible_to(request.user), pk=pk)
    back = reverse("programme:employers")
    form = frame.filled_in(EmployerForm, request, record=employer, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_employer(
                employer=employer, by=request.user, version=version, **form.values
            )
            messages.success(request, "The employer is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"Change {employer}", back=back)
