"""Calendar files as others read them: by `ical`, which shares no code with what writes them."""

import datetime as dt
from zoneinfo import ZoneInfo

from ical.calendar import Calendar
from ical.calendar_stream import CalendarStream
from ical.event import Event

LONDON = ZoneInfo("Europe/London")
# An hour from each of these times of day here, and where it lies in UTC: in 2027 the clocks go
# forward at 01:00 on 28 March and back at 02:00 on 31 October.
HOURS = [
    ("2027-03-27 10:00", "2027-03-27T10:00Z", "2027-03-27T11:00Z", "11:00"),
    ("2027-03-28 00:30", "2027-03-28T00:30Z", "2027-03-28T01:30Z", "02:30"),
    ("2027-03-28 02:00", "2027-03-28T01:00Z", "2027-03-28T02:00Z", "03:00"),
    ("2027-03-29 10:00", "2027-03-29T09:00Z", "2027-03-29T10:00Z", "11:00"),
    ("2027-10-30 10:00", "2027-10-30T09:00Z", "2027-10-30T10:00Z", "11:00"),
    ("2027-10-31 01:30", "2027-10-31T00:30Z", "2027-10-31T01:30Z", "01:30"),
    ("2027-10-31 02:00", "2027-10-31T02:00Z", "2027-10-31T03:00Z", "03:00"),
    ("2027-11-01 10:00", "2027-11-01T10:00Z", "2027-11-01T11:00Z", "11:00"),
]
STARTS = [dt.datetime.fromisoformat(begins) for begins, *_ in HOURS]
# Everything that RFC 5545 escapes or folds: at 75 octets, and never within a letter.
AWKWARD = r"Room 3, Ward 2; “Hawthorn” \n \, 王" + "ł" * 80


def calendar_of(content: bytes) -> Calendar:
    """The one calendar of a file that keeps to the form: lines of 75 octets, ended by CRLF."""
    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    [found] = CalendarStream.from_ics(content.decode()).calendars
    return found


def event_of(content: bytes) -> Event:
    [event] = calendar_of(content).events
    return event


def hour_of(event: Event) -> tuple[str, str, str, str]:
    """When an event is, as `HOURS` says it."""
    utc = (f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%MZ}" for at in (event.dtstart, event.dtend))
    begins, ends = (at.astimezone(LONDON) for at in (event.dtstart, event.dtend))
    return (f"{begins:%Y-%m-%d %H:%M}", *utc, f"{ends:%H:%M}")
