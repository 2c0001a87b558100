"""The trail an auditor reads: what happened, and never what a record says or whose it is."""

import csv
import datetime as dt
import io
import re
import uuid
from collections.abc import Iterator

import pghistory
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actions import record_looks
from lxp.trail import HISTORIES, ROWS_A_PAGE, page_in_words
from tests.factories import EnrolmentFactory, PersonFactory, SiteFactory, UserFactory

NINE = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)


@pytest.fixture
def auditor(user_with_role):
    return user_with_role("auditor", name="Ada Auditor")


@pytest.fixture
def client(auditor, sign_in):
    return sign_in(auditor)


@pytest.fixture
def viewer(db):
    return UserFactory(name="Łukasz Viewer", email="lukasz@example.org")


def lines(response) -> list[tuple[str, ...]]:
    """Who, what, record and page of each line shown."""
    body = re.sub(r'<span class="nhsuk-table-responsive__heading".*?</span>', "", shown(response))
    rows = re.findall(r'<tr class="nhsuk-table__row"[^>]*>(.*?)</tr>', body, re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    return [tuple(cell.strip() for cell in row[1:]) for row in cells]


def shown(response) -> str:
    return response.content.decode()


def look(viewer, person, *, minutes: int = 0) -> None:
    record_looks(
        viewer_id=viewer.pk,
        subject_ids=[person.pk],
        page="programme:person",
        at=NINE + dt.timedelta(minutes=minutes),
    )


def test_a_look_names_the_account_and_gives_the_person_by_reference(client, viewer):
    person = PersonFactory(first_name="Secret", last_name="Name", reference="P00012")
    look(viewer, person)

    response = client.get("/audit/", {"kind": "looks"})

    assert lines(response) == [("Łukasz Viewer", "Looked at", "Person P00012", "Person")]
    assert "Secret" not in response.content.decode()


def test_changes_are_in_words_with_who_and_page(client, viewer):
    with pghistory.context(user=str(viewer.pk), page="programme:add-enrolment"):
        person = PersonFactory(reference="P00013", last_name="Hidden")
        EnrolmentFactory(person=person)

    response = client.get("/audit/", {"kind": "changes", "who": "lukasz@"})

    assert sorted(line for line in lines(response) if "P00013" in line[2]) == [
        ("Łukasz Viewer", "Added", "Person P00013", "Add place in a cohort"),
        ("Łukasz Viewer", "Added", "Place in a cohort of P00013", "Add place in a cohort"),
    ]
    assert "Hidden" not in response.content.decode()


def test_newest_comes_first_across_looks_and_changes(client, viewer):
    person = PersonFactory(reference="P1")
    look(viewer, person, minutes=1)
    look(viewer, person, minutes=5)
    look(viewer, person, minutes=3)

    response = client.get("/audit/", {"kind": "looks"})

    times = re.findall(r"datetime=\"([^\"]+)\"", response.content.decode())
    assert times == sorted(times, reverse=True)
    assert len(times) == 3


def test_a_removed_person_keeps_the_reference(client, viewer):
    person = PersonFactory(reference="P00099")
    look(viewer, person)
    person.delete()

    assert lines(client.get("/audit/", {"table": "person"}))[0][2] == "Person P00099"


def test_a_change_outside_any_request_is_the_systems(client):
    SiteFactory()

    assert lines(client.get("/audit/", {"table": "site"}))[0][:2] == ("The system", "Added")


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"since_0": "5", "since_1": "1", "since_2": "2026"}, 1),
        ({"since_0": "6", "since_1": "1", "since_2": "2026"}, 0),
        ({"until_0": "5", "until_1": "1", "until_2": "2026"}, 1),
        ({"until_0": "4", "until_1": "1", "until_2": "2026"}, 0),
        ({"who": "ŁUKASZ"}, 1),
        ({"who": "nobody of that name"}, 0),
        ({"table": "cohort"}, 0),
    ],
)
def test_filters_keep_what_fits(client, viewer, filters, found):
    look(viewer, PersonFactory())

    assert len(lines(client.get("/audit/", {"kind": "looks"} | filters))) == found


def test_days_are_counted_as_in_london(client, viewer):
    person = PersonFactory()
    record_looks(
        viewer_id=viewer.pk,
        subject_ids=[person.pk],
        page="programme:person",
        at=dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC),  # already the 1st of July
    )
    day = {"since_0": "1", "since_1": "7", "since_2": "2026"}

    assert len(lines(client.get("/audit/", {"kind": "looks"} | day))) == 1


def test_a_name_that_nobody_has_finds_nothing_of_any_kind(client, viewer):
    look(viewer, PersonFactory())

    response = client.get("/audit/", {"who": "nobody of that name"})

    assert lines(response) == []
    assert "Nothing was looked at or changed that fits" in response.content.decode()


@pytest.mark.parametrize("kind", ["", "looks", "changes"])
def test_every_kind_of_record_can_be_asked_for_alone(client, viewer, kind):
    look(viewer, PersonFactory())

    for table in ("", *HISTORIES):
        for who in ("", "Łukasz"):
            response = client.get("/audit/", {"kind": kind, "table": table, "who": who})

            assert response.status_code == 200


@pytest.mark.parametrize("value", ["a\x00b", "x" * 101, "a\nb"])
def test_a_wrong_filter_is_an_error_and_shows_no_line(client, viewer, value):
    look(viewer, PersonFactory())

    response = client.get("/audit/", {"who": value})

    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"who"}
    assert lines(response) == []
    assert client.get("/audit/trail.csv", {"who": value}).status_code == 400


def test_pages_hold_25_lines_and_lose_none(client, viewer):
    person = PersonFactory()
    for minute in range(30):
        look(viewer, person, minutes=minute)

    first = client.get("/audit/", {"kind": "looks"})
    second = client.get("/audit/", {"kind": "looks", "page": "2"})

    times = [
        time
        for response in (first, second)
        for time in re.findall(r"datetime=\"([^\"]+)\"", response.content.decode())
    ]
    assert (len(lines(first)), len(lines(second)), len(set(times))) == (ROWS_A_PAGE, 5, 30)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_line_and_three(
    client, viewer, django_assert_num_queries, rows
):
    for _ in range(rows):
        with pghistory.context(user=str(viewer.pk), page="x"):
            look(viewer, PersonFactory())
    client.get("/audit/")

    with django_assert_num_queries(7):
        client.get("/audit/")


def test_the_download_holds_the_same_lines(client, viewer):
    look(viewer, PersonFactory(reference="=1+1"))

    response = client.get("/audit/trail.csv", {"kind": "looks"})

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["When", "Who", "What", "Record", "Page"],
        ["2026-01-05T09:00:00+00:00", "Łukasz Viewer", "Looked at", "Person =1+1", "Person"],
    ]


def test_an_auditor_of_one_site_is_told_and_not_half_informed(user_with_role, sign_in):
    client = sign_in(user_with_role("auditor", site=SiteFactory()))

    assert client.get("/audit/").status_code == 403
    assert "/audit/" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("programme:edit-person", "Edit person"),
        ("account_login", "Account login"),
        ("command import_programme", "Command import programme"),
        ("", ""),
    ],
)
def test_a_page_is_put_in_words(page, words):
    assert page_in_words(page) == words


def test_no_history_gives_more_lines_than_the_page_shows(client, viewer):
    """So that a hundred thousand lines are joined and sorted as quickly as a hundred."""
    person = PersonFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO programme_personevent (pgh_created_at, pgh_label, pgh_obj_id, id,"
            " reference, first_name, last_name, email)"
            " SELECT now() - n * interval '1 minute', 'update', %s, %s, 'P1', '', 'x', ''"
            " FROM generate_series(1, 200) n",
            [person.pk, person.pk],
        )
        cursor.execute(
            "INSERT INTO audit_look (viewer_id, subject_id, page, at)"
            " SELECT %s, %s, 'x', now() - n * interval '1 minute' FROM generate_series(1, 200) n",
            [viewer.pk, uuid.uuid4()],
        )
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/audit/")

    read = [one["sql"] for one in queries if "UNION" in one["sql"] and "LIMIT" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {read[-1]}")
        given = list(joined(cursor.fetchone()[0][0]["Plan"]))
    assert len(lines(page)) == ROWS_A_PAGE
    assert given.count(ROWS_A_PAGE) >= 2
    assert max(given) == ROWS_A_PAGE


def joined(plan: dict) -> Iterator[int]:
    """How many rows each part of a union gives."""
    for part in plan.get("Plans", []):
        if plan["Node Type"] in {"Append", "Merge Append"}:
            yield int(part["Actual Rows"])
        yield from joined(part)
