"""A group session: saved once for everybody who was there."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import User
from programme.actions.saving import NotSaved, check, writing
from programme.models import Person
from supervision.actions.drafts import GROUP_NOTE, forget
from supervision.actions.sessions import require_begun
from supervision.due import refresh_all
from supervision.models import Agreement, GroupSession, Session, SessionStatus, SupervisionKind

LONG_AGO = dt.timedelta(days=366)


def people_to_choose(user: User, day: dt.date):
    """Whom a user supervises on a day, in whichever kind: these can be at their group."""
    given = Agreement.objects.given_by(user, day)
    return Person.objects.filter(agreements__in=given).distinct().order_by("last_name", "pk")


def log_group(
    *,
    by: User,
    day: dt.date,
    at: dt.datetime,
    kind: SupervisionKind,
    present: Iterable[Person],
    starts_at: dt.datetime,
    minutes: int,
    place: str = "",
    note: str = "",
) -> GroupSession:
    """Save a group session and one session for each who was there, all or nothing.

    Raises:
        NotSaved: it is still to come, or another one is recorded at that time.
    """
    people = {person.pk for person in present}
    allowed = set(people_to_choose(by, day).filter(pk__in=people).values_list("pk", flat=True))
    if not kind.in_group or people - allowed:
        raise PermissionDenied("You do not supervise everybody who was chosen.")
    values = {"starts_at": starts_at, "minutes": minutes, "place": place}
    with writing(by):
        require_begun(starts_at, at)
        if starts_at < at - LONG_AGO:
            raise NotSaved({"held_on": ["Choose a day within the last twelve months"]})
        agreements = _locked(people, kind)
        group = GroupSession(kind=kind, led_by=by, note=note, logged_at=at, **values)
        if twin := _twin(group, people):
            return twin
        check(group)
        group.site = _one_site(people)
        group.save(force_insert=True)
        _save_sessions(group, people, agreements, by=by, at=at)
        refresh_all(agreements, day)
        forget(by, GROUP_NOTE, by.pk)
    return group


def _locked(people: set[UUID], kind: SupervisionKind) -> list[Agreement]:
    rows = Agreement.objects.filter(person__in=people, kind=kind)
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _twin(group: GroupSession, people: set[UUID]) -> GroupSession | None:
    """The same group session, sent a moment ago."""
    there = GroupSession.objects.filter(
        led_by=group.led_by, kind=group.kind, starts_at=group.starts_at
    ).first()
    if there is None:
        return None
    same = (there.minutes, there.place, there.note) == (group.minutes, group.place, group.note)
    if same and set(there.sessions.values_list("person", flat=True)) == people:
        return there
    raise NotSaved({"starts_at": ["This group session is recorded already"]})


def _one_site(people: set[UUID]):
    """The site of those who were there, where it is one."""
    sites = {person.site for person in Person.objects.filter(pk__in=people).select_related("site")}
    return sites.pop() if len(sites) == 1 else None


def _save_sessions(
    group: GroupSession,
    people: set[UUID],
    agreements: list[Agreement],
    *,
    by: User,
    at: dt.datetime,
) -> None:
    """One session each, of the agreement that somebody has with the leader, if there is one; what
    was planned for that time is this session."""
    mine = _own_agreements(group, agreements)
    planned = Session.objects.select_for_update(of=("self",), no_key=True).planned()
    planned = planned.filter(agreement__in=mine.values(), starts_at=group.starts_at)
    there = {session.person_id: session for session in planned}
    happened = {
        "group": group,
        "status": SessionStatus.ATTENDED,
        "minutes": group.minutes,
        "place": group.place,
        "settled_at": at,
    }
    for session in there.values():
        for name, value in happened.items():
            setattr(session, name, value)
    Session.objects.bulk_update(there.values(), list(happened))
    Session.objects.bulk_create(
        Session(
            person_id=person,
            supervisor=by,
            kind=group.kind,
            agreement=mine.get(person),
            starts_at=group.starts_at,
            entered_by=by,
            entered_at=at,
            **happened,
        )
        for person in sorted(people - there.keys())
    )


def _own_agreements(group: GroupSession, agreements: list[Agreement]) -> dict[UUID, Agreement]:
    """The agreement that each person has with the leader on the day."""
    held_on = timezone.localdate(group.starts_at)
    return {
        row.person_id: row
        for row in agreements
        if row.supervisor_id == group.led_by_id and row.is_open_on(held_on)
    }
