"""What the latest invented cohort was taught, who came, and what they handed in."""

import datetime as dt
import random
from decimal import Decimal

from accounts.models import User
from programme.actions import attendance, requirements, training_programmes, training_sessions
from programme.models import (
    AttendanceState,
    Cohort,
    CompetenceDomain,
    Outcome,
    ProgrammeVersion,
    RequirementKind,
    TrainingSession,
)

HOURS = Decimal(60)
TOPICS = (
    "What peer work is, and what it is not",
    "Using your own story at work",
    "Listening without giving advice",
    "Boundaries, and being a colleague",
    "Recovery in one's own words",
    "Trauma and how it is met",
    "Confidentiality and its limits",
    "Working in a clinical team",
    "Looking after yourself; what supervision is for",
    "Rights, and standing beside somebody",
    "Groups, and supporting two people at once",
    "Endings, and what comes next",
)
ASKED = (
    (RequirementKind.ATTENDANCE, "Three sessions in four", Decimal(75)),
    (RequirementKind.EVIDENCE, "A reflective account", None),
    (RequirementKind.TASK, "A practice conversation", None),
)


def load(*, cohort: Cohort, by: User, at: dt.datetime, chance: random.Random) -> None:
    """Give an invented cohort its programme, twelve weekly sessions, attendance and results."""
    cohort.programme_version = _version(cohort, by)
    cohort.ends_on = cohort.starts_on + dt.timedelta(weeks=len(TOPICS))
    cohort.save(update_fields=["programme_version", "ends_on"])
    sessions = training_sessions.add_weekly(
        cohort=cohort,
        by=by,
        first_on=cohort.starts_on,
        number=len(TOPICS),
        starts_at=dt.time(10),
        ends_at=dt.time(15),
        place="Recovery college, room 2",
        topics=TOPICS,
    )
    _attendance(cohort, sessions, by, at, chance)
    _results(cohort, by, at)


def _version(cohort: Cohort, by: User) -> ProgrammeVersion:
    programme = training_programmes.add_programme(
        by=by,
        name="Peer worker foundation",
        description="Twelve weekly days. Invented for the demonstration.",
    )
    draft = training_programmes.add_version(
        programme=programme,
        by=by,
        starts_on=cohort.starts_on,
        hours=HOURS,
        domains=CompetenceDomain.objects.all(),
    )
    for position, (kind, name, amount) in enumerate(ASKED, start=1):
        training_programmes.add_requirement(
            draft=draft,
            by=by,
            kind=kind,
            name=name,
            description="",
            amount=amount,
            position=position,
        )
    return training_programmes.publish_version(draft=draft, by=by, day=cohort.starts_on)


def _attendance(
    cohort: Cohort,
    sessions: list[TrainingSession],
    by: User,
    at: dt.datetime,
    chance: random.Random,
) -> None:
    """Everybody misses up to three sessions until their outcome, and some a part of others."""
    missing = [AttendanceState.APOLOGY, AttendanceState.APOLOGY, AttendanceState.ABSENT]
    marks = []
    for enrolment in cohort.enrolments.commenced_by(at.date()).order_by("person__reference"):
        missed = dict(zip(chance.sample(sessions, chance.randint(0, 3)), missing, strict=False))
        marks += [
            attendance.Mark(enrolment.pk, session.pk, missed.get(session) or _there(chance), 0)
            for session in sessions
            if enrolment.outcome_on is None or session.held_on <= enrolment.outcome_on
        ]
    attendance.mark(cohort=cohort, marks=marks, by=by, at=at, today=at.date())


def _there(chance: random.Random) -> AttendanceState:
    return AttendanceState.PART if chance.random() < 0.1 else AttendanceState.ATTENDED


def _results(cohort: Cohort, by: User, at: dt.datetime) -> None:
    """Who completed met everything; the first of them was asked to repeat the account once."""
    trainees = list(cohort.enrolments.completed_by(at.date()).order_by("person__reference"))
    account = cohort.programme_version.requirements.get(kind=RequirementKind.EVIDENCE)
    met_on = cohort.ends_on - dt.timedelta(7)
    requirements.record_results(
        enrolments=trainees[:1],
        requirement=account,
        by=by,
        at=at,
        result="repeat",
        decided_on=met_on - dt.timedelta(14),
        evidence="",
    )
    typed = cohort.programme_version.requirements.exclude(kind=RequirementKind.ATTENDANCE)
    for requirement in typed:
        requirements.record_results(
            enrolments=[one for one in trainees if one.outcome == Outcome.COMPLETED],
            requirement=requirement,
            by=by,
            at=at,
            result="met",
            decided_on=met_on,
            evidence="",
        )
