"""The real pages in Chromium: fixtures for tests marked `browser`.

`page` fails its test on any console error or warning, uncaught error, or request to another host.
Without Chromium these tests are skipped with one line that says so.
"""

import os
import shutil
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

# The same engine without a window's parts first: it needs little more than half the processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), "")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser():
    """Chromium, started once for the session."""
    if not CHROMIUM:
        pytest.skip("Browser tests need Chromium: install your system's chromium package.")
    from playwright.sync_api import sync_playwright

    # The driver runs an event loop in the test's own thread; the tests are synchronous still.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def problems() -> list[str]:
    """What the page has complained about so far; must be empty when the test ends."""
    return []


@pytest.fixture
def page(browser, live_server, problems):
    """A page of 1280 pixels' width in a fresh browser profile."""
    context = browser.new_context(viewport=DESK, base_url=live_server.url, locale="en-GB")
    opened = context.new_page()
    watch(opened, live_server.url, problems)
    yield opened
    context.close()
    assert problems == []


def watch(page, own_address: str, problems: list[str]) -> None:
    """Write down everything that a good page never does."""

    def said(message):
        if message.type in {"error", "warning"}:
            problems.append(f"console {message.type}: {message.text}")

    def asked(request):
        if not request.url.startswith((own_address, "data:", "blob:")):
            problems.append(f"request to another host: {request.url}")

    page.on("console", said)
    page.on("pageerror", lambda error: problems.append(f"uncaught: {error}"))
    page.on("request", asked)


@pytest.fixture
def signed_in_page(page, live_server) -> Callable:
    """`signed_in_page(user)`: the page with the user signed in, without the sign-in form."""

    def _sign_in(user):
        client = Client()
        client.force_login(user, backend="accounts.backends.AccountBackend")
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )
        return page

    return _sign_in


@pytest.fixture
def axe() -> Callable:
    """`axe(page)`: fails with every accessibility violation that axe finds on the page."""
    from axe_playwright_python.sync_playwright import Axe

    def _axe(page) -> None:
        found = Axe().run(page).response["violations"]
        words = [
            f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
            for violation in found
            for node in violation["nodes"]
        ]
        assert words == []

    return _axe


def scrolls_sideways(page) -> bool:
    """Whether the page as a whole is wider than its window, once a new size has been drawn."""
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)))")
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
