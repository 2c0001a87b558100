"""Sessions as calendars read them (RFC 5545): under a neutral title, in UTC, with nobody's name.

A session that is moved stays one appointment: its `UID` is that of the first, and `SEQUENCE` grows.
"""

import datetime as dt
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet

from accounts.models import User
from supervision.actions.calendar import digest_of
from supervision.models import CalendarFeed, Session, SessionStatus

TITLE = "Supervision"
KEPT_DAYS = 90  # a feed goes this far back
CALLED_OFF = (
    SessionStatus.CANCELLED_BY_SUPERVISOR,
    SessionStatus.CANCELLED_BY_WORKER,
    SessionStatus.CONTESTED,
)


def owner_of(secret: str) -> User | None:
    """Whose calendar a secret address opens; an account that is closed has none."""
    feed = CalendarFeed.objects.select_related("user").filter(
        digest=digest_of(secret), user__is_active=True
    )
    return found.user if (found := feed.first()) else None


def feed(user: User, now: dt.datetime) -> bytes:
    """Everything a user has in supervision, on either side, from the last three months on."""
    mine = Session.objects.filter(
        Q(person__user=user) | Q(supervisor=user) | Q(pk__in=_covered_by(user))
    )
    # Also by somebody else, who stood in or for whom the user does.
    moved = Session.objects.filter(
        rearranged_to__isnull=False, agreement__in=mine.order_by().values("agreement")
    )
    before = dict(moved.order_by().values_list("rearranged_to", "pk"))
    shown = mine.within_agreement().filter(starts_at__gte=now - dt.timedelta(days=KEPT_DAYS))
    calendar = _calendar("PUBLISH")
    for session in shown.exclude(status=SessionStatus.REARRANGED).order_by("starts_at", "pk"):
        calendar.add_component(_event(session, _first(session.pk, before)))
    return calendar.to_ical()


def _covered_by(user: User) -> QuerySet:
    """What somebody else planned for days on which a user stands in."""
    day = F("starts_at__date")
    return (
        Session.objects.planned()
        .order_by()
        .filter(
            agreement__covers__stand_in=user,
            agreement__covers__starts_on__lte=day,
            agreement__covers__last_day__gte=day,
            agreement__covers__refused_at__isnull=True,
        )
        .values("pk")
    )


def invitation(session: Session, reader: User) -> bytes:
    """The file of one session: it books, changes or takes away the appointment in a calendar."""
    from icalendar import vCalAddress

    last = session
    while last.rearranged_to is not None:
        last = last.rearranged_to
    calendar = _calendar("CANCEL" if last.status in CALLED_OFF else "REQUEST")
    event = _event(last, _first_in_database(session.pk))
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    event.add("organizer", vCalAddress(f"mailto:{sender}"))
    event.add("attendee", vCalAddress(f"mailto:{reader.email}"))
    calendar.add_component(event)
    return calendar.to_ical()


def _calendar(method: str):
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//LXP//Supervision//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _event(session: Session, first: UUID):
    from icalendar import Event

    event = Event()
    event.add("uid", f"{first}@lxp")
    event.add("sequence", session.sequence)
    event.add("dtstamp", (session.settled_at or session.entered_at).astimezone(dt.UTC))
    event.add("dtstart", session.starts_at.astimezone(dt.UTC))
    event.add("dtend", session.ends_at.astimezone(dt.UTC))
    event.add("summary", TITLE)
    event.add("status", "CANCELLED" if session.status in CALLED_OFF else "CONFIRMED")
    if session.place:
        event.add("location", session.place)
    return event


def _first(pk: UUID, before: dict[UUID, UUID]) -> UUID:
    """The session that was moved, perhaps several times, to become this one."""
    while pk in before:
        pk = before[pk]
    return pk


def _first_in_database(pk: UUID) -> UUID:
    while found := Session.objects.filter(rearranged_to=pk).values_list("pk", flat=True).first():
        pk = found
    return pk
