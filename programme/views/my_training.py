"""What trainees see of their own training, made for a phone first."""

import datetime as dt
import uuid
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from programme.certificate import certificate_pdf
from programme.feedback import is_open
from programme.models import Attendance, Completion, Enrolment, Person, TrainingSession
from programme.models.training_sessions import PRESENT
from programme.progress import parts_of, standings_of
from programme.requirements import in_words


class Sat(NamedTuple):
    """A session of one's cohort, one's own mark at it if there is one, and whether one may give
    feedback on it now."""

    session: TrainingSession
    mark: Attendance | None
    asks: bool


def own_person(request: HttpRequest) -> Person:
    """The record linked to the account, or 404."""
    if person := getattr(request.user, "person", None):
        return person
    raise Http404


def own_places(person: Person) -> QuerySet[Enrolment]:
    """Every place that somebody has or had in a cohort, the latest first."""
    places = person.enrolments.select_related(
        "person",
        "cohort__programme_version__programme",
        "completion__confirmed_by",
        "outcome_reason",
    )
    return places.order_by("-cohort__starts_on", "-commenced_on", "pk")


@require_safe
def my_training(request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
    """One's own training: the latest, or the one that the address names."""
    person = getattr(request.user, "person", None)
    if person is None and pk is None:
        return render(request, "programme/no_record.html")
    places = list(own_places(own_person(request)))
    place = next((row for row in places if pk in {None, row.pk}), None)
    if place is None and pk is not None:
        raise Http404
    if place is None:
        return render(request, "programme/my_training.html", {"place": None})
    today = timezone.localdate()
    found = standings_of(place.cohort, [place], today)[place.pk]
    context = {
        "place": place,
        "cohort": place.cohort,
        "others": [other for other in places if other != place],
        "completion": getattr(place, "completion", None),
        "sessions": _sessions(place, today),
        "parts": parts_of(place, found),
        "words": in_words(found),
        "mentoring": place.mentoring.select_related("mentor").prefetch_related("meetings"),
    }
    return render(request, "programme/my_training.html", context)


def _sessions(place: Enrolment, today: dt.date) -> list[Sat]:
    """The sessions of the cohort in their order, with the trainee's own marks."""
    rows = place.attendance.exclude(state="").select_related("feedback")
    marks = {mark.session_id: mark for mark in rows}
    return [
        Sat(session, marks.get(session.pk), _asks(session, marks.get(session.pk), today))
        for session in place.cohort.sessions.all()
    ]


def _asks(session: TrainingSession, mark: Attendance | None, today: dt.date) -> bool:
    there = mark is not None and mark.state in PRESENT and not hasattr(mark, "feedback")
    return there and not session.cancelled_on and is_open(session.held_on, today)


@require_safe
def my_certificate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    place = get_object_or_404(own_places(own_person(request)), pk=pk)
    if not hasattr(place, "completion"):
        raise Http404
    return pdf_of(place.completion)


def pdf_of(completion: Completion) -> HttpResponse:
    """A certificate as a download."""
    pdf = certificate_pdf(completion, issuer=settings.ORGANISATION_NAME)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, "certificate.pdf")
    return response
