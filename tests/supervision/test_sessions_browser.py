"""A supervisor on a phone: a plain session, and one whose connection goes; a worker who answers."""

import pytest
from django.contrib.sessions.models import Session as SignIn
from django.utils import timezone
from playwright.sync_api import expect

from supervision.models import Draft, Session, SessionRecord
from tests.browser import PHONE, scrolls_sideways
from tests.supervision.pages import at, plan
from tests.supervision.pages import page as address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


# Every click anywhere, also one by a key, over all pages of a tab.
COUNT_CLICKS = """
addEventListener("click", () => {
  sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1;
}, true);
"""


@pytest.fixture
def home(agreement, signed_in_page):
    """The supervisor's page of people on a phone, with every click counted."""
    page = signed_in_page(agreement.supervisor)
    page.set_viewport_size(PHONE)
    page.add_init_script(COUNT_CLICKS)
    page.goto("/supervision/")
    return page


def clicks(page) -> int:
    return page.evaluate("Number(sessionStorage.clicks ?? 0)")


def test_a_plain_session_is_one_click_from_home_and_one_to_save_it(agreement, home):
    today, before = timezone.localdate(), timezone.now()
    home.get_by_role("link", name="Log a session").click()
    expect(home.get_by_role("button", name="Save session")).to_be_visible()
    assert clicks(home) == 1
    assert home.get_by_role("textbox", name="Length in minutes").input_value() == "60"

    home.get_by_role("button", name="Save session").click()

    expect(home.get_by_text("Session saved.")).to_be_visible()
    assert clicks(home) == 2
    kept = Session.objects.get()
    assert (kept.status, timezone.localdate(kept.starts_at), kept.minutes) == (
        "attended",
        today,
        60,
    )
    assert kept.starts_at <= before
    assert not SessionRecord.objects.exists()


def test_a_session_that_was_planned_is_one_click_in_all(agreement, home):
    planned = plan(agreement, -1)
    home.reload()

    home.get_by_role("button", name="Held as planned").click()

    expect(home.get_by_text("Saved.", exact=True)).to_be_visible()
    assert clicks(home) == 1
    planned.refresh_from_db()
    assert (planned.status, planned.starts_at) == ("attended", at(-1))


def test_what_is_typed_without_a_connection_or_after_the_sign_in_ended_is_kept(
    agreement, home, signed_in_page, problems
):
    home.goto(address("log-session", agreement))
    words = home.get_by_label("What you agreed")
    home.context.set_offline(True)
    words.press_sequentially("On the train")
    problem = home.get_by_role("alert").filter(has_text="Not saved just now")
    expect(problem).to_be_visible(timeout=15_000)
    assert not Draft.objects.exists()
    home.context.set_offline(False)
    words.press_sequentially(", in a tunnel")
    expect(home.locator("[data-autosave-saved]")).to_contain_text("Saved at", timeout=15_000)
    expect(problem).to_be_hidden()
    assert Draft.objects.count() == 1

    SignIn.objects.all().delete()
    words.press_sequentially(", and after the sign-in had ended")
    home.get_by_role("button", name="Save session").click()
    expect(home.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert not Session.objects.exists()
    page = signed_in_page(agreement.supervisor)
    page.goto(address("log-session", agreement))

    expect(words).to_have_value("On the train, in a tunnel, and after the sign-in had ended")
    assert [one.split(": ")[0] for one in problems] == ["console error"]  # of the connection
    assert "ERR_INTERNET_DISCONNECTED" in problems.pop()


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
