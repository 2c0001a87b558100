"""A web process that is killed while it saves a session: all of it is kept, or nothing."""

import contextlib
import http.client
import os
import random
import socket
import subprocess
import sys
import threading
import time
from urllib.parse import urlencode

import psutil
import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from supervision.models import (
    AgreedAction,
    Draft,
    RecordVersion,
    Session,
    SessionRecord,
    SessionTopic,
)
from tests.supervision.pages import at, page, when

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SAVED = (Session, SessionRecord, RecordVersion, SessionTopic, AgreedAction)
# Where a saving is held up, in the order in which it comes to them.
MOMENTS = ("recordversion", "agreedaction", "draft")
SECRET = "c" * 32


@pytest.fixture
def server():
    """The server of a deployment with one web process, on the test's own database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    to = connection.settings_dict
    url = f"postgresql://{to['USER']}:{to['PASSWORD']}@{to['HOST']}:{to['PORT']}/{to['NAME']}"
    own = {"DATABASE_URL": url, "PORT": str(port), "WEB_WORKERS": "1", "LXP_DEMO": "1"}
    started = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "lxp/gunicorn.py", "--preload", "lxp.wsgi"],
        cwd=settings.BASE_DIR,
        env=os.environ | own,
        stderr=subprocess.DEVNULL,
    )
    try:
        process = psutil.Process(started.pid)
        until(process.children)  # the address is listened at by then
        yield process, port
    finally:
        started.terminate()
        started.wait(30)


def until(so) -> None:
    deadline = time.monotonic() + 60
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def kill(server: psutil.Process) -> None:
    """As a machine does that runs out of memory; the server starts another process."""
    [process] = server.children()
    process.kill()
    until(lambda: [one for one in server.children() if one.pid != process.pid])


def save(port: int, path: str, sent: dict, cookie: str) -> threading.Thread:
    """Send the form, on a thread of its own."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={SECRET}",
    }
    body = urlencode(sent | {"csrfmiddlewaretoken": SECRET})

    def post():
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        with contextlib.closing(link), contextlib.suppress(OSError, http.client.HTTPException):
            link.request("POST", path, body, headers)
            link.getresponse().read()

    thread = threading.Thread(target=post)
    thread.start()
    return thread


def kept() -> list[int]:
    return [model.objects.count() for model in SAVED]


def others(so: str) -> int:
    """How many other connections to the database are so."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            f" AND pid <> pg_backend_pid() AND {so}"
        )
        return cursor.fetchone()[0]


def test_all_or_nothing_is_kept_whenever_the_process_is_killed(agreement, supervisor, server):
    process, port = server
    path, cookie = (
        page("log-session", agreement),
        supervisor.cookies[settings.SESSION_COOKIE_NAME].value,
    )
    sent = when(at(-1), status="attended", words="Rota", action_1_words="Ask for a desk")
    sent |= {"topic_liminal_position": "difficulty"}
    supervisor.post(reverse("supervision:save-draft", args=["log", agreement.pk]), sent)
    own = connection.get_connection_params()
    own = {name: own[name] for name in ("host", "port", "user", "password", "dbname")}

    for moment in MOMENTS:
        with psycopg.connect(**own) as other:
            other.execute(f"LOCK TABLE supervision_{moment} IN SHARE MODE")
            sending = save(port, path, sent, cookie)
            until(lambda: others("wait_event_type = 'Lock'"))
            kill(process)
        sending.join()
        until(lambda: not others("xact_start IS NOT NULL"))
        assert (moment, kept()) == (moment, [0] * 5)

    for number in range(3):
        at_that_time = sent | {"starts_at": f"0{number + 1}:00"}
        sending = save(port, path, at_that_time, cookie)
        time.sleep(random.uniform(0, 0.15))
        kill(process)
        sending.join()
        until(lambda: not others("xact_start IS NOT NULL"))
        assert len(set(kept())) == 1  # as many of each

    before = kept()[0]
    save(port, path, sent | {"starts_at": "09:00"}, cookie).join()
    until(lambda: kept() == [before + 1] * 5)
    assert not Draft.objects.exists()
