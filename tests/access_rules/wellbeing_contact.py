"""Requests to be contacted: one's own for whoever has a record, others' for who was asked."""

from programme.models import Person
from tests import factories
from tests.access_rules import SIGNED_IN, Rule, World
from tests.access_rules.programme import FORM, LEADS
from tests.factories.wellbeing import ContactDutyFactory, ContactRequestFactory


def record_of(world: World) -> Person:
    """The record of who opens the page; made where they have none."""
    found = Person.objects.filter(user=world.actor).first()
    return found or factories.PersonFactory(user=world.actor)


def own(world: World) -> dict:
    return {"pk": ContactRequestFactory(person=record_of(world)).pk}


def asked(world: World) -> dict:
    return {"pk": ContactRequestFactory(owner=world.actor).pk}


def duty_at(site):
    return lambda world: {"pk": ContactDutyFactory(site=getattr(world, site)).pk}


def page(make, methods=frozenset({"GET"}), **data) -> Rule:
    return Rule(roles=SIGNED_IN, methods=methods, make=make, mine=True, data=data)


HOURS = {"hours": "12", "stand_in": ""}
DUTY = {"make": duty_at("own_site"), "make_other": duty_at("other_site")}
RULES = {
    "wellbeing:my-contact": Rule(roles=SIGNED_IN),
    "wellbeing:ask-contact": Rule(roles=SIGNED_IN, methods=FORM),
    "wellbeing:contact": page(asked),
    "wellbeing:withdraw-contact": page(own, FORM),
    "wellbeing:settle-contact": page(own, FORM),
    "wellbeing:delete-contact": page(own, FORM),
    "wellbeing:contact-waiting": Rule(roles=SIGNED_IN),
    "wellbeing:in-touch": page(asked, FORM),
    "wellbeing:pass-contact": page(asked, FORM),
    "wellbeing:contact-duties": Rule(roles=LEADS),
    "wellbeing:add-contact-duty": Rule(roles=LEADS, methods=FORM, data=HOURS),
    "wellbeing:edit-contact-duty": Rule(roles=LEADS, methods=FORM, data=HOURS, **DUTY),
    "wellbeing:remove-contact-duty": Rule(roles=LEADS, methods=FORM, **DUTY),
}
