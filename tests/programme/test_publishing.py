"""All published counts of one programme together, against an exact solver."""

import datetime as dt
import random
from collections import Counter

import numpy
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from programme import summary as summaries
from programme.figures import Establishment, Filters, InPost
from programme.funnel import Employment, Training, funnel
from programme.measures import Measures
from programme.metrics import Ended
from programme.publishing import JointTable, joint_table, published_figures
from programme.retention import Held, Stay, add_months

DAY = dt.date(2026, 9, 30)


def programme(chance: random.Random, people: int) -> Measures:
    """An invented programme, put together as the reads from the database would."""
    training, employed, stays, in_training, ended = Counter(), Counter(), [], 0, Counter()
    for person in range(people):
        applied, commenced = chance.random() < 0.9, chance.random() < 0.7
        completed = commenced and chance.random() < 0.6
        still = commenced and not completed and chance.random() < 0.2
        training[Training(applied, commenced, completed)] += 1
        in_training += still
        ended["commenced"] += commenced and not still
        ended["completed"] += completed
        if not (completed and chance.random() < 0.7) and chance.random() > 0.05:
            continue
        stay = _stay(person, chance)
        stays.append(stay)
        reached = add_months(stay.started_on, 24)
        could = reached <= DAY
        employed[Employment(commenced, completed, could, could and stay.in_post_on(reached))] += 1
    posts = [Held(stay.person, stay.started_on, stay.ended_on, 15.0) for stay in stays]
    in_post = sum(stay.in_post_on(DAY) for stay in stays)
    summary = summaries.Summary(
        stages=funnel(training, employed),
        untrained=0,
        in_training=in_training,
        in_post=InPost(in_post, 0.4 * in_post, 0),
        establishment=Establishment(10.0, 0.4 * in_post, 0, in_post),
        staying=summaries.staying(stays, Filters(DAY)),
        year=summaries.year(posts, stays, DAY),
    )
    return Measures(summary, Ended(**ended), {}, list(range(chance.randrange(20))))


def _stay(person: int, chance: random.Random) -> Stay:
    start = DAY - dt.timedelta(chance.randrange(1, 1500))
    end = start + dt.timedelta(int(chance.expovariate(1 / 1200)) + 1)
    return Stay(person, start, end if end <= DAY else None)


def width(table: JointTable, shown: dict, name: str) -> float:
    """How far two tables that fit everything shown can differ in one count."""
    names = [*table.counts, *table.derived]
    one = numpy.zeros((len(table.sums), len(names)))
    for row, line in zip(one, table.sums, strict=True):
        row[names.index(line.total)] = 1
        row[[names.index(part) for part in line.parts]] = -1
    bounds = [_known(shown.get(name)) for name in names]
    low, high = ([bound[side] for bound in bounds] * 2 for side in (0, 1))
    nothing, aim = numpy.zeros_like(one), numpy.zeros(2 * len(names))
    aim[[names.index(name), len(names) + names.index(name)]] = 1, -1
    solved = milp(
        aim,
        constraints=LinearConstraint(numpy.block([[one, nothing], [nothing, one]]), 0, 0),
        bounds=Bounds(low, high),
        integrality=1,
    )
    return -solved.fun if solved.status == 0 else numpy.inf


def _known(count: int | None) -> tuple[float, float]:
    if count is None:
        return 0, numpy.inf
    return (max(count - 2, 8), count + 2) if count else (0, 0)


@pytest.mark.parametrize("people", [20, 28, 60, 100, 150, 300])
def test_no_two_published_numbers_of_a_programme_tell_a_small_one(people):
    chance = random.Random(people)
    for _ in range(6):
        measures = programme(chance, people)
        table, shown = joint_table(measures), published_figures(measures).shown
        small = [name for name, n in (table.counts | table.derived).items() if 0 < n < 8]
        for name in chance.sample(small, min(4, len(small))):
            assert width(table, shown, name) >= 6, (name, shown)


def test_of_a_large_programme_nearly_everything_is_published():
    shown = published_figures(programme(random.Random(1), 800)).shown
    assert sum(count is None for count in shown.values()) <= 2
