"""The attendance grid in a real browser: keys, two people at once, and a lost connection."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from programme.models import Attendance
from tests.browser import PHONE, scrolls_sideways
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    EnrolmentFactory,
    TrainingSessionFactory,
    UserFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = dt.date(2022, 1, 10)


def test_a_cohort_is_marked_by_keyboard_and_nothing_is_lost(
    lead, signed_in_page, axe, problems, live_server
):
    cohort = CohortFactory()
    first = TrainingSessionFactory(cohort=cohort, held_on=DAY, topic="Values")
    TrainingSessionFactory(cohort=cohort, held_on=DAY + dt.timedelta(7), topic="Rights")
    zoe, ada = (
        EnrolmentFactory(cohort=cohort, person__first_name=name, person__last_name=last)
        for name, last in (("Zoë", "Ahmed"), ("Ada", "Nowak"))
    )
    page = signed_in_page(lead)
    page.goto(f"/cohorts/{cohort.pk}/attendance/")
    axe(page)

    # Letters mark and go down; arrows move.
    page.locator("td").first.click()
    page.keyboard.press("a")
    page.keyboard.press("p")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("n")
    expect(page.get_by_text("Everything is saved.")).to_be_visible()
    expect(page.locator("td[data-state=saved]")).to_have_count(3)
    assert set(Attendance.objects.values_list("enrolment", "session__topic", "state")) == {
        (zoe.pk, "Values", "attended"),
        (ada.pk, "Values", "part"),
        (zoe.pk, "Rights", "absent"),
    }

    # Somebody else was quicker: both marks are shown, and one is chosen.
    theirs = Attendance.objects.get(enrolment=zoe, session=first)
    theirs.state, theirs.revision, theirs.marked_by = "apology", 2, UserFactory(name="Siân")
    theirs.save()
    page.locator("td").first.click()
    page.keyboard.press("n")
    expect(page.get_by_text("you typed “Absent”, Siân saved “Absent with apology”")).to_be_visible()
    expect(page.locator("td").first).to_have_text("N≠S")
    axe(page)
    page.get_by_role("button", name="Save mine").click()
    expect(page.get_by_text("Everything is saved.")).to_be_visible()
    theirs.refresh_from_db()
    assert (theirs.state, theirs.revision) == ("absent", 3)

    # A lost connection keeps what was typed, and sends it when it is back.
    page.context.set_offline(True)
    page.locator("td").last.click()
    page.keyboard.press("s")
    expect(page.get_by_text("1 mark is kept here and not saved yet.")).to_be_visible()
    expect(page.locator("td").last).to_have_text("S")
    page.context.set_offline(False)
    expect(page.get_by_text("Everything is saved.")).to_be_visible()
    assert Attendance.objects.get(enrolment=ada, session__topic="Rights").state == "apology"
    # The browser's console tells of a refusal and of a lost connection as well.
    page.close()
    problems[:] = [one for one in problems if "Failed to load resource" not in one]


def test_what_was_typed_before_the_page_was_opened_again_is_sent(lead, signed_in_page):
    row = AttendanceFactory(state="attended", session__held_on=DAY)
    page = signed_in_page(lead)
    address = f"/cohorts/{row.cohort_id}/attendance/"
    page.goto(address)
    kept = f'[["{row.enrolment_id} {row.session_id}", "P", "1"]]'
    page.evaluate(
        "kept => sessionStorage.setItem(document.getElementById('attendance').dataset.keep, kept)",
        kept,
    )
    page.goto(address)
    expect(page.locator("td[data-state=saved]")).to_have_text("P")
    row.refresh_from_db()
    assert row.state == "part"
    page.set_viewport_size(PHONE)
    assert not scrolls_sideways(page)
    page.get_by_role("link", name="10 Jan 2022").click()
    page.get_by_role("combobox").select_option("Absent")
    page.get_by_role("button", name="Save register").click()
    expect(page.get_by_text("The register is saved.")).to_be_visible()
    row.refresh_from_db()
    assert row.state == "absent"
    assert not scrolls_sideways(page)
