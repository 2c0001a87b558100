"""Measures our pages beside the floor page, in turns, through the real server.

What saves is measured beside a page that does one INSERT and reads nothing but session and user.
For 28, 1,000 and 10,000 people: median, 95th centile, queries, HTML bytes and the ratio to the
floor of the same turns. Then the list of 10,000 people as files: first byte and memory.
Then planning messages for 10,000 people, and messages a second beside a bare task. Exit status 1
where a bound does not hold.
"""

import argparse
import base64
import datetime as dt
import http.client
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count, cycle
from operator import truediv
from urllib.parse import urlencode

import psycopg
from psycopg import sql

from bench import SAVED_FROM, downloads, messages, planning
from bench.client import Client
from lxp import embedded

SIZES = (28, 1_000, 10_000)
MOST_QUERIES = 20
MOST_BYTES = 100_000
QUIET = ("--log-level", "error", "--access-logfile", os.devnull)


@dataclass(frozen=True)
class Page:
    """A page and its bounds: times the floor, and growth from the smallest to the largest size."""

    name: str
    path: str
    times_floor: float
    growth: float | None = None
    moves: bool = False  # sends twenty applicants to and fro instead of reading
    saves: str = ""  # writes one more row of this kind instead; beside the floor's one INSERT
    by: str = "session"  # whose session it is
    anew: str = ""  # which record changes before each look, so that what hangs on it is not kept


PAGES = (
    Page("people list", "/people/", 3, 1.5),
    Page("person", "/people/{person}/", 3),
    Page("cohorts list", "/cohorts/", 3, 1.5),
    Page("cohort", "/cohorts/{cohort}/", 3),
    Page("attendance", "/cohorts/{grid}/attendance/", 6),
    Page("posts list", "/posts/", 3, 1.5),
    Page("board", "/recruitment/{board}/board/", 6),
    Page("applicants", "/recruitment/{board}/applicants/", 6),
    Page("moving 20", "/recruitment/{board}/move/", 6, moves=True),
    Page("supervisor", "/supervision/", 3),
    Page("supervision", "/supervision/duty/", 3),
    Page("save session", "/supervision/agreements/", 4, saves="session", by="supervisor"),
    Page("check-in", "/check-ins/new/", 3, by="worker"),
    Page("my trend", "/check-ins/trend/", 3, by="worker"),
    Page("finish", "/check-ins/new/", 5, saves="check-in", by="worker"),
    # A second was asked of 100,000 lines, when the floor took some 10 ms.
    Page("trail", "/audit/", 100, by="auditor"),
    Page("dashboard", "/dashboard/", 5, 3),
    Page("all figures", "/dashboard/figures/", 6, 3),
    Page("published", "/dashboard/figures/?mode=published", 6, 3),
    # Six times the floor is asked of the figures, also when they are worked out anew.
    Page("dash. team", "/dashboard/", 6, 3, anew="team"),
    Page("dash. post", "/dashboard/", 6, 3, anew="post"),
    Page("dash. training", "/dashboard/", 6, 3, anew="training"),
    Page("figures team", "/dashboard/figures/", 6, 3, anew="team"),
    Page("figures post", "/dashboard/figures/", 6, 3, anew="post"),
    Page("fig. training", "/dashboard/figures/", 6, 3, anew="training"),
    Page("publ. team", "/dashboard/figures/?mode=published", 6, 3, anew="team"),
    Page("publ. post", "/dashboard/figures/?mode=published", 6, 3, anew="post"),
    Page("publ. training", "/dashboard/figures/?mode=published", 6, 3, anew="training"),
)
# What a supervisor types of a session besides the day.
LOGGED = {
    "starts_at": "10:00",
    "minutes": "60",
    "place": "Room 3",
    "status": "attended",
    "words": "We talked about the rota and about what helps on a late shift. " * 8,
    "topic_strengths": "success",
    "action_1_words": "Ask the team for a quiet room between visits.",
    "action_1_owner": "supervisor",
}


@dataclass(frozen=True)
class Reading:
    """What was seen of one page at one size; times in milliseconds."""

    median: float
    centile_95: float
    queries: int
    size: int
    ratio: float


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=150, help="turns for each page")
    arguments.add_argument("--downloads", action="store_true", help="only the files of everybody")
    arguments.add_argument("--only", default="", help="only pages with these letters, or these")
    asked = arguments.parse_args()
    broken = []
    letters = asked.only.split(",")
    pages = [page for page in PAGES if any(some in page.name for some in letters)]
    if pages and not asked.downloads:
        broken += report({size: measure(size, asked.rounds, pages) for size in SIZES}, pages)
    if not asked.only:
        broken += downloads.report(measure_downloads(SIZES[-1]), SIZES[-1])
    if not asked.downloads and (not asked.only or "messages" in asked.only):
        messages.report(messages.measure())
    if not asked.downloads and (not asked.only or "planning" in asked.only):
        both = [_environment(f"bench_planning_{size}") for size in ("tenth", "whole")]
        broken += planning.report(*planning.measure(both))
    print("\nEvery bound holds." if not broken else "\nBroken:\n" + "\n".join(broken))
    return 1 if broken else 0


def measure(people: int, rounds: int, pages: list[Page]) -> dict[str, Reading]:
    """Readings of these pages with a programme of this many people."""
    environment, known = _prepared(people)
    database = psycopg.connect(environment["DATABASE_URL"], autocommit=True)
    with database, _server(environment) as port:
        clients = {page.by: Client(port, known[page.by], database) for page in pages}
        return {page.name: in_turns(clients[page.by], page, known, rounds) for page in pages}


def measure_downloads(people: int) -> list[downloads.Download]:
    """The list of this many people as files, each from a server of its own."""
    environment, known = _prepared(people)
    found = []
    for path in downloads.FILES:
        with _server(environment) as port:
            client = Client(port, known["session"])
            found.append(downloads.download(client.connection, client.headers, path))
    return found


@cache
def _prepared(people: int) -> tuple[dict[str, str], dict]:
    """The variables of a new database with a programme of this many people, and what is in it."""
    print(f"{people:,} people: preparing", flush=True)
    environment = _environment(f"bench_{people}")
    known = subprocess.run(
        [sys.executable, "-m", "bench.prepare", str(people)],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
    ).stdout
    return environment, json.loads(known)


def in_turns(client: Client, page: Page, known: dict, rounds: int) -> Reading:
    """Floor and page one after the other, so that a slow moment slows both.

    The ratio is the median of each page's time over that of the floor just before it.
    """
    client.connection.close()  # opened anew: a server ends one that was idle
    visit = _visit(client, page, known)
    looked = urlencode({"person": known["person"], "page": "floor"})

    def least() -> tuple[float, int, int]:
        return client.post("/floor/save/", looked) if page.saves else client.get("/floor/")

    for _ in range(6):
        least()
        visit()
    floor, seen = [], []
    for _ in range(rounds):
        floor.append(least()[0])
        milliseconds, queries, size = visit()
        seen.append(milliseconds)
    return Reading(
        median=statistics.median(seen),
        centile_95=statistics.quantiles(seen, n=20)[-1],
        queries=queries,
        size=size,
        ratio=statistics.median(map(truediv, seen, floor)),
    )


def _visit(client: Client, page: Page, known: dict) -> Callable[[], tuple[float, int, int]]:
    """What is done to a page at each turn."""
    path = page.path.format(**known)
    if page.saves == "check-in":
        form = client.check_in_form(path)
        return lambda: client.check_in(path, form)
    if page.saves:
        sessions = _sessions(known)
        return lambda: client.log(*next(sessions))
    if page.moves:
        moves = cycle(_moves(known))
        return lambda: client.post(path, next(moves))
    if page.anew:
        return lambda: (client.change_a_record(page.anew), client.get(path))[1]
    return lambda: client.get(path)


def _sessions(known: dict) -> Iterator[tuple[str, str]]:
    """Addresses and forms: a session of each agreement a day, with words and an action."""
    first = dt.datetime.now(dt.UTC).date() - SAVED_FROM + dt.timedelta(days=1)
    for days in count():
        on = first + dt.timedelta(days=days)
        day = {"held_on_0": on.day, "held_on_1": on.month, "held_on_2": on.year}
        for agreement in known["agreements"]:
            yield f"/supervision/agreements/{agreement}/log/", urlencode(day | LOGGED)


def _moves(known: dict) -> list[str]:
    """Two forms: twenty applicants to the next stage, and back again."""
    there, next_one = known["stages"]
    return [
        urlencode(
            [("picked", f"{applicant}:{before}") for applicant in known["moved"]]
            + [("to", after), ("back", "board")]
        )
        for before, after in ((there, next_one), (next_one, there))
    ]


def report(readings: dict[int, dict[str, Reading]], pages: list[Page]) -> list[str]:
    """Print the table and return the bounds that do not hold, in words."""
    broken = []
    print(
        f"\n{'page':<14}{'people':>8}{'median':>9}{'p95':>9}{'queries':>9}{'bytes':>9}{'×floor':>8}"
    )
    for page in pages:
        for people in SIZES:
            seen = readings[people][page.name]
            print(
                f"{page.name:<14}{people:>8,}{seen.median:>7.1f}ms{seen.centile_95:>7.1f}ms"
                f"{seen.queries:>9}{seen.size:>9,}{seen.ratio:>8.2f}"
            )
            broken += _broken(page, people, seen)
        smallest, largest = readings[SIZES[0]][page.name], readings[SIZES[-1]][page.name]
        growth = largest.ratio / smallest.ratio
        print(f"{'':<14}{'growth':>8}{growth:>8.2f}")
        if page.growth and growth >= page.growth:
            broken.append(f"{page.name} grows {growth:.2f} times; less than {page.growth} is asked")
    return broken


def _broken(page: Page, people: int, seen: Reading) -> list[str]:
    bounds = {
        "times the floor": (seen.ratio, page.times_floor),
        "queries": (seen.queries, MOST_QUERIES),
        "bytes of HTML": (seen.size, MOST_BYTES),
    }
    return [
        f"{page.name} at {people:,} people: {value:,.2f} {what}, at most {most:,} is asked"
        for what, (value, most) in bounds.items()
        if value > most
    ]


def _environment(database: str) -> dict[str, str]:
    """Variables for production settings on a new, empty database."""
    with psycopg.connect(embedded.start().environment()["DATABASE_URL"], autocommit=True) as link:
        link.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database)))
    servers = embedded.start(database=database)
    return (
        os.environ
        | servers.environment()
        | {
            "LXP_DEMO": "0",
            "DEBUG": "0",
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ENCRYPTION_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "EQUALITY_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "ALLOWED_HOSTS": embedded.LOOPBACK,
            "PUBLIC_URL": "https://lxp.example.org",
            "EMAIL_HOST": "localhost",
            "EMAIL_FROM": "lxp@example.org",
        }
    )


@contextmanager
def _server(environment: dict[str, str]):
    """The server of a deployment, with its own configuration: two workers of four threads."""
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "lxp/gunicorn.py", *QUIET, "lxp.wsgi"],
        env=environment | {"PORT": str(port)},
    )
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((embedded.LOOPBACK, 0))
        return probe.getsockname()[1]


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            http.client.HTTPConnection(embedded.LOOPBACK, port, timeout=5).connect()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not start.")


if __name__ == "__main__":
    sys.exit(main())
