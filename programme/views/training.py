"""Cohorts, who is in them, and places in them on the pages of a person."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import NamedTuple

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from programme.actions import training as actions
from programme.actions.saving import NotSaved, require_site
from programme.exports import download
from programme.filters import CohortsFilter, MembersFilter
from programme.forms.training import CohortForm, EnrolmentForm
from programme.models import Cohort, Outcome, Person
from programme.models.training import TAKES_PLACE, outcome_in_words
from programme.permissions import (
    covers_all_sites,
    may_change_at,
    may_change_people,
    may_view_people_at,
)
from programme.progress import mentor_coverage
from programme.retention import wilson
from programme.tally import Taken, Tally, tally
from programme.views import frame

COHORT_COLUMNS = [
    "Name",
    "Site",
    "First day",
    "Last day",
    "Started",
    "Completed",
    "In training",
    "Did not complete",
    "Not started yet",
]
ENROLMENT_COLUMNS = ["First name", "Last name", "First session", "Outcome", "Date of the outcome"]
ENROLMENT_COLUMNS_FOR_LEADS = ["Reference", "Reason"]


class Member(NamedTuple):
    """One row of a cohort: who is in it, and what came of it."""

    person: uuid.UUID
    account: uuid.UUID | None
    first_name: str
    last_name: str
    reference: str
    commenced_on: dt.date | None
    outcome: str
    outcome_on: dt.date | None
    reason: str | None
    employed: bool

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def on(self, day: dt.date) -> "Member":
        """The same row as it was on a day: what ended later had not ended then."""
        if self.outcome_on is None or self.outcome_on <= day:
            return self
        return self._replace(outcome=Outcome.ACTIVE, outcome_on=None, reason=None)

    @property
    def outcome_words(self) -> str:
        return outcome_in_words(self.outcome, self.commenced_on)


# --- Cohorts --------------------------------------------------------------------------------------


def _filtered(request: HttpRequest) -> CohortsFilter:
    return frame.filtered(CohortsFilter, request, Cohort.objects.visible_to(request.user))


def _counted_in(found: CohortsFilter) -> QuerySet[Cohort]:
    return found.qs.with_counts_on(found.day).select_related("site")


@frame.may_view_cohorts
@require_safe
def cohorts(request: HttpRequest) -> HttpResponse:
    """Every cohort the user may see, the newest first, today or as at a day before."""
    found = _filtered(request)
    page = frame.page_of(request, found.qs, counted=_counted_in(found))
    may_change = may_change_people(request.user)
    return frame.list_page(request, "programme/cohorts.html", found, page, may_change=may_change)


def _cohort(request: HttpRequest, pk: uuid.UUID) -> Cohort:
    cohorts = Cohort.objects.visible_to(request.user)
    cohorts = cohorts.select_related("site", "programme_version__programme")
    return get_object_or_404(cohorts, pk=pk)


def _cohort_rows(found: CohortsFilter) -> Iterator[tuple]:
    """Places that nobody had taken up have no day, so they are not counted for a past one."""
    return (
        (
            cohort.name,
            cohort.site.name if cohort.site else "",
            cohort.starts_on,
            cohort.ends_on,
            cohort.started,
            cohort.completed,
            cohort.in_training,
            cohort.did_not_complete,
            None if found.as_at else cohort.waiting,
        )
        for cohort in _counted_in(found).iterator()
    )


@frame.may_view_cohorts
@require_safe
def cohorts_file(request: HttpRequest, kind: str) -> HttpResponse:
    found = _filtered(request)
    return download(kind, "cohorts", COHORT_COLUMNS, _cohort_rows(found), as_at=found.as_at)


@frame.may_change_people
@frame.page_with_form
def add_cohort(request: HttpRequest) -> HttpResponse:
    back = reverse("programme:cohorts")
    form = frame.filled_in(CohortForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            cohort = actions.add_cohort(by=request.user, **form.values)
            messages.success(request, f"{cohort} is on the list of cohorts.")
            return redirect("programme:cohort", cohort.pk)
    return frame.form_page(request, form, "Add a cohort", back=back)


@frame.may_change_people
@frame.page_with_form
def edit_cohort(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = _cohort(request, pk)
    require_site(request.user, cohort.site)
    back = reverse("programme:cohort", args=[pk])
    form = frame.filled_in(CohortForm, request, record=cohort, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_cohort(cohort=cohort, by=request.user, version=version, **form.values)
            messages.success(request, "The cohort is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"Change {cohort}", back=back)


@frame.may_view_cohorts
@require_safe
def cohort(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A cohort: how it went, and who is in it, today or as at a day before; a trainer there reads
    names, without links."""
    cohort = _cohort(request, pk)
    found = _found_members(request, cohort)
    members = _members(found)
    page = frame.page_of(request, members)
    frame.note_looks(request, [(member.person, member.account) for member in page])
    leads = may_view_people_at(request.user, cohort.site_id)
    counted = _counted(members, found.day)
    context = {
        "cohort": cohort,
        "counted": counted,
        "funnel": _funnel(counted, leads=leads),
        "linked": _linked(request, [member.person for member in page]) if leads else set(),
        "places_taken": sum(member.outcome in TAKES_PLACE for member in members),
        "may_view_people": leads,
        "coverage": mentor_coverage(cohort),
        "may_change": may_change_at(request.user, cohort.site_id),
    }
    return frame.day_page(request, "programme/cohort.html", found, page, **context)


def _counted(members: list[Member], day: dt.date) -> Tally:
    places = (Taken(row.commenced_on, row.outcome, row.outcome_on, row.employed) for row in members)
    return tally(places, day)


def _found_members(request: HttpRequest, cohort: Cohort) -> MembersFilter:
    return frame.filtered(MembersFilter, request, cohort.enrolments.all())


def _members(found: MembersFilter) -> list[Member]:
    """Everybody in a cohort as they were on the day asked for, by name."""
    enrolments = found.qs.with_employed_by(found.day, found.request.user)
    rows = enrolments.order_by("person__sort_name", "person__reference").values_list(
        "person",
        "person__user",
        "person__first_name",
        "person__last_name",
        "person__reference",
        "commenced_on",
        "outcome",
        "outcome_on",
        "outcome_reason__name",
        "employed",
    )
    return [Member(*row).on(found.day) for row in rows]


def _linked(request: HttpRequest, people: list[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the people listed whose own page the user may open."""
    if covers_all_sites(request.user):
        return set(people)
    visible = Person.objects.visible_to(request.user).filter(pk__in=people)
    return set(visible.values_list("pk", flat=True))


def _funnel(counted: Tally, *, leads: bool) -> list[dict]:
    """From starting to, for leads, being employed; each as a part of those who started."""
    stages = [("Started training", counted.started), ("Completed", counted.completed)]
    if leads:
        stages.append(("Employed since they started", counted.employed))
    return [
        {"stage": stage, "people": people, "percent": _percent(people, counted.started)}
        for stage, people in stages
    ]


def _percent(part: int, whole: int) -> str:
    """A share in per cent with its 95 % Wilson interval."""
    share, low, high = wilson(part, whole)
    if share is None:
        return "Not applicable"
    return f"{share:.1%} ({low * 100:.1f} to {high * 100:.1f})"


def _enrolment_columns(request: HttpRequest, cohort: Cohort) -> list[str]:
    if may_view_people_at(request.user, cohort.site_id):
        return [*ENROLMENT_COLUMNS, *ENROLMENT_COLUMNS_FOR_LEADS]
    return ENROLMENT_COLUMNS


def _enrolment_rows(members: list[Member], width: int) -> Iterator[tuple]:
    return (
        (
            member.first_name,
            member.last_name,
            member.commenced_on,
            member.outcome_words,
            member.outcome_on,
            member.reference,
            member.reason or "",
        )[:width]
        for member in members
    )


@frame.may_view_cohorts
@require_safe
def cohort_file(request: HttpRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    cohort = _cohort(request, pk)
    found = _found_members(request, cohort)
    members = _members(found)
    frame.note_looks(request, [(member.person, member.account) for member in members])
    columns = _enrolment_columns(request, cohort)
    rows = _enrolment_rows(members, len(columns))
    return download(kind, "cohort", columns, rows, as_at=found.as_at)


# --- Places in a cohort ---------------------------------------------------------------------------


@frame.may_change_people
@frame.page_with_form
def add_enrolment(request: HttpRequest, person_pk: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=person_pk)
    back = reverse("programme:person", args=[person_pk])
    form = frame.filled_in(EnrolmentForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            later = form.cleaned_data["later_cohort"]
            actions.enrol(person=person, by=request.user, later_cohort=later, **form.values)
            messages.success(request, "The training is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"Add training for {person}", back=back, about=person)


@frame.may_change_people
@frame.page_with_form
def edit_enrolment(request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=person_pk)
    enrolments = person.enrolments.visible_to(request.user)
    enrolment = get_object_or_404(
        enrolments.select_related("cohort__site", "next_enrolment"), pk=pk
    )
    back = reverse("programme:person", args=[person_pk])
    form = frame.filled_in(EnrolmentForm, request, record=enrolment, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.change_enrolment(
                enrolment=enrolment,
                by=request.user,
                version=form.cleaned_data["version"],
                later_cohort=form.cleaned_data.get("later_cohort", actions.AS_IT_IS),
                **form.values,
            )
            messages.success(request, "The training is saved.")
            return redirect(back)
    remove = reverse("programme:remove-enrolment", args=[person_pk, pk])
    heading = f"Change training: {person}"
    return frame.form_page(request, form, heading, back=back, remove=remove, about=person)


@frame.may_change_people
@frame.page_with_form
def remove_enrolment(request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=person_pk)
    enrolments = person.enrolments.visible_to(request.user).select_related("cohort")
    enrolment = get_object_or_404(enrolments, pk=pk)
    back = reverse("programme:person", args=[person_pk])
    if request.method == "POST":
        try:
            actions.remove_enrolment(enrolment=enrolment, by=request.user)
            messages.success(request, "The training is removed.")
        except NotSaved as refusal:
            messages.warning(request, str(refusal))
        return redirect(back)
    heading = f"Remove {person} from {enrolment.cohort}?"
    text = (
        "Do this only for training that was recorded by mistake: the attendance and the results "
        "recorded for it go with it. Somebody who withdrew stays in the cohort, with the day they "
        "withdrew."
    )
    return frame.confirm_page(request, heading, text, "Remove training", back=back, about=person)
