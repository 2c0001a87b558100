"""The access matrix of domain.md 5.2, its rows of supervision: what each reader finds on all pages.

One worker has two relations, to a line manager and to a supervisor whom they chose; in each of them
everything stands that the rows name. Each reader opens every page that there is about it.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.template.base import Template
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts import roles as accounts_roles
from accounts.models import User
from programme.models import Person
from supervision.models import (
    LINE_MANAGEMENT,
    LIVED_EXPERIENCE,
    AgendaItem,
    Agreement,
    AideMemoire,
    HandOver,
    PreparationNote,
    RecordAnswer,
    Session,
    SessionStatus,
)
from tests.factories import (
    PersonFactory,
    RoleGrantFactory,
    SiteFactory,
    SpellFactory,
    UserFactory,
)
from tests.factories.supervision import (
    AgreedActionFactory,
    CoverFactory,
    RecordVersionFactory,
    SessionFactory,
    TermsFactory,
    kind,
)
from tests.supervision.pages import DAY, at

pytestmark = pytest.mark.django_db
# The last session of each relation, in days before today.
LAST = {"line": 37, "chosen": 44}
KINDS = {"line": LINE_MANAGEMENT, "chosen": LIVED_EXPERIENCE}

# The rows, and what of them stands for each reader.
DATES = {"dates"}
AGREED = {"agreed"}  # what both agreed on, for who was not part of it
TERMS = {"terms"}  # what the two agreed to keep to themselves, and its limits
ACTION = {"action"}  # the organisation's, once the worker has confirmed the record
SHARED = {"agenda", "action"}
OWN_SESSIONS = DATES | AGREED | SHARED | TERMS | {"unagreed", "aide-memoire"}
EVERYTHING = OWN_SESSIONS | {"preparation"}
DUTY = DATES | ACTION
NOTHING: set[str] = set()
STANDING_IN = DATES | SHARED | TERMS


@dataclass
class World:
    """The worker, both relations, and what there is to ask for by address."""

    person: Person
    line: Agreement
    chosen: Agreement
    rows: dict[str, list] = field(default_factory=lambda: {"people": [], "agreements": []})


def plant(world: World, relation: str) -> None:
    """Everything that the rows name, each thing in a word of its own."""
    agreement = getattr(world, relation)
    by, held = agreement.supervisor, LAST[relation]

    def word(thing: str) -> str:
        return f"owl-{relation}-{thing}"

    attended, unagreed = (
        SessionFactory(agreement=agreement, starts_at=at(-days)) for days in (held, held + 20)
    )
    planned = SessionFactory(
        agreement=agreement, starts_at=at(held), status=SessionStatus.PLANNED, settled_at=None
    )
    version = RecordVersionFactory(record__session=attended, words=word("agreed"))
    now = timezone.now()
    RecordAnswer.objects.create(record=version.record, version=1, agrees=True, given_at=now)
    version.record.state, version.record.agreed_at = "agreed", now
    version.record.save()
    RecordVersionFactory(record__session=unagreed, words=word("unagreed"))
    action = AgreedActionFactory(
        agreement=agreement, agreed_in=attended, words=word("action"), owner="organisation"
    )
    item = AgendaItem.objects.create(
        agreement=agreement, words=word("agenda"), added_by=by, added_at=now
    )
    AideMemoire.objects.create(
        agreement=agreement, author=by, words=word("aide-memoire"), written_at=now
    )
    note = PreparationNote.objects.create(
        person=agreement.person,
        account=agreement.person.user,
        agreement=agreement,
        words=word("preparation"),
        written_at=now,
    )
    more = {
        "agreements": [agreement],
        "sessions": [attended, unagreed, planned],
        "agenda": [item],
        "preparation": [note],
        "actions": [action],
    }
    for name, rows in more.items():
        world.rows.setdefault(name, []).extend(rows)


@pytest.fixture
def world(user_with_role) -> World:
    worker = user_with_role("peer_worker", name="Worker")
    person = PersonFactory(user=worker, site=SiteFactory())
    begun = timezone.localdate() - 200 * DAY
    SpellFactory(person=person, started_on=begun - 200 * DAY)
    line, chosen = (
        TermsFactory(
            agreement__person=person,
            agreement__supervisor=user_with_role("supervisor"),
            agreement__kind=kind(key),
            agreement__starts_on=begun,
            purpose=f"owl-{relation}-terms",
        ).agreement
        for relation, key in KINDS.items()
    )
    made = World(person, line, chosen)
    for relation in KINDS:
        plant(made, relation)
    made.rows["people"] = [person]
    Agreement.objects.update(due_on=timezone.localdate())  # so that leads' lists have them
    return made


@pytest.fixture
def _refusals_not_drawn(monkeypatch):
    """They show nothing of what was asked for, as tests/test_access.py proves, and are many."""
    draw = Template._render

    def render(template, context):
        return "" if template.name in {"403.html", "404.html"} else draw(template, context)

    monkeypatch.setattr(Template, "_render", render)


# --- Every address that there is ------------------------------------------------------------------

# What is about something else than these two relations; opened by other tests.
ELSEWHERE = {"choose", "groups", "drafts", "opened", "kinds", "standards", "supervisors"}
# Of sessions, pages about those that were held; the others are about planned ones.
OF_HELD = {"session", "write-record", "disagree", "contest-session", "confirm-record"}
BESIDES = ("home", "dashboard", "dashboard-supervision", "audit-trail", "audit-trail-csv")


def addresses(world: World) -> Iterator[str]:
    """Every page of supervision about the worker, and pages of others that tell of it."""
    routes = get_resolver().namespace_dict["supervision"][1].reverse_dict
    names = {name for name in routes if isinstance(name, str)}
    for name in sorted(names):
        [(route, parameters), *_] = routes.getlist(name)[0][0]
        first = route.split("/")[0]
        if not parameters:
            yield reverse(f"supervision:{name}")
        elif parameters == ["pk"] and first in world.rows:
            rows = world.rows[first]
            if first == "sessions":
                rows = [row for row in rows if (row.status == "attended") is (name in OF_HELD)]
            for row in rows:
                yield reverse(f"supervision:{name}", args=[row.pk])
        elif "person_pk" in parameters and set(parameters) == {"person_pk", "pk"}:
            for row in world.rows["agreements"]:
                yield reverse(f"supervision:{name}", args=[world.person.pk, row.pk])
        else:
            rest = {"cover_pk", "agreement_pk", "secret", "form", "kind"} & set(parameters)
            assert first in ELSEWHERE or rest, f"Nothing is opened at {route}"
    yield from map(reverse, BESIDES)
    yield reverse("programme:person", args=[world.person.pk])
    yield from map(reverse, ("programme:people", "programme:my-record", "programme:my-looks"))


def dates_of(relation: str) -> str:
    """The day of the last session, as pages and files write it."""
    day = timezone.localdate() - LAST[relation] * DAY
    return rf"\b{day.day} {day:%B %Y}|\b{day.day} {day:%b %Y}|{day:%Y-%m-%d}"


def found_by(user: User | None, world: World, client) -> dict[str, set[str]]:
    """What a reader finds of each relation."""
    if user is not None:
        client.force_login(user, backend="accounts.backends.AccountBackend")
    found = {relation: set() for relation in KINDS}
    for address in addresses(world):
        response = client.get(address)
        assert response.status_code in {200, 302, 403, 404, 405}, address
        text = b"".join(response).decode(errors="replace")  # of a file too
        for relation, things in found.items():
            things |= set(re.findall(rf"owl-{relation}-([a-z-]+[a-z])", text))
            if re.search(dates_of(relation), text):
                things |= DATES
    return found


# --- Who reads it ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cast:
    """Makes the readers of one world."""

    world: World
    user_with_role: object

    def holding(self, role: str, site: str = "") -> User:
        """Somebody with a role, everywhere, at the worker's site or at another one."""
        sites = {"": None, "own": self.world.person.site, "other": SiteFactory()}
        return self.user_with_role(role, site=sites[site])

    def supervising(self, *relations: str, who: User | None = None, **days) -> User:
        """The supervisor of these relations; of no relation, somebody who supervises another."""
        who = who or self.holding("supervisor")
        if not relations:
            TermsFactory(agreement__supervisor=who, agreement__starts_on=timezone.localdate())
        for relation in relations:
            rows = Agreement.objects.filter(pk=getattr(self.world, relation).pk)
            rows.update(supervisor=who, **days)
            Session.objects.filter(agreement__in=rows).update(supervisor=who)
            AideMemoire.objects.filter(agreement__in=rows).update(author=who)
        return who

    def standing_in(self, first: int, last: int, **values) -> User:
        """For the line manager, between two days counted from today."""
        today = timezone.localdate()
        days = {"starts_on": today + first * DAY, "last_day": today + last * DAY}
        who = self.holding("supervisor")
        return CoverFactory(agreement=self.world.line, stand_in=who, **days, **values).stand_in


def ends(days: int) -> dt.date:
    """The first day without an agreement, in days from today."""
    return timezone.localdate() + days * DAY


ROLES = ["supervisor", "trainer", "panel_member", "evaluator", "auditor", "administrator"]


def link(*, kept: bool = False, **days: int):
    """The line manager, where the agreement begins or ends so many days from today."""

    def make(cast: Cast) -> User:
        dated = {name: ends(number) for name, number in days.items()}
        return cast.supervising("line", kept_open=kept, **dated)

    return make


def stand_in(first: int, last: int, **values: bool):
    return lambda cast: cast.standing_in(first, last, **values)


def own_record(cast: Cast, role: str) -> User:
    who = cast.holding(role)
    PersonFactory(user=who, site=cast.world.person.site)
    return who


def both_but_one_ended(cast: Cast) -> User:
    who = cast.supervising("line", "chosen")
    Agreement.objects.filter(pk=cast.world.chosen.pk).update(ended_on=ends(0))
    return who


def after_the_end(cast: Cast) -> User:
    Agreement.objects.update(ended_on=ends(0))
    return cast.world.person.user


def handed_over(cast: Cast) -> User:
    former, who = cast.world.line, cast.holding("supervisor")
    Agreement.objects.filter(pk=former.pk).update(ended_on=ends(0))
    terms = TermsFactory(
        agreement__person=former.person, agreement__supervisor=who, agreement__starts_on=ends(0)
    )
    by = former.supervisor
    HandOver.objects.create(
        ended=former, next=terms.agreement, written_by=by, written_at=timezone.now()
    )
    return who


def lead_as_worker(cast: Cast) -> User:
    RoleGrantFactory(user=cast.world.person.user, role="lead", site=None)
    return cast.world.person.user


def all_at_once(cast: Cast) -> User:
    who = UserFactory()
    for role in ROLES:
        RoleGrantFactory(user=who, role=role, site=None)
    return who


MATRIX = {
    # The worker, and others like them.
    "peer worker, own": (lambda cast: cast.world.person.user, EVERYTHING, EVERYTHING),
    "peer worker, own, after the end": (after_the_end, EVERYTHING, EVERYTHING),
    "peer worker, another's": (lambda cast: own_record(cast, "peer_worker"), NOTHING, NOTHING),
    "trainee, another's": (lambda cast: own_record(cast, "trainee"), NOTHING, NOTHING),
    # Supervisors: each their own relation and nothing of the other.
    "line manager": (lambda cast: cast.world.line.supervisor, OWN_SESSIONS, NOTHING),
    "chosen supervisor": (lambda cast: cast.world.chosen.supervisor, NOTHING, OWN_SESSIONS),
    "supervisor of another worker": (Cast.supervising, NOTHING, NOTHING),
    "line manager who is also the chosen supervisor": (
        lambda cast: cast.supervising("line", "chosen"),
        OWN_SESSIONS,
        OWN_SESSIONS,
    ),
    "line manager who was the chosen supervisor until yesterday": (
        both_but_one_ended,
        OWN_SESSIONS,
        NOTHING,
    ),
    # Links: the last day, the day after, the day before the first.
    "link that ends tomorrow": (link(ended_on=1), OWN_SESSIONS, NOTHING),
    "link that ended today, so yesterday was its last day": (link(ended_on=0), NOTHING, NOTHING),
    "link that ended yesterday": (link(ended_on=-1), NOTHING, NOTHING),
    "link that starts today": (link(starts_on=0), OWN_SESSIONS, NOTHING),
    "link that starts tomorrow": (link(starts_on=1), NOTHING, NOTHING),
    "link that ended and that the worker keeps open": (
        link(ended_on=-1, kept=True),
        DATES | AGREED | ACTION | TERMS,
        NOTHING,
    ),
    # Whom the worker has after that: what was agreed, and nothing that was private.
    "the next supervisor": (handed_over, DATES | AGREED | ACTION, NOTHING),
    # Stand-ins: what is shared, to the last day.
    "stand-in on the last day": (stand_in(-3, 0), STANDING_IN, NOTHING),
    "stand-in on the first day": (stand_in(0, 3), STANDING_IN, NOTHING),
    "stand-in to whom the worker opened the records": (
        stand_in(-3, 0, records_open=True),
        STANDING_IN | AGREED,
        NOTHING,
    ),
    "stand-in after the last day": (stand_in(-3, -1, records_open=True), NOTHING, NOTHING),
    "stand-in before the first day": (stand_in(1, 3, records_open=True), NOTHING, NOTHING),
    "stand-in whom the worker refused": (
        lambda cast: cast.standing_in(-3, 3, refused_at=timezone.now()),
        NOTHING,
        NOTHING,
    ),
    # Leads: dates, kinds and statuses, at their sites.
    "lead": (lambda cast: cast.holding("lead"), DUTY, DUTY),
    "lead of the worker's site": (lambda cast: cast.holding("lead", "own"), DUTY, DUTY),
    "lead of another site": (lambda cast: cast.holding("lead", "other"), NOTHING, NOTHING),
    "lead who also supervises another worker": (
        lambda cast: cast.supervising(who=cast.holding("lead")),
        DUTY,
        DUTY,
    ),
    "lead who also supervises this worker": (
        lambda cast: cast.supervising("line", who=cast.holding("lead")),
        OWN_SESSIONS,
        DUTY,
    ),
    "lead who supervised this worker until yesterday": (
        lambda cast: cast.supervising("line", who=cast.holding("lead"), ended_on=ends(0)),
        DUTY,
        DUTY,
    ),
    "lead who is the worker": (lead_as_worker, EVERYTHING, EVERYTHING),
    # Everybody else, by role alone. Personnel staff have no role here, so no account of theirs
    # opens anything: they are as whoever holds none.
    **{
        f"{role}, by the role alone": (lambda cast, role=role: cast.holding(role), NOTHING, NOTHING)
        for role in ROLES
    },
    "no role": (lambda cast: UserFactory(), NOTHING, NOTHING),
    "all other roles at once": (all_at_once, NOTHING, NOTHING),
    "nobody signed in": (lambda cast: None, NOTHING, NOTHING),
}


@pytest.mark.usefixtures("_refusals_not_drawn")
@pytest.mark.parametrize("reader", MATRIX)
def test_each_reader_finds_what_their_row_gives_them(world, user_with_role, client, reader):
    make, line, chosen = MATRIX[reader]

    found = found_by(make(Cast(world, user_with_role)), world, client)

    assert found == {"line": line, "chosen": chosen}


@pytest.mark.parametrize("role", sorted(accounts_roles.ROLES))
def test_figures_are_for_leads_and_evaluators(world, user_with_role, sign_in, role):
    """The evaluator's are the published ones, in which one worker is never counted."""
    client = sign_in(user_with_role(role))

    page = client.get(reverse("dashboard-supervision"))

    assert page.status_code == {"lead": 200, "evaluator": 200}.get(role, 403)
    if role == "evaluator":
        assert page.context["published"] is True
