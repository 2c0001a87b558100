"""Sessions in somebody's own calendar, read by another library than the one that writes them."""

import datetime as dt
from operator import attrgetter

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from supervision.actions import groups, sessions, settling
from supervision.calendar import feed, invitation
from supervision.models import GROUP, Agreement, Session, SessionStatus
from tests.calendars import AWKWARD, HOURS, STARTS, calendar_of, event_of, hour_of
from tests.factories.supervision import CoverFactory, kind
from tests.programme.pages import boxes
from tests.supervision.pages import DAY, at, page, plan, when

pytestmark = pytest.mark.django_db
CALENDAR = "supervision:calendar"
WINTER = dt.datetime(2027, 2, 1, 9, tzinfo=dt.UTC)


def fed(user) -> list:
    return sorted(calendar_of(feed(user, timezone.now())).events, key=attrgetter("dtstart"))


def shown(event) -> tuple:
    """What a calendar shows of an event."""
    return event.dtstart, event.dtend, event.location, event.status.value


# --- When -----------------------------------------------------------------------------------------


def test_each_time_is_right_before_after_and_while_the_clocks_change(agreement, sign_in):
    """From what is typed on the page to what a calendar shows, in UTC and here."""
    Agreement.objects.filter(pk=agreement.pk).update(starts_on=WINTER.date())
    with time_machine.travel(WINTER, tick=False):
        supervisor = sign_in(agreement.supervisor)
        for begins in STARTS:
            sent = {"starts_at": f"{begins:%H:%M}", "minutes": "60"}
            sent |= boxes("held_on", begins.date())
            assert supervisor.post(page("plan-session", agreement), sent).status_code == 302
        address = supervisor.post(reverse(CALENDAR), {"renew": "1"}).context["address"]
        events = calendar_of(supervisor.get(address).content).events
        planned = Session.objects.order_by("starts_at")
        invited = [
            event_of(supervisor.get(page("session-invitation", session)).content)
            for session in planned
        ]

    assert [hour_of(event) for event in sorted(events, key=attrgetter("dtstart"))] == HOURS
    assert [hour_of(event) for event in invited] == HOURS


def test_a_feed_goes_ninety_days_back(agreement):
    now = timezone.now()
    plan(agreement, starts_at=now - 90 * DAY - dt.timedelta(seconds=1))
    kept = plan(agreement, starts_at=now - 90 * DAY)

    read = calendar_of(feed(agreement.supervisor, now)).events

    assert [event.uid for event in read] == [f"{kept.pk}@lxp"]


# --- What -----------------------------------------------------------------------------------------


def test_a_place_with_every_awkward_sign_is_read_back_as_it_was_typed(agreement, supervisor):
    supervisor.post(page("plan-session", agreement), when(at(3), place=AWKWARD))
    session = Session.objects.get()

    events = [
        event_of(supervisor.get(page("session-invitation", session)).content),
        *fed(agreement.supervisor),
    ]

    assert [event.location for event in events] == [AWKWARD] * 2
    Session.objects.update(place="Room 3\nSUMMARY:Ill\r\nEND:VEVENT")
    event = event_of(invitation(Session.objects.get(), agreement.supervisor))
    assert (event.summary, event.location.splitlines()) == (
        "Supervision",
        ["Room 3", "SUMMARY:Ill", "END:VEVENT"],
    )


def test_the_feed_is_secret_neutral_and_renewable(agreement, supervisor, client):
    plan(agreement, 3)
    url = reverse(CALENDAR)
    address = supervisor.post(url, {"renew": "1"}).context["address"]

    file = client.get(address).content

    assert [(event.summary, event.description) for event in calendar_of(file).events] == [
        ("Supervision", None)
    ]
    person, by = agreement.person, agreement.supervisor
    for name in (person.first_name, person.last_name, person.user.name, by.name, by.email):
        assert name.encode() not in file
    assert address not in supervisor.get(url).text
    renewed = supervisor.post(url, {"renew": "1"}).context["address"]
    assert [client.get(one).status_code for one in (address, renewed)] == [404, 200]
    agreement.supervisor.is_active = False
    agreement.supervisor.save()
    assert client.get(renewed).status_code == 404


def test_a_stand_in_has_the_sessions_of_the_days_of_the_cover(agreement):
    today = timezone.localdate()
    days = {"starts_on": today + 2 * DAY, "last_day": today + 4 * DAY}
    cover = CoverFactory(agreement=agreement, **days)
    during = [plan(agreement, day) for day in (1, 2, 4, 5)][1:3]

    assert [event.uid for event in fed(cover.stand_in)] == [f"{one.pk}@lxp" for one in during]


# --- One appointment through every change ---------------------------------------------------------


def test_an_invitation_follows_its_session_through_every_change(agreement, supervisor, worker):
    first = plan(agreement, 7)

    def read():
        file = worker.get(page("session-invitation", first)).content
        event, [of_feed] = event_of(file), fed(agreement.person.user)
        said = event.uid, event.sequence, event.dtstart, event.status.value
        assert (of_feed.uid, of_feed.sequence, of_feed.dtstart, of_feed.status.value) == said
        assert [event.summary, of_feed.summary] == ["Supervision"] * 2
        return calendar_of(file).method, *said

    uid = f"{first.pk}@lxp"
    assert read() == ("REQUEST", uid, 0, at(7).astimezone(dt.UTC), "CONFIRMED")
    for number, day in enumerate((9, 11), start=1):
        moved = Session.objects.planned().get()
        supervisor.post(page("rearrange-session", moved), when(at(day)))
        assert read() == ("REQUEST", uid, number, at(day).astimezone(dt.UTC), "CONFIRMED")
    supervisor.post(page("cancel-session", Session.objects.planned().get()), {"who": "worker"})
    assert read() == ("CANCEL", uid, 3, at(11).astimezone(dt.UTC), "CANCELLED")


def test_a_session_moved_by_another_is_the_same_appointment_in_everybodys_feed(agreement):
    """Moved by who stands in, and back by the supervisor: each sees a part of the chain."""
    now, today = timezone.now(), timezone.localdate()
    cover = CoverFactory(agreement=agreement, starts_on=today, last_day=today + 8 * DAY)
    first = plan(agreement, 2)
    moved = first
    for by, day in ((cover.stand_in, 3), (agreement.supervisor, 4)):
        given = {"day": today, "at": now, "starts_at": at(day), "minutes": 60}
        moved = sessions.rearrange_session(session=moved, by=by, **given)

    for user in (agreement.supervisor, agreement.person.user, cover.stand_in):
        read = [(event.uid, event.sequence, event.dtstart) for event in fed(user)]
        assert read == [(f"{first.pk}@lxp", 2, at(4).astimezone(dt.UTC))]


def log_elsewhere(session, by, act):
    values = {"starts_at": session.starts_at + dt.timedelta(minutes=15), "minutes": 45}
    sessions.log_session(agreement=session.agreement, planned=session, by=by, **values, **act)


def log_in_a_group(session, by, act):
    values = {"starts_at": session.starts_at, "minutes": 90, "place": "Hall"}
    groups.log_group(by=by, kind=session.kind, present=[session.person], **values, **act)


def cancel(session, by, act):
    sessions.cancel_session(session=session, by=by, by_worker=False, **act)


def settle(status: str, *, worker: bool = False):
    def act_on(session, by, act):
        by = session.person.user if worker else by
        settling.settle_session(session=session, by=by, status=status, **act)

    return act_on


def contest(session, _by, act):
    settling.contest(session=session, by=session.person.user, words="It was so", **act)


@pytest.mark.parametrize(
    "acts",
    [
        [log_elsewhere],
        [log_in_a_group],
        [cancel],
        [settle(SessionStatus.NOT_ATTENDED), contest, settle(SessionStatus.ATTENDED)],
        [
            settle(SessionStatus.ATTENDED),
            contest,
            settle(SessionStatus.ATTENDED, worker=True),
        ],
    ],
)
def test_whatever_a_calendar_shows_otherwise_has_a_higher_number(agreement, acts):
    """Calendars keep what they have where the number has not grown."""
    Agreement.objects.filter(pk=agreement.pk).update(kind=kind(GROUP))
    agreement.refresh_from_db()
    planned = plan(agreement, -1)
    act = {"day": timezone.localdate(), "at": timezone.now()}
    [before] = fed(agreement.person.user)

    changes = 0
    for do in acts:
        planned.refresh_from_db()
        do(planned, agreement.supervisor, act)
        [event] = fed(agreement.person.user)
        if shown(event) != shown(before):
            changes += 1
            assert event.sequence > before.sequence
        assert event.sequence >= before.sequence
        assert event.uid == before.uid
        before = event
    assert changes
