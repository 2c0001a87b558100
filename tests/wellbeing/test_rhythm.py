"""When a worker is asked: never twice, never while paused, never before their hour."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing.rhythm import (
    Wish,
    as_from_next_period,
    first_of,
    following,
    next_asked,
    offered_on,
    points_after,
)

DAY = dt.timedelta(days=1)
WED = dt.date(2026, 3, 4)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1))
EVERY = st.sampled_from([7, 14, 28])
WEEKDAYS = st.integers(0, 6)


def wish(**values) -> Wish:
    usual = {"every_days": 14, "weekday": 2, "hour": 9, "next_on": WED, "settled_on": WED - DAY}
    return Wish(**usual | values)


def at(day: dt.date, hour: int = 12) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour))


@pytest.mark.parametrize(
    ("changed", "now", "expected"),
    [
        ({}, at(WED - DAY), None),
        ({}, at(WED, 8), None),
        ({}, at(WED, 9), WED),
        ({}, at(WED + 5 * DAY, 0), WED),  # the hour is of the first day
        ({}, at(WED + 300 * DAY), WED),  # one waits, however long nobody answers
        ({"not_before": WED + DAY}, at(WED), None),
        ({"not_before": WED + DAY}, at(WED + DAY, 0), WED),
        ({"settled_on": WED}, at(WED), None),  # answered by themselves on the day
    ],
)
def test_one_check_in_waits_from_its_day_and_hour_on(changed, now, expected):
    assert offered_on(wish(**changed), [], now) == expected


def test_the_three_points_are_the_end_of_training_and_four_and_twelve_months_later():
    assert points_after(dt.date(2025, 10, 31)) == [
        dt.date(2025, 10, 31),
        dt.date(2026, 2, 28),
        dt.date(2026, 10, 31),
    ]
    assert points_after(None) == []


def test_a_point_is_asked_at_once_with_what_waits_and_not_again():
    points = [WED - 30 * DAY, WED - DAY, WED + DAY]

    begun = wish(settled_on=WED - 2 * DAY)
    answered = wish(settled_on=WED + DAY, next_on=WED + 14 * DAY)

    assert offered_on(begun, points, at(WED + DAY)) == WED - DAY
    assert offered_on(answered, points, at(WED + DAY)) is None
    assert next_asked(wish(), points, WED - DAY) == WED


@given(DAYS, EVERY, WEEKDAYS)
def test_the_next_is_on_the_chosen_weekday_within_three_days_of_a_period(settled, every, weekday):
    after = following(settled, every, weekday)

    assert after.weekday() == weekday
    assert abs((after - settled).days - every) <= 3


@given(DAYS, WEEKDAYS)
def test_the_first_is_within_a_week_and_never_today(today, weekday):
    first = first_of(today, weekday)

    assert first.weekday() == weekday
    assert 1 <= (first - today).days <= 7


@given(DAYS, st.integers(0, 40), EVERY, WEEKDAYS, EVERY, WEEKDAYS)
def test_a_change_neither_doubles_a_check_in_nor_takes_away_one_that_waits(
    settled, passed, every, weekday, other, other_day
):
    today = settled + passed * DAY
    before = wish(
        every_days=every,
        weekday=weekday,
        next_on=following(settled, every, weekday),
        settled_on=settled,
    )

    after = as_from_next_period(before, every_days=other, weekday=other_day, today=today)

    if before.next_on <= today:
        assert after == before.next_on
    else:
        assert after > today
        assert after.weekday() == other_day
        assert (after - settled).days >= min(other - 3, passed + 1)
