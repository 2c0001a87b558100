"""The workforce report: everybody once, in a document and in a workbook, exact or published."""

import datetime as dt
import io
from collections import defaultdict

import pytest
from python_calamine import CalamineWorkbook

from lxp.dashboard import Asked
from programme.disclosure import Published, Rule
from programme.models import Person
from tests.design.test_pdf import words
from tests.factories import (
    EmployerFactory,
    EnrolmentFactory,
    LearningRecordFactory,
    PersonFactory,
    PostFactory,
    SiteFactory,
    SpellFactory,
    TeamFactory,
)
from tests.lxp.test_reports import figures_on, file_of, made, pdf_of

pytestmark = pytest.mark.django_db
QUESTIONS_ASKED = ("Contracts", "Pay bands", "Training", "Sites", "Progress in twelve months")


def sheets_of(client, **changed) -> dict[str, dict]:
    """Each sheet of the workbook: the first cell of a row, and its second."""
    content = file_of(client, made(client, kind="workforce-xlsx", **changed))
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        name: {row[0]: row[1] for row in book.get_sheet_by_name(name).to_python()[1:]}
        for name in book.sheet_names
    }


def add_workforce() -> None:
    """Twelve people: eight at band 3 for years, of whom two moved up within the year; four new."""
    site = SiteFactory(name="Northgate")
    team = TeamFactory(site=site, name="Crisis team")
    employer = EmployerFactory(name="The trust")
    low = PostFactory(team=team, employer=employer, band="3", title="Peer worker")
    high = PostFactory(team=team, employer=employer, band="4", title="Senior peer worker")
    for number in range(12):
        person = PersonFactory()
        kept = {"person": person, "contracted_hours": "18.75", "contract": "permanent"}
        if number < 8:
            began = dt.date(2022, 6, 1)
            EnrolmentFactory(
                person=person,
                commenced_on=dt.date(2022, 1, 10),
                outcome="completed",
                outcome_on=dt.date(2022, 4, 4),
            )
        else:
            began = dt.date(2024, 1, 1)
            kept["contract"] = "fixed_term" if number < 11 else ""
        moves = dt.date(2024, 2, 1) if number < 2 else None
        SpellFactory(post=low, started_on=began, ended_on=moves, **kept)
        if moves:
            SpellFactory(post=high, started_on=moves, **kept)
        if number == 5:
            LearningRecordFactory(
                person=person, learned_on=dt.date(2024, 3, 1), hours=6, hours_shared=True
            )
        if number == 6:
            LearningRecordFactory(person=person, learned_on=dt.date(2024, 3, 1), hours=9)


def test_the_workforce_report_counts_everybody_once_by_their_main_post(lead_client):
    add_workforce()

    sheets = sheets_of(lead_client)

    assert sheets["Peer workers in post"] == {"People in post": 12, "Whole-time equivalent": "6.00"}
    assert sheets["Contracts"] == {
        "Permanent": 8,
        "Fixed term": 3,
        "Not recorded": 1,
        "All": 12,
    }
    assert sheets["Pay bands"] == {"3": 10, "4": 2, "All": 12}
    assert sheets["Training"] == {
        "Completed here before the first day in post": 8,
        "Completed here since": 0,
        "Started here, not completed": 0,
        "No training here recorded": 4,
        "All": 12,
    }
    assert sheets["Sites"] == {"Northgate": 12, "All": 12}
    assert sheets["Teams"] == {"Crisis team, Northgate": 12}
    assert sheets["Progress in twelve months"] == {
        "Moved up": 2,
        "Moved to another post": 0,
        "In the same post": 6,
        "All": 8,
    }
    assert sheets["Learning in twelve months"] == {
        "People who let their hours be counted": "*",
        "Hours each, on average": "*",
    }
    missing = sheets["What is not held here"]
    assert missing["Sickness days per whole-time equivalent"] == "Not held here: from the HR system"
    assert missing["How likely groups are to be appointed (WRES 2, WDES 2)"] == (
        "Not held here: equality answers cannot be followed to an appointment"
    )
    assert set(sheets["About"]) >= {"As at", "Figures", "Contracts", "Training"}


def test_hours_of_learning_are_told_of_ten_and_rounded_to_leads_too(lead_client):
    add_workforce()
    day = dt.date(2024, 3, 2)
    for person in Person.objects.exclude(learning__hours_shared=True)[:10]:
        LearningRecordFactory(person=person, learned_on=day, hours=4, hours_shared=True)

    assert sheets_of(lead_client)["Learning in twelve months"] == {
        "People who let their hours be counted": 10,
        "Hours each, on average": 4,
    }


def test_a_published_workforce_report_has_no_small_number_and_no_team(lead_client):
    add_workforce()

    sheets = sheets_of(lead_client, mode="published")
    said = words(pdf_of(lead_client, kind="workforce", mode="published"))

    assert "Teams" not in sheets
    numbers = {
        cell
        for name, rows in sheets.items()
        if name != "About"
        for cell in rows.values()
        if isinstance(cell, int | float)
    }
    assert numbers <= {0, 10}
    assert sheets["Contracts"]["Fixed term"] == "*"
    assert "Fixed term * *" in said
    assert "Crisis team" not in said


def test_a_lead_of_one_site_gets_that_site_and_the_report_says_so(user_with_role, sign_in):
    add_workforce()
    other = SiteFactory(name="Riverside")
    SpellFactory(post=PostFactory(team=TeamFactory(site=other)))
    client = sign_in(user_with_role("lead", site=other))

    sheets = sheets_of(client)
    said = words(pdf_of(client, kind="workforce"))

    assert sheets["Peer workers in post"]["People in post"] == 1
    assert "These are the figures of: Riverside." in said
    assert "Northgate" not in said


def test_a_person_with_two_posts_counts_by_the_one_with_most_hours(lead_client):
    person = PersonFactory()
    for band, hours in (("3", "7.5"), ("5", "22.5")):
        post = PostFactory(band=band)
        SpellFactory(person=person, post=post, contracted_hours=hours)

    assert sheets_of(lead_client)["Pay bands"] == {"5": 1, "All": 1}


@pytest.mark.parametrize(("left", "shown"), [(0, "20"), (3, "15"), (13, "*")])
def test_people_in_post_are_published_as_the_dashboard_publishes_them(lead_client, left, shown):
    post = PostFactory()
    for number in range(20):
        ended = dt.date(2024, 3, 1) if number < left else None
        SpellFactory(post=post, started_on=dt.date(2022, 6, 1), ended_on=ended)
    page = lead_client.get("/dashboard/", {"as_at": "2024-06-30", "mode": "published"})

    people = sheets_of(lead_client, mode="published")["Peer workers in post"]["People in post"]

    assert ("In post", shown) in figures_on(page.content.decode())
    assert (people if shown == "*" else f"{people:g}") == shown


def test_what_the_dashboard_hides_is_hidden_in_every_table(lead_client, monkeypatch):
    post = PostFactory(band="3")
    for _ in range(20):
        SpellFactory(post=post, started_on=dt.date(2022, 6, 1))
    hides = Published(defaultdict(lambda: None), Rule())
    monkeypatch.setattr(Asked, "shown", hides)

    sheets = sheets_of(lead_client, mode="published")

    cells = {cell for name in QUESTIONS_ASKED for cell in sheets[name].values()}
    assert cells == {"*"}
