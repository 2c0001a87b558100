"""The list of people: who is in it, found how, in which order, and as a file."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from audit.models import Look
from programme.models import Person
from tests.factories import (
    ApplicationFactory,
    CohortFactory,
    EnrolmentFactory,
    PersonFactory,
    PostFactory,
    SiteFactory,
    SpellFactory,
)
from tests.programme.pages import queries_of

pytestmark = pytest.mark.django_db
LIST = "/people/"


def names(client, query: str = "") -> list[str]:
    """The names on the page, in order."""
    return [str(person) for person in client.get(f"{LIST}{query}").context["page"]]


def person(first: str, last: str, **fields) -> Person:
    return PersonFactory(first_name=first, last_name=last, **fields)


@pytest.fixture
def four(db) -> list[Person]:
    return [
        person("Zoë", "Ó Briain"),
        person("Łukasz", "Nowak"),
        person("小明", "王"),
        person("Siân", "O'Neill"),
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zo", ["Zoë Ó Briain"]),
        ("ZOË bri", ["Zoë Ó Briain"]),
        ("o br", ["Zoë Ó Briain"]),
        ("lu no", ["Łukasz Nowak"]),
        ("王", ["小明 王"]),
        ("o'n", ["Siân O'Neill"]),
        ("%", []),
        ("nobody", []),
    ],
)
def test_the_first_letters_of_names_find_people_without_accents_or_case(
    lead_client, four, typed, found
):
    assert names(lead_client, f"?q={typed.replace('%', '%25')}") == found


def test_a_reference_or_an_email_address_finds_its_person(lead_client, four):
    one = person("Amara", "Osei", reference="ESR-77", email="amara@example.org")
    assert names(lead_client, "?q=esr-77") == [str(one)]
    assert names(lead_client, "?q=amara@example") == [str(one)]


def test_a_row_says_where_somebody_is_and_since_when(lead_client):
    enrolment = EnrolmentFactory(cohort__name="LXP pilot", commenced_on=dt.date(2022, 1, 10))
    SpellFactory(
        person=enrolment.person,
        post__title="Peer worker",
        post__team__name="Ash Ward",
        started_on=dt.date(2022, 6, 1),
    )
    [(_, now)] = lead_client.get(LIST).context["rows"]
    assert (now.words, now.cohort, now.post, now.team, now.started_on) == (
        "In post since 1 June 2022",
        "LXP pilot",
        "Peer worker",
        "Ash Ward",
        dt.date(2022, 1, 10),
    )


@pytest.fixture
def places(db) -> None:
    """One person at each place."""
    day = dt.date(2022, 3, 1)
    cohort = CohortFactory()
    ApplicationFactory(person=person("", "Applied"), applied_on=day)
    EnrolmentFactory(person=person("", "Training"), cohort=cohort, commenced_on=day)
    for name, outcome in (("Completed", "completed"), ("Withdrew", "withdrew")):
        EnrolmentFactory(person=person("", name), cohort=cohort, outcome=outcome, outcome_on=day)
    SpellFactory(person=person("", "Posted"), started_on=day)
    SpellFactory(person=person("", "Gone"), started_on=day, ended_on=day + dt.timedelta(30))
    person("", "Nothing")


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("applied", ["Applied"]),
        ("in_training", ["Training"]),
        ("completed", ["Completed"]),
        ("did_not_complete", ["Withdrew"]),
        ("in_post", ["Posted"]),
        ("left", ["Gone"]),
    ],
)
def test_the_list_is_narrowed_to_a_place(lead_client, places, status, found):
    assert names(lead_client, f"?status={status}") == found


def test_the_list_is_narrowed_to_a_site_team_cohort_and_employer(lead_client):
    spell = SpellFactory(person=person("", "Posted"))
    enrolment = EnrolmentFactory(person=person("", "Trained"), cohort__site=SiteFactory())
    person("", "Nobody")
    post = spell.post
    assert names(lead_client, f"?site={post.team.site_id}") == ["Posted"]
    assert names(lead_client, f"?team={post.team_id}") == ["Posted"]
    assert names(lead_client, f"?employer={post.employer_id}") == ["Posted"]
    assert names(lead_client, f"?cohort={enrolment.cohort_id}") == ["Trained"]
    assert names(lead_client, f"?site={enrolment.cohort.site_id}") == ["Trained"]
    assert names(lead_client, f"?cohort={enrolment.cohort_id}&team={post.team_id}") == []


def test_people_in_post_in_a_team_are_those_in_it_now(lead_client):
    post = PostFactory()
    moved = person("", "Moved")
    day = dt.date(2022, 3, 1)
    SpellFactory(person=moved, post=post, started_on=day, ended_on=day + dt.timedelta(30))
    SpellFactory(person=moved, started_on=day + dt.timedelta(30))
    SpellFactory(person=person("", "Stayed"), post=post, started_on=day)
    assert names(lead_client, f"?team={post.team_id}") == ["Moved", "Stayed"]
    assert names(lead_client, f"?team={post.team_id}&status=in_post") == ["Stayed"]


def test_the_order_is_the_one_chosen(lead_client):
    early = SpellFactory(
        person=person("", "B", reference="3"), started_on=dt.date(2021, 1, 1)
    ).person
    late = SpellFactory(
        person=person("", "C", reference="1"), started_on=dt.date(2023, 1, 1)
    ).person
    never = person("", "A", reference="2")
    assert names(lead_client) == ["A", "B", "C"]
    assert names(lead_client, "?sort=reference") == [str(late), str(never), str(early)]
    assert names(lead_client, "?sort=newest") == ["C", "B", "A"]
    assert names(lead_client, "?sort=oldest") == ["B", "C", "A"]


@pytest.mark.parametrize(
    "query",
    [
        "?status=anything",
        "?team=not-a-uuid",
        "?team=00000000-0000-0000-0000-000000000000",
        "?sort=password",
        "?q=a%00b",
        "?site=%00",
        "?q=" + "a" * 201,
    ],
)
def test_an_address_that_makes_no_sense_shows_nobody_and_says_why(lead_client, query):
    person("Zoë", "Ó Briain")
    response = lead_client.get(LIST + query)
    assert (response.status_code, list(response.context["page"])) == (200, [])
    assert "There is a problem" in response.text


def test_25_people_are_on_a_page_and_pages_keep_the_filter(lead_client):
    PersonFactory.create_batch(26, first_name="", last_name="Twin")
    person("", "Other")
    first = lead_client.get(f"{LIST}?q=twin")
    assert len(first.context["page"]) == 25
    assert "Showing 1 to 25 of 26" in first.text
    assert "?q=twin&amp;page=2" in first.text
    assert names(lead_client, "?q=twin&page=2") == ["Twin"]
    assert names(lead_client, "?q=twin&page=99999") == ["Twin"]
    assert len(names(lead_client, "?page=nonsense")) == 25


def test_an_empty_list_says_what_to_do_next(lead_client):
    assert "No people yet" in lead_client.get(LIST).text
    person("", "One")
    assert "Nobody fits what you chose" in lead_client.get(f"{LIST}?q=x").text


def test_the_number_of_queries_does_not_grow_with_people(lead_client):
    def add_one():
        spell = SpellFactory()
        EnrolmentFactory(person=spell.person)
        ApplicationFactory(person=spell.person)

    add_one()
    one = queries_of(lead_client, LIST)
    add_one()
    add_one()
    assert queries_of(lead_client, LIST) == one
    assert one <= 20


def test_while_one_types_only_the_rows_are_sent(lead_client):
    person("Zoë", "Ó Briain")
    part = lead_client.get(f"{LIST}?q=zo", headers={"HX-Request": "true"})
    whole = lead_client.get(f"{LIST}?q=zo")
    assert part.text.strip().startswith("<p role")
    assert "<html" not in part.text
    assert part.text.strip() in whole.text
    assert "HX-Request" in part["Vary"]
    restored = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in lead_client.get(LIST, headers=restored).text


# --- Downloads ------------------------------------------------------------------------------------


def csv_rows(client, query: str = "") -> list[dict]:
    content = b"".join(client.get(f"{LIST}people.csv{query}").streaming_content)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_file_holds_the_rows_of_the_filtered_list(lead_client, places):
    assert [row["Last name"] for row in csv_rows(lead_client, "?status=in_post")] == ["Posted"]
    in_list = [str(one) for one in lead_client.get(LIST).context["page"]]
    assert [row["Last name"] for row in csv_rows(lead_client)] == in_list


def test_the_file_says_what_the_list_says(lead_client):
    spell = SpellFactory(
        person=person("=Zoë", "Ó Briain", reference="R1", email="zoe@example.org"),
        post__title="Peer worker",
        post__team__name="Ash",
        started_on=dt.date(2022, 6, 1),
    )
    EnrolmentFactory(person=spell.person, cohort__name="Pilot", commenced_on=dt.date(2022, 1, 10))
    assert csv_rows(lead_client) == [
        {
            "Reference": "R1",
            "First name": "'=Zoë",
            "Last name": "Ó Briain",
            "Email address": "zoe@example.org",
            "Site": "",
            "Where they are now": "In post",
            "Since": "2022-06-01",
            "Cohort": "Pilot",
            "Post": "Peer worker",
            "Team": "Ash",
            "Started": "2022-01-10",
        }
    ]


def test_the_workbook_holds_the_same_rows_with_real_dates(lead_client):
    SpellFactory(person=person("王", "Łukasz"), started_on=dt.date(2022, 6, 1))
    response = lead_client.get(f"{LIST}people.xlsx?q=lukasz")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response)))
    heading, row = book.get_sheet_by_index(0).to_python()
    assert [row[heading.index(column)] for column in ("First name", "Last name", "Since")] == [
        "王",
        "Łukasz",
        dt.date(2022, 6, 1),
    ]


def test_a_file_of_nobody_has_its_headings(lead_client):
    content = b"".join(lead_client.get(f"{LIST}people.csv").streaming_content)
    assert content.decode("utf-8-sig").count("\r\n") == 1


def test_a_lead_of_one_site_downloads_that_site_only(user_with_role, sign_in):
    own = SiteFactory()
    person("", "Ours", site=own)
    person("", "Theirs", site=SiteFactory())
    client = sign_in(user_with_role("lead", site=own))
    assert [row["Last name"] for row in csv_rows(client)] == ["Ours"]
    assert names(client) == ["Ours"]


def test_a_download_is_a_look_at_everybody_else_in_it(lead, lead_client):
    one, two = person("", "One"), person("", "Two")
    person("", "Myself", user=lead)
    csv_rows(lead_client)
    lead_client.get(f"{LIST}people.xlsx?q=one")
    looks = set(Look.objects.values_list("viewer_id", "subject_id", "page"))
    assert looks == {
        (lead.pk, one.pk, "programme:people-csv"),
        (lead.pk, two.pk, "programme:people-csv"),
        (lead.pk, one.pk, "programme:people-xlsx"),
    }


def test_many_rows_take_as_many_queries_as_one(lead_client):
    person("", "One")
    with CaptureQueriesContext(connection) as one:
        csv_rows(lead_client)
    PersonFactory.create_batch(40)
    with CaptureQueriesContext(connection) as many:
        csv_rows(lead_client)
    assert len(many) == len(one)
