"""Cover, as the supervisor arranges it; a lead's pages for the same are in `arranging`."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from programme.views import frame
from supervision.actions import cover as actions
from supervision.forms.agreements import CoverForm, GroupCoverForm, LastDayForm
from supervision.models import Agreement, Cover
from supervision.views.agreements import between


def own_agreement(request: HttpRequest, pk: uuid.UUID) -> Agreement:
    """An agreement in which the user is the supervisor, or 404."""
    row = between(request, pk, timezone.localdate())
    if row.supervisor_id != request.user.pk:
        raise Http404
    return row


@frame.page_with_form
def add_cover(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    back = reverse("supervision:agreement", args=[pk])
    return cover_form(request, own_agreement(request, pk), back)


@frame.page_with_form
def change_cover(request: HttpRequest, agreement_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    row = own_agreement(request, agreement_pk)
    back = reverse("supervision:agreement", args=[agreement_pk])
    withdraw = reverse("supervision:withdraw-cover", args=[agreement_pk, pk])
    return last_day_form(request, cover_of(row, pk), back, withdraw)


@frame.page_with_form
def withdraw_cover(request: HttpRequest, agreement_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    row = own_agreement(request, agreement_pk)
    back = reverse("supervision:agreement", args=[agreement_pk])
    return withdraw_page(request, cover_of(row, pk), back)


def cover_of(agreement: Agreement, pk: uuid.UUID) -> Cover:
    """A cover that has not ended, or 404."""
    rows = agreement.covers.filter(last_day__gte=timezone.localdate(), refused_at__isnull=True)
    cover = get_object_or_404(rows.select_related("stand_in"), pk=pk)
    cover.agreement = agreement
    return cover


def cover_form(request: HttpRequest, agreement: Agreement, back: str) -> HttpResponse:
    """Arranges that somebody stands in; of a kind in groups for everybody at once."""
    if agreement.kind.in_group:
        return _group_cover_form(request, agreement, back)
    initial = {"starts_on": timezone.localdate()}
    form = frame.filled_in(CoverForm, request, agreement=agreement, initial=initial, cancel=back)
    if form.is_valid():
        with form.saving():
            given = form.values | {"by": request.user, "at": timezone.now()}
            actions.arrange(agreement=agreement, **given)
            messages.success(request, "They stand in. The worker sees it.")
            return redirect(back)
    heading = f"Somebody to stand in: {agreement.person}"
    return frame.form_page(request, form, heading, back=back, about=agreement.person)


def _group_cover_form(request: HttpRequest, agreement: Agreement, back: str) -> HttpResponse:
    initial = {"starts_on": timezone.localdate()}
    given = {"agreement": agreement, "initial": initial, "cancel": back}
    form = frame.filled_in(GroupCoverForm, request, **given)
    if form.is_valid():
        with form.saving():
            given = form.values | {"by": request.user, "at": timezone.now()}
            covers = actions.arrange_for_group(**given)
            people = "1 person" if len(covers) == 1 else f"{len(covers)} people"
            words = f"The stand-in is set for {people}. They see it."
            messages.success(request, words)
            return redirect(back)
    rows = form.fields["agreements"].queryset
    frame.note_looks(request, rows.values_list("person", "person__user"))
    heading = f"Somebody to stand in: {agreement.kind} with {agreement.supervisor}"
    return frame.form_page(request, form, heading, back=back)


def last_day_form(request: HttpRequest, cover: Cover, back: str, withdraw: str) -> HttpResponse:
    """Ends a cover earlier or later than arranged."""
    person = cover.agreement.person
    form = frame.filled_in(LastDayForm, request, initial={"last_day": cover.last_day}, cancel=back)
    if form.is_valid():
        with form.saving():
            given = form.values | {"by": request.user, "at": timezone.now()}
            actions.change_last_day(cover=cover, **given)
            messages.success(request, "The last day is saved.")
            return redirect(back)
    heading = f"Last day of cover: {cover.stand_in} for {person}"
    given = {"back": back, "about": person, "remove": withdraw}
    return frame.form_page(request, form, heading, **given)


def withdraw_page(request: HttpRequest, cover: Cover, back: str) -> HttpResponse:
    """Takes a cover back."""
    if request.method == "POST":
        actions.withdraw(cover=cover, by=request.user, at=timezone.now())
        messages.success(request, "The cover is taken back.")
        return redirect(back)
    person = cover.agreement.person
    heading = f"Take back the cover by {cover.stand_in}?"
    text = f"{cover.stand_in} can no longer open anything about {person}."
    return frame.confirm_page(request, heading, text, "Take back", back=back, about=person)
