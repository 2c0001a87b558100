"""Answering a questionnaire: on one page or one question a page, kept as one goes on."""

import datetime as dt
import uuid

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
from wellbeing.asked import Asked, Occasion, asked_of, ever_asked, occasion_of
from wellbeing.forms.checkins import CheckInForm
from wellbeing.group_reads import rule_in_force
from wellbeing.models import CheckIn
from wellbeing.reading import answers_in_words
from wellbeing.views.checkins import no_record, own_record

QUESTIONNAIRE = "wellbeing:new-of-questionnaire"


@frame.page_with_form
def check_in(request: HttpRequest, key: str = CHECK_IN) -> HttpResponse:
    """The questions on one page; what was typed before stands there again."""
    version = version_of(request, key)
    person = own_record(request)
    if person is None:
        return no_record(request)
    asked = _asked(person, key)
    occasion = _occasion(request, person, version, asked)
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
            return _late(request, occasion, there.check_in, form.answers)
        except actions.AnsweredElsewhere as there:
            form, elsewhere = _form(occasion, there.answers, read=there.read), True
        else:
            return redirect("wellbeing:finished", done.pk)
    context = {
        "form": form,
        "occasion": occasion,
        "elsewhere": elsewhere,
        "asked": asked,
        "definition": occasion.version.definition,
        "least_people": rule_in_force().smallest_base,
        "first": not CheckIn.objects.visible_to(request.user).finished().exists(),
    }
    return render(request, "wellbeing/check_in_form.html", context)


def _late(
    request: HttpRequest, occasion: Occasion, finished: CheckIn, answers: dict
) -> HttpResponse:
    """It was finished on another device: what was typed here is shown once and not kept."""
    context = {
        "check_in": finished,
        "typed": answers_in_words(occasion.version.definition, answers),
    }
    return render(request, "wellbeing/late_words.html", context)


def _form(
    occasion: Occasion,
    begun: dict,
    data: dict | None = None,
    *,
    read: str = "",
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
        asks=occasion.version.pk,
        read=read or actions.mark_of(begun),
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


def version_of(request: HttpRequest, key: str) -> QuestionnaireVersion:
    """The newest version of a questionnaire that may be asked today, or one's own begun one, which
    may be finished though it is asked no more; else 404."""
    if version := ever_asked(key).asked_on(timezone.localdate()).first():
        return version
    begun = CheckIn.objects.visible_to(request.user).unfinished().values("version")
    return get_object_or_404(ever_asked(key).filter(pk__in=begun)[:1])


def _asked(person: Person, key: str) -> Asked | None:
    """Where the worker stands with our own check-in; nobody is asked to fill in another one."""
    return asked_of(person, timezone.now()) if key == CHECK_IN else None


def _occasion(
    request: HttpRequest, person: Person, version: QuestionnaireVersion, asked: Asked | None
) -> Occasion:
    """What is filled in now: what the page said it was, so that sent twice it is one."""
    waits = asked.waits if asked else None
    found = occasion_of(person, version, waits, timezone.localdate())
    return _as_sent(request, found) if request.method == "POST" else found


def _as_sent(request: HttpRequest, found: Occasion) -> Occasion:
    """The day and the questions that stood on the page; a day long ago only of what is stored."""
    day, version = _day_sent(request) or found.day, _version_sent(request, found.version)
    if (day, version) == (found.day, found.version):
        return found
    rows = CheckIn.objects.visible_to(request.user).filter(occasion_on=day, version=version)
    there = rows.select_related("version__questionnaire").first()
    today = timezone.localdate()
    if there is None and not today - actions.UNFINISHED_KEPT <= day <= today:
        day = found.day
        there = (
            CheckIn.objects.visible_to(request.user)
            .filter(occasion_on=day, version=version)
            .first()
        )
    return Occasion(version, day, there)


def _day_sent(request: HttpRequest) -> dt.date | None:
    try:
        return dt.date.fromisoformat(request.POST.get("occasion", ""))
    except ValueError:
        return None


def _version_sent(request: HttpRequest, found: QuestionnaireVersion) -> QuestionnaireVersion:
    """The published version of the same questionnaire that the page asked; else the one found."""
    try:
        sent = uuid.UUID(request.POST.get("asks", ""))
    except ValueError:
        return found
    if sent == found.pk:
        return found
    return ever_asked(found.questionnaire.key).filter(pk=sent).first() or found


@frame.page_with_form
def step(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One question a page, in the order in which they are shown; each is kept as one goes on."""
    version, person = version_of(request, key), own_record(request)
    if not 1 <= number <= len(questions(version.definition)):
        raise Http404
    if person is None:
        return no_record(request)
    occasion = _occasion(request, person, version, _asked(person, key))
    begun = occasion.begun.answered if occasion.begun else {}
    asked = _questions_shown(occasion.version.definition, begun)
    number = _place_sent(request, asked, number)
    if occasion.is_finished or not 1 <= number <= len(asked):
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
        return _onwards(key, number, _questions_shown(occasion.version.definition, form.answers))
    context = {"form": form, "number": number, "of": len(asked), "occasion": occasion, "key": key}
    context["must"] = asked[number - 1].required
    return render(request, "wellbeing/check_in_step.html", context)


def _place_sent(request: HttpRequest, asked: list[Item], number: int) -> int:
    """Where the question that stood on the page stands now, 0 for nowhere: an answer in another
    window moves it or hides it."""
    if not (sent := request.POST.get("question")):
        return number
    return next((n for n, item in enumerate(asked, start=1) if item.link_id == sent), 0)


def _onwards(key: str, number: int, shown_now: list[Item]) -> HttpResponse:
    if number < len(shown_now):
        return redirect("wellbeing:check-in-step", key, number + 1)
    return redirect(QUESTIONNAIRE, key)


def _questions_shown(definition: Definition, answers: dict) -> list[Item]:
    """The questions whose conditions hold, in their order."""
    visible = shown(definition, answers)
    return [item for item in questions(definition) if item.link_id in visible]


@require_POST
def keep(request: HttpRequest, key: str) -> HttpResponse:
    """Keeps what is typed; the form goes on from it, on this device or another."""
    version = version_of(request, key)
    person = own_record(request)
    if person is None:
        return no_record(request)
    occasion = _occasion(request, person, version, _asked(person, key))
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
