"""What a lead does with the sessions of a cohort."""

import datetime as dt
from collections.abc import Sequence
from itertools import count, islice
from typing import NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS

from accounts.models import User
from programme.actions.saving import NotSaved, add, change, check, locked, require_site, writing
from programme.models import Cohort, CompetenceDomain, Facilitator, TrainingSession

MARKED = (
    "Attendance is marked for this session, so it took place. Take the marks back first if they "
    "were made by mistake."
)


class Team(NamedTuple):
    """The names of who leads a session: peers, and others."""

    peers: Sequence[str] = ()
    others: Sequence[str] = ()


def add_session(
    *,
    cohort: Cohort,
    by: User,
    held_on: dt.date,
    starts_at: dt.time | None,
    ends_at: dt.time | None,
    topic: str,
    domain: CompetenceDomain | None,
    place: str,
    team: Team,
) -> TrainingSession:
    """Add a session to a cohort.

    Raises:
        NotSaved: the cohort has one at that time, or it would end before it starts.
        NotYours: the cohort is not at one of the lead's sites, here and in every function below.
    """
    require_site(by, cohort.site)
    session = TrainingSession(
        cohort=cohort,
        held_on=held_on,
        starts_at=starts_at,
        ends_at=ends_at,
        topic=topic,
        domain=domain,
        place=place,
    )
    with writing(by):
        session = add(session, by=by)
        _lead(session, team)
    return session


def add_weekly(
    *,
    cohort: Cohort,
    by: User,
    first_on: dt.date,
    number: int,
    starts_at: dt.time | None,
    ends_at: dt.time | None,
    place: str,
    topics: Sequence[str],
    without: Sequence[dt.date] = (),
) -> list[TrainingSession]:
    """Add a session in each of so many weeks, all of them or none.

    Args:
        topics: in order; where there are too few, *Session 7* stands for the seventh.
        without: days that are left out, such as bank holidays; the series is then longer.

    Raises:
        NotSaved: the cohort has a session at one of the times.
    """
    days = _weekly(first_on, number, without)
    with writing(by):
        return [
            add_session(
                cohort=cohort,
                by=by,
                held_on=day,
                starts_at=starts_at,
                ends_at=ends_at,
                topic=topics[week] if week < len(topics) else f"Session {week + 1}",
                domain=None,
                place=place,
                team=Team(),
            )
            for week, day in enumerate(days)
        ]


def change_session(
    *, session: TrainingSession, by: User, version: str, team: Team, **values
) -> TrainingSession:
    """Change when and where a session is, what it is about, or who leads it.

    Raises:
        ChangedMeanwhile, NotSaved: see `programme.actions.saving`.
    """
    require_site(by, session.cohort.site)
    with writing(by):
        current = change(session, by=by, version=version, values=values)
        _lead(current, team)
    return current


def cancel_session(*, session: TrainingSession, by: User, day: dt.date) -> None:
    """Record that a session does not take place; it stays on the list as cancelled.

    Raises:
        NotSaved: attendance is marked for it.
    """
    require_site(by, session.cohort.site)
    with writing(by):
        current = locked(session)
        if current.attendance.exclude(state="").exists():
            raise NotSaved({NON_FIELD_ERRORS: [MARKED]})
        if current.cancelled_on is None:
            current.cancelled_on = day
            current.save(update_fields=["cancelled_on"])


def hold_session(*, session: TrainingSession, by: User) -> None:
    """Take a cancellation back: the session takes place after all.

    Raises:
        NotSaved: another session of the cohort has its time meanwhile.
    """
    require_site(by, session.cohort.site)
    with writing(by):
        current = locked(session)
        current.cancelled_on = None
        check(current)
        current.save(update_fields=["cancelled_on"])


def _weekly(first_on: dt.date, number: int, without: Sequence[dt.date]) -> list[dt.date]:
    """So many days a week apart, leaving some out."""
    weeks = (first_on + dt.timedelta(weeks=week) for week in count())
    return list(islice((day for day in weeks if day not in without), number))


def _lead(session: TrainingSession, team: Team) -> None:
    """Make these, and no others, the people who lead a session."""
    named = {row.name.lower(): row for row in session.facilitators.all()}
    wanted = {name.lower(): (name, False) for name in team.others}
    wanted |= {name.lower(): (name, True) for name in team.peers}
    for key in named.keys() - wanted.keys():
        named[key].delete()
    for key, (name, is_peer) in wanted.items():
        row = named.get(key) or Facilitator(session=session)
        if (row.name, row.is_peer) != (name, is_peer) or key not in named:
            row.name, row.is_peer = name, is_peer
            row.save()
