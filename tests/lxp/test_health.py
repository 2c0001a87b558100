"""`/healthz` and `/readyz`: what an orchestrator asks, and what it may not learn."""

import socket
import time
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client

from notifications.sweeping import SWEEP, beat


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def silent_port():
    """A port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        yield listener.getsockname()[1]


@pytest.fixture
def unreachable_database(django_db_setup, django_db_blocker):
    """The connection points to a port on which nobody listens."""
    with django_db_blocker.unblock():
        connection.close()
        known = connection.settings_dict["HOST"], connection.settings_dict["PORT"]
        connection.settings_dict.update(HOST="127.0.0.1", PORT=closed_port())
        yield
        connection.close()
        connection.settings_dict.update(HOST=known[0], PORT=known[1])


def test_healthz_asks_no_database_and_keeps_no_cookie():
    # This test has no database fixture, so any query would raise.
    response = Client().get("/healthz")

    assert (response.status_code, response.content, response["Content-Type"]) == (
        200,
        b"ok\n",
        "text/plain",
    )
    assert response.cookies == {}


def test_readyz_says_that_all_is_well(db, django_assert_num_queries):
    beat(SWEEP)

    with django_assert_num_queries(2):
        response = Client().get("/readyz")

    assert (response.status_code, response.json()) == (
        200,
        {"database": "ok", "broker": "ok", "reminders": "ok", "oldest_due_seconds": "0"},
    )
    assert response.cookies == {}


@pytest.mark.usefixtures("unreachable_database")
def test_readyz_refuses_without_a_database_and_tells_no_detail():
    response = Client().get("/readyz")

    assert (response.status_code, response.json()) == (
        503,
        {"database": "unreachable", "broker": "ok"},
    )


def test_readyz_stays_ready_without_a_broker(db, settings):
    settings.CELERY_BROKER_URL = f"redis://:secret@127.0.0.1:{closed_port()}/0"

    response = Client().get("/readyz")

    assert (response.status_code, response.json()) == (
        200,
        {
            "database": "ok",
            "broker": "unreachable",
            "reminders": "silent",
            "oldest_due_seconds": "0",
        },
    )


def test_readyz_waits_at_most_about_a_second_for_a_silent_broker(db, settings):
    with silent_port() as port:
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{port}/0"
        began = time.monotonic()
        response = Client().get("/readyz")
        took = time.monotonic() - began

    assert response.json()["broker"] == "unreachable"
    assert took < 2.5


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_answered_over_plain_http_inside_the_network(db, settings, path):
    settings.SECURE_SSL_REDIRECT = True

    assert Client().get(path).status_code == 200
    assert Client().get("/support/").status_code == 301
