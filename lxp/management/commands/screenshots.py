"""`make screenshots`: every page at two widths, from a demonstration with all who are invented.

Everything goes to `.run/screenshots/`, named for the account, the page and the width; the one that
README.md shows goes to `docs/images/`.
"""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from lxp import demonstration
from lxp.embedded import ROOT, RUN
from lxp.embedded.processes import free_port

WIDTHS = {"wide": 1280, "phone": 390}
PILOT = "docs/examples/lxp-pilot.csv"
README_PICTURE = ROOT / "docs" / "images" / "dashboard.png"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OPEN_PAGES = ("/account/login/", "/support/", "/account/password/reset/", "/design/", "/apply/")
IDENTIFIER = re.compile("[0-9a-f]{8}-[0-9a-f-]{27}")


class Command(BaseCommand):
    help = "Photograph every page at 1280 and 390 pixels' width into .run/screenshots."
    requires_system_checks = ()

    def handle(self, **_options) -> None:
        browser = shutil.which("chromium") or shutil.which("chromium-browser")
        if not browser:
            raise CommandError("Screenshots need Chromium: install your system's chromium package.")
        folder = RUN / "screenshots"
        shutil.rmtree(folder, ignore_errors=True)
        with own_demonstration(RUN / "screenshots-service") as url:
            from playwright.sync_api import sync_playwright

            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
                for name, width in WIDTHS.items():
                    self.photograph(chromium, url, folder / name, width)
                chromium.close()
        self.stdout.write(f"{len(list(folder.rglob('*.png')))} pictures are in {folder}")

    def photograph(self, chromium, url: str, folder: Path, width: int) -> None:
        for page in signed_in(chromium, url, width, None):
            for path in OPEN_PAGES:
                shoot(page, path, folder / "open")
        for account in demonstration.ACCOUNTS:
            for page in signed_in(chromium, url, width, account.email):
                for path in pages_of(page):
                    shoot(page, path, folder / account.role)
                if account.role == "lead" and width == WIDTHS["wide"]:
                    picture_for_readme(page)


@contextmanager
def own_demonstration(run: Path) -> Iterator[str]:
    """A demonstration with everything invented loaded, gone when the pictures are taken."""
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
        for command in (["import_programme", PILOT], ["demo_history"]):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        yield ready.split()[1].rstrip("/")
    finally:
        demo.terminate()
        demo.wait(timeout=60)
        shutil.rmtree(run, ignore_errors=True)


def signed_in(chromium, url: str, width: int, email: str | None) -> Iterator:
    """One page in a fresh browser profile, signed in when an address is given."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, base_url=url, locale="en-GB"
    )
    page = context.new_page()
    if email:
        page.goto("/account/login/")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password", exact=True).fill(demonstration.PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{url}/")
    yield page
    context.close()


def pages_of(page) -> list[str]:
    """What the links lead to from the first page on, once for each kind of page."""
    waiting, found = ["/"], {}
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind in found or "html" not in page.request.get(path).headers["content-type"]:
            continue
        found[kind] = path
        page.goto(path)
        links = page.locator("header nav a, main a").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        )
        waiting += [link for link in links if is_ours(link)]
    return list(found.values())


def kind_of(path: str) -> str:
    """A page's address without what says of whom or of which part it is."""
    return IDENTIFIER.sub("one", path.split("?")[0].split("#")[0])


def is_ours(link: str | None) -> bool:
    return bool(link) and link.startswith("/") and "logout" not in link and "." not in link


def shoot(page, path: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    page.goto(path)
    name = kind_of(path).strip("/").replace("/", "-") or "home"
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def picture_for_readme(page) -> None:
    """The figures, the funnel and the curve, without the frame around them."""
    README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
    page.goto("/dashboard/?cohort=LXP+pilot")
    top = page.get_by_role("heading", name="Figures as at").bounding_box()["y"] - 24
    clip = {"x": 0, "y": top, "width": WIDTHS["wide"], "height": 1100}
    page.screenshot(path=README_PICTURE, full_page=True, clip=clip)
