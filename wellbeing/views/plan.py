"""A worker's own wellness plan: writing it, letting parts of it be read, and a copy on paper."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from design.pdf import write_pdf
from programme.views import frame
from wellbeing.actions import plan as actions
from wellbeing.forms.plan import CopyForm, ReviewForm, SectionForm, ShareForm
from wellbeing.models import PlanDraft, PlanSection, PlanShare, WellnessPlan
from wellbeing.plans import adjustments_of, no_longer_colleagues, on_paper

PLAN = "wellbeing:plan"


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """One's own plan; before it is begun, who may ever read it."""
    person = getattr(request.user, "person", None)
    if person is None:
        return render(request, "programme/no_record.html")
    found = WellnessPlan.objects.visible_to(request.user).first()
    if found is None:
        return render(request, "wellbeing/plan/begin.html")
    today = timezone.localdate()
    shares = list(found.shares.select_related("reader").prefetch_related("sections"))
    context = {
        "plan": found,
        "sections": list(found.sections.all()),
        "typed": set(PlanDraft.objects.visible_to(request.user).values_list("pk", flat=True)),
        "shares": shares,
        "gone": no_longer_colleagues(person, shares, today),
        "today": today,
        "adjustments": adjustments_of(person).count(),
    }
    return render(request, "wellbeing/plan/plan.html", context)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    person = getattr(request.user, "person", None)
    if person is None:
        return render(request, "programme/no_record.html")
    actions.begin(person=person, by=request.user)
    return redirect(PLAN)


def _own(request: HttpRequest, pk: uuid.UUID) -> WellnessPlan:
    rows = WellnessPlan.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("person"), pk=pk)


@frame.page_with_form
def section(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write under one heading; what was typed there last and not saved stands there again."""
    found, back = _own_section(request, pk), reverse(PLAN)
    draft = PlanDraft.objects.visible_to(request.user).filter(section=found).first()
    typed = {"initial": {"words": draft.words}} if draft else {}
    form = frame.filled_in(SectionForm, request, record=found, cancel=back, **typed)
    form.helper.attrs = {"data-autosave": reverse("wellbeing:keep-plan-section", args=[pk])}
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.write(section=found, by=request.user, version=version, **form.values)
            messages.success(request, "Saved.")
            return redirect(f"{back}#{found.heading}")
    readers = found.shares.filter(until__gte=timezone.localdate()).select_related("reader")
    context = {"form": form, "back": back, "heading": str(found), "readers": readers}
    context |= {"draft": draft, "section": found}
    return render(request, "wellbeing/plan/section.html", context)


def _own_section(request: HttpRequest, pk: uuid.UUID) -> PlanSection:
    rows = PlanSection.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("plan__person"), pk=pk)


@require_POST
def keep_section(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Keeps what is typed under one heading until it is saved."""
    found = _own_section(request, pk)
    form = frame.filled_in(SectionForm, request, record=found)
    if not form.is_valid():
        return JsonResponse({"problem": "Not kept yet: see the page when you save."}, status=400)
    act = {"section": found, "by": request.user, "at": timezone.now()}
    if actions.keep_typed(**act, words=form.values["words"]) is None:
        return JsonResponse({})
    return JsonResponse({"saved": f"{timezone.localtime():%H:%M}", "problem": ""})


@require_POST
def forget_typed(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _own_section(request, pk)
    actions.forget_typed(section=found, by=request.user)
    messages.success(request, "Deleted. What was saved before stays as it is.")
    return redirect("wellbeing:plan-section", pk)


@frame.page_with_form
def review(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found, back = _own(request, pk), reverse(PLAN)
    form = frame.filled_in(ReviewForm, request, record=found, cancel=back)
    if form.is_valid():
        with form.saving():
            values = {"version": form.cleaned_data["version"], "day": form.values["review_on"]}
            actions.review_on(plan=found, by=request.user, **values)
            messages.success(request, "Saved.")
            return redirect(back)
    return frame.form_page(request, form, "Look at it again", back=back)


@frame.page_with_form
def throw_away(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found, back = _own(request, pk), reverse(PLAN)
    if request.method == "POST":
        actions.throw_away(plan=found, by=request.user)
        messages.success(request, "Deleted. Nothing is kept of it, and nobody can read it.")
        return redirect(back)
    text = "Every part is deleted for good, and whoever could read some of it no longer can."
    return frame.confirm_page(request, "Delete your plan?", text, "Delete plan", back=back)


# --- Who reads it ---------------------------------------------------------------------------------


@frame.page_with_form
def share(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let one person read some parts until a day."""
    return _share(request, _own(request, pk), None)


@frame.page_with_form
def change_share(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    shared = _own_share(request, pk)
    return _share(request, shared.plan, shared)


def _share(request: HttpRequest, found: WellnessPlan, shared: PlanShare | None) -> HttpResponse:
    back = reverse(PLAN)
    form = frame.filled_in(ShareForm, request, plan=found, record=shared, cancel=back)
    if form.is_valid():
        with form.saving():
            act = {"plan": found, "by": request.user, "day": timezone.localdate()}
            reader = {"reader": shared.reader} if shared else {}
            actions.share(**act, **reader, **form.values)
            messages.success(request, "They can read it until the day you chose.")
            return redirect(back)
    heading = f"What {shared.reader} can read" if shared else "Let somebody read parts of it"
    intro = "They read these parts and nothing else. You see each time they open it."
    return frame.form_page(request, form, heading, back=back, intro=intro)


def _own_share(request: HttpRequest, pk: uuid.UUID) -> PlanShare:
    rows = PlanShare.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("plan__person", "reader"), pk=pk)


@frame.page_with_form
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    shared, back = _own_share(request, pk), reverse(PLAN)
    if request.method == "POST":
        actions.take_back(share=shared, by=request.user)
        messages.success(request, "They can no longer read it.")
        return redirect(back)
    text = f"From this moment {shared.reader} reads none of it."
    return frame.confirm_page(request, "Take this back?", text, "Take it back", back=back)


# --- On paper -------------------------------------------------------------------------------------


@frame.page_with_form
def copy(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The chosen parts as a document to print or to keep."""
    found, back = _own(request, pk), reverse(PLAN)
    form = frame.filled_in(CopyForm, request, plan=found, cancel=back)
    if form.is_valid():
        pdf = write_pdf(on_paper(found, day=timezone.localdate(), **form.values))
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = content_disposition_header(True, "wellness-plan.pdf")
        return response
    intro = "An accessible PDF with the parts you choose. It is yours to give to whom you like."
    return frame.form_page(request, form, "A copy to print or keep", back=back, intro=intro)
