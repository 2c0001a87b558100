"""Rules that hold for every view and every template, proved by reading and by replaying them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import User
from tests.access_rules import ANYONE, SIGNED_IN, World, all_rules, lasting_world
from tests.test_access import objects_of, url_names

ROOT = Path(settings.BASE_DIR)
RULES = all_rules()
APPS = (
    *("accounts", "audit", "design", "encryption", "lxp", "programme"),
    *("notifications", "questionnaires", "supervision", "wellbeing"),
)
VIEWS = sorted(
    path
    for app in APPS
    for path in (ROOT / app).rglob("*.py")
    if path.name == "views.py"
    or path.parent.name == "views"
    or path.relative_to(ROOT).as_posix()
    in {"lxp/dashboard.py", "lxp/dashboard_figures.py", "lxp/reports.py", "lxp/trail.py"}
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# Reads in views that are not scoped by `visible_to`, each with its reason.
UNSCOPED_READS = {
    ("accounts/views/own.py", "UserSession.objects.filter"): "one's own sessions",
    ("accounts/views/own.py", "Session.objects.filter"): "one's own sessions",
    ("accounts/views/own.py", "Invitation.objects.select_related"): "by a signed link",
    ("accounts/views/own.py", "Invitation.objects.filter"): "of the account of a signed link",
    ("accounts/views/users.py", "RoleGrant.objects.in_force_on"): "of accounts that are visible",
    ("programme/views/my_record.py", "Person.objects.filter"): "one's own record",
    ("programme/views/own_words.py", "Person.objects.filter"): "one's own record",
    ("programme/views/feedback.py", "Attendance.objects.of_person"): "one's own attendance",
    ("programme/views/learning.py", "LearningRecord.objects.shared_by"): "hours in a total only",
    ("lxp/trail.py", "HISTORIES[PERSON].objects.filter"): "references only, of removed people",
    (
        "programme/views/apply.py",
        "Applicant.objects.filter",
    ): "by the signed link",
    ("supervision/views/agreements.py", "Agreement.objects.of_worker"): "one's own agreements",
    (
        "supervision/views/agreements.py",
        "Supervisor.objects.to_choose_from",
    ): "what supervisors say to peer workers who choose",
    (
        "supervision/views/agreements.py",
        "SupervisionKind.objects.get",
    ): "kinds belong to every site",
    (
        "supervision/views/standards.py",
        "SupervisionKind.objects.prefetch_related",
    ): "kinds belong to every site",
    (
        "supervision/views/standards.py",
        "SupervisionStandard.objects.select_related",
    ): "kinds belong to every site",
    ("programme/views/apply.py", "Round.objects.exclude"): "rounds are open to everybody",
    ("programme/views/apply.py", "Round.objects.taking_applications_on"): "open to everybody",
    ("wellbeing/views/support.py", "SupportContact.objects.shown"): "the page is open to everybody",
    ("wellbeing/views/checkins.py", "Person.objects.filter"): "one's own record",
    ("lxp/trail.py", "User.objects.filter"): "actors are named to auditors of every site",
    ("lxp/trail.py", "Person.objects.filter"): "references only, for auditors of every site",
    ("lxp/trail.py", "Context.objects.filter"): "who and which page, for auditors of every site",
    ("lxp/trail.py", "Look.objects.filter"): "looks without names, for auditors of every site",
    ("lxp/trail.py", "model.objects.filter"): "changes without content, for auditors of every site",
}

# What a GET may write: the session, sign-in limits, and that a record was looked at.
WRITABLE_BY_GET = {"django_session", "cache_entries", "audit_look", "usersessions_usersession"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- Reading the views ----------------------------------------------------------------------------


def reads_of(path: Path) -> list[str]:
    """What follows each `.objects` in a file: `Person.objects.visible_to`."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "objects"
    ]


def test_views_read_only_what_the_user_may_see():
    unscoped = {
        (relative(path), read)
        for path in VIEWS
        for read in reads_of(path)
        if not read.endswith(".objects.visible_to")
    }

    assert sorted(unscoped - UNSCOPED_READS.keys()) == []
    assert sorted(UNSCOPED_READS.keys() - unscoped) == []


def test_views_write_nothing_themselves():
    writing = {"save", "delete", "update", "create", "bulk_create", "bulk_update", "get_or_create"}
    found = [
        f"{relative(path)}:{node.lineno} {ast.unparse(node.func)}"
        for path in VIEWS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in writing
        and not ast.unparse(node.func.value).endswith(("session", "GET", "POST", "context"))
    ]

    assert found == []


def test_nothing_marks_text_as_safe():
    python = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    found = [
        relative(path)
        for path in [*python, *TEMPLATES]
        if re.search(r"mark_safe|\|\s*safe\b|csrf_exempt|autoescape off", path.read_text())
    ]

    # Called by another service, which shows a token of its own.
    assert found == ["notifications/callbacks.py"]


# --- Reading the templates ------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_keeps_the_content_security_policy(path):
    text = path.read_text()

    assert re.findall(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", text) == []
    scripts = re.findall(r"<script\b([^>]*)>", text)
    # A block of JSON is data, which the policy lets pass because no browser runs it.
    running = [script for script in scripts if 'type="application/json"' not in script]
    assert [script for script in running if "src=" not in script] == []
    assert re.findall(r"(?:src|srcset)=[\"']https?:", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_form_that_posts_carries_its_token(path):
    forms = re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL)
    posting = [form for form in forms if re.search(r"method=[\"']post", form, re.IGNORECASE)]

    assert [form[:80] for form in posting if "csrf_token" not in form] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_links_only_to_addresses_that_exist(path):
    named = set(re.findall(r"{%\s*url\s+[\"']([^\"']+)[\"']", path.read_text()))

    assert sorted(named - set(url_names())) == []


# --- Replaying every page -------------------------------------------------------------------------


class Writes:
    """Notes every statement that changes a table which a GET may not change."""

    CHANGING = re.compile(
        r"\b(?:INSERT INTO|UPDATE|DELETE FROM|MERGE INTO)\s+\"?(\w+)", re.IGNORECASE
    )

    def __init__(self):
        self.found: list[str] = []

    def __call__(self, execute, sql, params, many, context):
        text = sql if isinstance(sql, str) else str(sql)
        if not re.match(r"\s*SELECT\b(?!.*\bFOR UPDATE\b)", text, re.IGNORECASE | re.DOTALL):
            tables = {table.lower() for table in self.CHANGING.findall(text)}
            if tables - WRITABLE_BY_GET:
                self.found.append(text[:200])
        return execute(sql, params, many, context)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with lasting_world(django_db_blocker) as made:
        yield made


def visitor_for(rule, world: World) -> tuple[Client, User]:
    """Somebody whom the rule admits: a lead where it admits leads."""
    client = Client(raise_request_exception=False)
    if rule.roles == ANYONE:
        return client, world.stranger
    role = "lead" if rule.roles == SIGNED_IN or "lead" in rule.roles else min(rule.roles)
    user = world.users[role, "everywhere"]
    client.force_login(user, backend="accounts.backends.AccountBackend")
    return client, user


@pytest.mark.parametrize(
    "name", sorted(n for n in set(url_names()) & RULES.keys() if "GET" in RULES[n].methods)
)
def test_a_get_never_writes(world, db, name):
    rule = RULES[name]
    client, user = visitor_for(rule, world)
    url = reverse(name, kwargs=objects_of(rule, world, user).get("own"))
    writes = Writes()

    with connection.execute_wrapper(writes):
        response = client.get(url, rule.query)
        if response.streaming:
            b"".join(response.streaming_content)

    assert writes.found == []
    assert response.status_code < 500


# --- Every page -----------------------------------------------------------------------------------


def test_every_url_has_a_name():
    assert [name for name in url_names(get_resolver()) if "?" in name] == []
