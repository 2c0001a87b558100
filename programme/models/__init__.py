from programme.models.employment import BreakKind, CareerBreak, ProbationReview, ReviewOutcome
from programme.models.imports import ImportJob, ImportRow, ImportState, Verdict
from programme.models.pathways import Pathway, PathwayStep
from programme.models.people import Employer, EmployerKind, Person, Team, fold
from programme.models.place import Place
from programme.models.posts import (
    FULL_TIME_HOURS,
    Contract,
    LeavingReason,
    LeavingReasonGroup,
    Post,
    Spell,
)
from programme.models.recruitment import Application
from programme.models.teams import TeamPreparation
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
    "BreakKind",
    "CareerBreak",
    "Cohort",
    "CompetenceDomain",
    "Completion",
    "Contract",
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
    "Pathway",
    "PathwayStep",
    "Person",
    "Place",
    "PlacementDay",
    "Post",
    "ProbationReview",
    "ProgrammeVersion",
    "Requirement",
    "RequirementKind",
    "RequirementResult",
    "Result",
    "ReviewOutcome",
    "SessionFeedback",
    "Spell",
    "Team",
    "TeamPreparation",
    "TrainingProgramme",
    "TrainingSession",
    "Verdict",
    "fold",
]
