"""Check-ins on a phone: opt in, the first one, one person reads it and only it, taken back, a low
answer, somebody asked and answering, the trend, a download, deleted, stop asking."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser import PHONE, scrolls_sideways
from tests.factories import PersonFactory, RoleGrantFactory, SpellFactory, UserFactory
from wellbeing.models import CheckIn, Rhythm

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = dt.timedelta(days=1)
GOOD = ("Enough", "Well", "Comfortable", "Mostly", "Mostly")
HARD = ("Hardly any", "Not at all", "Too heavy", "Hardly ever", "Not at all")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.press("Enter")
    assert not scrolls_sideways(page)


def follow(page: Page, name: str) -> None:
    """A link, or one that looks like a button."""
    page.locator("main a", has_text=name).first.press("Enter")
    page.wait_for_load_state()
    assert not scrolls_sideways(page)


def answer(page: Page, answers: tuple[str, ...], line: str = "") -> None:
    groups = page.locator("main form fieldset")
    for place, words in enumerate(answers):
        groups.nth(place).get_by_label(words, exact=True).check()
    page.get_by_label("Is there anything you would like to add?").fill(line)


@pytest.fixture
def worker():
    person = PersonFactory(user=UserFactory(name="Zoë Ó Briain"), first_name="Zoë")
    RoleGrantFactory(user=person.user, role="peer_worker")
    SpellFactory(person=person, started_on=timezone.localdate() - 400 * DAY)
    return person


@pytest.fixture
def marcus(worker):
    user = UserFactory(name="Marcus 王")
    RoleGrantFactory(user=user, role="supervisor")
    return user


def test_a_check_in_belongs_to_the_worker(worker, marcus, signed_in_page, axe):
    page = signed_in_page(worker.user)
    page.set_viewport_size(PHONE)

    # Opt in
    page.goto("/check-ins/")
    axe(page)
    follow(page, "Ask me now and then")
    press(page, "Show what changes")
    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()
    axe(page)
    press(page, "Save")
    expect(page.get_by_text("You are next asked on")).to_be_visible()

    # The first check-in
    Rhythm.objects.update(
        next_on=timezone.localdate() - DAY, settled_on=timezone.localdate() - 20 * DAY
    )
    page.goto("/")
    follow(page, "Check in, if you like")
    expect(page.get_by_role("heading", name="Before you begin")).to_be_visible()
    axe(page)
    answer(page, GOOD, line="A quiet week")
    expect(page.locator("[data-autosave-saved]")).to_contain_text("Saved at", timeout=15_000)
    page.goto("/check-ins/new/")  # as after a crash, or on another device
    expect(page.get_by_label("Is there anything you would like to add?")).to_have_value(
        "A quiet week"
    )
    press(page, "Finish")
    expect(page.get_by_role("heading", name="Who may see this one?")).to_be_visible()
    axe(page)

    # One person reads it, and only it
    follow(page, "Let one person read it")
    page.get_by_label("Who may read it?").select_option(str(marcus.pk))
    axe(page)
    press(page, "Let them read this one")
    expect(page.get_by_text("They can read this one, and no other.")).to_be_visible()
    axe(page)
    own = page.url
    page = signed_in_page(marcus)
    page.goto("/")
    follow(page, "Read it")
    axe(page)
    follow(page, "Zoë")
    expect(page.get_by_text("A quiet week")).to_be_visible()
    axe(page)
    shared = page.url
    page = signed_in_page(worker.user)
    page.goto(own)
    press(page, "Take it back")
    page = signed_in_page(marcus)
    assert page.request.get(shared).status == 404
    assert page.request.get(own).status == 404

    # A low answer; somebody asked, and answering
    page = signed_in_page(worker.user)
    page.goto("/check-ins/new/")
    answer(page, HARD)
    press(page, "Finish")
    follow(page, "Ask somebody to contact me")
    axe(page)
    page.get_by_label("Who should get in touch?").select_option(str(marcus.pk))
    page.get_by_label("Phone", exact=True).check()
    press(page, "Send request")
    page = signed_in_page(marcus)
    page.goto("/")
    follow(page, "Contact requested")
    assert "check-in" not in page.inner_text("main").lower()
    axe(page)
    follow(page, "Zoë")
    follow(page, "I have been in touch")
    press(page, "I have been in touch")
    page = signed_in_page(worker.user)
    page.goto("/contact/")
    expect(page.get_by_text("been in touch").first).to_be_visible()

    # The trend, a download, deleted, stop asking
    page.goto("/check-ins/trend/")
    assert page.locator(".lxp-chart__picture").evaluate("picture => picture.naturalWidth") > 0
    axe(page)
    with page.expect_download() as started:
        page.get_by_role("link", name="All my check-ins (JSON)").click()
    kept = json.loads(Path(started.value.path()).read_text())["check_ins"]
    assert [one["codes"]["energy"] for one in kept] == ["1", "4"]
    page.goto(own)
    follow(page, "Delete this check-in")
    press(page, "Delete it")
    assert CheckIn.objects.count() == 1
    follow(page, "Stop asking me")
    press(page, "Stop asking")
    expect(page.get_by_text("You are not asked any more")).to_be_visible()
    assert not Rhythm.objects.exists()


def test_a_check_in_works_without_scripts(browser, live_server, worker, client):
    client.force_login(worker.user, backend="accounts.backends.AccountBackend")
    context = browser.new_context(
        viewport=PHONE, base_url=live_server.url, java_script_enabled=False
    )
    for name, cookie in client.cookies.items():
        context.add_cookies([{"name": name, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()

    page.goto("/check-ins/new/")
    answer(page, GOOD)
    page.get_by_role("button", name="Finish").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    context.close()
    assert CheckIn.objects.get().answered["energy"] == "4"
