"""The formulae of domain.md 4.2, by worked cases and by asking them of anything at all."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.arrays import np
from programme.columns import day_number
from supervision.columns import LONG_AGO as NEVER
from supervision.columns import InPost, duties_on
from supervision.compliance import (
    Away,
    Duty,
    Held,
    Standard,
    away_altogether,
    duty_on,
    is_away_on,
    is_away_within,
    owed_since,
    period_on,
    standards_of_role,
)

DAY = dt.timedelta(days=1)
ALWAYS = dt.date(1948, 7, 5)
MONTHLY = Standard(ALWAYS, cadence_days=28, early_cadence_days=14, grace_days=7)
LONG_AGO = dt.date(2020, 6, 1)

UP_TO_DATE = Duty(eligible=True, compliant=True)
LATE = Duty(eligible=True, compliant=False)
NOT_COUNTED = Duty(eligible=False, compliant=False)


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# The day asked about, what is on record, and what is so. 28 days and 7 of grace are a window of 35.
CASES = {
    "the session's own day": ("2026-01-05", {"attended": ["2026-01-05"]}, UP_TO_DATE),
    "due": ("2026-02-02", {"attended": ["2026-01-05"]}, UP_TO_DATE),
    "last day of grace": ("2026-02-09", {"attended": ["2026-01-05"]}, UP_TO_DATE),
    "first day late": ("2026-02-10", {"attended": ["2026-01-05"]}, LATE),
    "a session still to come": ("2026-02-10", {"attended": ["2026-01-05", "2026-02-11"]}, LATE),
    "across 29 February": ("2024-03-01", {"attended": ["2024-01-26"]}, UP_TO_DATE),
    "a day after that": ("2024-03-02", {"attended": ["2024-01-26"]}, LATE),
    "across the clocks going forward": ("2026-04-19", {"attended": ["2026-03-15"]}, UP_TO_DATE),
    "a day after that too": ("2026-04-20", {"attended": ["2026-03-15"]}, LATE),
    "never a session": ("2026-01-05", {}, LATE),
    # In the first three months a window is 14 + 7 days long, and the first day is one of them.
    "new, not in post for a window": ("2026-03-22", {"in_post_from": "2026-03-02"}, NOT_COUNTED),
    "new, in post for a window": ("2026-03-23", {"in_post_from": "2026-03-02"}, LATE),
    "new, seen on the first day": (
        "2026-03-23",
        {"in_post_from": "2026-03-02", "attended": ["2026-03-02"]},
        UP_TO_DATE,
    ),
    "new, seen on the first day, 22 days ago": (
        "2026-03-24",
        {"in_post_from": "2026-03-02", "attended": ["2026-03-02"]},
        LATE,
    ),
    "a period begun on the last dense day": (
        "2026-06-23",
        {"in_post_from": "2026-03-02", "attended": ["2026-06-01"]},
        LATE,
    ),
    "a period begun a day later": (
        "2026-06-24",
        {"in_post_from": "2026-03-02", "attended": ["2026-06-02"]},
        UP_TO_DATE,
    ),
    "three months from 30 November end on 28 February": (
        "2026-03-22",
        {"in_post_from": "2025-11-30", "attended": ["2026-02-28"]},
        UP_TO_DATE,
    ),
    # Leave that touches the window, at either end.
    "away": ("2026-03-10", {"away": [("2026-03-10", None)]}, NOT_COUNTED),
    "leave begins tomorrow": ("2026-03-09", {"away": [("2026-03-10", None)]}, LATE),
    "first day back": ("2026-03-10", {"away": [("2026-02-01", "2026-03-10")]}, NOT_COUNTED),
    "back for a day less than a window": (
        "2026-04-13",
        {"away": [("2026-02-01", "2026-03-10")]},
        NOT_COUNTED,
    ),
    "back for a window": ("2026-04-14", {"away": [("2026-02-01", "2026-03-10")]}, LATE),
    "back, and seen": (
        "2026-04-14",
        {"away": [("2026-02-01", "2026-03-10")], "attended": ["2026-03-20"]},
        UP_TO_DATE,
    ),
    "leave over before the last session": (
        "2026-04-30",
        {"away": [("2026-02-01", "2026-03-10")], "attended": ["2026-03-20"]},
        LATE,
    ),
    # A denser standard from 1 February counts for the period that begins by then.
    "change, the period before it": ("2026-02-09", {"attended": ["2026-01-05"], "denser": 1}, "ok"),
    "change, that period over": ("2026-02-10", {"attended": ["2026-01-05"], "denser": 1}, LATE),
    "change, the next period": ("2026-02-22", {"attended": ["2026-02-01"], "denser": 1}, "ok"),
    "change, the next period over": ("2026-02-23", {"attended": ["2026-02-01"], "denser": 1}, LATE),
    # In post, and asked for.
    "the last day in post": (
        "2026-03-09",
        {"attended": ["2026-01-05"], "in_post_until": "2026-03-10"},
        LATE,
    ),
    "the first day after it": (
        "2026-03-10",
        {"attended": ["2026-01-05"], "in_post_until": "2026-03-10"},
        NOT_COUNTED,
    ),
    "before the first day in post": ("2026-03-10", {"in_post_from": "2026-03-11"}, NOT_COUNTED),
}


def asked(in_post_from="", in_post_until="", attended=(), away=(), denser=0):
    """The arguments of `duty_on`, from words."""
    return {
        "standards": [MONTHLY, *[Standard(d("2026-02-01"), 14, 14, 7)] * denser],
        "in_post_from": d(in_post_from) if in_post_from else LONG_AGO,
        "in_post_until": d(in_post_until) if in_post_until else None,
        "attended": [d(one) for one in attended],
        "away": [Away(d(since), d(until) if until else None) for since, until in away],
    }


@pytest.mark.parametrize(("day", "known", "expected"), CASES.values(), ids=CASES.keys())
def test_a_kind_is_up_to_date_late_or_not_counted(day, known, expected):
    assert duty_on(d(day), **asked(**known)) == (UP_TO_DATE if expected == "ok" else expected)


def test_a_period_says_when_the_next_session_is_due_and_late():
    after_a_session = period_on(
        d("2026-01-20"), standards=[MONTHLY], in_post_from=LONG_AGO, last_attended=d("2026-01-05")
    )
    of_a_starter = period_on(d("2026-03-02"), standards=[MONTHLY], in_post_from=d("2026-03-02"))

    assert after_a_session == (d("2026-01-05"), d("2026-02-02"), d("2026-02-10"))
    assert of_a_starter == (d("2026-03-02"), d("2026-03-15"), d("2026-03-23"))
    assert after_a_session.grace_days == of_a_starter.grace_days == 7


def test_a_kind_is_owed_from_the_day_on_which_it_is_asked_for():
    """Nobody is late on the day on which a kind begins to be asked for, and nobody once it ends."""
    standards = [
        MONTHLY._replace(required=False),
        Standard(d("2026-02-01"), 28, 28, 7),
        Standard(d("2026-06-01"), 28, 28, 7, required=False),
    ]
    days = ["2026-01-31", "2026-02-01", "2026-03-07", "2026-03-08", "2026-05-31", "2026-06-01"]

    found = [duty_on(d(day), standards=standards, in_post_from=LONG_AGO) for day in days]

    assert found == [NOT_COUNTED] * 3 + [LATE] * 2 + [NOT_COUNTED]
    assert owed_since(standards, d("2026-05-01")) == d("2026-02-01")


def test_a_role_goes_by_its_own_standards_from_the_first_of_them():
    later = MONTHLY._replace(applies_from=d("2026-03-01"))
    own = MONTHLY._replace(applies_from=d("2026-02-01"), cadence_days=42)

    assert standards_of_role([own], [later, MONTHLY]) == [MONTHLY, own]
    assert standards_of_role([], [later, MONTHLY]) == [MONTHLY, later]


def test_leave_from_one_post_is_none_while_another_is_held():
    """Away is who is at work in no post: half-open, like the posts and the leave themselves."""
    leave = Away(d("2026-02-01"), d("2026-06-01"))
    first = Held(LONG_AGO, d("2026-05-01"), [leave])

    def other(since, until=None, away=()):
        return away_altogether([first, Held(d(since), until and d(until), away)])

    assert away_altogether([first]) == [(leave.since, first.until)]
    assert other("2026-01-01") == []
    assert other("2026-03-01") == [(leave.since, d("2026-03-01"))]
    assert other("2026-03-01", "2026-04-01") == [
        (leave.since, d("2026-03-01")),
        (d("2026-04-01"), first.until),
    ]
    both = other("2025-01-01", away=[Away(d("2026-04-01"))])
    assert [is_away_on(both, d(f"2026-{month}-01")) for month in ("03", "04", "05")] == [
        False,
        True,
        True,
    ]


# --- Anything at all ------------------------------------------------------------------------------

# Close together, so that the days on which something changes are met.
ALL_DAYS = [d("2024-02-01") + number * DAY for number in range(60)]
days = st.sampled_from(ALL_DAYS)
cadences = st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(0, 4))


@st.composite
def on_record(draw) -> dict:
    standards = [
        Standard(from_day, max(a, b), min(a, b), grace, draw(st.booleans()))
        for from_day in draw(st.lists(days, max_size=3, unique=True))
        for a, b, grace in [draw(cadences)]
    ]
    return {
        "standards": [Standard(ALWAYS, 9, 4, 2), *standards],
        "in_post_from": draw(days),
        "in_post_until": draw(st.none() | days),
        "attended": draw(st.lists(days, max_size=4)),
        "away": [
            Away(since, until and since + until * DAY)
            for since, until in draw(
                st.lists(st.tuples(days, st.none() | st.integers(1, 30)), max_size=2)
            )
        ],
    }


@given(known=on_record())
def test_late_is_eligible_and_not_compliant(known):
    about = {name: value for name, value in known.items() if name != "attended"}
    for day in ALL_DAYS:
        held = [one for one in known["attended"] if one <= day]
        period = period_on(day, last_attended=max(held, default=None), **about)
        duty = duty_on(day, **known)

        late = period is not None and period.is_late_on(day)
        assert (duty.eligible and not duty.compliant) == late
        if duty.eligible:  # the formulae of 4.2, word for word
            assert_as_defined(day, period, duty, known)


def assert_as_defined(day, period, duty, known):
    length = (period.late_from - period.begins).days - (period.begins in known["attended"])
    first = day - length * DAY
    assert known["in_post_from"] <= first
    assert known["in_post_until"] is None or known["in_post_until"] > day
    assert not is_away_within(known["away"], first, day)
    assert duty.compliant == any(first <= one <= day for one in known["attended"])


@given(known=on_record(), others=st.lists(days, max_size=3))
def test_only_attended_sessions_up_to_the_day_are_asked(known, others):
    """A session called off has no argument here; one still to come changes nothing today."""
    for day in ALL_DAYS:
        to_come = [one for one in others if one > day]
        more = known | {"attended": [*known["attended"], *to_come]}

        assert duty_on(day, **more) == duty_on(day, **known)


@given(known=st.lists(on_record(), min_size=1, max_size=6), number=st.data())
def test_of_many_at_once_the_answers_are_those_of_each(known, number):
    """Two of them go by one list of standards, the rest by one of their own."""
    day = number.draw(days)
    known = [
        one
        for one in known
        if one["in_post_from"] <= day < (one["in_post_until"] or d("9999-01-01"))
    ]
    standards = [one["standards"] for one in known]
    step = [place if place > 1 else 0 for place in range(len(known))]

    found = duties_on(day, in_post(known, step, day), standards, last_of(known, day))

    one_by_one = [
        duty_on(day, **one | {"standards": standards[place]})
        for one, place in zip(known, step, strict=True)
    ]
    assert list(zip(*(column.tolist() for column in found), strict=True)) == one_by_one


def in_post(known, step, day) -> InPost:
    back = [
        max([day_number(x.until) for x in one["away"] if x.until and x.until <= day], default=NEVER)
        for one in known
    ]
    return InPost(
        since=np.array([day_number(one["in_post_from"]) for one in known], dtype=int),
        step=np.array(step, dtype=int),
        away=np.array([is_away_on(one["away"], day) for one in known], dtype=bool),
        back=np.array(back, dtype=int),
    )


def last_of(known, day):
    held = [[day_number(x) for x in one["attended"] if x <= day] for one in known]
    return np.array([max(one, default=NEVER) for one in held], dtype=int)
