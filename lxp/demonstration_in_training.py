"""A cohort that is in training now for the demonstration, with its mentors; all invented."""

import datetime as dt
import random
from itertools import cycle, zip_longest

from accounts.models import RoleGrant, Site, User
from lxp.demonstration import PASSWORD
from lxp.demonstration_training import TOPICS
from programme.actions import (
    attendance,
    feedback,
    mentoring,
    people,
    recruitment,
    training,
    training_sessions,
)
from programme.models import (
    Attendance,
    AttendanceState,
    Cohort,
    Enrolment,
    Outcome,
    Person,
    ProgrammeVersion,
)

# Whoever signs in as the first of them sees the pages of a trainee; nobody can as the others.
TRAINEE = "trainee@example.org"
NAMES = (
    ("Isla", "Brennan"),
    ("Tobiasz", "Wójcik"),
    ("Adaeze", "Nwosu"),
    ("Mirela", "Ionescu-Vântu"),
    ("Siobhán", "Ní Dhomhnaill"),
    ("Li", "王"),
    ("Harpreet", "Gill"),
    ("Jordan", "Whitfield"),
    ("Yusuf", "Demir"),
    ("Carys", "Bevan"),
    ("Paolo", "Greco"),
    ("Rosalind", "Featherstonehaugh-Cholmondeley"),
)
SEASONS = ("Winter", "Spring", "Summer", "Autumn")
WEEKS_TAUGHT = 8
MENTORED = 8  # the others wait for somebody
COMMENTS = (
    "It helped to hear how others say it.",
    "More time to practise in pairs, please.",
    "The room was cold; the session was not.",
)


def load(
    *,
    version: ProgrammeVersion,
    mentors: list[Person],
    by: User,
    at: dt.datetime,
    chance: random.Random,
) -> Cohort:
    """Add a cohort in its ninth week: who came, what they said of it, and who met their mentor.

    Args:
        mentors: who they are, the first of them the first trainee's.
    """
    today = at.date()
    starts_on = today - dt.timedelta(days=today.weekday(), weeks=WEEKS_TAUGHT)
    cohort = training.add_cohort(
        by=by,
        name=f"{SEASONS[starts_on.month % 12 // 3]} {starts_on.year}",
        site=Site.objects.order_by("name").first(),
        starts_on=starts_on,
        ends_on=starts_on + dt.timedelta(weeks=len(TOPICS) - 1),
        programme_version=version,
        places=14,
    )
    enrolments = [_trainee(cohort, number, by) for number in range(len(NAMES))]
    _sessions(cohort, enrolments, by, at, chance)
    _feedback(cohort, chance)
    for enrolment, mentor in zip(enrolments[:MENTORED], cycle(mentors), strict=False):
        _mentoring(enrolment, mentor, by)
    return cohort


def _trainee(cohort: Cohort, number: int, by: User) -> Enrolment:
    first_name, last_name = NAMES[number]
    account = User.objects.create_user(
        email=f"trainee{number:02}@example.org" if number else TRAINEE,
        name=f"{first_name} {last_name}",
        password=None if number else PASSWORD,
    )
    RoleGrant.objects.create(user=account, role="trainee", starts_on=cohort.starts_on)
    person = people.add_person(
        by=by,
        reference=f"LXP-2{number + 1:03}",
        first_name=first_name,
        last_name=last_name,
        email=account.email,
        site=cohort.site,
    )
    recruitment.add_application(
        person=person, by=by, cohort=cohort, applied_on=cohort.starts_on - dt.timedelta(60)
    )
    people.link_account(person=person, email=account.email, by=by)
    return training.enrol(
        person=person,
        by=by,
        cohort=cohort,
        commenced_on=cohort.starts_on,
        outcome=Outcome.ACTIVE,
        outcome_on=None,
        outcome_reason=None,
    )


def _sessions(
    cohort: Cohort,
    enrolments: list[Enrolment],
    by: User,
    at: dt.datetime,
    chance: random.Random,
) -> None:
    """Twelve weekly sessions; at those held so far nearly everybody was."""
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
    marks = [
        attendance.Mark(enrolment.pk, session.pk, _came(number, week, chance), 0)
        for number, enrolment in enumerate(enrolments)
        for week, session in enumerate(sessions[:WEEKS_TAUGHT])
    ]
    attendance.mark(cohort=cohort, marks=marks, by=by, at=at, today=at.date())


def _came(number: int, week: int, chance: random.Random) -> AttendanceState:
    if number == 0 or week == 0 or chance.random() > 0.1:
        return AttendanceState.ATTENDED
    return chance.choice([AttendanceState.APOLOGY, AttendanceState.PART, AttendanceState.ABSENT])


def _feedback(cohort: Cohort, chance: random.Random) -> None:
    """Everybody on the first session, so that it can be read; half of them on the second."""
    there = Attendance.objects.present().filter(cohort=cohort).order_by("enrolment__person")
    for session, first in zip(cohort.sessions.order_by("held_on"), (0, 6), strict=False):
        rows = there.filter(session=session).select_related("session", "enrolment__person__user")
        for row, comment in zip_longest(rows[first:], COMMENTS, fillvalue=""):
            feedback.give(
                attendance=row,
                by=row.enrolment.person.user,
                today=session.held_on,
                useful=chance.choice([3, 4, 4, 5]),
                able_to_take_part=chance.choice([3, 4, 5]),
                comment=comment,
            )


def _mentoring(enrolment: Enrolment, mentor: Person, by: User) -> None:
    paired = mentoring.pair(
        enrolment=enrolment,
        mentor=mentor,
        by=by,
        started_on=enrolment.commenced_on + dt.timedelta(7),
    )
    for week in (2, 5) if mentor.user_id else (3,):
        mentoring.log_meeting(
            mentoring=paired, by=by, met_on=enrolment.commenced_on + dt.timedelta(weeks=week)
        )
