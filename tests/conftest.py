"""What every test may use: a cast of one user for each role, and stricter rules than production.

Names are invented and awkward on purpose: accents, an apostrophe, one in another script.
"""

import gc
import os
import threading
import time
from importlib import import_module

import hypothesis
import pytest
from django.apps import apps
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.template.base import Template
from django.test import Client
from django.test.signals import template_rendered
from pytest_django.plugin import blocking_manager_key

from tests import template_database
from tests.factories import RoleGrantFactory, UserFactory

pytest_plugins = ["tests.browser"]

# Rows that every installation begins with: a model, the migration and its function.
WRITTEN_BY_MIGRATIONS = [
    ("programme.OutcomeReason", "programme.migrations._first_rows", "add_reasons"),
    ("programme.CompetenceDomain", "programme.migrations._first_rows", "add_domains"),
    ("programme.StageTemplate", "programme.migrations._first_rows", "add_templates"),
    ("questionnaires.Questionnaire", "questionnaires.migrations.0002_check_in", "add_check_in"),
    ("supervision.SupervisionKind", "supervision.migrations.0002_kinds", "add_kinds"),
    ("wellbeing.SupportContact", "wellbeing.migrations.0002_public_contacts", "add_contacts"),
]

# The browser driver runs an event loop in the test's own thread; the tests are synchronous still.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# Speed is shown by the benchmark, never by a test that a busy machine could fail.
hypothesis.settings.register_profile("lxp", deadline=None)
hypothesis.settings.load_profile("lxp")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: a test that waits for a page or a process leaves one."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with the longest: at the end, no process waits for a long test of another."""
    items.sort(key=lambda item: {"slow", "browser"}.isdisjoint(m.name for m in item.iter_markers()))


def pytest_collection_finish():
    """What is imported by now lasts as long as the run: looking through it for garbage, again and
    again, took a sixth of the time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Put back what the migrations wrote: a test with real commits ends by emptying every table."""
    result = yield
    marker = item.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction", False)
    commits = commits or bool({"transactional_db", "live_server"} & set(item.fixturenames))
    if commits and nextitem is not None:  # after the last test the test database is gone
        with item.config.stash[blocking_manager_key].unblock():
            for model, migration, write in WRITTEN_BY_MIGRATIONS:
                if not apps.get_model(model).objects.exists():
                    getattr(import_module(migration), write)(apps, None)
    return result


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, django_test_environment, django_db_blocker
):
    """Just before the test database is made."""
    with django_db_blocker.unblock():
        template_database.use()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Ends what still holds the test database: a browser keeps its connection to the live server,
    and with it a thread and that thread's connection, for a moment after the last test."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session", autouse=True)
def _note_pages_only(django_test_environment):
    """`response.context` holds what the page was given, not that of each part drawn inside it:
    Django's test client would copy the context of every included template and every field."""
    inside = threading.local()

    def render(template, context):
        if getattr(inside, "a_page", False):
            return template.nodelist.render(context)
        inside.a_page = True
        try:
            template_rendered.send(sender=template, template=template, context=context)
            return template.nodelist.render(context)
        finally:
            inside.a_page = False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@pytest.fixture(scope="session", autouse=True)
def _delete_rows(django_db_setup):
    """After a test with real commits the rows are deleted, once no request of its browser is on its
    way any more. To truncate two hundred tables made as many new files each time, and its locks
    and those of a last request could wait for each other."""

    def flush(operations, style, tables, **_settings):
        wait_for_last_requests()
        emptied = "; ".join(f"DELETE FROM {operations.quote_name(table)}" for table in tables)
        # Without triggers and keys: history cannot be deleted otherwise.
        return ["SET LOCAL session_replication_role = replica", f"DO $$ BEGIN {emptied}; END $$"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", flush)
        yield


def wait_for_last_requests() -> None:
    """Return once no other connection to the test database is at work.

    Raises:
        TimeoutError: one still is after ten seconds.
    """
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND backend_type = 'client backend' AND state <> 'idle' "
                "AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)
    raise TimeoutError("A request still works on the test database after its test.")


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """Hash quickly: the hashing itself is tested once, in tests/accounts."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def sign_in():
    """A test client signed in as a user: `sign_in(user)`."""

    def _sign_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="accounts.backends.AccountBackend")
        return client

    return _sign_in


@pytest.fixture
def user_with_role(db):
    """Makes a user who holds a role today: `user_with_role("lead", site=None)`."""

    def _make(role: str, *, site=None, **fields):
        user = UserFactory(**fields)
        RoleGrantFactory(user=user, role=role, site=site)
        return user

    return _make


@pytest.fixture
def lead(user_with_role):
    return user_with_role("lead", name="Zoë Ó Briain", email="zoe@example.org")


@pytest.fixture
def lead_client(lead, sign_in) -> Client:
    return sign_in(lead)
