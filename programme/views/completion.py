"""Confirming that a trainee has completed, and taking that back."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.actions import completion as actions
from programme.actions.requirements import require_recording
from programme.actions.saving import NotSaved
from programme.exports import download
from programme.forms.completion import CompletionForm
from programme.models import Completion
from programme.permissions import may_change_at
from programme.progress import ready_to_confirm, standings_of
from programme.requirements import in_words, missing
from programme.views import frame
from programme.views.my_training import pdf_of
from programme.views.trainees import cohort_of, trainee_of

READY_COLUMNS = ["First name", "Last name", "Cohort", "Site", "First session"]


@frame.may_record_training
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Everybody whose completion waits to be confirmed, over all cohorts."""
    page = frame.page_of(request, ready_to_confirm(request.user, timezone.localdate()))
    frame.note_looks(request, [(place.person_id, place.person.user_id) for place in page])
    return render(request, "programme/ready.html", {"page": page})


@frame.may_record_training
@require_safe
def ready_file(request: HttpRequest, kind: str) -> HttpResponse:
    """All of them, each of whom has been looked at."""
    found = ready_to_confirm(request.user, timezone.localdate())
    frame.note_looks(request, [(place.person_id, place.person.user_id) for place in found])
    rows = (
        (
            place.person.first_name,
            place.person.last_name,
            place.cohort.name,
            place.cohort.site.name if place.cohort.site else "",
            place.commenced_on,
        )
        for place in found
    )
    return download(kind, "ready-to-confirm", READY_COLUMNS, rows)


@frame.may_record_training
@frame.page_with_form
def confirm_completion(request: HttpRequest, cohort_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """Says what is met and missing, and confirms completion on a day."""
    cohort = cohort_of(request, cohort_pk)
    trainee = trainee_of(cohort, pk)
    require_recording(request.user, cohort.site)
    today = timezone.localdate()
    back = reverse("programme:trainee", args=[cohort_pk, pk])
    found = standings_of(cohort, [trainee], today)[pk]
    left = missing(found)
    asks_why = bool(left) and may_change_at(request.user, cohort.site_id)
    initial = {"completed_on": today}
    form = frame.filled_in(CompletionForm, request, asks_why=asks_why, initial=initial, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.confirm(
                enrolment=trainee, by=request.user, at=timezone.now(), today=today, **form.values
            )
            messages.success(request, f"They have completed {cohort}.")
            return redirect(back)
    frame.note_looks(request, [(trainee.person_id, trainee.person.user_id)])
    context = {
        "form": form,
        "heading": f"Confirm completion: {trainee.person}",
        "back": back,
        "words": in_words(found),
        "missing": left,
    }
    return render(request, "programme/confirm_completion.html", context)


@frame.may_record_training
@frame.page_with_form
def take_back_completion(request: HttpRequest, cohort_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    cohort = cohort_of(request, cohort_pk)
    trainee = trainee_of(cohort, pk)
    back = reverse("programme:trainee", args=[cohort_pk, pk])
    require_recording(request.user, cohort.site)
    if request.method == "POST":
        try:
            actions.take_back(enrolment=trainee, by=request.user)
            messages.success(request, "They are in training again.")
        except NotSaved as refusal:
            messages.warning(request, str(refusal))
        return redirect(back)
    heading = f"Take back the completion of {trainee.person}?"
    text = (
        "Do this only for a completion that was confirmed by mistake. The place is open again, and "
        "the certificate can no longer be downloaded."
    )
    return frame.confirm_page(
        request, heading, text, "Take back completion", back=back, about=trainee.person
    )


@frame.may_view_cohorts
@require_safe
def certificate(request: HttpRequest, cohort_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """The certificate of one trainee, for the staff of the cohort."""
    trainee = trainee_of(cohort_of(request, cohort_pk), pk)
    confirmed = Completion.objects.visible_to(request.user).select_related("confirmed_by")
    completion = get_object_or_404(confirmed, enrolment=trainee)
    completion.enrolment = trainee
    frame.note_looks(request, [(trainee.person_id, trainee.person.user_id)])
    return pdf_of(completion)
