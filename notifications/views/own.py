"""What one was told, and how one wants to be told things."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from notifications import actions
from notifications.forms.wishes import WishesForm
from notifications.models import Message, Wishes
from notifications.outbox import PLAN, WATCH
from notifications.rules import rules
from notifications.wording import said_of

ROWS_A_PAGE = 25


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Everything one was told, the newest first."""
    rows = Message.objects.visible_to(request.user).in_app().order_by("-moved_at", "pk")
    rows = rows.select_related("occasion", "recipient")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    words = said_of(list(page))
    context = {
        "page": page,
        "told": [(row, words[row.pk]) for row in page if row.pk in words],
        "may_plan": request.user.has_perm(PLAN),
        "may_watch": request.user.has_perm(WATCH),
    }
    return render(request, "notifications/mine.html", context)


@require_safe
def open_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Leads to the page that a message is about."""
    row = get_object_or_404(
        Message.objects.visible_to(request.user).select_related("occasion"), pk=pk
    )
    rule = rules().get(row.rule)
    return redirect(rule.page(row.occasion) if rule else "notifications:mine")


@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: HttpRequest) -> HttpResponse:
    """Channels, kinds, quiet hours and a pause."""
    said = Wishes.objects.visible_to(request.user).first() or Wishes(user=request.user)
    data = request.POST if request.method == "POST" else None
    form = WishesForm(data, wishes=said, today=timezone.localdate())
    if form.is_valid():
        actions.set_wishes(user=request.user, **form.values)
        messages.success(request, "Saved. It counts from now on, for what waits too.")
        return redirect("notifications:mine")
    return render(request, "notifications/wishes.html", {"form": form})
