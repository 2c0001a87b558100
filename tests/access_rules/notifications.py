"""One's own messages, how one is told things, and what staff see of them."""

from tests.access_rules import SIGNED_IN, Rule, World
from tests.access_rules.programme import FORM
from tests.factories.notifications import MessageFactory
from tests.factories.supervision import AgreementFactory

LEADS = {"lead"}
POST = frozenset({"POST"})


def message(world: World) -> dict:
    return {"pk": MessageFactory(recipient=world.actor).pk}


def planned_at(site, world: World) -> dict:
    """A message about late supervision of somebody at a site."""
    agreement = AgreementFactory(person=world.person(site))
    return {"pk": MessageFactory(occasion__about=agreement.pk).pk}


def planned(methods=frozenset({"GET"})) -> Rule:
    return Rule(
        roles=LEADS,
        methods=methods,
        make=lambda world: planned_at(world.own_site, world),
        make_other=lambda world: planned_at(world.other_site, world),
    )


def of_a_kind(_world: World) -> dict:
    return {"key": "supervision-overdue"}


RULES = {
    # For whoever shows its token, and no role is: see tests/notifications/test_channels.py.
    "notifications:receipt": Rule(roles=set(), methods={"POST"}),
    "notifications:mine": Rule(roles=SIGNED_IN),
    "notifications:wishes": Rule(roles=SIGNED_IN, methods=FORM),
    "notifications:open": Rule(roles=SIGNED_IN, make=message, mine=True),
    "notifications:planned": Rule(roles=LEADS),
    "notifications:planned-message": planned(),
    "notifications:move": planned(FORM),
    "notifications:words": planned(FORM),
    "notifications:cancel": planned(POST),
    "notifications:again": planned(POST),
    "notifications:texts": Rule(roles=LEADS),
    "notifications:text": Rule(roles=LEADS, methods=FORM, make=of_a_kind, scoped=False),
    "notifications:text-back": Rule(
        roles=LEADS,
        methods=POST,
        make=lambda world: of_a_kind(world) | {"number": 0},
        scoped=False,
    ),
    "notifications:sending": Rule(roles=LEADS | {"administrator"}),
}
