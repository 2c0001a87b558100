"""Somebody applies on a phone: it is saved by itself, they come back by their link, send, follow
the steps and withdraw. Without an account throughout."""

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from programme.applicant_mail import deliver_waiting
from programme.models import Applicant, EqualityAnswers
from tests.browser import PHONE, scrolls_sideways
from tests.factories import RoundFactory, RoundQuestionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    assert not scrolls_sideways(page)


def test_an_applicant_writes_comes_back_sends_follows_and_withdraws(page, axe):
    offered = RoundFactory(title="Peer worker, Elm ward")
    RoundQuestionFactory(round=offered, text="Why this ward?")
    page.set_viewport_size(PHONE)

    page.goto("/apply/")
    page.get_by_role("link", name="Peer worker, Elm ward").click()
    heading(page, "Peer worker, Elm ward")
    axe(page)
    page.get_by_label("Last name").fill("Ó Briain 王")
    page.get_by_label("How would you use").fill("I would listen.")
    expect(page.locator("[data-autosave-saved]")).to_contain_text("Saved at", timeout=15_000)
    link = page.locator("[data-autosave-link]").inner_text()
    assert Applicant.objects.get().statement == "I would listen."

    page.goto("/apply/")
    page.goto("/apply/mine/" + link.partition("/apply/mine/")[2])
    heading(page, "Saved, and not sent yet")
    page.get_by_role("button", name="Go on with it").click()
    expect(page.get_by_label("Last name")).to_have_value("Ó Briain 王")
    press(page, "Send application")
    expect(page.get_by_role("alert").first).to_contain_text("Enter email address")
    expect(page.get_by_label("How would you use")).to_have_value("I would listen.")

    page.get_by_label("Email address").fill("zoe@example.org")
    page.get_by_label("Why this ward?").fill("I know it.")
    page.get_by_label("I have read what I wrote").check()
    press(page, "Send application")
    heading(page, "One last step, if you like")
    axe(page)
    page.get_by_role("group", name="How old are you?").get_by_label("Prefer not to say").check()
    press(page, "Send answers")
    heading(page, "Thank you")
    page.get_by_role("button", name="See what happens next").click()

    heading(page, "Your application")
    expect(page.get_by_text("It is our turn.")).to_be_visible()
    axe(page)
    applicant = Applicant.objects.get()
    assert (str(applicant), applicant.stage.kind) == ("Ó Briain 王", "applied")
    assert EqualityAnswers.objects.count() == 1
    deliver_waiting(at=timezone.now())
    assert [message.subject for message in mail.outbox] == ["Thank you, we have received it"]

    page.get_by_role("link", name="withdraw your application").click()
    page.get_by_label("Not the right time").check()
    press(page, "Withdraw application")
    expect(page.get_by_text("You have withdrawn, and nothing more will happen.")).to_be_visible()
    applicant.refresh_from_db()
    assert (applicant.stage.kind, applicant.reason) == ("withdrew", "timing")
