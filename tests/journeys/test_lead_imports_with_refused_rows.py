"""A lead imports a sheet of 500 rows of which 25 are wrong, and ends with all 500 recorded."""

import csv
import datetime as dt
import io

import pytest
from playwright.sync_api import Page, expect

from programme.models import Enrolment, Person, Spell
from tests.factories import RoleGrantFactory, SiteFactory, UserFactory

ROWS, BAD_ROWS = 500, 25
# What is wrong with each fifth bad row: the column, what stands there, and what should.
MISTAKES = [
    ("last_name", "", "Świątek"),
    ("commenced_on", "31/02/2025", "03/03/2025"),
    ("outcome_on", "01/02/2025", "30/05/2025"),
    ("started_on", "soon", "02/06/2025"),
    ("contracted_hours", "seventy", "22.5"),
]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def good_row(number: int) -> dict[str, str]:
    applied_on = dt.date(2024, 10, 1) + dt.timedelta(number % 90)
    return {
        "reference": f"ESR-{number:04}",
        "first_name": ("Zoë", "Łukasz", "Aoife", "Maya")[number % 4],
        "last_name": ("Ó Briain", "王", "Okafor-Fernández")[number % 3],
        "employer": "Example NHS Trust",
        "site": "Northgate Hospital",
        "team": f"Team {number % 7}",
        "applied_on": f"{applied_on:%d/%m/%Y}",
        "cohort": f"Cohort {number // 25}",
        "commenced_on": "03/03/2025",
        "outcome": "Completed",
        "outcome_on": "30/05/2025",
        "post": "Peer worker",
        "band": "3",
        "contracted_hours": "22.5",
        "started_on": "02/06/2025",
    }


def spoilt(rows: list[dict]) -> dict[str, tuple[str, str, str]]:
    """Make each twentieth row wrong; the mistake of each, by reference."""
    mistakes = {}
    for number, row in enumerate(rows[::20]):
        column, wrong, _ = mistake = MISTAKES[number % len(MISTAKES)]
        row[column] = wrong
        mistakes[row["reference"]] = mistake
    return mistakes


def as_file(rows: list[dict]) -> dict:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return {"name": "staff.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}


def check_file(page: Page, rows: list[dict]) -> None:
    page.goto("/import/")
    page.locator("input[type=file]").set_input_files(as_file(rows))
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("staff.csv")


def test_refused_rows_come_back_are_corrected_and_join_the_others(signed_in_page):
    SiteFactory(name="Northgate Hospital")
    lead = RoleGrantFactory(user=UserFactory(), role="lead").user
    rows = [good_row(number) for number in range(ROWS)]
    mistakes = spoilt(rows)
    page = signed_in_page(lead)

    check_file(page, rows)
    expect(page.locator("main")).to_contain_text("475")
    expect(page.locator("main")).to_contain_text("25 rows cannot be imported as they stand")
    assert not Person.objects.exists()
    page.get_by_role("button", name="Import the good rows only").click()
    expect(page.locator("main")).to_contain_text("25")
    assert Person.objects.count() == ROWS - BAD_ROWS

    with page.expect_download() as download:
        page.get_by_role("link", name="Download the refused rows").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    refused = list(csv.DictReader(io.StringIO(text)))
    assert [row["reference"] for row in refused] == list(mistakes)
    assert [row["reference"] for row in refused if not row["reason"]] == []

    for row in refused:
        column, _, right = mistakes[row["reference"]]
        row[column] = right
    check_file(page, refused)
    page.get_by_role("button", name="Import all rows").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("staff.csv")
    page.wait_for_load_state()

    recorded = (Person.objects.count(), Enrolment.objects.count(), Spell.objects.count())
    assert recorded == (ROWS, ROWS, ROWS)
    check_file(page, refused)
    expect(page.locator("main")).to_contain_text("recorded already")
