"""A lead signs in, imports the trust's spreadsheet and reads what became of its starters.

Once at a desk and once at a phone's width, with the keyboard alone. The `page` fixture fails the
test on any console message, page error or request to another host.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.factories import RoleGrantFactory, UserFactory

PILOT = Path(__file__).parents[2] / "docs" / "examples" / "lxp-pilot.csv"
PASSWORD = "peer-demo-2026"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lead():
    user = UserFactory(email="lead@example.org", name="Łukasz Ó Briain")
    user.set_password(PASSWORD)
    user.save()
    RoleGrantFactory(user=user, role="lead")
    return user


def press_tab_until_focused(page: Page, name: str, role: str = "button") -> None:
    """Move with the keyboard alone to the control with this accessible name."""
    wanted = page.get_by_role(role, name=name, exact=True)
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"The keyboard never reached {name!r}.")


@pytest.mark.parametrize("width", [1280, 390])
def test_from_sign_in_to_retention_with_the_keyboard_alone(page, live_server, axe, lead, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/")
    axe(page)

    page.get_by_label("Email").focus()
    page.keyboard.type("lead@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/")
    axe(page)

    page.goto(f"{live_server.url}/import/")
    axe(page)
    page.locator("input[type=file]").set_input_files(PILOT)
    press_tab_until_focused(page, "Read the file")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("lxp-pilot.csv")
    expect(page.locator("main")).to_contain_text(re.compile(r"28\D+new", re.IGNORECASE))
    axe(page)
    press_tab_until_focused(page, "Import all rows")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("28")
    axe(page)

    page.goto(f"{live_server.url}/dashboard/")
    funnel = page.get_by_test_id("funnel")
    for people in ("28", "10", "7"):
        expect(funnel).to_contain_text(people)
    retention = page.get_by_test_id("retention-24")
    expect(retention).to_contain_text("100")
    expect(retention).to_contain_text("65")
    axe(page)
    for image in page.locator("main img").all():
        assert image.evaluate("image => image.complete && image.naturalWidth > 0")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
