"""What weighs on workers: theirs alone, addressed to one person, or counted for a team."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.roles import ROLES
from programme.disclosure import Rule
from programme.looks import at as looks_at
from programme.models import Spell, Team
from tests.factories import PersonFactory, PostFactory, SiteFactory, SpellFactory, TeamFactory
from tests.factories.supervision import TermsFactory
from tests.factories.wellbeing import BurdenFlagFactory, CheckInShareFactory
from tests.programme.pages import queries_of, sent_by
from tests.wellbeing.pages import pages_of_others, tables_with, url
from wellbeing.actions import burden as actions
from wellbeing.actions import sharing
from wellbeing.burden import Burden, burden_by_team, may_be_shown
from wellbeing.models import BurdenFlag, BurdenKind, BurdenQuarter

pytestmark = pytest.mark.django_db
SECRET = "Xylophon6"
TODAY = dt.date(2026, 11, 23)
QUARTER = dt.date(2026, 9, 30)
NOTED = dt.date(2026, 8, 3)
FIVE = Rule(smallest_shown=5, rounded_to=5)


@pytest.fixture
def team(worker) -> Team:
    return Team.objects.get(name="Ward 3")


def notes(client, team: Team, **more):
    sent = {"kind": "extra_duty", "team": str(team.pk), "words": "The rota", "addressed_to": ""}
    return client.post(url("note-burden"), sent | more)


# --- The worker -----------------------------------------------------------------------------------


def test_it_is_noted_once_for_a_team_one_works_in(client, team):
    for _ in range(2):
        assert notes(client, team).status_code == 302
    otherwise = notes(client, team, words="Something else")
    elsewhere = notes(client, TeamFactory())

    assert BurdenFlag.objects.count() == 1
    assert otherwise.context["form"].errors.keys() == {"kind"}
    assert elsewhere.context["form"].errors.keys() == {"team"}


def test_without_a_team_there_is_nothing_to_note_it_for(client, team):
    Spell.objects.update(ended_on=timezone.localdate())

    assert url("note-burden") not in client.get(url("burden")).text
    assert notes(client, team).context["form"].errors.keys() == {"team"}


def test_addressed_to_somebody_they_read_it_and_its_words_only_where_they_may(
    client, worker, team, supervisor, sign_in
):
    notes(client, team, addressed_to=str(supervisor.pk))
    flag, reader = BurdenFlag.objects.get(), sign_in(supervisor)
    page, edit = url("shared-burden", flag.pk), url("change-burden", flag.pk)

    assert page in reader.get(url("shared-with-me")).text
    without = reader.get(page).text
    client.post(edit, sent_by(client, edit, shows_words="on"))
    with_words = reader.get(page).text

    assert "Duties outside my role" in without
    assert ["The rota" in text for text in (without, with_words)] == [False, True]
    assert {look.page for look in looks_at(worker.person)} == {"wellbeing:shared-burden"}
    client.post(edit, sent_by(client, edit, addressed_to="", shows_words=""))
    assert reader.get(page).status_code == 404
    flag.refresh_from_db()
    assert (flag.addressed_to, flag.shows_words) == (None, False)


def test_only_staff_who_can_be_chosen_are_told(client, team, user_with_role):
    stranger = user_with_role("lead", site=SiteFactory())

    answer = notes(client, team, addressed_to=str(stranger.pk))

    assert answer.context["form"].errors.keys() == {"addressed_to"}


def test_taken_back_nothing_is_kept(client, team, supervisor, sign_in):
    notes(client, team, addressed_to=str(supervisor.pk))
    flag = BurdenFlag.objects.get()
    page = url("take-back-burden", flag.pk)

    assert "Take this back?" in client.get(page).text
    client.post(page)

    assert not BurdenFlag.objects.exists()
    assert sign_in(supervisor).get(url("shared-burden", flag.pk)).status_code == 404


def test_what_is_for_a_supervisor_ends_with_the_supervision_and_does_not_come_back(
    client, worker, team, supervisor, sign_in
):
    now, today = timezone.now(), timezone.localdate()
    begun = {"agreement__starts_on": today, "agreement__supervisor": supervisor}
    agreement = TermsFactory(agreement__person=worker.person, **begun).agreement
    notes(client, team, addressed_to=str(supervisor.pk), shows_words="on")
    flag, reader = BurdenFlag.objects.get(), sign_in(supervisor)
    share = CheckInShareFactory(
        check_in__person=worker.person, reader=supervisor, while_supervising=True
    )
    pages = (url("shared-burden", flag.pk), url("shared-check-in", share.check_in_id))
    rows = type(agreement).objects.filter(pk=agreement.pk)

    seen = [reader.get(page).status_code for page in pages]
    sharing.end_lapsed(now)
    rows.update(starts_on=today + dt.timedelta(days=9))
    listed = client.get(url("my-check-ins")).text
    told = client.get(url("check-in", share.check_in_id)).text
    seen += [reader.get(page).status_code for page in pages]
    sharing.end_lapsed(now)
    rows.update(starts_on=today)
    seen += [reader.get(page).status_code for page in pages]

    assert seen == [200] * 2 + [404] * 4
    assert f"with {supervisor.name}" not in listed
    assert "they cannot read it any more" in told
    flag.refresh_from_db()
    assert (flag.addressed_to, flag.shows_words) == (None, False)


def test_ones_own_list_costs_the_same_for_one_and_three(client, worker, team):
    BurdenFlagFactory(person=worker.person, team=team)
    one = queries_of(client, url("burden"))
    for kind in ("beyond_hours", "supervision"):
        BurdenFlagFactory(person=worker.person, kind=kind)

    assert queries_of(client, url("burden")) == one


# --- Counts by team -------------------------------------------------------------------------------


def staffed(people: int, flagged: int, *, kind=BurdenKind.ONLY_PEER, **fields) -> Team:
    """A team in which so many worked through the year, and so many of them noted something."""
    team = TeamFactory(**fields)
    for number in range(people):
        person = PersonFactory()
        SpellFactory(person=person, post=PostFactory(team=team), started_on=dt.date(2025, 1, 6))
        if number < flagged:
            BurdenFlagFactory(person=person, team=team, kind=kind, noted_on=NOTED)
    return team


def counted(lead, rule=FIVE) -> Burden:
    """What a lead reads where the quarter is counted now."""
    BurdenQuarter.objects.all().delete()
    actions.count_quarter(TODAY, rule)
    return burden_by_team(lead, TODAY)


def shown(lead, rule=FIVE) -> list:
    return [(one.team.split(",")[0], one.people) for one in counted(lead, rule).teams]


def test_a_team_is_counted_where_enough_noted_something_and_enough_did_not(lead):
    staffed(10, 5, name="Enough")
    staffed(10, 4, name="Too few")
    staffed(9, 5, name="Too few others")
    staffed(5, 5, name="Everybody")
    staffed(7, 3, name="Small")

    assert shown(lead) == [("Enough", 5)]
    assert shown(lead, Rule(smallest_shown=8)) == []


def test_no_rule_counts_fewer_than_five():
    with pytest.raises(ValueError, match="never published"):
        Rule(smallest_shown=4)
    four, many = set(range(4)), set(range(100))
    assert not may_be_shown(four, many, FIVE)


def test_a_kind_that_few_noted_is_hidden_and_so_is_what_would_tell_it(lead):
    team = staffed(30, 12, kind=BurdenKind.BEYOND_HOURS)
    people = [flag.person for flag in BurdenFlag.objects.all()]
    for person in people[:2]:
        BurdenFlagFactory(person=person, team=team, kind=BurdenKind.SHARE_MORE, noted_on=NOTED)
    for person in people[:10]:  # two of the twelve did not
        BurdenFlagFactory(person=person, team=team, kind=BurdenKind.SUPERVISION, noted_on=NOTED)

    exact = Rule(smallest_shown=5, rounded_to=1)
    [counts] = counted(lead, exact).teams

    kinds = dict(counts.kinds)
    assert kinds[BurdenKind.SHARE_MORE.label] is None
    assert kinds[BurdenKind.SUPERVISION.label] is None
    assert kinds[BurdenKind.BEYOND_HOURS.label] is None  # everybody who noted anything noted it


def test_a_kind_that_enough_noted_and_enough_did_not_is_shown(lead):
    team = staffed(40, 24)
    for flag in BurdenFlag.objects.all()[:12]:
        flag.kind = BurdenKind.SHARE_MORE
        flag.save()

    [counts] = counted(lead, FIVE).teams

    kinds = dict(counts.kinds)
    assert counts.team == f"{team}, {team.site}"
    assert counts.people == 25
    assert kinds[BurdenKind.ONLY_PEER.label] == kinds[BurdenKind.SHARE_MORE.label] == 10


def test_what_is_noted_now_changes_nothing_until_the_quarter_is_over(lead):
    team = staffed(12, 5)
    before = counted(lead, FIVE)

    for spell in Spell.objects.filter(post__team=team):
        BurdenFlagFactory(
            person=spell.person, team=team, kind=BurdenKind.EXTRA_DUTY, noted_on=TODAY
        )

    BurdenFlag.objects.first().delete()
    actions.count_quarter(TODAY, FIVE)
    assert before.as_at == QUARTER
    assert burden_by_team(lead, TODAY) == before


def test_somebody_who_notes_it_often_is_one_person(lead):
    team = staffed(20, 4)
    person = BurdenFlag.objects.first().person
    for days in range(1, 9):
        day = NOTED + dt.timedelta(days=days)
        BurdenFlagFactory(person=person, team=team, noted_on=day)

    assert shown(lead) == []


def test_a_lead_of_one_site_reads_the_same_cells_of_its_teams_and_of_no_other(lead, user_with_role):
    own = staffed(12, 6, name="Own")
    staffed(12, 6, name="Other")
    limited = user_with_role("lead", site=own.site)

    assert shown(lead) == [("Other", 5), ("Own", 5)]
    assert shown(limited) == [("Own", 5)]


def test_the_page_names_nobody_takes_no_filter_and_says_why_it_is_empty(
    lead_client, settings, monkeypatch
):
    monkeypatch.setattr(
        "django.utils.timezone.now", lambda: dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
    )
    settings.SMALLEST_PUBLISHED_COUNT = 5
    empty = lead_client.get(url("burden-teams")).text
    assert "with few peer workers this page" in " ".join(empty.split())
    team = staffed(12, 6, name="Ward <3>")
    actions.count_quarter(TODAY, FIVE)
    one = queries_of(lead_client, url("burden-teams"))

    text = lead_client.get(url("burden-teams")).text

    assert "Ward &lt;3&gt;" in text
    assert "About 5 people noted something" in text
    person = BurdenFlag.objects.first().person
    assert person.last_name not in text
    assert str(person.pk) not in text
    again = lead_client.get(url("burden-teams"), {"team": str(team.pk), "as_at": "2026-11-23"})
    assert "About 5 people" in again.text
    for number in range(2):
        staffed(10, 5, name=f"Team {number}", site=team.site)
    BurdenQuarter.objects.all().delete()
    actions.count_quarter(TODAY, FIVE)
    assert queries_of(lead_client, url("burden-teams")) == one


# --- What nobody finds ----------------------------------------------------------------------------


def test_no_role_reads_it_and_it_stands_nowhere_but_in_its_encrypted_column(
    client, worker, team, supervisor, sign_in, user_with_role, caplog, mailoutbox, monkeypatch
):
    notes(client, team, words=f"{SECRET} a", addressed_to=str(supervisor.pk))
    flag = BurdenFlag.objects.get()
    for role in ROLES:
        visitor = sign_in(user_with_role(role))
        for page in (url("change-burden", flag.pk), url("shared-burden", flag.pk)):
            assert visitor.get(page).status_code == 404
        for page in [*pages_of_others(worker.person), url("burden-teams")]:
            assert SECRET not in visitor.get(page).text, (role, page)
    assert SECRET not in sign_in(supervisor).get(url("shared-burden", flag.pk)).text
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(actions, "check", lambda *_args: 1 / 0)
        answer = notes(client, team, words=f"{SECRET} b", kind="only_peer")

    assert (answer.status_code, SECRET in answer.text) == (500, False)
    assert BurdenFlag.objects.get().words == f"{SECRET} a"
    assert tables_with(SECRET) == []
    assert SECRET not in caplog.text
    assert mailoutbox == []
    assert BurdenFlag.owner_only
    assert not hasattr(BurdenFlag, "pgh_event_models")
