"""Rows in which people ask for pages and send forms, of the real web server."""

import contextlib
import datetime as dt
import http.client
import itertools
import secrets
import signal
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple, Self
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection

from faults.people import Count, commits_wait_for, heard_from, intend
from faults.rows import quiet
from faults.world import World
from lxp.embedded import LOOPBACK

PEOPLE = 40  # whom the one supervisor meets
A_SECOND = 20  # requests
VISITORS = 4
RESTARTS = 20
HEALTHY_WITHIN = 10  # seconds after the database is back
SUPPORT, LATE = "/support/", 0.5
HELD_BACK = 4242  # an advisory lock: who holds it keeps a session from being committed
HOLD = f"""
CREATE OR REPLACE FUNCTION faults_hold() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN PERFORM pg_advisory_xact_lock_shared({HELD_BACK}); RETURN NULL; END';
CREATE OR REPLACE TRIGGER faults_hold AFTER INSERT ON supervision_session
    FOR EACH ROW EXECUTE FUNCTION faults_hold();
"""
# Whoever waits for the lock has written and not committed; for a standby, is committed and has not
# been told.
CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND wait_event IN ('SyncRep', 'advisory') LIMIT 1
"""


class Form(NamedTuple):
    """A session that a supervisor logs: of one agreement, at one moment."""

    agreement: UUID
    day: dt.date

    @property
    def path(self) -> str:
        return f"/supervision/agreements/{self.agreement}/log/"

    @property
    def body(self) -> str:
        on = {"held_on_0": self.day.day, "held_on_1": self.day.month, "held_on_2": self.day.year}
        said = {"starts_at": "10:00", "minutes": "60", "place": "Room 3", "status": "attended"}
        return urlencode(on | said | {"words": "We talked about the rota."})


class Visitor:
    """One browser of somebody who is signed in."""

    def __init__(self, port: int, session: str):
        self.line = http.client.HTTPConnection(LOOPBACK, port, timeout=30)
        token = secrets.token_hex(16)
        self.headers = {
            "Cookie": f"__Host-lxp-session={session}; __Host-lxp-csrf={token}",
            "X-Forwarded-Proto": "https",
            "X-CSRFToken": token,
            "Origin": f"https://{LOOPBACK}:{port}",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def ask(self, path: str, body: str | None = None) -> int:
        """The status of the answer; 0 where a kept line has ended twice, and so nobody answers."""
        for _ in range(2):
            with contextlib.suppress(http.client.RemoteDisconnected, ConnectionError):
                self.line.request("POST" if body else "GET", path, body, self.headers)
                answer = self.line.getresponse()
                answer.read()
                return answer.status
            self.line.close()
        return 0


class Crowd:
    """So many requests a second, half of them forms, until the block ends."""

    def __init__(self, port: int, a_second: float = A_SECOND):
        self.port, self.every = port, VISITORS / a_second
        self.statuses: Counter[int] = Counter()
        self.saved: list[Form] = []
        self.seconds: list[float] = []
        self.over = threading.Event()
        self.session, forms = supervisor()
        self.forms = iter(forms)
        self.threads = [threading.Thread(target=self._visit) for _ in range(VISITORS)]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _visit(self) -> None:
        visitor = Visitor(self.port, self.session)
        while not self.over.wait(self.every):
            began, form = time.monotonic(), next(self.forms)
            status = visitor.ask(form.path, form.body)
            self.statuses[status] += 1
            self.seconds.append(time.monotonic() - began)
            if status == http.client.FOUND:
                self.saved.append(form)
            if self.over.wait(self.every):
                return
            began = time.monotonic()
            self.statuses[visitor.ask("/supervision/")] += 1
            self.seconds.append(time.monotonic() - began)


def supervisor() -> tuple[str, Iterator[Form]]:
    """Somebody who meets forty people: their session, and as many forms as one likes."""
    from bench.prepare import session_key
    from tests.factories import PersonFactory, RoleGrantFactory, UserFactory
    from tests.factories.supervision import AgreementFactory, TermsFactory

    for one in (PersonFactory, UserFactory):  # the rows of an earlier run are still there
        one.reset_sequence(int(time.time() * 1000))
    user = RoleGrantFactory(role="supervisor").user
    today = dt.datetime.now(dt.UTC).date()
    begun = today - dt.timedelta(days=400)
    agreements = [AgreementFactory(supervisor=user, starts_on=begun) for _ in range(PEOPLE)]
    for agreement in agreements:
        TermsFactory(agreement=agreement)
    days = (today - dt.timedelta(days=number) for number in itertools.count(2))
    return session_key(user), (Form(one.pk, day) for day in days for one in agreements)


def rows_of(form: Form) -> int:
    from supervision.models import Session

    found = Session.objects.filter(agreement=form.agreement, starts_at__date=form.day)
    return found.count()


def serve(world: World) -> int:
    """Start the web server and wait for its first page; its port."""
    world.start("web")
    healthy(world.web_port, 60)
    return world.web_port


def healthy(port: int, seconds: float) -> None:
    visitor, end = Visitor(port, ""), time.monotonic() + seconds
    while visitor.ask(SUPPORT) != http.client.OK:
        if time.monotonic() > end:
            raise AssertionError(f"No page {seconds:.0f} seconds after everything was there.")
        time.sleep(0.1)


def database_restarted(world: World, intents: int) -> None:
    """R11: PostgreSQL is restarted under twenty requests a second and while it is sent, politely
    and at once; no other process is. Whoever was told that a form is saved finds it."""
    world.open_post().latency = world.notify.latency = 0.02
    world.work()
    port = serve(world)
    intend(intents, "sms")
    with Crowd(port) as crowd:
        for number in range(RESTARTS):
            time.sleep(world.chance.uniform(0.5, 2))
            world.stop_database(signal.SIGINT if number % 2 else signal.SIGQUIT)
            time.sleep(world.chance.uniform(0, 1))
            world.bring_back()
            healthy(port, HEALTHY_WITHIN)
    world.note(f"answers: {dict(sorted(crowd.statuses.items()))}; {len(crowd.saved)} forms saved")
    if odd := crowd.statuses.keys() - {200, 302, 503}:
        raise AssertionError(f"Pages answered {sorted(odd)}.")
    if lost := [form for form in crowd.saved if rows_of(form) != 1]:
        raise AssertionError(f"{len(lost)} forms were acknowledged and are not there once.")
    before = heard_from().get("sweep")
    end = time.monotonic() + 60
    while heard_from().get("sweep") == before:
        if time.monotonic() > end:
            raise AssertionError("The worker does not hear beat again.")
        time.sleep(0.2)
    quiet()


def cut_at_commit(world: World, intents: int) -> Count:
    """R12: the line to the database breaks while a form is committed, before or after it counts;
    whoever sent it sends it once more. Of each form there is one row."""
    port = serve(world)
    session, forms = supervisor()
    visitor, rows, seen = Visitor(port, session), [], Counter()
    with connection.cursor() as cursor:
        cursor.execute(HOLD)
        for form in itertools.islice(forms, intents):
            after = world.chance.random() < 1 / 2
            status = _cut(cursor, visitor, form, after=after)
            counted = rows_of(form)
            seen[f"{status}, {counted} rows"] += 1
            world.kills += status != http.client.FOUND
            again = visitor.ask(form.path, form.body)
            rows.append(rows_of(form) if again == http.client.FOUND else 0)
    world.note(f"at the cut: {dict(sorted(seen.items()))}")
    if not {"503, 0 rows", "503, 1 rows"} <= seen.keys() or any(
        key[:3] not in {"503", "302"} for key in seen
    ):
        raise AssertionError(f"Not every kind of cut was seen, or one answered oddly: {seen}.")
    return Count(
        lost=rows.count(0),
        dup=sum(number - 1 for number in rows if number),
        flagged=0,
        ghost=0,
        wrong=0,
        most_tries=2,
    )


def _cut(cursor, visitor: Visitor, form: Form, *, after: bool) -> int:
    """Send a form and cut the line at its commit; what the browser is told."""
    answer: list[int] = []
    thread = threading.Thread(target=lambda: answer.append(visitor.ask(form.path, form.body)))
    with _waits_for_standby(cursor) if after else _held_back(cursor):
        thread.start()
        end, done = time.monotonic() + 10, False
        while thread.is_alive() and not done and time.monotonic() < end:
            cursor.execute(CUT)
            # After a commit that is none of the form's own, the next may be.
            done = bool(cursor.fetchall()) and (not after or rows_of(form) > 0)
            time.sleep(0.002)
        # A commit that came in between is let go by the block's end.
    thread.join()
    return answer[0]


@contextlib.contextmanager
def _held_back(cursor) -> Iterator[None]:
    """No session can be committed."""
    cursor.execute("SELECT pg_advisory_lock(%s)", [HELD_BACK])
    try:
        yield
    finally:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [HELD_BACK])


@contextlib.contextmanager
def _waits_for_standby(cursor) -> Iterator[None]:
    """What is committed counts, and nobody is told so: it waits for a server that is not there."""
    cursor.execute("SET synchronous_commit = local")
    commits_wait_for(cursor, "nobody")
    time.sleep(0.05)  # until every process has read it
    try:
        yield
    finally:
        commits_wait_for(cursor, "")


def pages_meanwhile(crowd: Crowd) -> str:
    """The 95th centile of the answers.

    Raises:
        AssertionError: it is more than half a second, or an answer was odd.
    """
    slow = statistics.quantiles(crowd.seconds, n=20)[-1]
    if slow > LATE or crowd.statuses.keys() - {200, 302}:
        raise AssertionError(f"Pages took {slow:.2f} s at the 95th centile: {crowd.statuses}.")
    return f"pages {slow * 1000:.0f} ms at the 95th centile"


ROWS = {
    "R11": ("database restarted under load", database_restarted),
    "R12": ("line cut at COMMIT, sent again", cut_at_commit),
}
