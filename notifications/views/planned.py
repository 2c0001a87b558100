"""What staff see of messages: what is planned, waits, was sent or did not arrive, and why."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.actions import record_looks
from notifications import actions, outbox
from notifications.actions import TO_SEND_AGAIN, ChangedMeanwhile, NotWaiting
from notifications.forms.planned import TIMES, MoveForm, PlannedFilters
from notifications.forms.texts import TextForm
from notifications.models import Message, State
from notifications.outbox import PLAN, STANDINGS, WATCH
from notifications.rules import rules
from notifications.sweeping import health
from notifications.views.texts import PREVIEW, changed_meanwhile, shown
from notifications.wording import filled_in, said_of, unfilled

ROWS_A_PAGE = 25
SECONDS = 60  # of a minute
ON_ITS_WAY = "That message does not wait any more: it is on its way, or has come to its end."
may_plan = permission_required(PLAN, raise_exception=True)
may_watch = permission_required(WATCH, raise_exception=True)
page_with_form = require_http_methods(["GET", "HEAD", "POST"])


@may_plan
@require_safe
def planned(request: HttpRequest) -> HttpResponse:
    """Messages about what is at one's sites; those that are their reader's alone are not there."""
    form = PlannedFilters(request.GET, kinds=outbox.kinds_seen_by(request.user))
    page = Paginator(_chosen(request, form), ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows, now = list(page), timezone.now()
    _note_looks(request, rows)
    words = said_of(rows)
    context = {
        "form": form,
        "page": page,
        "rows": [
            (row, words.get(row.pk), *outbox.standing(row, now), outbox.why(row)) for row in rows
        ],
    }
    return render(request, "notifications/planned.html", context)


def _chosen(request: HttpRequest, form: PlannedFilters):
    rows = outbox.seen_by(request.user)
    if not form.is_valid():
        return rows.none()
    given = form.cleaned_data
    standing = given["standing"] or outbox.WAITING
    if standing in STANDINGS:
        rows = rows.filter(state__in=STANDINGS[standing])
    if given["kind"]:
        rows = rows.filter(rule=given["kind"])
    if given["channel"]:
        rows = rows.filter(channel=given["channel"])
    return rows.order_by("not_before" if standing == outbox.WAITING else "-moved_at", "pk")


def _note_looks(request: HttpRequest, rows: list[Message]) -> None:
    record_looks(
        viewer_id=request.user.pk,
        subject_ids=outbox.people_in(rows, request.user),
        page=request.resolver_match.view_name,
        at=timezone.now(),
    )


def _message(request: HttpRequest, pk: uuid.UUID) -> Message:
    return get_object_or_404(outbox.seen_by(request.user), pk=pk)


@may_plan
@require_safe
def message(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One message: what it says, its tries, and what can be done about it."""
    row = _message(request, pk)
    _note_looks(request, [row])
    text, colour = outbox.standing(row, timezone.now())
    context = {
        "row": row,
        "kind": rules()[row.rule].name,
        "said": said_of([row])[row.pk],
        "standing": text,
        "colour": colour,
        "why": outbox.why(row),
        "tries": row.attempts.all(),
        "handlings": row.handlings.select_related("by"),
        "waits": row.state == State.PENDING,
        "to_send_again": row.state in TO_SEND_AGAIN,
    }
    return render(request, "notifications/planned_message.html", context)


@may_plan
@page_with_form
def move(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, now = _message(request, pk), timezone.now()
    there = timezone.localtime(row.not_before)
    time = max(one for one in TIMES if one <= f"{there:%H:%M}")
    form = MoveForm(
        request.POST if request.method == "POST" else None,
        now=now,
        initial={"day": there.date(), "time": time},
        cancel=_page(row),
    )
    if form.is_valid():
        given = {"to": form.moment, "by": request.user, "at": now}
        return _done(request, row, "The message is moved.", actions.move, **given)
    _note_looks(request, [row])
    context = {"form": form, "heading": "Move this message", "row": row}
    return render(request, "notifications/move.html", context)


@may_plan
@page_with_form
def words(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Other words for one message; read through before they are kept."""
    row = _message(request, pk)
    if row.state != State.PENDING:
        messages.warning(request, ON_ITS_WAY)
        return redirect(_page(row))
    form = TextForm(
        request.POST if request.method == "POST" else None,
        said=unfilled([row], rules())[row.pk],
        seen=max(row.texts.values_list("number", flat=True), default=0),
        cancel=_page(row),
        name=row.recipient.name,
    )
    context = {"form": form, "heading": "Other words for this message", "back": _page(row)}
    if form.is_valid() and "save" in request.POST:
        given = {"said": form.said, "seen": form.cleaned_data["seen"], "by": request.user}
        try:
            done = "The words are saved, for this message only."
            return _done(request, row, done, actions.write_for_message, at=timezone.now(), **given)
        except ChangedMeanwhile:
            changed_meanwhile(form)
    elif form.is_valid() and "change" not in request.POST:
        return render(request, PREVIEW, context | {"said": filled_in(form.said, row)})
    return shown(request, context)


@may_plan
@require_POST
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _message(request, pk)
    if actions.cancel(message=row, by=request.user, at=timezone.now()):
        messages.success(request, "The message is cancelled: it is not sent.")
    else:
        messages.warning(request, ON_ITS_WAY)
    return redirect(_page(row))


@may_plan
@require_POST
def again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Once more, as a message of its own."""
    row = _message(request, pk)
    try:
        row = actions.send_again(message=row, by=request.user, at=timezone.now())
        messages.success(request, "It is sent again, as a new message: this one.")
    except NotWaiting:
        messages.warning(request, "That message does not need to be sent again.")
    return redirect(_page(row))


def _done(request: HttpRequest, row: Message, words: str, action, **given) -> HttpResponse:
    try:
        action(message=row, **given)
        messages.success(request, words)
    except NotWaiting:
        messages.warning(request, ON_ITS_WAY)
    return redirect(_page(row))


def _page(row: Message) -> str:
    return reverse("notifications:planned-message", args=[row.pk])


@may_watch
@require_safe
def sending(request: HttpRequest) -> HttpResponse:
    """How sending goes, in numbers: no name, no kind."""
    found = health()
    context = {
        "columns": list(outbox.NAMES.values()),
        "counts": outbox.counts(),
        "health": found,
        "minutes": int(found["oldest_due_seconds"]) // SECONDS,
    }
    return render(request, "notifications/sending.html", context)
