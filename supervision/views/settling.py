"""What became of sessions whose time has passed: said, contested, and after an agreement's end."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from programme.views import frame
from supervision.actions import settling as actions
from supervision.forms.sessions import ContestForm, SettleForm, WhenForm, beginning
from supervision.models import SessionStatus
from supervision.permissions import is_worker_of
from supervision.session_pages import ended_lately, to_settle
from supervision.views.sessions import OF_SESSION, SESSION, look, require_supervising, session_of

AGREE = (
    "The {} sees it differently. If you agree, say so here. If you do not, leave it: it counts as "
    "neither’s, and those words stay for both of you to read."
)
NEVER_AGAINST = "It never counts against you, whatever it says."
TAKE_BACK = "You have said that it was otherwise. If it was as recorded after all, say so here."


@frame.page_with_form
def settle_session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Either side says what became of a session; a former supervisor for four weeks."""
    now, today = timezone.now(), timezone.localdate()
    found = to_settle(request.user, today, now).select_related(*OF_SESSION, "supervisor")
    session = get_object_or_404(found, pk=pk)
    look(request, session.agreement)
    worker = is_worker_of(session.agreement, request.user)
    reads = worker or session.agreement.is_open_on(today)
    back = reverse(SESSION, args=[pk]) if reads else reverse("supervision:home")
    form = frame.filled_in(SettleForm, request, session=session, worker=worker, cancel=back)
    if form.is_valid():
        with form.saving():
            given = {"by": request.user, "day": today, "at": now}
            actions.settle_session(session=session, **given, **form.values)
            messages.success(request, "Saved. Both of you see it.")
            return redirect(back)
    begins = timezone.localtime(session.starts_at)
    heading = f"The session of {begins.day} {begins:%B %Y, %H:%M}"
    other = session.supervisor if worker else session.person
    intro = f"{session.kind} with {other}."
    if session.status == SessionStatus.CONTESTED:
        by_worker = session.contests.last().by_worker
        other = AGREE.format("peer worker" if by_worker else "supervisor")
        intro += " " + (TAKE_BACK if by_worker == worker else other)
    if worker:
        intro += f" {NEVER_AGAINST}"
    return frame.form_page(
        request, form, heading, back=back, intro=intro, about=session.agreement.person
    )


@frame.page_with_form
def contest_session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Either side says that it was otherwise than the other recorded."""
    today = timezone.localdate()
    session = session_of(request, pk, today)
    if session.agreement is None:
        raise Http404
    worker = is_worker_of(session.agreement, request.user)
    if not worker:
        require_supervising(session.agreement, request, today)
    look(request, session.agreement)
    back = reverse(SESSION, args=[pk])
    if request.method != "POST" and not actions.may_be_contested(session, worker=worker):
        messages.warning(request, actions.SETTLED)
        return redirect(back)
    form = frame.filled_in(ContestForm, request, worker=worker, cancel=back)
    if form.is_valid():
        with form.saving():
            given = {"by": request.user, "day": today, "at": timezone.now()}
            actions.contest(session=session, **given, **form.values)
            messages.success(request, "Saved. The session counts as neither’s until you agree.")
            return redirect(back)
    was = session.get_status_display().lower()
    never = NEVER_AGAINST if worker else "It never counts against the peer worker."
    intro = f"It is recorded as “{was}”. {never}"
    return frame.form_page(request, form, "It was otherwise", back=back, intro=intro)


@frame.page_with_form
def log_before_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A former supervisor records a session that took place while the agreement held."""
    now, today = timezone.now(), timezone.localdate()
    agreement = get_object_or_404(ended_lately(request.user, today), pk=pk)
    look(request, agreement)
    back = reverse("supervision:home")
    initial = beginning(agreement, now) | {"held_on": agreement.ended_on}
    form = frame.filled_in(WhenForm, request, agreement=agreement, initial=initial, cancel=back)
    if form.is_valid():
        with form.saving():
            given = {"by": request.user, "day": today, "at": now}
            actions.log_before_end(agreement=agreement, **given, **form.values)
            messages.success(request, "Saved: it took place.")
            return redirect(back)
    ended = f"{agreement.ended_on.day} {agreement.ended_on:%B %Y}"
    intro = f"{agreement.kind} ended on {ended}. When it took place is kept, and no words."
    heading = f"A session with {agreement.person} before the end"
    return frame.form_page(request, form, heading, back=back, intro=intro, about=agreement.person)
