"""Supervision's figures at a day, exact and published, on the page and as files."""

import csv
import datetime as dt
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme.disclosure import Rule
from supervision.figures import Actions, KindFigures, Load, SupervisionFigures
from supervision.metrics import exact, published
from supervision.models import LIVED_EXPERIENCE, ActionOwner, RecordState, SessionStatus
from tests.factories import (
    ApplicationFactory,
    CareerBreakFactory,
    SpellFactory,
    UserFactory,
)
from tests.factories.programme import PostFactory
from tests.factories.supervision import (
    AgreedActionFactory,
    AgreementFactory,
    SessionFactory,
    SessionRecordFactory,
    SupervisorFactory,
    kind,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
AS_AT = dt.date(2026, 6, 30)
LINE, LIVED = "Line management", "Lived experience supervision"
S = SessionStatus


def at(days_before: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(AS_AT - days_before * DAY, dt.time(10)))


def supervised(*sessions: tuple[int, SessionStatus], supervisor=None, **fields):
    """An agreement of somebody in post for long, with sessions so many days before the day."""
    agreement = AgreementFactory(
        person=SpellFactory(started_on=dt.date(2022, 6, 1)).person,
        supervisor=supervisor or UserFactory(),
        **fields,
    )
    for days, status in sessions:
        SessionFactory(agreement=agreement, starts_at=at(days), status=status)
    return agreement


def figures(client, kind_name: str = LINE, **query) -> dict[str, tuple]:
    """Numerator, denominator and value of each metric of one kind, and of those of none."""
    return at_place(client, kind_name, **query) | at_place(client, "", **query)


def at_place(client, kind_name: str = LINE, site: str = "", team: str = "", **query) -> dict:
    """The same of one kind at a site, in a team or, without either, in all."""
    if "filtered" in query:
        query |= query.pop("filtered")
    query = {"as_at": AS_AT.isoformat()} | query
    answer = client.get("/dashboard/supervision.json", query).json()
    return {
        one["figure"]: (one["numerator"], one["denominator"], one["value"])
        for one in answer["figures"]
        if (one["kind"], one["site"], one["team"]) == (kind_name, site, team)
    }


def add_four_people(supervisor=None):
    """Two of three are up to date, one is away; sessions of every kind of ending."""
    first = supervised((3, S.ATTENDED), (40, S.CANCELLED_BY_SUPERVISOR), supervisor=supervisor)
    supervised((35, S.ATTENDED), (9, S.CANCELLED_BY_WORKER), (5, S.REARRANGED))
    supervised((36, S.ATTENDED), (2, S.NOT_ATTENDED), (1, S.PLANNED))
    away = supervised((400, S.ATTENDED), (366, S.ATTENDED))
    CareerBreakFactory(spell=away.person.spells.get(), starts_on=AS_AT - 300 * DAY)
    return first


def test_each_formula_by_kind(lead_client):
    first = add_four_people()
    AgreementFactory(person=first.person, kind=kind(LIVED_EXPERIENCE), starts_on=AS_AT - 10 * DAY)

    line, lived = figures(lead_client), figures(lead_client, LIVED)

    assert line["compliance"] == (2, 3, 2 / 3)
    assert line["delivery"] == (3, 6, 0.5)
    assert line["supervisor_loss"] == (1, 7, 1 / 7)
    assert lived["compliance"] == (0, 3, 0)
    assert lived["delivery"] == (0, 0, None)


def test_as_at_a_past_day_later_sessions_are_not_known(lead_client):
    supervised((3, S.ATTENDED), (50, S.ATTENDED))

    then = [figures(lead_client, as_at=str(AS_AT - n * DAY))["compliance"] for n in (3, 4, 15)]

    assert then == [(1, 1, 1), (0, 1, 0), (1, 1, 1)]


def test_filters_keep_the_people_in_post_there(lead_client):
    team = add_four_people().person.spells.get().post.team

    of_site = figures(lead_client, filtered={"site": str(team.site_id)})
    of_team = figures(lead_client, filtered={"team": str(team.pk)})

    assert of_site["compliance"] == (1, 1, 1)
    assert of_team["delivery"] == of_team["supervisor_loss"] == (1, 2, 0.5)


def test_by_site_and_team_sessions_count_where_the_worker_was_then(lead_client):
    known = SupervisorFactory(protected_hours="8").user
    stays, moved = (supervised(supervisor=known) for _ in range(2))
    old = moved.person.spells.get()
    old.ended_on = AS_AT - 20 * DAY
    old.save()
    team = stays.person.spells.get().post.team
    SpellFactory(person=moved.person, started_on=old.ended_on, post=PostFactory(team=team))
    for days, status in ((30, S.CANCELLED_BY_SUPERVISOR), (20, S.ATTENDED)):
        SessionFactory(agreement=moved, starts_at=at(days), status=status)
    site, before = team.site.name, old.post.team

    now, then = at_place(lead_client, site=site), at_place(lead_client, site=before.site.name)
    of_team = at_place(lead_client, team=f"{team.name}, {site}")

    assert now["compliance"] == of_team["compliance"] == (1, 2, 0.5)
    assert now["delivery"] == of_team["delivery"] == (1, 1, 1)
    assert (then["delivery"], then["supervisor_loss"]) == ((0, 1, 0), (1, 1, 1))
    assert at_place(lead_client, "", site=site)["load"] == (2, 8, 0.25)
    assert at_place(lead_client)["load"] == (2, 8, 0.25)
    page = lead_client.get("/dashboard/supervision/", {"as_at": AS_AT.isoformat()}).text
    assert "50.0% (1 of 2)" in page
    assert "Load of supervisors, by team" in page


def test_load_is_people_over_protected_hours(lead_client):
    known = SupervisorFactory(protected_hours="8").user
    for _ in range(2):
        supervised(supervisor=known)
    supervised(supervisor=UserFactory())

    assert figures(lead_client)["load"] == (2, 8, 0.25)


def test_actions_of_the_organisation_are_counted_once_confirmed(lead_client):
    agreement = supervised((40, S.ATTENDED))
    session = agreement.sessions.get()
    of_organisation = {
        "agreement": agreement,
        "agreed_in": session,
        "owner": ActionOwner.ORGANISATION,
        "added_on": AS_AT - 40 * DAY,
    }
    AgreedActionFactory(**of_organisation)
    AgreedActionFactory(**of_organisation, done_on=AS_AT - 10 * DAY)
    AgreedActionFactory(**of_organisation | {"owner": ActionOwner.SUPERVISOR})
    before = figures(lead_client)
    SessionRecordFactory(session=session, state=RecordState.AGREED, agreed_at=at(39))
    after = figures(lead_client)

    assert before["actions_open"] == (None, None, 0)
    assert after["actions_open"] == (None, None, 1)
    assert after["actions_open_days"] == (None, 1, 40)
    assert after["actions_done_days"] == (None, 1, 30)


def test_an_action_of_the_organisation_is_open_from_its_confirmation_to_the_day_it_is_done(
    lead_client,
):
    """As at each day what was known then: confirmed on the sixth day, done on the tenth."""
    agreement = supervised((20, S.ATTENDED))
    session = agreement.sessions.get()
    SessionRecordFactory(session=session, state=RecordState.AGREED, agreed_at=at(14))
    AgreedActionFactory(
        agreement=agreement,
        agreed_in=session,
        owner=ActionOwner.ORGANISATION,
        added_on=AS_AT - 20 * DAY,
        done_on=AS_AT - 10 * DAY,
    )

    keys = ("actions_open", "actions_open_days", "actions_done_days")
    then = {
        n: [figures(lead_client, as_at=str(AS_AT - n * DAY))[key][2] for key in keys]
        for n in (15, 14, 11, 10, 0)
    }

    none_yet, done = [0, None, None], [0, None, 10]
    assert then == {15: none_yet, 14: [1, 6, None], 11: [1, 9, None], 10: done, 0: done}
    page = lead_client.get("/dashboard/supervision/", {"as_at": str(AS_AT - 11 * DAY)}).text
    assert "Open actions: 1." in page
    assert "Open for, median: 9 days." in page


def test_the_page_says_it_in_words_and_follows_a_change(lead_client):
    add_four_people()
    query = {"as_at": AS_AT.isoformat()}
    before = lead_client.get("/dashboard/supervision/", query).content.decode()
    supervised((1, S.ATTENDED))
    after = lead_client.get("/dashboard/supervision/", query).content.decode()

    assert "Line management: 2 of 3 people are up to date (66.7%)." in before
    assert "Line management: 3 of 4 people are up to date (75.0%)." in after
    assert "Team and kind" in after


@pytest.mark.django_db(transaction=True)
def test_the_dashboard_has_it_as_a_headline_that_is_read_again_only_after_a_change(lead_client):
    """An application or leave changes the page and leaves the sessions as they are kept."""

    def look(**query) -> tuple[str, bool]:
        with CaptureQueriesContext(connection) as queries:
            page = lead_client.get("/dashboard/", {"as_at": AS_AT.isoformat()} | query).text
        return page, any('FROM "supervision_session"' in one["sql"] for one in queries)

    seen, late = supervised((3, S.ATTENDED)), supervised((36, S.ATTENDED))
    spell = seen.person.spells.get()
    first, again = look(), look()
    ApplicationFactory()
    kept = look()
    CareerBreakFactory(spell=spell, starts_on=AS_AT)
    away = look()
    SessionFactory(agreement=late, starts_at=at(1))
    changed = look()

    label = f"{LINE} up to date"
    assert [label in page for page, _ in (first, again, kept, away, changed)] == [True] * 5
    assert [read for _, read in (first, again, kept, away, changed)] == [
        True,
        False,
        False,
        False,
        True,
    ]
    numbers = [f"{n} of {m} who were owed it" for n, m in ((1, 2), (0, 1), (1, 1))]
    assert all(text in page for text, (page, _) in zip(numbers, (kept, away, changed), strict=True))
    of_team = look(team=str(spell.post.team_id))[0]
    assert f"{LINE} up to date" not in of_team  # nobody there is owed it today
    assert "who were owed it" not in look(mode="published")[0]


def test_the_file_has_the_numbers(lead_client):
    add_four_people()

    lines = b"".join(lead_client.get("/dashboard/supervision.csv", {"as_at": AS_AT.isoformat()}))

    rows = list(csv.reader(lines.decode("utf-8-sig").splitlines()))
    assert rows[1][:8] == ["2026-06-30", "internal", "compliance", LINE, "", "", "2", "3"]


def test_a_lead_of_one_site_counts_its_people_only(user_with_role, sign_in):
    site = add_four_people().person.spells.get().post.team.site

    found = figures(sign_in(user_with_role("lead", site=site)))

    assert found["compliance"] == (1, 1, 1)


def test_it_takes_as_many_queries_for_three_people_as_for_one(lead_client):
    counted = []
    for more in (1, 2):
        for _ in range(more):
            supervised((3, S.ATTENDED))
        with CaptureQueriesContext(connection) as queries:
            lead_client.get("/dashboard/supervision/")
        counted.append(len(queries))

    assert counted[0] == counted[1] <= 20


# --- Published ------------------------------------------------------------------------------------


def of(in_post: int, eligible: int, compliant: int, **sessions: int) -> SupervisionFigures:
    found = KindFigures("line_management", LINE, eligible, compliant, sessions_of(**sessions))
    return SupervisionFigures(in_post, [found], {}, {}, Load(), Actions())


def sessions_of(**sessions: int) -> Counter:
    return Counter({SessionStatus(name): number for name, number in sessions.items()})


def shown(found: SupervisionFigures) -> dict[str, tuple]:
    return {
        metric.key: (metric.numerator, metric.denominator, metric.hidden)
        for metric, *_ in published(found, Rule())
    }


def test_published_counts_are_rounded_where_no_small_number_can_be_told():
    found = shown(of(100, 80, 60, attended=100, cancelled_by_supervisor=40, not_attended=20))

    assert found["compliance"] == (60, 80, False)
    assert found["delivery"] == (100, 160, False)
    assert found["supervisor_loss"] == (40, 160, False)


@pytest.mark.parametrize(
    ("in_post", "eligible", "compliant"),
    [
        (100, 80, 4),
        (100, 5, 5),
        (6, 6, 6),
    ],
)
def test_small_numbers_are_hidden_with_what_would_tell_them(in_post, eligible, compliant):
    assert shown(of(in_post, eligible, compliant))["compliance"] == (None, None, True)


def test_by_site_a_small_number_takes_another_with_it_and_teams_have_none():
    sites = {
        name: [KindFigures("line_management", LINE, eligible, compliant)]
        for name, eligible, compliant in (("North", 40, 30), ("South", 60, 45), ("West", 12, 6))
    }
    whole = KindFigures("line_management", LINE, 112, 81)
    found = SupervisionFigures(150, [whole], sites, {"Oak": sites["West"]}, Load(), Actions())

    rows = published(found, Rule())
    compliance = {one.site: one.metric.numerator for one in rows if one.metric.key == "compliance"}

    assert compliance == {"": 80, "North": None, "South": 45, "West": None}
    assert not any(one.team for one in rows)


def test_load_and_days_are_published_of_ten_and_more_only():
    many = SupervisionFigures(100, [], {}, {}, Load(52, 100, 10, 0), Actions([10] * 12, [20] * 9))
    few = SupervisionFigures(100, [], {}, {}, Load(52, 100, 9, 0), Actions([10] * 7, []))

    of_many = {metric.key: metric for metric, *_ in published(many, Rule())}
    of_few = {metric.key: metric for metric, *_ in published(few, Rule())}

    assert (of_many["load"].value, of_many["load"].numerator) == (0.5, None)
    assert (of_many["actions_open"].value, of_many["actions_open_days"].value) == (10, 10)
    assert of_many["actions_done_days"].hidden
    assert [of_few[key].hidden for key in ("load", "actions_open", "actions_open_days")] == [
        True
    ] * 3


def test_an_evaluator_reads_published_figures_and_no_small_ones(user_with_role, sign_in):
    add_four_people()
    evaluator = sign_in(user_with_role("evaluator"))

    found = figures(evaluator)
    page = evaluator.get("/dashboard/supervision/").content.decode()

    assert found["compliance"] == found["delivery"] == (None, None, None)
    assert "Team and kind" not in page
    assert "By team nothing is published" in page
    assert "hidden, because it would tell of few people" in page


def test_exact_and_published_are_the_same_list():
    found = of(100, 80, 60)

    assert [one.metric.key for one in exact(found)] == [
        one.metric.key for one in published(found, Rule())
    ]
