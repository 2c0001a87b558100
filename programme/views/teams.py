"""Teams and employers: what posts belong to."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from programme.actions import people as actions
from programme.forms.people import EmployerForm, TeamForm
from programme.models import Employer, Team
from programme.permissions import covers_all_sites
from programme.views import frame


@frame.may_change_people
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    rows = Team.objects.visible_to(request.user).select_related("site")
    rows = rows.annotate(posts_count=Count("posts")).order_by("name", "site__name", "pk")
    return render(request, "programme/teams.html", {"page": frame.page_of(request, rows)})


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


@frame.may_change_people
@frame.page_with_form
def edit_team(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    teams = Team.objects.visible_to(request.user).select_related("site")
    team = get_object_or_404(teams, pk=pk)
    back = reverse("programme:teams")
    form = frame.filled_in(TeamForm, request, record=team, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_team(team=team, by=request.user, version=version, **form.values)
            messages.success(request, "The team is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"Change {team}", back=back)


@frame.may_change_people
@require_safe
def employers(request: HttpRequest) -> HttpResponse:
    rows = Employer.objects.visible_to(request.user).order_by("name", "pk")
    context = {
        "page": frame.page_of(request, rows),
        "may_change": covers_all_sites(request.user),
    }
    return render(request, "programme/employers.html", context)


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
