"""The sessions of an agreement: planned, logged, moved, called off; and group sessions."""

import datetime as dt
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from programme.actions.saving import NotSaved
from programme.views import frame
from supervision.actions import drafts, groups
from supervision.actions import sessions as actions
from supervision.actions.settling import may_be_contested
from supervision.forms.sessions import (
    CancelForm,
    GroupForm,
    LogForm,
    PlanForm,
    RearrangeForm,
    as_planned,
    beginning,
    next_one,
)
from supervision.models import DEBRIEF, Agreement, Contest, GroupSession, Session
from supervision.permissions import is_worker_of, may_supervise_in, may_write_record
from supervision.session_pages import (
    agenda_of,
    aide_memoires_of,
    handed_over,
    planned_of,
    record_of,
    sessions_of,
    sessions_to_read,
    sides,
)
from supervision.views.drafted import with_draft, write_page

SESSIONS, SESSION = "supervision:sessions", "supervision:session"
OF_SESSION = ("agreement__person", "agreement__supervisor", "agreement__kind", "person", "kind")


def agreement_of(request: HttpRequest, pk: uuid.UUID, today: dt.date) -> Agreement:
    """An agreement that the user may open today; 404 for everybody else."""
    found = Agreement.objects.visible_to(request.user, today)
    return get_object_or_404(found.select_related("person", "supervisor", "kind"), pk=pk)


def session_of(request: HttpRequest, pk: uuid.UUID, today: dt.date) -> Session:
    """A session of an agreement that the user may open today."""
    found = Session.objects.visible_to(request.user, today)
    return get_object_or_404(found.select_related(*OF_SESSION, "supervisor", "record"), pk=pk)


def require_supervising(agreement: Agreement | None, request: HttpRequest, today: dt.date) -> None:
    """The supervisor of an open agreement, or who stands in today; nobody else (403)."""
    if agreement is None:
        raise Http404
    if not may_supervise_in(agreement, request.user, today):
        raise PermissionDenied


def closed(request: HttpRequest, agreement: Agreement, today: dt.date) -> HttpResponse | None:
    """Tells a supervisor, to whom the worker keeps an agreement open, that it has ended."""
    if agreement.supervisor_id != request.user.pk or agreement.is_open_on(today):
        return None
    ended = f"{agreement.ended_on.day} {agreement.ended_on:%B %Y}"
    messages.warning(request, f"This agreement ended on {ended}. It takes no more sessions.")
    return redirect(SESSIONS, pk=agreement.pk)


def look(request: HttpRequest, agreement: Agreement) -> None:
    frame.note_looks(request, [(agreement.person_id, agreement.person.user_id)])


def back_to(agreement: Agreement) -> str:
    return reverse(SESSIONS, args=[agreement.pk])


# --- Pages to read --------------------------------------------------------------------------------


@require_safe
def sessions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Everything between two sessions: what is planned, the agenda, what is to do, what was."""
    today = timezone.localdate()
    agreement = agreement_of(request, pk, today)
    look(request, agreement)
    context = sides(agreement, request.user, today)
    between = context["is_worker"] or context["supervises"]
    context |= {
        "page": frame.page_of(request, sessions_of(agreement)),
        "planned": list(planned_of(agreement)) if between else [],
        "agenda": agenda_of(agreement) if between else [],
        "actions": list(agreement.actions.open()) if between else [],
        "notes": aide_memoires_of(agreement, request.user, today),
        "between": between,
        "unsigned": agreement.kind.needs_agreement and not agreement.terms.signed().exists(),
        "may_begin_debrief": agreement.supervisor_id == request.user.pk
        and agreement.kind.key != DEBRIEF,
        "before": handed_over(agreement, request.user, today) if context["supervises"] else [],
        "now": timezone.now(),
    }
    return render(request, "supervision/sessions.html", context)


@require_safe
def session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One session: when, what became of it and, for those who may read it, its record."""
    today = timezone.localdate()
    found = sessions_to_read(request.user, today).select_related(
        *OF_SESSION, "supervisor", "record"
    )
    shown = get_object_or_404(found, pk=pk)
    if shown.agreement is None:
        shared = GroupSession.objects.visible_to(request.user)
        return redirect("supervision:group", pk=get_object_or_404(shared, sessions=shown).pk)
    look(request, shown.agreement)
    told = record_of(shown, request.user, today)
    reads = told is not None
    context = sides(shown.agreement, request.user, today) | {
        "session": shown,
        "told": told,
        "has_record": hasattr(shown, "record"),
        "topics": list(shown.topics.all()) if reads else [],
        "actions": list(shown.actions.all()) if reads else [],
        "reached": list(shown.agenda.all()) if reads else [],
        "may_write": may_write_record(shown, request.user, today),
        "begun": shown.starts_at <= timezone.now(),
        "contests": list(Contest.objects.visible_to(request.user).filter(session=shown)),
        "back": back_to(shown.agreement),
    }
    part = context["is_worker"] or context["supervises"]
    context["may_contest"] = part and may_be_contested(shown, worker=context["is_worker"])
    if not Agreement.objects.visible_to(request.user, today).filter(pk=shown.agreement.pk):
        context["back"] = back_to(shown.agreement.handed_over.next)
    return render(request, "supervision/session.html", context)


# --- Planning -------------------------------------------------------------------------------------


@frame.page_with_form
def plan_session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    agreement = agreement_of(request, pk, today)
    if told := closed(request, agreement, today):
        return told
    require_supervising(agreement, request, today)
    back = back_to(agreement)
    form = frame.filled_in(
        PlanForm, request, agreement=agreement, initial=next_one(agreement, now), cancel=back
    )
    if form.is_valid():
        with form.saving():
            planned = actions.plan_session(
                agreement=agreement, by=request.user, day=today, at=now, **form.values
            )
            messages.success(request, "Planned. You can add it to your calendar from its page.")
            return redirect(SESSION, pk=planned.pk)
    heading = f"Plan a session with {agreement.person}"
    return frame.form_page(request, form, heading, back=back, about=agreement.person)


@frame.page_with_form
def rearrange_session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    old = session_of(request, pk, today)
    require_supervising(old.agreement, request, today)
    back = reverse(SESSION, args=[pk])
    form = frame.filled_in(
        RearrangeForm, request, agreement=old.agreement, initial=as_planned(old), cancel=back
    )
    if form.is_valid():
        with form.saving():
            new = actions.rearrange_session(
                session=old, by=request.user, day=today, at=now, **form.values
            )
            messages.success(request, "Rearranged. The invitation file changes with it.")
            return redirect(SESSION, pk=new.pk)
    return frame.form_page(
        request, form, "Rearrange this session", back=back, about=old.agreement.person
    )


@frame.page_with_form
def cancel_session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The worker cancels for themselves; a supervisor says whose cancellation it was."""
    now, today = timezone.now(), timezone.localdate()
    planned = session_of(request, pk, today)
    agreement = planned.agreement
    if agreement is None:
        raise Http404
    back = back_to(agreement)
    act = {"session": planned, "by": request.user, "day": today, "at": now}
    if is_worker_of(agreement, request.user):
        if planned.starts_at <= now:
            messages.warning(request, f"{actions.BEGUN}.")
            return redirect("supervision:settle-session", pk=pk)
        if request.method == "POST":
            return _done(request, lambda: actions.cancel_session(**act, by_worker=True), back)
        words = "It never counts against you, and nobody asks for a reason."
        heading, button = "Cancel this session?", "Cancel session"
        return frame.confirm_page(request, heading, words, button, back=back)
    require_supervising(agreement, request, today)
    form = frame.filled_in(CancelForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.cancel_session(**act, **form.values)
            messages.success(request, "Cancelled. Plan another one when you can.")
            return redirect(back)
    return frame.form_page(request, form, "Cancel this session", back=back, about=agreement.person)


def _done(request: HttpRequest, act, back: str) -> HttpResponse:
    """Do it, and say so or why not."""
    try:
        act()
    except NotSaved as refusal:
        messages.warning(request, f"Nothing is saved. {refusal}.".replace("..", "."))
    else:
        messages.success(request, "Saved.")
    return redirect(back)


# --- Logging --------------------------------------------------------------------------------------


@require_POST
def hold_session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One click: it took place as planned."""
    now, today = timezone.now(), timezone.localdate()
    planned = session_of(request, pk, today)
    require_supervising(planned.agreement, request, today)
    return _done(
        request,
        lambda: actions.hold_as_planned(session=planned, by=request.user, day=today, at=now),
        back_to(planned.agreement),
    )


@frame.page_with_form
def log_session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Log a session that was not planned; one that is planned for today is offered first, and of
    a kind in groups everybody who was there is logged at once."""
    now, today = timezone.now(), timezone.localdate()
    agreement = agreement_of(request, pk, today)
    if told := closed(request, agreement, today):
        return told
    require_supervising(agreement, request, today)
    if request.method != "POST" and agreement.kind.in_group:
        return redirect("supervision:log-group")
    if request.method != "POST" and "another" not in request.GET:
        for planned in planned_of(agreement):
            if timezone.localdate(planned.starts_at) == today:
                return redirect("supervision:log-planned", pk=planned.pk)
    begins = beginning(agreement, now) if request.method != "POST" else {}
    return _log(request, agreement, None, begins, now)


@frame.page_with_form
def log_planned(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    planned = session_of(request, pk, today)
    require_supervising(planned.agreement, request, today)
    return _log(request, planned.agreement, planned, as_planned(planned), now)


def _log(
    request: HttpRequest,
    agreement: Agreement,
    planned: Session | None,
    initial: dict,
    now: dt.datetime,
) -> HttpResponse:
    back, today = back_to(agreement), timezone.localdate()
    name, about = (drafts.LOG_PLANNED, planned.pk) if planned else (drafts.LOG, agreement.pk)
    form = with_draft(request, LogForm, name, about, agreement=agreement, initial=initial)
    if form.is_valid():
        with form.saving():
            logged = actions.log_session(
                agreement=agreement,
                planned=planned,
                by=request.user,
                day=today,
                at=now,
                **form.values,
            )
            messages.success(request, "Session saved.")
            return redirect(SESSION, pk=logged.pk)
    look(request, agreement)
    heading = f"Log a session with {agreement.person}"
    context = {"agreement": agreement, "planned": planned, "template": "supervision/log.html"}
    return write_page(request, form, heading, back=back, **context)


# --- Groups ---------------------------------------------------------------------------------------


@frame.page_with_form
def log_group(request: HttpRequest) -> HttpResponse:
    """A group session, saved once for everybody who was there."""
    now, today = timezone.now(), timezone.localdate()
    back = reverse("supervision:home")
    form = with_draft(
        request,
        GroupForm,
        drafts.GROUP_NOTE,
        request.user.pk,
        initial=beginning(None, now),
        cancel=back,
    )
    if form.is_valid():
        with form.saving():
            group = groups.log_group(by=request.user, day=today, at=now, **form.values)
            messages.success(request, "Saved for everybody who was there.")
            return redirect("supervision:group", pk=group.pk)
    chosen = form.fields["present"].queryset
    frame.note_looks(request, chosen.values_list("pk", "user"))
    if not chosen:
        return render(request, "supervision/no_group.html", {"back": back})
    return write_page(request, form, "Log a group session", back=back)


@require_safe
def group(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A group session and its note, for everybody who was there."""
    found = GroupSession.objects.visible_to(request.user).select_related("kind", "led_by")
    shown = get_object_or_404(found, pk=pk)
    present = [row.person for row in shown.sessions.select_related("person").order_by("person")]
    frame.note_looks(request, [(person.pk, person.user_id) for person in present])
    return render(request, "supervision/group.html", {"group": shown, "present": present})
