"""Every form is given what an enemy or a broken browser would send: no 500, nothing undeclared.

The forms are found by their access rules and read from the pages themselves, so a new page is
tried as soon as it has a rule.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from pghistory.models import Event

from tests.access_rules import ANYONE, World, lasting_world
from tests.test_access import RULES, objects_of, read_once, undone, url_names
from tests.test_consistency import visitor_for

pytestmark = pytest.mark.django_db
# What no role may open is called by another service: its own tests send it odd things.
POSTED = sorted(
    name
    for name in set(url_names()) & RULES.keys()
    if "POST" in RULES[name].methods and RULES[name].roles
)
HISTORIES = [model for model in apps.get_models() if issubclass(model, Event)]
OWN_COLUMNS = {"pgh_id", "pgh_created_at", "pgh_obj_id", "pgh_context_id", "id"}
# Differ with every request whatever is sent.
CLOCKS = {
    *("created_at", "joined_at", "sent_at", "accepted_at", "claimed_until"),
    *("at", "asked_at", "stage_since", "submitted_at", "booked_at"),
    *("confirmed_at", "recorded_at"),
    *("approved_at", "declined_at", "closes_at", "closed_at"),
    *("worker_signed_at", "supervisor_signed_at", "arranged_at"),
    "started_at",
    *("written_at", "given_at", "entered_at", "settled_at", "logged_at", "added_at"),
    *("taken_off_at", "made_at", "agreed_at", "saved_at", "published_at", "refused_at", "said_at"),
}

NAMES = "Zoë Ó Briain Łukasz 王"
NAME_FIELDS = {"name", "first_name", "last_name", "title", "preferred_role_term", "destination"}
CHANGED_FIELDS = NAME_FIELDS - {"destination"} | {"reference"}
CHANGING = [n for n in POSTED if n.partition(":")[2].startswith(("add-", "edit-", "give-"))]
# Of applicants, whose names no history keeps; tests/programme/test_apply.py reads them back.
NAMES_IN_NO_HISTORY = {"programme:apply-round", "programme:my-form"}
HOSTILE = {
    "NUL": "a\x00b",
    "a line break": "a\r\nSet-Cookie: b=c",
    "a surrogate": "a\ud800b",
    "a bell": "a\x07b",
    "right to left": "a\u202eb",
    "a formula": "=cmd|' /C calc'!A0",
    "a template": "{{ 7|add:7 }}{% url 'home' %}${7*7}",
    "markup": "<script>alert(1)</script>",
}
DATE_BOXES = {"_0": "5", "_1": "1", "_2": "2026"}
BEGINNINGS = ("start", "commenced", "applied", "spent")
HOSTILE_DATES = ("NUL", "a surrogate")
SUMMARY = re.compile(r'<ul class="nhsuk-list nhsuk-error-summary__list">(.*?)</ul>', re.DOTALL)
FORM = "application/x-www-form-urlencoded"


# --- Forms as a browser sees them -----------------------------------------------------------------


class Page(HTMLParser):
    """The fields of the forms that post to their own page: `{name: (kind, values)}`."""

    def __init__(self, text: str, url: str):
        super().__init__()
        self.url = url
        self.inside = False
        self.select = ""
        self.fields: dict[str, tuple[str, list[str]]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        has = dict(attrs)
        if tag == "form":
            posts = (has.get("method") or "get").lower() == "post"
            self.inside = posts and (has.get("action") or self.url) == self.url
        if not self.inside:
            return
        name = has.get("name") or ""
        if tag == "select":
            self.select = name
            self.fields[name] = ("select", [])
        elif tag == "option" and self.select:
            self.fields[self.select][1].append(has.get("value") or "")
        elif tag in {"input", "textarea"} and name:
            kind = "textarea" if tag == "textarea" else has.get("type") or "text"
            _, values = self.fields.setdefault(name, (kind, []))
            values.append(has.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""


def filled_in(fields: dict[str, tuple[str, list[str]]]) -> dict[str, str]:
    """Something a person might type into each field."""
    return {name: an_answer(name, *field) for name, field in fields.items() if field[0] != "file"}


def an_answer(name: str, kind: str, values: list[str]) -> str:
    before = values[0] if values else ""
    if kind == "hidden":
        return before
    if name.endswith("reason") or kind == "checkbox":  # of an ending, which none of these forms has
        return ""
    if kind in {"select", "radio"}:
        return next((value for value in values if value), "")
    if name[-2:] in DATE_BOXES:
        return DATE_BOXES[name[-2:]] if name.startswith(BEGINNINGS) else before
    answers = {
        "phone": "01632 960001",
        "email": "a.new.address@example.org",
        "band": "4",
        "hours": "7.5",
        "contracted_hours": "30",
        "funded_wte": "1",
        "position": "1",
    }
    if name in answers or kind == "email":
        return answers.get(name, answers["email"])
    return f"{before}a" if name in CHANGED_FIELDS else before


def body(data: dict) -> str:
    """A form's body, with characters that are no text passed through as their bytes."""
    return urlencode(data, encoding="utf-8", errors="surrogatepass")


def confirm_password(client: Client, user) -> None:
    """As if the password had been typed a moment ago, which sensitive forms ask for."""
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, "password")
    request.session.save()


class Form:
    """One address, ready to be sent to again and again; nothing sent stays."""

    def __init__(self, name: str, world: World):
        world.post(world.own_site)  # so that every list has something to choose
        world.cohort(world.own_site)
        rule = RULES[name]
        self.client, user = visitor_for(rule, world)
        if rule.roles != ANYONE:
            confirm_password(self.client, user)
        self.url = reverse(name, kwargs=objects_of(rule, world, user).get("own"))
        self.other_site = world.other_site
        page = self.client.get(self.url)
        text = page.content.decode() if page.status_code == 200 and not page.streaming else ""
        fields = Page(text, self.url).fields
        self.fields = {name: kind for name, (kind, _) in fields.items()}
        sent = rule.data(world) if callable(rule.data) else rule.data
        self.data = filled_in(fields) | sent
        self.before = newest_keys()

    @property
    def text_fields(self) -> list[str]:
        return [
            name for name, kind in self.fields.items() if kind in {"text", "textarea", "search"}
        ]

    def broken_by(self, sent: dict[str, str]) -> list[str]:
        """What of these breaks the page: each of them has gone as far as it would by itself.

        Fields that the answer refuses by name have been met; the rest is sent again without them,
        until it is taken, or refused for nothing but what the form is refused for anyway. Where the
        answer says anything else, each is sent by itself.
        """
        while sent:
            status, complaints = self.answer(sent)
            refused = {field for field in sent if names(complaints, field)}
            if status >= 500 and len(sent) == 1:
                return [f"{field}={value[:80]!r} → {status}" for field, value in sent.items()]
            if not refused:
                break
            sent = {field: value for field, value in sent.items() if field not in refused}
        if len(sent) < 2 or 300 <= status < 400 or (status, complaints) == self.honest:
            return []
        alone = [said for field in sent for said in self.broken_by({field: sent[field]})]
        return alone or ([f"{sent} together → {status}"] if status >= 500 else [])

    def answer(self, changed: dict[str, str]) -> tuple[int, list[str]]:
        """The status, and each line of the list of what is wrong."""
        with self._undone():
            response = self._post(changed)
            text = "" if response.streaming else response.content.decode()
            listed = "".join(SUMMARY.findall(text))
            return response.status_code, listed.split("<li>")[1:]

    @cached_property
    def honest(self) -> tuple[int, list[str]]:
        return self.answer({})

    def send(self, **changed) -> tuple[int, Counter]:
        """The status, and what changed: the new rows of every history."""
        with self._undone():
            return self._post(changed).status_code, changes_since(self.before)

    def _post(self, changed: dict):
        return self.client.post(self.url, body(self.data | changed), content_type=FORM)

    @contextmanager
    def _undone(self) -> Iterator[None]:
        cookies = self.client.cookies.output(header="", sep=";")
        with undone():
            yield
        self.client.cookies.load(cookies)


def names(complaints: list[str], field: str) -> bool:
    """Whether a line of what is wrong leads to a field; to any box of a date."""
    name = field[:-2] if field[-2:] in DATE_BOXES else field
    return any(re.search(f'href="#id_{re.escape(name)}(?:_[0-9]+)?"', said) for said in complaints)


def newest_keys() -> dict:
    """The newest row of every history, all asked for at once; 0 where there is none."""
    tables = (
        f"SELECT {number}, coalesce(max(pgh_id), 0) FROM {model._meta.db_table}"
        for number, model in enumerate(HISTORIES)
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(tables))
        return {HISTORIES[number]: key for number, key in cursor}


def changes_since(before: dict) -> Counter:
    """The new rows of every history; a record made just now is *new*, not its id."""
    grown = {model: before[model] for model, key in newest_keys().items() if key > before[model]}
    made = {
        made
        for model, key in grown.items()
        for made in model.objects.filter(pgh_id__gt=key, pgh_label="insert").values_list(
            "pgh_obj_id", flat=True
        )
    }
    return Counter(
        (model.__name__, *("new" if value in made else value for value in row))
        for model, key in grown.items()
        for row in new_rows(model, key)
    )


def new_rows(model, key: int) -> list[tuple]:
    columns = [
        field.attname
        for field in model._meta.concrete_fields
        if field.attname not in OWN_COLUMNS | CLOCKS
    ]
    rows = model.objects.filter(pgh_id__gt=key).values_list(*columns)
    return [tuple(flat(row)) for row in rows]


def flat(values: Iterable) -> Iterator:
    """The values of a row, and each one within structured data."""
    for value in values:
        if isinstance(value, dict):
            yield from flat(value.values())
        elif isinstance(value, list):
            yield from flat(value)
        else:
            yield value


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with lasting_world(django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def form(world, request) -> Iterator[Form]:
    """One form for all its tests, which run one after the other."""
    with transaction.atomic():
        made = Form(request.param, world)
        with read_once():
            yield made
        transaction.set_rollback(True)


# --- What must hold -------------------------------------------------------------------------------


def rounds_of_text(form: Form) -> list[dict[str, str]]:
    """What each of a few requests sends: every field meets everything, all at once the same thing.

    The boxes of one date take turns, for a date is refused as a whole.
    """
    rounds: list[dict[str, str]] = [{} for _ in HOSTILE]
    for field in form.text_fields:
        if field[-2:] in DATE_BOXES:
            first = int(field[-1]) * len(HOSTILE_DATES)
            for after, what in enumerate(HOSTILE_DATES):
                rounds[first + after][field] = HOSTILE[what]
        else:
            for sent, text in zip(rounds, HOSTILE.values(), strict=True):
                sent[field] = text
    return rounds


@pytest.mark.parametrize("form", POSTED, indirect=True)
def test_hostile_text_never_breaks_a_page(form):
    broken = [said for sent in rounds_of_text(form) for said in form.broken_by(sent)]
    if form.text_fields:
        broken += form.broken_by({form.text_fields[0]: "x" * 1_000_000})

    assert broken == []


@pytest.mark.parametrize("form", POSTED, indirect=True)
def test_a_choice_that_was_not_offered_never_breaks_a_page(form):
    offered = [name for name, kind in form.fields.items() if kind in {"select", "radio"}]
    hidden = [name for name, kind in form.fields.items() if kind == "hidden"]
    # Without the token, which this client is not asked for; tests/test_access.py sees to it.
    hidden = sorted({*hidden} - {"csrfmiddlewaretoken"})
    odd = ["a\x00b", "00000000-0000-0000-0000-000000000000", "99999999999999999999", "\ud800"]

    together = [dict.fromkeys(offered, value) for value in [*odd, ""]]
    # What is hidden may lead the page elsewhere before it reads the rest.
    alone = [{field: value} for field in hidden for value in [*odd, ""]]

    assert [said for sent in [*together, *alone] for said in form.broken_by(sent)] == []


FORGED = (
    *("accounts", "notifications", "programme", "questionnaires", "supervision"),
    *("wellbeing", "audit"),
)


def forged(form: Form) -> dict[str, str]:
    """Every column of every table of ours, and what other systems call power."""
    names = {
        name
        for app in FORGED
        for model in apps.get_app_config(app).get_models()
        if not issubclass(model, Event)
        for field in model._meta.concrete_fields
        for name in (field.name, field.attname)
    } | {"pk", "is_staff", "is_superuser", "is_admin", "groups", "user_permissions", "grants", "by"}
    known = set(form.data) | {name.rsplit("_", 1)[0] for name in form.data}
    values = {"role": "administrator", "is_active": "", "state": "done"}
    return {name: values.get(name, str(form.other_site.pk)) for name in names - known}


@pytest.mark.parametrize("form", POSTED, indirect=True)
def test_forged_fields_change_nothing(form):
    honest_status, honest = form.send()
    forged_status, with_forged = form.send(**forged(form))

    assert (forged_status, with_forged) == (honest_status, honest)


@pytest.mark.parametrize("form", sorted({*POSTED} - NAMES_IN_NO_HISTORY), indirect=True)
def test_names_keep_their_letters(form):
    for field in NAME_FIELDS.intersection(form.text_fields):
        status, changes = form.send(**{field: NAMES})

        if status == 302 and changes:
            assert any(NAMES in row for row in changes), field


@pytest.mark.parametrize("form", CHANGING, indirect=True)
def test_a_form_that_is_filled_in_changes_something(form):
    """The tests above say little about a form that is refused for another reason."""
    _, changes = form.send()

    assert changes


# --- Too much -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/support/contacts/add/", "/account/login/"])
@pytest.mark.parametrize(
    "sent",
    [
        pytest.param("&".join(f"f{number}=1" for number in range(1001)), id="1001 fields"),
        pytest.param("name=" + "x" * 3_000_000, id="3 MB"),
    ],
)
def test_too_much_is_refused_in_plain_words(lead_client, path, sent):
    client = lead_client if path.startswith("/support") else Client()

    response = client.post(path, sent, content_type=FORM)

    assert response.status_code in {400, 413}
    assert "<h1" in response.content.decode()
