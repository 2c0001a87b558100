"""Which interviews an applicant can choose, and the calendar file of the one they have."""

import datetime as dt
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from programme.models import Applicant, InterviewBooking, InterviewSlot, StageKind

FREE_SHOWN = 100


class Choice(NamedTuple):
    """An applicant's interview, if they have one, and the times they could choose instead."""

    booking: InterviewBooking | None
    slots: list[InterviewSlot]
    may_change: bool


def choice_of(applicant: Applicant, now: dt.datetime) -> Choice | None:
    """What an applicant can choose; none while they are not at an interview."""
    if applicant.is_draft or applicant.stage.kind != StageKind.INTERVIEW:
        return None
    booking = InterviewBooking.objects.filter(applicant=applicant).select_related("slot").first()
    next_day = timezone.localdate(now) + dt.timedelta(days=1)
    tomorrow = timezone.make_aware(dt.datetime.combine(next_day, dt.time()))
    may_change = booking is None or booking.slot.starts_at >= tomorrow
    if not may_change:
        return Choice(booking, [], may_change=False)
    mine = booking.slot_id if booking else None
    ahead = InterviewSlot.objects.filter(round=applicant.round_id, starts_at__gte=tomorrow)
    free = ahead.with_free().filter(Q(free__gt=0) | Q(pk=mine)).order_by("starts_at", "pk")
    return Choice(booking, list(free[:FREE_SHOWN]), may_change=True)


def calendar_file(booking: InterviewBooking) -> bytes:
    """The interview as a calendar reads it: in UTC, which every clock change leaves alone, and
    under a title that tells a glance at somebody's screen nothing."""
    from icalendar import Calendar, Event

    slot = booking.slot
    event = Event()
    event.add("uid", f"{booking.pk}@lxp")
    event.add("dtstamp", booking.booked_at.astimezone(dt.UTC))
    event.add("dtstart", slot.starts_at.astimezone(dt.UTC))
    event.add("dtend", slot.ends_at.astimezone(dt.UTC))
    event.add("summary", "Appointment")
    event.add("location", slot.place)
    calendar = Calendar()
    calendar.add("prodid", "-//LXP//Interviews//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return calendar.to_ical()
