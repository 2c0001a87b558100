"""Who may open which address, declared once for each URL name and proved by `tests/test_access.py`.

Each area has a module here with `RULES = {"namespace:name": Rule(...)}`. An address without a rule,
and a rule without an address, fail the proof.

A page about an object names two functions that make one: `make(world)` at `world.own_site`,
`make_other(world)` at `world.other_site`; both return the kwargs of `reverse()`. With both, a role
limited to a site must see its own site's object and get 404 for the other. Without `make_other`
the object belongs to no site and every holder of the role may open it.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction

from accounts.models import Site, User
from accounts.roles import ROLES
from tests import factories

ANYONE = "anyone"  # open without signing in
SIGNED_IN = "signed in"  # every signed-in user, whatever the role


@dataclass(frozen=True)
class Rule:
    """Who may open one address, how, and what to open it with.

    Attributes:
        roles: the keys of the roles that may, or `ANYONE`, or `SIGNED_IN`.
        methods: those the address takes; every other must answer 405.
        make: kwargs for an object of `world.own_site`, or of no site.
        make_other: kwargs for an object of `world.other_site`.
        mine: the object belongs to one user and nobody else sees it: `make` is called anew for
            each user, who is `world.actor`; `make_other` is not needed.
        scoped: whether a role that is limited to a site may open it too; if not, it gets 403 or
            404.
        data: what to send with a POST; empty by default, which a form answers with its errors.
        query: what to send in the address of a GET.
    """

    roles: set[str] | frozenset[str] | str
    methods: set[str] | frozenset[str] = frozenset({"GET"})
    make: Callable[["World"], dict] | None = None
    make_other: Callable[["World"], dict] | None = None
    mine: bool = False
    scoped: bool = True
    data: Callable[["World"], dict] | dict = field(default_factory=dict)
    query: dict = field(default_factory=dict)

    def admits(self, role: str | None, *, site_limited: bool = False) -> bool:
        """Whether a holder of a role may open it; `None` is a user without a role."""
        if self.roles in (ANYONE, SIGNED_IN):
            return True
        return role in self.roles and (self.scoped or not site_limited)


@dataclass
class World:
    """Two sites, a user for each role at each scope, and ways to make what pages are about."""

    own_site: Site
    other_site: Site
    users: dict[tuple[str, str], User]  # (role key, "everywhere" | "own" | "other")
    no_role: User
    deactivated: User
    stranger: User  # a lead everywhere whose own things nobody else sees
    actor: User | None = None  # whose object `make` makes, where a rule says `mine`

    def user(self, **fields) -> User:
        return factories.UserFactory(**fields)

    def invitation(self, **fields):
        from accounts.models import Invitation

        fields.setdefault("user", None)
        fields["user"] = fields["user"] or self.user()
        return Invitation.objects.create(invited_by=self.stranger, **fields)

    def grant(self, site: Site | None = None, **fields):
        return factories.RoleGrantFactory(site=site, **fields)

    def site(self, **fields) -> Site:
        return factories.SiteFactory(**fields)

    def employer(self, **fields):
        return factories.EmployerFactory(**fields)

    def leaving_reason(self):
        from programme.models import LeavingReason

        return LeavingReason.objects.order_by("name").first()

    def team(self, site: Site, **fields):
        return factories.TeamFactory(site=site, **fields)

    def person(self, site: Site, **fields):
        return factories.PersonFactory(site=site, **fields)

    def cohort(self, site: Site, **fields):
        return factories.CohortFactory(site=site, **fields)

    def application(self, site: Site, **fields):
        fields.setdefault("person", None)
        fields["person"] = fields["person"] or self.person(site)
        return factories.ApplicationFactory(**fields)

    def enrolment(self, site: Site, **fields):
        return factories.EnrolmentFactory(
            person=self.person(site), cohort=self.cohort(site), **fields
        )

    def post(self, site: Site, **fields):
        return factories.PostFactory(team=self.team(site), **fields)

    def spell(self, site: Site, **fields):
        return factories.SpellFactory(person=self.person(site), post=self.post(site), **fields)

    def stage_template(self, site: Site, **fields):
        return factories.StageTemplateFactory(site=site, **fields)

    def round(self, site: Site, **fields):
        return factories.RoundFactory(site=site, **fields)

    def applicant(self, site: Site, **fields):
        fields.setdefault("round", None)
        fields["round"] = fields["round"] or self.round(site)
        return factories.ApplicantFactory(**fields)

    def probation_review(self, site: Site, **fields):
        return factories.ProbationReviewFactory(spell=self.spell(site), **fields)

    def career_break(self, site: Site, **fields):
        return factories.CareerBreakFactory(spell=self.spell(site), **fields)

    def support_contact(self, **fields):
        from wellbeing.models import SupportContact

        return SupportContact.objects.create(
            **{"name": "Staff support line", "phone": "01632 960001", **fields}
        )

    def import_job(self, **fields):
        """An import of `actor`; without one, of a lead whom nobody else in the world is."""
        from programme.models import ImportJob

        fields.setdefault("file_name", "peers.csv")
        fields.setdefault("content", b"reference,last_name\nP1,Zo\xc3\xab\n")
        return ImportJob.objects.create(created_by=self.actor or self.stranger, **fields)


SCOPES = ("everywhere", "own", "other")


def build_world() -> World:
    """Make the cast; peer workers and trainees each have a record of their own."""
    own = factories.SiteFactory(name="Own site")
    other = factories.SiteFactory(name="Other site")
    sites = {"everywhere": None, "own": own, "other": other}
    users = {}
    for role in ROLES:
        for scope in SCOPES:
            user = factories.UserFactory(name=f"{role} {scope}")
            factories.RoleGrantFactory(user=user, role=role, site=sites[scope])
            if role in {"peer_worker", "trainee"}:
                factories.PersonFactory(user=user, site=sites[scope])
            users[role, scope] = user
    deactivated = factories.UserFactory(name="deactivated", is_active=False)
    stranger = factories.UserFactory(name="another lead")
    for user in (deactivated, stranger):
        factories.RoleGrantFactory(user=user, role="lead", site=None)
    return World(own, other, users, factories.UserFactory(name="no role"), deactivated, stranger)


@contextmanager
def lasting_world(django_db_blocker) -> Iterator[World]:
    """One world for a whole module; each test with the `db` fixture undoes its own changes."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


def _collect() -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(__path__):
        area = importlib.import_module(f"{__name__}.{module.name}")
        for name, rule in area.RULES.items():
            if name in rules:
                raise ValueError(f"Two areas declare a rule for {name}.")
            rules[name] = rule
    return rules


def all_rules() -> dict[str, Rule]:
    """Every declared rule by URL name."""
    return _collect()
