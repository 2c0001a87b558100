"""Pathways and their steps: every lead reads them, a lead of every site changes them."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.actions import pathways as actions
from programme.exports import download
from programme.forms.pathways import PathwayForm, StepForm
from programme.models import Pathway, PathwayStep, Spell
from programme.permissions import covers_all_sites
from programme.views import frame

COLUMNS = ["Pathway", "Step", "Role", "AfC band", "What it takes to enter", "What to aim for"]


def _require_all_sites(request: HttpRequest) -> None:
    if not covers_all_sites(request.user):
        raise PermissionDenied


@frame.may_view_posts
@require_safe
def pathways(request: HttpRequest) -> HttpResponse:
    rows = Pathway.objects.visible_to(request.user).annotate(steps_count=Count("steps"))
    page = frame.page_of(request, rows.order_by("name", "pk"))
    context = {"page": page, "may_change": covers_all_sites(request.user)}
    return render(request, "programme/pathways.html", context)


@frame.may_view_posts
@require_safe
def pathways_file(request: HttpRequest, kind: str) -> HttpResponse:
    """A row for each step; a pathway without one has a row of its own."""
    pathways = Pathway.objects.visible_to(request.user).order_by("name", "steps__position", "pk")
    steps = ("steps__position", "steps__role", "steps__band", "steps__criteria", "steps__goals")
    return download(kind, "pathways", COLUMNS, pathways.values_list("name", *steps).iterator())


@frame.may_view_posts
@require_safe
def pathway(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The steps of a pathway, and how many people in post stand on each."""
    pathway = get_object_or_404(Pathway.objects.visible_to(request.user), pk=pk)
    held = Spell.objects.visible_to(request.user).in_post_on(timezone.localdate())
    counts = held.filter(step__pathway=pathway).order_by().values_list("step")
    people = dict(counts.annotate(people=Count("person", distinct=True)))
    context = {
        "pathway": pathway,
        "steps": [(step, people.get(step.pk, 0)) for step in pathway.steps.all()],
        "may_change": covers_all_sites(request.user),
    }
    return render(request, "programme/pathway.html", context)


@frame.may_change_people
@frame.page_with_form
def add_pathway(request: HttpRequest) -> HttpResponse:
    _require_all_sites(request)
    back = reverse("programme:pathways")
    form = frame.filled_in(PathwayForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            pathway = actions.add_pathway(by=request.user, **form.values)
            messages.success(request, f"{pathway} is on the list of pathways.")
            return redirect("programme:pathway", pathway.pk)
    return frame.form_page(request, form, "Add a pathway", back=back)


@frame.may_change_people
@frame.page_with_form
def edit_pathway(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    _require_all_sites(request)
    pathway = get_object_or_404(Pathway.objects.visible_to(request.user), pk=pk)
    back = reverse("programme:pathway", args=[pk])
    form = frame.filled_in(PathwayForm, request, record=pathway, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_pathway(pathway=pathway, by=request.user, version=version, **form.values)
            messages.success(request, "The pathway is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"Change {pathway}", back=back)


@frame.may_change_people
@frame.page_with_form
def add_step(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    _require_all_sites(request)
    pathway = get_object_or_404(Pathway.objects.visible_to(request.user), pk=pk)
    back = reverse("programme:pathway", args=[pk])
    initial = {"position": pathway.steps.count() + 1}
    form = frame.filled_in(StepForm, request, cancel=back, initial=initial)
    if form.is_valid():
        with form.saving():
            actions.add_step(pathway=pathway, by=request.user, **form.values)
            messages.success(request, "The step is on the pathway.")
            return redirect(back)
    return frame.form_page(request, form, f"Add a step to {pathway}", back=back)


@frame.may_change_people
@frame.page_with_form
def edit_step(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    _require_all_sites(request)
    step = get_object_or_404(PathwayStep.objects.visible_to(request.user), pk=pk)
    back = reverse("programme:pathway", args=[step.pathway_id])
    form = frame.filled_in(StepForm, request, record=step, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_step(step=step, by=request.user, version=version, **form.values)
            messages.success(request, "The step is saved.")
            return redirect(back)
    remove = reverse("programme:remove-step", args=[pk])
    return frame.form_page(request, form, f"Change {step}", back=back, remove=remove)


@frame.may_change_people
@frame.page_with_form
def remove_step(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    _require_all_sites(request)
    step = get_object_or_404(PathwayStep.objects.visible_to(request.user), pk=pk)
    back = reverse("programme:pathway", args=[step.pathway_id])
    if request.method == "POST":
        actions.remove_step(step=step, by=request.user)
        messages.success(request, "The step is removed.")
        return redirect(back)
    heading = f"Remove the step {step}?"
    text = "People who stand on it keep their posts and are shown without a step."
    return frame.confirm_page(request, heading, text, "Remove step", back=back)
