"""Establishment, what falls due, and leavers: what each list counts, filters and gives away."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.utils import timezone

from audit.models import Look
from programme.models import LeavingReason, TeamPreparation
from programme.retention import add_months
from tests.factories import (
    CareerBreakFactory,
    FundingFactory,
    PostFactory,
    ProbationReviewFactory,
    SpellFactory,
    TeamFactory,
    TeamPreparationFactory,
)
from tests.programme.pages import boxes, queries_of

pytestmark = pytest.mark.django_db
START = dt.date(2022, 6, 1)


def in_months(months: int) -> dt.date:
    return add_months(timezone.localdate(), months)


def downloaded(client, url: str) -> list[dict]:
    content = b"".join(client.get(url).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def address(url: str, **asked) -> str:
    return f"{url}?{'&'.join(f'{name}={value}' for name, value in asked.items())}"


# --- Establishment --------------------------------------------------------------------------------


def test_the_establishment_adds_up_by_team_and_band(lead_client):
    team = TeamFactory()
    soon = PostFactory(team=team, band="3", funded_wte="1.00", funding_ends_on=in_months(5))
    PostFactory(team=team, band="3", funded_wte="0.60", funding_ends_on=in_months(7))
    PostFactory(team=team, band="4", funded_wte="1.00")
    PostFactory(team=team, band="5", funded_wte="9.00", funding_ends_on=in_months(0))
    SpellFactory(post=soon, contracted_hours="15")
    away = SpellFactory(post=soon, contracted_hours="22.5")
    CareerBreakFactory(spell=away, starts_on=START)
    context = lead_client.get("/posts/establishment/").context
    assert [
        (line.band, line.funded_wte, line.filled_wte, line.vacancy, line.heads, line.on_break)
        for line in context["lines"]
    ] == [
        ("3", Decimal("1.60"), 1, Decimal("0.60"), 2, 1),
        ("4", 1, 0, 1, 0, 0),
    ]
    total = context["total"]
    assert (total.funded_wte, total.filled_wte, total.ending) == (Decimal("2.60"), 1, 1)
    assert "1 on a long break" in lead_client.get("/posts/establishment/").text
    [first, _] = downloaded(lead_client, "/posts/establishment.csv")
    assert (first["Vacancy WTE"], first["Of them on a long break"]) == ("0.60", "1")
    assert lead_client.get("/posts/establishment.xlsx").status_code == 200


def test_the_vacancy_rate_has_its_worked_value(lead_client):
    SpellFactory(post=PostFactory(funded_wte="3357"), contracted_hours="37.5")
    context = lead_client.get("/posts/establishment/").context
    context["total"].hours = Decimal(3023) * Decimal("37.5")
    assert (context["total"].vacancy, round(context["total"].vacancy_rate, 2)) == (
        334,
        Decimal("9.95"),
    )


def test_the_establishment_as_at_a_past_day_and_for_one_team(lead_client):
    post = PostFactory(funded_wte="1", funding_ends_on=dt.date(2023, 1, 1))
    SpellFactory(post=post, started_on=START, ended_on=dt.date(2023, 1, 1), contracted_hours="30")
    PostFactory()
    then = address("/posts/establishment/", team=post.team_id, as_at="31/12/2022")
    page = lead_client.get(then)
    [line] = page.context["lines"]
    assert (line.funded_wte, line.heads) == (1, 1)
    assert "As at 31 December 2022" in page.text
    assert not lead_client.get(address("/posts/establishment/", team=post.team_id)).context["lines"]
    future = address("/posts/establishment/", as_at=in_months(1))
    assert "As at must be today or in the past" in lead_client.get(future).text


# --- What falls due -------------------------------------------------------------------------------


def test_what_falls_due_is_listed_by_day_the_late_first(lead, lead_client):
    spell = SpellFactory(contract="fixed_term", contract_ends_on=in_months(2), started_on=START)
    ProbationReviewFactory(spell=spell, due_on=in_months(-1), month=3)
    ProbationReviewFactory(spell=spell, due_on=START, held_on=START, outcome="on_track")
    ProbationReviewFactory(
        spell=SpellFactory(started_on=START, ended_on=in_months(-2)), due_on=in_months(-1)
    )
    CareerBreakFactory(spell=spell, starts_on=START, ends_on=in_months(3))
    SpellFactory(started_on=in_months(1))
    SpellFactory(started_on=START, ended_on=in_months(5))
    PostFactory(funding_ends_on=in_months(4))
    PostFactory(funding_ends_on=in_months(-4))
    goes_on = PostFactory(funded_wte="1", funding_ends_on=in_months(2))
    FundingFactory(post=goes_on, starts_on=in_months(2))
    held = SpellFactory(post=PostFactory(funding_ends_on=in_months(-1)), started_on=START)
    FundingFactory(post=held.post, starts_on=in_months(-1))
    SpellFactory(started_on=in_months(8))
    rows = lead_client.get("/posts/ahead/").context["rows"]
    assert [(due.what, due.on, late) for due, _, late in rows] == [
        ("Month 3 probation review", in_months(-1), True),
        ("First day in post", in_months(1), False),
        ("Fixed term ends", in_months(2), False),
        ("First day back from a long break", in_months(3), False),
        ("Funding of the post ends", in_months(4), False),
        ("First day no longer in post", in_months(5), False),
    ]
    assert all(lead_client.get(where).status_code == 200 for _, where, _ in rows)
    assert Look.objects.filter(viewer_id=lead.pk, page="programme:ahead").count() == 3
    kinds = address("/posts/ahead/", kind="contract", team=spell.post.team_id)
    assert [due.kind for due, _, _ in lead_client.get(kinds).context["rows"]] == ["contract"]
    assert len(lead_client.get(address("/posts/ahead/", months="12")).context["rows"]) == 7
    [late, *_] = downloaded(lead_client, "/posts/ahead.csv")
    assert (late["What"], late["First name"], late["Late"]) == (
        "Month 3 probation review",
        "Zoë",
        "yes",
    )


# --- Leavers --------------------------------------------------------------------------------------


def test_leavers_are_those_whose_employment_ended(lead, lead_client):
    reason = LeavingReason.objects.get(name="Voluntary resignation - promotion")
    left = SpellFactory(started_on=START, ended_on=dt.date(2023, 6, 1), leaving_reason=reason)
    moved = SpellFactory(started_on=START, ended_on=dt.date(2023, 6, 1))
    SpellFactory(person=moved.person, started_on=dt.date(2023, 6, 8))
    again = SpellFactory(started_on=START, ended_on=dt.date(2023, 6, 1))
    SpellFactory(person=again.person, started_on=dt.date(2023, 6, 9))
    SpellFactory(started_on=START, ended_on=in_months(1))
    page = lead_client.get("/leavers/").context
    assert {spell.pk for spell in page["page"]} == {left.pk, again.pk}
    assert page["known"] == 1
    looks = Look.objects.filter(viewer_id=lead.pk, page="programme:leavers")
    assert set(looks.values_list("subject_id", flat=True)) == {left.person_id, again.person_id}

    def found(**asked) -> list:
        return [row.pk for row in lead_client.get(address("/leavers/", **asked)).context["page"]]

    assert found(group="resignation") == [left.pk]
    assert found(group="none", q=again.person.reference.lower()) == [again.pk]
    assert found(team=again.post.team_id, **boxes("since", dt.date(2023, 6, 1))) == [again.pk]
    assert found(**boxes("until", dt.date(2023, 5, 31))) == []
    [row] = downloaded(lead_client, address("/leavers/leavers.csv", group="resignation"))
    assert (row["Reason for leaving"], row["Left on"]) == (reason.name, "2023-06-01")


# --- All of them ----------------------------------------------------------------------------------

LISTS = ["/posts/establishment/", "/posts/ahead/", "/leavers/"]


@pytest.mark.parametrize("url", LISTS)
def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(lead_client, url):
    def row():
        SpellFactory(started_on=in_months(1))
        SpellFactory(started_on=START, ended_on=dt.date(2023, 1, 1))

    row()
    one = queries_of(lead_client, url)
    row()
    row()
    assert queries_of(lead_client, url) == one
    assert one <= 20


EMPTY = ["No posts yet", "Nothing falls due", "Nobody has left"]


@pytest.mark.parametrize(("url", "words"), list(zip(LISTS, EMPTY, strict=True)))
def test_a_list_says_so_when_it_is_empty_or_its_address_is_wrong(lead_client, url, words):
    assert words in lead_client.get(url).text
    wrong = lead_client.get(address(url, team="x"))
    assert list(wrong.context["form"].errors) == ["team"]
    assert "because something in the filters cannot be used" in wrong.text


# --- As at a past day -----------------------------------------------------------------------------


def test_what_fell_due_as_at_the_day_before_the_day_and_the_day_after(lead_client):
    held, ended = dt.date(2023, 6, 1), dt.date(2023, 9, 1)
    spell = SpellFactory(
        started_on=START, ended_on=ended, contract="fixed_term", contract_ends_on=ended
    )
    ProbationReviewFactory(
        spell=spell, due_on=dt.date(2023, 5, 1), month=6, held_on=held, outcome="on_track"
    )

    def due_at(day: dt.date) -> list[tuple]:
        page = lead_client.get(address("/posts/ahead/", as_at=day.isoformat()))
        assert f"As at {day.day} {day:%B %Y}" in page.text
        return [(due.what, due.on, late) for due, _, late in page.context["rows"]]

    review = ("Month 6 probation review", dt.date(2023, 5, 1))
    leaving = ("First day no longer in post", ended, False)
    day = dt.timedelta(days=1)
    assert due_at(dt.date(2023, 5, 1)) == [(*review, False), leaving]
    assert due_at(held - day) == [(*review, True), leaving]
    assert due_at(held) == [leaving]
    assert due_at(ended - day) == [leaving]
    assert due_at(ended) == []
    assert due_at(START - day) == [("First day in post", START, False)]
    then = address("/posts/ahead.csv", as_at=(held - day).isoformat())
    assert [row["Late"] for row in downloaded(lead_client, then)] == ["yes", "no"]
    assert "2023-05-31" in lead_client.get(then)["Content-Disposition"]
    assert (
        lead_client.get(address("/posts/ahead/", as_at="2023-05-31")).context["may_change"] is False
    )


def test_a_team_as_at_the_day_before_it_was_ready_the_day_and_today(lead_client):
    ready = dt.date(2023, 6, 1)
    team = TeamFactory(supervisor="Zoë", supervisor_trained_on=ready)
    TeamPreparationFactory(team=team, held_on=ready, by_peers=True)
    SpellFactory(post=PostFactory(team=team, funded_wte=None), started_on=ready)
    FundingFactory(post=PostFactory(team=team, funded_wte=None), starts_on=ready)

    def seen(as_at: str) -> tuple:
        page = lead_client.get(address(f"/posts/teams/{team.pk}/", as_at=as_at))
        [(_, missing)] = lead_client.get(address("/posts/teams/", as_at=as_at)).context["rows"]
        assert page.context["missing"] == missing
        facts = dict(page.context["facts"])
        sessions = len(
            downloaded(lead_client, f"/posts/teams/{team.pk}/sessions.csv?as_at={as_at}")
        )
        return missing, facts["Trained to do so"], facts["Peer workers in post"], sessions

    before = ["no session has prepared the team", "no training of its supervisor is recorded"]
    assert seen("2023-05-31") == (before, "Not by then", "None", 0)
    assert seen("2023-06-01") == seen("") == ([], "1 June 2023", "Yes", 1)
    [row] = downloaded(lead_client, "/posts/teams.csv?as_at=2023-05-31")
    assert (row["Trained to do so on"], row["Ready for peer workers"]) == ("", "no")
    page = lead_client.get(f"/posts/teams/{team.pk}/?as_at=2023-05-31").text
    assert "the name is the one recorded today" in page
    assert "No session had been held by then" in page
    assert "Change team" not in page
    future = lead_client.get(address(f"/posts/teams/{team.pk}/", as_at=in_months(1)))
    assert "As at must be today or in the past" in future.text


def test_a_past_day_takes_as_many_queries_for_three_rows_as_for_one(lead_client):
    team = TeamFactory()
    urls = ["/posts/ahead/", "/posts/teams/", f"/posts/teams/{team.pk}/"]

    def row():
        SpellFactory(started_on=START, ended_on=in_months(-1), post__team=team)
        TeamPreparationFactory(team=TeamFactory(), held_on=START)
        session = f"Session {TeamPreparation.objects.count()}"
        TeamPreparationFactory(team=team, held_on=START, session=session)

    def queries() -> list[int]:
        return [queries_of(lead_client, f"{url}?as_at={in_months(-2)}") for url in urls]

    row()
    one = queries()
    row()
    row()
    assert queries() == one
    assert max(one) <= 20
