"""A group session: saved once for everybody who was there."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from programme.actions.saving import NotSaved, check, writing
from programme.models import Person
from supervision.actions.drafts import GROUP_NOTE, forget
from supervision.actions.sessions import require_begun
from supervision.due import refresh_all
from supervision.models import (
    Agreement,
    Cover,
    GroupSession,
    Session,
    SessionStatus,
    SupervisionKind,
)

LONG_AGO = dt.timedelta(days=366)


def people_to_choose(user: User, day: dt.date):
    """Whom a user supervises on a day or did until lately, in whichever kind: these can have been
    at their group."""
    given, lately = (
        rows.order_by().values("person")
        for rows in (
            Agreement.objects.given_by(user, day),
            Agreement.objects.ended_lately(user, day),
        )
    )
    found = Person.objects.filter(Q(pk__in=given) | Q(pk__in=lately))
    return found.order_by("last_name", "first_name", "pk")


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
        NotSaved: it is still to come, another one is recorded at that time, or somebody was not
            supervised by the leader on that day.
        PermissionDenied: somebody was chosen who never was.
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
        _require_supervised(people, by, timezone.localdate(starts_at))
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


def _require_supervised(people: set[UUID], by: User, day: dt.date) -> None:
    """Everybody who was there had an agreement with the leader, or a stand-in's, on that day."""
    given = Agreement.objects.given_by(by, day).order_by().values("person")
    others = Person.objects.filter(pk__in=people).exclude(pk__in=given)
    names = ", ".join(str(person) for person in others.order_by("last_name", "pk"))
    if names:
        raise NotSaved({"present": [f"You did not supervise them on that day: {names}"]})


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
    covers = _covers(group, agreements)
    mine = _own_agreements(group, agreements, covers)
    there = _planned_then(group, mine)
    happened = _happened(group, by, at)
    for session in there.values():
        session.supervisor, session.cover = by, covers.get(session.agreement_id)
        session.sequence += (session.minutes, session.place) != (group.minutes, group.place)
        for name, value in happened.items():
            setattr(session, name, value)
    Session.objects.bulk_update(there.values(), ["supervisor", "cover", "sequence", *happened])
    Session.objects.bulk_create(
        Session(
            person_id=person,
            supervisor=by,
            kind=group.kind,
            agreement=(agreement := mine.get(person)),
            cover=covers.get(agreement.pk) if agreement else None,
            starts_at=group.starts_at,
            entered_by=by,
            entered_at=at,
            **happened,
        )
        for person in sorted(people - there.keys())
    )


def _happened(group: GroupSession, by: User, at: dt.datetime) -> dict:
    """What is the same of everybody's session."""
    return {
        "group": group,
        "status": SessionStatus.ATTENDED,
        "minutes": group.minutes,
        "place": group.place,
        "settled_at": at,
        "settled_by": by,
    }


def _planned_then(group: GroupSession, mine: dict[UUID, Agreement]) -> dict[UUID, Session]:
    """What was planned for the time of the group, locked, by person."""
    rows = Session.objects.select_for_update(of=("self",), no_key=True).planned()
    rows = rows.filter(agreement__in=mine.values(), starts_at=group.starts_at)
    return {session.person_id: session for session in rows}


def _covers(group: GroupSession, agreements: list[Agreement]) -> dict[UUID, Cover]:
    """The covers by which the leader stands in on the day, by agreement."""
    held_on = timezone.localdate(group.starts_at)
    found = Cover.objects.filter(agreement__in=agreements, stand_in=group.led_by).on(held_on)
    return {cover.agreement_id: cover for cover in found}


def _own_agreements(
    group: GroupSession, agreements: list[Agreement], covers: dict[UUID, Cover]
) -> dict[UUID, Agreement]:
    """The agreement that each person has with the leader on the day, or in which they stand in."""
    held_on = timezone.localdate(group.starts_at)
    return {
        row.person_id: row
        for row in agreements
        if (row.supervisor_id == group.led_by_id or row.pk in covers) and row.is_open_on(held_on)
    }
