"""Posts in full: establishment, what falls due, leavers, and what a spell in post goes through."""

import datetime as dt
from dataclasses import replace

from programme.models import Person
from tests import factories
from tests.access_rules import SIGNED_IN, Rule, World
from tests.access_rules.programme import FORM, LEADS, list_page, object_page, record_page


def of_spell(kind: str, site: str):
    """Kwargs for something that belongs to a spell: its person and its own."""

    def make(world: World) -> dict:
        record = getattr(world, kind)(getattr(world, site))
        return {"person_pk": record.spell.person_id, "pk": record.pk}

    return make


def spell_page(kind: str) -> Rule:
    return Rule(
        roles=LEADS,
        methods=FORM,
        make=of_spell(kind, "own_site"),
        make_other=of_spell(kind, "other_site"),
    )


def of_pathway(kind: str) -> Rule:
    """A page to change what belongs to every site."""
    make = {
        "pathway": factories.PathwayFactory,
        "step": factories.PathwayStepFactory,
    }[kind]
    return Rule(roles=LEADS, methods=FORM, make=lambda _world: {"pk": make().pk}, scoped=False)


def preparation(site: str):
    def make(world: World) -> dict:
        team = world.team(getattr(world, site))
        return {"pk": factories.TeamPreparationFactory(team=team).pk}

    return make


SESSION = {"session": "Zoë’s", "held_on_0": "5", "held_on_1": "1", "held_on_2": "2026"}


def preparation_page(**data) -> Rule:
    return Rule(
        roles=LEADS,
        methods=FORM,
        data=data,
        make=preparation("own_site"),
        make_other=preparation("other_site"),
    )


def funding(site: str):
    def make(world: World) -> dict:
        post = world.post(getattr(world, site))
        return {"pk": factories.FundingFactory(post=post).pk}

    return make


def funding_page() -> Rule:
    return Rule(
        roles=LEADS, methods=FORM, make=funding("own_site"), make_other=funding("other_site")
    )


def own_words(kind: str):
    """Kwargs for what the actor wrote; one is made a person where they are none."""
    make = {
        "goal": factories.DevelopmentGoalFactory,
        "adjustment": factories.AdjustmentFactory,
    }

    def make_one(world: World) -> dict:
        person = _person(world)
        if kind == "spell":
            ended_on = dt.date(2023, 1, 1)
            return {"pk": factories.SpellFactory(person=person, ended_on=ended_on).pk}
        return {"pk": make[kind](person=person).pk}

    return make_one


def _person(world: World):
    known = Person.objects.filter(user=world.actor).first()
    return known or factories.PersonFactory(user=world.actor)


def written(world: World) -> dict:
    """What somebody with a record writes; leads have none of themselves."""
    lead = world.users["lead", "everywhere"]
    if not Person.objects.filter(user=lead).exists():
        factories.PersonFactory(user=lead)
    return {"text": "A later start", "share": "me"}


def own_page(kind: str) -> Rule:
    return Rule(roles=SIGNED_IN, methods=FORM, make=own_words(kind), mine=True)


RULES = {
    "programme:add-funding": object_page("post", LEADS, FORM),
    "programme:edit-funding": funding_page(),
    "programme:remove-funding": funding_page(),
    "programme:team": object_page("team", LEADS),
    "programme:preparations-csv": object_page("team", LEADS),
    "programme:preparations-xlsx": object_page("team", LEADS),
    "programme:add-preparation": replace(object_page("team", LEADS, FORM), data=SESSION),
    "programme:edit-preparation": preparation_page(**SESSION),
    "programme:remove-preparation": preparation_page(),
    "programme:pathways": list_page(LEADS),
    "programme:pathways-csv": list_page(LEADS),
    "programme:pathways-xlsx": list_page(LEADS),
    "programme:pathway": Rule(
        roles=LEADS, make=lambda _world: {"pk": factories.PathwayFactory().pk}
    ),
    "programme:add-pathway": Rule(roles=LEADS, methods=FORM, scoped=False),
    "programme:edit-pathway": of_pathway("pathway"),
    "programme:add-step": replace(of_pathway("pathway"), data={"role": "Peer worker"}),
    "programme:edit-step": of_pathway("step"),
    "programme:remove-step": of_pathway("step"),
    "programme:my-post": Rule(roles=SIGNED_IN),
    "programme:my-adjustments": Rule(roles=SIGNED_IN),
    "programme:add-goal": Rule(roles=SIGNED_IN, methods=FORM, data=written),
    "programme:edit-goal": replace(own_page("goal"), data={"text": "Later", "share": "leads"}),
    "programme:remove-goal": own_page("goal"),
    "programme:add-adjustment": Rule(roles=SIGNED_IN, methods=FORM, data=written),
    "programme:edit-adjustment": replace(
        own_page("adjustment"), data={"text": "Later", "share": "leads"}
    ),
    "programme:remove-adjustment": own_page("adjustment"),
    "programme:my-exit-interview": own_page("spell"),
    "programme:establishment": list_page(LEADS),
    "programme:establishment-csv": list_page(LEADS),
    "programme:establishment-xlsx": list_page(LEADS),
    "programme:ahead": list_page(LEADS),
    "programme:ahead-csv": list_page(LEADS),
    "programme:ahead-xlsx": list_page(LEADS),
    "programme:leavers": list_page(LEADS),
    "programme:leavers-csv": list_page(LEADS),
    "programme:leavers-xlsx": list_page(LEADS),
    "programme:move-spell": record_page("spell"),
    "programme:add-break": record_page("spell"),
    "programme:edit-break": spell_page("career_break"),
    "programme:remove-break": spell_page("career_break"),
    "programme:record-review": spell_page("probation_review"),
}
