"""The dashboard for an evaluator: of the whole programme, with small numbers hidden."""

import datetime as dt
import re

import pytest

from lxp.dashboard_filters import last_quarter_end
from tests.factories import (
    ApplicationFactory,
    EnrolmentFactory,
    PersonFactory,
    PostFactory,
    SiteFactory,
    SpellFactory,
)
from tests.lxp.test_dashboard import STARTED, add_pilot, rows_of

pytestmark = pytest.mark.django_db
# The first end of a quarter by which everybody could have been in post for 24 months.
AS_AT = dt.date(2024, 6, 30)


@pytest.fixture
def client(user_with_role, sign_in):
    return sign_in(user_with_role("evaluator"))


def test_the_pilots_funnel_is_published_as_30_30_10_and_nothing(client):
    add_pilot()

    answer = client.get("/dashboard/funnel.json", {"as_at": AS_AT}).json()

    assert answer["stages"] == [
        {"stage": "applied", "people": 30, "of_previous": None, "of_commenced": None},
        {"stage": "commenced", "people": 30, "of_previous": 1.0, "of_commenced": 1.0},
        {"stage": "completed", "people": 10, "of_previous": 0.33, "of_commenced": 0.33},
        {"stage": "employed", "people": None, "of_previous": None, "of_commenced": None},
        {"stage": "in_post_24_months", "people": None, "of_previous": None, "of_commenced": None},
    ]


def test_the_pilots_retention_is_hidden(client):
    add_pilot()

    group = client.get("/dashboard/retention.json", {"as_at": AS_AT}).json()["groups"][0]

    assert (group["n"], group["left"], group["curve"], group["median_days"]) == (
        None,
        None,
        [],
        None,
    )
    for one in group["milestones"]:
        assert set(one.values()) == {one["months"], None}


def test_larger_numbers_are_published_rounded_and_without_a_curve(client):
    post = PostFactory()
    for number in range(42):
        ended_on = STARTED + dt.timedelta(400) if number < 12 else None
        SpellFactory(post=post, started_on=STARTED, ended_on=ended_on)

    answer = client.get("/dashboard/retention.json", {"as_at": AS_AT}).json()

    group = answer["groups"][0]
    assert (group["n"], group["left"], group["curve"], answer["log_rank_p"]) == (40, 10, [], None)
    assert group["milestones"][2] == {
        "months": 24,
        "eligible": 40,
        "in_post": 30,
        "share": 0.75,
        "share_low": 0.6,
        "share_high": 0.86,
        "survival": None,
        "low": None,
        "high": None,
    }


def test_the_files_show_a_star_where_a_number_is_hidden(client):
    add_pilot()

    stages = rows_of(client.get("/dashboard/funnel.csv", {"as_at": AS_AT}))
    retention = rows_of(client.get("/dashboard/retention.csv", {"as_at": AS_AT}))

    assert [row["people"] for row in stages] == ["30", "30", "10", "*", "*"]
    assert [row["of_previous"] for row in stages] == ["", "1.0", "0.33", "*", "*"]
    assert [row["kind"] for row in retention] == ["milestone"] * 3 + ["total"]
    assert (retention[0]["in_post"], retention[3]["at_risk"]) == ("*", "*")


def test_the_page_says_that_small_numbers_are_hidden_and_shows_none(client):
    add_pilot()

    page = client.get("/dashboard/", {"as_at": AS_AT})

    assert "Published figures: small numbers are hidden" in page.content.decode()
    assert "WTE" not in re.sub('value="[^"]*"', "", page.content.decode())  # of random letters
    assert {one.label: one.value for one in page.context["headlines"]} == {
        "Applicants": "30",
        "Started training": "30",
        "In training": "0",
        "Completed training": "10",
        "Employed": "*",
        "In post": "*",
        "In post after 12 months": "*",
        "In post after 24 months": "*",
        "Stability over 12 months": "*",
        "Line management up to date": "*",
        "Lived experience supervision up to date": "*",
        "Group supervision up to date": "*",
    }
    assert [row[1] for row in page.context["funnel"].table.rows] == ["30", "30", "10", "*", "*"]


def test_the_picture_leaves_hidden_stages_out(client):
    add_pilot()
    picture = client.get("/dashboard/funnel.svg", {"as_at": AS_AT}).content.decode()
    assert ["Completed" in picture, "Employed" in picture] == [True, False]


def test_the_curve_is_never_published_but_bars_of_what_the_table_shows(client):
    post = PostFactory()
    for number in range(42):
        ended_on = STARTED + dt.timedelta(400) if number < 12 else None
        SpellFactory(post=post, started_on=STARTED, ended_on=ended_on)
    picture = client.get("/dashboard/retention.svg", {"as_at": AS_AT}).content.decode()
    assert re.findall(r"After (\d+) months: (\d+) \(of (\d+)\)", picture) == [
        ("6", "40", "40"),
        ("12", "40", "40"),
        ("24", "30", "40"),
    ]
    assert "Still in post" not in picture


def test_the_picture_of_few_people_shows_nobody(client):
    add_pilot()
    picture = client.get("/dashboard/retention.svg", {"as_at": AS_AT}).content.decode()
    assert "No number can be shown: few people" in picture


def test_an_empty_programme_has_a_published_page(client):
    page = client.get("/dashboard/")
    assert page.status_code == 200
    assert page.context["headlines"][0].value == "0"


@pytest.mark.parametrize(
    "query", [{"site": "North"}, {"team": "x"}, {"cohort": "x"}, {"employer": "x"}, {"by": "site"}]
)
@pytest.mark.parametrize("file", ["funnel.json", "funnel.csv", "retention.json", "retention.csv"])
def test_published_figures_cannot_be_filtered(client, query, file):
    SiteFactory(name="North")
    refused = client.get(f"/dashboard/{file}", query)
    page = client.get("/dashboard/", query)
    assert refused.status_code == 400
    assert b"Published figures are of the whole programme." in refused.content
    assert (page.status_code, bool(page.context["form"].errors)) == (200, True)


def test_they_can_be_read_as_at_another_day_and_by_none(client):
    add_pilot()
    query = {"as_at": "2022-04-03", "by": "none"}
    answer = client.get("/dashboard/funnel.json", query).json()
    assert answer["as_at"] == "2022-03-31"
    assert [stage["people"] for stage in answer["stages"]] == [30, 30, 0, 0, 0]


@pytest.mark.parametrize(
    ("day", "quarter_end"),
    [
        (dt.date(2026, 3, 30), dt.date(2025, 12, 31)),
        (dt.date(2026, 3, 31), dt.date(2026, 3, 31)),
        (dt.date(2026, 4, 1), dt.date(2026, 3, 31)),
        (dt.date(2026, 12, 30), dt.date(2026, 9, 30)),
        (dt.date(2026, 12, 31), dt.date(2026, 12, 31)),
        (dt.date(2024, 2, 29), dt.date(2023, 12, 31)),
    ],
)
def test_published_figures_are_of_the_end_of_a_quarter(day, quarter_end):
    assert last_quarter_end(day) == quarter_end


def test_the_day_somebody_came_does_not_show_from_day_to_day(client):
    for number in range(8):
        EnrolmentFactory(commenced_on=dt.date(2022, 5, 1) + dt.timedelta(number))
    shown = [
        client.get("/dashboard/funnel.json", {"as_at": f"2022-05-{day:02}"}).json()["stages"]
        for day in range(1, 31)
    ]
    assert all(stages == shown[0] for stages in shown)


def test_an_evaluator_of_one_site_reads_the_whole_programme_all_the_same(user_with_role, sign_in):
    site = SiteFactory()
    for _ in range(10):
        person = PersonFactory(site=SiteFactory())
        ApplicationFactory(person=person)
        EnrolmentFactory(person=person)
    limited = sign_in(user_with_role("evaluator", site=site))
    stages = limited.get("/dashboard/funnel.json").json()["stages"]
    assert [stage["people"] for stage in stages] == [10, 10, 0, 0, 0]


def test_a_programme_of_a_hundred_shows_what_tells_of_nobody(client):
    add_pilot(people=72, completed=50, employed=34)
    for _ in range(5):  # employed without training here, and gone since
        SpellFactory(started_on=STARTED, ended_on=dt.date(2024, 1, 1))
    query = {"as_at": AS_AT}

    stages = client.get("/dashboard/funnel.json", query).json()["stages"]
    group = client.get("/dashboard/retention.json", query).json()["groups"][0]

    assert [stage["people"] for stage in stages] == [70, 70, 50, 40, 35]
    assert (group["n"], group["left"]) == (40, None)
    assert [one["eligible"] for one in group["milestones"]] == [40, 40, 40]


# --- A lead chooses the mode ----------------------------------------------------------------------

FILES = ["funnel.json", "funnel.csv", "funnel.svg", "retention.json", "retention.csv"]


def test_a_lead_of_one_site_gets_the_published_figures_that_an_evaluator_gets(
    client, user_with_role, sign_in
):
    add_pilot()
    lead = sign_in(user_with_role("lead", site=SiteFactory()))
    query = {"as_at": AS_AT, "mode": "published"}
    for file in [*FILES, "retention.svg"]:
        answers = [one.get(f"/dashboard/{file}", query) for one in (lead, client)]
        assert answers[0].getvalue() == answers[1].getvalue()


def test_an_evaluator_cannot_ask_for_the_internal_figures(client):
    add_pilot()
    for mode in ("internal", "published", "exact"):
        answer = client.get("/dashboard/funnel.json", {"as_at": AS_AT, "mode": mode}).json()
        assert (answer["mode"], answer["stages"][0]["people"]) == ("published", 30)


def test_a_mode_that_there_is_none_of_is_refused(lead_client):
    for file in FILES:
        answer = lead_client.get(f"/dashboard/{file}", {"mode": "open"})
        assert (answer.status_code, answer["Content-Type"][:10]) == (400, "text/plain")
    assert lead_client.get("/dashboard/", {"mode": "open"}).context["form"].errors


def test_the_mode_is_written_across_the_page_and_its_addresses_keep_it(client, lead_client):
    add_pilot()
    internal = lead_client.get("/dashboard/").content.decode()
    published = lead_client.get("/dashboard/", {"mode": "published"}).content.decode()
    evaluators = client.get("/dashboard/").content.decode()

    assert [_mode_of(page) for page in (internal, published, evaluators)] == [
        "Internal",
        "Published",
        "Published",
    ]
    for page in (published, evaluators):
        addresses = re.findall(r'(?:href|src)="(/dashboard/[a-z.]+\?[^"]*)"', page)
        assert len(addresses) >= 6
        assert all("mode=published" in address for address in addresses)
    assert ["Back to the internal figures" in page for page in (published, evaluators)] == [
        True,
        False,
    ]
    assert "mode=published" in re.search(r'href="([^"]*)">Show the figures', internal)[1]


def _mode_of(page: str) -> str:
    return re.search(r'data-testid="mode">(\w+)<', page)[1]


def test_screen_files_and_pictures_hide_the_same(client):
    """Each number that is shown, in every place that shows it."""
    add_pilot(people=84, completed=30, employed=21)
    query = {"as_at": AS_AT}
    page = client.get("/dashboard/", query)
    for figure, columns in (
        ("funnel", {"people": 1}),
        ("retention", {"eligible": 1, "in_post": 2}),
    ):
        answer = client.get(f"/dashboard/{figure}.json", query).json()
        cells = answer["stages"] if figure == "funnel" else answer["groups"][0]["milestones"]
        csv = rows_of(client.get(f"/dashboard/{figure}.csv", query))[: len(cells)]
        table = page.context[figure].table.rows
        picture = client.get(f"/dashboard/{figure}.svg", query).content.decode()
        for cell, row, line in zip(cells, csv, table, strict=True):
            for name, column in columns.items():
                written = "*" if cell[name] is None else str(cell[name])
                assert (row[name], line[column]) == (written, written)
            last = cell[list(columns)[-1]]
            assert (f": {last}" in picture) == (last is not None)


def test_whoever_is_lead_and_evaluator_reads_the_exact_figures(user_with_role, sign_in):
    from tests.factories import RoleGrantFactory

    user = user_with_role("evaluator")
    RoleGrantFactory(user=user, role="lead")
    add_pilot()
    stages = sign_in(user).get("/dashboard/funnel.json").json()["stages"]
    assert [stage["people"] for stage in stages] == [28, 28, 10, 7, 7]


@pytest.mark.parametrize(
    "role", ["supervisor", "peer_worker", "trainer", "auditor", "administrator"]
)
def test_other_roles_may_not_open_the_dashboard(user_with_role, sign_in, role):
    assert sign_in(user_with_role(role)).get("/dashboard/").status_code == 403


def file_of(client, figure: str) -> list[dict]:
    return rows_of(client.get(f"/dashboard/{figure}.csv", {"as_at": AS_AT}))


def test_what_is_hidden_in_the_pilots_funnel_is_named_and_starred(client):
    add_pilot()

    numbers = client.get("/dashboard/funnel.json", {"as_at": AS_AT}).json()

    columns = ("people", "of_previous", "of_commenced")
    hidden = [f"{stage}.{it}" for stage in ("employed", "in_post_24_months") for it in columns]
    assert numbers["hidden"] == hidden
    starred = [
        f"{row['stage']}.{it}"
        for row in file_of(client, "funnel")
        for it in columns
        if row[it] == "*"
    ]
    assert starred == hidden


def test_a_share_of_nobody_is_not_applicable_and_not_hidden(client):
    numbers = client.get("/dashboard/funnel.json", {"as_at": AS_AT}).json()
    assert {(row["people"], row["of_previous"]) for row in numbers["stages"]} == {(0, None)}
    assert numbers["hidden"] == []
    assert {row["of_previous"] for row in file_of(client, "funnel")} == {""}

    staying = client.get("/dashboard/retention.json", {"as_at": AS_AT}).json()
    assert {(one["eligible"], one["share"]) for one in staying["groups"][0]["milestones"]} == {
        (0, None)
    }
    assert staying["hidden"] == []
    stays = [row for row in file_of(client, "retention") if row["kind"] == "milestone"]
    assert [(row["eligible"], row["share"]) for row in stays] == [("0", "")] * 3

    page = client.get("/dashboard/", {"as_at": AS_AT}).text
    assert page.count("Not applicable") >= 4 + 4 + 3
    assert "<td>*</td>" not in page


def test_a_hidden_milestone_is_named(client):
    post = PostFactory()
    for _ in range(3):
        SpellFactory(post=post, started_on=STARTED)

    numbers = client.get("/dashboard/retention.json", {"as_at": AS_AT}).json()

    cells = ("eligible", "in_post", "share", "share_low", "share_high")
    named = [f"{months}.{cell}" for months in (6, 12, 24) for cell in cells]
    assert [name for name in numbers["hidden"] if "." in name] == named
