"""New questionnaires: from a file, or from an instrument whose scoring is known here."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from programme.actions.saving import NotSaved
from programme.views import frame
from questionnaires import actions
from questionnaires.definition import Definition, questions
from questionnaires.fhir import Unsupported
from questionnaires.fhir.notes import NOT_KEPT
from questionnaires.forms import AnswerForm
from questionnaires.forms.imports import KeepForm, UploadForm
from questionnaires.instruments import INSTRUMENTS
from questionnaires.models import Questionnaire
from questionnaires.views.lists import LIST, VERSION, may_change

PLACES_SHOWN = 5


@may_change
@frame.page_with_form
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; then everything that it holds is shown before any of it is kept."""
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            found = form.cleaned_data["file"]
            keeping = _keep_form(request, definition=found.definition)
            return _found_page(request, keeping, found.definition, found.unsupported)
    context = {"form": form, "heading": "Import a questionnaire", "back": reverse(LIST)}
    return render(request, "questionnaires/import.html", context)


@may_change
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keeps what was read, as it was shown, as a draft."""
    form = _keep_form(request, data=request.POST)
    if form.is_valid():
        with form.saving():
            given = form.cleaned_data
            if given["into"]:
                draft = actions.add_draft(
                    questionnaire=given["into"], definition=given["document"], by=request.user
                )
            else:
                draft = actions.add_questionnaire(
                    name=given["name"], definition=given["document"], by=request.user
                )
            messages.success(request, "The draft is kept. Nobody is asked until you publish it.")
            return redirect(VERSION, draft.pk)
    return _found_page(request, form, form.cleaned_data.get("document"), ())


def _keep_form(
    request: HttpRequest, *, data: dict | None = None, definition: Definition | None = None
) -> KeepForm:
    """The form under what was read, which goes to the address that keeps it."""
    form = KeepForm(
        data,
        user=request.user,
        today=timezone.localdate(),
        into=Questionnaire.objects.visible_to(request.user).without_draft(),
        definition=definition,
        cancel=reverse("questionnaires:import"),
    )
    form.helper.form_action = reverse("questionnaires:keep-import")
    form.helper.attrs = {"enctype": "multipart/form-data"}
    return form


def _found_page(
    request: HttpRequest, form: KeepForm, definition: Definition | None, unsupported: tuple
) -> HttpResponse:
    context = {
        "form": form,
        "heading": "What the file holds",
        "definition": definition,
        "number": len(questions(definition)) if definition else 0,
        "changed": [_listed(one) for one in unsupported if one.instead != NOT_KEPT],
        "not_kept": [_listed(one) for one in unsupported if one.instead == NOT_KEPT],
        "shown": as_shown(definition) if definition else None,
        "back": reverse("questionnaires:import"),
    }
    return render(request, "questionnaires/found.html", context)


def _listed(one: Unsupported) -> tuple:
    return one.what, one.instead, one.places[:PLACES_SHOWN], len(one.places) - PLACES_SHOWN


def as_shown(definition: Definition) -> AnswerForm:
    """The questions as a worker sees them, to look at only."""
    form = AnswerForm(definition, submit="")
    form.helper.form_tag = False
    form.helper.disable_csrf = True
    return form


@may_change
@require_safe
def instruments(request: HttpRequest) -> HttpResponse:
    """Instruments that can be scored here; their words are not ours to give out."""
    context = {"instruments": INSTRUMENTS.values()}
    return render(request, "questionnaires/instruments.html", context)


@may_change
@frame.page_with_form
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """Begins a draft with the scoring of an instrument; asks first."""
    if key not in INSTRUMENTS:
        raise Http404
    definition = INSTRUMENTS[key].definition
    if request.method == "POST":
        try:
            draft = actions.add_questionnaire(
                name=definition.title, definition=definition, key=key, by=request.user
            )
        except NotSaved as refusal:
            messages.warning(request, str(refusal))
            return redirect(LIST)
        return redirect(VERSION, draft.pk)
    text = (
        f"{definition.licence} The draft has the scoring and empty places for the words. Put in "
        "the exact words from your own licensed copy; it cannot be published before."
    )
    return frame.confirm_page(
        request,
        f"Begin with {definition.title}?",
        text,
        "Begin a draft",
        back=reverse("questionnaires:instruments"),
        variant="primary",
    )
