"""Check-ins: one's own, what one is let read, and what many people answered."""

from tests import factories
from tests.access_rules import SIGNED_IN, Rule, World
from tests.access_rules.programme import FORM
from tests.access_rules.requirements import own_person

POST = frozenset({"POST"})
READERS = {"lead", "evaluator", "peer_worker", "trainee"}


def of_questionnaire(_world: World) -> dict:
    return {"key": "check-in"}


def first_question(_world: World) -> dict:
    return {"key": "check-in", "number": 1}


def check_in(world: World) -> dict:
    row = factories.CheckInFactory(person=own_person(world))
    return {"pk": row.pk}


def own_share(world: World) -> dict:
    person = own_person(world)
    return {"pk": factories.CheckInShareFactory(check_in__person=person).pk}


def shared(world: World) -> dict:
    share = {"reader": world.actor, "kept_open": True, "check_in__person__user": world.user()}
    return {"pk": factories.CheckInShareFactory(**share).check_in_id}


def mine(make, methods=frozenset({"GET"})) -> Rule:
    return Rule(roles=SIGNED_IN, methods=methods, make=make, mine=True)


RULES = {
    "wellbeing:my-check-ins": Rule(roles=SIGNED_IN),
    "wellbeing:new-check-in": Rule(roles=SIGNED_IN, methods=FORM),
    "wellbeing:new-of-questionnaire": Rule(roles=SIGNED_IN, methods=FORM, make=of_questionnaire),
    "wellbeing:keep-check-in": Rule(roles=SIGNED_IN, methods=POST, make=of_questionnaire),
    "wellbeing:check-in-step": Rule(roles=SIGNED_IN, methods=FORM, make=first_question),
    "wellbeing:rhythm": Rule(roles=SIGNED_IN, methods=FORM),
    "wellbeing:pause": Rule(roles=SIGNED_IN, methods=FORM),
    "wellbeing:go-on": Rule(roles=SIGNED_IN, methods=POST),
    "wellbeing:not-now": Rule(roles=SIGNED_IN, methods=POST),
    "wellbeing:skip": Rule(roles=SIGNED_IN, methods=POST),
    "wellbeing:stop-asking": Rule(roles=SIGNED_IN, methods=FORM),
    "wellbeing:delete-check-ins": Rule(roles=SIGNED_IN, methods=FORM),
    "wellbeing:trend": Rule(roles=SIGNED_IN),
    "wellbeing:trend-of": Rule(roles=SIGNED_IN, make=of_questionnaire),
    "wellbeing:trend-svg": Rule(roles=SIGNED_IN, make=of_questionnaire),
    "wellbeing:check-ins-csv": Rule(roles=SIGNED_IN),
    "wellbeing:check-ins-json": Rule(roles=SIGNED_IN),
    "wellbeing:group-results": Rule(roles=READERS),
    "wellbeing:group-results-csv": Rule(roles=READERS),
    "wellbeing:shared-check-in": mine(shared),
    "wellbeing:take-back-share": mine(own_share, POST),
    "wellbeing:check-in": mine(check_in),
    "wellbeing:check-in-fhir": mine(check_in),
    "wellbeing:finished": mine(check_in),
    "wellbeing:check-in-note": mine(check_in, FORM),
    "wellbeing:share-check-in": mine(check_in, FORM),
    "wellbeing:count-in-groups": mine(check_in, POST),
    "wellbeing:delete-check-in": mine(check_in, FORM),
}
