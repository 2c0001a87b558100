"""`/healthz` and `/readyz`: what an orchestrator asks, and what it may not learn."""

import socket
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection
from django.test import Client

from lxp.views import server_error
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


def as_psycopg(settings: dict) -> dict:
    return {
        "host": settings["HOST"],
        "port": settings["PORT"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "dbname": settings["NAME"],
    }


# --- Pages while the database is away -------------------------------------------------------------


def test_pages_say_to_come_again_while_the_database_is_away(unreachable_database):
    page = Client(raise_request_exception=False).get("/support/")

    assert (page.status_code, page["Retry-After"]) == (503, "30")
    assert "We cannot reach our records at the moment" in page.content.decode()
    assert 'href="/support/"' in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_page_whose_connection_is_cut_says_to_come_again_and_the_next_is_there(lead, sign_in):
    client = sign_in(lead)
    client.raise_request_exception = False
    connection.ensure_connection()
    with psycopg.connect(**as_psycopg(connection.settings_dict)) as other:
        ours = connection.connection.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [ours])

    cut = client.get("/people/")
    connection.close()  # as it is after every request of a real server
    after = client.get("/people/")

    assert (cut.status_code, after.status_code) == (503, 200)


def test_another_mistake_is_still_a_mistake(rf):
    try:
        raise ValueError("Not of the database.")
    except ValueError:
        page = server_error(rf.get("/"))

    assert page.status_code == 500
