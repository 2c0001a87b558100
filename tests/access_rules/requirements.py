from tests.access_rules import Rule, World
from tests.access_rules.programme import FORM, LEADS_AND_TRAINERS
from tests.factories import PlacementDayFactory, RequirementResultFactory


def cohort_at(site: str):
    return lambda world: {"cohort_pk": world.cohort(getattr(world, site)).pk}


def trainee_at(site: str):
    def make(world: World) -> dict:
        enrolment = world.enrolment(getattr(world, site))
        return {"cohort_pk": enrolment.cohort_id, "pk": enrolment.pk}

    return make


def of_trainee_at(site: str, factory):
    """Something of a trainee: the cohort, the place in it, and the thing itself."""

    def make(world: World) -> dict:
        enrolment = world.enrolment(getattr(world, site))
        made = factory(enrolment)
        return {"cohort_pk": enrolment.cohort_id, "trainee_pk": enrolment.pk, "pk": made.pk}

    return make


def result_of(enrolment):
    from tests.factories import RequirementFactory

    requirement = RequirementFactory()
    enrolment.cohort.programme_version = requirement.version
    enrolment.cohort.save()
    return RequirementResultFactory(enrolment=enrolment, requirement=requirement)


def placement_day_of(enrolment):
    return PlacementDayFactory(enrolment=enrolment)


def scoped(make, methods=frozenset({"GET"}), roles=LEADS_AND_TRAINERS, **fields) -> Rule:
    """A page about something that `make("own_site")` or `make("other_site")` makes."""
    return Rule(
        roles=roles,
        methods=methods,
        make=make("own_site"),
        make_other=make("other_site"),
        **fields,
    )


def of_trainee(factory):
    return lambda site: of_trainee_at(site, factory)


RULES = {
    "programme:requirements": scoped(cohort_at),
    "programme:record-results": scoped(cohort_at, FORM),
    "programme:trainee": scoped(trainee_at),
    "programme:record-result": scoped(trainee_at, FORM),
    "programme:add-placement-day": scoped(trainee_at, FORM),
    "programme:confirm-completion": scoped(trainee_at, FORM),
    "programme:take-back-completion": scoped(trainee_at, FORM),
    "programme:remove-result": scoped(of_trainee(result_of), FORM),
    "programme:remove-placement-day": scoped(of_trainee(placement_day_of), FORM),
}
