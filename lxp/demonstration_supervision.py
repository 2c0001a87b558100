"""Four years of supervision for the demonstration, all invented.

Sessions of the past are rows with dates and statuses, without words. The last ones of the peer
worker who signs in come through the actions behind the pages, words and all. What is due or late is
worked out from them as everybody's.
"""

import datetime as dt
import random
from collections.abc import Iterator
from itertools import cycle

from django.utils import timezone

from accounts.models import RoleGrant, User
from lxp import demonstration
from programme.models import CareerBreak, Person, Spell
from supervision.actions import records, sessions, shared
from supervision.actions.written import NewAction, Notes
from supervision.due import Employment, employments, refresh_all
from supervision.models import (
    GROUP,
    LINE_MANAGEMENT,
    LIVED_EXPERIENCE,
    ActionOwner,
    Agreement,
    AgreementTerms,
    GroupSession,
    LivedExperience,
    Mechanism,
    Session,
    SessionStatus,
    Side,
    SupervisionKind,
    Supervisor,
)
from supervision.texts import CONFIDENTIALITY, LIMITS, PURPOSES

# Name, lived experience as they chose to say, people at once, protected hours a month.
SUPERVISORS = (
    ("Marcus Obi", LivedExperience.YES, 22, 20),
    ("Aoife Brennan", LivedExperience.YES, 20, 20),
    ("Philippa Hall", LivedExperience.UNSAID, 22, 24),
    ("Emeka Eze", LivedExperience.NO, 20, 20),
)
EARLY, USUAL, EARLY_DAYS = 14, 28, 91
KEPT_DAYS = 4 * 365
# What became of a planned session, of a hundred.
STATUSES = (
    (SessionStatus.ATTENDED, 86),
    (SessionStatus.CANCELLED_BY_SUPERVISOR, 6),
    (SessionStatus.CANCELLED_BY_WORKER, 5),
    (SessionStatus.NOT_ATTENDED, 3),
)
LATE = 3  # agreements whose last session was longer ago than it should be
LATE_DAYS = 70
TALKED_ABOUT = (
    "We talked about telling part of a story of my own on the ward, and where I stopped. It helped "
    "and I was tired after. We agreed that I choose what I share and can say so."
)
LINE_NOTE = "Leave for August is agreed. The rota on Thursdays is still too full."


def load(*, at: dt.datetime, chance: random.Random) -> None:
    """Add supervisors, agreements and what was held, for everybody who was ever in post."""
    supervisors = [_supervisor(*said, at=at) for said in SUPERVISORS]
    people = list(Person.objects.filter(spells__isnull=False).distinct().order_by("reference"))
    agreements = _agreements(people, supervisors, at)
    _past(agreements, at, chance)
    _groups(agreements, supervisors[0], at, chance)
    refresh_all(agreements, timezone.localdate(at))
    peer = Person.objects.get(reference=demonstration.PEER_REFERENCE)
    for agreement in agreements:
        if agreement.person_id == peer.pk and agreement.is_open_on(at.date()):
            _words(agreement, peer, at)


def _supervisor(name: str, lived: str, capacity: int, hours: int, *, at: dt.datetime) -> User:
    user = User.objects.filter(name=name).first()
    if user is None:
        email = f"{name.split(' ')[0].lower()}@example.org"
        user = User.objects.create_user(email=email, name=name)
        RoleGrant.objects.create(user=user, role="supervisor", starts_on=at.date())
    Supervisor.objects.create(
        user=user,
        lived_experience=lived,
        trained_on=at.date() - dt.timedelta(days=400),
        capacity=capacity,
        protected_hours=hours,
        about="I have supervised peer workers since the first cohort. (Invented.)",
    )
    return user


def _agreements(people: list[Person], supervisors: list[User], at: dt.datetime) -> list[Agreement]:
    """Line management and lived experience supervision for each time somebody was employed."""
    kinds = {kind.key: kind for kind in SupervisionKind.objects.all()}
    managers, chosen = cycle(supervisors[2:]), cycle(supervisors[:2])
    first = at.date() - dt.timedelta(days=KEPT_DAYS)
    made = []
    for person in people:
        spells = Spell.objects.filter(person=person)
        for employment in employments(spells):
            if employment.since <= at.date() and employment.lasts_on(max(first, employment.since)):
                named = {LINE_MANAGEMENT: next(managers), LIVED_EXPERIENCE: next(chosen)}
                made += [
                    _agreement(person, supervisor, kinds[key], employment, first)
                    for key, supervisor in named.items()
                ]
    Agreement.objects.bulk_create(made)
    AgreementTerms.objects.bulk_create(_terms(agreement) for agreement in made)
    return made


def _agreement(
    person: Person,
    supervisor: User,
    kind: SupervisionKind,
    employment: Employment,
    first: dt.date,
) -> Agreement:
    starts_on = max(first, employment.since)
    return Agreement(
        person=person,
        supervisor=supervisor,
        kind=kind,
        starts_on=starts_on,
        ended_on=employment.until,
        chosen=kind.key == LIVED_EXPERIENCE,
        created_at=_at(starts_on, 9),
    )


def _terms(agreement: Agreement) -> AgreementTerms:
    return AgreementTerms(
        agreement=agreement,
        number=1,
        cadence_days=USUAL,
        minutes=60,
        purpose=PURPOSES.get(agreement.kind.key, ""),
        confidentiality=CONFIDENTIALITY,
        limits=LIMITS,
        written_by=agreement.supervisor,
        written_at=agreement.created_at,
        worker_signed_at=agreement.created_at,
        supervisor_signed_at=agreement.created_at,
        conflict=False,
    )


def _at(day: dt.date, hour: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


# --- What was held --------------------------------------------------------------------------------


def _late(agreements: list[Agreement], today: dt.date) -> set:
    """A few whose last session is to be longer ago than it should be."""
    long_enough = today - dt.timedelta(days=2 * LATE_DAYS)
    rows = [one for one in agreements if one.ended_on is None and one.starts_on < long_enough]
    return {one.pk for one in rows[:: max(len(rows) // LATE, 1)]}


def _past(agreements: list[Agreement], at: dt.datetime, chance: random.Random) -> None:
    away: dict = {}
    for row in CareerBreak.objects.select_related("spell"):
        away.setdefault(row.spell.person_id, []).append((row.starts_on, row.ends_on))
    late = _late(agreements, at.date())
    made = [
        _session(agreement, day, chance)
        for agreement in agreements
        for day in _days(agreement, _until(agreement, late, at.date()), chance)
        if not any(
            since <= day and (until is None or until > day)
            for since, until in away.get(agreement.person_id, ())
        )
    ]
    Session.objects.bulk_create(made, batch_size=1000)


def _until(agreement: Agreement, late: set, today: dt.date) -> dt.date:
    """The first day on which no session was planned any more."""
    end = min(agreement.ended_on or today, today)
    return end - dt.timedelta(days=LATE_DAYS) if agreement.pk in late else end


def _days(agreement: Agreement, end: dt.date, chance: random.Random) -> Iterator[dt.date]:
    """Working days on which a session was planned: twice as often in the first three months."""
    day = agreement.starts_on
    while True:
        early = (day - agreement.starts_on).days < EARLY_DAYS
        day += dt.timedelta(days=(EARLY if early else USUAL) + chance.randint(-2, 4))
        day += dt.timedelta(days=max(0, 8 - day.isoweekday()) if day.isoweekday() > 5 else 0)
        if day >= end:
            return
        yield day


def _session(agreement: Agreement, day: dt.date, chance: random.Random) -> Session:
    statuses, weights = zip(*STATUSES, strict=True)
    starts_at = _at(day, 10)
    return Session(
        person_id=agreement.person_id,
        supervisor=agreement.supervisor,
        kind=agreement.kind,
        agreement=agreement,
        status=chance.choices(statuses, weights)[0],
        starts_at=starts_at,
        minutes=60,
        entered_by=agreement.supervisor,
        entered_at=starts_at,
        settled_at=starts_at + dt.timedelta(hours=2),
    )


def _groups(
    agreements: list[Agreement], leader: User, at: dt.datetime, chance: random.Random
) -> None:
    """A group each month for whoever was in post; nearly everybody comes."""
    kind = SupervisionKind.objects.get(key=GROUP)
    held = [one for one in agreements if one.kind.key == LINE_MANAGEMENT]
    day = min(one.starts_on for one in held) + dt.timedelta(days=30)
    groups, present = [], []
    while day < at.date():
        starts_at = _at(day, 14)
        group = GroupSession(
            kind=kind, led_by=leader, starts_at=starts_at, minutes=90, logged_at=starts_at
        )
        there = {one.person_id for one in held if one.is_open_on(day) and chance.random() < 0.9}
        if there:
            groups.append(group)
        present += [_of_group(group, person) for person in sorted(there)]
        day += dt.timedelta(days=USUAL)
    GroupSession.objects.bulk_create(groups)
    Session.objects.bulk_create(present, batch_size=1000)


def _of_group(group: GroupSession, person) -> Session:
    return Session(
        person_id=person,
        supervisor=group.led_by,
        kind=group.kind,
        group=group,
        status=SessionStatus.ATTENDED,
        starts_at=group.starts_at,
        minutes=group.minutes,
        entered_by=group.led_by,
        entered_at=group.starts_at,
        settled_at=group.starts_at,
    )


# --- The peer worker who signs in -----------------------------------------------------------------


def _words(agreement: Agreement, peer: Person, at: dt.datetime) -> None:
    """Their last session, one that comes, and what both want to talk about."""
    today = timezone.localdate(at)
    by = agreement.supervisor
    lived = agreement.kind.key == LIVED_EXPERIENCE
    notes = Notes(
        words=TALKED_ABOUT if lived else LINE_NOTE,
        topics=((Mechanism.LIVED_EXPERIENCE, Side.BOTH),) if lived else (),
        actions=(
            NewAction("Ask the ward for a room where two can talk.", ActionOwner.ORGANISATION),
            NewAction("Read the page about endings before we meet again.", ActionOwner.WORKER),
        )
        if lived
        else (NewAction("Look at the Thursday rota.", ActionOwner.SUPERVISOR),),
        next_at=_at(today + dt.timedelta(days=12 if lived else 20), 11),
    )
    held = sessions.log_session(
        agreement=agreement,
        by=by,
        day=today,
        at=at,
        starts_at=_at(today - dt.timedelta(days=3 if lived else 6), 11),
        minutes=60,
        notes=notes,
    )
    if lived:
        records.confirm(session=held, by=peer.user, at=at, version=1)
        for who, words in ((peer.user, "How do I end well with N.?"), (by, "Your talk in March")):
            shared.add_to_agenda(agreement=agreement, by=who, at=at, day=today, words=words)
