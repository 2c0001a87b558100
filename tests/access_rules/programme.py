from tests.access_rules import SIGNED_IN, Rule, World

LEADS = {"lead"}
LEADS_AND_TRAINERS = {"lead", "trainer"}
FORM = {"GET", "POST"}


def own(kind: str):
    """Kwargs for an object of the world's own site."""
    return lambda world: {"pk": getattr(world, kind)(world.own_site).pk}


def other(kind: str):
    return lambda world: {"pk": getattr(world, kind)(world.other_site).pk}


def own_person(world: World) -> dict:
    return {"person_pk": world.person(world.own_site).pk}


def other_person(world: World) -> dict:
    return {"person_pk": world.person(world.other_site).pk}


def of_person(kind: str, site: str):
    """Kwargs for something that belongs to a person: theirs and its own."""

    def make(world: World) -> dict:
        record = getattr(world, kind)(getattr(world, site))
        return {"person_pk": record.person_id, "pk": record.pk}

    return make


def list_page(roles: set[str], methods: frozenset | set = frozenset({"GET"})) -> Rule:
    return Rule(roles=roles, methods=methods)


def object_page(kind: str, roles: set[str], methods: set | frozenset = frozenset({"GET"})) -> Rule:
    return Rule(roles=roles, methods=methods, make=own(kind), make_other=other(kind))


def page_for_person(data: dict | None = None) -> Rule:
    return Rule(
        roles=LEADS, methods=FORM, make=own_person, make_other=other_person, data=data or {}
    )


def record_page(kind: str, data: dict | None = None) -> Rule:
    return Rule(
        roles=LEADS,
        methods=FORM,
        make=of_person(kind, "own_site"),
        make_other=of_person(kind, "other_site"),
        data=data or {},
    )


# What somebody in training has not: a return and a cohort to go on in.
IN_TRAINING = {"may_return": "", "later_cohort": ""}

RULES = {
    "programme:people": list_page(LEADS),
    "programme:people-csv": list_page(LEADS),
    "programme:people-xlsx": list_page(LEADS),
    "programme:add-person": list_page(LEADS, FORM),
    "programme:person": object_page("person", LEADS),
    "programme:edit-person": object_page("person", LEADS, FORM),
    "programme:link-account": object_page("person", LEADS, FORM),
    "programme:unlink-account": object_page("person", LEADS, FORM),
    "programme:add-application": page_for_person(),
    "programme:edit-application": record_page("application"),
    "programme:remove-application": record_page("application"),
    "programme:add-enrolment": page_for_person(IN_TRAINING),
    "programme:edit-enrolment": record_page("enrolment", IN_TRAINING),
    "programme:remove-enrolment": record_page("enrolment"),
    "programme:add-spell": page_for_person(),
    "programme:edit-spell": record_page("spell"),
    "programme:end-spell": record_page("spell"),
    "programme:remove-spell": record_page("spell"),
    "programme:my-record": Rule(roles=SIGNED_IN),
    "programme:my-looks": Rule(roles=SIGNED_IN),
    "programme:my-looks-csv": Rule(roles=SIGNED_IN),
    "programme:my-looks-xlsx": Rule(roles=SIGNED_IN),
    "programme:cohorts": list_page(LEADS_AND_TRAINERS),
    "programme:cohorts-csv": list_page(LEADS_AND_TRAINERS),
    "programme:cohorts-xlsx": list_page(LEADS_AND_TRAINERS),
    "programme:ready": list_page(LEADS_AND_TRAINERS),
    "programme:ready-csv": list_page(LEADS_AND_TRAINERS),
    "programme:ready-xlsx": list_page(LEADS_AND_TRAINERS),
    "programme:add-cohort": list_page(LEADS, FORM),
    "programme:cohort": object_page("cohort", LEADS_AND_TRAINERS),
    "programme:cohort-csv": object_page("cohort", LEADS_AND_TRAINERS),
    "programme:cohort-xlsx": object_page("cohort", LEADS_AND_TRAINERS),
    "programme:edit-cohort": object_page("cohort", LEADS, FORM),
    "programme:posts": list_page(LEADS),
    "programme:posts-csv": list_page(LEADS),
    "programme:posts-xlsx": list_page(LEADS),
    "programme:add-post": list_page(LEADS, FORM),
    "programme:post": object_page("post", LEADS),
    "programme:post-csv": object_page("post", LEADS),
    "programme:post-xlsx": object_page("post", LEADS),
    "programme:edit-post": object_page("post", LEADS, FORM),
    "programme:teams": list_page(LEADS),
    "programme:teams-csv": list_page(LEADS),
    "programme:teams-xlsx": list_page(LEADS),
    "programme:add-team": list_page(LEADS, FORM),
    "programme:edit-team": object_page("team", LEADS, FORM),
    "programme:reasons": list_page(LEADS),
    "programme:reasons-csv": list_page(LEADS),
    "programme:reasons-xlsx": list_page(LEADS),
    "programme:add-reason": Rule(roles=LEADS, methods=FORM, scoped=False),
    "programme:edit-reason": Rule(
        roles=LEADS,
        methods=FORM,
        make=lambda world: {"pk": world.leaving_reason().pk},
        scoped=False,
    ),
    "programme:employers": list_page(LEADS),
    "programme:employers-csv": list_page(LEADS),
    "programme:employers-xlsx": list_page(LEADS),
    "programme:add-employer": list_page(LEADS, FORM),
    "programme:edit-employer": Rule(
        roles=LEADS, methods=FORM, make=lambda world: {"pk": world.employer().pk}, scoped=False
    ),
}
