from programme.models.imports import ImportJob, ImportRow, ImportState, Verdict
from programme.models.people import Employer, EmployerKind, Person, Team, fold
from programme.models.place import Place
from programme.models.posts import (
    FULL_TIME_HOURS,
    LeavingReason,
    LeavingReasonGroup,
    Post,
    Spell,
)
from programme.models.recruitment import Application
from programme.models.training import Cohort, Enrolment, Outcome, OutcomeReason
from programme.models.training_feedback import FeedbackGiven, LearningRecord, SessionFeedback
from programme.models.training_programmes import (
    CompetenceDomain,
    CoveredDomain,
    ProgrammeVersion,
    Requirement,
    RequirementKind,
    TrainingProgramme,
)
from programme.models.training_results import (
    Completion,
    Mentoring,
    MentorMeeting,
    PlacementDay,
    RequirementResult,
    Result,
)
from programme.models.training_sessions import (
    Attendance,
    AttendanceState,
    Facilitator,
    TrainingSession,
)

__all__ = [
    "FULL_TIME_HOURS",
    "Application",
    "Attendance",
    "AttendanceState",
    "Cohort",
    "CompetenceDomain",
    "Completion",
    "CoveredDomain",
    "Employer",
    "EmployerKind",
    "Enrolment",
    "Facilitator",
    "FeedbackGiven",
    "ImportJob",
    "ImportRow",
    "ImportState",
    "LearningRecord",
    "LeavingReason",
    "LeavingReasonGroup",
    "MentorMeeting",
    "Mentoring",
    "Outcome",
    "OutcomeReason",
    "Person",
    "Place",
    "PlacementDay",
    "Post",
    "ProgrammeVersion",
    "Requirement",
    "RequirementKind",
    "RequirementResult",
    "Result",
    "SessionFeedback",
    "Spell",
    "Team",
    "TrainingProgramme",
    "TrainingSession",
    "Verdict",
    "fold",
]
