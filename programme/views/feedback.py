"""Feedback on sessions: given by who was there, read by staff together only."""

import uuid
from collections import defaultdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.actions import feedback as actions
from programme.feedback import DAYS_OPEN, FEWEST_PEOPLE, Answer, summary
from programme.forms.my_training import FeedbackForm
from programme.models import Attendance, Cohort, SessionFeedback
from programme.views import frame
from programme.views.my_training import own_person
from programme.views.trainees import cohort_of


@frame.page_with_form
def give_feedback(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Two questions about a session at which one was."""
    marks = Attendance.objects.of_person(own_person(request)).present()
    attendance = get_object_or_404(marks.select_related("session", "enrolment__person"), pk=pk)
    back = reverse("programme:my-training-in", args=[attendance.enrolment_id])
    form = frame.filled_in(FeedbackForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            today = timezone.localdate()
            actions.give(attendance=attendance, by=request.user, today=today, **form.values)
            messages.success(request, "Thank you. Your feedback is sent without your name.")
            return redirect(back)
    context = {
        "form": form,
        "heading": f"Feedback on “{attendance.session.topic}”",
        "back": back,
        "fewest": FEWEST_PEOPLE,
    }
    return render(request, "programme/give_feedback.html", context)


@frame.may_view_cohorts
@require_safe
def feedback(request: HttpRequest, cohort_pk: uuid.UUID) -> HttpResponse:
    """Feedback on the sessions of a cohort, each of at least ten people together."""
    cohort = cohort_of(request, cohort_pk)
    sessions = cohort.sessions.held().by(timezone.localdate())
    page = frame.page_of(request, sessions)
    answers = _answers(request, cohort)
    today = timezone.localdate()
    rows = [(one, summary(one.held_on, answers[one.pk], today)) for one in page]
    context = {
        "cohort": cohort,
        "page": page,
        "rows": rows,
        "fewest": FEWEST_PEOPLE,
        "days": DAYS_OPEN,
    }
    return render(request, "programme/feedback.html", context)


def _answers(request: HttpRequest, cohort: Cohort) -> dict[uuid.UUID, list[Answer]]:
    found = defaultdict(list)
    rows = SessionFeedback.objects.visible_to(request.user).filter(session__cohort=cohort)
    for session, *answer in rows.values_list("session", "useful", "able_to_take_part", "comment"):
        found[session].append(Answer(*answer))
    return found
