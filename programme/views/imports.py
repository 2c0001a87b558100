"""Importing a spreadsheet: choose it, name its columns, check the preview, apply, see the end."""

import uuid
from collections.abc import Iterable
from itertools import batched
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models.functions import Lower
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import IMPORT_PEOPLE
from programme.actions import imports as actions
from programme.actions.imports import NotReady
from programme.exports import csv_response, download
from programme.forms.imports import MappingForm, UploadForm
from programme.imports import columns, preview
from programme.imports.book import reference_key
from programme.imports.planning import CHANGE, CREATE, REFUSE
from programme.imports.reading import FileError
from programme.models import ImportJob, ImportState, Person, Verdict
from programme.permissions import covers_all_sites, sites_to_choose
from programme.views import frame

EXAMPLE = Path(settings.BASE_DIR) / "docs" / "examples" / "lxp-pilot.csv"
RECENT = 10
FILE_COLUMNS = ["File", "Chosen", "Where it is", "Finished", "Rows", *Verdict.labels]
AT_ONCE = 5_000  # references in one query
may_import = permission_required(IMPORT_PEOPLE, raise_exception=True)


def _job(request: HttpRequest, pk: uuid.UUID) -> ImportJob:
    return get_object_or_404(ImportJob.objects.visible_to(request.user).defer("content"), pk=pk)


@may_import
@frame.page_with_form
def imports(request: HttpRequest) -> HttpResponse:
    """Choose a file; below it one's own recent imports."""
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                job = actions.start_import(
                    content=form.cleaned_data["file"],
                    file_name=request.FILES["file"].name,
                    by=request.user,
                    at=timezone.now(),
                )
            except FileError as error:
                form.add_error("file", str(error))
            else:
                return redirect("programme:import", pk=job.pk)
    recent = ImportJob.objects.visible_to(request.user).defer("content")[:RECENT]
    context = {
        "form": form,
        "heading": "Import a spreadsheet",
        "columns": columns.COLUMNS.values(),
        "recent": recent,
        "own_sites": None if covers_all_sites(request.user) else sites_to_choose(request.user),
        "most_rows": settings.IMPORT_MAX_ROWS,
        "most_megabytes": settings.IMPORT_MAX_BYTES // 1024 // 1024,
    }
    return render(request, "programme/imports/upload.html", context)


@may_import
@require_safe
def imports_file(request: HttpRequest, kind: str) -> HttpResponse:
    """All one's own imports, with how many rows came to what where that is known."""
    jobs = ImportJob.objects.visible_to(request.user).defer("content")
    rows = (
        (
            job.file_name,
            job.created_at,
            job.get_state_display(),
            job.finished_at,
            job.rows_total,
            *(_counts(job).get(verdict) for verdict in Verdict.values),
        )
        for job in jobs.iterator()
    )
    return download(kind, "imports", FILE_COLUMNS, rows)


def _counts(job: ImportJob) -> dict[str, int]:
    """How many rows came to what; nothing before the file is read."""
    return preview.counts(job.summary) if "counts" in job.summary else {}


@may_import
@require_safe
def import_job(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Where an import is: being read, to be checked, being written, or ended."""
    job = _job(request, pk)
    if job.state == ImportState.MAPPING:
        return redirect("programme:import-mapping", pk=job.pk)
    if job.state in actions.UNFINISHED:
        return _progress(request, job)
    if request.htmx and not request.htmx.history_restore_request:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    if job.state == ImportState.READY:
        return _preview(request, job)
    return _result(request, job)


def _progress(request: HttpRequest, job: ImportJob) -> HttpResponse:
    writing = job.state == ImportState.APPLYING
    done, total = job.rows_done, job.rows_total
    if writing:
        done, total = actions.share_written(job), 100
    template = "programme/imports/progress.html"
    response = render(
        request,
        f"{template}#bar" if request.htmx else template,
        {"job": job, "writing": writing, "done": done, "total": total},
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


def _preview(request: HttpRequest, job: ImportJob) -> HttpResponse:
    shown = request.GET.get("show", "")
    rows = job.rows.filter(verdict=shown) if shown in preview.TAGS else job.rows.all()
    page = frame.page_of(request, rows)
    page.object_list = [preview.shown_row(row, job.mapping) for row in page.object_list]
    _note_looks(request, (row.reference for row in page.object_list))
    counts = preview.counts(job.summary)
    context = {
        "job": job,
        "page": page,
        "show": shown if shown in preview.TAGS else "",
        "counts": counts,
        "tags": [(key, words, counts[key]) for key, (words, _) in preview.TAGS.items()],
        "good": counts[CREATE] + counts[CHANGE],
        "refused": counts[REFUSE],
        "missing": preview.missing(job.summary),
        "ignored": preview.ignored(job.summary.get("headings", []), job.mapping),
    }
    return render(request, "programme/imports/preview.html", context)


def _note_looks(request: HttpRequest, references: Iterable[str]) -> None:
    """The preview and the refused rows show what is recorded about people who are in the file."""
    keys = sorted({reference_key(reference) for reference in references})
    people = Person.objects.visible_to(request.user).annotate(lower=Lower("reference"))
    looked_at = [
        about
        for some in batched(keys, AT_ONCE, strict=False)
        for about in people.filter(lower__in=some).values_list("pk", "user")
    ]
    frame.note_looks(request, looked_at)


def _result(request: HttpRequest, job: ImportJob) -> HttpResponse:
    counts = preview.counts(job.summary)
    context = {
        "job": job,
        "counts": counts,
        "refused_kept": job.rows.filter(verdict=REFUSE).exists(),
        "missing": preview.missing(job.summary),
        "done": job.state == ImportState.DONE,
        "failed": job.state == ImportState.FAILED,
    }
    return render(request, "programme/imports/result.html", context)


@may_import
@frame.page_with_form
def import_mapping(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say which column of the file is which of ours."""
    job = _job(request, pk)
    if job.state not in {ImportState.MAPPING, ImportState.READY}:
        return redirect("programme:import", pk=job.pk)
    headings = job.summary.get("headings", [])
    mapping = job.mapping or columns.recognise(headings).mapping
    rows = list(job.rows.all()[: actions.SAMPLES])
    form = MappingForm(
        request.POST if request.method == "POST" else None,
        headings=headings,
        mapping=mapping,
        samples=_samples(headings, rows),
        cancel=reverse("programme:import", args=[job.pk]) if job.mapping else "",
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.name_columns(job=job, mapping=form.mapping, at=timezone.now())
        except NotReady as error:
            messages.warning(request, str(error))
        return redirect("programme:import", pk=job.pk)
    context = {"form": form, "heading": "Name the columns", "job": job}
    return render(request, "programme/imports/mapping.html", context)


def _samples(headings: list[str], rows: list) -> dict[str, list[str]]:
    return {
        heading: [text for row in rows if (text := row.cells.get(heading, "").strip())]
        for heading in headings
    }


@may_import
@require_POST
def import_apply(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write what the preview showed."""
    job = _job(request, pk)
    try:
        actions.ask_to_apply(
            job=job,
            fingerprint=request.POST.get("fingerprint", "")[:64].replace("\x00", ""),
            good_rows_only=request.POST.get("rows") == "good",
            at=timezone.now(),
        )
    except NotReady as error:
        messages.warning(request, str(error))
    return redirect("programme:import", pk=job.pk)


@may_import
@require_POST
def import_cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Forget the file."""
    job = _job(request, pk)
    if actions.cancel_import(job=job, at=timezone.now()):
        messages.success(request, f"{job.file_name} was put away. Nothing was imported.")
    else:
        messages.warning(request, "This import is being written or done; it cannot be stopped.")
    return redirect("programme:imports")


@may_import
@require_safe
def import_refused(request: HttpRequest, pk: uuid.UUID) -> StreamingHttpResponse:
    """The refused rows as they came, each with its reason, to correct and import again."""
    job = _job(request, pk)
    headings = preview.refused_columns(job.summary.get("headings", []))
    rows = job.rows.filter(verdict=REFUSE).order_by("number")
    staged = rows.values_list("cells", flat=True).iterator(chunk_size=1000)
    _note_looks(request, (preview.reference_of(cells, job.mapping) for cells in staged))
    name = f"refused-{Path(job.file_name).stem}.csv"
    cells = (preview.refused_cells(row, headings) for row in rows.iterator(chunk_size=1000))
    return csv_response(name, headings, cells)


@may_import
@require_safe
def import_template(_request: HttpRequest) -> StreamingHttpResponse:
    """An empty file with our headings."""
    return csv_response("lxp-import.csv", list(columns.COLUMNS), [])


@may_import
@require_safe
def import_example(_request: HttpRequest) -> FileResponse:
    """The worked example: 28 invented starters."""
    try:
        return FileResponse(EXAMPLE.open("rb"), as_attachment=True, filename=EXAMPLE.name)
    except FileNotFoundError as error:
        raise Http404 from error
