"""Whom a supervisor supervises, and what leads know of supervision: dates, kinds and statuses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.views import frame
from supervision.duty import people_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A row for each person whom the user supervises today, whatever roles they hold."""
    page = frame.page_of(request, people_of(request.user, timezone.localdate()))
    frame.note_looks(request, [(row.person.pk, row.person.user_id) for row in page])
    return render(request, "supervision/home.html", {"page": page})
