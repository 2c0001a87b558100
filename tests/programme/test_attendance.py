"""Attendance: the grid, one cell at a time, the register of a session, and two people at once."""

import datetime as dt

import pytest
from django.utils import timezone

from audit.models import Look
from programme.models import Attendance
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    EnrolmentFactory,
    SiteFactory,
    TrainingSessionFactory,
    UserFactory,
)
from tests.programme.pages import queries_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2022, 1, 10)


def grid(cohort) -> str:
    return f"/cohorts/{cohort.pk}/attendance/"


@pytest.fixture
def session(db):
    return TrainingSessionFactory(held_on=DAY, cohort__site=SiteFactory())


@pytest.fixture
def enrolment(session):
    return EnrolmentFactory(cohort=session.cohort, commenced_on=None)


@pytest.fixture
def marking(user_with_role, sign_in, session, enrolment):
    """`marking("attended", 0)`: a trainer of the cohort's site saves one cell."""
    trainer = user_with_role("trainer", site=session.cohort.site, name="Siân Hughes")
    client = sign_in(trainer)

    def _mark(state, revision=0, **other):
        sent = {"enrolment": enrolment.pk, "session": session.pk, "revision": revision}
        return client.post(f"{grid(session.cohort)}mark/", sent | {"state": state} | other)

    _mark.trainer = trainer
    return _mark


# --- One cell -------------------------------------------------------------------------------------


def test_a_trainer_saves_a_cell_and_takes_it_back(marking, enrolment):
    assert marking("attended").json() == {"letter": "A", "revision": 1}
    assert marking("", 1).json() == {"letter": "", "revision": 2}
    row = Attendance.objects.get()
    assert (row.enrolment, row.state, row.marked_by) == (enrolment, "", marking.trainer)


def test_a_stale_cell_is_refused_with_what_is_saved_and_by_whom(marking):
    marking("attended")
    late = marking("absent", 0)
    assert (late.status_code, late.json()) == (
        409,
        {"letter": "A", "revision": 1, "by": "Siân Hughes"},
    )
    assert Attendance.objects.get().state == "attended"
    assert marking("absent", late.json()["revision"]).json() == {"letter": "N", "revision": 2}


def test_two_people_who_mark_the_same_agree(marking):
    marking("attended")
    again = marking("attended", 0)
    assert (again.status_code, again.json()) == (200, {"letter": "A", "revision": 1})


@pytest.mark.parametrize(
    "other",
    [
        {"enrolment": ""},
        {"revision": "x"},
        {"revision": "99999999999999999999"},
        {"session": "a\x00b"},
        {"enrolment": "00000000-0000-0000-0000-000000000000"},
    ],
)
def test_what_the_page_would_not_send_is_refused_in_words(marking, other):
    response = marking("attended", **other)
    assert marking("here").status_code == 400
    assert (response.status_code, list(response.json())) == (400, ["problem"])
    assert Attendance.objects.count() == 0


def test_nobody_is_marked_at_a_session_of_another_cohort(marking):
    for other in ({"session": TrainingSessionFactory().pk}, {"enrolment": EnrolmentFactory().pk}):
        assert marking("attended", **other).status_code == 400
    assert Attendance.objects.count() == 0


def test_nobody_marks_themselves(marking, enrolment):
    enrolment.person.user = marking.trainer
    enrolment.person.save()
    assert marking("attended").json() == {"problem": "Somebody else marks your own attendance."}


def test_only_an_apology_is_known_before_a_session_and_nothing_of_a_cancelled_one(marking, session):
    session.held_on = timezone.localdate() + dt.timedelta(1)
    session.save()
    assert marking("apology").status_code == 200
    assert "still to come" in marking("attended", 1).json()["problem"]
    session.cancelled_on = session.held_on
    session.save()
    assert "cancelled" in marking("", 1).json()["problem"]


def test_a_trainer_of_another_site_finds_nothing_to_mark(user_with_role, sign_in, session):
    client = sign_in(user_with_role("trainer", site=SiteFactory()))
    assert client.get(grid(session.cohort)).status_code == 404
    assert client.post(f"{grid(session.cohort)}mark/").status_code == 404


def test_the_first_session_attended_is_the_day_somebody_started(marking, session, enrolment):
    earlier = TrainingSessionFactory(cohort=session.cohort, held_on=DAY - dt.timedelta(7))

    def started():
        enrolment.refresh_from_db()
        return enrolment.commenced_on

    marking("absent")
    assert started() is None
    marking("part", 1)
    assert started() == DAY
    marking("attended", session=earlier.pk)
    assert started() == earlier.held_on
    marking("apology", 1, session=earlier.pk)
    assert started() == DAY


# --- The grid -------------------------------------------------------------------------------------


def test_the_grid_shows_every_mark_and_is_a_look_at_everybody(lead, lead_client, session):
    row = AttendanceFactory(session=session, state="apology")
    text = lead_client.get(grid(session.cohort)).text
    assert f'<tr data-enrolment="{row.enrolment_id}"><th scope="row">{row.enrolment.person}' in text
    assert '<td data-v="1">S</td>' in text
    [look] = Look.objects.filter(viewer_id=lead.pk)
    assert (look.subject_id, look.page) == (row.enrolment.person_id, "programme:attendance")


def test_the_grid_takes_the_same_queries_at_one_and_three(lead_client, session):
    AttendanceFactory(session=session)
    one = queries_of(lead_client, grid(session.cohort))
    more = TrainingSessionFactory(cohort=session.cohort)
    for enrolment in EnrolmentFactory.create_batch(2, cohort=session.cohort):
        AttendanceFactory(session=more, enrolment=enrolment)
    assert queries_of(lead_client, grid(session.cohort)) == one
    assert one <= 20


def test_a_cohort_without_people_or_sessions_says_what_is_missing(lead_client):
    cohort = CohortFactory()
    assert "Nobody in this cohort yet" in lead_client.get(grid(cohort)).text
    EnrolmentFactory(cohort=cohort)
    assert "No sessions yet" in lead_client.get(grid(cohort)).text


# --- The register of one session ------------------------------------------------------------------


def test_a_register_saves_everybody_at_once_and_keeps_what_others_marked(
    lead_client, session, enrolment
):
    other = EnrolmentFactory(cohort=session.cohort)
    AttendanceFactory(
        session=session, enrolment=other, state="absent", marked_by=UserFactory(name="Zoë")
    )
    address = f"/cohorts/sessions/{session.pk}/register/"
    sent = {f"state-{enrolment.pk}": "attended", f"revision-{enrolment.pk}": "0"}
    sent |= {f"state-{other.pk}": "part", f"revision-{other.pk}": "0"}

    page = lead_client.post(address, sent).text

    assert "Zoë has saved “Absent”; below is what you chose." in page
    assert '<option value="part" selected>' in page
    assert dict(Attendance.objects.values_list("enrolment", "state")) == {
        enrolment.pk: "attended",
        other.pk: "absent",
    }
    sent |= {f"revision-{enrolment.pk}": "1", f"revision-{other.pk}": "1"}
    assert lead_client.post(address, sent).status_code == 302
    assert set(Attendance.objects.values_list("state", "revision")) == {
        ("attended", 1),
        ("part", 2),
    }


def test_everybody_else_is_marked_as_attended_but_not_who_left(lead_client, session):
    names = ("attended", "absent", "left")
    people = dict(zip(names, EnrolmentFactory.create_batch(3, cohort=session.cohort), strict=True))
    left = people["left"]
    left.outcome, left.outcome_on = "withdrew", DAY
    left.save()
    sent = {f"revision-{one.pk}": "0" for one in people.values()} | {"rest": "attended"}
    for name, one in people.items():
        sent[f"state-{one.pk}"] = "absent" if name == "absent" else ""

    lead_client.post(f"/cohorts/sessions/{session.pk}/register/", sent)

    assert dict(Attendance.objects.values_list("enrolment", "state")) == {
        people[name].pk: name for name in ("attended", "absent")
    }


def test_a_register_that_cannot_be_saved_keeps_what_was_chosen(lead_client, session, enrolment):
    session.held_on = timezone.localdate() + dt.timedelta(1)
    session.save()
    sent = {f"state-{enrolment.pk}": "attended", f"revision-{enrolment.pk}": "0"}
    page = lead_client.post(f"/cohorts/sessions/{session.pk}/register/", sent).text
    assert "still to come: only an apology" in page
    assert '<option value="attended" selected>' in page


def test_a_register_takes_the_same_queries_at_one_and_three(lead_client, session):
    address = f"/cohorts/sessions/{session.pk}/register/"
    AttendanceFactory(session=session)
    one = queries_of(lead_client, address)
    for enrolment in EnrolmentFactory.create_batch(2, cohort=session.cohort):
        AttendanceFactory(session=session, enrolment=enrolment)
    assert queries_of(lead_client, address) == one
