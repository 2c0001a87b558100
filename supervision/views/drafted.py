"""Forms whose text is kept while it is typed, and the drafts that this makes."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from programme.views import frame
from supervision.actions import drafts
from supervision.drafts import MOST_LETTERS, told, typed_in
from supervision.forms.drafted import DraftedForm
from supervision.forms.records import (
    AgendaForm,
    AideMemoireForm,
    DisagreeForm,
    PreparationForm,
    RecordWordsForm,
)
from supervision.forms.sessions import GroupForm, LogForm
from supervision.models import Agreement, Draft, PreparationNote, Session
from supervision.permissions import is_worker_of, may_supervise_in
from supervision.session_pages import way_back

FORMS: dict[str, type[DraftedForm]] = {
    drafts.LOG: LogForm,
    drafts.LOG_PLANNED: LogForm,
    drafts.RECORD: RecordWordsForm,
    drafts.DISAGREE: DisagreeForm,
    drafts.AGENDA: AgendaForm,
    drafts.PREPARATION: PreparationForm,
    drafts.AIDE_MEMOIRE: AideMemoireForm,
    drafts.GROUP_NOTE: GroupForm,
}
OF_SESSIONS = {drafts.LOG_PLANNED, drafts.RECORD, drafts.DISAGREE}


def with_draft[Form: DraftedForm](
    request: HttpRequest, form_class: type[Form], name: str, pk: uuid.UUID, **settings: Any
) -> Form:
    """A form with what was sent or, before that, with what its writer typed last."""
    form = frame.filled_in(form_class, request, **settings)
    form.save_draft = reverse("supervision:save-draft", args=[name, pk])
    form.helper.attrs = {"data-autosave": form.save_draft}
    if not form.is_bound:
        own = Draft.objects.visible_to(request.user)
        form.draft = own.filter(about=drafts.about(name, pk)).first()
        if form.draft:
            form.restore(drafts.fields_of(form.draft))
    return form


def write_page(
    request: HttpRequest,
    form: DraftedForm,
    heading: str,
    *,
    back: str,
    template: str = "supervision/write.html",
    **context: Any,
) -> HttpResponse:
    """The page of a form whose text is kept while it is typed."""
    shown = {"form": form, "heading": heading, "back": back, **context}
    return render(request, template, shown)


@require_POST
def save_draft(request: HttpRequest, form: str, pk: uuid.UUID) -> HttpResponse:
    """Keep what is typed; where every word was taken out again, there is no draft."""
    if form not in FORMS or not _is_place_of(request, form, pk):
        raise Http404
    if not FORMS[form].something_typed(request.POST):
        drafts.forget(request.user, form, pk)
        return JsonResponse({})
    fields = typed_in(request.POST)
    if sum(len(text) for texts in fields.values() for text in texts) > MOST_LETTERS:
        return JsonResponse({"problem": "This is too long to be kept while you type."}, status=413)
    draft = drafts.keep(by=request.user, form=form, pk=pk, fields=fields, at=timezone.now())
    return JsonResponse({"saved": f"{timezone.localtime(draft.saved_at):%H:%M}", "problem": ""})


def _is_place_of(request: HttpRequest, form: str, pk: uuid.UUID) -> bool:
    """Whether a form about this is one that the user may fill in today."""
    user, today = request.user, timezone.localdate()
    if form == drafts.GROUP_NOTE:
        return pk == user.pk
    if form == drafts.PREPARATION and PreparationNote.objects.visible_to(user).filter(pk=pk):
        return True
    if form in OF_SESSIONS:
        found = Session.objects.visible_to(user, today).select_related("agreement__person")
        session = get_object_or_404(found, pk=pk)
        agreement = session.agreement
    else:
        found = Agreement.objects.visible_to(user, today).select_related("person")
        agreement = get_object_or_404(found, pk=pk)
    if agreement is None:
        return False
    supervises = may_supervise_in(agreement, user, today)
    if form in {drafts.LOG, drafts.LOG_PLANNED, drafts.AIDE_MEMOIRE}:
        return supervises
    if form in {drafts.PREPARATION, drafts.DISAGREE}:
        return is_worker_of(agreement, user)
    return supervises or is_worker_of(agreement, user)


@require_safe
def my_drafts(request: HttpRequest) -> HttpResponse:
    """Everything one has typed and not saved, to read, copy or delete."""
    found = Draft.objects.visible_to(request.user).order_by("-saved_at", "pk")
    page = frame.page_of(request, found)
    rows = told(page, request.user, timezone.localdate())
    return render(
        request, "supervision/drafts.html", {"page": page, "rows": rows, **way_back(request.user)}
    )


@frame.page_with_form
def delete_draft(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    draft = get_object_or_404(Draft.objects.visible_to(request.user), pk=pk)
    back = reverse("supervision:drafts")
    if request.method == "POST":
        drafts.throw_away(draft, by=request.user)
        messages.success(request, "Deleted.")
        return redirect(back)
    words = "What you typed is deleted for good. What was saved stays as it is."
    return frame.confirm_page(request, "Delete this draft?", words, "Delete draft", back=back)
