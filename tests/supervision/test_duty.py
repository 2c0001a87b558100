"""Whose duty is late, on the pages of supervisors and of leads."""

import csv
import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Look
from supervision.due import refresh_due, refresh_open
from supervision.duty import owed_to, supervised_by
from supervision.models import GROUP, LINE_MANAGEMENT, LIVED_EXPERIENCE, Agreement, SessionStatus
from tests.factories import (
    CareerBreakFactory,
    PersonFactory,
    SiteFactory,
    SpellFactory,
    UserFactory,
)
from tests.factories.supervision import (
    AgreedActionFactory,
    AgreementFactory,
    CoverFactory,
    RecordVersionFactory,
    SessionFactory,
    TermsFactory,
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
    refresh_due(agreement, day)
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

    rows = supervised_by(supervisor, TODAY).people

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
    before = supervised_by(supervisor, TODAY).people[0].duties[0]
    for number, status in enumerate(SessionStatus):
        if status != SessionStatus.ATTENDED:
            SessionFactory(agreement=agreement, starts_at=days_ago(number + 1), status=status)

    after = supervised_by(supervisor, TODAY).people[0].duties[0]

    assert (after.due, after.last_on, after.planned_on) == (before.due, before.last_on, None)


def test_kinds_are_told_apart_and_a_stand_in_sees_the_row_while_it_lasts():
    supervisor, stand_in = UserFactory(), UserFactory()
    first = supervised(supervisor, 3)
    other = supervised(supervisor, 40, person=first.person, kind=kind(LIVED_EXPERIENCE))
    cover = CoverFactory(
        agreement=other, stand_in=stand_in, starts_on=TODAY, last_day=TODAY + 2 * DAY
    )

    [row] = supervised_by(supervisor, TODAY).people
    covered = [
        len(supervised_by(stand_in, TODAY + number * DAY).people) for number in (-1, 0, 2, 3)
    ]

    assert [(one.agreement, one.days_late) for one in row.duties] == [(other, 5), (first, 0)]
    assert row.duties[0].facts.stand_in == cover.stand_in_id
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

    client = sign_in(supervisor)
    before = client.get("/supervision/").text
    TermsFactory(agreement=agreement)
    body = client.get("/supervision/").text

    assert "Log a session<" not in before  # nobody can before both have signed
    assert "Supervision not delivered: 5 days late" in body
    assert f'href="/supervision/agreements/{agreement.pk}/log/"' in body
    assert set(Look.objects.values_list("subject_id", "page")) == {
        (agreement.person_id, "supervision:home")
    }


def test_the_page_says_what_has_begun_and_what_is_kept_open(sign_in):
    supervisor = UserFactory()
    now, today = timezone.now(), timezone.localdate()
    planned = {"status": SessionStatus.PLANNED, "settled_at": None}
    given = supervised(supervisor, 3, day=today)
    begun = SessionFactory(agreement=given, starts_at=now - DAY, **planned)
    SessionFactory(agreement=given, starts_at=now + DAY, **planned)
    over = supervised(supervisor, 3, day=today, ended_on=today - DAY, kept_open=True)
    SessionFactory(agreement=over, starts_at=now - 2 * DAY, **planned)
    supervised(supervisor, 3, day=today, ended_on=today)
    kept = supervised(supervisor, 3, day=today, ended_on=today, kept_open=True)

    context = sign_in(supervisor).get("/supervision/").context

    assert (context["open"].begun, context["kept"]) == ([begun], [kept, over])
    assert [row.person for row in context["page"]] == [given.person]


# --- What leads see -------------------------------------------------------------------------------


@pytest.fixture
def today() -> dt.date:
    return timezone.localdate()


def agreed(last: int | None, today: dt.date, **fields):
    """An agreement whose columns say what is due, as the verbs leave them."""
    return supervised(UserFactory(name="Ó Briain"), last, day=today, **fields)


def shown(client, address: str = "/supervision/duty/") -> list:
    return client.get(address).context["rows"]


def test_leads_see_what_was_not_delivered_first(lead_client, today):
    recent, late, later = (agreed(days, today) for days in (3, 40, 50))
    away = agreed(90, today)
    CareerBreakFactory(spell=away.person.spells.get(), starts_on=today - 60 * DAY)
    left = agreed(90, today)
    left.person.spells.update(ended_on=today)
    agreed(90, today, ended_on=today)
    at_once = [row.next_in_words for row in shown(lead_client)]
    refresh_open(today)

    response = lead_client.get("/supervision/duty/")

    assert [row.agreement for row in response.context["rows"]] == [later, late, recent]
    assert response.context["by_kind"] == [("Line management", 2, 3)]
    body = response.content.decode()
    assert "Supervision not delivered: 15 days late" in body
    assert sorted(at_once[:2], reverse=True) == [
        "On long leave: nothing is due",
        "Not in post today: nothing is due",
    ]


def test_leads_see_dates_and_kinds_and_no_words(lead_client, today):
    agreement = agreed(40, today)
    RecordVersionFactory(record__session=agreement.sessions.get(), words="OWL-WORDS")
    AgreedActionFactory(agreement=agreement, words="OWL-ACTION")

    pages = [lead_client.get(f"/supervision/{page}") for page in ("duty/", "duty.csv")]

    for page in pages:
        body = (page.content if not page.streaming else b"".join(page)).decode()
        assert "Briain" in body
        assert "OWL" not in body


def test_the_list_is_kept_to_kind_site_and_team(lead_client, today):
    first, second = agreed(40, today), agreed(40, today, kind=kind(LIVED_EXPERIENCE))
    team = first.person.spells.get().post.team

    kept = [
        [row.agreement for row in shown(lead_client, f"/supervision/duty/?{asked}")]
        for asked in (
            f"kind={second.kind_id}",
            f"site={team.site_id}",
            f"team={team.pk}",
            f"q={first.person.reference}",
            "site=nonsense",
        )
    ]

    assert kept == [[second], [first], [first], [first], []]


def test_a_lead_of_one_site_sees_its_people_only(user_with_role, sign_in, today):
    own, _other = agreed(40, today), agreed(40, today)
    site = own.person.spells.get().post.team.site
    client = sign_in(user_with_role("lead", site=site))

    assert [row.agreement for row in shown(client)] == [own]
    assert {row.person for row in shown(client, "/supervision/duty/unassigned/")} == {own.person}
    assert shown(sign_in(user_with_role("lead", site=SiteFactory()))) == []


def test_who_is_owed_a_kind_without_an_agreement_is_listed(lead_client, today):
    """Line management and lived experience need an agreement; a group needs a session."""
    with_all = agreed(3, today)
    agreed(3, today, person=with_all.person, kind=kind(LIVED_EXPERIENCE))
    in_group = {"person": with_all.person, "kind": kind(GROUP), "agreement": None}
    SessionFactory(**in_group, supervisor=UserFactory(), starts_at=days_ago(20, today))
    without = in_post("王")
    asked = {"person": without, "kind": kind(LIVED_EXPERIENCE), "chosen": True}
    AgreementFactory(**asked)  # and nobody has agreed to it
    away = SpellFactory()
    CareerBreakFactory(spell=away, starts_on=today)

    rows = shown(lead_client, "/supervision/duty/unassigned/")
    SessionFactory(**in_group, supervisor=UserFactory(), starts_at=days_ago(300, today))
    with_all.person.supervision.filter(kind__key=GROUP, starts_at__gte=days_ago(21, today)).delete()
    later = shown(lead_client, "/supervision/duty/unassigned/")

    assert {(row.person, row.kind.key) for row in rows} == {
        (without, LINE_MANAGEMENT),
        (without, LIVED_EXPERIENCE),
        (without, GROUP),
    }
    assert {row.person for row in later} == {without, with_all.person}
    assert later[-1].days_late == 265


def test_leave_from_one_of_two_posts_leaves_supervision_owed(lead_client, today):
    late = agreed(50, today)
    CareerBreakFactory(spell=late.person.spells.get(), starts_on=today - 60 * DAY)
    other = SpellFactory(person=late.person, started_on=today - 300 * DAY)
    refresh_open(today)

    [row] = shown(lead_client)
    without = {one.kind.key for one in shown(lead_client, "/supervision/duty/unassigned/")}
    assert (row.facts.away, row.days_late) == (False, 15)
    assert without == {LIVED_EXPERIENCE, GROUP}
    CareerBreakFactory(spell=other, starts_on=today)
    refresh_open(today)
    assert not shown(lead_client)
    assert not shown(lead_client, "/supervision/duty/unassigned/")


@pytest.mark.parametrize("page", ["duty/", "duty/unassigned/"])
def test_leads_pages_take_as_many_queries_for_three_rows_as_for_one(lead_client, today, page):
    counted = []
    for more in (1, 2):
        for _ in range(more):
            agreed(40, today)
        with CaptureQueriesContext(connection) as queries:
            lead_client.get(f"/supervision/{page}")
        counted.append(len(queries))

    assert counted[0] == counted[1] <= 20


def test_the_order_of_the_list_is_that_of_an_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "agreement_late" in Agreement.objects.due().explain()


def test_both_lists_are_files(lead_client, today):
    agreement = agreed(40, today)

    due, owed = (
        list(csv.reader(b"".join(lead_client.get(f"/supervision/{file}")).decode().splitlines()))
        for file in ("duty.csv", "duty/unassigned.csv")
    )

    name, *row = due[1][2:]
    assert len(due) == 2
    assert name == agreement.person.last_name
    assert row[:2] == ["Line management", "Ó Briain"]
    assert row[4:] == [
        (today - 40 * DAY).isoformat(),
        (today - 12 * DAY).isoformat(),
        (today - 5 * DAY).isoformat(),
        "5",
        "",
    ]
    assert sorted(row[3] for row in owed[1:]) == [
        "Group supervision",
        "Lived experience supervision",
    ]
