"""Group results: attacks S01 to S07 of the reliability design, on check-ins."""

import datetime as dt
import itertools
import random
import traceback
from fractions import Fraction

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from programme.actions.saving import NotSaved
from programme.disclosure import Rule
from questionnaires.models import Questionnaire, QuestionnaireVersion
from tests.factories import (
    CheckInFactory,
    PersonFactory,
    PostFactory,
    RhythmFactory,
    SiteFactory,
    SpellFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.wellbeing import five_questions
from wellbeing.actions import groups as actions
from wellbeing.actions import sharing
from wellbeing.group_reads import _sites
from wellbeing.groups import NOTHING, mean_of, result_of, results_by
from wellbeing.models import CheckIn, GroupDone, GroupMean, GroupMonth

ONE, FIVE = Fraction(1), Fraction(5)
RANGES = {"energy": (ONE, FIVE)}
MARCH = dt.date(2026, 3, 1)
scores = st.integers(1, 5).map(Fraction)


def mean(values):
    return mean_of(values, lowest=ONE, highest=FIVE)


# --- Arithmetic -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([5] * 9, None),
        ([3] * 10, (10, Fraction(3), 0)),
        ([3] * 5 + [4] * 5, (10, Fraction(7, 2), 0)),
        ([5] * 10, (10, Fraction(9, 2), 1)),  # never "5.0"
        ([1] * 12, (10, Fraction(3, 2), -1)),
        ([5] * 9 + [4], (10, Fraction(9, 2), 1)),  # nor "4.9": nine would know the tenth
    ],
)
def test_a_mean_needs_ten_people_and_is_written_to_half_a_point(values, expected):
    found = mean([Fraction(value) for value in values])

    assert (found and (found.people, found.value, found.end)) == expected


def test_a_base_below_five_is_no_rule():
    with pytest.raises(ValueError, match="never published"):
        Rule(smallest_shown=4)


def open_to(written, own: list[int]) -> set[int]:
    """What one person may have answered, for whoever reads a mean and knows some answers."""
    found = set()
    for people in range(written.people - 2, written.people + 3):
        for total in range(people, 5 * people + 1):
            others = people - len(own) - 1
            rest = [total - sum(own) - last for last in range(1, 6)]
            if people >= 10 and mean_of_total(total, people) == written:
                found |= {
                    last for last, left in enumerate(rest, start=1) if others <= left <= 5 * others
                }
    return found


def mean_of_total(total: int, people: int):
    low, extra = divmod(total, people)
    return mean([Fraction(low + 1)] * extra + [Fraction(low)] * (people - extra))


@given(st.lists(scores, min_size=10, max_size=13), st.integers(0, 2))
def test_s02_nobody_s_answer_follows_from_a_mean_also_for_those_who_know_their_own(values, known):
    own = [int(value) for value in values[:known]]

    assert len(open_to(mean(values), own)) > 1


def test_s01_ten_thousand_random_sets_show_no_small_count():
    chance = random.Random(5)
    for _ in range(10_000):
        people = [
            (chance.randrange(3), {"energy": Fraction(chance.randint(1, 5))})
            for _ in range(chance.randrange(45))
        ]
        shown = [result_of([one for _, one in people], RANGES)]
        shown += results_by(people, RANGES).values()
        counts = [one.people for one in shown if one.people is not None]
        counts += [mean.people for one in shown for mean in one.means.values()]
        assert all(count >= 10 and count % 5 == 0 for count in counts)


def test_s03_no_two_cuts_differ_by_few_people():
    """Sites are shown where each has enough people: a site is never what is left of everybody."""
    person = {"energy": Fraction(3)}
    for sizes in itertools.product([0, 1, 9, 10, 25], repeat=3):
        people = [(site, person) for site, size in enumerate(sizes) for _ in range(size)]

        shown = results_by(people, RANGES)

        present = [size for size in sizes if size]
        complete = len(present) > 1 and min(present) >= 10
        assert len(shown) == (len(present) if complete else 0)


def test_a_question_that_few_of_one_site_answered_is_told_of_no_site():
    full, part = {"energy": Fraction(3), "load": ONE}, {"energy": Fraction(3)}
    people = [("A", full)] * 11 + [("B", part)] * 10
    ranges = RANGES | {"load": (ONE, FIVE)}

    assert [set(one.means) for one in results_by(people, ranges).values()] == [{"energy"}] * 2
    assert set(result_of([one for _, one in people], ranges).means) == {"energy", "load"}


def test_a_question_that_few_answered_is_left_out():
    people = [{"energy": Fraction(3)}] * 9 + [{}] * 3

    assert result_of(people, RANGES).means == {}
    assert result_of(people[:9], RANGES) == NOTHING


# --- Months ---------------------------------------------------------------------------------------


def march(day: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime(2026, 3, day, 12))


def put_in(number: int, site=None, energy: str = "4") -> list:
    return [
        CheckInFactory(
            person__site=site, finished_at=march(9), in_groups=True, given={"energy": energy}
        )
        for _ in range(number)
    ]


def shown() -> list:
    rows = GroupMean.objects.order_by("month__month", "month__site__name")
    return [(row.month.site and row.month.site.name, row.people, float(row.value)) for row in rows]


def test_a_month_counts_the_last_check_in_of_each_person_who_put_one_in(db):
    rows = put_in(10)
    CheckInFactory(  # an earlier one of the same person
        person=rows[0].person, finished_at=march(2), in_groups=True, given={"energy": "1"}
    )
    for out in ({"in_groups": False}, {"finished_at": march(1) - dt.timedelta(days=1)}):
        CheckInFactory(
            **{"in_groups": True, "finished_at": march(9), "given": {"energy": "1"}} | out
        )
    for _ in range(13):
        RhythmFactory(person__user=UserFactory(), begun_on=dt.date(2026, 3, 31))
    for values in ({"begun_on": dt.date(2026, 4, 1)}, {"account": None}):
        for _ in range(5):
            RhythmFactory(person__user=UserFactory(), **values)

    actions.work_out(dt.date(2026, 4, 3))
    before = shown()
    actions.work_out(dt.date(2026, 4, 4))

    assert before == []
    assert shown() == [(None, 10, 4.0)]
    assert [(row.people, row.asked) for row in GroupMonth.objects.all()] == [(10, 15)]


def test_a_month_is_looked_through_once_and_one_left_out_then_is_never_worked_out(db, worker):
    put_in(9)
    late = CheckInFactory(person=worker.person, finished_at=march(9), given={"energy": "4"})
    actions.work_out(dt.date(2026, 4, 4))
    with pytest.raises(NotSaved, match="are worked out"):
        sharing.count_in_groups(check_in=late, by=worker, counted=True, day=dt.date(2026, 4, 4))
    CheckIn.objects.update(in_groups=True)

    for day in (dt.date(2026, 4, 5), dt.date(2026, 5, 20)):
        actions.work_out(day)

    assert shown() == []


def test_a_base_that_is_lowered_does_not_reach_what_was_put_in_before(worker, settings, client):
    rows = put_in(6)
    settings.SMALLEST_WELLBEING_BASE = 5
    words = client.get(reverse("wellbeing:new-check-in")).text
    own = CheckInFactory(person=worker.person, finished_at=march(9), given={"energy": "4"})
    sharing.count_in_groups(check_in=own, by=worker, counted=True, day=dt.date(2026, 3, 5))
    actions.work_out_month(MARCH)
    before = shown()
    GroupDone.objects.all().delete()
    CheckIn.objects.filter(pk__in=[row.pk for row in rows]).update(least_people=5)
    actions.work_out_month(MARCH)

    own.refresh_from_db()
    assert "group results of 5 people or more" in words
    assert (own.in_groups, own.least_people, before) == (True, 5, [])
    assert shown() == [(None, 5, 4.0)]


def test_one_that_cannot_be_worked_out_keeps_no_other_back_and_is_told_without_an_answer(
    db, monkeypatch
):
    other = QuestionnaireVersion.objects.create(
        questionnaire=Questionnaire.objects.create(key="a", name="A"),
        number=1,
        document=five_questions().document,
        published_at=march(1),
    )
    for row in (*put_in(10, SiteFactory()), *put_in(10)):
        values = {"finished_at": march(9), "in_groups": True, "given": {"energy": "4"}}
        CheckInFactory(person=row.person, version=other, **values)
    RhythmFactory(person__user=UserFactory())
    working = actions.results_of

    def broken(version, month):
        return working(version, month) if version == other else {}["Xylophon8"]

    monkeypatch.setattr(actions, "results_of", broken)

    with pytest.raises(ExceptionGroup) as told:
        actions.work_out_month(MARCH)

    found = [(row.version, row.site, row.asked) for row in GroupMonth.objects.all()]
    assert found == [(other, None, None)]
    assert list(GroupDone.objects.values_list("version")) == [(other.pk,)]
    written = "".join(traceback.format_exception(told.value))
    assert "check-in: KeyError" in written
    assert "Xylophon8" not in written


def test_a_site_is_that_of_a_post_held_in_the_month(db):
    recorded, former = SiteFactory(), SiteFactory()
    person = PersonFactory(site=recorded)
    post = PostFactory(team=TeamFactory(site=former))
    SpellFactory(person=person, post=post, started_on=dt.date(2020, 1, 1), ended_on=MARCH)

    assert _sites({person.pk: recorded.pk}, MARCH) == {person.pk: recorded.pk}


def test_sites_are_shown_where_every_site_has_ten_people(db):
    north, south = SiteFactory(name="North"), SiteFactory(name="South")
    put_in(10, north)
    put_in(10, south, energy="2")

    actions.work_out_month(MARCH)

    assert sorted(shown(), key=str) == [("North", 10, 4.0), ("South", 10, 2.0), (None, 20, 3.0)]


def test_s04_a_month_stays_as_it_was_worked_out(db):
    rows = put_in(10)
    actions.work_out_month(MARCH)
    before = shown()
    rows[0].delete()
    actions.work_out_month(MARCH)
    fewer = shown()
    put_in(4, energy="1")

    actions.work_out_month(MARCH)

    assert shown() == fewer == before == [(None, 10, 4.0)]
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        GroupMean.objects.update(value=1)


def test_s06_a_hidden_mean_is_nowhere_on_the_page_or_in_the_file(db, sign_in, user_with_role):
    """Of thirteen people nine answered one question: it has no row, no place and no gap."""
    for row in put_in(13)[:9]:
        row.answers = '{"energy": "4", "support": "1"}'
        row.save()
    actions.work_out_month(MARCH)
    client = sign_in(user_with_role("lead"))

    page = client.get(reverse("wellbeing:group-results")).text
    file = b"".join(client.get(reverse("wellbeing:group-results-csv"))).decode()

    assert shown() == [(None, 15, 4.0)]
    assert page.count('<th scope="row"') == 1
    assert file.count("\n") == 2
    assert "well supported" not in page + file


@pytest.mark.parametrize("people", [0, 1, 7, 9])
def test_s07_nine_people_leave_no_trace_and_the_page_says_why(db, sign_in, user_with_role, people):
    put_in(people)
    actions.work_out_month(MARCH)

    page = sign_in(user_with_role("lead")).get(reverse("wellbeing:group-results"))

    assert not GroupMonth.objects.exists()
    assert "In a small programme, of seven" in page.text
    assert len(page.text) == len(
        sign_in(user_with_role("lead")).get(page.request["PATH_INFO"]).text
    )


@pytest.mark.django_db
def test_s05_every_role_reads_the_same_numbers_on_the_page_and_in_the_file(sign_in, user_with_role):
    put_in(10)
    actions.work_out_month(MARCH)
    month = dt.date.today()
    GroupMonth.objects.create(
        version=five_questions(), month=month.replace(day=1), people=10, asked=15
    ).means.create(question="energy", people=10, value="4.5", end=1)

    seen = set()
    for role in ("lead", "evaluator", "peer_worker", "trainee"):
        client = sign_in(user_with_role(role))
        page = client.get(reverse("wellbeing:group-results")).text
        rows = b"".join(client.get(reverse("wellbeing:group-results-csv")))
        assert "4.5 or more" in page
        seen.add(rows)

    assert len(seen) == 1
    assert b'"4.5 or more",10,10,15' in seen.pop()
