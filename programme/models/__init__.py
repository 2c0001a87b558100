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

__all__ = [
    "FULL_TIME_HOURS",
    "Application",
    "Cohort",
    "Employer",
    "EmployerKind",
    "Enrolment",
    "ImportJob",
    "ImportRow",
    "ImportState",
    "LeavingReason",
    "LeavingReasonGroup",
    "Outcome",
    "OutcomeReason",
    "Person",
    "Place",
    "Post",
    "Spell",
    "Team",
    "Verdict",
    "fold",
]
