"""Times for the interviews of a round: a lead adds them, an applicant chooses one by their link."""

import uuid

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from programme.actions import slots as actions
from programme.actions.moves import MoveRefused
from programme.exports import download
from programme.forms.slots import ChooseForm, SlotsForm, in_words
from programme.interview_times import calendar_file, choice_of
from programme.models import Applicant, InterviewSlot, Round
from programme.views import frame
from programme.views.applicants import note_looks, round_of
from programme.views.apply import open_link, own_key


@frame.may_view_recruitment
@require_safe
def slots(request: HttpRequest, round_pk: uuid.UUID) -> HttpResponse:
    """The times of a round, the latest first, and who has chosen them."""
    shown = round_of(request, round_pk)
    page = frame.page_of(request, _of_round(request, shown))
    context = {"round": shown, "page": page, "rows": [(slot, in_words(slot)) for slot in page]}
    return render(request, "programme/recruitment/slots.html", context)


def _of_round(request: HttpRequest, shown: Round) -> QuerySet[InterviewSlot]:
    found = InterviewSlot.objects.visible_to(request.user).filter(round=shown).with_free()
    return found.prefetch_related("bookings__applicant").order_by("-starts_at", "pk")


@frame.may_view_recruitment
@require_safe
def slots_file(request: HttpRequest, round_pk: uuid.UUID, kind: str) -> HttpResponse:
    """The times with who has chosen them, each of whom has been looked at."""
    found = _of_round(request, round_of(request, round_pk))
    slots = list(found.prefetch_related("bookings__applicant__person"))
    chosen = {slot.pk: [booking.applicant for booking in slot.bookings.all()] for slot in slots}
    note_looks(request, [one for applicants in chosen.values() for one in applicants])
    rows = (
        (
            slot.starts_at,
            slot.minutes,
            slot.place,
            ", ".join(str(one) for one in chosen[slot.pk]),
            slot.free,
            slot.capacity,
        )
        for slot in slots
    )
    columns = ["Starts", "Minutes", "Place", "Chosen by", "Free", "Room for"]
    return download(kind, "interviews", columns, rows)


@frame.may_change_recruitment
@frame.page_with_form
def add_slots(request: HttpRequest, round_pk: uuid.UUID) -> HttpResponse:
    shown = round_of(request, round_pk)
    back = reverse("programme:slots", args=[round_pk])
    form = frame.filled_in(SlotsForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            added = actions.add_slots(in_round=shown, by=request.user, **form.values)
            messages.success(request, f"Times added: {added}.")
            return redirect(back)
    return frame.form_page(request, form, f"Add times: {shown}", back=back)


@frame.may_change_recruitment
@require_POST
def remove_slot(request: HttpRequest, round_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    shown = round_of(request, round_pk)
    found = InterviewSlot.objects.visible_to(request.user).filter(round=shown)
    slot = get_object_or_404(found.select_related("round"), pk=pk)
    try:
        actions.remove_slot(slot=slot, by=request.user)
        messages.success(request, "The time is removed.")
    except MoveRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("programme:slots", round_pk)


# --- An applicant, by their own link --------------------------------------------------------------


@frame.page_with_form
@open_link
def my_interview(request: HttpRequest, applicant: Applicant) -> HttpResponse:
    """Choosing an interview, or another one until the day before."""
    found = choice_of(applicant, timezone.now())
    key = own_key(request, applicant)
    own_page = reverse("programme:my-application", args=[key])
    if found is None:
        return redirect(own_page)
    mine = str(found.booking.slot_id) if found.booking else ""
    data = request.POST if request.method == "POST" else None
    form = ChooseForm(data, slots=found.slots, mine=mine, cancel=own_page)
    if form.is_valid():
        try:
            slot = form.slots[form.cleaned_data["slot"]]
            actions.book(applicant=applicant, slot=slot, at=timezone.now())
            messages.success(request, f"Your interview: {in_words(slot)}.")
            return redirect(own_page)
        except actions.SlotRefused as refusal:
            form.add_error("slot", str(refusal))
    context = {
        "form": form,
        "heading": "Choose a time for your interview",
        "found": found,
        "booked": in_words(found.booking.slot) if found.booking else "",
        "back": own_page,
        "key": key,
        "round": applicant.round,
    }
    return render(request, "programme/apply/interview.html", context)


@require_safe
@open_link
def my_calendar(request: HttpRequest, applicant: Applicant) -> HttpResponse:  # noqa: ARG001
    """The chosen interview as a file for a calendar."""
    found = choice_of(applicant, timezone.now())
    if found is None or found.booking is None:
        raise Http404
    response = HttpResponse(calendar_file(found.booking), content_type="text/calendar")
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    response["Cache-Control"] = "no-store"
    return response
