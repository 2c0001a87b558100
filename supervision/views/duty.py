"""Whom a supervisor supervises, and what leads know of supervision: dates, kinds and statuses."""

from collections.abc import Iterator

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.roles import VIEW_SUPERVISION_DUTY
from programme.exports import download
from programme.views import frame
from supervision import delivery
from supervision.delivery import Unassigned
from supervision.duty import SHOWN, Duty, duties, supervised_by, to_sign, unsettled, unsettled_in
from supervision.filters import DutyFilter

may_view_duty = permission_required(VIEW_SUPERVISION_DUTY, raise_exception=True)

COLUMNS = [
    "Reference",
    "First name",
    "Last name",
    "Kind",
    "Supervisor",
    "Team",
    "Site",
    "Last session",
    "Due",
    "In time until",
    "Days late",
    "Planned",
]
UNASSIGNED_COLUMNS = [name for name in COLUMNS if name not in {"Supervisor", "Planned"}]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A row for each person whom the user supervises today, whatever roles they hold."""
    today, now = timezone.localdate(), timezone.now()
    found = supervised_by(request.user, today)
    page = frame.page_of(request, found.people)
    frame.note_looks(request, [(row.person.pk, row.person.user_id) for row in page])
    past = [*found.kept, *found.lately]
    frame.note_looks(request, {(row.person_id, row.person.user_id) for row in past})
    context = {
        "page": page,
        "open": unsettled(found.duties, now),
        "to_sign": to_sign(found.duties, request.user),
        "kept": found.kept,
        "lately": found.lately,
        "unsettled": unsettled_in([agreement.pk for agreement in found.lately], now),
    }
    return render(request, "supervision/home.html", context)


# --- Leads ----------------------------------------------------------------------------------------


def _filtered(request: HttpRequest) -> DutyFilter:
    return DutyFilter(request.GET, request=request, today=timezone.localdate())


@may_view_duty
@require_safe
def duty(request: HttpRequest) -> HttpResponse:
    """Open agreements, the most overdue first, 25 a page."""
    asked = _filtered(request)
    rows = delivery.due_agreements(request.user, asked.day, asked.wanted)
    by_kind = delivery.late_by_kind(rows, asked.day)
    shown = rows.select_related("person").only(*SHOWN)
    page = frame.page_of(request, shown, total=sum(everything for _, _, everything in by_kind))
    found = duties(page.object_list, asked.day)
    _note(request, [row.agreement.person for row in found])
    return frame.list_page(
        request,
        "supervision/duty.html",
        asked,
        page,
        rows=found,
        by_kind=by_kind,
        **_shown(request, asked),
    )


def _shown(request: HttpRequest, asked: DutyFilter) -> dict:
    """What both lists are drawn with. The address of a person's page is that of all with the id
    after it: made for each row it would cost more than the row."""
    people = f"{reverse('supervision:home')}people/"
    return {"show_filters": asked.chosen or "filters" in request.GET, "people_url": people}


def _note(request: HttpRequest, people) -> None:
    frame.note_looks(request, {(person.pk, person.user_id) for person in people})


@may_view_duty
@require_safe
def duty_file(request: HttpRequest, kind: str) -> HttpResponse:
    asked = _filtered(request)
    rows = delivery.due_agreements(request.user, asked.day, asked.wanted)
    frame.note_looks(request, set(rows.order_by().values_list("person", "person__user")))
    found = delivery.all_duties(rows, asked.day)
    return download(kind, "supervision", COLUMNS, map(_row, found))


def _row(duty: Duty) -> tuple:
    agreement = duty.agreement
    return (
        agreement.person.reference,
        agreement.person.first_name,
        agreement.person.last_name,
        duty.facts.kind,
        duty.facts.supervisor,
        duty.facts.team,
        duty.facts.site,
        duty.last_of_kind_on,
        duty.due.due_on,
        duty.due.in_time_until,
        duty.days_late,
        duty.planned_on,
    )


@may_view_duty
@require_safe
def unassigned(request: HttpRequest) -> HttpResponse:
    """Who is owed a kind of supervision that nobody has agreed to give them."""
    asked = _filtered(request)
    owed = delivery.unassigned(request.user, asked.day, asked.wanted)
    page = frame.page_of(request, owed)
    found = delivery.unassigned_rows(page.object_list, asked.day)
    _note(request, [row.person for row in found])
    shown = _shown(request, asked)
    return frame.list_page(request, "supervision/unassigned.html", asked, page, rows=found, **shown)


@may_view_duty
@require_safe
def unassigned_file(request: HttpRequest, kind: str) -> HttpResponse:
    asked = _filtered(request)
    owed = delivery.unassigned(request.user, asked.day, asked.wanted)
    rows = list(delivery.all_unassigned(owed, asked.day))
    _note(request, [row.person for row in rows])
    return download(kind, "supervision-unassigned", UNASSIGNED_COLUMNS, _unassigned_cells(rows))


def _unassigned_cells(rows: list[Unassigned]) -> Iterator[tuple]:
    for row in rows:
        yield (
            row.person.reference,
            row.person.first_name,
            row.person.last_name,
            row.kind.name,
            row.place.team,
            row.place.site,
            row.last_on,
            row.due.due_on,
            row.due.in_time_until,
            row.days_late,
        )
