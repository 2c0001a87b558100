"""A lead's pages about who supervises somebody: names, kinds, dates and states, never words."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.models import Person
from programme.views import frame
from supervision.actions import agreements as actions
from supervision.forms.agreements import AssignForm
from supervision.models import Agreement
from supervision.permissions import may_arrange_for
from supervision.standing import standing
from supervision.views.agreements import cover_on
from supervision.views.cover import cover_form, cover_of, last_day_form, withdraw_page
from supervision.views.supervisors import may_arrange


def person_of(request: HttpRequest, pk: uuid.UUID) -> Person:
    """Somebody of the lead's sites who is not the lead, or 404."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    if not may_arrange_for(request.user, person):
        raise Http404
    return person


def agreement_of(request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID) -> Agreement:
    """An agreement of such a person that has not ended, or 404."""
    person = person_of(request, person_pk)
    rows = person.agreements.not_ended_by(timezone.localdate())
    agreement = get_object_or_404(rows.select_related("supervisor", "kind"), pk=pk)
    agreement.person = person
    return agreement


def back_to(person_pk: uuid.UUID) -> str:
    return reverse("supervision:person", args=[person_pk])


@may_arrange
@require_safe
def person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who supervises somebody, in which kind, since when, and where it stands."""
    found = person_of(request, pk)
    today = timezone.localdate()
    frame.note_looks(request, [(found.pk, found.user_id)])
    rows = found.agreements.with_terms().prefetch_related("covers__stand_in")
    page = frame.page_of(request, rows.order_by("-starts_on", "kind__position", "pk"))
    shown = [
        (
            row,
            standing(row, request.user, today),
            cover_on(row, today),
            [one for one in row.covers.all() if one.last_day >= today],
        )
        for row in page
    ]
    context = {
        "person": found,
        "page": page,
        "now": [part for part in shown if not part[0].is_over_on(today)],
        "past": [part for part in shown if part[0].is_over_on(today)],
    }
    return render(request, "supervision/person.html", context)


@may_arrange
@frame.page_with_form
def assign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = person_of(request, pk)
    back = back_to(pk)
    initial = {"starts_on": timezone.localdate()}
    form = frame.filled_in(AssignForm, request, person=found, initial=initial, cancel=back)
    if form.is_valid():
        with form.saving():
            given = form.values | {"by": request.user, "at": timezone.now()}
            row = actions.assign(person=found, **given)
            then = "Now both of them sign." if row.kind.needs_agreement else "Nobody has to sign."
            messages.success(request, f"A supervisor is assigned. {then}")
            return redirect(back)
    intro = (
        "Whoever supervises by lived experience is chosen by the worker, never by a lead. If "
        "somebody else does this now, end that agreement too."
    )
    given = {"back": back, "about": found, "intro": intro}
    return frame.form_page(request, form, f"Assign a supervisor to {found}", **given)


@may_arrange
@frame.page_with_form
def person_end(request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """Ends what a lead assigned; what a worker chose is for the two."""
    row = agreement_of(request, person_pk, pk)
    if row.kind.by_lived_experience:
        raise Http404
    back = back_to(person_pk)
    if request.method == "POST":
        actions.end(agreement=row, by=request.user, at=timezone.now())
        messages.success(request, "The agreement has ended.")
        return redirect(back)
    heading = f"End {row.kind}: {row.supervisor} and {row.person}?"
    text = "It ends today. What the two agreed on stays theirs. Then assign the next supervisor."
    return frame.confirm_page(request, heading, text, "End it", back=back, about=row.person)


@may_arrange
@frame.page_with_form
def person_cover(request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    return cover_form(request, agreement_of(request, person_pk, pk), back_to(person_pk))


@may_arrange
@frame.page_with_form
def person_change_cover(
    request: HttpRequest, person_pk: uuid.UUID, agreement_pk: uuid.UUID, pk: uuid.UUID
) -> HttpResponse:
    cover = cover_of(agreement_of(request, person_pk, agreement_pk), pk)
    withdraw = reverse("supervision:person-withdraw-cover", args=[person_pk, agreement_pk, pk])
    return last_day_form(request, cover, back_to(person_pk), withdraw)


@may_arrange
@frame.page_with_form
def person_withdraw_cover(
    request: HttpRequest, person_pk: uuid.UUID, agreement_pk: uuid.UUID, pk: uuid.UUID
) -> HttpResponse:
    cover = cover_of(agreement_of(request, person_pk, agreement_pk), pk)
    return withdraw_page(request, cover, back_to(person_pk))
