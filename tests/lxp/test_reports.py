"""Reports: asked for on a page, made by the worker, downloaded by who asked, with the numbers of
the dashboard."""

import datetime as dt
import io
import re

import pypdf
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from lxp import report_files, tasks
from lxp.figures_words import WORDS
from programme.actions import reports as actions
from programme.models import ReportJob, ReportState
from tests.design.test_pdf import tags, words
from tests.lxp.test_dashboard import add_pilot

pytestmark = pytest.mark.django_db
ASK = "/dashboard/reports/"
DAY = dt.date(2024, 6, 30)


@pytest.fixture(autouse=True)
def hinted(monkeypatch) -> list:
    """What the broker was told; nothing is sent."""
    sent = []
    monkeypatch.setattr(actions.current_app, "send_task", lambda *a, **k: sent.append((a, k)))
    return sent


def asked(client, **changed) -> ReportJob:
    day = changed.pop("day", DAY)
    boxes = {"as_at_0": day.day, "as_at_1": day.month, "as_at_2": day.year}
    data = {"kind": "board", "mode": "internal"} | boxes | changed
    response = client.post(ASK, data)
    assert response.status_code == 302, response.content.decode()
    return ReportJob.objects.latest("asked_at")


def made(client, **changed) -> ReportJob:
    job = asked(client, **changed)
    tasks.make_report(job_id=str(job.pk))
    job.refresh_from_db()
    return job


def page_of(client, job, **headers) -> str:
    return client.get(reverse("report", args=[job.pk]), headers=headers).content.decode()


def file_of(client, job) -> bytes:
    return client.get(reverse("report-file", args=[job.pk])).content


def pdf_of(client, **changed) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(file_of(client, made(client, **changed))), strict=True)


# --- On the way -----------------------------------------------------------------------------------


def test_a_report_is_made_by_the_worker_while_one_may_leave(
    lead_client, hinted, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        job = asked(lead_client)

    assert hinted == [((actions.MAKE,), {"kwargs": {"job_id": str(job.pk)}})]
    assert "The report is being made" in page_of(lead_client, job)
    waiting = lead_client.get(reverse("report", args=[job.pk]), headers={"HX-Request": "true"})
    assert (waiting.status_code, "HX-Refresh" in waiting) == (204, False)
    assert lead_client.get(reverse("report-file", args=[job.pk])).status_code == 404

    tasks.make_report(job_id=str(job.pk))

    ready = lead_client.get(reverse("report", args=[job.pk]), headers={"HX-Request": "true"})
    assert ready["HX-Refresh"] == "true"
    assert "Download the report" in page_of(lead_client, job)
    assert "Ready" in lead_client.get(ASK).content.decode()
    file = lead_client.get(reverse("report-file", args=[job.pk]))
    assert file["Content-Type"] == "application/pdf"
    assert 'filename="board-report-internal-2024-06-30.pdf"' in file["Content-Disposition"]


def test_a_report_is_for_who_asked_and_for_nobody_else(lead_client, user_with_role, sign_in):
    job = made(lead_client)
    other = sign_in(user_with_role("lead"))

    assert other.get(reverse("report", args=[job.pk])).status_code == 404
    assert other.get(reverse("report-file", args=[job.pk])).status_code == 404
    assert str(job.pk) not in other.get(ASK).content.decode()


def test_every_report_leaves_who_asked_for_what_and_no_file_in_the_history(lead, lead_client):
    job = made(lead_client, mode="published")

    events = ReportJob.pgh_event_models["insert"].objects.filter(pgh_obj_id=job.pk)
    [first] = events.filter(pgh_label="insert")
    assert (first.asked_by_id, first.kind, first.mode, first.as_at) == (
        lead.pk,
        "board",
        "published",
        DAY,
    )
    assert "content" not in {field.name for field in events.model._meta.fields}


def test_a_second_worker_makes_nothing_and_a_lost_one_is_followed_by_another(lead_client, hinted):
    job = asked(lead_client)
    now = timezone.now()
    made_by = []

    def make(job):
        made_by.append(job)
        actions.make_report(job_id=job.pk, make=make, at=now)
        if len(made_by) == 1:
            raise ConnectionError
        return b"%PDF-", "board.pdf"

    with pytest.raises(ConnectionError):
        actions.make_report(job_id=job.pk, make=make, at=now)
    assert len(made_by) == 1
    assert actions.resume_reports(at=now) == 0

    later = now + actions.LEASE + dt.timedelta(seconds=1)
    assert actions.resume_reports(at=later) == 1
    actions.make_report(job_id=job.pk, make=make, at=later)

    job.refresh_from_db()
    assert (job.state, bytes(job.content)) == (ReportState.READY, b"%PDF-")


def test_a_report_that_never_succeeds_is_given_up(lead_client):
    job = asked(lead_client)

    def make(_job):
        raise ConnectionError

    now = timezone.now()
    for attempt in range(actions.MOST_ATTEMPTS):
        with pytest.raises(ConnectionError):
            actions.make_report(job_id=job.pk, make=make, at=now + 2 * attempt * actions.LEASE)
    actions.make_report(job_id=job.pk, make=make, at=now + 9 * actions.LEASE)

    assert "could not be made in three tries" in page_of(lead_client, job)


def test_a_broker_that_is_away_loses_no_report(
    lead_client, monkeypatch, django_capture_on_commit_callbacks
):
    def gone(*_args, **_kwargs):
        raise OperationalError

    monkeypatch.setattr(actions.current_app, "send_task", gone)
    with django_capture_on_commit_callbacks(execute=True):
        job = asked(lead_client)

    assert job.state == ReportState.WAITING
    assert actions.resume_reports(at=timezone.now()) == 1


def test_a_file_is_removed_after_a_week(lead_client):
    job = made(lead_client)

    actions.resume_reports(at=job.finished_at + actions.KEPT + dt.timedelta(seconds=1))

    job.refresh_from_db()
    assert (job.state, job.content) == (ReportState.REMOVED, None)
    assert "kept for a week and is removed" in page_of(lead_client, job)
    assert lead_client.get(reverse("report-file", args=[job.pk])).status_code == 404


def test_the_sixth_report_waits_until_one_is_made(lead_client):
    for _ in range(actions.MOST_WAITING):
        asked(lead_client)

    boxes = {"as_at_0": 30, "as_at_1": 6, "as_at_2": 2024}
    page = lead_client.post(ASK, {"kind": "board", "mode": "published"} | boxes)

    assert "still being made" in page.content.decode()
    assert ReportJob.objects.count() == actions.MOST_WAITING


def test_who_lost_the_role_meanwhile_gets_no_report(lead, lead_client):
    job = asked(lead_client)
    lead.grants.update(ends_on=timezone.localdate())

    tasks.make_report(job_id=str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.problem) == (ReportState.FAILED, report_files.NOT_ALLOWED)


def test_exact_figures_close_with_the_role_though_the_report_is_made(lead, lead_client):
    exact, published = made(lead_client), made(lead_client, mode="published")
    lead.grants.update(role="evaluator")
    status = [
        lead_client.get(reverse(name, args=[job.pk])).status_code
        for job in (exact, published)
        for name in ("report", "report-file")
    ]
    assert status == [404, 404, 200, 200]
    assert list(lead_client.get(ASK).context["recent"]) == [published]


def test_an_evaluator_cannot_ask_for_internal_figures(user_with_role, sign_in):
    client = sign_in(user_with_role("evaluator"))

    refused = client.post(
        ASK, {"kind": "board", "mode": "internal", "as_at_0": 1, "as_at_1": 6, "as_at_2": 2024}
    )

    assert refused.status_code == 200
    assert ReportJob.objects.count() == 0
    assert made(client, mode="published").state == ReportState.READY


@pytest.mark.parametrize(
    ("day", "said"), [((1, 1, 2031), "today or in the past"), ((1, 1, 1940), "1948 or later")]
)
def test_a_day_without_figures_is_refused(lead_client, day, said):
    boxes = dict(zip(("as_at_0", "as_at_1", "as_at_2"), day, strict=True))

    page = lead_client.post(ASK, {"kind": "board", "mode": "published"} | boxes)

    assert said in page.content.decode()


def test_the_list_asks_the_same_of_one_report_and_of_three(lead_client):
    numbers = []
    for more in (1, 2):
        for _ in range(more):
            asked(lead_client)
        with CaptureQueriesContext(connection) as queries:
            lead_client.get(ASK)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 20


# --- The board report -----------------------------------------------------------------------------


def figures_on(page: str) -> list[tuple[str, str]]:
    """Labels and values of the headline figures of a page."""
    pattern = r'__label">(?:<a[^>]*>)?(.*?)<.*?__value[^>]*>(.*?)<'
    found = re.findall(pattern, page[page.index("lxp-figures") :], re.DOTALL)
    return [tuple(" ".join(part.split()) for part in pair) for pair in found]


def value_of(one: dict, mode: str) -> str:
    """A share of `/dashboard/figures.json` as a table says it."""
    if one["hidden"]:
        return "*"
    if one["value"] is None:
        return "Not applicable"
    return f"{100 * one['value']:,.{0 if mode == 'published' else 1}f}%"


@pytest.mark.parametrize("mode", ["internal", "published"])
def test_the_board_report_has_the_numbers_of_the_page(lead_client, mode):
    add_pilot(people=60, completed=40, employed=20)
    query = {"as_at": DAY.isoformat(), "mode": mode}
    funnel = lead_client.get("/dashboard/funnel.json", query).json()["stages"]
    retention = lead_client.get("/dashboard/retention.json", query).json()["groups"][0]

    document = pdf_of(lead_client, mode=mode)
    said = words(document)

    assert document.metadata.title == "Peer-worker programme: board report as at 30 June 2024"
    names = ("Applied", "Started training", "Completed training", "Employed")
    for stage, name in zip(funnel, names, strict=False):
        assert f"{name} {'*' if stage['people'] is None else stage['people']} " in said
    for one in retention["milestones"]:
        eligible, in_post = ("*" if one[n] is None else one[n] for n in ("eligible", "in_post"))
        assert f"{one['months']} {eligible} {in_post} " in said
    every = lead_client.get("/dashboard/figures.json", query).json()["figures"]
    rows = [(WORDS[one["figure"]].name, one) for one in every if one["unit"] == "share"]
    short = [(name, one) for name, one in rows if len(name) < 30]  # longer ones are broken
    assert len(short) > 5
    for name, one in short:
        assert f"{name} {value_of(one, mode)} " in said
    shown = figures_on(lead_client.get("/dashboard/", query).content.decode())
    assert len(shown) > 8
    for label, value in shown:
        assert f"{label} {value}" in said


def test_the_board_report_is_accessible_and_says_what_it_is(lead_client):
    add_pilot()

    document = pdf_of(lead_client)

    root = document.trailer["/Root"]
    found = tags(root["/StructTreeRoot"])
    alts = [alt for name, alt in found if name == "/Figure"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "en-GB")
    assert [alt.split(":")[0] for alt in alts] == [
        "Bar chart with a bar for each stage",
        (
            "Step curve of the share still in post by months since the start. The tables give its "
            "numbers."
        ),
    ]
    assert sum(name == "/Table" for name, _ in found) >= 4
    pages = [page.extract_text() for page in document.pages]
    assert [page.count("Internal: exact figures, do not pass on") for page in pages] == [1] * len(
        pages
    )
    assert "Kaplan–Meier" in words(document)


def test_a_published_board_report_hides_what_the_page_hides(lead_client):
    add_pilot()

    said = words(pdf_of(lead_client, mode="published"))

    assert "Internal" not in said
    assert "Applied 30 " in said
    assert "Employed * " in said
    assert "28" not in said


def test_published_figures_are_of_the_last_day_of_a_quarter(lead_client):
    with time_machine.travel(dt.datetime(2024, 8, 9, 12, tzinfo=dt.UTC), tick=False):
        job = asked(lead_client, mode="published", day=dt.date(2024, 8, 9))

    assert job.as_at == DAY


def test_a_report_without_any_record_is_made_too(lead_client):
    for kind in ("board", "workforce", "workforce-xlsx"):
        for mode in ("internal", "published"):
            assert made(lead_client, kind=kind, mode=mode).state == ReportState.READY
