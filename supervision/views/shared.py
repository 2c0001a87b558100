"""What two people share between sessions, and what each keeps: agenda, actions, own notes."""

import datetime as dt
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import VIEW_SUPERVISION_DUTY
from programme.views import frame
from supervision.actions import drafts
from supervision.actions import shared as actions
from supervision.forms.records import AgendaForm, AideMemoireForm, PreparationForm
from supervision.models import (
    AgendaItem,
    AideMemoire,
    PreparationNote,
)
from supervision.permissions import is_worker_of, may_supervise_in
from supervision.prompts import PROMPTS
from supervision.session_pages import for_organisation, open_actions_of, sides, to_tick, way_back
from supervision.views.drafted import with_draft, write_page
from supervision.views.sessions import (
    SESSION,
    SESSIONS,
    agreement_of,
    back_to,
    look,
    require_supervising,
)

RECENT_DAYS = 14
may_view_duty = permission_required(VIEW_SUPERVISION_DUTY, raise_exception=True)


# --- Agenda ---------------------------------------------------------------------------------------


@frame.page_with_form
def add_to_agenda(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Something to talk about, from either of the two."""
    today = timezone.localdate()
    agreement = agreement_of(request, pk, today)
    if not is_worker_of(agreement, request.user):
        require_supervising(agreement, request, today)
    back = back_to(agreement)
    form = with_draft(request, AgendaForm, drafts.AGENDA, pk, cancel=back)
    if form.is_valid():
        with form.saving():
            values = {"day": today, "at": timezone.now(), **form.values}
            actions.add_to_agenda(agreement=agreement, by=request.user, **values)
            messages.success(request, "On the agenda. It stays there until you reach it.")
            return redirect(back)
    look(request, agreement)
    return write_page(request, form, "Add to the agenda", back=back, prompts=PROMPTS)


@frame.page_with_form
def take_off_agenda(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take one's own item off; the other's stays theirs."""
    items = AgendaItem.objects.visible_to(request.user, timezone.localdate())
    item = get_object_or_404(items.select_related("agreement"), pk=pk, added_by=request.user)
    back = back_to(item.agreement)
    if request.method == "POST":
        actions.take_off(item=item, by=request.user, at=timezone.now())
        messages.success(request, "Taken off the agenda.")
        return redirect(back)
    words = "Only you can take off what you added."
    return frame.confirm_page(request, "Take this off the agenda?", words, "Take off", back=back)


# --- Actions --------------------------------------------------------------------------------------


@require_safe
def my_actions(request: HttpRequest) -> HttpResponse:
    """What was agreed and is to do, in every agreement one is part of; and what was done lately."""
    today = timezone.localdate()
    rows = open_actions_of(request.user, today)
    page = frame.page_of(request, rows.filter(done_on__isnull=True).order_by("due_on", "pk"))
    done = rows.filter(done_on__gt=today - dt.timedelta(days=RECENT_DAYS))
    done = list(done.order_by("-done_on", "pk")[:10])
    people = {row.agreement.person for row in [*page, *done]}
    frame.note_looks(request, [(person.pk, person.user_id) for person in people])
    context = {"page": page, "done": done, "today": today, **way_back(request.user)}
    return render(request, "supervision/actions.html", context)


@require_POST
def tick_action(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An action is done, or it was not after all; leads tick the organisation's."""
    today = timezone.localdate()
    action = get_object_or_404(to_tick(request.user, today), pk=pk)
    done = request.POST.get("done") != "no"
    actions.tick(action=action, by=request.user, day=today, done=done)
    messages.success(request, "Done." if done else "Open again.")
    pages = {
        "session": reverse(SESSION, args=[action.agreed_in_id]),
        "sessions": reverse(SESSIONS, args=[action.agreement_id]),
        "organisation": reverse("supervision:organisation-actions"),
    }
    return redirect(pages.get(request.POST.get("page", ""), reverse("supervision:actions")))


@require_safe
@may_view_duty
def organisation_actions(request: HttpRequest) -> HttpResponse:
    """What the organisation is to do, the longest open first: words of confirmed records only."""
    today = timezone.localdate()
    rows = for_organisation(request.user).open().order_by("added_on", "pk")
    page = frame.page_of(request, rows)
    for row in page:
        row.days_open = (today - row.added_on).days
    people = {row.agreement.person for row in page}
    frame.note_looks(request, [(person.pk, person.user_id) for person in people])
    return render(request, "supervision/organisation_actions.html", {"page": page})


# --- Own notes ------------------------------------------------------------------------------------


@require_safe
def preparation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The worker's own notes before sessions. Nobody else ever reads them."""
    agreement = agreement_of(request, pk, timezone.localdate())
    if not is_worker_of(agreement, request.user):
        raise Http404
    notes = PreparationNote.objects.visible_to(request.user).filter(agreement=agreement)
    page = frame.page_of(request, notes.order_by("-written_at", "pk"))
    context = {"agreement": agreement, "page": page, "back": back_to(agreement)}
    return render(request, "supervision/preparation.html", context)


@frame.page_with_form
def add_preparation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    agreement = agreement_of(request, pk, timezone.localdate())
    if not is_worker_of(agreement, request.user):
        raise Http404
    back = reverse("supervision:preparation", args=[pk])
    form = with_draft(request, PreparationForm, drafts.PREPARATION, pk, cancel=back)
    if form.is_valid():
        with form.saving():
            at = timezone.now()
            actions.prepare(agreement=agreement, by=request.user, at=at, **form.values)
            messages.success(request, "Saved. Only you can read it.")
            return redirect(back)
    return write_page(request, form, "Write a note for yourself", back=back)


@frame.page_with_form
def edit_preparation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    note = _own_note(request, pk)
    back = reverse("supervision:preparation", args=[note.agreement_id])
    form = with_draft(request, PreparationForm, drafts.PREPARATION, pk, record=note, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            values = {"at": timezone.now(), "version": version, **form.values}
            actions.prepare(agreement=note.agreement, by=request.user, note=note, **values)
            messages.success(request, "Saved. Only you can read it.")
            return redirect(back)
    remove = reverse("supervision:remove-preparation", args=[pk])
    return write_page(request, form, "My note", back=back, remove=remove)


@frame.page_with_form
def remove_preparation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    note = _own_note(request, pk)
    back = reverse("supervision:preparation", args=[note.agreement_id])
    if request.method == "POST":
        actions.remove_preparation(note=note, by=request.user)
        messages.success(request, "Deleted. No copy of the text is kept in the history.")
        return redirect(back)
    words = "It is deleted for good."
    return frame.confirm_page(request, "Delete this note?", words, "Delete note", back=back)


def _own_note(request: HttpRequest, pk: uuid.UUID) -> PreparationNote:
    notes = PreparationNote.objects.visible_to(request.user)
    return get_object_or_404(notes.select_related("person", "agreement__person"), pk=pk)


@frame.page_with_form
def aide_memoire(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A supervisor's own note of an agreement; the worker reads it on the page of sessions."""
    today = timezone.localdate()
    agreement = agreement_of(request, pk, today)
    if not may_supervise_in(agreement, request.user, today):
        raise PermissionDenied
    found = AideMemoire.objects.visible_to(request.user, today)
    note = found.filter(agreement=agreement, author=request.user).first()
    back = back_to(agreement)
    form = with_draft(request, AideMemoireForm, drafts.AIDE_MEMOIRE, pk, record=note, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data.get("version", "")
            act = {"agreement": agreement, "by": request.user, "day": today, "note": note}
            actions.remember(**act, at=timezone.now(), version=version, **form.values)
            messages.success(request, "Saved.")
            return redirect(back)
    look(request, agreement)
    context = sides(agreement, request.user, today)
    return write_page(request, form, "My aide-memoire", back=back, **context)
