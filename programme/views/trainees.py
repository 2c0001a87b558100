"""Finds the cohort and the trainee that an address names, for the pages about both."""

import uuid

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from programme.models import Cohort, Enrolment
from programme.models.training import TAKES_PLACE


def cohort_of(request: HttpRequest, pk: uuid.UUID) -> Cohort:
    """A cohort that the user may see, or 404."""
    cohorts = Cohort.objects.visible_to(request.user)
    cohorts = cohorts.select_related("site", "programme_version__programme")
    return get_object_or_404(cohorts, pk=pk)


def trainees_of(cohort: Cohort) -> QuerySet[Enrolment]:
    """Who is in a cohort or has completed it, by name; who left is not among them."""
    enrolments = cohort.enrolments.filter(outcome__in=TAKES_PLACE)
    return enrolments.select_related("person").order_by("person__sort_name", "pk")


def trainee_of(cohort: Cohort, pk: uuid.UUID) -> Enrolment:
    """One place in a cohort, whatever came of it, or 404."""
    enrolment = get_object_or_404(cohort.enrolments.select_related("person"), pk=pk)
    enrolment.cohort = cohort
    return enrolment
