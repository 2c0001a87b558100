"""The funnel counts people at each stage and names what each share is of."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from programme.funnel import (
    Employment,
    Part,
    Stage,
    Training,
    employed_without_training,
    funnel,
)

STARTED = Training(applied=True, commenced=True)
COMPLETED = Training(applied=True, commenced=True, completed=True)
STAYED = Employment(True, True, True, True)


def test_the_pilot_is_28_28_10_7_7():
    stages = funnel({STARTED: 18, COMPLETED: 10}, {STAYED: 7})
    assert stages == [
        Stage("applied", 28, None, None),
        Stage("commenced", 28, Part(28, 28), Part(28, 28)),
        Stage("completed", 10, Part(10, 28), Part(10, 28)),
        Stage("employed", 7, Part(7, 10), Part(7, 28)),
        Stage("in_post_24_months", 7, Part(7, 7), Part(7, 28)),
    ]
    assert [round(stage.of_commenced.share, 3) for stage in stages[1:]] == [1.0, 0.357, 0.25, 0.25]


def test_a_hire_without_a_cohort_is_counted_but_is_no_share_of_those_trained():
    employed = {STAYED: 3, Employment(could_reach_24_months=True, in_post_24_months=True): 2}
    stages = funnel({COMPLETED: 4}, employed)
    assert (stages[3].people, stages[3].of_previous, stages[3].of_commenced) == (
        5,
        Part(3, 4),
        Part(3, 4),
    )
    assert stages[4] == Stage("in_post_24_months", 5, Part(5, 5), Part(3, 4))
    assert employed_without_training(employed) == 2


def test_the_last_share_is_of_those_who_could_have_reached_it():
    employed = {Employment(True, True): 3, Employment(True, True, True): 1, STAYED: 1}
    assert funnel({COMPLETED: 5}, employed)[4].of_previous == Part(1, 2)


def test_nobody_is_no_share():
    assert [stage.of_previous and stage.of_previous.share for stage in funnel({}, {})] == [None] * 5


people = st.dictionaries(
    st.integers(0, 40), st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans())
)


@given(people=people)
def test_counts_are_those_of_sets_of_people(people):
    training = {
        person: Training(applied, commenced, commenced and completed)
        for person, (applied, commenced, completed, _) in people.items()
    }
    employed = {person for person, row in people.items() if row[3]}
    stages = funnel(
        Counter(training.values()),
        Counter(
            Employment(row.commenced, row.completed)
            for person, row in training.items()
            if person in employed
        ),
    )
    applied, commenced, completed = (
        {person for person, row in training.items() if getattr(row, name)}
        for name in ("applied", "commenced", "completed")
    )
    assert [stage.people for stage in stages[:4]] == [
        len(applied),
        len(commenced),
        len(completed),
        len(employed),
    ]
    assert stages[1].of_previous == Part(len(applied & commenced), len(applied))
    assert stages[2].of_previous == Part(len(commenced & completed), len(commenced))
    assert stages[3].of_previous == Part(len(completed & employed), len(completed))
    assert stages[3].of_commenced == Part(len(commenced & employed), len(commenced))
