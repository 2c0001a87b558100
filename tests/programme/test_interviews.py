"""Times for interviews: added by a lead, chosen by applicants, never by more than there is room."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from programme.actions import slots
from programme.applicant_links import key_for
from programme.models import Applicant, InterviewBooking, InterviewSlot
from tests.calendars import AWKWARD, HOURS, LONDON, STARTS, event_of, hour_of
from tests.factories import ApplicantFactory, InterviewSlotFactory, RoundFactory
from tests.programme.pages import boxes, queries_of

pytestmark = pytest.mark.django_db


def page_of(applicant: Applicant, rest: str = "interview/") -> str:
    return f"/apply/mine/{key_for(applicant.pk)}/{rest}"


def booked(applicant: Applicant) -> InterviewSlot | None:
    booking = InterviewBooking.objects.filter(applicant=applicant).first()
    return booking and booking.slot


@pytest.fixture
def row(db) -> Applicant:
    return ApplicantFactory(kind="interview")


# --- The lead adds them ---------------------------------------------------------------------------


def times(day: dt.date, **changed) -> dict:
    sent = {
        "first": "09:30",
        "minutes": "45",
        "pause": "15",
        "number": "3",
        "place": "Room 1",
        "capacity": "1",
    }
    return sent | boxes("day", day) | changed


def test_many_times_are_added_at_once_and_not_twice(lead_client):
    shown = RoundFactory()
    url = f"/recruitment/{shown.pk}/slots/add/"
    for _ in range(2):
        lead_client.post(url, times(dt.date(2099, 7, 1)))
    assert [f"{timezone.localtime(slot.starts_at):%H:%M}" for slot in shown.slots.all()] == [
        "09:30",
        "10:30",
        "11:30",
    ]


def test_times_keep_their_distance_when_the_clocks_change(lead_client):
    shown = RoundFactory()
    url = f"/recruitment/{shown.pk}/slots/add/"
    lead_client.post(url, times(dt.date(2027, 10, 31), first="00:30", number="3"))
    assert [slot.starts_at.astimezone(dt.UTC).hour for slot in shown.slots.all()] == [23, 0, 1]
    answer = lead_client.post(url, times(dt.date(2027, 3, 28), first="01:30"))
    assert "this time does not exist" in answer.text


@pytest.mark.parametrize(
    "wrong",
    [{"first": "24:00"}, {"first": "\0"}, {"number": "21"}, {"capacity": "0"}, {"minutes": "x"}],
)
def test_times_that_cannot_be_are_refused(lead_client, wrong):
    shown = RoundFactory()
    url = f"/recruitment/{shown.pk}/slots/add/"
    assert lead_client.post(url, times(dt.date(2099, 7, 1), **wrong)).context["form"].errors
    assert lead_client.post(url, times(dt.date(2020, 7, 1))).context["form"].errors
    assert not shown.slots.exists()


def test_a_time_that_is_chosen_is_not_removed(lead_client, row):
    free, taken = InterviewSlotFactory.create_batch(2, round=row.round)
    taken.bookings.create(applicant=row, booked_at=timezone.now())
    for slot in (free, taken):
        lead_client.post(f"/recruitment/{row.round_id}/slots/{slot.pk}/remove/")
    assert list(row.round.slots.all()) == [taken]


# --- An applicant chooses -------------------------------------------------------------------------


def test_an_applicant_chooses_a_time_and_another(client, row):
    first, second = InterviewSlotFactory.create_batch(2, round=row.round)
    full = InterviewSlotFactory(round=row.round)
    full.bookings.create(
        applicant=ApplicantFactory(round=row.round, kind="interview"), booked_at=timezone.now()
    )
    assert "Choose a time" in client.get(page_of(row, "")).text
    assert list(client.get(page_of(row)).context["form"].slots) == [str(first.pk), str(second.pk)]
    for slot in (first, second):
        assert client.post(page_of(row), {"slot": slot.pk}).status_code == 302
        assert booked(row) == slot
    assert "taken this time" in client.post(page_of(row), {"slot": full.pk}).text
    assert client.post(page_of(row), {"slot": InterviewSlotFactory().pk}).status_code == 200
    assert booked(row) == second


def test_an_interview_is_changed_until_the_day_before(client, row):
    later = InterviewSlotFactory(round=row.round)
    today = InterviewSlotFactory(round=row.round, starts_at=timezone.now())
    assert str(today.pk) not in client.get(page_of(row)).context["form"].slots
    today.bookings.create(applicant=row, booked_at=timezone.now())
    assert "until the day before" in client.get(page_of(row)).text
    client.post(page_of(row), {"slot": later.pk})
    assert booked(row) == today
    with pytest.raises(slots.SlotRefused, match="until the day before"):
        slots.book(applicant=row, slot=later, at=timezone.now())


@pytest.mark.parametrize("kind", ["shortlisting", "not_selected"])
def test_only_who_is_invited_chooses(client, kind):
    row = ApplicantFactory(kind=kind)
    slot = InterviewSlotFactory(round=row.round)
    assert client.post(page_of(row), {"slot": slot.pk})["Location"].endswith("/")
    with pytest.raises(slots.SlotRefused, match="once we invite you"):
        slots.book(applicant=row, slot=slot, at=timezone.now())
    assert booked(row) is None


def test_an_ended_application_gives_its_time_back(lead_client, row):
    slot = InterviewSlotFactory(round=row.round)
    slot.bookings.create(applicant=row, booked_at=timezone.now())
    sent = {
        "picked": f"{row.pk}:{row.stage_id}",
        "to": row.round.stages.get(kind="not_selected").pk,
        "back": "board",
        "reason": "more_fully",
    }
    lead_client.post(f"/recruitment/{row.round_id}/move/", sent)
    assert booked(row) is None


def appointment_of(client, row: Applicant):
    return event_of(client.get(page_of(row, "appointment.ics")).content)


@pytest.mark.parametrize(("begins", "said"), [*zip(STARTS, HOURS, strict=True)])
def test_the_calendar_file_is_right_whatever_the_clocks_do(client, row, begins, said):
    slot = InterviewSlotFactory(
        round=row.round, starts_at=begins.replace(tzinfo=LONDON), minutes=60, place=AWKWARD
    )
    assert client.get(page_of(row, "appointment.ics")).status_code == 404
    slot.bookings.create(applicant=row, booked_at=timezone.now())
    event = appointment_of(client, row)
    assert hour_of(event) == said
    assert (event.summary, event.location, event.description) == ("Appointment", AWKWARD, None)


def test_another_time_is_the_same_appointment_said_later(client, row):
    first, second = (InterviewSlotFactory(round=row.round) for _ in range(2))
    now, read = timezone.now().replace(microsecond=0), []
    for later, slot in enumerate((first, second)):
        slots.book(applicant=row, slot=slot, at=now + dt.timedelta(hours=later))
        event = appointment_of(client, row)
        read.append((event.uid, event.dtstamp, event.dtstart))
    uid = f"{InterviewBooking.objects.get().pk}@lxp"
    assert read == [
        (uid, now, first.starts_at),
        (uid, now + dt.timedelta(hours=1), second.starts_at),
    ]


def test_the_number_of_queries_does_not_grow(lead_client, client, row):
    slot = InterviewSlotFactory(round=row.round, capacity=3)
    slot.bookings.create(applicant=row, booked_at=timezone.now())
    pages = [(lead_client, f"/recruitment/{row.round_id}/slots/"), (client, page_of(row))]
    one = [queries_of(who, page) for who, page in pages]
    InterviewSlotFactory.create_batch(2, round=row.round)
    other = ApplicantFactory(round=row.round, kind="interview")
    slot.bookings.create(applicant=other, booked_at=timezone.now())
    assert [queries_of(who, page) for who, page in pages] == one
    assert max(one) <= 20


@pytest.mark.django_db(transaction=True)
def test_one_place_is_never_given_twice():
    slot = InterviewSlotFactory(capacity=1)
    rows = ApplicantFactory.create_batch(3, round=slot.round, kind="interview")
    start = threading.Barrier(3, timeout=10)
    answers = []

    def go(row: Applicant) -> None:
        try:
            start.wait()
            slots.book(applicant=row, slot=slot, at=timezone.now())
            answers.append("booked")
        except slots.SlotRefused:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=[row]) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["booked", "refused", "refused"]
    assert slot.bookings.count() == 1
