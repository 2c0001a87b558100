"""What others let one read: one list of everything, and each thing on a page of its own."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.views import frame
from wellbeing.burden import flags_addressed_to
from wellbeing.plans import read_through, shares_with
from wellbeing.shared_items import shared_with
from wellbeing.views.looks import note_private_looks


@require_safe
def shared_with_me(request: HttpRequest) -> HttpResponse:
    """Who lets one read what, for what, and until when."""
    page = frame.page_of(request, shared_with(request.user, timezone.localdate()))
    return render(request, "wellbeing/shared_with_me.html", {"page": page})


@require_safe
def shared_plan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The parts of one plan that its worker lets one read."""
    rows = shares_with(request.user, timezone.localdate())
    found = get_object_or_404(rows.prefetch_related("sections"), pk=pk)
    note_private_looks(request, [found.plan])
    context = {"share": found, "person": found.plan.person, "parts": read_through(found)}
    return render(request, "wellbeing/plan/shared.html", context)


@require_safe
def shared_burden(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What weighs on a worker, which they addressed to one."""
    flag = get_object_or_404(flags_addressed_to(request.user, timezone.localdate()), pk=pk)
    note_private_looks(request, [flag])
    return render(request, "wellbeing/burden/shared.html", {"flag": flag})
