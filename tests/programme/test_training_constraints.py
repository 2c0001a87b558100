"""What the database itself keeps of training, whoever writes."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from programme.models import CompetenceDomain, CoveredDomain
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    EnrolmentFactory,
    MentoringFactory,
    ProgrammeVersionFactory,
    RequirementFactory,
    RequirementResultFactory,
    TrainingSessionFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2022, 6, 1)


def refused(make, **fields) -> str:
    """The name of the constraint that refuses what is done."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make(**fields)
    return caught.value.__cause__.diag.constraint_name


def setting(record, **fields):
    """Saves a record with other values."""

    def save():
        for name, value in fields.items():
            setattr(record, name, value)
        record.save(update_fields=list(fields))

    return save


# --- Versions -------------------------------------------------------------------------------------


def test_a_published_version_and_its_parts_do_not_change():
    asked = RequirementFactory()
    version = asked.version
    domain = CoveredDomain.objects.create(
        version=version, domain=CompetenceDomain.objects.get(name="Knowledge")
    )
    setting(version, published_on=DAY)()

    acts = [
        setting(version, hours=40),
        setting(version, published_on=None),
        version.delete,
        setting(asked, name="Another"),
        setting(asked, version=ProgrammeVersionFactory()),
        asked.delete,
        domain.delete,
        lambda: RequirementFactory(version=version),
    ]

    assert [refused(act) for act in acts] == ["published_version_is_fixed"] * len(acts)


def test_a_draft_changes_and_goes():
    asked = RequirementFactory()
    setting(asked, name="Another")()
    setting(asked.version, hours=40)()
    asked.delete()
    asked.version.delete()


@pytest.mark.parametrize(
    ("kind", "amount"),
    [("attendance", None), ("attendance", 101), ("placement", 0), ("task", 5)],
)
def test_an_amount_belongs_to_attendance_and_placements(kind, amount):
    name = refused(RequirementFactory, kind=kind, amount=amount)
    assert name == "requirement_amount_for_its_kind"


# --- Attendance -----------------------------------------------------------------------------------


def test_attendance_belongs_to_a_trainee_and_a_session_of_one_cohort():
    session, stranger = TrainingSessionFactory(), EnrolmentFactory()
    own = EnrolmentFactory(cohort=session.cohort)
    wrong = {"session": session, "enrolment": stranger}

    assert refused(AttendanceFactory, **wrong) == "attendance_enrolment_in_cohort"
    assert refused(AttendanceFactory, **wrong, cohort=stranger.cohort) == (
        "attendance_session_in_cohort"
    )
    AttendanceFactory(session=session, enrolment=own)
    assert refused(setting(own, cohort=CohortFactory())) == "attendance_enrolment_in_cohort"
    assert refused(AttendanceFactory, session=session, enrolment=own) == (
        "attendance_once_a_session"
    )


def test_a_session_is_once_at_a_time_unless_cancelled():
    session = TrainingSessionFactory()
    again = {"cohort": session.cohort, "held_on": session.held_on}
    assert refused(TrainingSessionFactory, **again) == "training_session_once_at_a_time"
    setting(session, cancelled_on=DAY)()
    TrainingSessionFactory(**again)


# --- Results and mentors --------------------------------------------------------------------------


def test_a_result_is_for_a_requirement_of_the_version_that_the_cohort_follows():
    result = RequirementResultFactory()
    other = RequirementFactory()
    rest = {"enrolment": result.enrolment, "version": result.version}
    assert refused(RequirementResultFactory, **rest, requirement=other) == (
        "result_requirement_of_version"
    )
    assert refused(RequirementResultFactory, enrolment=result.enrolment, requirement=other) == (
        "result_cohort_follows_version"
    )
    assert refused(setting(result.cohort, programme_version=other.version)) == (
        "result_cohort_follows_version"
    )


def test_nobody_mentors_themselves():
    enrolment = EnrolmentFactory()
    assert refused(MentoringFactory, enrolment=enrolment, mentor=enrolment.person) == (
        "mentoring_by_somebody_else"
    )
    assert refused(MentoringFactory, enrolment=enrolment, trainee=EnrolmentFactory().person) == (
        "mentoring_trainee_of_enrolment"
    )


# --- Places in a cohort ---------------------------------------------------------------------------


def test_no_more_people_than_places():
    cohort = CohortFactory(places=2)
    gone, _ = EnrolmentFactory.create_batch(2, cohort=cohort)
    assert refused(EnrolmentFactory, cohort=cohort) == "enrolment_places_left"

    setting(gone, outcome="withdrew", outcome_on=DAY)()
    moved = EnrolmentFactory()
    setting(moved, cohort=cohort)()
    assert refused(setting(gone, outcome="active", outcome_on=None)) == "enrolment_places_left"
    assert refused(setting(cohort, places=1)) == "cohort_places_taken"
    setting(moved, commenced_on=DAY)()


def test_a_deferral_leads_to_a_place_of_the_same_person():
    enrolment = EnrolmentFactory(outcome="deferred", outcome_on=DAY)
    later = EnrolmentFactory(person=enrolment.person)
    assert refused(setting(enrolment, next_enrolment=EnrolmentFactory())) == (
        "enrolment_next_of_same_person"
    )
    setting(enrolment, next_enrolment=later)()
    assert refused(setting(enrolment, outcome="withdrew")) == "enrolment_next_after_deferral"
    enrolment.refresh_from_db()
    later.delete()
    enrolment.refresh_from_db()
    assert enrolment.next_enrolment is None
    enrolment.person.delete()
