"""Opening a worker's agreed records by two leads, and what the worker is told of it."""

import datetime as dt
import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.roles import BREAK_GLASS
from audit.actions import record_looks
from programme.actions.saving import NotSaved
from programme.models import Person
from programme.views import frame
from supervision.actions import oversight as actions
from supervision.forms.oversight import OpenRecordsForm
from supervision.models import BreakGlass
from supervision.opened import opened_to, subject_of_look, told_to

may_break_glass = permission_required(BREAK_GLASS, raise_exception=True)


def _opening(request: HttpRequest, pk: uuid.UUID) -> BreakGlass:
    rows = BreakGlass.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("person", "asked_by", "decided_by"), pk=pk)


@may_break_glass
@require_safe
def openings(request: HttpRequest) -> HttpResponse:
    """What was asked, newest first: to decide about, open and over."""
    now = timezone.now()
    rows = BreakGlass.objects.visible_to(request.user)
    page = frame.page_of(request, rows.select_related("person", "asked_by", "decided_by"))
    found = [(row, row.state_at(now)) for row in page]
    return render(request, "supervision/openings.html", {"page": page, "rows": found})


@may_break_glass
@frame.page_with_form
def ask_to_open(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    back = reverse("supervision:person", args=[person.pk])
    form = frame.filled_in(OpenRecordsForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            asked = actions.ask_to_open(
                person=person, by=request.user, at=timezone.now(), **form.values
            )
            messages.success(request, "Another lead can now decide about it.")
            return redirect("supervision:opening", asked.pk)
    intro = (
        "Agreed records of supervision are for the two people in it. For safeguarding or a legal "
        "duty another lead can open them to you for a time. The person is told, unless a legal "
        "duty forbids it, and each time you read them is noted."
    )
    heading = f"Ask to open the agreed records of {person}"
    return frame.form_page(request, form, heading, back=back, intro=intro)


@may_break_glass
@require_safe
def opening(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One request: its words are for who asked and who decides."""
    found, now = _opening(request, pk), timezone.now()
    user = request.user.pk
    mine = found.asked_by_id == user
    context = {
        "opening": found,
        "state": found.state_at(now),
        "mine": mine,
        "may_decide": found.is_waiting and not mine,
        "may_read": mine and found.is_open_at(now),
        "may_close": found.is_open_at(now) or (mine and found.is_waiting),
        "shows_words": found.is_waiting
        or request.user.pk in {found.asked_by_id, found.decided_by_id},
    }
    return render(request, "supervision/opening.html", context)


def _decision(
    request: HttpRequest, pk: uuid.UUID, decide: Callable, *, ask: tuple[str, str, str], done: str
) -> HttpResponse:
    """Asks once more, and then does it; what cannot be is said on the page it leads back to."""
    found = _opening(request, pk)
    back = reverse("supervision:opening", args=[found.pk])
    if request.method != "POST":
        heading, text, button = ask
        return frame.confirm_page(request, heading, text, button, back=back)
    try:
        decide(opening=found, by=request.user, at=timezone.now())
        messages.success(request, done)
    except NotSaved as refusal:
        messages.error(request, str(refusal))
    return redirect(back)


@may_break_glass
@frame.page_with_form
def approve_opening(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    text = (
        "Whoever asked can read what was agreed in supervision until the time is over, and nothing "
        "private. Approve it only if nothing less will do."
    )
    ask = ("Open these records?", text, "Open the records")
    return _decision(request, pk, actions.approve, ask=ask, done="The records are open.")


@may_break_glass
@frame.page_with_form
def decline_opening(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    ask = ("Decline this?", "Nothing is opened. Whoever asked sees that you declined.", "Decline")
    return _decision(request, pk, actions.decline, ask=ask, done="It is declined.")


@may_break_glass
@frame.page_with_form
def close_opening(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    ask = ("Close this now?", "Nobody can read by it afterwards.", "Close")
    return _decision(request, pk, actions.close, ask=ask, done="It is closed.")


@may_break_glass
@require_safe
def opened_records(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The agreed records, read-only, while they are open to who asked; each look is noted."""
    now = timezone.now()
    opened = opened_to(request.user, _opening(request, pk), now)
    if opened is None:
        raise Http404
    _note_look(request, opened.opening, now)
    page = frame.page_of(request, opened.records)
    context = {"opening": opened.opening, "person": opened.opening.person, "page": page}
    response = render(request, "supervision/opened_records.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _note_look(request: HttpRequest, found: BreakGlass, now: dt.datetime) -> None:
    record_looks(
        viewer_id=request.user.pk,
        subject_ids=[subject_of_look(found)],
        page=request.resolver_match.view_name,
        at=now,
    )


@require_safe
def my_openings(request: HttpRequest) -> HttpResponse:
    """Who opened one's own agreed records, when and for which of the two reasons."""
    now = timezone.now()
    page = frame.page_of(request, told_to(request.user))
    found = [(row, row.state_at(now)) for row in page]
    return render(request, "supervision/my_openings.html", {"page": page, "rows": found})
