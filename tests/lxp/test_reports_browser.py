"""In a real browser: a report made while one waits or is elsewhere, and the planning page."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from lxp import tasks
from programme.models import ReportJob
from tests.browser import PHONE, scrolls_sideways
from tests.lxp.test_dashboard import add_pilot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_lead_plans_and_gets_a_report_while_elsewhere(lead, signed_in_page, axe):
    add_pilot()
    page = signed_in_page(lead)
    page.goto("/dashboard/")
    page.get_by_role("link", name="Make a report for the board").click()
    page.get_by_label("Internal: exact numbers").check()
    page.get_by_role("button", name="Make the report").click()
    expect(page.get_by_text("The report is being made")).to_be_visible()
    axe(page)
    page.goto("/dashboard/planning/")
    page.get_by_label("How many people do you want in post?").fill("12")
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="Work it out").click()
    expect(page.get_by_test_id("answer")).to_contain_text("To have 12 people in post on")
    axe(page)
    assert not scrolls_sideways(page)
    job = ReportJob.objects.get()
    page.goto(f"/dashboard/reports/{job.pk}/")
    expect(page.get_by_text("The report is being made")).to_be_visible()

    tasks.make_report(job_id=str(job.pk))

    ready = page.get_by_role("button", name="Download the report")
    expect(ready).to_be_visible(timeout=10_000)  # the page asks by itself
    axe(page)
    with page.expect_download() as download:
        ready.click()
    assert download.value.suggested_filename == (
        f"board-report-internal-{dt.date.today().isoformat()}.pdf"
    )
