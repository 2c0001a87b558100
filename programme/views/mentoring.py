"""Mentors of a cohort's trainees, and the days on which they met."""

import uuid
from typing import NamedTuple

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.actions import mentoring as actions
from programme.actions.saving import require_site
from programme.exports import download
from programme.forms.mentoring import EndMentoringForm, MeetingForm, MentorForm
from programme.models import Cohort, Enrolment, Mentoring, MentorMeeting
from programme.permissions import may_change_at, may_record_training_at
from programme.progress import mentor_coverage
from programme.views import frame
from programme.views.my_training import own_person
from programme.views.trainees import cohort_of, trainee_of, trainees_of

COLUMNS = ["First name", "Last name", "Mentor", "From", "Until", "Met on"]


class Pair(NamedTuple):
    """A trainee with one of their mentors, or with none."""

    trainee: Enrolment
    mentoring: Mentoring | None


def _pairs(trainees: list[Enrolment]) -> list[Pair]:
    return [
        Pair(trainee, mentoring)
        for trainee in trainees
        for mentoring in trainee.mentoring.all() or [None]
    ]


@frame.may_view_cohorts
@require_safe
def mentors(request: HttpRequest, cohort_pk: uuid.UUID) -> HttpResponse:
    """Who mentors whom in a cohort, and when they met."""
    cohort = cohort_of(request, cohort_pk)
    page = frame.page_of(request, _with_mentors(request, cohort))
    trainees = list(page)
    frame.note_looks(request, [(row.person_id, row.person.user_id) for row in trainees])
    context = {
        "cohort": cohort,
        "page": page,
        "pairs": _pairs(trainees),
        "coverage": mentor_coverage(cohort),
        "may_change": may_change_at(request.user, cohort.site_id),
        "may_record": may_record_training_at(request.user, cohort.site_id),
    }
    return render(request, "programme/mentors.html", context)


def _with_mentors(request: HttpRequest, cohort: Cohort) -> QuerySet[Enrolment]:
    pairs = Mentoring.objects.visible_to(request.user).select_related("mentor")
    pairs = pairs.prefetch_related("meetings").order_by("started_on", "pk")
    return trainees_of(cohort).prefetch_related(Prefetch("mentoring", pairs))


@frame.may_view_cohorts
@require_safe
def mentors_file(request: HttpRequest, cohort_pk: uuid.UUID, kind: str) -> HttpResponse:
    """The pairs of the page; every trainee in the file has been looked at."""
    trainees = list(_with_mentors(request, cohort_of(request, cohort_pk)))
    frame.note_looks(request, [(row.person_id, row.person.user_id) for row in trainees])
    return download(kind, "mentors", COLUMNS, (_row(pair) for pair in _pairs(trainees)))


def _row(pair: Pair) -> tuple:
    person, mentoring = pair.trainee.person, pair.mentoring
    if mentoring is None:
        return (person.first_name, person.last_name, "", None, None, "")
    met = ", ".join(meeting.met_on.isoformat() for meeting in mentoring.meetings.all())
    mentor = str(mentoring.mentor)
    days = (mentoring.started_on, mentoring.ended_on)
    return (person.first_name, person.last_name, mentor, *days, met)


@frame.may_change_people
@frame.page_with_form
def pair_mentor(request: HttpRequest, cohort_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    cohort = cohort_of(request, cohort_pk)
    require_site(request.user, cohort.site)
    trainee = trainee_of(cohort, pk)
    back = reverse("programme:mentors", args=[cohort_pk])
    initial = {"started_on": timezone.localdate()}
    form = frame.filled_in(MentorForm, request, trainee=trainee, initial=initial, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.pair(enrolment=trainee, by=request.user, **form.values)
            messages.success(request, "The mentor is saved.")
            return redirect(back)
    heading = f"Add a mentor for {trainee.person}"
    return frame.form_page(request, form, heading, back=back, about=trainee.person)


def _mentoring(
    request: HttpRequest, cohort_pk: uuid.UUID, trainee_pk: uuid.UUID, pk: uuid.UUID
) -> Mentoring:
    trainee = trainee_of(cohort_of(request, cohort_pk), trainee_pk)
    mentoring = get_object_or_404(trainee.mentoring.select_related("mentor"), pk=pk)
    mentoring.enrolment = trainee
    return mentoring


@frame.may_change_people
@frame.page_with_form
def end_mentoring(
    request: HttpRequest, cohort_pk: uuid.UUID, trainee_pk: uuid.UUID, pk: uuid.UUID
) -> HttpResponse:
    mentoring = _mentoring(request, cohort_pk, trainee_pk, pk)
    require_site(request.user, mentoring.enrolment.cohort.site)
    back = reverse("programme:mentors", args=[cohort_pk])
    initial = {"ended_on": timezone.localdate()}
    form = frame.filled_in(EndMentoringForm, request, initial=initial, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.end(mentoring=mentoring, by=request.user, **form.values)
            messages.success(request, "The mentoring has ended.")
            return redirect(back)
    person = mentoring.enrolment.person
    heading = f"End mentoring: {mentoring.mentor} and {person}"
    return frame.form_page(request, form, heading, back=back, about=person)


@frame.may_record_training
@frame.page_with_form
def log_meeting(
    request: HttpRequest, cohort_pk: uuid.UUID, trainee_pk: uuid.UUID, pk: uuid.UUID
) -> HttpResponse:
    mentoring = _mentoring(request, cohort_pk, trainee_pk, pk)
    actions.require_part(mentoring, request.user)
    return _meeting_form(request, mentoring, reverse("programme:mentors", args=[cohort_pk]))


@frame.may_record_training
@frame.page_with_form
def remove_meeting(
    request: HttpRequest, cohort_pk: uuid.UUID, trainee_pk: uuid.UUID, pk: uuid.UUID
) -> HttpResponse:
    trainee = trainee_of(cohort_of(request, cohort_pk), trainee_pk)
    meetings = MentorMeeting.objects.visible_to(request.user).select_related("mentoring__mentor")
    meeting = get_object_or_404(meetings, pk=pk, mentoring__enrolment=trainee)
    meeting.mentoring.enrolment = trainee
    return _remove_meeting(request, meeting, reverse("programme:mentors", args=[cohort_pk]))


@require_safe
def my_mentoring(request: HttpRequest) -> HttpResponse:
    """Whom one mentors oneself, and the days on which one met."""
    person = getattr(request.user, "person", None)
    if person is None:
        return render(request, "programme/no_record.html")
    rows = person.mentees.select_related("trainee", "enrolment__cohort")
    page = frame.page_of(request, rows.prefetch_related("meetings").order_by("-started_on", "pk"))
    mentees = [row.trainee for row in page]
    frame.note_looks(request, [(mentee.pk, mentee.user_id) for mentee in mentees])
    return render(request, "programme/my_mentoring.html", {"page": page})


@frame.page_with_form
def log_own_meeting(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A meeting recorded by the mentor."""
    rows = own_person(request).mentees.select_related("mentor", "enrolment__cohort__site")
    mentoring = get_object_or_404(rows.select_related("enrolment__person"), pk=pk)
    return _meeting_form(request, mentoring, reverse("programme:my-mentoring"))


@frame.page_with_form
def remove_own_meeting(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A meeting taken back by the mentor."""
    rows = own_person(request).mentees.select_related("mentor", "enrolment__cohort__site")
    mentoring = get_object_or_404(rows.select_related("enrolment__person"), meetings=pk)
    meeting = mentoring.meetings.get(pk=pk)
    return _remove_meeting(request, meeting, reverse("programme:my-mentoring"))


def _remove_meeting(request: HttpRequest, meeting: MentorMeeting, back: str) -> HttpResponse:
    if request.method == "POST":
        actions.remove_meeting(meeting=meeting, by=request.user)
        messages.success(request, "The meeting is removed.")
        return redirect(back)
    person = meeting.mentoring.enrolment.person
    heading = f"Remove the meeting of {meeting.met_on.day} {meeting.met_on:%B %Y}?"
    text = f"With {person}. Do this only for a meeting that was recorded by mistake."
    return frame.confirm_page(request, heading, text, "Remove meeting", back=back, about=person)


def _meeting_form(request: HttpRequest, mentoring: Mentoring, back: str) -> HttpResponse:
    initial = {"met_on": timezone.localdate()}
    form = frame.filled_in(MeetingForm, request, initial=initial, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.log_meeting(mentoring=mentoring, by=request.user, **form.values)
            messages.success(request, "The meeting is saved.")
            return redirect(back)
    person = mentoring.enrolment.person
    heading = f"Add a meeting: {mentoring.mentor} and {person}"
    return frame.form_page(request, form, heading, back=back, about=person)
