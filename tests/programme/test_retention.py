"""How long people stay: boundary days, worked values, and what must hold for any spells."""

import datetime as dt
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.retention import (
    Held,
    Milestone,
    Point,
    Share,
    Stay,
    add_months,
    at_risk_on,
    grouped,
    hours_on,
    leavers,
    leavers_hours,
    median_days,
    milestone,
    observed,
    point_on,
    retention,
    stability,
    stays,
    survival_curve,
    turnover,
    vacancy_rate,
    wilson,
)

START = dt.date(2022, 6, 1)
AS_AT = dt.date(2025, 1, 1)


def day(number: int) -> dt.date:
    return START + dt.timedelta(number)


def rounded(share: Share) -> tuple:
    return tuple(round(100 * number, 1) for number in share)


# --- Months -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2022-06-01", 24, "2024-06-01"),
        ("2022-08-31", 6, "2023-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2022-12-31", 12, "2023-12-31"),
        ("2022-11-30", 1, "2022-12-30"),
    ],
)
def test_months_are_added_by_the_calendar_up_to_the_last_day_of_a_month(start, months, end):
    assert add_months(dt.date.fromisoformat(start), months) == dt.date.fromisoformat(end)


# --- Continuous employment ------------------------------------------------------------------------


def test_posts_that_follow_within_seven_days_are_one_stay_in_the_group_of_the_first():
    posts = [Held("王", day(107), day(200), about="B"), Held("王", day(0), day(100), about="A")]
    assert stays(posts, AS_AT) == [Stay("王", day(0), day(200), "A")]


def test_posts_eight_days_apart_are_two_stays():
    posts = [Held(1, day(0), day(100)), Held(1, day(108), None)]
    assert stays(posts, AS_AT) == [Stay(1, day(0), day(100)), Stay(1, day(108), None)]


def test_a_short_post_within_a_longer_one_does_not_shorten_it():
    posts = [Held(1, day(0), day(400)), Held(1, day(50), day(60)), Held(1, day(405), day(500))]
    assert stays(posts, AS_AT) == [Stay(1, day(0), day(500))]


def test_an_open_post_covers_all_that_begin_after_it():
    posts = [Held(1, day(0), None), Held(1, day(50), day(60)), Held(1, day(300), day(310))]
    assert stays(posts, AS_AT) == [Stay(1, day(0), None)]


def test_of_two_posts_begun_together_the_longer_gives_the_group():
    posts = [Held(1, day(0), day(30), about="short"), Held(1, day(0), None, about="long")]
    assert stays(posts, AS_AT) == [Stay(1, day(0), None, "long")]


def test_two_people_are_never_joined():
    assert len(stays([Held(1, day(0), day(10)), Held(2, day(10), None)], AS_AT)) == 2


def test_a_post_that_begins_after_the_day_is_not_known_yet():
    posts = [Held(1, day(0), day(10)), Held(1, day(12), None)]
    assert stays(posts, day(11)) == [Stay(1, day(0), day(10))]
    assert stays(posts, day(12)) == [Stay(1, day(0), None)]


# --- As at --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_at", "expected"),
    [(day(0), (0, False)), (day(9), (9, False)), (day(10), (10, True)), (day(99), (10, True))],
)
def test_somebody_has_left_on_the_day_their_stay_ends(as_at, expected):
    assert observed(Stay(1, day(0), day(10)), as_at) == expected


def test_a_stay_that_ends_on_the_day_it_began_lasted_no_day():
    found = retention("All", [Stay(1, day(0), day(0)), Stay(2, day(0), None)], day(10))
    assert found.curve[0][:4] == (0, 2, 1, 0.5)
    assert (found.n, found.left, found.median_days) == (2, 1, 0)


def test_a_stay_that_begins_on_the_day_is_one_point():
    found = retention("All", [Stay(1, START)], START)
    assert found.curve == [Point(0, 1, 0, 1.0, None, None)]
    assert [m.eligible for m in found.milestones] == [0, 0, 0]


# --- The curve ----------------------------------------------------------------------------------


def test_there_is_no_interval_while_nobody_has_left():
    curve = survival_curve([(730, False)] * 7)
    assert curve == [Point(0, 7, 0, 1.0, None, None), Point(730, 7, 0, 1.0, None, None)]


def test_nobody_observed_has_no_curve():
    assert survival_curve([]) == []
    assert retention("All", [], AS_AT).median_days is None


def test_the_last_day_observed_is_a_point_although_nobody_left():
    curve = survival_curve([(10, True), (20, False), (30, False), (40, False)])
    assert [(point.day, point.at_risk, point.left) for point in curve] == [
        (0, 4, 0),
        (10, 4, 1),
        (40, 1, 0),
    ]


def test_the_median_is_the_first_day_with_at_most_half_in_post():
    assert median_days(survival_curve([(10, True), (20, True), (30, True), (40, True)])) == 20
    assert median_days(survival_curve([(10, True), (20, False), (30, False)])) is None


def test_the_curve_says_nothing_past_its_last_day_unless_all_had_left():
    open_ended = survival_curve([(10, True), (20, False)])
    assert point_on(open_ended, 20).survival == 0.5
    assert point_on(open_ended, 21) is None
    assert point_on(survival_curve([(10, True)]), 99).survival == 0.0
    assert point_on([], 0) is None


def test_numbers_at_risk_count_those_who_stayed_at_least_so_long():
    assert at_risk_on([(0, False), (10, True), (20, False)], [0, 1, 10, 11, 21]) == [3, 2, 2, 1, 0]


# --- Milestones and shares ------------------------------------------------------------------------


def test_wilson_intervals_of_the_worked_example():
    assert rounded(wilson(10, 28)) == (35.7, 20.7, 54.2)
    assert rounded(wilson(7, 10)) == (70.0, 39.7, 89.2)
    assert rounded(wilson(7, 28)) == (25.0, 12.7, 43.4)
    assert rounded(wilson(7, 7)) == (100.0, 64.6, 100.0)
    assert round(wilson(7, 7).low, 4) == 0.6457
    assert wilson(0, 5).low == 0.0
    assert wilson(0, 0) == Share(None, None, None)


def test_the_seven_of_the_pilot_are_all_in_post_after_two_years():
    found = [Stay(number, dt.date(2022, 6, 1)) for number in range(7)]
    result = retention("All", found, dt.date(2024, 6, 1))
    assert result.milestones[-1] == Milestone(24, 7, 7, wilson(7, 7), 1.0, None, None)
    assert stability(found, dt.date(2022, 6, 1), dt.date(2024, 6, 1)) == (7, 7)
    assert turnover(0, 7, 7) == 0.0


@pytest.mark.parametrize(("as_at", "eligible"), [("2024-05-31", 0), ("2024-06-01", 1)])
def test_a_milestone_counts_from_the_very_day_it_is_reached(as_at, eligible):
    found = [Stay(1, dt.date(2022, 6, 1))]
    assert milestone(24, found, [], dt.date.fromisoformat(as_at)).eligible == eligible


@pytest.mark.parametrize(
    ("ended_on", "in_post"), [("2024-05-31", 0), ("2024-06-01", 0), ("2024-06-02", 1)]
)
def test_who_leaves_on_the_day_of_a_milestone_is_not_in_post_on_it(ended_on, in_post):
    found = [Stay(1, dt.date(2022, 6, 1), dt.date.fromisoformat(ended_on))]
    reached = milestone(24, found, [], AS_AT)
    assert (reached.eligible, reached.in_post) == (1, in_post)


def test_a_leap_day_start_reaches_twelve_months_on_28_february():
    found = [Stay(1, dt.date(2024, 2, 29))]
    assert milestone(12, found, [], dt.date(2025, 2, 27)).eligible == 0
    assert milestone(12, found, [], dt.date(2025, 2, 28)).eligible == 1


def test_a_milestone_nobody_could_have_reached_has_no_share_and_no_estimate():
    found = [Stay(1, day(0))]
    reached = retention("All", found, day(100)).milestones[0]
    assert reached == Milestone(6, 0, 0, Share(None, None, None), None, None, None)


# --- Stability, turnover, vacancies ---------------------------------------------------------------


def test_the_governments_stability_example():
    found = [Stay(n, day(0), day(50) if n < 10 else None) for n in range(100)]
    joiners = [Stay(n, day(20)) for n in range(100, 130)]
    assert stability(found + joiners, day(10), day(100)) == (90, 100)


def test_who_left_and_came_back_counts_as_stable():
    assert stability([Stay(1, day(0), day(20)), Stay(1, day(40))], day(10), day(100)) == (1, 1)


def test_the_data_dictionarys_turnover_example():
    assert round(100 * turnover(30, 150, 120), 1) == 22.2
    assert turnover(30, 150, 120) == 30 / 135
    assert turnover(0, 0, 0) is None


def test_leavers_are_those_whose_stay_ended_after_the_first_day_up_to_the_last():
    found = [Stay(n, day(0), day(n)) for n in (9, 10, 11, 20, 21)] + [Stay(99, day(0))]
    assert [stay.person for stay in leavers(found, day(10), day(20))] == [11, 20]


def test_hours_are_unknown_as_soon_as_those_of_one_person_are():
    posts = [Held(1, day(0), day(10), 22.5), Held(1, day(0), None, 7.5), Held(2, day(0))]
    assert hours_on(posts, {1}, day(5)) == 30.0
    assert hours_on(posts, {1}, day(10)) == 7.5
    assert hours_on(posts, {1, 2}, day(5)) is None
    assert hours_on([], set(), day(5)) == 0.0


def test_a_leavers_hours_are_those_of_the_last_day_in_post():
    posts = [Held(1, day(0), day(100), 37.5), Held(1, day(100), day(200), 15.0)]
    assert leavers_hours(posts, [Stay(1, day(0), day(200))]) == 15.0
    assert leavers_hours([Held(1, day(0), day(9))], [Stay(1, day(0), day(9))]) is None


def test_the_published_vacancy_example():
    assert round(100 * vacancy_rate(3357, 3023), 2) == 9.95
    assert vacancy_rate(1, 1.2) < 0
    assert vacancy_rate(0, 0) is None


# --- What must hold for any spells ----------------------------------------------------------------

days = st.integers(min_value=0, max_value=1500).map(day)


@st.composite
def held(draw) -> Held:
    start = draw(days)
    length = draw(st.none() | st.integers(min_value=0, max_value=1200))
    end = None if length is None else start + dt.timedelta(length)
    return Held(draw(st.integers(0, 6)), start, end, None, draw(st.sampled_from("ABC")))


posts_held = st.lists(held(), max_size=25)


@given(posts=posts_held, as_at=days)
def test_a_curve_never_rises_and_stays_within_its_interval(posts, as_at):
    curve = retention("All", stays(posts, as_at), as_at).curve
    assert all(one.survival >= next_.survival for one, next_ in pairwise(curve))
    assert all(0 <= point.survival <= 1 for point in curve)
    assert all(
        point.low is None or 0 < point.low <= point.survival <= point.high < 1 for point in curve
    )


@given(posts=posts_held, as_at=days)
def test_numbers_at_risk_fit_those_who_left_and_those_still_in_post(posts, as_at):
    found = stays(posts, as_at)
    observations = [observed(stay, as_at) for stay in found]
    result = retention("All", found, as_at)
    for point in result.curve:
        assert point.at_risk == sum(length >= point.day for length, _ in observations)
        assert point.left == sum(row == (point.day, True) for row in observations)
    assert sum(point.left for point in result.curve) == result.left <= result.n == len(found)


@given(posts=posts_held, as_at=days)
def test_milestones_count_some_of_the_stays(posts, as_at):
    result = retention("All", stays(posts, as_at), as_at)
    eligible = [reached.eligible for reached in result.milestones]
    assert eligible == sorted(eligible, reverse=True)
    assert all(0 <= m.in_post <= m.eligible <= result.n for m in result.milestones)


@given(posts=posts_held, as_at=days, seed=st.integers(0, 99))
def test_the_order_of_the_rows_changes_nothing(posts, as_at, seed):
    def results(rows):
        groups = grouped(stays(rows, as_at), lambda stay: stay.about)
        return [retention(name, found, as_at) for name, found in groups.items()]

    shuffled = random.Random(seed).sample(posts, len(posts))
    assert results(posts) == results(shuffled)


@given(posts=posts_held, as_at=days)
def test_joining_what_is_joined_changes_nothing(posts, as_at):
    once = stays(posts, as_at)
    again = stays([Held(s.person, s.started_on, s.ended_on, None, s.about) for s in once], as_at)
    assert sorted(again, key=str) == sorted(once, key=str)


@given(posts=posts_held, as_at=days)
def test_everybody_in_a_post_on_a_day_is_in_a_stay_on_that_day(posts, as_at):
    in_post = {post.person for post in posts if post.in_post_on(as_at)}
    assert {stay.person for stay in stays(posts, as_at) if stay.in_post_on(as_at)} == in_post


def test_whoever_was_followed_for_six_months_has_a_value_of_the_curve_at_six_months():
    as_at = dt.date(2026, 4, 1)  # 182 days on, when six months are 183 days on the average
    started = [Stay(number, dt.date(2025, 10, 1)) for number in range(5)]
    [six, *_] = retention("All", started, as_at).milestones
    assert (six.eligible, six.in_post, six.survival) == (5, 5, 1.0)
