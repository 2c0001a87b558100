"""The record of a session: written, confirmed or disagreed with, amended."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from programme.actions.saving import ChangedMeanwhile
from programme.views import frame
from supervision.actions import drafts
from supervision.actions import records as actions
from supervision.forms.records import AmendmentForm, DisagreeForm, RecordWordsForm
from supervision.models import Session
from supervision.permissions import is_worker_of, may_write_record
from supervision.session_pages import record_of
from supervision.views.drafted import with_draft, write_page
from supervision.views.sessions import SESSION, look, session_of

CHANGED = "The words have changed since you read them. Nothing is saved: read them again first."


@frame.page_with_form
def write_record(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The words of a record or, once both have agreed, an amendment to it."""
    today = timezone.localdate()
    session = session_of(request, pk, today)
    if not may_write_record(session, request.user, today):
        raise PermissionDenied
    told = record_of(session, request.user, today)
    agreed = bool(told and told.record.agreed_at)
    initial = {"version": told.record.version if told else 0}
    if told and not agreed:
        initial["words"] = told.words.words
    back = reverse(SESSION, args=[pk])
    kind = AmendmentForm if agreed else RecordWordsForm
    form = with_draft(request, kind, drafts.RECORD, pk, initial=initial, cancel=back)
    if form.is_valid():
        with form.saving():
            values = {"day": today, "at": timezone.now(), **form.values}
            actions.write_record(session=session, by=request.user, **values)
            messages.success(request, "Saved.")
            return redirect(back)
    look(request, session.agreement)
    heading = "Add an amendment" if agreed else "The record of this session"
    shown = told if agreed or getattr(form, "elsewhere", None) else None
    return write_page(request, form, heading, back=back, told=shown)


def _for_worker(request: HttpRequest, pk: uuid.UUID) -> Session:
    session = session_of(request, pk, timezone.localdate())
    if session.agreement is None or not hasattr(session, "record"):
        raise Http404
    if not is_worker_of(session.agreement, request.user):
        raise PermissionDenied
    return session


@require_POST
def confirm_record(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The worker agrees with the version that the button was beside."""
    session = _for_worker(request, pk)
    version = request.POST.get("version", "")
    version = int(version) if version.isascii() and version.isdecimal() and len(version) < 6 else 0
    try:
        actions.confirm(session=session, by=request.user, at=timezone.now(), version=version)
    except ChangedMeanwhile:
        messages.warning(request, CHANGED)
    else:
        messages.success(request, "Agreed by both. What comes later is an amendment you both see.")
    return redirect(SESSION, pk=pk)


@frame.page_with_form
def disagree(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What the worker sees differently, in their own words."""
    session, today = _for_worker(request, pk), timezone.localdate()
    back = reverse(SESSION, args=[pk])
    told = record_of(session, request.user, today)
    initial = {"version": told.record.version}
    form = with_draft(request, DisagreeForm, drafts.DISAGREE, pk, initial=initial, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.disagree(session=session, by=request.user, at=timezone.now(), **form.values)
            messages.success(request, "Saved. Your words stand with the record.")
            return redirect(back)
    return write_page(request, form, "What do you see differently?", back=back, told=told)
