"""The board in a real browser: a card is dragged, and another is moved by the keyboard."""

import pytest
from playwright.sync_api import expect

from tests.factories import ApplicantFactory, RoundFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_cards_are_moved_by_mouse_and_by_keyboard(lead, signed_in_page):
    shown = RoundFactory()
    ApplicantFactory(round=shown, first_name="Siân", last_name="Davies")
    ApplicantFactory(round=shown, first_name="Łukasz", last_name="Nowak")
    page = signed_in_page(lead)
    page.goto(f"/recruitment/{shown.pk}/board/")
    columns = page.locator("[data-stage]")
    card = page.locator(".lxp-card")
    card.filter(has_text="Siân Davies").drag_to(columns.nth(2))
    expect(page.get_by_text("One applicant moved to “interview”")).to_be_visible()
    page.get_by_label("Choose Łukasz Nowak").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Choose Siân Davies")).to_be_focused()
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.get_by_text("One applicant moved to “shortlisting”")).to_be_visible()
    page.get_by_label("Choose Łukasz Nowak").check()
    page.get_by_label("Move who is chosen to").select_option("not selected")
    page.get_by_role("button", name="Move").click()
    page.get_by_label("There was no place left").check()
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_text("One applicant moved to “not selected”")).to_be_visible()
