"""Asking somebody to get in touch, and answering it; what a trust sets for that."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.roles import CHANGE_SUPPORT
from notifications.working_time import after
from programme.models import Person
from programme.views import frame
from wellbeing.actions import contact as actions
from wellbeing.forms.contact import AskForm, DutyForm, InTouchForm, NewDutyForm, PassForm
from wellbeing.models import ContactDuty, ContactRequest, Ending, Way
from wellbeing.views.looks import note_private_looks

MINE, WAITING, ONE = "wellbeing:my-contact", "wellbeing:contact-waiting", "wellbeing:contact"
DUTIES = "wellbeing:contact-duties"
may_set_duty = permission_required(CHANGE_SUPPORT, raise_exception=True)


def own_record(request: HttpRequest) -> Person | None:
    return getattr(request.user, "person", None)


# --- The worker -----------------------------------------------------------------------------------


@require_safe
def my_contact(request: HttpRequest) -> HttpResponse:
    """What one asked, the newest first."""
    if own_record(request) is None:
        return render(request, "programme/no_record.html")
    rows = ContactRequest.objects.visible_to(request.user, timezone.now()).own(request.user)
    page = frame.page_of(request, rows.select_related("owner"))
    return render(request, "wellbeing/contact/mine.html", {"page": page})


@frame.page_with_form
def ask(request: HttpRequest) -> HttpResponse:
    """Who, how and when. Nothing else goes along, and nobody is told where one came from."""
    person = own_record(request)
    if person is None:
        return render(request, "programme/no_record.html")
    form = frame.filled_in(AskForm, request, cancel=reverse(MINE))
    now, today = timezone.now(), timezone.localdate()
    if form.is_valid():
        with form.saving():
            asked = actions.ask(person=person, by=request.user, at=now, day=today, **form.values)
            messages.success(request, "Sent. They are asked to get in touch.")
            return redirect(ONE, asked.pk)
    duty = actions.duty_of(person, today)
    answer_by = after(now, duty.hours)
    context = {
        "form": form,
        "heading": "Ask somebody to contact me",
        "duty": duty,
        "answer_by": answer_by,
        "stand_in": actions.stand_in_of(duty, person, None, today),
        "leads_from": after(answer_by, duty.hours),
    }
    return render(request, "wellbeing/contact/ask.html", context)


def _own(request: HttpRequest, pk: uuid.UUID) -> ContactRequest:
    rows = ContactRequest.objects.visible_to(request.user, timezone.now()).own(request.user)
    return get_object_or_404(rows.select_related("owner", "person"), pk=pk)


@frame.page_with_form
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _own(request, pk)
    if request.method == "POST":
        actions.withdraw(request=found, by=request.user, at=timezone.now())
        messages.success(request, "Taken back. Nobody else sees it any more.")
        return redirect(MINE)
    text = f"{found.owner} may have read it. From now on nobody but you sees it."
    back = reverse(ONE, args=[pk])
    return frame.confirm_page(request, "Take this request back?", text, "Take it back", back=back)


@frame.page_with_form
def settle(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _own(request, pk)
    if request.method == "POST":
        actions.settle(request=found, by=request.user, at=timezone.now())
        messages.success(request, "Settled. Nobody else sees it any more.")
        return redirect(MINE)
    text = "Nobody is asked to get in touch any more. You can ask again at any time."
    back, button = reverse(ONE, args=[pk]), "This is settled"
    heading = "Is this settled?"
    return frame.confirm_page(request, heading, text, button, back=back, variant="primary")


@frame.page_with_form
def delete(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _own(request, pk)
    if request.method == "POST":
        actions.forget(request=found, by=request.user)
        messages.success(request, "Deleted. Nothing is kept of it.")
        return redirect(MINE)
    text = "It is deleted for good. If somebody still has it to answer, they see it no longer."
    back = reverse(ONE, args=[pk])
    return frame.confirm_page(request, "Delete this request?", text, "Delete request", back=back)


# --- One request, as each side reads it -----------------------------------------------------------


@require_safe
def contact(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One's own request with who is told next; or one that waits for one's answer."""
    now = timezone.now()
    rows = ContactRequest.objects.visible_to(request.user, now)
    found = get_object_or_404(rows.select_related("person", "owner", "stand_in", "ended_by"), pk=pk)
    if found.person.user_id == request.user.pk:
        context = {
            "asked": found,
            "passings": found.passings.select_related("passed_by", "passed_to"),
            "now": now,
            "joined": found.ending == Ending.JOINED,
        }
        return render(request, "wellbeing/contact/own.html", context)
    note_private_looks(request, [found])
    context = {"asked": found, "is_owner": found.owner_id == request.user.pk}
    return render(request, "wellbeing/contact/asked.html", context)


# --- Who was asked --------------------------------------------------------------------------------


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Requests of others that one may answer, the longest waiting first."""
    rows = ContactRequest.objects.visible_to(request.user, timezone.now())
    rows = rows.of_others(request.user).select_related("person", "owner").order_by("asked_at", "pk")
    page = frame.page_of(request, rows)
    note_private_looks(request, page)
    return render(request, "wellbeing/contact/waiting.html", {"page": page})


def _to_answer(request: HttpRequest, pk: uuid.UUID) -> ContactRequest:
    rows = ContactRequest.objects.visible_to(request.user, timezone.now())
    others = rows.of_others(request.user).select_related("person", "owner")
    return get_object_or_404(others, pk=pk)


@frame.page_with_form
def in_touch(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _to_answer(request, pk)
    back = reverse(ONE, args=[pk])
    form = frame.filled_in(InTouchForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            at = timezone.now()
            actions.say_in_touch(request=found, by=request.user, at=at, **form.values)
            messages.success(request, "They see that you have been in touch.")
            return redirect(WAITING)
    heading = f"You have been in touch with {found.person}"
    intro = "The request ends with this. They can say otherwise and ask again."
    if found.way == Way.MESSAGE:
        heading = f"Write to {found.person}"
        intro = "They asked for a message here. The request ends with it; they can ask again."
    note_private_looks(request, [found])
    return frame.form_page(request, form, heading, back=back, intro=intro)


@frame.page_with_form
def pass_on(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _to_answer(request, pk)
    if found.owner_id != request.user.pk:
        raise PermissionDenied
    back = reverse(ONE, args=[pk])
    form = frame.filled_in(PassForm, request, person=found.person, cancel=back)
    if form.is_valid():
        with form.saving():
            values = {"at": timezone.now(), "day": timezone.localdate(), **form.values}
            actions.pass_on(request=found, by=request.user, **values)
            messages.success(request, "Passed on.")
            return redirect(WAITING)
    intro = "The time by which somebody is to be in touch stays as it is. You see it no longer."
    heading = f"Pass on the request of {found.person}"
    note_private_looks(request, [found])
    return frame.form_page(request, form, heading, back=back, intro=intro)


# --- What a trust sets ----------------------------------------------------------------------------


@may_set_duty
@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    """How soon somebody is in touch and who stands in, at each site and elsewhere."""
    rows = list(ContactDuty.objects.visible_to(request.user).select_related("site", "stand_in"))
    context = {"duties": rows, "default": ContactDuty().hours}
    return render(request, "wellbeing/contact/duties.html", context)


@may_set_duty
@frame.page_with_form
def add_duty(request: HttpRequest) -> HttpResponse:
    back = reverse(DUTIES)
    form = frame.filled_in(NewDutyForm, request, initial={"hours": ContactDuty().hours})
    if form.is_valid():
        with form.saving():
            actions.add_duty(by=request.user, day=timezone.localdate(), **form.values)
            messages.success(request, "Saved. It holds for requests to come.")
            return redirect(back)
    return frame.form_page(request, form, "How soon somebody gets in touch", back=back)


@may_set_duty
@frame.page_with_form
def edit_duty(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rows = ContactDuty.objects.visible_to(request.user).select_related("site")
    duty = get_object_or_404(rows, pk=pk)
    back, remove = reverse(DUTIES), reverse("wellbeing:remove-contact-duty", args=[pk])
    form = frame.filled_in(DutyForm, request, record=duty, cancel=back)
    if form.is_valid():
        with form.saving():
            values = {"version": form.cleaned_data["version"], "day": timezone.localdate()}
            actions.change_duty(duty=duty, by=request.user, **values, **form.values)
            messages.success(request, "Saved. It holds for requests to come.")
            return redirect(back)
    heading = f"How soon somebody gets in touch: {duty.site or 'all other sites'}"
    return frame.form_page(request, form, heading, back=back, remove=remove)


@may_set_duty
@frame.page_with_form
def remove_duty(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    duty = get_object_or_404(ContactDuty.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        actions.remove_duty(duty=duty, by=request.user)
        messages.success(request, "Removed. What is set for all other sites holds there now.")
        return redirect(DUTIES)
    text = "Requests that wait keep their times."
    back = reverse(DUTIES)
    return frame.confirm_page(request, "Remove this?", text, "Remove", back=back)
