"""What may be shown of counts in published figures."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.disclosure import is_small, published, published_share, published_table


def test_the_pilot_is_published_as_30_30_10_and_nothing():
    assert published_table([28, 28, 10, 7, 7]) == [30, 30, 10, None, None]


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, 0), (1, None), (7, None), (8, 10), (12, 10), (13, 15), (28, 30), (1002, 1000)],
)
def test_counts_of_1_to_7_are_hidden_and_others_rounded(count, shown):
    assert published(count) == shown


def test_a_small_difference_between_stages_is_a_small_number_too():
    assert published_table([40, 38, 20]) == [40, None, 20]
    assert published_table([40, 37, 34]) == [40, None, None]
    assert published_table([20, 22]) == [20, None]


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (10, 28, 0.33),
        (28, 28, 1.0),
        (0, 28, 0.0),
        (7, 28, None),
        (25, 28, None),
        (7, 7, None),
        (0, 0, None),
    ],
)
def test_a_share_is_hidden_where_a_number_behind_it_is_small(part, whole, shown):
    assert published_share(part, whole) == shown


@given(counts=st.lists(st.integers(0, 200), max_size=6))
def test_nothing_small_is_ever_shown(counts):
    shown = published_table(counts)
    kept = [count for count, number in zip(counts, shown, strict=True) if number is not None]
    assert not any(is_small(count) for count in kept)
    assert not any(is_small(a - b) for a, b in pairwise(kept))
    assert all(number is None or number % 5 == 0 for number in shown)
