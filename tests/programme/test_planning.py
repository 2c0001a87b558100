"""The planning arithmetic: what counts as evidence, when it is too little, and that its ranges hold
what they promise in simulated futures."""

import datetime as dt

import numpy as np
import pytest

from programme import planning
from programme.planning import Starter
from programme.retention import Stay

TODAY = dt.date(2026, 6, 1)


def day(number: int) -> dt.date:
    """So many days from today; earlier ones are below nought."""
    return TODAY + dt.timedelta(days=int(number))


def cohort(start: int, *, size=30, completed=15, employed=10, training=100, wait=200):
    """A cohort whose first to complete are employed, with their stays, which go on."""
    starters, stays = [], []
    for number in range(size):
        first_day = day(start + wait) if number < employed else None
        starters.append(Starter(day(start), day(start + training), number < completed, first_day))
        if first_day:
            stays.append(Stay((start, number), first_day))
    return starters, stays


def forecast_of(starters, stays, *, on, start=30, seed=1):
    known = planning.evidence(starters, stays, today=TODAY, on=day(on))
    rng = np.random.default_rng(seed)
    return planning.forecast(known, on=day(on), start=day(start), rng=rng)


# --- Evidence -------------------------------------------------------------------------------------


def test_evidence_leaves_out_who_started_too_lately_to_tell():
    old, stays = cohort(-1000)
    late = [
        Starter(day(-90), day(-60), completed=False),
        *[Starter(day(-90))] * 4,
        Starter(day(-150), day(-50), completed=True),
    ]

    known = planning.evidence(old + late, stays, today=TODAY, on=day(400))

    assert (known.settled, known.completed) == (31, 16)  # the 90 days of the late are below 100
    assert (known.ready, known.employed, set(known.waits)) == (15, 10, {200})
    assert known.in_post == {26: 10}
    waiting = {(group.people, group.employed, group.not_employed) for group in known.coming}
    assert waiting == {(4, 10, 20), (1, 10, 5)}  # in training after 90 days; completed after 150
    assert {group.waits[0] for group in known.coming} == {110, 50}


def test_person_months_count_who_left_for_the_whole_of_their_last_month():
    stays = [Stay("a", day(-61), day(-61 + 45)), Stay("b", day(-61))]

    known = planning.evidence([], stays, today=TODAY, on=day(1))

    assert known.left.tolist() == [0, 1, 0]
    assert known.exposure == pytest.approx([2, 2, 61 / (365.25 / 12) - 2])


def test_evidence_takes_known_ends_and_first_days_into_account():
    stays = [
        Stay("stays", day(-400)),
        Stay("leaves before", day(-400), day(100)),
        Stay("leaves after", day(-400), day(900)),
        Stay("has a first day to come", day(60)),
    ]
    starters = [Starter(day(-300), day(-200), completed=True, employed_on=day(60))]

    known = planning.evidence(starters, stays, today=TODAY, on=day(365))

    assert known.in_post == {13: 2}
    assert (known.joining, known.coming) == ((60,), ())


def test_a_wait_of_more_than_two_years_is_not_counted_as_coming_from_training():
    starters, stays = cohort(-2000)
    starters[0] = starters[0]._replace(employed_on=day(-2000 + 731))

    known = planning.evidence(starters, stays, today=TODAY, on=day(400))

    assert (known.ready, known.employed) == (15, 9)


# --- Too little -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({"size": 19}, "Of 19 people it is settled whether they completed training"),
        ({"employed": 4}, "4 were employed; at least 5"),
        ({"wait": 830}, "followed for 55 months, added together"),
    ],
)
def test_too_little_data_says_what_is_missing(made, said):
    starters, stays = cohort(-1000, **made)
    known = planning.evidence(starters, stays, today=TODAY, on=day(300))

    reasons = planning.too_little(known, on=day(300), start=day(30))

    assert said in " ".join(reasons)


def test_a_day_too_near_or_too_far_is_said():
    starters, stays = cohort(-1000)
    known = planning.evidence(starters, stays, today=TODAY, on=day(300))

    def reasons(on):
        return " ".join(planning.too_little(known, on=day(on), start=day(30)))

    assert "in fewer than 200 days" in reasons(229)
    assert reasons(230) == ""
    assert "in post for about 27 months" in reasons(30 + 200 + 850)


# --- The answer -----------------------------------------------------------------------------------


def test_nobody_having_left_is_not_taken_for_certainty():
    starters, stays = cohort(-1000, employed=7)

    known = planning.evidence(starters, stays, today=TODAY, on=day(730))
    survival = planning._drawn_survival(known, 25, np.random.default_rng(1), 4000)

    after_two_years = np.exp(survival[:, 24])
    assert 0.5 < np.quantile(after_two_years, 0.025) < np.median(after_two_years) < 1
    assert planning.stretches(known.exposure, 0) == [0]


def test_more_people_need_more_starters_and_the_same_seed_answers_the_same():
    starters, stays = cohort(-1000)
    made = forecast_of(starters, stays, on=700)

    needed = [made.starters_needed(people) for people in (5, 20, 40)]

    assert needed[0].high_95 == 0
    assert needed[1].middle < needed[2].middle
    again = forecast_of(starters, stays, on=700)
    assert again.starters_needed(5) == needed[0]
    assert again.starters_needed(20) == needed[1]


def test_in_post_grows_with_the_starters_and_so_does_the_chance():
    starters, stays = cohort(-1000)

    found = forecast_of(starters, stays, on=700).in_post_with([0, 20, 60], at_least=20)

    middles = [one.middle for one, _ in found]
    chances = [chance for _, chance in found]
    assert middles == sorted(set(middles))
    assert chances[0] < 0.01 < chances[1] < 0.5 < chances[2]


def test_a_chance_of_nought_never_ends():
    made = planning.Forecast(np.zeros(10, int), np.zeros(10), np.random.default_rng(1))

    assert made.starters_needed(1) == planning.Range(*[np.inf] * 5)
    assert made.starters_needed(0) == planning.Range(*[0] * 5)


# --- Held to simulated futures --------------------------------------------------------------------

COMPLETE, EMPLOYED = 0.5, 0.75
MONTHS, SHAPE = 40, 0.8  # Weibull: the longer somebody has stayed, the less often they leave
PROGRAMMES, AHEAD, NEXT, STARTERS, WANTED = 1000, 730, 90, 30, 36


def simulated(rng) -> tuple:
    """Ten cohorts of 14, one every 150 days, and the people who start in 90 days: each with a day
    of starting, ending training and a first and last day in post, from today; -1 is never."""
    past = np.repeat(-(np.arange(10)[::-1] * 150 + 30), 14)
    start = np.concatenate([past, np.full(400, NEXT)])
    size = len(start)
    completed = rng.random(size) < COMPLETE
    ended = start + np.where(completed, 120, rng.integers(5, 120, size))
    employed = completed & (rng.random(size) < EMPLOYED)
    first = ended + np.minimum(rng.gamma(2, 75, size), 500).astype(int)
    last = first + (MONTHS * rng.weibull(SHAPE, size) * 30.44).astype(int) + 1
    return start, ended, completed, employed, first, last


def recorded(start, ended, completed, employed, first, last) -> tuple[list, list]:
    """What of it is known today."""
    starters, stays = [], []
    for number in np.flatnonzero(start <= 0):
        begun = bool(employed[number] and first[number] <= 0)
        starters.append(
            Starter(
                day(start[number]),
                day(ended[number]) if ended[number] <= 0 else None,
                bool(completed[number] and ended[number] <= 0),
                day(first[number]) if begun else None,
            )
        )
        if begun:
            left = day(last[number]) if last[number] <= 0 else None
            stays.append(Stay(number, day(first[number]), left))
    return starters, stays


def test_the_80_per_cent_range_holds_the_truth_in_75_to_85_per_cent_of_1000_programmes():
    """The truth is, in the future of each simulated programme, (1) the number in post in two years
    with 30 starters, and (2) how many had to start until 36 were in post."""
    in_post_held, needed_held, wide_held = [], [], []
    for seed in range(PROGRAMMES):
        lives = simulated(np.random.default_rng(seed))
        start, _, _, employed, first, last = lives
        known = planning.evidence(*recorded(*lives), today=TODAY, on=day(AHEAD))
        rng = np.random.default_rng(1)
        made = planning.forecast(known, on=day(AHEAD), start=day(NEXT), rng=rng, draws=400)
        needed = made.starters_needed(WANTED)
        [(said, _)] = made.in_post_with([STARTERS], at_least=WANTED)

        there = employed & (first <= AHEAD) & (last > AHEAD)
        already, new = there[start <= 0].sum(), there[start > 0].cumsum()
        in_post = already + new[STARTERS - 1]
        wanted = np.searchsorted(new, WANTED - already) + 1 if already < WANTED else 0

        in_post_held.append(said.low_80 <= in_post <= said.high_80)
        wide_held.append(said.low_95 <= in_post <= said.high_95)
        needed_held.append(needed.low_80 <= wanted <= needed.high_80)

    assert 0.75 <= np.mean(in_post_held) <= 0.85
    assert 0.75 <= np.mean(needed_held) <= 0.85
    assert 0.92 <= np.mean(wide_held) <= 0.98
