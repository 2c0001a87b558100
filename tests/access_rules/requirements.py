from django.utils import timezone

from programme.models import Enrolment, Person
from tests.access_rules import SIGNED_IN, Rule, World
from tests.access_rules.programme import FORM, LEADS, LEADS_AND_TRAINERS
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    EnrolmentFactory,
    LearningRecordFactory,
    MentoringFactory,
    MentorMeetingFactory,
    PersonFactory,
    PlacementDayFactory,
    RequirementFactory,
    RequirementResultFactory,
    TrainingSessionFactory,
)
from tests.factories.training import DAY


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
    requirement = RequirementFactory()
    enrolment.cohort.programme_version = requirement.version
    enrolment.cohort.save()
    return RequirementResultFactory(enrolment=enrolment, requirement=requirement)


def mentoring_of(enrolment):
    return MentoringFactory(enrolment=enrolment)


def meeting_of(enrolment):
    return MentorMeetingFactory(mentoring=mentoring_of(enrolment))


def own_mentoring(world: World) -> dict:
    return {"pk": MentoringFactory(mentor=own_person(world)).pk}


def own_meeting(world: World) -> dict:
    mentoring = MentoringFactory(mentor=own_person(world))
    return {"pk": MentorMeetingFactory(mentoring=mentoring).pk}


def placement_day_of(enrolment):
    return PlacementDayFactory(enrolment=enrolment)


def completed_at(site: str):
    def make(world: World) -> dict:
        kwargs = trainee_at(site)(world)
        complete(kwargs["pk"])
        return kwargs

    return make


def complete(place) -> None:
    Enrolment.objects.filter(pk=place).update(outcome="completed", outcome_on=DAY)
    CompletionFactory(enrolment=Enrolment.objects.get(pk=place))


def own_person(world: World):
    """The record linked to whoever opens the page, read anew: a cached one may be undone."""
    return Person.objects.filter(user=world.actor).first() or PersonFactory(user_id=world.actor.pk)


def own_place(world: World) -> dict:
    return {"pk": EnrolmentFactory(person=own_person(world)).pk}


def own_completion(world: World) -> dict:
    kwargs = own_place(world)
    complete(kwargs["pk"])
    return kwargs


def mine(make, methods=frozenset({"GET"}), **fields) -> Rule:
    """A page about something of one's own, whatever one's role."""
    return Rule(roles=SIGNED_IN, methods=methods, make=make, mine=True, **fields)


def own_attendance(world: World) -> dict:
    session = TrainingSessionFactory(held_on=timezone.localdate())
    place = EnrolmentFactory(person=own_person(world), cohort=session.cohort)
    return {"pk": AttendanceFactory(session=session, enrolment=place).pk}


def own_learning(world: World) -> dict:
    return {"pk": LearningRecordFactory(person=own_person(world)).pk}


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
    "programme:requirements-csv": scoped(cohort_at),
    "programme:requirements-xlsx": scoped(cohort_at),
    "programme:record-results": scoped(cohort_at, FORM),
    "programme:trainee": scoped(trainee_at),
    "programme:record-result": scoped(trainee_at, FORM),
    "programme:add-placement-day": scoped(trainee_at, FORM),
    "programme:confirm-completion": scoped(trainee_at, FORM),
    "programme:take-back-completion": scoped(trainee_at, FORM),
    "programme:certificate": scoped(completed_at),
    "programme:my-training": Rule(roles=SIGNED_IN),
    "programme:my-training-in": mine(own_place),
    "programme:my-certificate": mine(own_completion),
    "programme:mentors": scoped(cohort_at),
    "programme:mentors-csv": scoped(cohort_at),
    "programme:mentors-xlsx": scoped(cohort_at),
    "programme:pair-mentor": scoped(trainee_at, FORM, LEADS),
    "programme:end-mentoring": scoped(of_trainee(mentoring_of), FORM, LEADS),
    "programme:log-meeting": scoped(of_trainee(mentoring_of), FORM),
    "programme:remove-meeting": scoped(of_trainee(meeting_of), FORM),
    "programme:my-mentoring": Rule(roles=SIGNED_IN),
    "programme:log-own-meeting": mine(own_mentoring, FORM),
    "programme:remove-own-meeting": mine(own_meeting, FORM),
    "programme:feedback": scoped(cohort_at),
    "programme:session-feedback": mine(own_attendance, FORM),
    "programme:my-learning": Rule(roles=SIGNED_IN),
    "programme:my-learning-csv": Rule(roles=SIGNED_IN),
    "programme:my-learning-xlsx": Rule(roles=SIGNED_IN),
    "programme:log-learning": Rule(roles=SIGNED_IN, methods=FORM),
    "programme:edit-learning": mine(own_learning, FORM),
    "programme:remove-learning": mine(own_learning, FORM),
    "programme:learning": Rule(roles=LEADS),
    "programme:remove-result": scoped(of_trainee(result_of), FORM),
    "programme:remove-placement-day": scoped(of_trainee(placement_day_of), FORM),
}
