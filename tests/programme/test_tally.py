"""How a cohort went: the count of its rows agrees with the count in the database."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.models import Cohort, Outcome
from programme.tally import Taken, Tally, tally
from tests.factories import CohortFactory, EnrolmentFactory

JANUARY, MARCH, JUNE = (dt.date(2024, month, 10) for month in (1, 3, 6))
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2024, 1, 20))


@pytest.mark.parametrize(
    ("place", "counted"),
    [
        (Taken(JANUARY, "active", None, False), Tally(started=1, in_training=1)),
        (Taken(MARCH, "active", None, False), Tally(started=1, in_training=1)),
        (Taken(JUNE, "active", None, False), Tally(waiting=1)),
        (Taken(None, "active", None, False), Tally(waiting=1)),
        (Taken(JANUARY, "completed", MARCH, False), Tally(started=1, completed=1)),
        (Taken(JANUARY, "completed", JUNE, False), Tally(started=1, in_training=1)),
        (Taken(JANUARY, "withdrew", MARCH, True), Tally(1, 0, 1, 0, 0, 1)),
        (Taken(None, "deferred", MARCH, False), Tally(did_not_complete=1)),
        (Taken(JUNE, "active", None, True), Tally(waiting=1)),
    ],
)
def test_a_place_counts_as_what_it_was_on_the_day(place, counted):
    assert tally([place], MARCH) == counted


@st.composite
def places(draw):
    commenced_on = draw(st.none() | DAYS)
    outcome = draw(st.sampled_from(Outcome.values))
    if outcome == Outcome.COMPLETED and commenced_on is None:
        outcome = Outcome.WITHDREW
    later = st.dates(commenced_on or dt.date(2024, 1, 1), dt.date(2024, 1, 20))
    return commenced_on, outcome, None if outcome == Outcome.ACTIVE else draw(later)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(places(), max_size=6), day=DAYS)
def test_rows_and_database_count_alike(db, rows, day):
    with transaction.atomic():
        cohort = CohortFactory()
        for commenced_on, outcome, outcome_on in rows:
            EnrolmentFactory(
                cohort=cohort, commenced_on=commenced_on, outcome=outcome, outcome_on=outcome_on
            )
        in_database = Cohort.objects.with_counts_on(day).get(pk=cohort.pk)
        transaction.set_rollback(True)
    counted = tally([Taken(*row, employed=False) for row in rows], day)
    assert counted == Tally(
        in_database.started,
        in_database.completed,
        in_database.did_not_complete,
        in_database.in_training,
        in_database.waiting,
        0,
    )
