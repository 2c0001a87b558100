"""Applicants count as *applied* before and after they are people, and never twice."""

import datetime as dt

import pytest

from programme import figures
from programme.figures import Filters
from programme.funnel import Training
from programme.records import Choice, whole_programme
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    DraftFactory,
    PersonFactory,
    RoundFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 10)


def applied(**filters) -> int:
    found = figures.read_training(whole_programme(), Filters(as_at=DAY, **filters))
    return found[Training(applied=True)]


def test_sent_applications_count_and_drafts_and_merged_ones_do_not():
    first = ApplicantFactory(email="zoe@example.org")
    DraftFactory(round=first.round)
    ApplicantFactory(round=first.round, merged_into=first)
    ApplicantFactory(email="ZOE@example.org")  # the same address in another round

    assert applied() == 1


def test_a_day_before_the_sending_has_none_and_the_day_is_londons():
    late = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)  # 00.30 on 2 July in London
    ApplicantFactory(submitted_at=late)

    records = whole_programme()
    days = [dt.date(2026, 7, 1), dt.date(2026, 7, 2)]
    assert [figures.read_applicants(records, Filters(as_at=day)) for day in days] == [0, 1]


def test_who_was_made_a_person_is_counted_as_one():
    person = PersonFactory(email="zoe@example.org")
    application = ApplicationFactory(person=person, applied_on=dt.date(2026, 3, 2))
    ApplicantFactory(email="zoe@example.org", person=person, application=application)
    ApplicantFactory(email="Zoe@example.org")  # and applied again since

    assert applied() == 1


def test_the_filters_keep_the_rounds_own_site_and_cohort():
    intake = RoundFactory(kind="intake")
    ApplicantFactory(round=intake)
    ApplicantFactory()
    site = Choice(intake.site.pk, "", "")
    cohort = Choice(intake.cohort.pk, "", "")

    assert (applied(), applied(site=site), applied(cohort=cohort)) == (2, 1, 1)
