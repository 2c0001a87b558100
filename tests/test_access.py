"""Access is proved: every address × every role × whose object × method, against declared rules."""

import logging
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from functools import lru_cache
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.template.base import Template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views import defaults

from accounts import sessions
from accounts.backends import AccountBackend
from accounts.roles import ROLES
from tests.access_rules import ANYONE, SIGNED_IN, Rule, World, all_rules, lasting_world

RULES = all_rules()
pytestmark = pytest.mark.django_db
CHANGING = re.compile(
    rb'csrfmiddlewaretoken[^>]*|(?:seconds|absolute)-left="[0-9]+"|'
    rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)


def url_names(resolver=None, namespace: str = "") -> list[str]:
    """Every name the resolver knows, with its namespace; an address without a name is `?route`."""
    names = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            names += url_names(pattern, inner)
        elif isinstance(pattern, URLPattern):
            names.append(f"{namespace}{pattern.name or '?' + str(pattern.pattern)}")
    return names


# --- One world for the module; what a test writes is undone ---------------------------------------


@pytest.fixture(scope="module")
def cast(django_db_setup, django_db_blocker):
    """The world and a client for each kind of visitor: `(world, {visitor: client})`."""
    logging.getLogger("django.request").disabled = True  # thousands of refusals, all expected
    with lasting_world(django_db_blocker) as world, read_once(), refusals_drawn_once():
        clients = {("anonymous", ""): Client(raise_request_exception=False)}
        signed_in = world.users | {
            ("no role", ""): world.no_role,
            ("deactivated", ""): world.deactivated,
        }
        for visitor, user in signed_in.items():
            clients[visitor] = Client(raise_request_exception=False)
            clients[visitor].force_login(user, backend="accounts.backends.AccountBackend")
        yield world, clients
    logging.getLogger("django.request").disabled = False


@contextmanager
def read_once() -> Iterator[None]:
    """Reads the session and the account of each visitor once instead of before every request.

    Whatever a request writes is undone, so both are what they were; each request is given a copy of
    its own. How they are read is not replaced: an account without a right to sign in stays out.
    """
    rows, accounts = {}, {}
    read_row, read_account = SessionStore._get_session_from_db, AccountBackend.get_user

    def row(store):
        key = store.session_key
        if key not in rows:
            rows[key] = read_row(store)
        return rows[key]

    def account(backend, key):
        if key not in accounts:
            accounts[key] = read_account(backend, key)
        return copy(accounts[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SessionStore, "_get_session_from_db", row)
        patch.setattr(AccountBackend, "get_user", account)
        patch.setattr(sessions, "WRITE_EVERY", sessions.WRITE_EVERY * 60)
        yield


@contextmanager
def refusals_drawn_once() -> Iterator[None]:
    """Draws each visitor's page of a refusal once, and not again for every address.

    Drawn anew wherever anything differs that it may show: the words of the refusal, a message, the
    place in the navigation. That it shows no address is proved below.
    """
    drawn, draw = {}, Template._render

    def render(template, context):
        if template.name not in {"403.html", "404.html"}:
            return draw(template, context)
        links, said = context["navigation"], tuple(str(said) for said in context["messages"])
        shown = template.name, context["user"].pk, *links, said, str(context["exception"])
        if shown not in drawn:
            drawn[shown] = draw(template, context)
        return drawn[shown]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@contextmanager
def undone() -> Iterator[None]:
    """Undoes what is written inside; most requests only read, so that nothing has to be undone."""
    before = []

    def note(execute, sql, params, many, context):
        if not before and not str(sql).lstrip().startswith("SELECT"):
            before.append("a savepoint, in a moment")
            before[0] = connection.savepoint()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield
    if before:
        connection.savepoint_rollback(before[0])
        connection.savepoint_commit(before[0])
        connection.needs_rollback = False


# --- What the answer means ------------------------------------------------------------------------


def ask(client: Client, method: str, url: str, rule: Rule, world: World):
    """Send one request and undo whatever it wrote, cookies too: signing out is a page as well."""
    cookies = same(client.cookies)
    with undone():
        if method == "GET":
            response = client.get(url, rule.query)
        else:
            data = rule.data(world) if callable(rule.data) else rule.data
            response = client.post(url, data)
        if response.streaming:
            b"".join(response)  # a file that nobody reads stays open
    client.cookies = cookies
    return response


def same(cookies: SimpleCookie) -> SimpleCookie:
    return SimpleCookie(cookies.output(header="", sep=";"))


def verdict(response) -> str:
    """The answer in one word: allowed, denied, wrong method or broken."""
    if response.status_code >= 500:
        return "broken"
    if response.status_code == 405:
        return "wrong method"
    if response.status_code in {401, 403, 404}:
        return "denied"
    if 300 <= response.status_code < 400:
        target = urlsplit(response["Location"])
        if target.path == reverse("account_login") and "next=" in target.query:
            return "denied"
    return "allowed"


def told(response) -> tuple[int, bytes]:
    """What a visitor can learn from an answer: status and body without what differs every time."""
    return response.status_code, lasting(b"" if response.streaming else response.content)


@lru_cache(maxsize=256)
def lasting(body: bytes) -> bytes:
    return CHANGING.sub(b"", body)


def in_words(response) -> str:
    """The status, with where it leads or what broke."""
    said = str(response.status_code)
    if 300 <= response.status_code < 400:
        said += f" to {response['Location']}"
    if error := getattr(response, "exc_info", None):
        said += f" {error[1]!r}"
    return said


def objects_of(rule: Rule, world: World, user) -> dict[str, dict | None]:
    """The kwargs to open an address with, by whose object it is."""
    if rule.make is None:
        return {"no object": None}
    world.actor = user if rule.mine else None
    own = rule.make(world)
    objects = {"own": own} | {f"missing {key}": {**own, key: elsewhere(own[key])} for key in own}
    if rule.mine or rule.make_other:
        world.actor = world.stranger if rule.mine else None
        objects["other"] = (rule.make if rule.mine else rule.make_other)(world)
        if len(own) > 1:
            first = next(iter(own))
            objects["mixed"] = {**objects["other"], first: own[first]}
    return objects


def elsewhere(value):
    """A value of the same shape that belongs to nothing."""
    if isinstance(value, uuid.UUID):
        return uuid.uuid4()
    return 2_000_000_000 if isinstance(value, int) else "x" * len(str(value))


def may(rule: Rule, visitor: tuple[str, str], whose: str) -> bool:
    role, scope = visitor
    if role in {"anonymous", "deactivated"}:
        return rule.roles == ANYONE and not whose.startswith("missing")
    if not rule.admits(role, site_limited=scope in {"own", "other"}):
        return False
    if whose.startswith("missing") or whose == "mixed":
        return False
    if rule.mine:
        return whose == "own"
    if rule.make_other and scope in {"own", "other"}:
        return whose == scope
    return True


# --- The proof ------------------------------------------------------------------------------------


def test_every_url_has_a_rule_and_every_rule_a_url():
    names = set(url_names())

    drift = {
        "addresses without a rule": sorted(names - RULES.keys()),
        "rules without an address": sorted(RULES.keys() - names),
    }

    if any(drift.values()):
        pytest.fail(
            "\n".join(f"{what}: {', '.join(w)}" for what, w in drift.items()), pytrace=False
        )


def test_rules_name_known_roles():
    for name, rule in RULES.items():
        named = {rule.roles} if isinstance(rule.roles, str) else set(rule.roles)

        assert named - {ANYONE, SIGNED_IN} - ROLES.keys() == set(), name


def test_a_page_of_a_refusal_shows_no_address(lead_client):
    def refusals(address: str) -> list:
        request = lead_client.get(address).wsgi_request
        pages = [defaults.page_not_found(request, Http404("None."))]
        pages.append(defaults.permission_denied(request, PermissionDenied("No.")))
        return [told(page) for page in pages]

    assert refusals("/people/one/") == refusals("/people/two/?reference=P2")


def questions(rule: Rule, visitor: tuple[str, str], objects: dict) -> Iterator[tuple[str, str]]:
    """Which method on whose object a visitor is tried with.

    A role limited to a site differs from the unlimited one only where an address asks for a role
    or has objects of sites. One that may not open it at all is tried once; the unlimited variant of
    the same role is tried with every object, and with both methods on its own.
    """
    role, scope = visitor
    limited = scope in {"own", "other"}
    if limited and rule.roles in (ANYONE, SIGNED_IN) and not rule.make_other:
        return
    for number, whose in enumerate(objects):
        yield "GET", whose
        if limited and not rule.admits(role):
            return
        if number == 0 or rule.admits(role):
            yield "POST", whose


def cells(cast, name: str) -> Iterator[tuple]:
    """Every visitor, object and method of one address, with what is expected and the answer."""
    world, clients = cast
    rule = RULES[name]
    visitors = world.users | {("no role", ""): world.no_role}
    shared = None if rule.mine else objects_of(rule, world, None)
    for visitor, client in clients.items():
        objects = shared
        if rule.mine and list(questions(rule, visitor, {"own": None})):
            objects = objects_of(rule, world, visitors.get(visitor, world.stranger))
        for method, whose in questions(rule, visitor, objects or {}):
            url = reverse(name, kwargs=objects[whose])
            answer = ask(client, method, url, rule, world)
            yield visitor, whose, method, may(rule, visitor, whose), answer


def right(rule: Rule, method: str, answer: str, *, expected: bool) -> bool:
    if not expected:
        return answer in {"denied", "wrong method"}
    return answer == ("allowed" if method in rule.methods else "wrong method")


@pytest.mark.parametrize("name", sorted(set(url_names()) & RULES.keys()))
def test_each_cell_answers_as_declared_and_hidden_looks_missing(cast, name):
    rule = RULES[name]
    wrong = []
    refusals: dict[tuple, dict] = {}
    for visitor, whose, method, expected, response in cells(cast, name):
        answer = verdict(response)
        if not right(rule, method, answer, expected=expected):
            wrong.append(f"{' '.join(visitor)}, {whose}, {method}: {answer}, {in_words(response)}")
        if answer == "denied":
            refusals.setdefault((visitor, method), {}).setdefault(told(response), whose)

    for (visitor, method), said in refusals.items():
        if len(said) > 1:
            wrong.append(f"{' '.join(visitor)}, {method}: {', '.join(said.values())} differ")
    if wrong:
        pytest.fail(f"{name}:\n" + "\n".join(wrong), pytrace=False)


@pytest.mark.parametrize("name", sorted(n for n, rule in RULES.items() if "POST" in rule.methods))
def test_a_post_without_its_token_is_refused(cast, name):
    world, clients = cast
    rule = RULES[name]
    admitted = [visitor for visitor in world.users if rule.admits(visitor[0])]
    visitor = (admitted or [("lead", "everywhere")])[0]
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if rule.roles != ANYONE:
        client.cookies = same(clients[visitor].cookies)
    for kwargs in objects_of(rule, world, world.users[visitor]).values():
        response = ask(client, "POST", reverse(name, kwargs=kwargs), rule, world)

        assert response.status_code == 403
