"""`make screenshots`: every page at two widths, from a demonstration of this command's own.

First as a lead finds it while nothing is entered, then with all who are invented, for each account;
and each form as it comes back when it is sent empty. Everything goes to `.run/screenshots/`, named
for the account, the page and the width; the picture that README.md shows goes to `docs/images/`.
"""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from lxp import demonstration, demonstration_in_training
from lxp.embedded import ROOT, RUN
from lxp.embedded.processes import free_port

WIDTHS = {"wide": 1280, "phone": 390}
PILOT = "docs/examples/lxp-pilot.csv"
README_PICTURE = ROOT / "docs" / "images" / "dashboard.png"
# The one that needs no screen first: it is what `.ci/run` installs.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OPEN_PAGES = (
    "/account/login/",
    "/support/",
    "/account/password/reset/",
    "/apply/",
    "/nothing-is-here/",
)
# The first cohort in the list has nobody in it yet, so a second one is opened too.
TWICE = "/cohorts/one"
TEXT = ":is(input[type=text], input[type=email], input[type=number], textarea):visible:enabled"
TRAINEE = demonstration.Account(demonstration_in_training.TRAINEE, "", "trainee")
ACCOUNTS = (*demonstration.ACCOUNTS, TRAINEE)
LEAD = "lead@example.org"
IDENTIFIER = re.compile("[0-9a-f]{8}-[0-9a-f-]{27}")


class Command(BaseCommand):
    help = "Photograph every page at 1280 and 390 pixels' width into .run/screenshots."
    requires_system_checks = ()

    def handle(self, **_options) -> None:
        browser = next(filter(None, map(shutil.which, BROWSERS)), None)
        if not browser:
            raise CommandError("Screenshots need Chromium: install your system's chromium package.")
        folder = RUN / "screenshots"
        shutil.rmtree(folder, ignore_errors=True)
        with own_demonstration(RUN / "screenshots-service") as (url, load):
            from playwright.sync_api import sync_playwright

            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
                self.photograph(chromium, url, folder / "empty", LEAD, ["/", "/design/"])
                load()
                self.photograph(chromium, url, folder / "open", None, OPEN_PAGES)
                for account in ACCOUNTS:
                    self.photograph(chromium, url, folder / account.role, account.email)
                self.picture_for_readme(chromium, url)
                for account in ACCOUNTS:
                    self.photograph_refused(chromium, url, folder / account.role, account.email)
                chromium.close()
        self.stdout.write(f"{len(list(folder.rglob('*.png')))} pictures are in {folder}")

    def photograph(
        self, chromium, url: str, folder: Path, email: str | None, first: Iterable[str] = ("/",)
    ) -> None:
        for page in signed_in(chromium, url, email):
            for _, name in pages_of(page, first):
                self.shoot(page, folder, name)

    def photograph_refused(self, chromium, url: str, folder: Path, email: str) -> None:
        """Each form as it comes back when it is sent without anything in it."""
        for page in signed_in(chromium, url, email):
            for path, name in list(pages_of(page, ["/"])):
                if came_back(page, path):
                    self.shoot(page, folder, f"{name}-refused")

    def shoot(self, page, folder: Path, name: str) -> None:
        """The open page at both widths; which of them scrolls sideways is said."""
        for width_name, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            if not fits(page):
                self.stdout.write(f"wider than {width} pixels: {folder.name} {page.url}")
            page.screenshot(path=folder / f"{name}.{width_name}.png", full_page=True)
        page.set_viewport_size({"width": WIDTHS["wide"], "height": 900})

    def picture_for_readme(self, chromium, url: str) -> None:
        """The figures, the funnel and the curve, without the frame around them."""
        README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
        for page in signed_in(chromium, url, LEAD):
            page.goto("/dashboard/?cohort=LXP+pilot")
            top = page.get_by_role("heading", name="Figures as at").bounding_box()["y"] - 24
            clip = {"x": 0, "y": top, "width": WIDTHS["wide"], "height": 1100}
            page.screenshot(path=README_PICTURE, full_page=True, clip=clip)


@contextmanager
def own_demonstration(run: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """An empty demonstration's address and what loads all who are invented; gone afterwards."""
    shutil.rmtree(run, ignore_errors=True)
    own = {"LXP_RUN": str(run), "PORT": str(free_port(0))}
    left_out = {"DATABASE_URL", "BROKER_URL", "CACHE_URL", "LXP_DEMO", "LXP_DATABASE"}
    environment = {k: v for k, v in os.environ.items() if k not in left_out} | own
    demo = subprocess.Popen(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        ready = next((line for line in demo.stdout if line.startswith("ready ")), "")
        if not ready:
            raise CommandError("The demonstration did not start; try `make demo` to see why.")
        threading.Thread(target=demo.stdout.read, daemon=True).start()  # a full pipe would stop it
        yield ready.split()[1].rstrip("/"), lambda: load_all(environment)
    finally:
        demo.terminate()
        demo.wait(timeout=60)
        shutil.rmtree(run, ignore_errors=True)


def load_all(environment: dict[str, str]) -> None:
    for command in (["import_programme", PILOT], ["demo_history"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def signed_in(chromium, url: str, email: str | None) -> Iterator:
    """One page in a fresh browser profile, signed in when an address is given."""
    size = {"width": WIDTHS["wide"], "height": 900}
    context = chromium.new_context(viewport=size, base_url=url, locale="en-GB")
    page = context.new_page()
    if email:
        page.goto("/account/login/")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password", exact=True).fill(demonstration.PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{url}/")
    yield page
    context.close()


def pages_of(page, first: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Open what links lead to from the first pages on, once for each kind of page; the addresses
    with the names of their pictures."""
    waiting, seen, kinds = list(first), set(), Counter()
    while waiting:
        path = waiting.pop(0).split("#")[0].split("?")[0]
        kind = kind_of(path)
        if path in seen or kinds[kind] == (2 if kind.startswith(TWICE) else 1):
            continue
        seen.add(path)
        kinds[kind] += 1
        if opens(page, path):
            links = page.locator("header nav a, main a").evaluate_all(
                "links => links.map(link => link.getAttribute('href'))"
            )
            yield path, name_of(kind, kinds[kind])
            waiting += [link for link in links if is_ours(link)]


def opens(page, path: str) -> bool:
    """Open an address unless it is a file to be kept."""
    from playwright.sync_api import Error

    try:
        page.goto(path)
    except Error as error:
        if "Download is starting" in str(error):
            return False
        raise
    return True


def fits(page) -> bool:
    """Whether the page does not scroll sideways, once its menu has found its place."""
    from playwright.sync_api import TimeoutError as TooLate

    try:
        page.wait_for_function(
            "() => document.documentElement.scrollWidth <= window.innerWidth", timeout=1000
        )
    except TooLate:
        return False
    return True


def kind_of(path: str) -> str:
    """A page's address without what says of whom or of which part it is."""
    return IDENTIFIER.sub("one", path)


def is_ours(link: str | None) -> bool:
    return bool(link) and link.startswith("/") and "logout" not in link and "." not in link


def name_of(kind: str, number: int) -> str:
    name = kind.strip("/").replace("/", "-") or "home"
    return name if number == 1 else f"{name}-{number}"


def came_back(page, path: str) -> bool:
    """Send the form of a page with its text taken out; whether it came back with errors."""
    page.goto(path)
    form = page.locator("main form[method=post]").last
    fields = form.locator(TEXT).all()
    for field in fields:
        field.fill("")
    if fields:
        with page.expect_navigation():
            form.evaluate("form => form.submit()")
    return page.locator(".nhsuk-error-summary").count() > 0
