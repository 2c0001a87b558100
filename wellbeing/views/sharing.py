"""Who may read one check-in, and a check-in that somebody lets one read."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from programme.actions.saving import NotSaved
from programme.views import frame
from wellbeing.actions import sharing as actions
from wellbeing.check_in_shares import check_ins_shared_with
from wellbeing.colleagues import to_choose_from
from wellbeing.forms.checkins import ShareForm
from wellbeing.models import CheckInShare
from wellbeing.reading import in_words
from wellbeing.views.checkins import own_check_in
from wellbeing.views.looks import note_private_looks

ONE = "wellbeing:check-in"


@frame.page_with_form
def share(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let one named person read this one check-in."""
    row, today, back = own_check_in(request, pk), timezone.localdate(), reverse(ONE, args=[pk])
    colleagues = to_choose_from(row.person, today)
    form = frame.filled_in(ShareForm, request, colleagues=colleagues, cancel=back)
    if form.is_valid():
        with form.saving():
            act = {"check_in": row, "by": request.user, "at": timezone.now(), "day": today}
            actions.share(**act, **form.values)
            messages.success(request, "They can read this one, and no other.")
            return redirect(back)
    words = (
        "They read the answers of this one check-in and nothing else: no other one, and no note of "
        "yours. You see when they open it, and you can take it back at any time."
    )
    return frame.form_page(request, form, "Let somebody read this one", back=back, intro=words)


@require_POST
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rows = CheckInShare.objects.visible_to(request.user)
    found = get_object_or_404(rows.select_related("check_in__person", "reader"), pk=pk)
    actions.take_back(share=found, by=request.user, at=timezone.now())
    messages.success(request, "They can no longer read it.")
    return redirect(ONE, found.check_in_id)


@require_POST
def count(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let this one be part of group results, or not after all."""
    row, counted = own_check_in(request, pk), request.POST.get("counted") == "yes"
    act = {"check_in": row, "by": request.user, "day": timezone.localdate()}
    try:
        actions.count_in_groups(**act, counted=counted)
    except NotSaved as refusal:
        messages.warning(request, str(refusal))
    else:
        words = "It is part of group results, without your name." if counted else "It is left out."
        messages.success(request, words)
    return redirect(ONE, pk)


@require_safe
def shared(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One check-in that its author lets one read: its answers, and nothing else of theirs."""
    rows = check_ins_shared_with(request.user, timezone.localdate())
    row = get_object_or_404(rows.select_related("person", "version__questionnaire"), pk=pk)
    note_private_looks(request, [row])
    return render(
        request, "wellbeing/shared_check_in.html", {"check_in": row, "answers": in_words(row)}
    )
