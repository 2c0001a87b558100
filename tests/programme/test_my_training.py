"""What trainees see of their own training, and the certificate."""

import datetime as dt
import io

import pypdf
import pytest

from accounts.models import User
from audit.models import Look
from programme.models import CompetenceDomain, CoveredDomain
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    CompletionFactory,
    EnrolmentFactory,
    MentoringFactory,
    MentorMeetingFactory,
    PersonFactory,
    RequirementFactory,
    RequirementResultFactory,
    TrainingProgrammeFactory,
    TrainingSessionFactory,
    UserFactory,
)
from tests.programme.pages import queries_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2022, 4, 4)


@pytest.fixture
def trainee(user_with_role) -> User:
    return user_with_role("trainee")


@pytest.fixture
def client(trainee, sign_in):
    return sign_in(trainee)


@pytest.fixture
def place(trainee):
    programme = TrainingProgrammeFactory(name="Peer support foundation")
    version = RequirementFactory(name="Essay", version__programme=programme).version
    version.hours = 72
    version.save()
    CoveredDomain.objects.create(
        version=version, domain=CompetenceDomain.objects.get(name="Knowledge")
    )
    person = PersonFactory(user=trainee, first_name="Zoë", last_name="Ó Briain #1 $x$")
    return EnrolmentFactory(
        person=person, cohort=CohortFactory(name="Autumn", programme_version=version)
    )


def completed(place):
    place.outcome, place.outcome_on = "completed", DAY
    place.save()
    return CompletionFactory(
        enrolment=place,
        completed_on=DAY,
        confirmed_by=UserFactory(name="Łukasz Trainer"),
        exception="Adjusted",
    )


def test_trainees_see_their_own_sessions_results_and_mentor(client, place):
    cohort = place.cohort
    session = TrainingSessionFactory(cohort=cohort, topic="Boundaries")
    AttendanceFactory(session=session, enrolment=place, state="part")
    AttendanceFactory(session=session, cohort=cohort, state="absent")
    TrainingSessionFactory(cohort=cohort, topic="Endings")
    asked = cohort.programme_version.requirements.get()
    RequirementResultFactory(enrolment=place, requirement=asked, result="repeat")
    MentorMeetingFactory(mentoring=MentoringFactory(enrolment=place), met_on=DAY)
    response = client.get("/my-record/training/")
    assert [
        (sat.session.topic, sat.mark and sat.mark.state) for sat in response.context["sessions"]
    ] == [
        ("Boundaries", "part"),
        ("Endings", None),
    ]
    [part] = response.context["parts"]
    assert part.standing.state == "Asked to repeat"
    assert "You met on 4 April 2022" in response.text
    assert "Remove" not in response.text
    assert not Look.objects.exists()


def test_the_latest_training_comes_first_and_the_others_are_linked(client, place):
    later = EnrolmentFactory(
        person=place.person, cohort=CohortFactory(starts_on=dt.date(2023, 1, 9))
    )
    page = client.get("/my-record/training/")
    assert (page.context["place"], page.context["others"]) == (later, [place])
    assert client.get(f"/my-record/training/{place.pk}/").context["place"] == place
    assert client.get(f"/my-record/training/{EnrolmentFactory().pk}/").status_code == 404


def test_nothing_recorded_is_said_kindly(client, trainee, place):
    place.delete()
    assert "No training recorded yet" in client.get("/my-record/training/").text


def test_the_number_of_queries_does_not_grow(client, place):
    def more(number: int) -> None:
        for session in TrainingSessionFactory.create_batch(number, cohort=place.cohort):
            AttendanceFactory(session=session, enrolment=place)
        for pair in MentoringFactory.create_batch(number, enrolment=place):
            MentorMeetingFactory(mentoring=pair)
            EnrolmentFactory(person=place.person)

    EnrolmentFactory(person=place.person, cohort__starts_on=DAY - dt.timedelta(999))
    more(1)
    address = f"/my-record/training/{place.pk}/"
    one = queries_of(client, address)
    more(2)
    assert queries_of(client, address) == one <= 20


def test_a_certificate_is_tagged_and_says_who_completed_what_and_when(client, place):
    completed(place)
    response = client.get(f"/my-record/training/{place.pk}/certificate.pdf")
    assert response["Content-Type"] == "application/pdf"
    document = pypdf.PdfReader(io.BytesIO(response.content), strict=True)
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "en-GB"
    assert document.metadata.title == "Certificate of completion: Zoë Ó Briain #1 $x$"
    assert "http://www.aiim.org/pdfua/ns/id/" in root["/Metadata"].get_object().get_data().decode()
    text = " ".join(document.pages[0].extract_text().split())
    for words in (
        "Certificate of completion",
        "Zoë Ó Briain #1 $x$",
        "Peer support foundation",
        "Completed on: 4 April 2022",
        "Hours of teaching: 72",
        "Competence: Knowledge",
        "Confirmed by: Łukasz Trainer",
    ):
        assert words in text
    assert "Adjusted" not in text
    assert len(document.pages) == 1


def test_without_a_confirmed_completion_there_is_no_certificate(client, lead_client, place):
    staff = f"/cohorts/{place.cohort_id}/trainees/{place.pk}/certificate.pdf"
    own = f"/my-record/training/{place.pk}/certificate.pdf"
    assert (client.get(own).status_code, lead_client.get(staff).status_code) == (404, 404)
    completed(place)
    assert lead_client.get(staff)["Content-Type"] == "application/pdf"
    assert Look.objects.filter(page="programme:certificate").count() == 1
