"""A supervisor on a phone whose connection goes, and a worker who answers; with the keyboard."""

import pytest
from playwright.sync_api import expect

from supervision.models import Draft, Session, SessionRecord
from tests.browser import PHONE, scrolls_sideways
from tests.supervision.pages import page as address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_typed_words_outlive_a_lost_connection_and_both_agree(agreement, signed_in_page, axe):
    page = signed_in_page(agreement.supervisor)
    page.set_viewport_size(PHONE)
    page.goto("/supervision/")
    page.get_by_role("link", name="Log a session").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Log a session")
    axe(page)
    page.get_by_label("What you agreed").fill("A quiet room on Tuesdays")
    expect(page.locator("[data-autosave-saved]")).to_contain_text("Saved at", timeout=15_000)
    assert Draft.objects.count() == 1

    page.goto(address("log-session", agreement))  # as after a crash, or signing in again
    expect(page.get_by_label("What you agreed")).to_have_value("A quiet room on Tuesdays")
    assert "not saved yet" in page.inner_text("main")
    page.get_by_role("button", name="Save session").press("Enter")
    expect(page.get_by_role("heading", level=2, name="Record")).to_be_visible()
    assert not scrolls_sideways(page)
    assert not Draft.objects.exists()

    page = signed_in_page(agreement.person.user)
    page.goto(address("session", Session.objects.get()))
    axe(page)
    page.get_by_role("button", name="Confirm").press("Enter")
    expect(page.get_by_text("Agreed by both", exact=True)).to_be_visible()
    assert SessionRecord.objects.get().state == "agreed"
    page.goto(address("sessions", agreement))
    axe(page)
    assert not scrolls_sideways(page)
