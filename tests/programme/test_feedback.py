"""Feedback on sessions: from who was there, once, and read only of ten people together."""

import datetime as dt

import pytest
from django.utils import timezone

from programme.feedback import Answer, Summary, is_open, summary
from programme.models import FeedbackGiven, SessionFeedback
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    EnrolmentFactory,
    PersonFactory,
    TrainingSessionFactory,
)
from tests.programme.pages import queries_of

HELD = dt.date(2022, 3, 1)
CLOSED = HELD + dt.timedelta(15)
ANSWERS = {"useful": "4", "able_to_take_part": "5", "comment": "More time, please"}


# --- What is shown --------------------------------------------------------------------------------


def answers(*scores: int) -> list[Answer]:
    return [
        Answer(useful, 3, f"{place}" if place % 2 else "") for place, useful in enumerate(scores)
    ]


def test_feedback_is_open_for_fourteen_days():
    days = [-1, 0, 14, 15]
    assert [is_open(HELD, HELD + dt.timedelta(day)) for day in days] == [False, True, True, False]


def test_nothing_is_shown_while_an_answer_can_still_come():
    shown = summary(HELD, answers(*[3] * 12), CLOSED - dt.timedelta(1))
    assert shown == Summary(why="Collected until 15 March 2022")


def test_nothing_is_shown_of_fewer_than_ten_people():
    assert summary(HELD, answers(*[3] * 9), CLOSED) == Summary(why="Fewer than 10 people answered")


def test_ten_people_are_shown_together_and_an_extreme_is_blurred():
    shown = summary(HELD, answers(1, 2, 3, 4, 5, 3, 3, 3, 3, 4), CLOSED)
    assert (shown.useful, shown.able_to_take_part) == ("3.1", "3.0")
    assert shown.comments == ("1", "3", "5", "7", "9")
    assert summary(HELD, answers(*[5] * 10), CLOSED).useful == "4.5 or more"
    assert summary(HELD, answers(*[1] * 10), CLOSED).useful == "1.5 or less"


# --- Pages ----------------------------------------------------------------------------------------


@pytest.fixture
def attendance(user_with_role):
    session = TrainingSessionFactory(held_on=timezone.localdate())
    person = PersonFactory(user=user_with_role("trainee"))
    place = EnrolmentFactory(person=person, cohort=session.cohort)
    return AttendanceFactory(session=session, enrolment=place)


@pytest.fixture
def client(attendance, sign_in):
    return sign_in(attendance.enrolment.person.user)


def url(attendance) -> str:
    return f"/my-record/sessions/{attendance.pk}/feedback/"


def test_who_was_there_gives_feedback_once_without_a_trace_to_them(client, attendance):
    assert "Give feedback" in client.get("/my-record/training/").text
    assert client.post(url(attendance), ANSWERS).status_code == 302
    again = client.post(url(attendance), ANSWERS)
    assert "You have given feedback on this session already" in again.text
    [said] = SessionFeedback.objects.all()
    assert (said.session, said.useful, said.able_to_take_part) == (attendance.session, 4, 5)
    assert FeedbackGiven.objects.count() == 1
    assert {field.name for field in SessionFeedback._meta.concrete_fields} == {
        "id",
        "session",
        "useful",
        "able_to_take_part",
        "comment",
    }
    assert "Give feedback" not in client.get("/my-record/training/").text


@pytest.mark.parametrize("case", ["absent", "closed", "somebody else"])
def test_others_and_late_answers_are_refused(client, attendance, case):
    if case == "absent":
        attendance.state = "absent"
        attendance.save()
    elif case == "closed":
        attendance.session.held_on -= dt.timedelta(15)
        attendance.session.save()
    else:
        attendance.enrolment = EnrolmentFactory(cohort=attendance.cohort)
        attendance.save()
    response = client.post(url(attendance), ANSWERS)
    expected = (200, "closed") if case == "closed" else (404, "")
    assert response.status_code == expected[0]
    assert expected[1] in response.text
    assert not SessionFeedback.objects.exists()
    assert "Give feedback" not in client.get("/my-record/training/").text


@pytest.mark.django_db
def test_staff_read_the_answers_of_ten_and_nothing_of_nine(user_with_role, sign_in):
    cohort = CohortFactory()
    for answered in (9, 10):
        session = TrainingSessionFactory(cohort=cohort, topic=f"Week {answered}")
        SessionFeedback.objects.bulk_create(
            SessionFeedback(
                session=session, useful=3, able_to_take_part=4, comment=f"said by {answered}"
            )
            for _ in range(answered)
        )
    client = sign_in(user_with_role("trainer"))
    page = client.get(f"/cohorts/{cohort.pk}/feedback/")
    shown = {session.topic: said for session, said in page.context["rows"]}
    assert shown["Week 9"] == Summary(why="Fewer than 10 people answered")
    assert (shown["Week 10"].useful, shown["Week 10"].able_to_take_part) == ("3.0", "4.0")
    assert "said by 10" in page.text
    assert "said by 9" not in page.text
    one = queries_of(client, f"/cohorts/{cohort.pk}/feedback/")
    TrainingSessionFactory.create_batch(2, cohort=cohort)
    assert queries_of(client, f"/cohorts/{cohort.pk}/feedback/") == one <= 20
