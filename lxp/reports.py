"""Reports as files: ask for one, see how far it is, download it."""

import datetime as dt
import uuid
from collections.abc import Callable
from functools import wraps
from pathlib import PurePath

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import VIEW_FIGURES, VIEW_PUBLISHED_FIGURES
from lxp.report_forms import ReportForm
from programme.actions import reports as actions
from programme.actions.reports import TooManyWaiting
from programme.exports import XLSX_TYPE
from programme.models import ReportJob, ReportState

RECENT = 10
TYPES = {".pdf": "application/pdf", ".xlsx": XLSX_TYPE}
TOO_MANY = "Several of your reports are still being made. Ask again when they are ready."


def may_read_figures(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For who may read exact or published figures."""

    @wraps(view)
    def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not any(map(request.user.has_perm, (VIEW_FIGURES, VIEW_PUBLISHED_FIGURES))):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def _job(request: HttpRequest, pk: uuid.UUID) -> ReportJob:
    return get_object_or_404(ReportJob.objects.visible_to(request.user).defer("content"), pk=pk)


@may_read_figures
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """Ask for a report; below it one's own recent ones."""
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        today=timezone.localdate(),
        may_read_exact=request.user.has_perm(VIEW_FIGURES),
    )
    if request.method == "POST" and form.is_valid():
        try:
            job = actions.ask_for_report(**form.cleaned_data, by=request.user, at=timezone.now())
        except TooManyWaiting:
            form.add_error(None, TOO_MANY)
        else:
            return redirect("report", pk=job.pk)
    recent = ReportJob.objects.visible_to(request.user).defer("content")[:RECENT]
    context = {"form": form, "heading": "Reports", "recent": recent}
    return render(request, "lxp/reports/ask.html", context)


@may_read_figures
@require_safe
def report(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Where a report is: being made, ready for a while, removed or not to be had."""
    job = _job(request, pk)
    waiting = job.state == ReportState.WAITING
    if request.htmx and not request.htmx.history_restore_request:
        response = HttpResponse(status=204)
        if not waiting:
            response["HX-Refresh"] = "true"
    else:
        context = {"job": job, "waiting": waiting, "kept_until": _kept_until(job)}
        response = render(request, "lxp/reports/report.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _kept_until(job: ReportJob) -> dt.date | None:
    return job.finished_at and timezone.localdate(job.finished_at + actions.KEPT)


@may_read_figures
@require_safe
def report_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The file itself, while it is kept."""
    job = _job(request, pk)
    if job.state != ReportState.READY:
        raise Http404
    kind = TYPES[PurePath(job.file_name).suffix]
    response = HttpResponse(bytes(job.content), content_type=kind)
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=job.file_name
    )
    response["Cache-Control"] = "no-store"
    return response
