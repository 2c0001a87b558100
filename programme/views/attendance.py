"""Attendance: a whole cohort in one grid, and the register of one session."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from programme.actions import attendance as actions
from programme.actions.saving import NotSaved
from programme.exports import download
from programme.forms.attendance import UNKNOWN, MarkForm, marks_of_register
from programme.models import Attendance, AttendanceState, Cohort, TrainingSession
from programme.views import frame

# The key that sets a state in the grid, and the letter shown for it.
LETTERS = {
    AttendanceState.ATTENDED: "A",
    AttendanceState.PART: "P",
    AttendanceState.APOLOGY: "S",
    AttendanceState.ABSENT: "N",
    AttendanceState.NOT_MARKED: "",
}
KEYS = [(letter, str(state.label), state.value) for state, letter in LETTERS.items() if letter]
ENDED = {"withdrew": "withdrew", "deferred": "deferred"}


class Trainee(NamedTuple):
    """Somebody in the cohort: a row of the grid, or of a register."""

    enrolment: uuid.UUID
    person: uuid.UUID
    account: uuid.UUID | None
    first_name: str
    last_name: str
    outcome: str
    outcome_on: dt.date | None

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def ended(self) -> str:
        """*withdrew*, for whom that is so."""
        return ENDED.get(self.outcome, "")


def _cohort(request: HttpRequest, pk: uuid.UUID) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)


def _trainees(cohort: Cohort) -> list[Trainee]:
    rows = cohort.enrolments.order_by("person__sort_name", "person__reference").values_list(
        "pk",
        "person",
        "person__user",
        "person__first_name",
        "person__last_name",
        "outcome",
        "outcome_on",
    )
    return [Trainee(*row) for row in rows]


@frame.may_record_training
@require_safe
def attendance(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Everybody in a cohort by every session; its script fills it in, without it each session has
    its register."""
    cohort = _cohort(request, pk)
    sessions, trainees = list(cohort.sessions.held()), _trainees(cohort)
    frame.note_looks(request, [(one.person, one.account) for one in trainees])
    marks = _marks(request, cohort)
    context = {
        "cohort": cohort,
        "sessions": sessions,
        "rows": [(one, _cells(one, sessions, marks)) for one in trainees],
        "keys": KEYS,
        "today": timezone.localdate(),
    }
    return render(request, "programme/attendance.html", context)


@frame.may_record_training
@require_safe
def attendance_file(request: HttpRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    """The grid with its states in words; everybody in the file has been looked at."""
    cohort = _cohort(request, pk)
    sessions, trainees = list(cohort.sessions.held()), _trainees(cohort)
    frame.note_looks(request, [(one.person, one.account) for one in trainees])
    marks = _marks(request, cohort)
    rows = ((one.first_name, one.last_name, *_states(one, sessions, marks)) for one in trainees)
    columns = ["First name", "Last name", *(str(session) for session in sessions)]
    return download(kind, "attendance", columns, rows)


def _states(trainee: Trainee, sessions: list[TrainingSession], marks: dict) -> Iterator[str]:
    found = (marks.get((trainee.enrolment, session.pk), ("", 0)) for session in sessions)
    return (str(AttendanceState(state).label) for state, _ in found)


def _marks(request: HttpRequest, cohort: Cohort) -> dict[tuple, tuple[str, int]]:
    """State and revision of every mark of a cohort, by enrolment and session."""
    rows = Attendance.objects.visible_to(request.user).filter(cohort=cohort)
    return {
        (enrolment, session): (state, revision)
        for enrolment, session, state, revision in rows.values_list(
            "enrolment", "session", "state", "revision"
        )
    }


def _cells(trainee: Trainee, sessions: list[TrainingSession], marks: dict) -> SafeString:
    """The cells of a row; with several hundred on a page, each is kept short."""
    found = (marks.get((trainee.enrolment, session.pk), ("", 0)) for session in sessions)
    return format_html_join(
        "", '<td data-v="{}">{}</td>', ((number, LETTERS[state]) for state, number in found)
    )


@frame.may_record_training
@require_POST
def mark(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """Save one cell: 200 with what is saved, 409 where somebody else changed it meanwhile, 400 with
    what is wrong."""
    cohort = _cohort(request, pk)
    form = MarkForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"problem": UNKNOWN}, status=400)
    try:
        marked = actions.mark(
            cohort=cohort,
            marks=[form.mark],
            by=request.user,
            at=timezone.now(),
            today=timezone.localdate(),
        )
    except NotSaved as refusal:
        return JsonResponse({"problem": str(refusal)}, status=400)
    [row] = marked.stale or marked.kept
    answer = {"letter": LETTERS[AttendanceState(row.state)], "revision": row.revision}
    if marked.stale:
        answer["by"] = row.marked_by.name if row.marked_by else ""
    return JsonResponse(answer, status=409 if marked.stale else 200)


# --- One session ----------------------------------------------------------------------------------


@frame.may_record_training
@frame.page_with_form
def register(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who was at one session: for phones, and for browsers without scripts."""
    sessions = TrainingSession.objects.visible_to(request.user).select_related("cohort__site")
    session = get_object_or_404(sessions, pk=pk)
    # Somebody else marks one's own attendance.
    trainees = [one for one in _trainees(session.cohort) if one.account != request.user.pk]
    typed: dict[uuid.UUID, str] = {}
    if request.method == "POST":
        marks = marks_of_register(request.POST, session.pk, [one.enrolment for one in trainees])
        if marks is None:
            messages.warning(request, UNKNOWN)
            return redirect("programme:register", pk)
        if "rest" in request.POST:
            marks = _rest_attended(marks, trainees)
        typed = {one.enrolment: one.state for one in marks}
        problem, stale = _save_register(request, session, marks)
        if not problem and not stale:
            messages.success(request, "The register is saved.")
            return redirect("programme:register", pk)
    else:
        problem, stale = "", {}
    frame.note_looks(request, [(one.person, one.account) for one in trainees])
    context = {
        "session": session,
        "rows": _register_rows(request, session, trainees, typed, stale),
        "states": AttendanceState.choices,
        "problem": problem,
        "stale": stale,
        "to_come": session.held_on > timezone.localdate(),
    }
    return render(request, "programme/register.html", context)


def _rest_attended(marks: list[actions.Mark], trainees: list[Trainee]) -> list[actions.Mark]:
    """The marks with everybody still in the cohort who has none as attended."""
    ended = {one.enrolment for one in trainees if one.ended}
    return [
        one if one.state or one.enrolment in ended else one._replace(state=AttendanceState.ATTENDED)
        for one in marks
    ]


def _save_register(
    request: HttpRequest, session: TrainingSession, marks: list[actions.Mark]
) -> tuple[str, dict[uuid.UUID, Attendance]]:
    """What is wrong with all of it, and the marks that somebody else changed meanwhile."""
    try:
        marked = actions.mark(
            cohort=session.cohort,
            marks=marks,
            by=request.user,
            at=timezone.now(),
            today=timezone.localdate(),
        )
    except NotSaved as refusal:
        return str(refusal), {}
    return "", {row.enrolment_id: row for row in marked.stale}


def _register_rows(
    request: HttpRequest,
    session: TrainingSession,
    trainees: list[Trainee],
    typed: dict[uuid.UUID, str],
    stale: dict[uuid.UUID, Attendance],
) -> list[tuple[Trainee, str, int, Attendance | None]]:
    """Each trainee with the state to show, its revision, and what somebody else saved instead."""
    rows = session.attendance.visible_to(request.user)
    marks = {
        key: (state, number)
        for key, state, number in rows.values_list("enrolment", "state", "revision")
    }
    return [
        (
            one,
            typed.get(one.enrolment, marks.get(one.enrolment, ("", 0))[0]),
            marks.get(one.enrolment, ("", 0))[1],
            stale.get(one.enrolment),
        )
        for one in trainees
    ]
