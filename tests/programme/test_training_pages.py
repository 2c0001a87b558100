"""Programmes, their versions, and the sessions of a cohort, as pages."""

import datetime as dt

import pytest

from programme.models import Facilitator, ProgrammeVersion, Requirement, TrainingSession
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    ProgrammeVersionFactory,
    RequirementFactory,
    TrainingProgrammeFactory,
    TrainingSessionFactory,
)
from tests.programme.pages import boxes, queries_of, sent_by

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 1, 12)


def problems(response) -> dict:
    return {name: list(words) for name, words in response.context["form"].errors.items()}


# --- Programmes -----------------------------------------------------------------------------------


def test_a_programme_is_written_as_a_draft_and_published(lead_client):
    programme = lead_client.post("/programmes/add/", {"name": "Peer foundations 王"})["Location"]
    version = lead_client.post(
        f"{programme}versions/add/", {**boxes("starts_on", DAY), "hours": "40"}
    )["Location"]
    publish = f"{version}publish/"
    assert "at least one requirement" in lead_client.post(publish, follow=True).text
    asked = {"kind": "attendance", "name": "Be there", "amount": "80", "position": "1"}
    lead_client.post(f"{version}requirements/add/", asked)
    lead_client.post(publish)

    made = ProgrammeVersion.objects.get()
    assert (made.number, made.hours, made.is_published) == (1, 40, True)
    another = asked | {"kind": "task", "amount": "", "name": "B"}
    late = lead_client.post(f"{version}requirements/add/", another)
    assert problems(late)["__all__"] == [
        "This version is published and does not change. Add a new version instead."
    ]
    assert "Change version" not in lead_client.get(version).text


def test_a_new_version_begins_with_what_the_last_one_asked(lead_client):
    old = RequirementFactory(kind="placement", amount=30, name="On the ward").version
    lead_client.post(f"/programmes/{old.programme_id}/versions/add/", boxes("starts_on", DAY))
    new = Requirement.objects.get(version__number=2)
    assert (new.name, new.amount, new.version.programme) == ("On the ward", 30, old.programme)


def test_a_requirement_without_its_amount_is_refused_beside_the_field(lead_client):
    version = ProgrammeVersionFactory()
    sent = {"kind": "placement", "name": "On the ward", "position": "1"}
    response = lead_client.post(f"/programmes/versions/{version.pk}/requirements/add/", sent)
    assert problems(response) == {"amount": ["Enter how many hours, for example 30"]}


@pytest.mark.parametrize("grow", [TrainingProgrammeFactory, RequirementFactory])
def test_the_list_of_programmes_takes_the_same_queries_at_one_and_three(lead_client, grow):
    grow()
    one = queries_of(lead_client, "/programmes/")
    grow.create_batch(2)
    assert queries_of(lead_client, "/programmes/") == one


# --- Sessions -------------------------------------------------------------------------------------


def test_a_weekly_series_leaves_out_a_holiday_and_is_saved_once(lead_client):
    cohort = CohortFactory()
    sent = {
        **boxes("first_on", DAY),
        **boxes("break_on", DAY + dt.timedelta(7)),
        "number": "3",
        "starts_at": "10",
        "ends_at": "2.30 pm",
        "topics": "Values\n\nBoundaries",
    }
    for _ in range(2):
        lead_client.post(f"/cohorts/{cohort.pk}/sessions/add-weekly/", sent)
    assert list(cohort.sessions.values_list("held_on", "topic", "starts_at", "ends_at")) == [
        (DAY + dt.timedelta(days), topic, dt.time(10), dt.time(14, 30))
        for days, topic in ((0, "Values"), (14, "Boundaries"), (21, "Session 3"))
    ]


def test_a_series_that_meets_another_session_adds_none(lead_client):
    session = TrainingSessionFactory(held_on=DAY + dt.timedelta(7))
    sent = {**boxes("first_on", DAY), "number": "3"}
    response = lead_client.post(f"/cohorts/{session.cohort_id}/sessions/add-weekly/", sent)
    assert problems(response) == {"starts_at": ["This cohort already has a session at that time."]}
    assert TrainingSession.objects.get() == session


def test_who_leads_a_session_is_kept_as_peers_and_others(lead_client):
    session = TrainingSessionFactory(topic="Values")
    edit = f"/cohorts/sessions/{session.pk}/edit/"
    lead_client.post(edit, sent_by(lead_client, edit, peers="Zoë\nSiân", others="Dr Łuk"))
    lead_client.post(edit, sent_by(lead_client, edit, peers="Siân", others="Zoë", topic="Rights"))
    assert set(Facilitator.objects.values_list("name", "is_peer")) == {
        ("Siân", True),
        ("Zoë", False),
    }
    page = lead_client.get(f"/cohorts/{session.cohort_id}/sessions/").text
    assert "Siân (peer), Zoë" in page
    assert "Rights" in page


def test_of_two_people_changing_a_session_the_second_is_told(lead_client):
    session = TrainingSessionFactory(topic="Values")
    edit = f"/cohorts/sessions/{session.pk}/edit/"
    late = sent_by(lead_client, edit, topic="Mine")
    lead_client.post(edit, sent_by(lead_client, edit, topic="Theirs"))
    response = lead_client.post(edit, late)
    assert problems(response)["topic"] == ["Topic is now saved as “Theirs”"]
    session.refresh_from_db()
    assert session.topic == "Theirs"


def test_a_session_is_cancelled_unless_somebody_is_marked(lead_client):
    session, marked = TrainingSessionFactory(), AttendanceFactory().session
    for one in (session, marked):
        lead_client.post(f"/cohorts/sessions/{one.pk}/cancel/")
        one.refresh_from_db()
    assert (session.cancelled_on is None, marked.cancelled_on) == (False, None)


def test_a_cancelled_session_is_held_after_all_unless_another_has_its_time(lead_client):
    session = TrainingSessionFactory(cancelled_on=DAY)
    when = {"cohort": session.cohort, "held_on": session.held_on, "starts_at": session.starts_at}
    instead = TrainingSessionFactory(**when)
    for expected in (DAY, None):
        assert "Hold after all" in lead_client.get(f"/cohorts/{session.cohort_id}/sessions/").text
        lead_client.post(f"/cohorts/sessions/{session.pk}/hold/")
        session.refresh_from_db()
        assert session.cancelled_on == expected
        TrainingSession.objects.filter(pk=instead.pk).delete()


def test_the_sessions_of_a_cohort_take_the_same_queries_at_one_and_three(lead_client):
    session = TrainingSessionFactory()
    address = f"/cohorts/{session.cohort_id}/sessions/"
    one = queries_of(lead_client, address)
    for _ in range(2):
        made = TrainingSessionFactory(cohort=session.cohort)
        Facilitator.objects.create(session=made, name="Zoë")
    assert queries_of(lead_client, address) == one
