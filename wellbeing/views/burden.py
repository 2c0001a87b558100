"""What weighs on a worker in a team: their own notes; for leads, counts by team."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.numbers import HIDDEN
from programme.publishing import rule_in_force
from programme.views import frame
from wellbeing.actions import burden as actions
from wellbeing.burden import TeamCounts, burden_by_team
from wellbeing.forms.burden import FlagForm, NewFlagForm
from wellbeing.models import BurdenFlag

MINE = "wellbeing:burden"


@require_safe
def my_burden(request: HttpRequest) -> HttpResponse:
    """What one noted, the newest first."""
    person = getattr(request.user, "person", None)
    if person is None:
        return render(request, "programme/no_record.html")
    rows = BurdenFlag.objects.visible_to(request.user)
    page = frame.page_of(request, rows.select_related("team__site", "addressed_to"))
    works = actions.teams_of(person, timezone.localdate()).exists()
    return render(request, "wellbeing/burden/mine.html", {"page": page, "works": works})


@frame.page_with_form
def add_flag(request: HttpRequest) -> HttpResponse:
    person, back = getattr(request.user, "person", None), reverse(MINE)
    if person is None:
        return render(request, "programme/no_record.html")
    form = frame.filled_in(NewFlagForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            day = timezone.localdate()
            actions.note(person=person, by=request.user, day=day, **form.values)
            messages.success(request, "Noted. You can change it or take it back at any time.")
            return redirect(back)
    intro = (
        "This is about how the work is arranged, not about you. Leads read only how many people of "
        "a team noted something, and only where that is enough people to tell of nobody."
    )
    return frame.form_page(request, form, "Note what weighs on me", back=back, intro=intro)


def _own(request: HttpRequest, pk: uuid.UUID) -> BurdenFlag:
    rows = BurdenFlag.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("person", "addressed_to"), pk=pk)


@frame.page_with_form
def edit_flag(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    flag, back = _own(request, pk), reverse(MINE)
    form = frame.filled_in(FlagForm, request, record=flag, cancel=back)
    if form.is_valid():
        with form.saving():
            values = {"version": form.cleaned_data["version"], "day": timezone.localdate()}
            actions.change_flag(flag=flag, by=request.user, **values, **form.values)
            messages.success(request, "Saved.")
            return redirect(back)
    return frame.form_page(request, form, str(flag), back=back)


@frame.page_with_form
def withdraw_flag(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    flag, back = _own(request, pk), reverse(MINE)
    if request.method == "POST":
        actions.withdraw(flag=flag, by=request.user)
        messages.success(request, "Taken back. Nothing is kept of it.")
        return redirect(back)
    text = "It is deleted for good: nobody reads it any more, and no count to come has it."
    return frame.confirm_page(request, "Take this back?", text, "Take it back", back=back)


@frame.may_view_posts
@require_safe
def burden_teams(request: HttpRequest) -> HttpResponse:
    """How many people of each team noted what, where that tells of nobody."""
    rule = rule_in_force()
    found = burden_by_team(request.user, timezone.localdate())
    context = {
        "as_at": found.as_at,
        "teams": [_written(counts) for counts in found.teams],
        "rule": rule,
        "most_hidden": rule.smallest_shown - 1,
    }
    return render(request, "wellbeing/burden/teams.html", context)


def _written(counts: TeamCounts) -> tuple[str, str, list[tuple[str, str]]]:
    rows = [(kind, _number(people)) for kind, people in counts.kinds]
    return counts.team, _number(counts.people), rows


def _number(people: int | None) -> str:
    return HIDDEN if people is None else f"{people:,}"
