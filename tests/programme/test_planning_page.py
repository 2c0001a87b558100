"""The planning page: the question in the address, the answer in words, a picture and files."""

import csv
import datetime as dt
import io

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    PersonFactory,
    PostFactory,
    SiteFactory,
    SpellFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/planning/"
TODAY = dt.date(2026, 6, 1)
QUESTION = {
    "people": "12",
    **dict(zip(("on_0", "on_1", "on_2"), ["1", "6", "2028"], strict=True)),
    **dict(zip(("start_0", "start_1", "start_2"), ["1", "9", "2026"], strict=True)),
}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC), tick=False):
        yield


def add_programme(people: int = 28, *, site=None) -> None:
    """A cohort of whom 10 complete and 7 are employed and stay."""
    cohort = CohortFactory(site=site)
    post = PostFactory(team=TeamFactory(site=site or SiteFactory()))
    for number in range(people):
        person = PersonFactory(site=site)
        EnrolmentFactory(
            person=person,
            cohort=cohort,
            commenced_on=dt.date(2022, 1, 10),
            outcome="completed" if number < 10 else "withdrew",
            outcome_on=dt.date(2022, 4, 4),
        )
        if number < 7:
            SpellFactory(person=person, post=post, started_on=dt.date(2022, 6, 1))


def answer_of(client, **changed) -> dict:
    return client.get(f"{PAGE}planning.json", QUESTION | changed).json()


def test_the_answer_stands_in_a_sentence_and_in_every_file(lead_client):
    add_programme()

    page = " ".join(lead_client.get(PAGE, QUESTION).content.decode().split())
    answer = answer_of(lead_client)
    text = b"".join(lead_client.get(f"{PAGE}planning.csv", QUESTION).streaming_content)
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    picture = lead_client.get(f"{PAGE}planning.svg", QUESTION)

    needed = answer["starters_needed"]
    assert 15 < needed["middle"] < 45
    assert needed["low_95"] < needed["low_80"] < needed["middle"] < needed["high_80"]
    assert (
        f"To have 12 people in post on 1 June 2028, about {needed['middle']} people would need to "
        "start training on 1 September 2026." in page
    )
    assert f"from {needed['low_80']} to {needed['high_80']}" in page
    assert answer["evidence"] | {"person_months": None} == {
        "settled": 28,
        "completed": 10,
        "ready": 10,
        "employed": 7,
        "person_months": None,
        "left": 0,
    }
    assert [int(row["starters"]) for row in rows] == [r["starters"] for r in answer["rows"]]
    assert picture["Content-Type"] == "image/svg+xml"
    assert "People in post on 1 June 2028</title>" in picture.content.decode()


def test_a_row_of_the_answer_reaches_the_number_in_half_of_the_futures(lead_client):
    add_programme()

    answer = answer_of(lead_client)

    middle = answer["starters_needed"]["middle"]
    [row] = [row for row in answer["rows"] if row["starters"] == middle]
    assert row["chance_of_reaching"] == pytest.approx(0.5, abs=0.06)
    assert row["in_post"] in (11, 12, 13)
    assert answer == answer_of(lead_client)


def test_too_little_data_is_answered_in_words_and_with_no_number(lead_client):
    add_programme(people=12)

    page = " ".join(lead_client.get(PAGE, QUESTION).content.decode().split())
    answer = answer_of(lead_client)
    picture = lead_client.get(f"{PAGE}planning.svg", QUESTION)

    assert "Too little is recorded to answer" in page
    assert "Of 12 people it is settled whether they completed training" in page
    assert "would need to start" not in page
    assert (answer["starters_needed"], answer["rows"]) == (None, [])
    assert "Too little is recorded to draw" in picture.content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"people": "0"}, "The number of people must be 1 or more"),
        ({"people": "1\x00"}, "The number of people must be a whole number"),
        ({"on_2": "2025"}, "The day must be after today and within 10 years"),
        ({"start_2": "2029"}, "The start must be before the day you want people in post"),
        ({"start_2": "2020"}, "The start must be today or later"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(lead_client, changed, said):
    page = lead_client.get(PAGE, QUESTION | changed)
    file = lead_client.get(f"{PAGE}planning.csv", QUESTION | changed)

    assert said in page.content.decode()
    assert (file.status_code, said in file.content.decode()) == (400, True)


def test_a_lead_of_one_site_plans_with_the_records_of_that_site(user_with_role, sign_in):
    here, there = SiteFactory(), SiteFactory()
    add_programme(site=here)
    add_programme(site=there)
    client = sign_in(user_with_role("lead", site=here))

    assert answer_of(client)["evidence"]["settled"] == 28


def test_queries_do_not_grow_with_the_records(lead_client):
    numbers = []
    for _ in range(2):
        add_programme()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            lead_client.get(PAGE, QUESTION)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 20
