"""What may be shown of counts in published figures.

Three readers try to find out what is hidden: one who solves for it with whole numbers (an exact
solver, apart from the audit in the code), one who tries every table and keeps those that would be
published in the same way, and one who knows the traps of the field.
"""

import itertools
import random
from collections import defaultdict

import numpy
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from programme.disclosure import (
    OTHER,
    TOTAL,
    Rule,
    publish,
    publish_categories,
    publish_crosstab,
    publish_line,
    published_average,
    published_share,
    published_table,
)
from programme.disclosure_audit import Sum

DEFAULT = Rule()
EXACT_FROM_5 = Rule(smallest_shown=5, rounded_to=1)
MHSDS = Rule(smallest_shown=5)

# --- One count ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, 0), (1, None), (7, None), (8, 10), (12, 10), (13, 15), (28, 30), (1002, 1000)],
)
def test_counts_of_1_to_7_are_hidden_and_others_rounded(count, shown):
    assert published_table([count]) == [shown]


@pytest.mark.parametrize("threshold", [4, 1, 0, -5])
def test_a_threshold_below_5_is_refused(threshold):
    with pytest.raises(ValueError, match="below 5"):
        Rule(smallest_shown=threshold)


def test_a_rounding_that_would_show_people_as_nobody_is_refused():
    with pytest.raises(ValueError, match="rounded"):
        Rule(smallest_shown=5, rounded_to=11)


@pytest.mark.parametrize("count", range(8, 60))
def test_what_is_written_alike_is_what_rounds_to_the_same(count):
    low, high = DEFAULT.written_alike(count)
    alike = [n for n in range(8, 80) if DEFAULT.rounded(n) == DEFAULT.rounded(count)]
    assert (low, high) == (alike[0], alike[-1])


# --- The funnel -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "shown"), [(DEFAULT, [30, 10, None, None]), (MHSDS, [30, 10, 5, 5])]
)
def test_the_pilots_funnel_in_both_styles(rule, shown):
    assert published_table([28, 10, 7, 7], rule=rule) == shown


def test_a_small_difference_between_stages_is_a_count_of_the_table_too():
    assert published_table([40, 38, 20]) == [40, None, 20]
    assert published_table([20, 22]) == [20, None]


def test_a_small_difference_that_rounding_hides_well_enough_takes_nothing_away():
    # 40 is 38 to 42 and 35 is 33 to 37: between them are 1 to 9 people, no less than the rule says.
    assert published_table([40, 37]) == [40, 35]


# --- Lines and categories -------------------------------------------------------------------------


def test_hiding_one_more_count_fails_where_it_can_be_told_so_small_ones_are_put_together():
    """6, 5, 5 and 2 in all 18: with the 2 and a 5 hidden, the two are 7, and 1 is impossible."""
    reasons = {"Timing": 6, "Moved": 5, "Work": 5, "Caring": 2}
    assert publish_categories(reasons, rule=EXACT_FROM_5) == {"Timing": 6, OTHER: 12, TOTAL: 18}
    assert publish_line(reasons, rule=EXACT_FROM_5).shown == reasons | {"Caring": None, TOTAL: None}


def test_by_the_rule_of_8_all_four_are_hidden_and_their_total_is_rounded():
    reasons = {"Timing": 6, "Moved": 5, "Work": 5, "Caring": 2}
    assert publish_categories(reasons) == dict.fromkeys(reasons) | {TOTAL: 20}


def test_beside_one_hidden_count_the_smallest_other_is_hidden():
    shown = publish_line({"A": 20, "B": 12, "C": 3}).shown
    assert shown == {"A": 20, "B": None, "C": None, TOTAL: 35}


def test_noughts_that_show_all_of_a_group_to_be_of_one_kind_are_hidden():
    assert publish_line({"A": 12, "B": 0}).shown == {"A": None, "B": None, TOTAL: 10}
    assert publish_categories({"A": 12, "B": 0, "C": 0}) == {TOTAL: 10}
    assert publish_line({"A": 12, "B": 9, "C": 0}).shown == {"A": 10, "B": 10, "C": 0, TOTAL: 20}


def test_nobody_at_all_is_no_secret():
    assert publish_categories({"A": 0, "B": 0}) == {"A": 0, "B": 0, TOTAL: 0}
    assert publish({}).shown == {}


def test_a_crosstab_hides_a_second_row_and_column_with_a_small_count():
    table = {"North": {"A": 20, "B": 3, "C": 30}, "South": {"A": 40, "B": 50, "C": 60}}
    shown = publish_crosstab(table)
    assert shown == {
        "North": {"A": None, "B": None, "C": 30, TOTAL: 55},
        "South": {"A": None, "B": None, "C": 60, TOTAL: 150},
        TOTAL: {"A": 60, "B": 55, "C": 90, TOTAL: 205},
    }


# --- What is worked out ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(10, 30, 0.33), (30, 30, 1.0), (0, 30, 0.0), (None, 30, None), (10, None, None), (0, 0, None)],
)
def test_a_share_is_of_two_shown_numbers(part, whole, shown):
    assert published_share(part, whole) == shown


@pytest.mark.parametrize(
    ("value", "people", "shown"), [(41.6, 10, 42), (41.6, 9, None), (None, 10, None)]
)
def test_a_mean_needs_ten_people(value, people, shown):
    assert published_average(value, people) == shown


# --- A reader with an exact solver ----------------------------------------------------------------


def crosstab_of(chance: random.Random) -> dict:
    rows, columns = chance.randint(2, 3), chance.randint(2, 4)
    kinds = [0, chance.randint(1, 9), *(chance.randint(8, 60) for _ in range(4))]
    return {
        f"r{row}": {f"c{column}": chance.choice(kinds) for column in range(columns)}
        for row in range(rows)
    }


def known(count: int | None, rule: Rule) -> tuple[float, float]:
    """What a reader knows of a cell by itself: how it was rounded, or nothing."""
    if count is None:
        return 0, numpy.inf
    if count == 0:
        return 0, 0
    half = rule.rounded_to // 2
    return max(count - half, rule.smallest_shown), count + half


def width(shown: dict, cell: tuple, rule: Rule) -> float:
    """How far the values of a hidden cell are apart that fit everything shown, in whole numbers:
    two tables at once, in which the cell differs by as much as can be."""
    rows, columns = list(shown), list(next(iter(shown.values())))
    cells = list(itertools.product(rows, columns))
    lines = [((row, TOTAL), [(row, c) for c in columns if c != TOTAL]) for row in rows]
    lines += [((TOTAL, column), [(r, column) for r in rows if r != TOTAL]) for column in columns]
    one = numpy.zeros((len(lines), len(cells)))
    for number, (total, parts) in enumerate(lines):
        one[number, cells.index(total)] = 1
        one[number, [cells.index(part) for part in parts]] = -1
    nothing = numpy.zeros_like(one)
    low, high = zip(*(known(shown[row][column], rule) for row, column in cells), strict=True)
    aim = numpy.zeros(2 * len(cells))
    aim[[cells.index(cell), len(cells) + cells.index(cell)]] = 1, -1
    solved = milp(
        aim,
        constraints=LinearConstraint(numpy.block([[one, nothing], [nothing, one]]), 0, 0),
        bounds=Bounds([*low, *low], [*high, *high]),
        integrality=1,
    )
    return -solved.fun if solved.status == 0 else numpy.inf  # which there is no end to


@pytest.mark.parametrize("part", range(4))
def test_a_solver_finds_no_hidden_number_in_a_thousand_tables(part):
    chance = random.Random(part)
    bounded = 0
    for number in range(250):
        rule = Rule(smallest_shown=chance.choice([5, 8, 8, 10]))
        table = crosstab_of(chance)
        shown = publish_crosstab(table, rule=rule)
        cells = itertools.product(table, table["r0"])
        hidden = [(row, column) for row, column in cells if shown[row][column] is None]
        for row, column in chance.sample(hidden, min(2, len(hidden))):
            found = width(shown, (row, column), rule)
            bounded += found < numpy.inf
            assert found >= rule.smallest_shown - 2, (part, number, table, row, column)
    assert bounded  # by some of what is shown


def test_the_solver_does_find_what_a_careless_table_gives_away():
    shown = {
        "North": {"A": 20, "B": None, TOTAL: 23},
        "South": {"A": 40, "B": 50, TOTAL: 90},
        TOTAL: {"A": 60, "B": 53, TOTAL: 113},
    }
    assert width(shown, ("North", "B"), Rule(rounded_to=1)) == 0


# --- A reader who tries every table ---------------------------------------------------------------


def every_table(publish_one, sizes: int, most: int) -> dict:
    """All tables of counts up to `most`, by what is published of them. Those that reach the top are
    left out with all that look like them, since larger ones are not tried."""
    alike = defaultdict(list)
    for counts in itertools.product(range(most), repeat=sizes):
        shown = publish_one(counts)
        if shown is not None:
            alike[tuple(shown.items())].append(counts)
    return {
        shown: tables
        for shown, tables in alike.items()
        if max(max(counts) for counts in tables) < most - 5
    }


def categories(counts) -> dict:
    return publish_categories({str(place): count for place, count in enumerate(counts)})


def stages(counts) -> dict | None:
    if any(after > before for before, after in itertools.pairwise(counts)):
        return None
    return dict(enumerate(published_table(counts)))


@pytest.mark.parametrize(
    ("publish_one", "sizes", "most"), [(categories, 2, 45), (categories, 3, 26), (stages, 3, 40)]
)
def test_whoever_knows_the_whole_method_cannot_tell_a_small_count(publish_one, sizes, most):
    """Of each hidden small count at least as many values remain as the rule itself leaves."""
    for shown, tables in every_table(publish_one, sizes, most).items():
        for place in range(sizes):
            name = str(place) if publish_one is categories else place
            values = {counts[place] for counts in tables}
            if dict(shown).get(name) is None and any(DEFAULT.hides(value) for value in values):
                assert max(values) - min(values) >= DEFAULT.smallest_shown - 2, (shown, tables)


# --- Sums that nobody prints ----------------------------------------------------------------------


def test_a_small_number_that_follows_from_two_large_ones_hides_the_later():
    shown = publish(
        {"completed": 20, "employed": 22, "both": 18},
        [Sum("completed", ("both", "only one")), Sum("employed", ("both", "only other"))],
        derived={"only one": 2, "only other": 4},
    ).shown
    assert shown == {"completed": 20, "employed": 20, "both": None}
