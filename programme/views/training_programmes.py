"""Training programmes, their versions, and what each version asks of a trainee."""

import uuid

from django.contrib import messages
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.actions import training_programmes as actions
from programme.actions.saving import NotSaved, require_site
from programme.exports import download
from programme.forms.training_programmes import ProgrammeForm, RequirementForm, VersionForm
from programme.models import ProgrammeVersion, Requirement, TrainingProgramme
from programme.permissions import covers_all_sites
from programme.views import frame


@frame.may_view_cohorts
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """Every training programme, with its newest published version."""
    context = {
        "page": frame.page_of(request, _programmes(request)),
        "may_change": covers_all_sites(request.user),
    }
    return render(request, "programme/programmes.html", context)


def _programmes(request: HttpRequest) -> QuerySet[TrainingProgramme]:
    rows = TrainingProgramme.objects.visible_to(request.user).annotate(
        published=Max("versions__number", filter=Q(versions__published_on__isnull=False)),
        cohorts=Count("versions__cohorts"),
    )
    return rows.order_by("name", "pk")


@frame.may_view_cohorts
@require_safe
def programmes_file(request: HttpRequest, kind: str) -> HttpResponse:
    columns = ["Name", "Newest published version", "Cohorts"]
    rows = _programmes(request).values_list("name", "published", "cohorts")
    return download(kind, "programmes", columns, rows.iterator())


def _programme(request: HttpRequest, pk: uuid.UUID) -> TrainingProgramme:
    return get_object_or_404(TrainingProgramme.objects.visible_to(request.user), pk=pk)


def _version(request: HttpRequest, pk: uuid.UUID) -> ProgrammeVersion:
    versions = ProgrammeVersion.objects.visible_to(request.user).select_related("programme")
    return get_object_or_404(versions, pk=pk)


@frame.may_view_cohorts
@require_safe
def programme(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _programme(request, pk)
    versions = found.versions.annotate(
        asked=Count("requirements", distinct=True), cohorts_count=Count("cohorts", distinct=True)
    )
    context = {
        "programme": found,
        "page": frame.page_of(request, versions.order_by("-number")),
        "may_change": covers_all_sites(request.user),
    }
    return render(request, "programme/programme.html", context)


@frame.may_change_people
@frame.page_with_form
def add_programme(request: HttpRequest) -> HttpResponse:
    require_site(request.user, None)
    back = reverse("programme:programmes")
    form = frame.filled_in(ProgrammeForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            made = actions.add_programme(by=request.user, **form.values)
            messages.success(request, f"{made} is saved. Add its first version next.")
            return redirect("programme:programme", made.pk)
    return frame.form_page(request, form, "Add a training programme", back=back)


@frame.may_change_people
@frame.page_with_form
def edit_programme(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    require_site(request.user, None)
    found = _programme(request, pk)
    back = reverse("programme:programme", args=[pk])
    form = frame.filled_in(ProgrammeForm, request, record=found, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_programme(
                programme=found, by=request.user, version=version, **form.values
            )
            messages.success(request, "The programme is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"Change {found}", back=back)


# --- Versions -------------------------------------------------------------------------------------


@frame.may_view_cohorts
@require_safe
def version(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What one version teaches and asks."""
    found = _version(request, pk)
    may_change = covers_all_sites(request.user) and not found.is_published
    context = {
        "version": found,
        "domains": found.domains.order_by("position"),
        "requirements": found.requirements.all(),
        "may_change": may_change,
    }
    return render(request, "programme/version.html", context)


@frame.may_change_people
@frame.page_with_form
def add_version(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    require_site(request.user, None)
    found = _programme(request, pk)
    back = reverse("programme:programme", args=[pk])
    latest = found.versions.order_by("-number").first()
    domains = latest.domains.values_list("pk", flat=True) if latest else ()
    initial = {"domains": list(domains), "hours": latest and latest.hours}
    form = frame.filled_in(VersionForm, request, cancel=back, initial=initial)
    if form.is_valid():
        with form.saving():
            domains = form.cleaned_data["domains"]
            made = actions.add_version(
                programme=found, by=request.user, domains=domains, **form.values
            )
            messages.success(request, f"{made} is a draft until you publish it.")
            return redirect("programme:version", made.pk)
    return frame.form_page(request, form, f"Add a version of {found}", back=back)


@frame.may_change_people
@frame.page_with_form
def edit_version(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    require_site(request.user, None)
    found = _version(request, pk)
    back = reverse("programme:version", args=[pk])
    initial = {"domains": list(found.domains.values_list("pk", flat=True))}
    form = frame.filled_in(VersionForm, request, record=found, cancel=back, initial=initial)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_version(
                draft=found,
                by=request.user,
                version=version,
                domains=form.cleaned_data["domains"],
                **form.values,
            )
            messages.success(request, "The version is saved.")
            return redirect(back)
    heading = f"Change version {found.number} of {found.programme}"
    return frame.form_page(request, form, heading, back=back)


@frame.may_change_people
@frame.page_with_form
def publish_version(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    require_site(request.user, None)
    found = _version(request, pk)
    back = reverse("programme:version", args=[pk])
    if request.method == "POST":
        try:
            actions.publish_version(draft=found, by=request.user, day=timezone.localdate())
            messages.success(request, "The version is published. Cohorts can follow it.")
        except NotSaved as refusal:
            messages.warning(request, str(refusal))
        return redirect(back)
    context = {
        "heading": f"Publish version {found.number} of {found.programme}?",
        "text": "Cohorts can then follow it. What it teaches and asks no longer changes: add a new "
        "version for that.",
        "button": "Publish version",
        "back": back,
    }
    return render(request, "programme/confirm.html", context)


# --- Requirements ---------------------------------------------------------------------------------


@frame.may_change_people
@frame.page_with_form
def add_requirement(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    require_site(request.user, None)
    found = _version(request, pk)
    back = reverse("programme:version", args=[pk])
    initial = {"position": found.requirements.count() + 1}
    form = frame.filled_in(RequirementForm, request, cancel=back, initial=initial)
    if form.is_valid():
        with form.saving():
            actions.add_requirement(draft=found, by=request.user, **form.values)
            messages.success(request, "The requirement is saved.")
            return redirect(back)
    return frame.form_page(request, form, "Add a requirement", back=back)


def _requirement(request: HttpRequest, pk: uuid.UUID) -> Requirement:
    return get_object_or_404(Requirement.objects.visible_to(request.user), pk=pk)


@frame.may_change_people
@frame.page_with_form
def edit_requirement(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    require_site(request.user, None)
    asked = _requirement(request, pk)
    back = reverse("programme:version", args=[asked.version_id])
    form = frame.filled_in(RequirementForm, request, record=asked, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_requirement(asked=asked, by=request.user, version=version, **form.values)
            messages.success(request, "The requirement is saved.")
            return redirect(back)
    remove = reverse("programme:remove-requirement", args=[pk])
    return frame.form_page(request, form, f"Change {asked}", back=back, remove=remove)


@frame.may_change_people
@frame.page_with_form
def remove_requirement(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    require_site(request.user, None)
    asked = _requirement(request, pk)
    back = reverse("programme:version", args=[asked.version_id])
    if request.method == "POST":
        try:
            actions.remove_requirement(asked=asked, by=request.user)
            messages.success(request, "The requirement is removed.")
        except NotSaved as refusal:
            messages.warning(request, str(refusal))
        return redirect(back)
    context = {
        "heading": f"Remove {asked}?",
        "text": "This version then no longer asks for it.",
        "button": "Remove requirement",
        "back": back,
    }
    return render(request, "programme/confirm.html", context)
