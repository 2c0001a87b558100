"""Each metric against a value worked out elsewhere, without the database."""

import datetime as dt

import pytest

from programme.funnel import Part
from programme.metrics import (
    Ended,
    Hire,
    attrition,
    centile,
    days_to_hire,
    one_year_service,
    share,
    time_to_hire,
    turnover_metric,
    vacancy_metric,
)
from programme.retention import Stay, stability

DAY = dt.date(2024, 6, 1)


def percent(metric) -> float:
    return round(100 * metric.value, 2)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(10, 28, 35.71), (7, 10, 70.0), (7, 7, 100.0), (7, 28, 25.0), (90, 100, 90.0)],
)
def test_shares_of_the_pilot_and_the_governments_stability_example(part, whole, expected):
    assert percent(share("any", Part(part, whole))) == expected


def test_attrition_of_the_pilot_is_18_of_28():
    found = share("attrition", attrition(Ended(commenced=28, completed=10)))
    assert (found.numerator, found.denominator, percent(found)) == (18, 28, 64.29)


def test_who_is_still_in_training_or_deferred_has_not_dropped_off():
    ended = Ended(commenced=28, completed=10, still_active=3, deferred=2)
    assert attrition(ended) == (13, 28)


def test_turnover_by_the_nhs_data_dictionary_divides_by_the_average_of_start_and_end():
    found = turnover_metric("turnover_heads", 30, 150, 120)
    assert (found.denominator, percent(found)) == (135, 22.22)
    assert percent(turnover_metric("turnover_heads", 0, 7, 7)) == 0


def test_turnover_by_wte_is_the_same_with_wte():
    found = turnover_metric("turnover_wte", 0.6, 4.2, 3.6)
    assert (round(found.denominator, 2), percent(found)) == (3.9, 15.38)


def test_the_vacancy_example_of_a_trusts_scorecard():
    found = vacancy_metric(3357, 3023)
    assert (found.numerator, found.denominator, percent(found)) == (334, 3357, 9.95)


def test_more_in_post_than_funded_is_a_vacancy_rate_below_nought():
    assert percent(vacancy_metric(10, 11)) == -10


@pytest.mark.parametrize(
    "metric",
    [
        share("any", Part(0, 0)),
        share("attrition", attrition(Ended())),
        turnover_metric("turnover_heads", 0, 0, 0),
        vacancy_metric(0, 0),
        *time_to_hire([]),
    ],
    ids=lambda metric: metric.key,
)
def test_where_there_is_nothing_to_divide_by_it_is_not_applicable(metric):
    assert (metric.value, metric.applies) == (None, False)


def stay(person, start, end=None) -> Stay:
    return Stay(person, dt.date.fromisoformat(start), end and dt.date.fromisoformat(end))


def test_the_one_year_variant_of_stability_leaves_out_who_left_and_came_back():
    stays = [
        stay("there throughout", "2022-01-01"),
        stay("left and came back", "2022-01-01", "2023-09-01"),
        stay("left and came back", "2024-01-01"),
        stay("left", "2022-01-01", "2024-01-01"),
        stay("joined", "2023-07-01"),
    ]
    assert stability(stays, dt.date(2023, 6, 1), DAY) == (2, 3)
    assert one_year_service(stays, DAY) == (1, 3)


def test_twelve_months_service_is_reached_on_the_day_itself():
    assert one_year_service([stay("one", "2023-06-01")], DAY) == (1, 1)
    assert one_year_service([stay("one", "2023-06-02")], DAY) == (0, 0)


def test_time_to_hire_is_from_advertisement_to_confirmed_start():
    advertised = dt.date(2024, 1, 1)
    hires = [Hire(advertised, advertised + dt.timedelta(days)) for days in (90, 42, 56)]
    assert days_to_hire(hires) == [42, 56, 90]


@pytest.mark.parametrize(
    ("days", "median", "ninetieth"),
    [
        ([56], 56, 56),
        ([40, 60], 50, 60),
        (list(range(1, 11)), 5.5, 9),
        (list(range(1, 101)), 50.5, 90),
        ([42, 56, 90], 56, 90),
    ],
)
def test_the_median_and_the_90th_centile_of_time_to_hire(days, median, ninetieth):
    assert [metric.value for metric in time_to_hire(days)] == [median, ninetieth]


def test_a_centile_is_the_shortest_time_within_which_so_many_were_hired():
    days = [10, 20, 30, 40, 50]
    assert [centile(days, part) for part in (1, 20, 21, 50, 100)] == [10, 10, 20, 30, 50]
