"""All figures on one page and as files, internal and published."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lxp.figures_words import WORDS
from programme.models import LeavingReason
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    FundingFactory,
    PersonFactory,
    PostFactory,
    SiteFactory,
    SpellFactory,
)
from tests.factories.recruitment import ApplicantFactory, RoundFactory
from tests.lxp.test_dashboard import COMMENCED, COMPLETED, STARTED, add_pilot, rows_of

pytestmark = pytest.mark.django_db

AS_AT = "2024-06-01"
QUARTER = "2024-06-30"


def figures(client, **query) -> dict[str, tuple]:
    answer = client.get("/dashboard/figures.json", {"as_at": AS_AT} | query).json()
    return {
        one["figure"]: (one["numerator"], one["denominator"], one["value"])
        for one in answer["figures"]
    }


def reasons(client, **query) -> dict[str, int]:
    answer = client.get("/dashboard/figures.json", {"as_at": AS_AT} | query).json()
    return {one["reason"]: one["people"] for one in answer["leavers_by_reason"]}


def add_leavers(number: int, reason: str | None, ended_on: dt.date, hours: str = "15") -> None:
    found = LeavingReason.objects.get(name=reason) if reason else None
    post = PostFactory()
    for _ in range(number):
        SpellFactory(
            post=post,
            started_on=STARTED,
            ended_on=ended_on,
            leaving_reason=found,
            contracted_hours=hours,
        )


def test_every_figure_of_the_pilot(lead_client):
    add_pilot()

    found = figures(lead_client)

    assert found == {
        "conversion_commenced": (28, 28, 1.0),
        "conversion_completed": (10, 28, 10 / 28),
        "conversion_employed": (7, 10, 0.7),
        "conversion_in_post_24_months": (7, 7, 1.0),
        "conversion_overall": (7, 28, 0.25),
        "attrition": (18, 28, 18 / 28),
        "milestone_6": (7, 7, 1.0),
        "milestone_12": (7, 7, 1.0),
        "milestone_24": (7, 7, 1.0),
        "stability": (7, 7, 1.0),
        "one_year_service": (7, 7, 1.0),
        "turnover_heads": (0, 7.0, 0.0),
        "turnover_wte": (0, pytest.approx(4.2), 0.0),
        "vacancy": (pytest.approx(0.8), 5.0, pytest.approx(0.16)),
        "time_to_hire_median": (None, 0, None),
        "time_to_hire_90": (None, 0, None),
        "reasons_known": (0, 0, None),
    }


def test_the_page_says_them_in_sentences_and_how_each_is_worked_out(lead_client):
    add_pilot()

    page = lead_client.get("/dashboard/figures/", {"as_at": AS_AT}).content.decode()

    assert (
        "18 of 28 people who started training in cohorts that have closed did not complete (64.3%)."
        in page
    )
    assert "0.80 of 5 funded WTE was not filled (16.0%)." in page
    assert "Nobody was hired through a round for a vacancy." in page
    assert "on a career break or maternity leave counts as in post" in page
    assert page.count("How this is worked out") == page.count("<section") == 9
    assert "as at 1 June 2024" in page
    dashboard = lead_client.get("/dashboard/", {"as_at": AS_AT}).text
    assert "All figures, and how each is worked out" in dashboard


def test_leavers_are_counted_by_the_group_of_their_reason(lead_client):
    left = dt.date(2024, 1, 15)
    add_leavers(3, "Voluntary resignation - health", left)
    add_leavers(2, "Retirement age", left)
    add_leavers(2, "Unknown", left)
    add_leavers(1, None, left)
    add_leavers(4, None, dt.date(2023, 6, 1))  # the day before the twelve months

    found = reasons(lead_client)

    assert {reason: people for reason, people in found.items() if people} == {
        "Resignation": 3,
        "Retirement": 2,
        "Not recorded": 3,
        "Total": 8,
    }
    assert figures(lead_client)["reasons_known"] == (5, 8, 0.625)


def test_turnover_by_wte_has_the_hours_of_the_leavers(lead_client):
    add_leavers(1, None, dt.date(2024, 1, 15), hours="37.5")
    SpellFactory(started_on=STARTED, contracted_hours="15")
    found = figures(lead_client)
    assert found["turnover_heads"] == (1, 1.5, pytest.approx(2 / 3))
    assert found["turnover_wte"] == (1.0, pytest.approx(0.9), pytest.approx(1 / 0.9))


def test_attrition_leaves_out_open_cohorts_and_counts_a_person_once(lead_client):
    closed = CohortFactory(ends_on=COMPLETED)
    ends_later = CohortFactory(ends_on=dt.date(2024, 12, 1))
    without_end = CohortFactory(ends_on=None)
    person = PersonFactory()
    for cohort, outcome in ((closed, "withdrew"), (without_end, "completed")):
        EnrolmentFactory(
            person=person,
            cohort=cohort,
            commenced_on=COMMENCED,
            outcome=outcome,
            outcome_on=COMPLETED,
        )
    EnrolmentFactory(
        cohort=closed, commenced_on=COMMENCED, outcome="withdrew", outcome_on=COMPLETED
    )
    EnrolmentFactory(
        cohort=closed, commenced_on=COMMENCED, outcome="deferred", outcome_on=COMPLETED
    )
    EnrolmentFactory(
        cohort=ends_later, commenced_on=COMMENCED, outcome="withdrew", outcome_on=COMPLETED
    )
    assert figures(lead_client)["attrition"] == (1, 3, pytest.approx(1 / 3))
    before = (COMPLETED - dt.timedelta(1)).isoformat()
    assert figures(lead_client, as_at=before)["attrition"] == (0, 0, None)


def test_time_to_hire_is_of_vacancies_filled_within_the_year(lead_client):
    advertised = dt.date(2024, 1, 1)
    vacancy = RoundFactory(opens_on=advertised, published_on=advertised)
    intake = RoundFactory(kind="intake", opens_on=advertised, published_on=advertised)
    for round_, days in ((vacancy, 42), (vacancy, 60), (intake, 5), (vacancy, 200)):
        at = timezone.make_aware(dt.datetime(2024, 1, 1, 12)) + dt.timedelta(days)
        ApplicantFactory(round=round_, kind="appointed", submitted_at=at, stage_since=at)
    found = figures(lead_client)
    assert found["time_to_hire_median"] == (None, 2, 51)
    assert found["time_to_hire_90"] == (None, 2, 60)
    assert figures(lead_client, as_at="2023-12-31")["time_to_hire_90"] == (None, 0, None)


def test_posts_whose_funding_had_ended_by_the_day_have_no_vacancies(lead_client):
    PostFactory(funded_wte=2)
    PostFactory(funded_wte=3, funding_ends_on=AS_AT)
    assert figures(lead_client)["vacancy"] == (2.0, 2.0, 1.0)
    assert figures(lead_client, as_at="2024-05-31")["vacancy"] == (5.0, 5.0, 1.0)


def test_vacancies_of_a_past_day_are_of_what_was_funded_then(lead_client):
    post = PostFactory(funded_wte=3, funding_ends_on=AS_AT)
    FundingFactory(post=post, wte=2, starts_on=AS_AT)
    assert figures(lead_client)["vacancy"] == (2.0, 2.0, 1.0)
    assert figures(lead_client, as_at="2024-05-31")["vacancy"] == (3.0, 3.0, 1.0)


def test_more_in_post_than_funded_is_said_without_a_sign(lead_client):
    SpellFactory(started_on=STARTED, contracted_hours="37.5", post=PostFactory(funded_wte="0.8"))
    page = lead_client.get("/dashboard/figures/", {"as_at": AS_AT}).content.decode()
    assert "0.20 WTE more than the 0.80 WTE funded was in post (-25.0%)." in page


def test_a_lead_of_one_site_has_its_figures(user_with_role, sign_in):
    add_pilot()
    client = sign_in(user_with_role("lead", site=SiteFactory()))
    assert figures(client)["conversion_completed"] == (0, 0, None)


# --- Published ------------------------------------------------------------------------------------


def test_the_pilots_figures_are_published_where_nobody_could_be_told(lead_client):
    add_pilot()

    found = figures(lead_client, as_at=QUARTER, mode="published")

    shown = {name: numbers for name, numbers in found.items() if numbers != (None, None, None)}
    assert shown == {
        "conversion_commenced": (30, 30, 1.0),
        "conversion_completed": (10, 30, 0.33),
        "attrition": (20, 30, 0.67),
        "time_to_hire_median": (None, 0, None),
        "time_to_hire_90": (None, 0, None),
    }  # that nobody left would tell that all of a few are still in post


def add_large_programme() -> None:
    """84 trained and 60 employed, of whom 21 left; two of these for a reason few had."""
    add_pilot(people=84, completed=66, employed=39)
    add_leavers(12, "Voluntary resignation - health", dt.date(2024, 1, 15))
    add_leavers(9, "Retirement age", dt.date(2024, 1, 15))
    add_leavers(2, "Dismissal - conduct", dt.date(2024, 1, 15))


def test_page_and_files_hide_the_same_cells(lead_client):
    add_large_programme()
    at = timezone.make_aware(dt.datetime(2024, 3, 1, 12))
    advertised = dt.date(2024, 1, 1)
    vacancy = RoundFactory(opens_on=advertised, published_on=advertised)
    for _ in range(3):
        ApplicantFactory(round=vacancy, kind="appointed", submitted_at=at, stage_since=at)
    query = {"as_at": QUARTER, "mode": "published"}

    page = lead_client.get("/dashboard/figures/", query).content.decode()
    answer = lead_client.get("/dashboard/figures.json", query).json()
    csv = rows_of(lead_client.get("/dashboard/figures.csv", query))

    rows = re.findall(r'<tr class="nhsuk-table__row">(.*?)</tr>', page, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows if "<td" in row]
    assert len(cells) == len(csv) == len(answer["figures"]) + len(answer["leavers_by_reason"])
    hidden = 0
    by_figure = {row["figure"]: row for row in csv}
    on_page = {words[0]: words for words in cells}
    for one in answer["figures"]:
        line, words = by_figure[one["figure"]], on_page[WORDS[one["figure"]].name]
        stars = [line["value"] == "*", words[1] == "*", words[2] == "*", words[3] == "*"]
        assert stars == [one["hidden"]] * 4
        assert not one["hidden"] or one["value"] is None
        hidden += one["hidden"]
    for one, line in zip(answer["leavers_by_reason"], csv[len(answer["figures"]) :], strict=True):
        written = "*" if one["people"] is None else str(one["people"])
        assert (line["reason"], line["numerator"]) == (one["reason"], written)
        assert on_page[one["reason"]][1] == written
    assert 0 < hidden < len(answer["figures"])


def test_leavers_by_reason_are_published_without_telling_the_two(lead_client):
    add_large_programme()
    found = reasons(lead_client, as_at=QUARTER, mode="published")
    assert (found["Resignation"], found["Dismissal"], found["Total"]) == (10, None, 25)
    assert found["Retirement"] is None  # beside the one hidden count the smallest other


def test_the_dashboard_and_all_figures_publish_one_number_in_one_way(lead_client):
    add_large_programme()
    query = {"as_at": QUARTER, "mode": "published"}
    stages = lead_client.get("/dashboard/funnel.json", query).json()["stages"]
    milestones = lead_client.get("/dashboard/retention.json", query).json()["groups"][0]
    found = figures(lead_client, **query)
    for stage in stages[1:]:
        assert found[f"conversion_{stage['stage']}"][2] == stage["of_previous"]
    for one in milestones["milestones"]:
        assert found[f"milestone_{one['months']}"] == (
            one["in_post"],
            one["eligible"],
            one["share"],
        )


def test_an_evaluator_reads_them_published_and_whole_percents(user_with_role, sign_in):
    add_pilot()
    page = sign_in(user_with_role("evaluator")).get("/dashboard/figures/").content.decode()
    assert ">Published</p>" in page
    assert not re.findall(r"\d\.\d%", page)
    addresses = re.findall(r'href="(/dashboard/[a-z./]*\?[^"]*)"', page)
    assert len(addresses) == 3
    assert all("mode=published" in address for address in addresses)


# --- Size -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["internal", "published"])
@pytest.mark.parametrize("address", ["/dashboard/figures/", "/dashboard/figures.json"])
def test_the_number_of_queries_does_not_depend_on_the_number_of_people(lead_client, address, mode):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert lead_client.get(address, {"mode": mode}).status_code == 200
        return len(captured)

    add_leavers(1, "Retirement age", dt.date(2024, 1, 15))
    queries()
    one = queries()
    add_leavers(2, "Retirement age", dt.date(2024, 1, 15))
    assert queries() == one <= 20
