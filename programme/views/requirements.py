"""The requirements of a cohort's trainees: how each stands, and recording what came of them."""

import uuid
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.actions import requirements as actions
from programme.actions.saving import NotSaved
from programme.exports import download
from programme.forms.requirements import PlacementDayForm, ResultForm, ResultsForm
from programme.models import (
    Cohort,
    Completion,
    Enrolment,
    Outcome,
)
from programme.permissions import may_change_at, may_record_training_at, may_view_people_at
from programme.progress import is_ready, parts_of, requirements_of, standings_of
from programme.requirements import Standing, in_words, missing
from programme.views import frame
from programme.views.trainees import cohort_of, trainee_of, trainees_of


class Row(NamedTuple):
    """A trainee and where they are with each requirement."""

    enrolment: Enrolment
    standings: list[Standing]

    @property
    def is_ready(self) -> bool:
        return is_ready(self.enrolment, self.standings)

    @property
    def words(self) -> str:
        """*3 of 5 met*, *Ready to confirm* or *Completed*."""
        if self.enrolment.outcome != Outcome.ACTIVE:
            return self.enrolment.outcome_words
        if self.is_ready:
            return "Ready to confirm"
        met = len(self.standings) - len(missing(self.standings))
        return f"{met} of {len(self.standings)} met"


@frame.may_view_cohorts
@require_safe
def requirements(request: HttpRequest, cohort_pk: uuid.UUID) -> HttpResponse:
    """Trainees of a cohort by requirements of the version that it follows."""
    cohort = cohort_of(request, cohort_pk)
    rows = _rows(cohort)
    page = frame.page_of(request, rows)
    ready = [row.enrolment for row in rows if row.is_ready]
    seen = {trainee.pk: trainee.person for trainee in [*ready, *(row.enrolment for row in page)]}
    frame.note_looks(request, [(person.pk, person.user_id) for person in seen.values()])
    context = {
        "cohort": cohort,
        "page": page,
        "asked": requirements_of(cohort),
        "ready": ready,
        "may_record": may_record_training_at(request.user, cohort.site_id),
    }
    return render(request, "programme/requirements.html", context)


def _rows(cohort: Cohort) -> list[Row]:
    trainees = list(trainees_of(cohort))
    found = standings_of(cohort, trainees, timezone.localdate())
    return [Row(trainee, found[trainee.pk]) for trainee in trainees]


@frame.may_view_cohorts
@require_safe
def requirements_file(request: HttpRequest, cohort_pk: uuid.UUID, kind: str) -> HttpResponse:
    """Everybody by every requirement; everybody in the file has been looked at."""
    cohort = cohort_of(request, cohort_pk)
    rows, asked = _rows(cohort), [str(one) for one in requirements_of(cohort)]
    people = [row.enrolment.person for row in rows]
    frame.note_looks(request, [(person.pk, person.user_id) for person in people])
    cells = (
        (person.first_name, person.last_name, row.words, *(one.state for one in row.standings))
        for person, row in zip(people, rows, strict=True)
    )
    columns = ["First name", "Last name", "Completion", *asked]
    return download(kind, "requirements", columns, cells)


@frame.may_record_training
@frame.page_with_form
def record_results(request: HttpRequest, cohort_pk: uuid.UUID) -> HttpResponse:
    """Records one result of many trainees at once."""
    cohort = cohort_of(request, cohort_pk)
    actions.require_recording(request.user, cohort.site)
    back = reverse("programme:requirements", args=[cohort_pk])
    own = request.user.pk
    trainees = [row for row in trainees_of(cohort) if row.person.user_id != own]
    frame.note_looks(request, [(row.person_id, row.person.user_id) for row in trainees])
    everybody = "everybody" in request.GET
    form = frame.filled_in(
        ResultsForm,
        request,
        cohort=cohort,
        trainees=trainees,
        initial={
            "requirement": request.GET.get("requirement"),
            "decided_on": timezone.localdate(),
            "enrolments": [trainee.pk for trainee in trainees] if everybody else [],
        },
        cancel=back,
    )
    if form.is_valid():
        with form.saving():
            new = actions.record_results(by=request.user, at=timezone.now(), **form.values)
            people = "person" if len(new) == 1 else "people"
            messages.success(request, f"The result is recorded for {len(new)} {people}.")
            return redirect(back)
    heading = "Record a result for several trainees"
    context = {"form": form, "heading": heading, "back": back, "everybody": everybody}
    return render(request, "programme/record_results.html", context)


@frame.may_view_cohorts
@require_safe
def trainee(request: HttpRequest, cohort_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """One trainee: each requirement with its history."""
    cohort = cohort_of(request, cohort_pk)
    trainee = trainee_of(cohort, pk)
    frame.note_looks(request, [(trainee.person_id, trainee.person.user_id)])
    found = standings_of(cohort, [trainee], timezone.localdate())[trainee.pk]
    is_own = trainee.person.user_id == request.user.pk
    context = {
        "cohort": cohort,
        "trainee": trainee,
        "parts": parts_of(trainee, found),
        "words": in_words(found),
        "missing": missing(found),
        "completion": Completion.objects.visible_to(request.user)
        .filter(enrolment=trainee)
        .select_related("confirmed_by")
        .first(),
        "may_except": may_change_at(request.user, cohort.site_id),
        "may_view_person": may_view_people_at(request.user, cohort.site_id),
        "may_record": may_record_training_at(request.user, cohort.site_id) and not is_own,
    }
    return render(request, "programme/trainee.html", context)


def _page_of_trainee(trainee: Enrolment) -> str:
    return reverse("programme:trainee", args=[trainee.cohort_id, trainee.pk])


@frame.may_record_training
@frame.page_with_form
def record_result(request: HttpRequest, cohort_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    cohort = cohort_of(request, cohort_pk)
    trainee = trainee_of(cohort, pk)
    actions.require_recording(request.user, cohort.site)
    back = _page_of_trainee(trainee)
    initial = {
        "requirement": request.GET.get("requirement"),
        "decided_on": timezone.localdate(),
    }
    form = frame.filled_in(ResultForm, request, cohort=cohort, initial=initial, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.record_results(
                enrolments=[trainee], by=request.user, at=timezone.now(), **form.values
            )
            messages.success(request, "The result is recorded.")
            return redirect(back)
    heading = f"Record a result: {trainee.person}"
    return frame.form_page(request, form, heading, back=back, about=trainee.person)


@frame.may_record_training
@frame.page_with_form
def remove_result(
    request: HttpRequest, cohort_pk: uuid.UUID, trainee_pk: uuid.UUID, pk: uuid.UUID
) -> HttpResponse:
    trainee = trainee_of(cohort_of(request, cohort_pk), trainee_pk)
    result = get_object_or_404(trainee.results.select_related("requirement"), pk=pk)
    result.enrolment = trainee
    back = _page_of_trainee(trainee)
    if request.method == "POST":
        try:
            actions.remove_result(result=result, by=request.user)
            messages.success(request, "The result is removed.")
        except NotSaved as refusal:
            messages.warning(request, str(refusal))
        return redirect(back)
    heading = f"Remove “{result}” for {result.requirement}?"
    text = (
        "Do this only for a result that was recorded by mistake. Somebody who is asked to repeat "
        "keeps that result, and the next one is recorded beside it."
    )
    return frame.confirm_page(
        request, heading, text, "Remove result", back=back, about=trainee.person
    )


@frame.may_record_training
@frame.page_with_form
def add_placement_day(request: HttpRequest, cohort_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    cohort = cohort_of(request, cohort_pk)
    trainee = trainee_of(cohort, pk)
    actions.require_recording(request.user, cohort.site)
    back = _page_of_trainee(trainee)
    form = frame.filled_in(PlacementDayForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.add_placement_day(enrolment=trainee, by=request.user, **form.values)
            messages.success(request, "The hours are saved.")
            return redirect(back)
    heading = f"Add hours on placement: {trainee.person}"
    return frame.form_page(request, form, heading, back=back, about=trainee.person)


@frame.may_record_training
@frame.page_with_form
def remove_placement_day(
    request: HttpRequest, cohort_pk: uuid.UUID, trainee_pk: uuid.UUID, pk: uuid.UUID
) -> HttpResponse:
    trainee = trainee_of(cohort_of(request, cohort_pk), trainee_pk)
    day = get_object_or_404(trainee.placement_days, pk=pk)
    day.enrolment = trainee
    back = _page_of_trainee(trainee)
    if request.method == "POST":
        try:
            actions.remove_placement_day(day=day, by=request.user)
            messages.success(request, "The hours are removed.")
        except NotSaved as refusal:
            messages.warning(request, str(refusal))
        return redirect(back)
    text = "Do this only for hours that were recorded by mistake."
    return frame.confirm_page(
        request, f"Remove {day}?", text, "Remove hours", back=back, about=trainee.person
    )
