"""From the last result to the certificate, in a real browser: trainer, then trainee on a phone."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE, scrolls_sideways
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    EnrolmentFactory,
    PersonFactory,
    RequirementFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_trainee_completes_and_takes_the_certificate(
    user_with_role, signed_in_page, axe, problems, live_server
):
    essay = RequirementFactory(name="Reflective essay")
    cohort = CohortFactory(name="Autumn", programme_version=essay.version)
    trainee = user_with_role("trainee")
    person = PersonFactory(user=trainee, first_name="Zoë", last_name="Ó Briain")
    place = EnrolmentFactory(cohort=cohort, person=person)
    today = dt.date.today()
    AttendanceFactory(
        enrolment=place, session__cohort=cohort, session__held_on=today, session__topic="Endings"
    )

    page = signed_in_page(user_with_role("trainer"))
    page.goto(f"/cohorts/{cohort.pk}/requirements/")
    axe(page)
    page.get_by_role("button", name="Record a result for several trainees").click()
    page.get_by_label("Requirement").select_option(label="Reflective essay")
    page.get_by_label("Met", exact=True).check()
    page.get_by_label("Zoë Ó Briain").check()
    axe(page)
    page.get_by_role("button", name="Save results").click()
    page.get_by_role("link", name="Zoë Ó Briain").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zoë Ó Briain")
    axe(page)
    page.get_by_role("button", name="Confirm completion").click()
    page.get_by_role("button", name="Confirm completion").click()
    page.get_by_text("They have completed Autumn.").wait_for()

    page.set_viewport_size(PHONE)
    page = signed_in_page(trainee)
    page.goto("/my-record/training/")
    axe(page)
    assert not scrolls_sideways(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my certificate").click()
    assert download.value.suggested_filename == "certificate.pdf"
    page.get_by_role("link", name="Give feedback on Endings").click()
    page.get_by_role("group", name="How useful").get_by_label("A lot").check()
    page.get_by_role("group", name="How able").get_by_label("Very much").check()
    page.get_by_role("button", name="Send feedback").click()
    page.get_by_text("Your feedback is sent without your name.").wait_for()
