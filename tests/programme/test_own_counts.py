"""WRES 2, WDES 2 and sickness absence from own counts: worked values, refusals, no trace."""

import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from programme.own_counts import Absence, Appointed, relative_likelihood, sickness_rate

COUNTS = st.integers(5, 10_000)
ETHNICITY = "/dashboard/own-counts/ethnicity/"
DISABILITY = "/dashboard/own-counts/disability/"
SICKNESS = "/dashboard/own-counts/sickness/"


@st.composite
def groups(draw) -> Appointed:
    appointed = draw(COUNTS)
    return Appointed(appointed + draw(st.integers(0, 10_000)), appointed)


def sent(first: tuple, second: tuple) -> dict[str, str]:
    names = ("first_shortlisted", "first_appointed", "second_shortlisted", "second_appointed")
    return dict(zip(names, map(str, (*first, *second)), strict=True))


# --- The arithmetic -------------------------------------------------------------------------------


def test_the_relative_likelihood_has_its_worked_value():
    first, second = Appointed(10_000, 4_699), Appointed(10_000, 1_465)

    assert (first.share, second.share) == (46.99, 14.65)
    assert round(relative_likelihood(first, second), 2) == 3.21


@given(groups(), groups(), st.integers(1, 50))
def test_a_likelihood_is_one_for_equals_turns_round_and_knows_no_scale(first, second, times):
    found = relative_likelihood(first, second)
    more = Appointed(first.shortlisted * times, first.appointed * times)

    assert relative_likelihood(first, first) == 1
    assert found * relative_likelihood(second, first) == pytest.approx(1)
    assert relative_likelihood(more, second) == pytest.approx(found)
    assert found == pytest.approx(first.share / second.share)


@pytest.mark.parametrize("place", range(4))
def test_a_likelihood_with_a_count_below_five_is_not_worked_out(place):
    counts = [5, 5, 5, 5]
    assert relative_likelihood(Appointed(*counts[:2]), Appointed(*counts[2:])) == 1

    counts[place] = 4

    assert relative_likelihood(Appointed(*counts[:2]), Appointed(*counts[2:])) is None


@pytest.mark.parametrize(
    ("absence", "rate"),
    [
        (Absence(10, 7300, 312.5), 4.28),
        (Absence(9, 7300, 312.5), None),
        (Absence(10, 0, 0), None),
        (Absence(20, 7300, 0), 0),
        (Absence(20, 7300, 7300), 100),
    ],
)
def test_the_sickness_absence_rate(absence, rate):
    found = sickness_rate(absence)

    assert (found if found is None else round(found, 2)) == rate


@given(st.integers(10, 500), st.floats(0, 1), st.floats(1, 1e6))
def test_a_rate_is_the_share_of_the_days(people, part, days):
    assert sickness_rate(Absence(people, days, days * part)) == pytest.approx(100 * part)


# --- The pages ------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            ETHNICITY,
            (
                "White people were 3.21 times as likely to be appointed from shortlisting as Black "
                "and minority ethnic people."
            ),
        ),
        (
            DISABILITY,
            (
                "People without a disability were 3.21 times as likely to be appointed from "
                "shortlisting as disabled people."
            ),
        ),
    ],
)
def test_a_lead_reads_a_likelihood_with_its_parts(lead_client, url, said):
    page = lead_client.post(url, sent((83, 39), (314, 46)))

    assert page.context["answer"] == said
    assert [value for _, value in page.context["rows"]] == ["39 of 83 (47.0%)", "46 of 314 (14.6%)"]
    small = lead_client.post(url, sent((83, 39), (314, 4)))
    assert small.context["answer"] == "Not worked out: one of the four counts is below 5."
    nobody = lead_client.post(url, sent((83, 39), (0, 0))).context["rows"]
    assert [value for _, value in nobody] == ["39 of 83 (47.0%)", "0 of 0 (not applicable)"]


@pytest.mark.django_db
def test_a_lead_reads_the_sickness_absence_of_ten_and_not_of_nine(lead_client):
    asked = {"people": "10", "days_available": "7300", "days_absent": "312.5"}

    page = lead_client.post(SICKNESS, asked).context

    assert page["answer"] == "4.3% of the days available were absent for sickness."
    assert dict(page["rows"])["Whole-time equivalent days"] == "312.5 of 7,300 (4.3%)"
    few = lead_client.post(SICKNESS, asked | {"people": "9"}).context
    assert few["answer"] == "Not worked out: the group has fewer than 10 people."
    assert few["rows"] == []
    none = lead_client.post(SICKNESS, asked | {"days_available": "0", "days_absent": "0"})
    assert none.context["answer"] == "Not applicable: there are no days to divide by."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "asked", "errors"),
    [
        (
            ETHNICITY,
            sent((10, 11), (10, 5)),
            {"first_appointed": ["No more people can be appointed than were shortlisted"]},
        ),
        (
            SICKNESS,
            {"people": "12", "days_available": "10", "days_absent": "10.01"},
            {"days_absent": ["No more days can be absent than were available"]},
        ),
        (
            SICKNESS,
            {"people": "", "days_available": "10", "days_absent": "1"},
            {"people": ["Enter how many people are in the group"]},
        ),
    ],
)
def test_what_cannot_be_is_said_beside_its_box_and_nothing_typed_is_lost(
    lead_client, url, asked, errors
):
    page = lead_client.post(url, asked)

    assert page.context["form"].errors == errors
    assert page.context["answer"] == ""
    assert {name: page.context["form"][name].value() for name in asked} == asked


@pytest.mark.django_db
def test_nothing_that_was_typed_is_written_anywhere(lead_client, caplog):
    with CaptureQueriesContext(connection) as queries, caplog.at_level(logging.DEBUG):
        page = lead_client.post(ETHNICITY, sent((83_917, 39_917), (31_917, 4_917)))

    assert "39,917 of 83,917" in page.text
    assert [one["sql"] for one in queries if not one["sql"].startswith("SELECT")] == []
    said = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert [words for words in said if "917" in words] == []
    assert page["Cache-Control"] == lead_client.get("/dashboard/").headers["Cache-Control"]
