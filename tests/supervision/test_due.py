"""When the next session of an agreement is due, read from what is stored."""

import datetime as dt

import pytest

from supervision.due import refresh_all, refresh_due, refresh_open
from supervision.models import (
    CLINICAL,
    LINE_MANAGEMENT,
    LIVED_EXPERIENCE,
    SessionStatus,
    SupervisionStandard,
)
from tests.factories import CareerBreakFactory, PathwayStepFactory, PersonFactory, SpellFactory
from tests.factories.supervision import AgreementFactory, SessionFactory, TermsFactory, kind

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
START = dt.date(2026, 1, 5)
TODAY = dt.date(2026, 6, 1)


def due(agreement, day=TODAY):
    refresh_due(agreement, day)
    agreement.refresh_from_db()
    return agreement.due_on, agreement.grace_days


def at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 30), tzinfo=dt.UTC)


def test_the_first_session_is_due_within_the_first_fortnight_in_post():
    person = SpellFactory(started_on=START).person

    assert due(AgreementFactory(person=person, starts_on=START)) == (START + 13 * DAY, 7)


def test_the_next_is_counted_from_the_last_session_on_the_day_it_was_here():
    agreement = AgreementFactory(person=SpellFactory(started_on=START).person)
    SessionFactory(agreement=agreement, starts_at=at(dt.date(2026, 5, 4)))

    assert due(agreement) == (dt.date(2026, 6, 2), 7)  # half past midnight on 5 May
    assert agreement.last_attended_on == dt.date(2026, 5, 5)


@pytest.mark.parametrize("status", sorted({*SessionStatus.values} - {"attended"}))
def test_what_did_not_take_place_moves_nothing_whoever_called_it_off(status):
    agreement = AgreementFactory(person=SpellFactory(started_on=START).person)
    SessionFactory(agreement=agreement, starts_at=at(dt.date(2026, 5, 4)))
    before = due(agreement)
    SessionFactory(agreement=agreement, starts_at=at(dt.date(2026, 5, 18)), status=status)

    assert due(agreement) == before
    assert agreement.last_attended_on == dt.date(2026, 5, 5)


def test_a_session_with_somebody_else_counts_for_its_kind_and_for_no_other():
    person = SpellFactory(started_on=START).person
    former = AgreementFactory(person=person, ended_on=dt.date(2026, 5, 20))
    SessionFactory(agreement=former, starts_at=at(dt.date(2026, 5, 10)))
    same, other = (
        AgreementFactory(person=person, kind=kind(key), starts_on=dt.date(2026, 5, 20))
        for key in (LINE_MANAGEMENT, LIVED_EXPERIENCE)
    )

    assert due(same) == (dt.date(2026, 6, 8), 7)
    assert due(other) == (dt.date(2026, 5, 20), 7)  # long owed, but not before it began
    assert due(former) == (None, 0)
    assert same.last_attended_on is None


def test_nothing_is_due_outside_a_post_in_long_leave_or_where_nothing_is_owed():
    person = SpellFactory(started_on=START).person
    away = SpellFactory(started_on=START)
    CareerBreakFactory(spell=away, starts_on=TODAY - DAY)
    left = SpellFactory(started_on=START, ended_on=TODAY)

    assert due(AgreementFactory(person=person, kind=kind(CLINICAL))) == (None, 0)
    assert due(AgreementFactory(person=away.person)) == (None, 0)
    assert due(AgreementFactory(person=left.person)) == (None, 0)
    assert due(AgreementFactory(person=PersonFactory())) == (None, 0)


def test_a_step_has_its_own_standard_from_the_day_it_applies():
    step = PathwayStepFactory()
    spell = SpellFactory(started_on=dt.date(2025, 1, 6), step=step)
    agreement = AgreementFactory(person=spell.person)
    SupervisionStandard.objects.create(
        kind=agreement.kind,
        step=step,
        applies_from=dt.date(2026, 5, 2),
        cadence_days=42,
        early_cadence_days=14,
        grace_days=3,
    )
    SessionFactory(agreement=agreement, starts_at=at(dt.date(2026, 4, 30)))
    before = due(agreement)
    SessionFactory(agreement=agreement, starts_at=at(dt.date(2026, 5, 1)))

    assert before == (dt.date(2026, 5, 29), 7)
    assert due(agreement) == (dt.date(2026, 6, 13), 3)


def test_a_move_within_a_week_is_one_employment_and_a_return_is_a_new_start():
    moved, back = PersonFactory(), PersonFactory()
    for person, until in ((moved, START - 7 * DAY), (back, START - 8 * DAY)):
        SpellFactory(person=person, started_on=dt.date(2025, 1, 6), ended_on=until)
        SpellFactory(person=person, started_on=START)

    first, second = (AgreementFactory(person=person) for person in (moved, back))
    SessionFactory(agreement=first, starts_at=at(START))
    SessionFactory(agreement=second, starts_at=at(START))

    assert due(first)[0] == START + 28 * DAY
    assert due(second)[0] == START + 14 * DAY


def test_nothing_is_due_to_who_has_only_asked():
    person = SpellFactory(started_on=START).person
    agreement = AgreementFactory(person=person, kind=kind(LIVED_EXPERIENCE), chosen=True)
    asked = due(agreement)
    TermsFactory(agreement=agreement)

    assert asked == (None, 0)
    assert due(agreement) == (START + 13 * DAY, 7)


def test_many_take_as_many_queries_as_one(django_assert_num_queries):
    agreements = [AgreementFactory(person=SpellFactory().person) for _ in range(3)]

    with django_assert_num_queries(4):
        assert refresh_all(agreements[:1], TODAY) == 1
    with django_assert_num_queries(4):
        assert refresh_all(agreements, TODAY) == 2
    assert refresh_all(agreements, TODAY) == 0


def test_leave_and_a_new_standard_are_seen_by_the_task_and_a_second_run_changes_nothing():
    away, denser = (AgreementFactory(person=SpellFactory().person) for _ in range(2))
    refresh_all([away, denser], TODAY)
    CareerBreakFactory(spell=away.person.spells.get(), starts_on=TODAY)
    SessionFactory(agreement=denser, starts_at=at(TODAY - 9 * DAY))

    first, second = refresh_open(TODAY), refresh_open(TODAY)

    away.refresh_from_db()
    assert (first, second) == (2, 0)
    assert away.due_on is None
