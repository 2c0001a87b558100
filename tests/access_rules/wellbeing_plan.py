"""Wellness plans: one's own for whoever has a record; parts of others' for who was chosen."""

from tests.access_rules import SIGNED_IN, Rule, World
from tests.access_rules.programme import FORM
from tests.access_rules.wellbeing_contact import page, record_of
from tests.factories.wellbeing import PlanShareFactory, WellnessPlanFactory
from wellbeing.models import WellnessPlan


def plan_of(world: World) -> WellnessPlan:
    person = record_of(world)
    found = WellnessPlan.objects.filter(person=person).first()
    return found or WellnessPlanFactory(person=person)


def own_plan(world: World) -> dict:
    return {"pk": plan_of(world).pk}


def a_part(world: World) -> dict:
    return {"pk": plan_of(world).sections.first().pk}


def own_share(world: World) -> dict:
    return {"pk": PlanShareFactory(plan=plan_of(world)).pk}


def shared_with(world: World) -> dict:
    return {"pk": PlanShareFactory(reader=world.actor).pk}


RULES = {
    "wellbeing:plan": Rule(roles=SIGNED_IN),
    "wellbeing:begin-plan": Rule(roles=SIGNED_IN, methods={"POST"}),
    "wellbeing:plan-section": page(a_part, FORM, words="A walk"),
    "wellbeing:keep-plan-section": page(a_part, {"POST"}, words="A walk"),
    "wellbeing:forget-plan-section": page(a_part, {"POST"}),
    "wellbeing:change-plan-share": page(own_share, FORM),
    "wellbeing:take-back-plan": page(own_share, FORM),
    "wellbeing:shared-with-me": Rule(roles=SIGNED_IN),
    "wellbeing:shared-plan": page(shared_with),
}
RULES |= {
    f"wellbeing:{name}-plan": page(own_plan, FORM) for name in ("review", "delete", "share", "copy")
}
