"""What the database itself refuses, whoever writes."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    PersonFactory,
    PostFactory,
    SpellFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2022, 6, 1)


def refused(make, **fields) -> str:
    """The name of the constraint that refuses a row."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make(**fields)
    return caught.value.__cause__.diag.constraint_name


def test_the_same_person_twice_in_one_post_over_one_period_is_refused():
    spell = SpellFactory(started_on=DAY, ended_on=DAY + dt.timedelta(30))
    again = {"person": spell.person, "post": spell.post}
    assert (
        refused(SpellFactory, **again, started_on=DAY + dt.timedelta(29)) == "spell_once_at_a_time"
    )
    SpellFactory(**again, started_on=DAY + dt.timedelta(30))


def test_a_job_share_is_two_people_in_one_post():
    spell = SpellFactory()
    SpellFactory(post=spell.post)


def test_an_end_before_its_start_is_refused():
    assert refused(SpellFactory, started_on=DAY, ended_on=DAY - dt.timedelta(1)) == (
        "spell_ends_after_start"
    )
    SpellFactory(started_on=DAY, ended_on=DAY)


def test_two_enrolments_in_one_cohort_are_refused():
    enrolment = EnrolmentFactory()
    assert refused(EnrolmentFactory, person=enrolment.person, cohort=enrolment.cohort) == (
        "enrolment_once_a_cohort"
    )


def test_an_outcome_needs_its_date():
    assert refused(EnrolmentFactory, outcome="withdrew") == "enrolment_outcome_dated"
    assert refused(EnrolmentFactory, outcome_on=DAY) == "enrolment_outcome_dated"


def test_two_people_cannot_share_a_reference_whatever_its_case():
    PersonFactory(reference="abc")
    assert refused(PersonFactory, reference="ABC") == "person_reference_once"


def test_two_cohorts_cannot_share_a_name():
    CohortFactory(name="Spring")
    assert refused(CohortFactory, name="SPRING") == "cohort_name_once"


def test_funded_wte_cannot_be_negative():
    assert refused(PostFactory, funded_wte=-1) == "funding_wte_not_negative"
