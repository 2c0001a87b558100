"""Probation reviews, long breaks and moves, on the pages of the person they are about."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from programme.actions import employment as actions
from programme.actions.saving import NotSaved
from programme.forms.employment import BreakForm, MoveForm, ReviewForm
from programme.models import CareerBreak, Person, ProbationReview, Spell
from programme.views import frame
from programme.views.posts import warn_of_hours
from programme.views.teams import warn_of_readiness

STAYS_IN_POST = (
    "Somebody on a long break stays in post: the post is filled, and figures of retention count "
    "them as in post. Record dates and a kind only, never a cause."
)


def _of_person(request: HttpRequest, rows, person_pk: uuid.UUID, pk: uuid.UUID):
    """A person and one of the rows about their spells in post."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=person_pk)
    rows = rows.filter(spell__person=person)
    rows = rows.select_related("spell__post__team__site", "spell__person")
    return person, get_object_or_404(rows, pk=pk)


def _spell(request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID) -> tuple[Person, Spell]:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=person_pk)
    spells = Spell.objects.visible_to(request.user).filter(person=person)
    return person, get_object_or_404(spells.select_related("post__team__site", "step"), pk=pk)


@frame.may_change_people
@frame.page_with_form
def record_review(request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    reviews = ProbationReview.objects.visible_to(request.user)
    person, review = _of_person(request, reviews, person_pk, pk)
    back = reverse("programme:person", args=[person_pk])
    form = frame.filled_in(ReviewForm, request, record=review, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.record_review(review=review, by=request.user, version=version, **form.values)
            messages.success(request, "The review is saved.")
            return redirect(back)
    heading = f"{review}: {person}"
    due = f"Due on {review.due_on.day} {review.due_on:%B %Y}, in the post {review.spell.title}."
    return frame.form_page(request, form, heading, back=back, about=person, intro=due)


@frame.may_change_people
@frame.page_with_form
def add_break(request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    person, spell = _spell(request, person_pk, pk)
    back = reverse("programme:person", args=[person_pk])
    form = frame.filled_in(BreakForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.add_break(spell=spell, by=request.user, **form.values)
            messages.success(request, "The break is saved. They stay in post meanwhile.")
            return redirect(back)
    heading = f"Long break: {person}, {spell.title}"
    return frame.form_page(request, form, heading, back=back, about=person, intro=STAYS_IN_POST)


@frame.may_change_people
@frame.page_with_form
def edit_break(request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    breaks = CareerBreak.objects.visible_to(request.user)
    person, pause = _of_person(request, breaks, person_pk, pk)
    back = reverse("programme:person", args=[person_pk])
    form = frame.filled_in(BreakForm, request, record=pause, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_break(pause=pause, by=request.user, version=version, **form.values)
            messages.success(request, "The break is saved.")
            return redirect(back)
    remove = reverse("programme:remove-break", args=[person_pk, pk])
    heading = f"Long break: {person}"
    return frame.form_page(
        request, form, heading, back=back, remove=remove, about=person, intro=STAYS_IN_POST
    )


@frame.may_change_people
@frame.page_with_form
def remove_break(request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    breaks = CareerBreak.objects.visible_to(request.user)
    person, pause = _of_person(request, breaks, person_pk, pk)
    back = reverse("programme:person", args=[person_pk])
    if request.method == "POST":
        try:
            actions.remove_break(pause=pause, by=request.user)
            messages.success(request, "The break is removed.")
        except NotSaved as refusal:
            messages.warning(request, str(refusal))
        return redirect(back)
    heading = f"Remove this long break of {person}?"
    text = (
        "Do this only for one that was recorded by mistake. When somebody is back, record the day."
    )
    return frame.confirm_page(request, heading, text, "Remove break", back=back, about=person)


@frame.may_change_people
@frame.page_with_form
def move_spell(request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """A move or promotion: the present post ends and the next begins on the same day."""
    person, spell = _spell(request, person_pk, pk)
    back = reverse("programme:person", args=[person_pk])
    form = frame.filled_in(MoveForm, request, record=spell, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            moved = actions.move(spell=spell, by=request.user, version=version, **form.values)
            messages.success(request, f"They move to {moved.title}.")
            warn_of_readiness(request, moved, timezone.localdate())
            warn_of_hours(request, moved.post_id)
            return redirect(back)
    heading = f"Move or promotion: {person}, {spell.title}"
    intro = (
        "One act ends the present post and starts the next on the same day. It is kept as one stay "
        "in the programme: nobody counts as having left."
    )
    return frame.form_page(request, form, heading, back=back, about=person, intro=intro)
