"""Answering a questionnaire: on one page or one question a page, kept as one goes on."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from programme.models import Person
from programme.views import frame
from questionnaires.definition import Definition, Item, questions, shown
from questionnaires.models import CHECK_IN, QuestionnaireVersion
from wellbeing.actions import checkins as actions
from wellbeing.asked import Occasion, asked_of, occasion_of, to_ask
from wellbeing.forms.checkins import CheckInForm
from wellbeing.models import CheckIn
from wellbeing.views.checkins import no_record, own_record

QUESTIONNAIRE = "wellbeing:new-of-questionnaire"


@frame.page_with_form
def check_in(request: HttpRequest, key: str = CHECK_IN) -> HttpResponse:
    """The questions on one page; what was typed before stands there again."""
    version = version_of(key)
    person = own_record(request)
    if person is None:
        return no_record(request)
    occasion = _occasion(request, person, version)
    if request.method != "POST" and occasion.is_finished:
        messages.info(request, "You have filled this in today. You can again tomorrow.")
        return redirect("wellbeing:check-in", occasion.begun.pk)
    begun = occasion.begun.answered if occasion.begun else {}
    form = _form(occasion, begun, request.POST if request.method == "POST" else None)
    elsewhere = False
    if form.is_valid():
        try:
            done = _finish(request, person, occasion, form.answers)
        except actions.FinishedAlready as there:
            messages.info(request, "You have finished this one already. Here it is.")
            return redirect("wellbeing:check-in", there.check_in.pk)
        except actions.AnsweredElsewhere as there:
            form, elsewhere = _form(occasion, there.answers), True
        else:
            return redirect("wellbeing:finished", done.pk)
    context = {
        "form": form,
        "occasion": occasion,
        "elsewhere": elsewhere,
        "asked": asked_of(person, timezone.now()) if key == CHECK_IN else None,
        "definition": occasion.version.definition,
        "first": not CheckIn.objects.visible_to(request.user).finished().exists(),
    }
    return render(request, "wellbeing/check_in_form.html", context)


def _form(
    occasion: Occasion,
    begun: dict,
    data: dict | None = None,
    *,
    only: str | None = None,
    submit: str = "Finish",
) -> CheckInForm:
    """The whole form, which is kept as one types; or one question, which is kept by its button."""
    key = occasion.version.questionnaire.key
    return CheckInForm(
        occasion.version.definition,
        data,
        answers=begun if data is None or only else None,
        occasion=occasion.day,
        read=actions.mark_of(begun),
        keep="" if only else reverse("wellbeing:keep-check-in", args=[key]),
        only=only,
        submit=submit,
    )


def _finish(request: HttpRequest, person: Person, occasion: Occasion, answers: dict) -> CheckIn:
    return actions.finish(
        person=person,
        by=request.user,
        version=occasion.version,
        occasion_on=occasion.day,
        answers=answers,
        read=request.POST.get("read", ""),
        at=timezone.now(),
        day=timezone.localdate(),
    )


def version_of(key: str) -> QuestionnaireVersion:
    """The newest version of a questionnaire that may be asked today, or 404."""
    return get_object_or_404(to_ask(timezone.localdate()), questionnaire__key=key)


def _occasion(request: HttpRequest, person: Person, version: QuestionnaireVersion) -> Occasion:
    """What is filled in now: what the page said it was, so that sent twice it is one."""
    is_own = version.questionnaire.key == CHECK_IN
    waits = asked_of(person, timezone.now()).waits if is_own else None
    found = occasion_of(person, version, waits, timezone.localdate())
    return _as_sent(request, person, found) if request.method == "POST" else found


def _as_sent(request: HttpRequest, person: Person, found: Occasion) -> Occasion:
    try:
        day = dt.date.fromisoformat(request.POST.get("occasion", ""))
    except ValueError:
        return found
    today = timezone.localdate()
    if day == found.day or not today - actions.UNFINISHED_KEPT <= day <= today:
        return found
    rows = CheckIn.objects.visible_to(request.user).filter(occasion_on=day, person=person)
    there = rows.filter(version__questionnaire=found.version.questionnaire_id)
    there = there.select_related("version__questionnaire").first()
    return Occasion(there.version if there else found.version, day, there)


@frame.page_with_form
def step(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One question a page, in the order in which they are shown; each is kept as one goes on."""
    version, person = version_of(key), own_record(request)
    if not 1 <= number <= len(questions(version.definition)):
        raise Http404
    if person is None:
        return no_record(request)
    occasion = _occasion(request, person, version)
    begun = occasion.begun.answered if occasion.begun else {}
    asked = _questions_shown(occasion.version.definition, begun)
    if occasion.is_finished or number > len(asked):
        return redirect(QUESTIONNAIRE, key)
    form = _form(
        occasion,
        begun,
        request.POST if request.method == "POST" else None,
        only=asked[number - 1].link_id,
        submit="Next",
    )
    if form.is_valid():
        try:
            _keep(request, person, occasion, form.answers)
        except actions.FinishedAlready:
            return redirect(QUESTIONNAIRE, key)
        after = _questions_shown(occasion.version.definition, form.answers)
        if number < len(after):
            return redirect("wellbeing:check-in-step", key, number + 1)
        return redirect(QUESTIONNAIRE, key)
    context = {"form": form, "number": number, "of": len(asked), "occasion": occasion, "key": key}
    return render(request, "wellbeing/check_in_step.html", context)


def _questions_shown(definition: Definition, answers: dict) -> list[Item]:
    """The questions whose conditions hold, in their order."""
    visible = shown(definition, answers)
    return [item for item in questions(definition) if item.link_id in visible]


@require_POST
def keep(request: HttpRequest, key: str) -> HttpResponse:
    """Keeps what is typed; the form goes on from it, on this device or another."""
    version = version_of(key)
    person = own_record(request)
    if person is None:
        return no_record(request)
    occasion = _occasion(request, person, version)
    definition, day = occasion.version.definition, occasion.day
    form = CheckInForm(definition, request.POST, draft=True, occasion=day)
    if not form.is_valid():
        return JsonResponse({"problem": "Not kept yet: see the page when you finish."}, status=400)
    if not form.answers and occasion.begun is None:
        return JsonResponse({})
    try:
        kept = _keep(request, person, occasion, form.answers)
    except actions.FinishedAlready:
        words = "You finished this one in another window."
        return JsonResponse({"problem": words, "stop": True}, status=409)
    mark = actions.mark_of(kept.answered)
    return JsonResponse({"saved": f"{timezone.localtime():%H:%M}", "problem": "", "read": mark})


def _keep(request: HttpRequest, person: Person, occasion: Occasion, answers: dict) -> CheckIn:
    return actions.keep(
        person=person,
        by=request.user,
        version=occasion.version,
        occasion_on=occasion.day,
        answers=answers,
        read=request.POST.get("read", ""),
        at=timezone.now(),
    )
