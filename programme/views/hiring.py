"""An applicant's offer, employment checks and first day, for leads."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from programme.actions import hiring as actions
from programme.actions.moves import MoveRefused
from programme.forms.hiring import FIT, AppointForm, CheckForm, OfferForm, StartExceptionForm
from programme.models import (
    Applicant,
    CheckOutcome,
    CheckStandard,
    EmploymentCheck,
    RoundKind,
    StageKind,
)
from programme.stage_rules import why_not_start
from programme.views import frame
from programme.views.applicant import answer_in_words, applicant_of, ask_in_words
from programme.views.applicants import note_looks, round_of


def _own_page(applicant: Applicant) -> str:
    return reverse("programme:applicant", args=[applicant.round_id, applicant.pk])


@frame.may_change_recruitment
@frame.page_with_form
def edit_offer(request: HttpRequest, round_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    applicant = applicant_of(request, round_of(request, round_pk), pk)
    back = _own_page(applicant)
    form = frame.filled_in(OfferForm, request, record=applicant, cancel=back)
    if form.is_valid():
        try:
            with form.saving():
                version = form.cleaned_data["version"]
                actions.record_offer(
                    applicant=applicant,
                    by=request.user,
                    at=timezone.now(),
                    version=version,
                    **form.values,
                )
                messages.success(request, "The offer is saved.")
                return redirect(back)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
    note_looks(request, [applicant])
    intro = "The applicant can answer on their own page. Record what they tell you otherwise."
    if applicant.offer_answered_self:
        intro = f"{answer_in_words(applicant)}. You need not record it again."
    elif asks := ask_in_words(applicant):
        intro = f"The applicant asks for something before they answer: {asks}."
    return frame.form_page(request, form, f"Offer to {applicant}", back=back, intro=intro)


@frame.may_view_recruitment
@require_safe
def show_checks(request: HttpRequest, round_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """The six checks: complete or not, and whose turn; an outcome only for who recorded it."""
    shown = round_of(request, round_pk)
    applicant = applicant_of(request, shown, pk)
    note_looks(request, [applicant])
    rows = {row.standard: row for row in applicant.checks.select_related("checker")}
    ordered = [rows[standard] for standard in CheckStandard.values if standard in rows]
    now = actions.readiness(applicant)
    context = {
        "round": shown,
        "applicant": applicant,
        "rows": [(row, check_in_words(row, request.user)) for row in ordered],
        "complete": now.complete,
        "recording": applicant.stage.kind == StageKind.CHECKS,
        "missing": why_not_start(now),
        "exception": getattr(applicant, "start_exception", None),
        "form": StartExceptionForm(),
        "is_intake": shown.kind == RoundKind.INTAKE,
    }
    return render(request, "programme/recruitment/checks.html", context)


def check_in_words(row: EmploymentCheck, user: User) -> str:
    """What a user may know of a check: its outcome if they recorded it, else whether it is
    complete; of health, *fit* or *fit with adjustments*."""
    if row.outcome == CheckOutcome.WAITING:
        return "Not complete"
    if row.standard == CheckStandard.HEALTH:
        return FIT[CheckOutcome(row.outcome)]
    if row.checker_id == user.pk:
        return row.get_outcome_display()
    return "Not complete" if row.outcome == CheckOutcome.NOT_CLEAR else "Complete"


@frame.may_change_recruitment
@frame.page_with_form
def edit_check(
    request: HttpRequest, round_pk: uuid.UUID, pk: uuid.UUID, standard: str
) -> HttpResponse:
    applicant = applicant_of(request, round_of(request, round_pk), pk)
    record = get_object_or_404(applicant.checks.visible_to(request.user), standard=standard)
    record.applicant = applicant
    back = reverse("programme:applicant-checks", args=[round_pk, pk])
    form = frame.filled_in(CheckForm, request, record=record, cancel=back)
    if form.is_valid():
        version, now = form.cleaned_data["version"], timezone.now()
        try:
            with form.saving():
                actions.record_check(
                    record=record, by=request.user, version=version, at=now, **form.values
                )
                messages.success(request, "The check is saved.")
                return redirect(back)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
    note_looks(request, [applicant])
    heading = f"{record.get_standard_display()}: {applicant}"
    return frame.form_page(request, form, heading, back=back)


@frame.may_change_recruitment
@require_POST
def allow_start(request: HttpRequest, round_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """Records that somebody may start although a check is not finished."""
    applicant = applicant_of(request, round_of(request, round_pk), pk)
    form = StartExceptionForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Choose why they may start.")
    else:
        try:
            actions.allow_start(
                applicant=applicant,
                by=request.user,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
            messages.success(request, "The exception is recorded.")
        except MoveRefused as refusal:
            messages.warning(request, str(refusal))
    return redirect("programme:applicant-checks", round_pk, pk)


@frame.may_change_recruitment
@frame.page_with_form
def appoint(request: HttpRequest, round_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """Makes an applicant a trainee, or starts them in post, without retyping."""
    applicant = applicant_of(request, round_of(request, round_pk), pk)
    back = _own_page(applicant)
    if missing := why_not_start(actions.readiness(applicant)):
        messages.warning(request, f"This applicant {missing}.")
        return redirect(back)
    form = frame.filled_in(AppointForm, request, applicant=applicant, cancel=back)
    if form.is_valid():
        try:
            with form.saving():
                person = actions.appoint(
                    applicant=applicant, by=request.user, at=timezone.now(), **form.values
                )
                messages.success(request, "They are on the list of people.")
                return redirect("programme:person", person.pk)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
    frame.note_looks(request, [(person.pk, person.user_id) for person in form.people.values()])
    note_looks(request, [applicant])
    return frame.form_page(request, form, f"{form.submit}: {applicant}", back=back)
