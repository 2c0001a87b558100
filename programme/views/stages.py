"""The stages of a round, and the templates that rounds begin from, for leads."""

import uuid

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from programme.actions import rounds as actions
from programme.exports import download
from programme.forms.rounds import BETWEEN, StageForm, TemplateForm, TemplateStageForm
from programme.models import RoundStage, StageTemplate, TemplateStage
from programme.permissions import may_change_at
from programme.views import frame
from programme.views.rounds import removed, the_round

TEMPLATE_COLUMNS = ["Template", "Site", "Position", "Stage", "Kind"]


@frame.may_change_recruitment
@frame.page_with_form
def add_stage(request: HttpRequest, round_pk: uuid.UUID) -> HttpResponse:
    owner = the_round(request, round_pk)
    back = reverse("programme:round", args=[round_pk])
    form = frame.filled_in(StageForm, request, siblings=owner.stages.all(), cancel=back)
    return _add(request, form, RoundStage(round=owner), f"Add a stage: {owner}", back)


@frame.may_change_recruitment
@frame.page_with_form
def edit_stage(request: HttpRequest, round_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    owner = the_round(request, round_pk)
    stage = get_object_or_404(owner.stages, pk=pk)
    back = reverse("programme:round", args=[round_pk])
    form = frame.filled_in(
        StageForm, request, siblings=owner.stages.all(), record=stage, cancel=back
    )
    remove = reverse("programme:remove-stage", args=[round_pk, pk])
    return _edit(request, form, stage, back, remove)


@frame.may_change_recruitment
@frame.page_with_form
def remove_stage(request: HttpRequest, round_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    owner = the_round(request, round_pk)
    stage = get_object_or_404(owner.stages, pk=pk)
    return _remove(request, stage, reverse("programme:round", args=[round_pk]))


# --- Templates ------------------------------------------------------------------------------------


@frame.may_view_recruitment
@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """The templates that rounds begin from: those for every site, and the lead's own."""
    page = frame.page_of(request, _templates(request))
    return render(request, "programme/recruitment/templates.html", {"page": page})


def _templates(request: HttpRequest) -> QuerySet[StageTemplate]:
    found = StageTemplate.objects.visible_to(request.user).select_related("site")
    return found.prefetch_related("stages")


@frame.may_view_recruitment
@require_safe
def templates_file(request: HttpRequest, kind: str) -> HttpResponse:
    """A row for each stage of each template, in order."""
    rows = (
        (
            template.name,
            template.site.name if template.site else "Every site",
            number,
            stage.name,
            stage.get_kind_display(),
        )
        for template in _templates(request)
        for number, stage in enumerate(template.stages.all(), 1)
    )
    return download(kind, "stage-templates", TEMPLATE_COLUMNS, rows)


def _template(request: HttpRequest, pk: uuid.UUID) -> StageTemplate:
    found = StageTemplate.objects.visible_to(request.user).select_related("site")
    return get_object_or_404(found, pk=pk)


def _own_template(request: HttpRequest, pk: uuid.UUID) -> StageTemplate:
    """A template that this lead may change: one for every site is for leads of all."""
    found = StageTemplate.objects.visible_to(request.user).changeable_by(request.user)
    return get_object_or_404(found.select_related("site"), pk=pk)


@frame.may_view_recruitment
@require_safe
def template(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    shown = _template(request, pk)
    context = {
        "template": shown,
        "stages": shown.stages.all(),
        "may_change": may_change_at(request.user, shown.site_id),
    }
    return render(request, "programme/recruitment/template.html", context)


@frame.may_change_recruitment
@frame.page_with_form
def add_template(request: HttpRequest) -> HttpResponse:
    back = reverse("programme:stage-templates")
    form = frame.filled_in(TemplateForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            made = actions.add_template(by=request.user, **form.values)
            messages.success(request, "The template is saved. Add the stages between.")
            return redirect("programme:stage-template", pk=made.pk)
    return frame.form_page(request, form, "Add a template", back=back)


@frame.may_change_recruitment
@frame.page_with_form
def edit_template(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    shown = _own_template(request, pk)
    back = reverse("programme:stage-template", args=[pk])
    form = frame.filled_in(TemplateForm, request, record=shown, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_template(template=shown, by=request.user, version=version, **form.values)
            messages.success(request, "The template is saved.")
            return redirect(back)
    return frame.form_page(request, form, f"Change {shown}", back=back)


@frame.may_change_recruitment
@frame.page_with_form
def add_template_stage(request: HttpRequest, template_pk: uuid.UUID) -> HttpResponse:
    owner = _own_template(request, template_pk)
    back = reverse("programme:stage-template", args=[template_pk])
    form = frame.filled_in(TemplateStageForm, request, siblings=owner.stages.all(), cancel=back)
    return _add(request, form, TemplateStage(template=owner), f"Add a stage: {owner}", back)


@frame.may_change_recruitment
@frame.page_with_form
def edit_template_stage(
    request: HttpRequest, template_pk: uuid.UUID, pk: uuid.UUID
) -> HttpResponse:
    owner = _own_template(request, template_pk)
    stage = get_object_or_404(owner.stages, pk=pk)
    back = reverse("programme:stage-template", args=[template_pk])
    form = frame.filled_in(
        TemplateStageForm, request, siblings=owner.stages.all(), record=stage, cancel=back
    )
    remove = reverse("programme:remove-template-stage", args=[template_pk, pk])
    return _edit(request, form, stage, back, remove)


@frame.may_change_recruitment
@frame.page_with_form
def remove_template_stage(
    request: HttpRequest, template_pk: uuid.UUID, pk: uuid.UUID
) -> HttpResponse:
    owner = _own_template(request, template_pk)
    stage = get_object_or_404(owner.stages, pk=pk)
    return _remove(request, stage, reverse("programme:stage-template", args=[template_pk]))


# --- What a stage of a round and one of a template share ------------------------------------------


def _add(request: HttpRequest, form, new, heading: str, back: str) -> HttpResponse:
    if form.is_valid():
        with form.saving():
            values = form.values
            after = values.pop("after")
            for name, value in values.items():
                setattr(new, name, value)
            actions.add_in_order(new=new, by=request.user, after=after)
            messages.success(request, "The stage is saved.")
            return redirect(back)
    return frame.form_page(request, form, heading, back=back)


def _edit(request: HttpRequest, form, stage, back: str, remove: str) -> HttpResponse:
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            values = {"after": None} | form.values
            actions.change_in_order(changed=stage, by=request.user, version=version, **values)
            messages.success(request, "The stage is saved.")
            return redirect(back)
    remove = remove if stage.kind in BETWEEN else ""
    return frame.form_page(request, form, f"Change a stage: {stage}", back=back, remove=remove)


def _remove(request: HttpRequest, stage, back: str) -> HttpResponse:
    if request.method == "POST":
        return removed(request, stage, "The stage is removed.", back)
    context = {
        "heading": f"Remove the stage {stage}?",
        "text": "Applicants who stand at it have to be moved first.",
        "button": "Remove stage",
        "back": back,
    }
    return render(request, "programme/confirm.html", context)
