"""Signing in, the warning before the end, typed text and passkeys, in Chromium."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.accounts.conftest import PASSWORD
from tests.browser import scrolls_sideways
from tests.factories import RoleGrantFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UNTIL_WARNING = 28 * 60 * 1000 + 2_000  # milliseconds
PROFILE = "/account/profile/"
WIDTHS = (1280, 390, 320)


@pytest.fixture
def user(account):
    return account("lead", name="Zoë Ó Briain", email="zoe@example.org")


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def start_at(page: Page, path: str, email: str = "zoe@example.org") -> None:
    page.goto(f"{reverse('account_login')}?next={path}")
    sign_in(page, email)
    expect(page).to_have_url(re.compile(re.escape(path) + "$"))


def type_words(page: Page, words: str) -> None:
    page.get_by_label("What you like to be called at work").fill(words)


def typed(page: Page) -> str:
    return page.get_by_label("What you like to be called at work").input_value()


def warning(page: Page):
    return page.get_by_role("dialog", name="You will be signed out soon")


# --- The warning ----------------------------------------------------------------------------------


def test_warning_takes_the_focus_is_announced_and_can_be_put_off_more_than_ten_times(
    page, user, axe
):
    page.clock.install()
    start_at(page, PROFILE)
    for _ in range(11):
        expect(warning(page)).to_be_hidden()
        page.clock.fast_forward(UNTIL_WARNING)
        expect(warning(page)).to_be_visible()
        expect(page.locator("#session-warning-heading")).to_be_focused()
        expect(page.locator("[data-announce]")).to_have_text(
            re.compile("You will be signed out in")
        )
        page.get_by_role("button", name="Stay signed in").press("Enter")
    expect(warning(page)).to_be_hidden()

    page.clock.fast_forward(UNTIL_WARNING)
    axe(page)
    page.keyboard.press("Escape")
    expect(warning(page)).to_be_hidden()


def test_warning_leads_to_the_sign_in_page_and_typed_text_comes_back(page, user):
    page.clock.install()
    start_at(page, PROFILE)
    type_words(page, "peer supporter, 王")
    page.clock.fast_forward(UNTIL_WARNING)
    expect(warning(page)).to_be_visible()
    Session.objects.all().delete()
    page.clock.fast_forward(121_000)

    expect(page.get_by_text("nothing happened for 30 minutes")).to_be_visible()
    sign_in(page, user.email)

    notice = page.get_by_role("status").filter(has_text="What you typed before you were")
    expect(notice).to_be_focused()
    assert typed(page) == "peer supporter, 王"
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Your changes are saved.")).to_be_visible()
    user.refresh_from_db()
    assert user.preferred_role_term == "peer supporter, 王"


# --- Typed text -----------------------------------------------------------------------------------


def test_form_sent_after_the_end_loses_nothing(page, user):
    start_at(page, PROFILE)
    type_words(page, "peer supporter")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save changes").click()

    expect(page.get_by_text("Your last change was not saved.")).to_be_visible()
    sign_in(page, user.email)

    expect(page).to_have_url(re.compile(PROFILE + "$"))
    assert typed(page) == "peer supporter"


def test_typed_text_is_not_shown_to_somebody_else(page, user, account):
    account("lead", email="other@example.org", name="Other")
    start_at(page, PROFILE)
    type_words(page, "something private")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save changes").click()
    sign_in(page, "other@example.org")

    expect(page).to_have_url(re.compile(PROFILE + "$"))
    assert typed(page) == ""
    assert "something private" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_typed_text_is_forgotten_at_signing_out(page, user):
    start_at(page, PROFILE)
    type_words(page, "something private")
    assert "something private" in page.evaluate("JSON.stringify(sessionStorage)")

    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_text("You have signed out.")).to_be_visible()
    assert "something private" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_typed_text_does_not_come_back_unasked(page, user):
    start_at(page, PROFILE)
    type_words(page, "thought better of it")
    page.get_by_role("link", name="Cancel").click()
    page.goto(PROFILE)

    assert typed(page) == ""


def test_password_is_never_kept(page, user):
    start_at(page, reverse("account_change_password"))
    page.get_by_label("Your password now").fill("secret words here")
    page.get_by_label("New password again").fill("more secret words")

    assert "secret words" not in page.evaluate("JSON.stringify(sessionStorage)")


# --- Passkeys -------------------------------------------------------------------------------------


def test_passkey_is_added_and_signs_in(page, user):
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    start_at(page, reverse("mfa_add_webauthn"))
    page.get_by_label("A name for it").fill("Zoë’s phone")
    page.get_by_role("button", name="Add this device").click()
    expect(page.get_by_text("10 of 10 left")).to_be_visible()
    page.goto(reverse("mfa_list_webauthn"))
    expect(page.get_by_role("rowheader", name="Zoë’s phone")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("link", name="Zoë Ó Briain")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    sign_in(page, user.email)
    expect(page.get_by_role("heading", name="Second step", exact=True)).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("link", name="Zoë Ó Briain")).to_be_visible()


def test_passkey_that_is_not_there_is_said_on_the_page_and_not_in_the_console(page, user):
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasUserVerification": False}},
    )
    page.goto(reverse("account_login"))

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used.")


# --- Every page -----------------------------------------------------------------------------------


def looks_right(page: Page, axe) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for _ in range(10):  # the menu folds a moment after the window has changed
            if not scrolls_sideways(page):
                break
            page.wait_for_timeout(100)
        assert not scrolls_sideways(page), f"{page.url} at {width} pixels"
    axe(page)


@pytest.mark.parametrize(
    "path",
    [
        "/account/login/?ended=idle&unsaved=1",
        "/account/signup/",
        "/account/password/reset/",
        "/account/password/reset/sent/",
        "/account/password/reset/done/",
    ],
)
def test_open_pages_fit_and_are_accessible(page, db, axe, path):
    page.goto(path)

    looks_right(page, axe)


def test_pages_of_an_account_fit_and_are_accessible(page, user, axe):
    start_at(page, "/account/")
    names = (
        "accounts:account",
        "accounts:profile",
        "accounts:sessions",
        "account_change_password",
        "account_reauthenticate",
        "account_logout",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
    )
    for name in names:
        page.goto(reverse(name))
        looks_right(page, axe)


def test_pages_of_an_administrator_fit_and_are_accessible(page, administrator, axe):
    other = UserFactory(name="Łukasz " + "Long-name " * 6, email="lukasz@example.org")
    grant = RoleGrantFactory(user=other, role="panel_member")
    start_at(page, "/users/", administrator.email)
    pages = ("user", "edit-user", "give-role", "deactivate", "remove-second-step")
    paths = [reverse(f"accounts:{name}", args=[other.pk]) for name in pages]
    paths += [
        reverse("accounts:end-role", args=[other.pk, grant.pk]),
        reverse("accounts:users"),
        reverse("accounts:add-user"),
        reverse("accounts:sites"),
        reverse("accounts:add-site"),
    ]
    for path in paths:
        page.goto(path)
        looks_right(page, axe)
