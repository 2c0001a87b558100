"""The survival curve and the log-rank test against a published worked example and against scipy.

The example is the trial of 6-mercaptopurine of Freireich and others (Blood 1963), remission in
weeks of 21 people treated and 21 given a placebo, which Gehan (1965) and Cox (1972) analysed and
every textbook lists. The figures below are those of G. Rodríguez, *The Gehan Survival Data*,
Princeton course Pop 509 (Stata's `sts list`: survivor function and log(−log) interval).
"""

import warnings

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from programme.retention import chi_square_tail, log_rank, median_days, survival_curve

TREATED = [(6, True)] * 3 + [
    (6, False),
    (7, True),
    (9, False),
    (10, True),
    (10, False),
    (11, False),
    (13, True),
    (16, True),
    (17, False),
    (19, False),
    (20, False),
    (22, True),
    (23, True),
    (25, False),
    (32, False),
    (32, False),
    (34, False),
    (35, False),
]
PLACEBO = [
    (week, True) for week in (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
]

# week, at risk, left, survivor function, lower and upper bound
TREATED_PUBLISHED = [
    (6, 21, 3, 0.8571, 0.6197, 0.9516),
    (7, 17, 1, 0.8067, 0.5631, 0.9228),
    (10, 15, 1, 0.7529, 0.5032, 0.8894),
    (13, 12, 1, 0.6902, 0.4316, 0.8491),
    (16, 11, 1, 0.6275, 0.3675, 0.8049),
    (22, 7, 1, 0.5378, 0.2678, 0.7468),
    (23, 6, 1, 0.4482, 0.1881, 0.6801),
]
PLACEBO_PUBLISHED = [
    (1, 21, 2, 0.9048, 0.6700, 0.9753),
    (2, 19, 2, 0.8095, 0.5689, 0.9239),
    (3, 17, 1, 0.7619, 0.5194, 0.8933),
    (4, 16, 2, 0.6667, 0.4254, 0.8250),
    (5, 14, 2, 0.5714, 0.3380, 0.7492),
    (8, 12, 4, 0.3810, 0.1831, 0.5778),
    (11, 8, 2, 0.2857, 0.1166, 0.4818),
    (12, 6, 2, 0.1905, 0.0595, 0.3774),
    (15, 4, 1, 0.1429, 0.0357, 0.3212),
    (17, 3, 1, 0.0952, 0.0163, 0.2612),
    (22, 2, 1, 0.0476, 0.0033, 0.1970),
    (23, 1, 1, 0.0000, None, None),
]


def to_four_decimals(curve) -> list[tuple]:
    return [
        (*point[:3], *(None if number is None else round(number, 4) for number in point[3:]))
        for point in curve
        if point.left
    ]


def test_every_step_agrees_with_the_published_example_to_four_decimals():
    assert to_four_decimals(survival_curve(TREATED)) == TREATED_PUBLISHED
    assert to_four_decimals(survival_curve(PLACEBO)) == PLACEBO_PUBLISHED


def test_medians_agree_with_the_published_example():
    assert median_days(survival_curve(TREATED)) == 23
    assert median_days(survival_curve(PLACEBO)) == 8


def test_the_log_rank_test_agrees_with_the_published_chi_square_of_16_79():
    assert log_rank({"6-MP": TREATED, "placebo": PLACEBO}) == pytest.approx(
        chi_square_tail(16.793, 1), rel=1e-3
    )


# --- The same from scipy, for any data ----------------------------------------------------------


def censored(rows) -> stats.CensoredData:
    return stats.CensoredData(
        uncensored=[length for length, left in rows if left],
        right=[length for length, left in rows if not left],
    )


observation = st.tuples(st.integers(0, 60), st.booleans())
observations = st.lists(observation, min_size=2, max_size=30)


@given(rows=observations)
def test_the_curve_and_its_interval_are_those_of_scipy(rows):
    assume(any(left for _, left in rows))
    fitted = stats.ecdf(censored(rows)).sf
    with warnings.catch_warnings(action="ignore"):  # of points without an interval
        interval = fitted.confidence_interval(method="log-log")
    places = {int(day): place for place, day in enumerate(fitted.quantiles)}
    for point in survival_curve(rows):
        if not point.left:
            continue
        place = places[point.day]
        assert point.survival == pytest.approx(fitted.probabilities[place], abs=1e-12)
        if point.survival > 0:
            assert point.low == pytest.approx(interval.low.probabilities[place], abs=1e-9)
            assert point.high == pytest.approx(interval.high.probabilities[place], abs=1e-9)


@given(one=observations, other=observations)
def test_the_log_rank_test_of_two_groups_is_that_of_scipy(one, other):
    p = log_rank({"one": one, "other": other})
    assume(p is not None)
    assert p == pytest.approx(stats.logrank(censored(one), censored(other)).pvalue, abs=1e-9)


def test_a_log_rank_test_needs_two_groups_and_somebody_who_left():
    assert log_rank({}) is None
    assert log_rank({"one": TREATED}) is None
    assert log_rank({"one": [(9, False)], "other": [(5, False)]}) is None


def test_a_group_that_nobody_was_followed_in_tells_the_test_nothing():
    two = log_rank({"6-MP": TREATED, "placebo": PLACEBO})
    three = log_rank({"6-MP": TREATED, "placebo": PLACEBO, "new": [(0, False), (0, False)]})
    assert three == pytest.approx(two, rel=1e-9)


def test_three_groups_alike_do_not_differ():
    assert log_rank({"a": TREATED, "b": TREATED, "c": TREATED}) == pytest.approx(1.0)


def test_three_groups_agree_with_the_statistic_written_out_by_hand():
    p_three = log_rank({"a": TREATED[:10], "b": TREATED[10:], "c": PLACEBO})
    assert p_three == pytest.approx(chi_square_tail(_statistic_by_hand(), 2), rel=1e-9)


def _statistic_by_hand() -> float:
    """The log-rank statistic of three groups written out with sums, without matrices."""
    groups = [TREATED[:10], TREATED[10:], PLACEBO]
    events = sorted({day for rows in groups for day, left in rows if left})
    excess, a, b, c = [0.0, 0.0], 0.0, 0.0, 0.0
    for day in events:
        n = [sum(length >= day for length, _ in rows) for rows in groups]
        d = [sum(row == (day, True) for row in rows) for rows in groups]
        total, left = sum(n), sum(d)
        spread = left * (total - left) / (total - 1) if total > 1 else 0.0
        first, second = n[0] / total, n[1] / total
        excess = [excess[0] + d[0] - left * first, excess[1] + d[1] - left * second]
        a += spread * first * (1 - first)
        b -= spread * first * second
        c += spread * second * (1 - second)
    one, other = excess
    return (c * one * one - 2 * b * one * other + a * other * other) / (a * c - b * b)


@pytest.mark.parametrize("degrees", range(1, 12))
@pytest.mark.parametrize("value", [0, 0.001, 1, 7.8, 60, 400])
def test_the_chi_square_tail_is_that_of_scipy(value, degrees):
    assert chi_square_tail(value, degrees) == pytest.approx(
        stats.chi2.sf(value, degrees), abs=1e-13
    )
