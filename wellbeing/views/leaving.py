"""Taking one's private things along, at any time and before they are deleted."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from wellbeing.leaving import everything_of, private_kinds
from wellbeing.models import Leaving


@require_safe
def take_along(request: HttpRequest) -> HttpResponse:
    """What there is, when it is deleted after one has left, and the file of it."""
    person = getattr(request.user, "person", None)
    if person is None:
        return render(request, "programme/no_record.html")
    told = everything_of(person, private_kinds())
    context = {
        "kinds": [(title, len(rows)) for title, rows in told.items()],
        "leaving": Leaving.objects.visible_to(request.user).first(),
        "days": settings.PRIVATE_KEPT_DAYS,
        "today": timezone.localdate(),
    }
    return render(request, "wellbeing/leaving/take_along.html", context)


@require_safe
def take_along_file(request: HttpRequest) -> HttpResponse:
    """Everything private of one's own in one file; it is made for this answer and kept nowhere."""
    person = getattr(request.user, "person", None)
    if person is None:
        return redirect("wellbeing:take-along")
    told = {"name": str(person), "made": timezone.localtime()}
    told |= everything_of(person, private_kinds())
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = content_disposition_header(True, "my-private-things.json")
    response["Cache-Control"] = "no-store"
    return response
