"""Whose duty is late, on the pages of supervisors and of leads."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Look
from supervision.duty import owed_to, people_of
from supervision.models import LIVED_EXPERIENCE, SessionStatus
from tests.factories import CareerBreakFactory, PersonFactory, SpellFactory, UserFactory
from tests.factories.supervision import (
    AgreementFactory,
    CoverFactory,
    SessionFactory,
    kind,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 6, 1)


def days_ago(number: int, day: dt.date = TODAY) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day - number * DAY, dt.time(10)))


def in_post(name: str = "Łukasz", **fields):
    return SpellFactory(person__first_name=name, **fields).person


def supervised(supervisor, last: int | None = None, day: dt.date = TODAY, **fields):
    """Somebody in post with an agreement, whose last session was so many days ago."""
    fields.setdefault("person", None)
    fields["person"] = fields["person"] or in_post()
    agreement = AgreementFactory(supervisor=supervisor, starts_on=dt.date(2023, 1, 2), **fields)
    if last is not None:
        SessionFactory(agreement=agreement, starts_at=days_ago(last, day))
    return agreement


# --- A supervisor's own people --------------------------------------------------------------------


def test_whoever_has_waited_longest_stands_first_and_nobody_is_missing():
    supervisor = UserFactory()
    never = supervised(supervisor)
    recent, late, due = (supervised(supervisor, last) for last in (3, 40, 30))
    no_post = supervised(supervisor, person=PersonFactory())
    on_leave = supervised(supervisor, 90)
    CareerBreakFactory(spell=on_leave.person.spells.get(), starts_on=TODAY - 60 * DAY)
    supervised(UserFactory(), 50)
    supervised(supervisor, 50, ended_on=TODAY)

    rows = people_of(supervisor, TODAY)

    said = {row.person: (row.duties[0].last_in_words, row.duties[0].next_in_words) for row in rows}
    assert [row.person for row in rows][:4] == [
        agreement.person for agreement in (never, late, due, recent)
    ]
    assert said == {
        never.person: ("No session yet", "Supervision not delivered: 1239 days late"),
        late.person: ("40 days ago, 22 Apr 2026", "Supervision not delivered: 5 days late"),
        due.person: (
            "30 days ago, 2 May 2026",
            "Was due 30 May 2026, in time until 6 Jun 2026",
        ),
        recent.person: ("3 days ago, 29 May 2026", "Due 26 Jun 2026"),
        no_post.person: ("No session yet", "Not in post today: nothing is due"),
        on_leave.person: ("90 days ago, 3 Mar 2026", "On long leave: nothing is due"),
    }


def test_what_a_worker_called_off_changes_nothing_for_them():
    supervisor = UserFactory()
    agreement = supervised(supervisor, 40)
    before = people_of(supervisor, TODAY)[0].duties[0]
    for number, status in enumerate(SessionStatus):
        if status != SessionStatus.ATTENDED:
            SessionFactory(agreement=agreement, starts_at=days_ago(number + 1), status=status)

    after = people_of(supervisor, TODAY)[0].duties[0]

    assert (after.due, after.last_on, after.planned_on) == (before.due, before.last_on, None)


def test_kinds_are_told_apart_and_a_stand_in_sees_the_row_while_it_lasts():
    supervisor, stand_in = UserFactory(), UserFactory()
    first = supervised(supervisor, 3)
    other = supervised(supervisor, 40, person=first.person, kind=kind(LIVED_EXPERIENCE))
    cover = CoverFactory(
        agreement=other, stand_in=stand_in, starts_on=TODAY, last_day=TODAY + 2 * DAY
    )

    [row] = people_of(supervisor, TODAY)
    covered = [len(people_of(stand_in, TODAY + number * DAY)) for number in (-1, 0, 2, 3)]

    assert [(one.agreement, one.days_late) for one in row.duties] == [(other, 5), (first, 0)]
    assert row.duties[0].cover == cover
    assert covered == [0, 1, 1, 0]
    assert [one.agreement for one in owed_to(first.person, TODAY)] == [other, first]


def test_the_page_takes_as_many_queries_for_forty_people_as_for_one(sign_in):
    supervisor = UserFactory()
    today = timezone.localdate()
    client = sign_in(supervisor)
    counted = []
    for more in (1, 2, 37):
        for _ in range(more):
            supervised(supervisor, 3, day=today)
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/supervision/")
        counted.append(len(queries))

    assert response.context["page"].paginator.count == 40
    assert counted[0] == counted[1] == counted[2] <= 20


def test_a_row_says_what_is_late_and_the_person_can_see_who_looked(sign_in):
    supervisor = UserFactory()
    agreement = supervised(supervisor, 40, day=timezone.localdate())

    response = sign_in(supervisor).get("/supervision/")

    assert "Supervision not delivered: 5 days late" in response.content.decode()
    assert list(Look.objects.values_list("subject_id", "page")) == [
        (agreement.person_id, "supervision:home")
    ]
