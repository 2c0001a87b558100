"""Places in a cohort: counted, never given twice, deferred to a later cohort."""

import datetime as dt
from collections import Counter

import pytest

from programme.actions import training
from programme.models import Enrolment
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    EnrolmentFactory,
    PersonFactory,
    RoleGrantFactory,
)
from tests.programme.importing import TRAINED, bring_in
from tests.programme.pages import boxes, sent_by
from tests.programme.test_saving import at_once

DAY = dt.date(2022, 1, 10)
LATER = dt.date(2022, 9, 5)


def problems(response) -> dict:
    return {name: list(words) for name, words in response.context["form"].errors.items()}


@pytest.mark.django_db(transaction=True)
def test_fifty_people_who_book_ten_places_at_once_get_exactly_ten():
    by, cohort = RoleGrantFactory(role="lead").user, CohortFactory(places=10)

    def book(person):
        return lambda: training.enrol(
            person=person,
            by=by,
            cohort=cohort,
            commenced_on=None,
            outcome="active",
            outcome_on=None,
            outcome_reason=None,
        )

    results = at_once(*(book(person) for person in PersonFactory.create_batch(50)))

    assert Counter("place" if isinstance(one, Enrolment) else str(one) for one in results) == {
        "place": 10,
        "{'cohort': ['Every place in this cohort is taken.']}": 40,
    }
    assert cohort.enrolments.count() == 10


# --- In the forms ---------------------------------------------------------------------------------


def place(cohort, **changed) -> dict:
    return {"cohort": str(cohort.pk), "outcome": "active", **changed}


@pytest.mark.django_db
def test_a_full_cohort_is_said_beside_its_field_and_places_are_counted(lead_client):
    enrolment = EnrolmentFactory(cohort__places=1)
    add = f"/people/{PersonFactory().pk}/training/add/"
    assert problems(lead_client.post(add, place(enrolment.cohort))) == {
        "cohort": ["Every place in this cohort is taken."]
    }
    cohort = f"/cohorts/{enrolment.cohort_id}/"
    assert "1 of 1 place is taken" in lead_client.get(cohort).text
    EnrolmentFactory(cohort=CohortFactory(name="Two", places=None))
    fewer = sent_by(lead_client, f"{cohort}edit/", places="0")
    assert list(problems(lead_client.post(f"{cohort}edit/", fewer))) == ["places"]


@pytest.mark.django_db
def test_fewer_places_than_people_are_refused(lead_client):
    cohort = CohortFactory(places=3)
    EnrolmentFactory.create_batch(2, cohort=cohort)
    edit = f"/cohorts/{cohort.pk}/edit/"
    assert problems(lead_client.post(edit, sent_by(lead_client, edit, places="1"))) == {
        "places": ["More people than that are in this cohort already."]
    }


@pytest.fixture
def deferring(lead_client):
    """`deferring(later)`: a lead records that somebody defers to a cohort."""
    enrolment = EnrolmentFactory(commenced_on=DAY, cohort__starts_on=DAY)
    edit = f"/people/{enrolment.person_id}/training/{enrolment.pk}/"

    def _defer(later, **changed):
        sent = {"outcome": "deferred", "may_return": "True", **boxes("outcome_on", DAY)}
        sent["later_cohort"] = str(later.pk)
        return lead_client.post(edit, sent_by(lead_client, edit, **sent | changed))

    _defer.enrolment = enrolment
    return _defer


@pytest.mark.django_db
def test_who_defers_gets_a_place_in_the_later_cohort_once(deferring, lead_client):
    later = CohortFactory(starts_on=LATER)
    for _ in range(2):
        assert deferring(later).status_code == 302
    enrolment = deferring.enrolment
    enrolment.refresh_from_db()
    assert (enrolment.outcome, enrolment.may_return) == ("deferred", True)
    assert enrolment.next_enrolment == later.enrolments.get(person=enrolment.person)
    assert "May return" in lead_client.get(f"/people/{enrolment.person_id}/").text

    deferring(later, outcome="withdrew", later_cohort="", may_return="False")
    enrolment.refresh_from_db()
    assert (enrolment.next_enrolment, enrolment.may_return) == (None, False)


@pytest.mark.django_db
def test_a_later_cohort_is_later_has_a_place_and_is_for_who_deferred(deferring):
    later = CohortFactory(starts_on=LATER, places=1)
    EnrolmentFactory(cohort=later)
    assert problems(deferring(later)) == {"later_cohort": ["Every place in this cohort is taken."]}
    assert list(problems(deferring(CohortFactory(starts_on=DAY)))) == ["later_cohort"]
    assert list(problems(deferring(later, outcome="withdrew"))) == ["later_cohort"]
    deferring.enrolment.refresh_from_db()
    assert deferring.enrolment.outcome == "active"


@pytest.mark.django_db
def test_a_place_with_attendance_stays_in_its_cohort(lead_client):
    enrolment = AttendanceFactory(enrolment__commenced_on=DAY).enrolment
    edit = f"/people/{enrolment.person_id}/training/{enrolment.pk}/"
    sent = sent_by(lead_client, edit, cohort=str(CohortFactory().pk))
    [words] = problems(lead_client.post(edit, sent))["cohort"]
    assert words.startswith("Attendance or results are recorded in this cohort")


# --- In an import ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_import_fills_the_places_there_are_and_says_who_has_none():
    taken = EnrolmentFactory(
        cohort__name="Spring", cohort__places=2, commenced_on=DAY, person__reference="P0"
    )
    rows = [TRAINED | {"reference": reference} for reference in ("P1", "P2", "P3")]
    gone = {"outcome": "withdrew", "outcome_on": "01/04/2022"}

    report = bring_in(*rows, TRAINED | gone | {"reference": "P0"}, good=True)

    assert [(row, column) for row, column, _ in report.refused] == [(4, "cohort")]
    assert Counter(taken.cohort.enrolments.values_list("outcome", flat=True)) == {
        "active": 2,
        "withdrew": 1,
    }


@pytest.mark.django_db
def test_an_import_that_completes_who_deferred_lets_go_of_the_later_place():
    later = EnrolmentFactory(person__reference="P1")
    place = EnrolmentFactory(
        person=later.person,
        cohort__name="Spring",
        commenced_on=dt.date(2022, 3, 1),
        outcome="deferred",
        outcome_on=dt.date(2022, 4, 1),
        may_return=True,
        next_enrolment=later,
    )
    bring_in(TRAINED | {"outcome": "completed", "outcome_on": "01/06/2022"})
    place.refresh_from_db()
    assert (place.outcome, place.may_return, place.next_enrolment) == ("completed", None, None)
