from programme.models import CompetenceDomain
from tests.access_rules import Rule, World
from tests.access_rules.programme import FORM, LEADS, LEADS_AND_TRAINERS, list_page, other, own
from tests.factories import (
    ProgrammeVersionFactory,
    RequirementFactory,
    TrainingProgrammeFactory,
    TrainingSessionFactory,
)


def programme(world: World) -> dict:
    return {"pk": TrainingProgrammeFactory().pk}


def version(world: World) -> dict:
    return {"pk": ProgrammeVersionFactory().pk}


def requirement(world: World) -> dict:
    return {"pk": RequirementFactory().pk}


def hours_and_domain(world: World) -> dict:
    return {"hours": "12", "domains": str(CompetenceDomain.objects.get(name="Knowledge").pk)}


def seen(make) -> Rule:
    """A page about something that belongs to no site."""
    return Rule(roles=LEADS_AND_TRAINERS, make=make)


def changed(make, data=None) -> Rule:
    """A form about something that belongs to no site: for leads of all sites."""
    return Rule(roles=LEADS, methods=FORM, make=make, scoped=False, data=data or {})


def of_session(site: str):
    def make(world: World) -> dict:
        cohort = world.cohort(getattr(world, site))
        return {"pk": TrainingSessionFactory(cohort=cohort).pk}

    return make


def session_page(data=None) -> Rule:
    return Rule(
        roles=LEADS,
        methods=FORM,
        make=of_session("own_site"),
        make_other=of_session("other_site"),
        data=data or {},
    )


def of_cohort(roles: set[str], methods=frozenset({"GET"}), data=None) -> Rule:
    return Rule(
        roles=roles,
        methods=methods,
        make=own("cohort"),
        make_other=other("cohort"),
        data=data or {},
    )


NEW_SESSION = {"held_on_0": "5", "held_on_1": "1", "held_on_2": "2026", "topic": "Boundaries"}
RULES = {
    "programme:sessions": of_cohort(LEADS_AND_TRAINERS),
    "programme:sessions-csv": of_cohort(LEADS_AND_TRAINERS),
    "programme:sessions-xlsx": of_cohort(LEADS_AND_TRAINERS),
    "programme:add-session": of_cohort(LEADS, FORM, NEW_SESSION),
    "programme:add-weekly-sessions": of_cohort(LEADS, FORM),
    "programme:edit-session": session_page({"topic": "Another"}),
    "programme:cancel-session": session_page(),
    "programme:hold-session": session_page(),
    "programme:attendance": of_cohort(LEADS_AND_TRAINERS),
    "programme:attendance-csv": of_cohort(LEADS_AND_TRAINERS),
    "programme:attendance-xlsx": of_cohort(LEADS_AND_TRAINERS),
    "programme:mark-attendance": of_cohort(LEADS_AND_TRAINERS, frozenset({"POST"})),
    "programme:register": Rule(
        roles=LEADS_AND_TRAINERS,
        methods=FORM,
        make=of_session("own_site"),
        make_other=of_session("other_site"),
    ),
    "programme:programmes": list_page(LEADS_AND_TRAINERS),
    "programme:programmes-csv": list_page(LEADS_AND_TRAINERS),
    "programme:programmes-xlsx": list_page(LEADS_AND_TRAINERS),
    "programme:add-programme": Rule(roles=LEADS, methods=FORM, scoped=False),
    "programme:programme": seen(programme),
    "programme:edit-programme": changed(programme),
    "programme:add-version": changed(programme, hours_and_domain),
    "programme:version": seen(version),
    "programme:edit-version": changed(version, hours_and_domain),
    "programme:publish-version": changed(version),
    "programme:add-requirement": changed(version, {"kind": "task", "amount": "", "name": "One"}),
    "programme:edit-requirement": changed(requirement, {"kind": "task"}),
    "programme:remove-requirement": changed(requirement),
}
