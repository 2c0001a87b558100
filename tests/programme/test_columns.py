"""Posts and stays as columns give what going through them one by one gives."""

import datetime as dt
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from programme.columns import Posts, day_number, months_later, numbered
from programme.models.posts import SAME_EMPLOYMENT
from programme.retention import Held, Stay, add_months, observed, retention, stays

FIRST = dt.date(2022, 6, 1)
days = st.integers(-400, 1500).map(lambda number: FIRST + dt.timedelta(number))


@st.composite
def held(draw) -> Held:
    start = draw(days)
    length = draw(st.none() | st.integers(0, 12) | st.integers(0, 1200))
    end = None if length is None else start + dt.timedelta(length)
    return Held(draw(st.integers(0, 3)), start, end, None, draw(st.sampled_from("ABC")))


def one_by_one(posts: list[Held], as_at: dt.date) -> list[Stay]:
    """Stays, each post looked at after the one before."""
    of_person = defaultdict(list)
    for post in posts:
        if post.started_on <= as_at:
            of_person[post.person].append(post)
    found = []
    for rows in of_person.values():
        rows.sort(key=lambda post: post.about)
        rows.sort(key=lambda post: post.ended_on or dt.date.max, reverse=True)
        rows.sort(key=lambda post: post.started_on)
        own = []
        for person, start, end, _, about in rows:
            last = own[-1] if own else None
            if last is None or (last.ended_on and start - last.ended_on > SAME_EMPLOYMENT):
                own.append(Stay(person, start, end, about))
            elif last.ended_on and (end is None or end > last.ended_on):
                own[-1] = last._replace(ended_on=end)
        found += own
    return found


@given(posts=st.lists(held(), max_size=30), as_at=days)
def test_posts_are_joined_as_one_by_one(posts, as_at):
    expected = one_by_one(posts, as_at)
    assert sorted(stays(posts, as_at), key=str) == sorted(expected, key=str)


@given(posts=st.lists(held(), max_size=30), as_at=days)
def test_milestones_and_those_in_post_are_counted_as_one_by_one(posts, as_at):
    found = Posts.of(posts).stays(as_at)
    one_each = list(found)
    result = retention("All", found, as_at)

    assert found.who_on(as_at) == {stay.person for stay in one_each if stay.in_post_on(as_at)}
    assert result.left == sum(observed(stay, as_at)[1] for stay in one_each)
    for reached in result.milestones:
        could = [
            (stay, day)
            for stay in one_each
            if (day := add_months(stay.started_on, reached.months)) <= as_at
        ]
        in_post = sum(stay.in_post_on(day) for stay, day in could)
        assert (reached.eligible, reached.in_post) == (len(could), in_post)


@given(day=st.dates(dt.date(1948, 7, 5), dt.date(2999, 12, 31)), months=st.sampled_from((6, 24)))
def test_months_of_a_column_are_added_by_the_calendar(day, months):
    _, number = numbered([day])
    later = months_later(number + day_number(day), months)
    assert later.tolist() == [day_number(add_months(day, months))]
