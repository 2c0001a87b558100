"""Mentors: who mentors whom, the days they met, and who may record them."""

import datetime as dt

import pytest

from programme.models import Mentoring, MentorMeeting
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    MentoringFactory,
    MentorMeetingFactory,
    PersonFactory,
    SiteFactory,
    SpellFactory,
)
from tests.programme.pages import boxes, queries_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2022, 3, 1)


@pytest.fixture
def cohort(db):
    return CohortFactory(site=SiteFactory())


@pytest.fixture
def trainee(cohort):
    return EnrolmentFactory(cohort=cohort)


def url(cohort, rest: str = "mentors/") -> str:
    return f"/cohorts/{cohort.pk}/{rest}"


def of(trainee, rest: str) -> str:
    return url(trainee.cohort, f"trainees/{trainee.pk}/{rest}")


def test_a_lead_pairs_a_trainee_with_somebody_in_post_at_the_site(lead_client, trainee):
    site = trainee.cohort.site
    mentor = SpellFactory(post__team__site=site).person
    SpellFactory()  # in post elsewhere
    SpellFactory(post__team__site=site, ended_on=dt.date(2022, 7, 1))  # has left
    SpellFactory(person=trainee.person, post__team__site=site)
    form = lead_client.get(of(trainee, "mentors/add/")).context["form"]
    assert list(form.fields["mentor"].queryset) == [mentor]
    sent = {"mentor": mentor.pk} | boxes("started_on", DAY)
    for _ in range(2):
        assert lead_client.post(of(trainee, "mentors/add/"), sent).status_code == 302
    [pair] = Mentoring.objects.all()
    assert (pair.enrolment, pair.mentor, pair.started_on) == (trainee, mentor, DAY)


def test_coverage_counts_people_in_training_with_a_mentor_and_who_met(lead_client, cohort):
    met, paired, _, ended = EnrolmentFactory.create_batch(4, cohort=cohort)
    EnrolmentFactory(cohort=cohort, outcome="withdrew", outcome_on=DAY)
    pair = MentoringFactory(enrolment=met)
    MentorMeetingFactory.create_batch(1, mentoring=pair)
    MentorMeetingFactory(mentoring=pair, met_on=DAY)
    MentoringFactory(enrolment=paired)
    MentoringFactory(enrolment=ended, ended_on=DAY)
    response = lead_client.get(url(cohort))
    assert response.context["coverage"] == (4, 2, 1)
    assert "2 of 4 in training have a mentor now" in " ".join(response.text.split())
    assert "(2 of 4 in training have one)" in lead_client.get(f"/cohorts/{cohort.pk}/").text


def test_the_number_of_queries_does_not_grow(lead_client, cohort, sign_in, user_with_role):
    mentor = PersonFactory(user=user_with_role("peer_worker"))
    client = sign_in(mentor.user)

    def more(number: int) -> None:
        for trainee in EnrolmentFactory.create_batch(number, cohort=cohort):
            MentorMeetingFactory(mentoring=MentoringFactory(enrolment=trainee, mentor=mentor))

    more(1)
    one = queries_of(lead_client, url(cohort)), queries_of(client, "/my-record/mentoring/")
    more(2)
    again = queries_of(lead_client, url(cohort)), queries_of(client, "/my-record/mentoring/")
    assert again == one
    assert max(one) <= 20


def test_a_mentor_records_the_days_they_met(trainee, user_with_role, sign_in):
    user = user_with_role("peer_worker")
    pair = MentoringFactory(enrolment=trainee, mentor=PersonFactory(user=user), started_on=DAY)
    client = sign_in(user)
    assert str(trainee.person) in client.get("/my-record/mentoring/").text
    add = f"/my-record/mentoring/{pair.pk}/meetings/add/"
    before = client.post(add, boxes("met_on", DAY - dt.timedelta(1)))
    assert before.context["form"].errors.keys() == {"met_on"}
    for _ in range(2):
        assert client.post(add, boxes("met_on", DAY)).status_code == 302
    assert [meeting.met_on for meeting in MentorMeeting.objects.all()] == [DAY]
    theirs = MentorMeetingFactory(mentoring=MentoringFactory(enrolment=trainee))
    other = client.post(
        f"/my-record/mentoring/{theirs.mentoring_id}/meetings/add/", boxes("met_on", DAY)
    )
    assert other.status_code == 404
    meeting = MentorMeeting.objects.get(mentoring=pair)
    assert f"meetings/{meeting.pk}/remove/" in client.get("/my-record/mentoring/").text
    for one in (theirs, meeting):
        client.post(f"/my-record/mentoring/meetings/{one.pk}/remove/")
    assert [one.pk for one in MentorMeeting.objects.all()] == [theirs.pk]


def test_staff_record_and_remove_meetings_and_end_a_mentoring(
    trainee, lead_client, user_with_role, sign_in
):
    trainer = sign_in(user_with_role("trainer", site=trainee.cohort.site))
    pair = MentoringFactory(enrolment=trainee, started_on=DAY)
    later = DAY + dt.timedelta(7)
    trainer.post(of(trainee, f"mentors/{pair.pk}/meetings/add/"), boxes("met_on", later))
    meeting = MentorMeeting.objects.get()
    end = of(trainee, f"mentors/{pair.pk}/end/")
    assert trainer.post(end, boxes("ended_on", later)).status_code == 403
    refused = lead_client.post(end, boxes("ended_on", DAY))
    assert refused.context["form"].errors.keys() == {"ended_on"}
    trainer.post(of(trainee, f"meetings/{meeting.pk}/remove/"))
    assert lead_client.post(end, boxes("ended_on", DAY)).status_code == 302
    pair.refresh_from_db()
    assert (pair.ended_on, pair.meetings.count()) == (DAY, 0)
