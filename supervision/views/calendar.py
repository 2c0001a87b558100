"""Sessions in one's own calendar: a feed behind a secret address, and a file for each session."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.views import frame
from supervision.actions import calendar as actions
from supervision.calendar import feed, invitation, owner_of
from supervision.session_pages import way_back
from supervision.views.sessions import session_of

CALENDAR_FILE = "text/calendar; charset=utf-8"


@frame.page_with_form
def my_calendar(request: HttpRequest) -> HttpResponse:
    """Whether there is a feed; a new address is shown once, for only its digest is kept."""
    address = ""
    if request.method == "POST" and "stop" in request.POST:
        actions.stop_feed(by=request.user)
        messages.success(request, "The address opens nothing any more.")
        return redirect("supervision:calendar")
    if request.method == "POST":
        secret = actions.renew_feed(by=request.user, at=timezone.now())
        address = request.build_absolute_uri(reverse("supervision:calendar-feed", args=[secret]))
    made = getattr(request.user, "calendar_feed", None)
    context = {"address": address, "feed": made, **way_back(request.user)}
    response = render(request, "supervision/calendar.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_safe
def calendar_feed(_request: HttpRequest, secret: str) -> HttpResponse:
    """The feed, for a calendar that cannot sign in: whoever holds the address may read it."""
    user = owner_of(secret)
    if user is None:
        raise Http404
    return _file(feed(user, timezone.now()))


@require_safe
def session_invitation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The calendar file of one session, as it is now."""
    session = session_of(request, pk, timezone.localdate())
    response = _file(invitation(session, request.user))
    response["Content-Disposition"] = 'attachment; filename="supervision.ics"'
    return response


def _file(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=CALENDAR_FILE)
    response["Cache-Control"] = "private, no-store"
    return response
