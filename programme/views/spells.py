"""Spells in post, on the pages of the person who is or was in post."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from programme.actions import posts as actions
from programme.actions.saving import NotSaved
from programme.forms.base import RecordForm
from programme.forms.posts import EndSpellForm, NewSpellForm, SpellForm
from programme.models import Person, Spell
from programme.views import frame
from programme.views.posts import warn_of_hours
from programme.views.teams import warn_of_readiness


@frame.may_change_people
@frame.page_with_form
def add_spell(request: HttpRequest, person_pk: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=person_pk)
    back = reverse("programme:person", args=[person_pk])
    form = frame.filled_in(NewSpellForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            spell = actions.add_spell(person=person, by=request.user, **form.values)
            messages.success(request, f"They are recorded in the post {spell.post}.")
            warn_of_readiness(request, spell, timezone.localdate())
            warn_of_hours(request, spell.post_id)
            return redirect(back)
    return frame.form_page(request, form, f"Add a post for {person}", back=back, about=person)


@frame.may_change_people
@frame.page_with_form
def edit_spell(request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    person, spell = _person_and_spell(request, person_pk, pk)
    return _change(request, person, spell, SpellForm, f"Change time in post: {person}")


@frame.may_change_people
@frame.page_with_form
def end_spell(request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    person, spell = _person_and_spell(request, person_pk, pk)
    return _change(request, person, spell, EndSpellForm, f"Leaving: {person}, {spell.title}")


@frame.may_change_people
@frame.page_with_form
def remove_spell(request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    person, spell = _person_and_spell(request, person_pk, pk)
    back = reverse("programme:person", args=[person_pk])
    if request.method == "POST":
        try:
            actions.remove_spell(spell=spell, by=request.user)
            messages.success(request, "The time in post is removed.")
        except NotSaved as refusal:
            messages.warning(request, str(refusal))
        return redirect(back)
    heading = f"Remove {person}’s time in the post {spell.post.title}?"
    text = (
        f"{spell}. Do this only for one that was recorded by mistake. When somebody leaves, record "
        "the end of the post instead."
    )
    return frame.confirm_page(
        request, heading, text, "Remove time in post", back=back, about=person
    )


def _person_and_spell(
    request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID
) -> tuple[Person, Spell]:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=person_pk)
    spells = person.spells.visible_to(request.user).select_related("post__team__site")
    spell = get_object_or_404(spells, pk=pk)
    return person, spell


def _change(
    request: HttpRequest, person: Person, spell: Spell, form_class: type[RecordForm], heading: str
) -> HttpResponse:
    back = reverse("programme:person", args=[person.pk])
    form = frame.filled_in(form_class, request, record=spell, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            spell = actions.change_spell(
                spell=spell, by=request.user, version=version, **form.values
            )
            messages.success(request, "The time in post is saved.")
            warn_of_hours(request, spell.post_id)
            return redirect(back)
    remove = reverse("programme:remove-spell", args=[person.pk, spell.pk])
    return frame.form_page(request, form, heading, back=back, remove=remove, about=person)
