"""What people see and write of their own post: dates, pathway, goals, adjustments, leaving."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from programme.actions import own_words as actions
from programme.forms.own_words import AdjustmentForm, ExitForm, GoalForm
from programme.models import Adjustment, DevelopmentGoal, ExitInterview, Person, Spell
from programme.timeline import hours_in_words
from programme.views import frame

ADJUSTMENTS, POST = "programme:my-adjustments", "programme:my-post"


def _own(request: HttpRequest) -> Person | None:
    return Person.objects.filter(user=request.user).first()


def _no_record(request: HttpRequest) -> HttpResponse:
    return render(request, "programme/no_record.html")


# --- My post and pathway --------------------------------------------------------------------------


@require_safe
def my_post(request: HttpRequest) -> HttpResponse:
    """One's posts now and to come with what is foreseen of them, the pathway, and own goals."""
    person = _own(request)
    if person is None:
        return _no_record(request)
    today = timezone.localdate()
    spells = person.spells.select_related("post__team__site", "post__employer", "step__pathway")
    spells = list(spells.prefetch_related("reviews", "breaks", "step__pathway__steps"))
    held = [spell for spell in spells if spell.ended_on is None or spell.ended_on > today]
    context = {
        "held": [(spell, _facts(spell)) for spell in held],
        "pathways": {spell.step.pathway: spell.step for spell in held if spell.step},
        "leaving": [spell for spell in spells if spell.ended_on],
        "goals": DevelopmentGoal.objects.visible_to(request.user),
    }
    return render(request, "programme/my_post.html", context)


def _facts(spell: Spell) -> list[tuple]:
    facts = [
        ("Team", f"{spell.post.team}, {spell.post.team.site}"),
        ("Employer", spell.post.employer),
        ("From", _day(spell.started_on)),
        ("Until", _day(spell.ended_on)),
        ("AfC band", spell.post.band),
        ("Hours", capfirst(hours_in_words(spell))),
        ("Contract", spell.get_contract_display()),
        ("Fixed term ends", _day(spell.contract_ends_on)),
        ("Probation ends", _day(spell.probation_ends_on)),
    ]
    for review in spell.reviews.all():
        held = review.held_on and f"{review.get_outcome_display()}, {_day(review.held_on)}"
        facts.append((str(review), held or f"Due on {_day(review.due_on)}"))
    for pause in spell.breaks.all():
        back = f"back on {_day(pause.ends_on)}" if pause.ends_on else "first day back not known"
        facts.append((str(pause), f"From {_day(pause.starts_on)}, {back}. You stay in post."))
    return [fact for fact in facts if fact[1]]


def _day(day: dt.date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


@frame.page_with_form
def add_goal(request: HttpRequest) -> HttpResponse:
    return _write(request, DevelopmentGoal, GoalForm, "Add a goal", POST)


@frame.page_with_form
def edit_goal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    goal = get_object_or_404(DevelopmentGoal.objects.visible_to(request.user), pk=pk)
    return _rewrite(request, goal, GoalForm, "My goal", POST, "programme:remove-goal")


@frame.page_with_form
def remove_goal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    goal = get_object_or_404(DevelopmentGoal.objects.visible_to(request.user), pk=pk)
    return _remove(request, goal, "Delete this goal?", POST)


# --- My adjustments -------------------------------------------------------------------------------


@require_safe
def my_adjustments(request: HttpRequest) -> HttpResponse:
    if _own(request) is None:
        return _no_record(request)
    page = frame.page_of(request, Adjustment.objects.visible_to(request.user))
    return render(request, "programme/my_adjustments.html", {"page": page})


@frame.page_with_form
def add_adjustment(request: HttpRequest) -> HttpResponse:
    return _write(request, Adjustment, AdjustmentForm, "Add an adjustment", ADJUSTMENTS)


@frame.page_with_form
def edit_adjustment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    words = get_object_or_404(Adjustment.objects.visible_to(request.user), pk=pk)
    remove = "programme:remove-adjustment"
    return _rewrite(request, words, AdjustmentForm, "My adjustment", ADJUSTMENTS, remove)


@frame.page_with_form
def remove_adjustment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    words = get_object_or_404(Adjustment.objects.visible_to(request.user), pk=pk)
    return _remove(request, words, "Delete this adjustment?", ADJUSTMENTS)


def _write(request: HttpRequest, kind, form_class, heading: str, to: str) -> HttpResponse:
    person = _own(request)
    if person is None:
        return _no_record(request)
    back, today = reverse(to), timezone.localdate()
    form = frame.filled_in(form_class, request, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.write(kind, person=person, by=request.user, day=today, **form.values)
            messages.success(request, "Saved.")
            return redirect(back)
    return frame.form_page(request, form, heading, back=back)


def _rewrite(
    request: HttpRequest, words, form_class, heading: str, to: str, remove: str
) -> HttpResponse:
    back, today = reverse(to), timezone.localdate()
    form = frame.filled_in(form_class, request, record=words, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.rewrite(words, by=request.user, version=version, day=today, **form.values)
            messages.success(request, "Saved.")
            return redirect(back)
    remove = reverse(remove, args=[words.pk])
    return frame.form_page(request, form, heading, back=back, remove=remove)


def _remove(request: HttpRequest, words, heading: str, to: str) -> HttpResponse:
    back = reverse(to)
    if request.method == "POST":
        actions.take_away(words, by=request.user)
        messages.success(request, "Deleted. No copy of the text is kept in the history.")
        return redirect(back)
    text = "It is deleted for good."
    return frame.confirm_page(request, heading, text, "Delete", back=back)


# --- Leaving --------------------------------------------------------------------------------------


@frame.page_with_form
def my_exit_interview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What one says on leaving a post that has an end: one's own to keep or to let be counted."""
    person = get_object_or_404(Person.objects.filter(user=request.user))
    spells = person.spells.filter(ended_on__isnull=False)
    spell = get_object_or_404(spells.select_related("post", "person"), pk=pk)
    back = reverse(POST)
    said = ExitInterview.objects.visible_to(request.user).filter(spell=spell).first()
    form = frame.filled_in(ExitForm, request, record=said, cancel=back)
    if form.is_valid():
        with form.saving():
            values = {"day": timezone.localdate(), **form.values}
            actions.write_exit_interview(spell=spell, by=request.user, **values)
            messages.success(request, "Saved. You can change it at any time.")
            return redirect(back)
    intro = (
        "This is yours: nobody reads it. You can answer all of it, some of it or nothing, and let "
        "only the ticked answers be counted."
    )
    heading = f"Leaving {spell.title}"
    return frame.form_page(request, form, heading, back=back, intro=intro)
