"""Rule 25 of the access rules: what is kept, why, who reads it and for how long, in the app."""

import csv
from collections import Counter

from lxp.data_dictionary import APPS, is_about_a_person, tables
from lxp.data_protection import COLUMNS, classes


def test_every_table_about_people_stands_in_one_class():
    about_people = {
        model.__name__ for app in APPS for model in tables(app) if is_about_a_person(model)
    }

    named = Counter(table for one in classes() for table in one.tables)

    assert named == Counter(about_people)


def test_the_page_says_of_each_class_what_it_is_for_and_how_long_it_is_kept(
    user_with_role, sign_in, settings
):
    settings.PRIVATE_KEPT_DAYS = 45
    client = sign_in(user_with_role("peer_worker"))

    page = client.get("/data-protection/").text

    assert [one.name for one in classes() if f"<h2>{one.name}</h2>" not in page] == []
    assert "45 days after they have left; what was begun and not finished 60 days." in page
    assert "What is kept about people" in client.get("/").text


def test_the_file_has_cells_for_the_trust_to_fill_in(lead_client):
    file = b"".join(lead_client.get("/data-protection.csv")).decode("utf-8-sig")

    heading, *rows = csv.reader(file.splitlines())

    assert heading == COLUMNS
    assert [row[0] for row in rows] == [one.name for one in classes()]
    assert {tuple(row[-4:]) for row in rows} == {("",) * 4}
    assert all(all(row[:-4]) for row in rows)
