"""The sessions of a cohort."""

import uuid

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.actions import training_sessions as actions
from programme.actions.saving import NotSaved, require_site
from programme.exports import download
from programme.forms.training_sessions import SessionForm, WeeklyForm
from programme.models import Cohort, TrainingSession
from programme.permissions import may_change_at
from programme.views import frame

COLUMNS = [
    "Day",
    "From",
    "Until",
    "Topic",
    "Domain",
    "Place",
    "Peers who led it",
    "Others who led it",
    "Cancelled on",
]


def _cohort(request: HttpRequest, pk: uuid.UUID) -> Cohort:
    cohorts = Cohort.objects.visible_to(request.user).select_related("site")
    return get_object_or_404(cohorts, pk=pk)


def _session(request: HttpRequest, pk: uuid.UUID) -> TrainingSession:
    sessions = TrainingSession.objects.visible_to(request.user).select_related("cohort__site")
    return get_object_or_404(sessions, pk=pk)


@frame.may_view_cohorts
@require_safe
def sessions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The sessions of a cohort, the first one first."""
    cohort = _cohort(request, pk)
    context = {
        "cohort": cohort,
        "page": frame.page_of(request, _in_order(cohort)),
        "may_change": may_change_at(request.user, cohort.site_id),
    }
    return render(request, "programme/sessions.html", context)


def _in_order(cohort: Cohort) -> QuerySet[TrainingSession]:
    return cohort.sessions.select_related("domain").prefetch_related("facilitators")


@frame.may_view_cohorts
@require_safe
def sessions_file(request: HttpRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    found = _in_order(_cohort(request, pk)).iterator(chunk_size=1000)
    return download(kind, "sessions", COLUMNS, (_row(session) for session in found))


def _row(session: TrainingSession) -> tuple:
    led_by = session.facilitators.all()
    return (
        session.held_on,
        f"{session.starts_at:%H:%M}" if session.starts_at else "",
        f"{session.ends_at:%H:%M}" if session.ends_at else "",
        session.topic,
        session.domain.name if session.domain else "",
        session.place,
        ", ".join(one.name for one in led_by if one.is_peer),
        ", ".join(one.name for one in led_by if not one.is_peer),
        session.cancelled_on,
    )


@frame.may_change_people
@frame.page_with_form
def add_session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = _cohort(request, pk)
    require_site(request.user, cohort.site)
    back = reverse("programme:sessions", args=[pk])
    form = frame.filled_in(SessionForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.add_session(cohort=cohort, by=request.user, team=_team(form), **form.values)
            messages.success(request, "The session is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"Add a session to {cohort}", back=back)


@frame.may_change_people
@frame.page_with_form
def add_weekly_sessions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = _cohort(request, pk)
    require_site(request.user, cohort.site)
    back = reverse("programme:sessions", args=[pk])
    initial = {"first_on": cohort.starts_on}
    form = frame.filled_in(WeeklyForm, request, cancel=back, initial=initial)
    if form.is_valid():
        with form.saving():
            made = actions.add_weekly(cohort=cohort, by=request.user, **form.values)
            messages.success(request, f"{len(made)} sessions are saved.")
            return redirect(back)
    return frame.form_page(request, form, f"Add weekly sessions to {cohort}", back=back)


def _team(form: SessionForm) -> actions.Team:
    return actions.Team(form.cleaned_data["peers"], form.cleaned_data["others"])


@frame.may_change_people
@frame.page_with_form
def edit_session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    session = _session(request, pk)
    require_site(request.user, session.cohort.site)
    back = reverse("programme:sessions", args=[session.cohort_id])
    form = frame.filled_in(SessionForm, request, record=session, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_session(
                session=session,
                by=request.user,
                version=version,
                team=_team(form),
                **form.values,
            )
            messages.success(request, "The session is saved.")
            return redirect(back)
    return frame.form_page(request, form, "Change a session", back=back)


@frame.may_change_people
@frame.page_with_form
def cancel_session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    session = _session(request, pk)
    require_site(request.user, session.cohort.site)
    back = reverse("programme:sessions", args=[session.cohort_id])
    if request.method == "POST":
        try:
            actions.cancel_session(session=session, by=request.user, day=timezone.localdate())
            messages.success(request, "The session is cancelled. Nobody is told by this service.")
        except NotSaved as refusal:
            messages.warning(request, str(refusal))
        return redirect(back)
    context = {
        "heading": f"Cancel “{session}”?",
        "text": "It stays on the list as cancelled and counts for nobody’s attendance.",
        "button": "Cancel this session",
        "back": back,
        "keep": "Keep the session",
    }
    return render(request, "programme/confirm.html", context)


@frame.may_change_people
@frame.page_with_form
def hold_session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Takes a cancellation back."""
    session = _session(request, pk)
    require_site(request.user, session.cohort.site)
    back = reverse("programme:sessions", args=[session.cohort_id])
    if request.method == "POST":
        try:
            actions.hold_session(session=session, by=request.user)
            messages.success(request, "The session takes place. Nobody is told by this service.")
        except NotSaved as refusal:
            messages.warning(request, str(refusal))
        return redirect(back)
    heading = f"Hold “{session}” after all?"
    text = "Attendance can be marked for it again, and counts."
    return frame.confirm_page(
        request, heading, text, "Hold this session", back=back, variant="primary"
    )
