"""One version: what it asks and how it is scored; a draft can be changed, published, taken away."""

import uuid
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.actions.saving import ChangedMeanwhile, NotSaved, version_of
from programme.views import frame
from questionnaires import actions
from questionnaires.definition import Item, Kind, Method, everything
from questionnaires.forms.drafts import DetailsForm, DraftForm, ItemForm, ScaleForm, countable
from questionnaires.models import QuestionnaireVersion
from questionnaires.views.lists import LIST, VERSION, may_change

GONE = "Somebody else changed this draft meanwhile. Look at it again before you publish it."
METHODS = {
    Method.SUM: "Sum",
    Method.MEAN: "Mean",
    Method.PERCENTAGE: "Percentage of what is possible",
    Method.TABLE: "Sum, converted by a table",
}


def version_to_read(request: HttpRequest, pk: uuid.UUID) -> QuestionnaireVersion:
    rows = QuestionnaireVersion.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("questionnaire", "published_by"), pk=pk)


def _draft(request: HttpRequest, pk: uuid.UUID) -> QuestionnaireVersion:
    """A version that may still be changed; 404 for one that is published."""
    rows = QuestionnaireVersion.objects.visible_to(request.user).drafts()
    return get_object_or_404(rows.select_related("questionnaire"), pk=pk)


@may_change
@require_safe
def version(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What one version asks, how it is scored, and what is left to do before it is published."""
    found = version_to_read(request, pk)
    definition = found.definition
    items = list(everything(definition.items))
    names = {item.link_id: item.text for item in items}
    context = {
        "version": found,
        "definition": definition,
        "items": [(item, _kind_words(item)) for item in items],
        "slots": sum(item.slot for item in items),
        "scales": [
            (scale, METHODS[scale.method], [names[link_id] for link_id in scale.items])
            for scale in definition.scales
        ],
        "may_add_scale": bool(countable(definition)),
    }
    return render(request, "questionnaires/version.html", context)


KINDS = {
    Kind.GROUP: "Heading",
    Kind.DISPLAY: "Words to read",
    Kind.SCALE: "One answer, scored",
    Kind.CHOICE: "One answer",
    Kind.CHOICES: "Several answers",
    Kind.OPEN_CHOICE: "One answer or own words",
    Kind.INTEGER: "Whole number",
    Kind.DECIMAL: "Number",
    Kind.BOOLEAN: "Yes or no",
    Kind.SHORT_TEXT: "A line of text",
    Kind.LONG_TEXT: "Text",
    Kind.DATE: "Date",
}


def _kind_words(item: Item) -> str:
    """*One answer, scored; in reverse; must be answered*."""
    parts = [KINDS[item.kind]]
    parts += ["in reverse"] if item.reverse else []
    parts += ["must be answered"] if item.required else []
    parts += ["shown by condition"] if item.conditions else []
    return "; ".join(parts)


@may_change
@frame.page_with_form
def edit_details(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _edited(request, _draft(request, pk), DetailsForm, "Title, licence and credit")


@may_change
@frame.page_with_form
def edit_item(request: HttpRequest, pk: uuid.UUID, place: int) -> HttpResponse:
    """The words of one question, heading or paragraph."""
    draft = _draft(request, pk)
    items = list(everything(draft.definition.items))
    if place >= len(items):
        raise Http404
    heading = f"Words of item {place + 1} of {len(items)}"
    return _edited(request, draft, ItemForm, heading, item=items[place])


@may_change
@frame.page_with_form
def add_scale(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _edited(request, _draft(request, pk), ScaleForm, "Add a score")


def _edited(
    request: HttpRequest,
    draft: QuestionnaireVersion,
    kind: type[DraftForm],
    heading: str,
    **settings: Item,
) -> HttpResponse:
    """Saves what a form makes of a draft, or shows the form."""
    back = reverse(VERSION, args=[draft.pk])
    form = frame.filled_in(
        kind, request, record=draft, definition=draft.definition, cancel=back, **settings
    )
    if form.is_valid():
        with form.saving():
            actions.change_draft(
                draft=draft,
                definition=form.applied(),
                by=request.user,
                version=form.cleaned_data["version"],
            )
            messages.success(request, "The draft is saved.")
            return redirect(VERSION, draft.pk)
    return frame.form_page(request, form, heading, back=back)


@may_change
@frame.page_with_form
def remove_scale(request: HttpRequest, pk: uuid.UUID, place: int) -> HttpResponse:
    """Takes a score out of a draft; asks first."""
    draft = _draft(request, pk)
    scales = draft.definition.scales
    if place >= len(scales):
        raise Http404
    if request.method == "POST":
        without = replace(draft.definition, scales=(*scales[:place], *scales[place + 1 :]))
        refused = _refusal(
            actions.change_draft,
            draft=draft,
            definition=without,
            by=request.user,
            version=request.POST.get("version", ""),
        )
        return _back(request, draft, refused, f"The score {scales[place].name} is removed.")
    return _ask(
        request,
        draft,
        f"Remove the score {scales[place].name}?",
        "The questions stay.",
        "Remove score",
    )


@may_change
@frame.page_with_form
def publish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Publishes a draft as it is now; asks first."""
    draft = _draft(request, pk)
    if request.method == "POST":
        refused = _refusal(
            actions.publish,
            draft=draft,
            by=request.user,
            at=timezone.now(),
            version=request.POST.get("version", ""),
        )
        words = f"{draft.questionnaire} is published as version {draft.number}."
        return _back(request, draft, refused, words)
    text = (
        "This cannot be undone. From now on the words and the scoring of this version never "
        "change, so that answers keep the words they were given to. You can begin a new version at "
        "any time."
    )
    return _ask(request, draft, f"Publish {draft} of {draft.questionnaire}?", text, "Publish")


@may_change
@frame.page_with_form
def discard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Takes a draft away; asks first."""
    draft = _draft(request, pk)
    if request.method == "POST":
        actions.discard(draft=draft, by=request.user)
        messages.success(request, f"The draft of {draft.questionnaire} is removed.")
        return redirect(LIST)
    return _ask(
        request,
        draft,
        f"Remove the draft of {draft.questionnaire}?",
        "What is published stays. What you changed in this draft is gone.",
        "Remove draft",
    )


def _refusal(action, **values) -> str:
    """Why an action could not be done; nothing when it was."""
    try:
        action(**values)
    except NotSaved as refusal:
        return str(refusal)
    except ChangedMeanwhile:
        return GONE
    return ""


def _back(
    request: HttpRequest, draft: QuestionnaireVersion, refused: str, done: str
) -> HttpResponse:
    if refused:
        messages.warning(request, refused)
    else:
        messages.success(request, done)
    return redirect(VERSION, draft.pk)


def _ask(
    request: HttpRequest, draft: QuestionnaireVersion, heading: str, text: str, button: str
) -> HttpResponse:
    """Asks about a draft as it is now: the answer says which it was about."""
    context = {
        "heading": heading,
        "text": text,
        "button": button,
        "version": version_of(draft),
        "back": reverse(VERSION, args=[draft.pk]),
    }
    return render(request, "questionnaires/ask.html", context)
