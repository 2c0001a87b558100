"""Programmes, sessions, attendance and what came of the requirements."""

import datetime as dt

import factory

from programme.models import (
    Attendance,
    Completion,
    LearningRecord,
    Mentoring,
    MentorMeeting,
    PlacementDay,
    ProgrammeVersion,
    Requirement,
    RequirementResult,
    TrainingProgramme,
    TrainingSession,
)
from tests.factories.programme import CohortFactory, EnrolmentFactory, PersonFactory

DAY = dt.date(2022, 1, 10)
MOMENT = dt.datetime(2022, 1, 10, 12, tzinfo=dt.UTC)


class TrainingProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TrainingProgramme

    name = factory.Sequence(lambda n: f"Programme {n}")


class ProgrammeVersionFactory(factory.django.DjangoModelFactory):
    """A draft; `published_on` fixes it, so give it after its parts."""

    class Meta:
        model = ProgrammeVersion

    programme = factory.SubFactory(TrainingProgrammeFactory)
    number = 1
    starts_on = DAY


class RequirementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Requirement

    version = factory.SubFactory(ProgrammeVersionFactory)
    kind = "task"
    name = factory.Sequence(lambda n: f"Requirement {n}")


class TrainingSessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TrainingSession

    cohort = factory.SubFactory(CohortFactory)
    held_on = factory.Sequence(lambda n: DAY + dt.timedelta(n % 700))
    topic = factory.Sequence(lambda n: f"Topic {n}")


class AttendanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attendance

    session = factory.SubFactory(TrainingSessionFactory)
    cohort = factory.SelfAttribute("session.cohort")
    enrolment = factory.SubFactory(EnrolmentFactory, cohort=factory.SelfAttribute("..cohort"))
    state = "attended"
    marked_at = MOMENT


class RequirementResultFactory(factory.django.DjangoModelFactory):
    """Of a requirement; the trainee's cohort follows its version unless one is given."""

    class Meta:
        model = RequirementResult

    requirement = factory.SubFactory(RequirementFactory)
    version = factory.SelfAttribute("requirement.version")
    enrolment = factory.SubFactory(
        EnrolmentFactory,
        cohort=factory.SubFactory(
            CohortFactory, programme_version=factory.SelfAttribute("...version")
        ),
    )
    cohort = factory.SelfAttribute("enrolment.cohort")
    result = "met"
    decided_on = DAY
    recorded_at = MOMENT


class PlacementDayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PlacementDay

    enrolment = factory.SubFactory(EnrolmentFactory)
    spent_on = DAY
    hours = 4


class CompletionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Completion

    enrolment = factory.SubFactory(EnrolmentFactory, outcome="completed", outcome_on=DAY)
    completed_on = DAY
    confirmed_at = MOMENT


class MentoringFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Mentoring

    enrolment = factory.SubFactory(EnrolmentFactory)
    trainee = factory.SelfAttribute("enrolment.person")
    mentor = factory.SubFactory(PersonFactory)
    started_on = DAY


class MentorMeetingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MentorMeeting

    mentoring = factory.SubFactory(MentoringFactory)
    met_on = DAY


class LearningRecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LearningRecord

    person = factory.SubFactory(PersonFactory)
    account = factory.SelfAttribute("person.user")
    learned_on = DAY
    hours = 2
    topic = "Trauma-informed care"
