"""Dull factories: each makes the least that the database accepts, with no surprises."""

from tests.factories.accounts import RoleGrantFactory, SiteFactory, UserFactory
from tests.factories.programme import (
    ApplicationFactory,
    CohortFactory,
    EmployerFactory,
    EnrolmentFactory,
    PersonFactory,
    PostFactory,
    SpellFactory,
    TeamFactory,
)
from tests.factories.training import (
    AttendanceFactory,
    CompletionFactory,
    LearningRecordFactory,
    MentoringFactory,
    MentorMeetingFactory,
    PlacementDayFactory,
    ProgrammeVersionFactory,
    RequirementFactory,
    RequirementResultFactory,
    TrainingProgrammeFactory,
    TrainingSessionFactory,
)

__all__ = [
    "ApplicationFactory",
    "AttendanceFactory",
    "CohortFactory",
    "CompletionFactory",
    "EmployerFactory",
    "EnrolmentFactory",
    "LearningRecordFactory",
    "MentorMeetingFactory",
    "MentoringFactory",
    "PersonFactory",
    "PlacementDayFactory",
    "PostFactory",
    "ProgrammeVersionFactory",
    "RequirementFactory",
    "RequirementResultFactory",
    "RoleGrantFactory",
    "SiteFactory",
    "SpellFactory",
    "TeamFactory",
    "TrainingProgrammeFactory",
    "TrainingSessionFactory",
    "UserFactory",
]
