"""Where somebody is on the way through the programme, on any day."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import RoleGrant
from programme.models import Cohort, Person
from programme.whereabouts import whereabouts_from, whereabouts_of
from tests.factories import (
    ApplicationFactory,
    CohortFactory,
    EnrolmentFactory,
    PersonFactory,
    SiteFactory,
    SpellFactory,
)

pytestmark = pytest.mark.django_db
JAN, MARCH, JUNE, DEC = (dt.date(2022, month, 10) for month in (1, 3, 6, 12))
YEAR_LATER = dt.date(2023, 6, 10)


def place(person, day) -> tuple[str, dt.date | None]:
    """By both halves of the rule, which must agree."""
    found = Person.objects.with_place_on(day).get(pk=person.pk)
    rows = (person.applications.all(), person.enrolments.all(), person.spells.all())
    now = whereabouts_from(*rows, day)
    assert (now.place, now.place_on) == (found.place, found.place_on)
    return found.place, found.place_on


@pytest.fixture
def person(db):
    """Applied in January, trained from March to June, in post from December for six months."""
    person = PersonFactory()
    ApplicationFactory(person=person, applied_on=JAN)
    EnrolmentFactory(person=person, commenced_on=MARCH, outcome="completed", outcome_on=JUNE)
    SpellFactory(person=person, started_on=DEC, ended_on=YEAR_LATER)
    return person


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (JAN, ("applied", JAN)),
        (MARCH, ("in_training", MARCH)),
        (JUNE - dt.timedelta(1), ("in_training", MARCH)),
        (JUNE, ("completed", JUNE)),
        (DEC, ("in_post", DEC)),
        (YEAR_LATER - dt.timedelta(1), ("in_post", DEC)),
        (YEAR_LATER, ("left", YEAR_LATER)),
    ],
)
def test_a_person_moves_from_place_to_place_on_the_days_things_happen(person, day, expected):
    assert place(person, day) == expected


def test_of_somebody_with_nothing_recorded_no_place_is_claimed():
    assert place(PersonFactory(), JUNE) == ("", None)


def test_an_application_counts_from_its_day():
    person = ApplicationFactory(applied_on=JAN).person
    assert place(person, JAN - dt.timedelta(1)) == ("", None)
    assert place(person, JAN) == ("applied", JAN)


@pytest.mark.parametrize("outcome", ["withdrew", "deferred"])
def test_who_withdrew_or_deferred_did_not_complete(outcome):
    enrolment = EnrolmentFactory(commenced_on=MARCH, outcome=outcome, outcome_on=JUNE)
    assert place(enrolment.person, JUNE) == ("did_not_complete", JUNE)


def test_completing_counts_for_more_than_another_cohort_that_was_not_completed(person):
    EnrolmentFactory(person=person, commenced_on=JUNE, outcome="withdrew", outcome_on=JUNE)
    assert place(person, JUNE) == ("completed", JUNE)


def test_completing_after_leaving_a_post_is_where_somebody_is():
    spell = SpellFactory(started_on=JAN, ended_on=MARCH)
    EnrolmentFactory(person=spell.person, commenced_on=MARCH, outcome="completed", outcome_on=JUNE)
    assert place(spell.person, DEC) == ("completed", JUNE)


def test_a_place_in_a_cohort_before_the_first_session_counts_as_applied():
    enrolment = EnrolmentFactory(commenced_on=None)
    assert place(enrolment.person, JUNE) == ("applied", None)


def test_the_second_of_two_posts_keeps_somebody_in_post(person):
    SpellFactory(person=person, started_on=JUNE)
    assert place(person, YEAR_LATER) == ("in_post", JUNE)


def test_the_start_is_the_first_session_or_the_first_day_in_post(person):
    SpellFactory(person=(hired := PersonFactory()), started_on=DEC)
    ApplicationFactory(person=(applicant := PersonFactory()))
    started = dict(Person.objects.with_start().values_list("pk", "started_on"))
    assert started == {person.pk: MARCH, hired.pk: DEC, applicant.pk: None}


def test_names_of_another_site_are_not_shown(user_with_role):
    own = SiteFactory()
    person = PersonFactory(site=own)
    EnrolmentFactory(person=person, cohort__site=own, cohort__name="Ours", commenced_on=JAN)
    EnrolmentFactory(
        person=person, cohort__site=SiteFactory(), cohort__name="Theirs", commenced_on=DEC
    )
    SpellFactory(person=person, post__title="Their post")
    lead = user_with_role("lead", site=own)
    now = whereabouts_of([person.pk], user=lead, day=YEAR_LATER)[person.pk]
    assert (now.cohort, now.post, now.team, now.place) == ("Ours", "", "", "in_training")
    here = Person.objects.with_place_on(YEAR_LATER, lead).with_start(lead).get()
    assert (here.place, here.started_on) == ("in_training", JAN)
    RoleGrant.objects.update(site=None)
    everywhere = type(lead).objects.get(pk=lead.pk)
    now = whereabouts_of([person.pk], user=everywhere, day=YEAR_LATER)[person.pk]
    assert (now.cohort, now.post, now.place) == ("Theirs", "Their post", "in_post")


days = st.dates(dt.date(2022, 1, 1), dt.date(2022, 2, 1))
trained = st.tuples(
    st.none() | days, st.sampled_from(["active", "completed", "withdrew", "deferred"]), days
)


@settings(max_examples=60, deadline=None)
@given(
    applied=st.lists(days, max_size=2, unique=True),
    training=st.lists(trained, max_size=3),
    worked=st.lists(st.tuples(days, st.none() | st.integers(0, 20)), max_size=3),
    day=days,
)
def test_both_halves_of_the_rule_agree_on_any_history(applied, training, worked, day):
    with transaction.atomic():
        person = PersonFactory()
        for on in applied:
            ApplicationFactory(person=person, applied_on=on)
        for commenced_on, outcome, on in training:
            if outcome == "completed":
                commenced_on = commenced_on or on
            EnrolmentFactory(
                person=person,
                commenced_on=min(commenced_on, on) if commenced_on else None,
                outcome=outcome,
                outcome_on=None if outcome == "active" else on,
            )
        for started_on, length in worked:
            ended_on = None if length is None else started_on + dt.timedelta(length)
            SpellFactory(person=person, started_on=started_on, ended_on=ended_on)
        place(person, day)
        transaction.set_rollback(True)


def test_a_cohort_counts_each_person_once_and_by_the_day():
    cohort = CohortFactory()
    EnrolmentFactory(cohort=cohort, commenced_on=JAN, outcome="completed", outcome_on=JUNE)
    EnrolmentFactory(cohort=cohort, commenced_on=JAN, outcome="withdrew", outcome_on=MARCH)
    EnrolmentFactory(cohort=cohort, commenced_on=JAN, outcome="deferred", outcome_on=JUNE)
    EnrolmentFactory(cohort=cohort, commenced_on=JAN)
    EnrolmentFactory(cohort=cohort, commenced_on=None)
    counts = ["started", "completed", "did_not_complete", "in_training", "waiting"]
    on = {
        day: list(Cohort.objects.with_counts_on(day).values_list(*counts)) for day in (MARCH, JUNE)
    }
    assert on == {MARCH: [(4, 0, 1, 3, 1)], JUNE: [(4, 1, 2, 1, 1)]}


def test_a_cohort_without_people_counts_nobody():
    CohortFactory()
    cohort = Cohort.objects.with_counts_on(JUNE).get()
    assert (cohort.started, cohort.waiting, cohort.in_training) == (0, 0, 0)
