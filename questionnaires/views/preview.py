"""A version as the people who answer it see it, with its scoring tried out; and as a FHIR file."""

import json
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from programme.views import frame
from questionnaires import fhir
from questionnaires.definition import low_answers, questions
from questionnaires.forms import AnswerForm
from questionnaires.models import QuestionnaireVersion
from questionnaires.scoring import scores
from questionnaires.views.drafts import version_to_read
from questionnaires.views.lists import VERSION, may_change


@may_change
@frame.page_with_form
def preview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Every question on one page. What is sent is scored and shown; none of it is kept."""
    version = version_to_read(request, pk)
    definition = version.definition
    data = request.POST if request.method == "POST" else None
    form = AnswerForm(definition, data, submit="Try the scoring")
    tried = form.is_valid()
    context = {
        "version": version,
        "definition": definition,
        "form": form,
        "heading": definition.title,
        "scores": scores(definition, form.answers) if tried else [],
        "low": low_answers(definition, form.answers) if tried else [],
        "tried": tried,
        "back": reverse(VERSION, args=[pk]),
    }
    return render(request, "questionnaires/preview.html", context)


@may_change
@require_safe
def preview_one(request: HttpRequest, pk: uuid.UUID, place: int) -> HttpResponse:
    """One question a page, from the first, numbered 1."""
    version = version_to_read(request, pk)
    asked = questions(version.definition)
    if not 1 <= place <= len(asked):
        raise Http404
    form = AnswerForm(version.definition, only=asked[place - 1].link_id, submit="")
    form.helper.form_tag = False
    form.helper.disable_csrf = True
    context = {
        "version": version,
        "form": form,
        "place": place,
        "number": len(asked),
        "back": reverse(VERSION, args=[pk]),
    }
    return render(request, "questionnaires/preview_one.html", context)


@may_change
@require_safe
def export(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An HL7 FHIR R4 `Questionnaire`."""
    version = version_to_read(request, pk)
    found = fhir.questionnaire(
        version.definition,
        status=_status(version),
        url=version.url,
        version=str(version.number),
        date=version.published_at and timezone.localdate(version.published_at),
    )
    content = json.dumps(found, ensure_ascii=False, indent=2)
    response = HttpResponse(content, content_type="application/fhir+json; charset=utf-8")
    name = f"{version.questionnaire.key}-{version.number}.json"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def _status(version: QuestionnaireVersion) -> str:
    if not version.is_published:
        return "draft"
    retired = version.questionnaire.is_retired_on(timezone.localdate())
    return "retired" if retired else "active"
