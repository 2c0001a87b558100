from django.utils import timezone

from programme.applicant_links import key_for
from tests import factories
from tests.access_rules import ANYONE, Rule, World
from tests.access_rules.programme import FORM


def a_round(world: World) -> dict:
    return {"pk": world.round(world.own_site).pk}


def sent(world: World) -> dict:
    return {"key": key_for(world.applicant(world.own_site).pk)}


def draft(world: World) -> dict:
    made = factories.DraftFactory(round=world.round(world.own_site))
    return {"key": key_for(made.pk)}


def offered(world: World) -> dict:
    """The link of an applicant with an offer."""
    today = timezone.localdate()
    made = world.applicant(world.own_site, kind="offer", offered_on=today)
    return {"key": key_for(made.pk)}


def invited(world: World) -> dict:
    """The link of an applicant with an interview."""
    made = world.applicant(world.own_site, kind="interview")
    slot = factories.InterviewSlotFactory(round=made.round)
    slot.bookings.create(applicant=made, booked_at=made.submitted_at)
    return {"key": key_for(made.pk)}


TYPED = {
    "last_name": "Ó Briain 王",
    **dict.fromkeys(("first_name", "email", "phone", "statement", "adjustments"), ""),
    "version": "",
    "carried": "",
}

RULES = {
    "programme:apply": Rule(roles=ANYONE),
    "programme:send-link": Rule(roles=ANYONE, methods=FORM),
    "programme:apply-round": Rule(roles=ANYONE, methods=FORM, make=a_round),
    "programme:apply-save": Rule(roles=ANYONE, methods={"POST"}, make=a_round, data=TYPED),
    "programme:equality": Rule(roles=ANYONE, methods=FORM, make=a_round),
    "programme:my-application": Rule(roles=ANYONE, make=sent),
    "programme:my-form": Rule(roles=ANYONE, methods=FORM, make=draft),
    "programme:my-save": Rule(roles=ANYONE, methods={"POST"}, make=draft, data=TYPED),
    "programme:my-interview": Rule(roles=ANYONE, methods=FORM, make=invited),
    "programme:my-calendar": Rule(roles=ANYONE, make=invited),
    "programme:my-offer": Rule(roles=ANYONE, methods=FORM, make=offered),
    "programme:decline-offer": Rule(roles=ANYONE, methods=FORM, make=offered),
    "programme:withdraw": Rule(roles=ANYONE, methods=FORM, make=sent),
    "programme:drop-draft": Rule(roles=ANYONE, methods={"POST"}, make=draft),
}
