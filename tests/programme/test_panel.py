"""A round's panel: who may read what, separate scores, and how they add up."""

import datetime as dt

import pytest
from django.test import Client

from programme.models import Applicant, PanelConflict, PanelScore
from programme.panel import result, summaries
from tests.factories import (
    ApplicantFactory,
    PanelMemberFactory,
    PanelScoreFactory,
    ScoringCriterionFactory,
)
from tests.programme.pages import queries_of

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


@pytest.fixture
def row(db) -> Applicant:
    """An application at shortlisting, with one criterion to score."""
    row = ApplicantFactory(
        kind="shortlisting",
        statement="how I would use it",
        adjustments="a hearing loop",
        phone="01632 960001",
    )
    ScoringCriterionFactory(round=row.round, name="Uses experience", highest=4)
    return row


@pytest.fixture
def member(row, user_with_role):
    user = user_with_role("panel_member", site=row.round.site)
    return PanelMemberFactory(round=row.round, user=user)


@pytest.fixture
def client(member, sign_in) -> Client:
    return sign_in(member.user)


def page_of(row: Applicant, rest: str = "") -> str:
    return f"/recruitment/{row.round_id}/panel/{row.pk}/{rest}"


def score(client: Client, row: Applicant, score: str = "3", then: str = "submit", comment=""):
    sent = {"score_0": score, "comment_0": comment, "then": then}
    return client.post(page_of(row), sent, follow=True)


# --- Who reads what -------------------------------------------------------------------------------


def test_a_member_reads_the_statement_and_no_way_to_reach_or_adjust(client, row):
    page = client.get(page_of(row))
    assert "how I would use it" in page.text
    for kept in (row.email, row.phone, row.adjustments):
        assert kept not in page.text


@pytest.mark.parametrize("kind", ["applied", "offer", "not_selected", "appointed"])
def test_an_application_is_closed_to_the_panel_before_and_after_it_scores(client, row, kind):
    row.stage = row.round.stages.get(kind=kind)
    row.save(update_fields=["stage"])
    assert client.get(page_of(row)).status_code == 404
    assert client.post(page_of(row), {"score_0": "3"}).status_code == 404
    assert not PanelScore.objects.exists()


def test_other_rounds_and_leads_without_a_seat_read_nothing(client, lead_client, row):
    other = ApplicantFactory(kind="shortlisting", round__site=row.round.site)
    assert client.get(page_of(other)).status_code == 404
    assert client.get(f"/recruitment/{other.round_id}/panel/").status_code == 404
    assert client.get(f"/recruitment/{row.round_id}/board/").status_code == 403
    assert lead_client.get(page_of(row)).status_code == 404


def test_nobody_scores_their_own_application(client, member, row):
    row.email = member.user.email.upper()
    row.save(update_fields=["email"])
    assert client.get(page_of(row)).status_code == 404


def test_who_may_not_score_says_so_and_it_is_closed(client, member, row):
    client.post(page_of(row, "conflict/"))
    page = client.get(page_of(row))
    assert "how I would use it" not in page.text
    score(client, row)
    assert not PanelScore.objects.exists()
    client.post(page_of(row, "conflict/"), {"may_score": "yes"})
    assert not PanelConflict.objects.exists()
    assert "how I would use it" in client.get(page_of(row)).text


# --- Scoring --------------------------------------------------------------------------------------


def test_others_scores_are_seen_only_after_ones_own(client, row):
    criterion = row.round.criteria.get()
    PanelScoreFactory(
        applicant=row, criterion=criterion, score=4, comment="clear example", submitted_at=AT
    )
    PanelScoreFactory(applicant=row, criterion=criterion, score=1, comment="a draft of another")
    page = client.get(page_of(row))
    assert (page.context["others"], "clear example" in page.text) == ([], False)
    score(client, row, then="keep", comment="mine, Łukasz 王")
    page = client.get(page_of(row))
    assert (page.context["others"], "clear example" in page.text) == ([], False)
    assert "mine, Łukasz 王" in page.text
    score(client, row)
    page = client.get(page_of(row))
    assert "clear example" in page.text
    assert "a draft of another" not in page.text


@pytest.mark.parametrize("wrong", ["", "5", "-1", "x", "\0"])
def test_a_score_outside_the_range_is_not_submitted(client, row, wrong):
    assert score(client, row, wrong).status_code == 200
    assert not PanelScore.objects.filter(submitted_at__isnull=False).exists()


def test_what_is_submitted_stays(client, row):
    score(client, row, "3")
    assert "has your scores already" in score(client, row, "1").context["form"].errors["__all__"][0]
    assert PanelScore.objects.get().score == 3


# --- Results --------------------------------------------------------------------------------------


def test_a_result_waits_for_everybody_who_may_score():
    assert result([6, 9], 3, 12).words == "2 of 3 scored"
    assert result([6, 9], 2, 12).words == "7.5 of 12"
    assert result([], 0, 12).words == "0 of 0 scored"


def test_the_lead_sees_results_when_all_have_scored_but_for_conflicts(lead_client, client, row):
    away = PanelMemberFactory(round=row.round)
    later = ApplicantFactory(round=row.round, kind="shortlisting", last_name="Later")
    score(client, row, "3")
    score(client, later, "4")
    assert [summary.shortlisting.words for summary in summaries(row.round)] == [
        "1 of 2 scored",
        "1 of 2 scored",
    ]
    PanelConflict.objects.create(applicant=later, member=away, at=AT)
    page = lead_client.get(f"/recruitment/{row.round_id}/panel/scores/").context["page"]
    assert [(one.applicant, one.shortlisting.words) for one in page] == [
        (later, "4.0 of 4"),
        (row, "1 of 2 scored"),
    ]


# --- The lead's part ------------------------------------------------------------------------------


def test_a_lead_makes_a_panel_and_what_was_scored_stays(lead_client, user_with_role, row):
    setup = f"/recruitment/{row.round_id}/panel/setup/"
    here = user_with_role("panel_member", site=row.round.site)
    elsewhere = user_with_role("trainer")
    page = lead_client.get(setup + "members/add/")
    assert here in page.context["form"].fields["user"].queryset
    assert elsewhere not in page.context["form"].fields["user"].queryset
    lead_client.post(setup + "members/add/", {"user": here.pk})
    member = row.round.panel_members.get(user=here)
    sent = {"name": "Boundaries", "hint": "", "used_at": "shortlisting", "highest": "5"}
    lead_client.post(setup + "criteria/add/", sent)
    criterion = row.round.criteria.get(name="Boundaries")
    PanelScoreFactory(applicant=row, member=member, criterion=criterion, submitted_at=AT)
    for part in (f"members/{member.pk}/remove/", f"criteria/{criterion.pk}/remove/"):
        assert "There are scores already" in lead_client.post(setup + part, follow=True).text
    again = lead_client.post(setup + "criteria/add/", sent | {"name": "Late"})
    assert "Somebody has scored this stage already" in again.text
    free = row.round.criteria.get(name="Uses experience")
    lead_client.post(f"{setup}criteria/{free.pk}/remove/")
    assert list(row.round.criteria.all()) == [criterion]


def test_the_number_of_queries_does_not_grow(client, lead_client, member, row):
    pages = [
        (client, "/recruitment/panels/"),
        (client, f"/recruitment/{row.round_id}/panel/"),
        (client, page_of(row)),
        (lead_client, f"/recruitment/{row.round_id}/panel/setup/"),
        (lead_client, f"/recruitment/{row.round_id}/panel/scores/"),
    ]
    score(client, row)
    one = [queries_of(who, page) for who, page in pages]
    for _ in range(2):
        more = ApplicantFactory(round=row.round, kind="shortlisting")
        other = PanelMemberFactory(round=row.round)
        PanelMemberFactory(user=member.user, round__site=row.round.site)
        for each in (row, more):
            PanelScoreFactory(
                applicant=each,
                member=other,
                criterion=row.round.criteria.get(),
                submitted_at=AT,
            )
    assert [queries_of(who, page) for who, page in pages] == one
    assert max(one) <= 20
