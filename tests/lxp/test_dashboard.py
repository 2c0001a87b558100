"""The dashboard and the numbers behind its pictures, for a lead."""

import csv
import datetime as dt
import io
import re

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError as CacheGone

from programme.models import Spell
from tests.factories import (
    ApplicationFactory,
    CohortFactory,
    EmployerFactory,
    EnrolmentFactory,
    PersonFactory,
    PostFactory,
    RoleGrantFactory,
    SiteFactory,
    SpellFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

APPLIED = dt.date(2021, 11, 1)
COMMENCED = dt.date(2022, 1, 10)
COMPLETED = dt.date(2022, 4, 4)
STARTED = dt.date(2022, 6, 1)
AS_AT = "2024-06-01"  # 24 months to the day after the seven began
FILES = [
    "/dashboard/funnel.json",
    "/dashboard/funnel.csv",
    "/dashboard/funnel.svg",
    "/dashboard/retention.json",
    "/dashboard/retention.csv",
    "/dashboard/retention.svg",
]


def add_pilot(people: int = 28, completed: int = 10, employed: int = 7) -> Spell | None:
    """The pilot's starters: the first complete, the first of those are employed and stay."""
    cohort = CohortFactory(name="LXP pilot", starts_on=COMMENCED)
    post = PostFactory(title="Peer support worker", funded_wte=5)
    spell = None
    for number in range(people):
        person = PersonFactory()
        ApplicationFactory(person=person, cohort=cohort, applied_on=APPLIED)
        EnrolmentFactory(
            person=person,
            cohort=cohort,
            commenced_on=COMMENCED,
            outcome="completed" if number < completed else "withdrew",
            outcome_on=COMPLETED,
        )
        if number < employed:
            spell = SpellFactory(
                person=person, post=post, started_on=STARTED, contracted_hours="22.5"
            )
    return spell


def funnel(client, **query) -> list[int]:
    answer = client.get("/dashboard/funnel.json", query).json()
    return [stage["people"] for stage in answer["stages"]]


def groups(client, **query) -> dict[str, tuple[int, int]]:
    """How many stays, and how many of them ended, by group."""
    answer = client.get("/dashboard/retention.json", query).json()
    return {group["group"]: (group["n"], group["left"]) for group in answer["groups"]}


def rows_of(response) -> list[dict]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


# --- The worked example ---------------------------------------------------------------------------


def test_the_funnel_of_the_pilot(lead_client):
    add_pilot()

    answer = lead_client.get("/dashboard/funnel.json", {"as_at": AS_AT}).json()

    assert answer == {
        "as_at": AS_AT,
        "mode": "internal",
        "stages": [
            {"stage": "applied", "people": 28, "of_previous": None, "of_commenced": None},
            {"stage": "commenced", "people": 28, "of_previous": 1.0, "of_commenced": 1.0},
            {"stage": "completed", "people": 10, "of_previous": 10 / 28, "of_commenced": 10 / 28},
            {"stage": "employed", "people": 7, "of_previous": 0.7, "of_commenced": 0.25},
            {"stage": "in_post_24_months", "people": 7, "of_previous": 1.0, "of_commenced": 0.25},
        ],
    }


def test_the_retention_of_the_pilot(lead_client):
    add_pilot()

    answer = lead_client.get("/dashboard/retention.json", {"as_at": AS_AT}).json()

    reached = {
        "eligible": 7,
        "in_post": 7,
        "share": 1.0,
        "share_low": pytest.approx(0.6457, abs=5e-5),
        "share_high": 1.0,
        "survival": 1.0,
        "low": None,
        "high": None,
    }
    held = {"at_risk": 7, "left": 0, "survival": 1.0, "low": None, "high": None}
    assert answer == {
        "as_at": AS_AT,
        "mode": "internal",
        "by": "none",
        "groups": [
            {
                "group": "All",
                "n": 7,
                "left": 0,
                "curve": [{"day": 0, **held}, {"day": 731, **held}],
                "milestones": [{"months": months, **reached} for months in (6, 12, 24)],
                "median_days": None,
            }
        ],
        "log_rank_p": None,
    }


def test_the_page_says_the_same_in_words(lead_client):
    add_pilot()

    page = lead_client.get("/dashboard/", {"as_at": AS_AT})

    headlines = {one.label: (one.value, one.note) for one in page.context["headlines"]}
    assert headlines == {
        "Applicants": ("28", ""),
        "In training": ("0", "of 28 who started"),
        "Completed training": ("10", "of 28 who started"),
        "In post": ("7", "4.20 WTE"),
        "In post after 12 months": ("100%", "7 of 7, 95% interval 65% to 100%"),
        "In post after 24 months": ("100%", "7 of 7, 95% interval 65% to 100%"),
        "Stability over 12 months": ("100%", "7 of 7 in post on 1 June 2023 still are"),
        "Turnover over 12 months": ("0%", "0 left since 1 June 2023; by WTE 0%"),
        "Vacancies": ("16%", "4.20 of 5.00 funded WTE filled"),
        "Line management up to date": ("0%", "0 of 7 who were owed it"),
        "Lived experience supervision up to date": ("0%", "0 of 7 who were owed it"),
        "Group supervision up to date": ("0%", "0 of 7 who were owed it"),
    }
    assert page.context["retention"].sentence == (
        "All 7 people who could have been in post for 24 months were "
        "(100%, 95% interval 65% to 100%)."
    )
    assert page.context["funnel"].sentence == (
        "28 people started training, 10 completed it (36% of those who started), and 7 were "
        "employed. Of the 7 employed at least 24 months before, 7 were in post after 24 months."
    )


def test_a_day_before_24_months_nobody_could_have_been_in_post_so_long(lead_client):
    add_pilot()

    page = lead_client.get("/dashboard/", {"as_at": "2024-05-31"})

    figure = page.context["headlines"][5]
    assert (figure.value, figure.note) == ("Not applicable", "Nobody could have been yet")
    assert funnel(lead_client, as_at="2024-05-31")[-1] == 0


def test_an_empty_programme_has_a_page_and_files_without_shares(lead_client):
    page = lead_client.get("/dashboard/")

    assert page.status_code == 200
    assert page.context["retention"] is None
    values = [one.value for one in page.context["headlines"]]
    assert values == ["0", "0", "0", "0", *["Not applicable"] * 6]
    assert [lead_client.get(address).status_code for address in FILES] == [200] * 6
    answer = lead_client.get("/dashboard/retention.json").json()
    assert (answer["groups"][0]["n"], answer["groups"][0]["curve"]) == (0, [])


# --- As at ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_at", "people"),
    [
        ("2021-10-31", [0, 0, 0, 0, 0]),
        ("2021-11-01", [28, 0, 0, 0, 0]),
        ("2022-01-10", [28, 28, 0, 0, 0]),
        ("2022-04-03", [28, 28, 0, 0, 0]),
        ("2022-04-04", [28, 28, 10, 0, 0]),
        ("2022-06-01", [28, 28, 10, 7, 0]),
        ("2024-06-01", [28, 28, 10, 7, 7]),
    ],
)
def test_a_past_day_gives_what_was_true_then(lead_client, as_at, people):
    add_pilot()
    assert funnel(lead_client, as_at=as_at) == people


def test_somebody_whose_post_ends_later_is_in_post_on_the_day(lead_client):
    SpellFactory(started_on=STARTED, ended_on=dt.date(2023, 1, 1))
    assert groups(lead_client, as_at="2022-12-31") == {"All": (1, 0)}
    assert groups(lead_client, as_at="2023-01-01") == {"All": (1, 1)}


def test_in_training_are_those_without_an_outcome_by_the_day(lead_client):
    add_pilot(people=3, completed=1, employed=0)
    EnrolmentFactory(commenced_on=COMMENCED)

    def in_training(as_at):
        page = lead_client.get("/dashboard/", {"as_at": as_at})
        return page.context["headlines"][1].value

    assert [in_training(day) for day in ("2022-01-09", "2022-04-03", "2022-04-04")] == [
        "0",
        "4",
        "1",
    ]


@pytest.mark.parametrize(
    "written", ["2022-04-04", "4/4/2022", "04/04/2022", "4 April 2022", " 4 apr  2022 "]
)
def test_a_day_may_be_written_as_people_write_it(lead_client, written):
    answer = lead_client.get("/dashboard/funnel.json", {"as_at": written}).json()
    assert answer["as_at"] == "2022-04-04"


@pytest.mark.parametrize(
    "nonsense",
    ["tomorrow", "2022-02-30", "31/4/2022", "1/1/0001", "3000-01-01", "\0", "1\r\n2", "9" * 5000],
)
def test_a_day_that_is_none_is_named_on_the_page_and_refused_in_files(lead_client, nonsense):
    page = lead_client.get("/dashboard/", {"as_at": nonsense})
    answers = [lead_client.get(address, {"as_at": nonsense}) for address in FILES]

    assert (page.status_code, list(page.context["form"].errors)) == (200, ["as_at"])
    assert {answer.status_code for answer in answers} == {400}
    assert {answer["Content-Type"] for answer in answers} == {"text/plain; charset=utf-8"}
    assert all(answer.content for answer in answers)


# --- Filters --------------------------------------------------------------------------------------


@pytest.fixture
def two_sites():
    """A person trained and employed at each of two sites, by different employers."""
    made = {}
    for name in ("North", "South"):
        site = SiteFactory(name=name)
        cohort = CohortFactory(name=f"{name} 2022", site=site)
        person = PersonFactory(site=site)
        ApplicationFactory(person=person, cohort=cohort)
        EnrolmentFactory(person=person, cohort=cohort, outcome="completed", outcome_on=COMPLETED)
        post = PostFactory(
            title=f"{name} worker",
            team=TeamFactory(name="Ward", site=site),
            employer=EmployerFactory(name=f"{name} Trust"),
        )
        made[name] = SpellFactory(person=person, post=post, started_on=STARTED)
    return made


def filters_of(spell) -> dict:
    post = spell.post
    return {
        "site": post.team.site,
        "team": post.team,
        "cohort": spell.person.enrolments.get().cohort,
        "employer": post.employer,
    }


@pytest.mark.parametrize("name", ["site", "team", "cohort", "employer"])
def test_each_filter_takes_an_id(lead_client, two_sites, name):
    row = filters_of(two_sites["North"])[name]
    assert groups(lead_client, **{name: row.pk}) == {"All": (1, 0)}
    page = lead_client.get("/dashboard/", {name: str(row.pk)})
    assert not page.context["form"].errors


@pytest.mark.parametrize("name", ["site", "cohort", "employer"])
def test_each_filter_takes_an_exact_name_in_any_case(lead_client, two_sites, name):
    row = filters_of(two_sites["South"])[name]
    assert funnel(lead_client, **{name: row.name.upper()})[3] == 1
    selected = f'value="{row.pk}" selected'
    assert selected in lead_client.get("/dashboard/", {name: row.name}).content.decode()


def test_a_team_whose_name_is_at_two_sites_needs_its_site(lead_client, two_sites):
    assert lead_client.get("/dashboard/funnel.json", {"team": "Ward"}).status_code == 400
    assert groups(lead_client, team="Ward", site="North") == {"All": (1, 0)}
    assert groups(lead_client, team="ward (south)") == {"All": (1, 0)}


def test_a_site_keeps_the_training_and_posts_there(lead_client, two_sites):
    assert funnel(lead_client, site="North", as_at=AS_AT) == [1, 1, 1, 1, 1]


def test_a_cohort_without_a_site_counts_at_its_peoples_own(lead_client):
    site = SiteFactory(name="North")
    EnrolmentFactory(person=PersonFactory(site=site))
    EnrolmentFactory(person=PersonFactory(site=SiteFactory()))
    assert funnel(lead_client, site="North")[1] == 1


def test_team_and_employer_leave_the_figures_about_training_as_they_are(lead_client, two_sites):
    assert funnel(lead_client, employer="North Trust", as_at=AS_AT) == [2, 2, 2, 1, 1]


def test_a_cohort_keeps_those_employed_after_starting_in_it(lead_client, two_sites):
    spell = two_sites["North"]
    later = CohortFactory(name="Later")
    EnrolmentFactory(person=spell.person, cohort=later, commenced_on=dt.date(2023, 1, 1))
    assert funnel(lead_client, cohort="North 2022", as_at=AS_AT) == [1, 1, 1, 1, 1]
    assert funnel(lead_client, cohort="Later", as_at=AS_AT) == [1, 1, 0, 0, 0]


@pytest.mark.parametrize("name", ["site", "team", "cohort", "employer", "by"])
@pytest.mark.parametrize(
    "value", ["Nowhere", "00000000-0000-0000-0000-000000000000", "\0", "x\r\n"]
)
def test_an_unknown_value_is_named_on_the_page_and_refused_in_files(lead_client, name, value):
    page = lead_client.get("/dashboard/", {name: value})

    assert (page.status_code, list(page.context["form"].errors)) == (200, [name])
    assert {lead_client.get(address, {name: value}).status_code for address in FILES} == {400}


@pytest.mark.parametrize(
    ("query", "is_open"),
    [
        ("", False),
        ("as_at=&site=&team=&cohort=&employer=&by=none", False),
        ("as_at=31/3/2024", True),
        ("as_at=soon", True),
        ("by=site", True),
        ("site=North", True),
    ],
)
def test_the_filters_are_folded_until_one_is_chosen(lead_client, two_sites, query, is_open):
    page = lead_client.get(f"/dashboard/?{query}").text
    [attributes] = re.findall(r"<details([^>]*)>\s*<summary[^>]*><span[^>]*>Filter, compare", page)
    assert attributes.endswith(" open") == is_open


def test_a_long_list_is_typed_in_by_name(lead_client):
    CohortFactory.create_batch(101)
    wanted = CohortFactory(name="Łódź 2023")
    EnrolmentFactory(cohort=wanted)
    page = lead_client.get("/dashboard/", {"cohort": "łódź 2023"})
    assert not page.context["form"].errors
    assert page.context["headlines"][1].value == "1"
    assert len(page.content) < 40_000


# --- Groups ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("none", {"All": (2, 0)}),
        ("cohort", {"North 2022": (1, 0), "South 2022": (1, 0)}),
        ("site", {"North": (1, 0), "South": (1, 0)}),
        ("team", {"Ward (North)": (1, 0), "Ward (South)": (1, 0)}),
        ("role", {"North worker": (1, 0), "South worker": (1, 0)}),
        ("employer", {"North Trust": (1, 0), "South Trust": (1, 0)}),
    ],
)
def test_retention_is_grouped_by(lead_client, two_sites, by, expected):
    assert groups(lead_client, by=by) == expected
    assert lead_client.get("/dashboard/", {"by": by}).status_code == 200


def test_the_cohort_of_a_post_is_the_latest_started_before_it(lead_client):
    person = PersonFactory()
    for name, day in (("First", COMMENCED), ("Second", STARTED), ("Third", dt.date(2023, 1, 1))):
        EnrolmentFactory(person=person, cohort=CohortFactory(name=name), commenced_on=day)
    SpellFactory(person=person, started_on=STARTED)
    SpellFactory(started_on=STARTED)
    assert groups(lead_client, by="cohort") == {"No cohort": (1, 0), "Second": (1, 0)}


def test_a_move_between_posts_is_no_leaving_and_stays_with_the_first(lead_client, two_sites):
    first = two_sites["North"]
    first.ended_on = dt.date(2023, 1, 1)
    first.save()
    post = two_sites["South"].post
    SpellFactory(person=first.person, post=post, started_on=dt.date(2023, 1, 8))
    assert groups(lead_client, by="site") == {"North": (1, 0), "South": (1, 0)}
    assert groups(lead_client, site="North") == {"All": (1, 0)}
    assert groups(lead_client, site="South") == {"All": (1, 0)}


def test_groups_that_leave_at_different_rates_have_a_p_value(lead_client):
    for name, days in (("Short", 30), ("Long", 900)):
        post = PostFactory(team=TeamFactory(name=name))
        for number in range(12):
            ended_on = STARTED + dt.timedelta(days + number)
            SpellFactory(post=post, started_on=STARTED, ended_on=ended_on)
    answer = lead_client.get("/dashboard/retention.json", {"by": "team"}).json()
    assert answer["log_rank_p"] < 0.001
    page = lead_client.get("/dashboard/", {"by": "team"})
    assert "p below 0.001" in page.context["retention"].sentence


# --- Figures over twelve months -------------------------------------------------------------------


def test_turnover_counts_leavers_over_the_average_in_post(lead_client):
    start = dt.date(2023, 6, 1)
    for ended_on in (
        start,
        start + dt.timedelta(1),
        dt.date(2024, 6, 1),
        dt.date(2024, 6, 2),
        None,
    ):
        SpellFactory(started_on=STARTED, ended_on=ended_on, contracted_hours=15)
    figures = {
        one.label: one
        for one in lead_client.get("/dashboard/", {"as_at": "2024-06-01"}).context["headlines"]
    }
    # In post on 1 June 2023: four. Two of them have left by 1 June 2024.
    assert figures["Stability over 12 months"].value == "50%"
    assert figures["Turnover over 12 months"].value == "67%"
    assert figures["Turnover over 12 months"].note == "2 left since 1 June 2023; by WTE 67%"


def test_unknown_hours_make_wte_and_vacancies_unknown(lead_client):
    SpellFactory(started_on=STARTED, contracted_hours=None, post=PostFactory(funded_wte=1))
    figures = {one.label: one for one in lead_client.get("/dashboard/").context["headlines"]}
    assert figures["In post"].note == "WTE unknown: no hours recorded for 1 person"
    assert figures["Vacancies"].value == "Unknown"


def test_posts_belong_to_no_cohort_so_vacancies_are_not_applicable(lead_client):
    add_pilot()
    page = lead_client.get("/dashboard/", {"cohort": "LXP pilot"})
    values = {one.label: one.value for one in page.context["headlines"]}
    assert values["Vacancies"] == "Not applicable"


# --- Files ----------------------------------------------------------------------------------------


def test_the_csv_files_hold_the_numbers_of_the_json(lead_client):
    add_pilot()
    query = {"as_at": AS_AT, "by": "cohort"}

    stages = rows_of(lead_client.get("/dashboard/funnel.csv", query))
    retention = rows_of(lead_client.get("/dashboard/retention.csv", query))

    assert [(row["stage"], row["people"]) for row in stages] == [
        ("applied", "28"),
        ("commenced", "28"),
        ("completed", "10"),
        ("employed", "7"),
        ("in_post_24_months", "7"),
    ]
    assert stages[0]["of_previous"] == ""
    assert [row["kind"] for row in retention] == ["curve"] * 2 + ["milestone"] * 3 + ["total"]
    milestone = retention[4]
    assert (milestone["months"], milestone["eligible"], milestone["share"]) == ("24", "7", "1.0")
    assert milestone["share_low"].startswith("0.6456")
    assert (milestone["survival"], milestone["low"]) == ("1.0", "")
    assert (retention[5]["group"], retention[5]["at_risk"], retention[5]["left"]) == (
        "LXP pilot",
        "7",
        "0",
    )


def test_a_group_named_like_a_formula_is_text_in_the_csv(lead_client):
    SpellFactory(post=PostFactory(title="=1+1"))
    rows = rows_of(lead_client.get("/dashboard/retention.csv", {"by": "role"}))
    assert {row["group"] for row in rows} == {"'=1+1"}


@pytest.mark.parametrize("address", ["/dashboard/funnel.svg", "/dashboard/retention.svg"])
def test_a_picture_is_svg_that_a_browser_need_not_fetch_twice(lead_client, address):
    spell = add_pilot()

    first = lead_client.get(address)
    again = lead_client.get(address, headers={"If-None-Match": first["ETag"]})
    spell.delete()
    changed = lead_client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (first["Content-Type"], first.content[:4]) == ("image/svg+xml", b"<svg")
    assert (again.status_code, changed.status_code) == (304, 200)
    assert changed.content != first.content


def test_a_picture_is_drawn_also_while_the_cache_is_down(lead_client, monkeypatch):
    def gone(*args, **kwargs):
        raise CacheGone

    monkeypatch.setattr(type(caches["charts"]), "get", gone)
    monkeypatch.setattr(type(caches["charts"]), "set", gone)
    assert lead_client.get("/dashboard/funnel.svg").content.startswith(b"<svg")


def test_a_picture_can_be_kept_as_a_file(lead_client):
    answer = lead_client.get("/dashboard/funnel.svg", {"as_at": AS_AT, "download": 1})
    assert answer["Content-Disposition"] == f'attachment; filename="funnel-{AS_AT}.svg"'


# --- Who sees what --------------------------------------------------------------------------------


def test_a_lead_of_one_site_sees_its_figures_and_no_others(user_with_role, sign_in, two_sites):
    north = two_sites["North"].post.team.site
    client = sign_in(user_with_role("lead", site=north))

    assert funnel(client, as_at=AS_AT) == [1, 1, 1, 1, 1]
    assert groups(client, by="site") == {"North": (1, 0)}
    page = client.get("/dashboard/").content.decode()
    names = ["North 2022", "South 2022", ">North<", ">South<", "North worker", "South worker"]
    assert [name for name in names if name in page] == ["North 2022", ">North<"]


def test_a_lead_who_trains_elsewhere_has_no_group_for_the_cohorts_there(
    user_with_role, sign_in, two_sites
):
    user = user_with_role("lead", site=two_sites["North"].post.team.site)
    RoleGrantFactory(user=user, role="trainer", site=two_sites["South"].post.team.site)
    client = sign_in(user)

    page = client.get("/dashboard/", {"by": "cohort"}).content.decode()

    assert [name for name in ("North 2022", "South 2022") if name in page] == ["North 2022"]
    assert client.get("/dashboard/funnel.json", {"cohort": "South 2022"}).status_code == 400


@pytest.mark.parametrize("name", ["site", "team", "cohort"])
def test_a_hidden_name_is_answered_like_an_unknown_one(user_with_role, sign_in, two_sites, name):
    client = sign_in(user_with_role("lead", site=two_sites["North"].post.team.site))
    hidden = filters_of(two_sites["South"])[name]
    for value in (hidden.pk, hidden.name if name != "team" else "Ward (South)"):
        refused = client.get("/dashboard/funnel.json", {name: value})
        unknown = client.get("/dashboard/funnel.json", {name: "Nowhere"})
        assert (refused.status_code, refused.content) == (400, unknown.content)


# --- Size -----------------------------------------------------------------------------------------


def queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "address", ["/dashboard/", "/dashboard/?by=team", "/dashboard/?by=cohort", *FILES]
)
def test_the_number_of_queries_does_not_depend_on_the_number_of_people(lead_client, address):
    def add():
        spell = add_one()
        EnrolmentFactory(person=spell.person, commenced_on=COMMENCED)

    def add_one():
        spell = SpellFactory(post=PostFactory(funded_wte=1), started_on=STARTED)
        ApplicationFactory(person=spell.person)
        return spell

    add()
    one = queries(lead_client, address)
    add()
    add()
    assert queries(lead_client, address) == one <= 20


def test_a_page_of_many_groups_stays_small(lead_client):
    for number in range(120):
        post = PostFactory(title=f"Role {number} " + "long " * 20)
        SpellFactory(post=post, started_on=STARTED, ended_on=STARTED + dt.timedelta(number))
    page = lead_client.get("/dashboard/", {"by": "role"})
    assert len(page.content) < 100_000
    assert "10 largest of 120 groups" in page.content.decode()
    assert len(groups(lead_client, by="role")) == 120
