"""What the lists of the programme share: search, *as at* a past day, and files of their rows."""

import csv
import datetime as dt
import io

import pytest
from python_calamine import CalamineWorkbook

from audit.models import Look
from programme.models import Cohort, ImportJob, Post, StageTemplate
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    AttendanceFactory,
    CohortFactory,
    EmployerFactory,
    EnrolmentFactory,
    InterviewSlotFactory,
    MentoringFactory,
    MentorMeetingFactory,
    PathwayFactory,
    PathwayStepFactory,
    PersonFactory,
    PostFactory,
    ProgrammeVersionFactory,
    RequirementResultFactory,
    RoundFactory,
    SiteFactory,
    SpellFactory,
    TeamFactory,
    TeamPreparationFactory,
    TemplateStageFactory,
    TrainingSessionFactory,
    UserFactory,
)
from tests.programme.pages import queries_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2022, 1, 10)


def downloaded(client, url: str) -> list[list[str]]:
    """The rows of a CSV, with its headings first."""
    content = b"".join(client.get(url).streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline="")))


def named(client, url: str) -> list[str]:
    return [str(row) for row in client.get(url).context["page"]]


# --- Search ---------------------------------------------------------------------------------------

LISTS = {
    "/cohorts/": (CohortFactory, "name"),
    "/posts/": (PostFactory, "title"),
    "/posts/teams/": (TeamFactory, "name"),
    "/posts/employers/": (EmployerFactory, "name"),
}
searched = pytest.mark.parametrize(
    ("url", "make", "column"), [(url, *how) for url, how in LISTS.items()]
)


@searched
def test_a_list_is_searched_without_accents_or_case_and_says_when_nothing_fits(
    lead_client, url, make, column
):
    make(**{column: "Łódź Ó Briain"})
    make(**{column: "Ash"})
    assert named(lead_client, f"{url}?q=O BRI lodz") == ["Łódź Ó Briain"]
    assert "fits what you chose" in lead_client.get(f"{url}?q=ash").text
    assert "fits what you chose" in lead_client.get(f"{url}?q=nothing").text
    wrong = lead_client.get(f"{url}?q=a%00b")
    assert (list(wrong.context["page"]), "There is a problem" in wrong.text) == ([], True)
    file = lead_client.get(f"{url}?q=ash").text.split('.csv?q=ash">CSV')[0].rsplit('"', 1)[1]
    assert [row[0] for row in downloaded(lead_client, f"{file}.csv?q=ash")][1:] == ["Ash"]
    part = lead_client.get(f"{url}?q=ash", headers={"HX-Request": "true"}).text
    assert ("<html" in part, "Ash" in part) == (False, True)


@searched
def test_a_search_takes_as_many_queries_for_three_rows_as_for_one(lead_client, url, make, column):
    make(**{column: "Oak"})
    one = queries_of(lead_client, f"{url}?q=oak&as_at=2024-01-01")
    make(**{column: "Oak ward"})
    make(**{column: "Oak house"})
    assert queries_of(lead_client, f"{url}?q=oak&as_at=2024-01-01") == one <= 20


def test_posts_and_teams_are_found_by_their_site_and_cohorts_without_one_too(lead_client):
    team = TeamFactory(site=SiteFactory(name="Zürich"), supervisor="Maya Evans")
    post = PostFactory(team=team, employer__name="Mind")
    cohort = CohortFactory(name="Spring", site=None)
    CohortFactory(site=team.site)
    assert named(lead_client, "/posts/?q=zurich mind") == [post.title]
    assert named(lead_client, "/posts/teams/?q=maya") == [team.name]
    assert named(lead_client, "/cohorts/?q=spring") == [cohort.name]


# --- As at a past day -----------------------------------------------------------------------------


@pytest.fixture
def one_way(db) -> None:
    """One person from an application to a second post, and one whose place has no day."""
    person = PersonFactory(first_name="Zoë", last_name="Way")
    cohort = CohortFactory(name="Spring", starts_on=DAY)
    ApplicationFactory(person=person, applied_on=dt.date(2021, 11, 1))
    EnrolmentFactory(
        person=person,
        cohort=cohort,
        commenced_on=DAY,
        outcome="completed",
        outcome_on=dt.date(2022, 4, 4),
    )
    first = SpellFactory(
        person=person,
        post__title="First",
        started_on=dt.date(2022, 6, 1),
        ended_on=dt.date(2023, 6, 1),
    )
    SpellFactory(person=person, post__title="Second", started_on=dt.date(2023, 6, 1))
    EnrolmentFactory(person__last_name="Waiting", cohort=cohort, commenced_on=None)
    PersonFactory(last_name="Nothing")
    assert first.post.title == "First"


WAYS = [
    ("2021-10-31", []),
    ("2021-11-01", [["Applied", "2021-11-01", "", "", ""]]),
    ("10/1/2022", [["In training", "2022-01-10", "Spring", "", "2022-01-10"]]),
    ("2022-04-04", [["Completed training", "2022-04-04", "Spring", "", "2022-01-10"]]),
    ("1 June 2022", [["In post", "2022-06-01", "Spring", "First", "2022-01-10"]]),
    ("2023-06-01", [["In post", "2023-06-01", "Spring", "Second", "2022-01-10"]]),
]


@pytest.mark.parametrize(("day", "rows"), WAYS)
def test_people_as_at_a_past_day_are_those_of_whom_something_had_happened(
    lead_client, one_way, day, rows
):
    page = lead_client.get("/people/", {"as_at": day})
    assert [str(row) for row in page.context["page"]] == ["Zoë Way"] * len(rows)
    heads, *found = downloaded(lead_client, f"/people/people.csv?as_at={day}")
    at = [heads.index(head) for head in ("Where they were", "Since", "Cohort", "Post", "Started")]
    assert [[row[column] for column in at] for row in found] == rows


def test_filters_of_people_are_of_the_past_day_too(lead_client, one_way):
    page = lead_client.get("/people/").context["form"]
    cohort = page.fields["cohort"].queryset.get()
    first = page.fields["team"].queryset.get(posts__title="First")

    def found(**asked) -> int:
        return lead_client.get("/people/", asked).context["page"].paginator.count

    assert found(cohort=cohort.pk) == 2
    assert (found(cohort=cohort.pk, as_at="2021-12-01"), found(as_at="2021-12-01")) == (0, 1)
    assert (found(team=first.pk, as_at="2022-05-31"), found(team=first.pk)) == (0, 1)
    assert found(team=first.pk, status="in_post", as_at="2023-05-31") == 1
    assert found(team=first.pk, status="in_post", as_at="2023-06-01") == 0
    assert (found(status="in_training", as_at="2022-04-03"), found(status="in_training")) == (1, 0)
    assert (found(status="applied", as_at="2021-10-01"), found(status="applied")) == (0, 1)
    assert found(sort="newest", as_at="2021-12-01") == 1


def test_cohorts_as_at_a_past_day_have_the_counts_of_that_day(lead_client, one_way):
    CohortFactory(name="Later", starts_on=dt.date(2024, 1, 1))
    page = lead_client.get("/cohorts/", {"as_at": "2022-03-01"})
    [cohort] = page.context["page"].object_list
    assert (cohort.name, cohort.started, cohort.in_training, cohort.completed) == (
        "Spring",
        1,
        1,
        0,
    )
    [row] = downloaded(lead_client, "/cohorts/cohorts.csv?as_at=2022-03-01")[1:]
    assert row[4:] == ["1", "0", "1", "0", ""]
    assert named(lead_client, "/cohorts/") == ["Later", "Spring"]


def test_posts_as_at_a_past_day_are_those_funded_or_filled_on_it(lead_client, one_way):
    ended = PostFactory(title="Ended", funding_ends_on=dt.date(2022, 7, 1))
    day = {"as_at": "2022-06-30"}
    posts = lead_client.get("/posts/", day).context["page"].object_list
    assert [(one.title, one.people_in_post) for one in posts] == [
        ("Ended", 0),
        ("First", 1),
        ("Second", 0),
    ]
    assert ended.title not in named(lead_client, "/posts/?as_at=2022-07-01")
    rows = downloaded(lead_client, "/posts/posts.csv?as_at=2022-06-30")[1:]
    assert [(row[0], row[-1]) for row in rows] == [("Ended", "0"), ("First", "1"), ("Second", "0")]


COHORT_DAYS = [
    ("2022-01-09", [], [0, 0, 0]),
    ("2022-03-01", ["In training", ""], [1, 0, 0]),
    ("2022-04-04", ["Completed", "2022-04-04"], [1, 1, 0]),
    ("2022-06-01", ["Completed", "2022-04-04"], [1, 1, 1]),
]


@pytest.mark.parametrize(("day", "row", "counts"), COHORT_DAYS)
def test_a_cohorts_page_and_file_are_of_the_past_day(lead_client, one_way, day, row, counts):
    url = f"/cohorts/{Cohort.objects.get().pk}/"
    page = lead_client.get(url, {"as_at": day})
    shown = [[one.outcome_words, one.outcome_on] for one in page.context["page"]]
    assert [stage["people"] for stage in page.context["funnel"]] == counts
    assert page.context["counted"].waiting == 0
    file = lead_client.get(f"{url}cohort.csv?as_at={day}")
    assert f'filename="cohort-as-at-{day}.csv"' in file["Content-Disposition"]
    found = [line[3:5] for line in downloaded(lead_client, f"{url}cohort.csv?as_at={day}")[1:]]
    assert found == [[words, on.isoformat() if on else ""] for words, on in shown]
    assert found == ([row] if row else [])


POST_DAYS = [
    ("2022-05-31", []),
    ("2023-05-31", ["In post", "2022-06-01", ""]),
    ("2023-06-01", ["Left", "2022-06-01", "2023-06-01"]),
]


@pytest.mark.parametrize(("day", "row"), POST_DAYS)
def test_a_posts_page_and_file_are_of_the_past_day(lead_client, one_way, day, row):
    url = f"/posts/{Post.objects.get(title='First').pk}/"
    page = lead_client.get(url, {"as_at": day})
    shown = [[state, str(spell.ended_on or "")] for spell, state, _ in page.context["rows"]]
    assert shown == ([[row[0], row[2]]] if row else [])
    assert page.context["post"].people_in_post == (row[:1] == ["In post"])
    rows = downloaded(lead_client, f"{url}post.csv?as_at={day}")[1:]
    assert [line[3:6] for line in rows] == ([row] if row else [])


@pytest.mark.parametrize(("where", "make"), [("cohorts", CohortFactory), ("posts", PostFactory)])
def test_a_page_of_one_says_of_which_day_it_is_or_what_is_wrong_with_it(lead_client, where, make):
    url = f"/{where}/{make().pk}/"
    assert "<strong>As at 3 March 2025</strong>" in lead_client.get(url, {"as_at": "3/3/2025"}).text
    wrong = lead_client.get(url, {"as_at": "a\0b"})
    assert list(wrong.context["form"].errors) == ["as_at"]
    assert "Nothing is shown" in wrong.text


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("/people/", "people"),
        ("/cohorts/", "cohorts"),
        ("/posts/", "posts"),
        ("/posts/establishment/", "establishment"),
    ],
)
def test_a_page_and_its_file_say_of_which_past_day_they_are(lead_client, one_way, url, file):
    page = lead_client.get(url, {"as_at": "3 March 2025"})
    assert "<strong>As at 3 March 2025</strong>" in page.text
    assert "<strong>As at" not in lead_client.get(url).text
    there = "/posts/" if file == "establishment" else url
    answer = lead_client.get(f"{there}{file}.xlsx", {"as_at": "2025-03-03"})
    assert f'filename="{file}-as-at-2025-03-03.xlsx"' in answer["Content-Disposition"]
    for nonsense in ("2999-01-01", "soon", "1/1/1900", "a\0b"):
        wrong = lead_client.get(url, {"as_at": nonsense})
        assert list(wrong.context["form"].errors) == ["as_at"]
        assert list(wrong.context["page"]) == []


def test_people_as_at_take_as_many_queries_for_three_as_for_one(lead_client):
    def add_one():
        spell = SpellFactory()
        EnrolmentFactory(person=spell.person)
        ApplicationFactory(person=spell.person)

    add_one()
    one = queries_of(lead_client, "/people/?as_at=2024-01-01&sort=newest&status=in_post")
    add_one()
    add_one()
    assert queries_of(lead_client, "/people/?as_at=2024-01-01&sort=newest&status=in_post") == one
    assert one <= 20


# --- Files of every list --------------------------------------------------------------------------


def looks(page: str) -> set:
    return set(Look.objects.filter(page=f"programme:{page}").values_list("subject_id", flat=True))


def test_rounds_and_who_is_on_hold_as_files(lead_client):
    made = RoundFactory(title="=Round", places=3)
    held = ApplicantFactory(round=made, kind="on_hold", first_name="Zoë", last_name="Ó Briain")
    [row] = downloaded(lead_client, "/recruitment/rounds.csv?state=open")[1:]
    assert row == ["'=Round", made.site.name, "Open", "2026-01-05", "2099-12-31", "3", "1"]
    assert downloaded(lead_client, "/recruitment/rounds.csv?state=drafts")[1:] == []
    [row] = downloaded(lead_client, "/recruitment/hold.csv")[1:]
    assert (row[:2], row[3]) == (["Zoë", "Ó Briain"], "'=Round")
    assert looks("hold-csv") == {held.pk}


def test_times_for_interviews_as_a_file(lead_client):
    row = ApplicantFactory(kind="interview")
    slot = InterviewSlotFactory(round=row.round)
    slot.bookings.create(applicant=row, booked_at=slot.starts_at)
    [line] = downloaded(lead_client, f"/recruitment/{row.round_id}/slots.csv")[1:]
    assert line[3:] == [str(row), "0", "1"]
    assert looks("slots-csv") == {row.pk}


def test_teams_employers_pathways_and_programmes_as_files(lead_client):
    team = TeamFactory(name="Łódź", supervisor="Maya Evans")
    PathwayFactory(name="Bare")
    PathwayStepFactory(pathway__name="Way", position=1, role="Peer worker", band="3")
    version = ProgrammeVersionFactory(programme__name="LXP", published_on=DAY)
    CohortFactory(programme_version=version)
    EmployerFactory(name="Mind", kind="voluntary")
    [row] = downloaded(lead_client, "/posts/teams.csv")[1:]
    assert row[:6] == ["Łódź", team.site.name, "Maya Evans", "", "0", "no"]
    assert "no session has prepared the team" in row[6]
    assert downloaded(lead_client, "/posts/employers.csv")[1:] == [["Mind", "Voluntary sector"]]
    assert downloaded(lead_client, "/posts/pathways.csv")[1:] == [
        ["Bare", "", "", "", "", ""],
        ["Way", "1", "Peer worker", "3", "", ""],
    ]
    assert downloaded(lead_client, "/programmes/programmes.csv")[1:] == [["LXP", "1", "1"]]


def test_the_lists_of_a_cohort_as_files(lead_client):
    result = RequirementResultFactory(requirement__name="Task", result="met")
    person, cohort = result.enrolment.person, result.cohort
    session = TrainingSessionFactory(cohort=cohort, held_on=DAY, topic="Boundaries")
    session.facilitators.create(name="Zoë", is_peer=True)
    AttendanceFactory(session=session, enrolment=result.enrolment, state="part")
    pair = MentoringFactory(enrolment=result.enrolment)
    MentorMeetingFactory(mentoring=pair, met_on=DAY)
    name = [person.first_name, person.last_name]

    def rows(kind: str) -> list[list[str]]:
        return downloaded(lead_client, f"/cohorts/{cohort.pk}/{kind}.csv")

    assert rows("sessions")[1:] == [
        ["2022-01-10", "", "", "Boundaries", "", "", "Zoë", "", ""],
    ]
    assert rows("attendance") == [
        ["First name", "Last name", "Boundaries, 10 January 2022"],
        [*name, "Attended part"],
    ]
    assert rows("requirements") == [
        ["First name", "Last name", "Completion", "Task"],
        [*name, "Ready to confirm", "Met"],
    ]
    [row] = rows("mentors")[1:]
    assert (row[:3], row[5]) == ([*name, str(pair.mentor)], "2022-01-10")
    for page in ("attendance-csv", "requirements-csv", "mentors-csv"):
        assert looks(page) == {person.pk}


def test_templates_of_stages_and_what_prepared_a_team_as_files(lead_client):
    StageTemplate.objects.all().delete()
    stage = TemplateStageFactory(template__name="Short", name="Sent", kind="applied", position=0)
    site = stage.template.site.name if stage.template.site else "Every site"
    rows = downloaded(lead_client, "/recruitment/templates.csv")
    assert rows[1:] == [["Short", site, "1", "Sent", "Applied"]]
    held = TeamPreparationFactory(held_on=DAY, session="=Day", by_peers=True, staff_share=60)
    rows = downloaded(lead_client, f"/posts/teams/{held.team_id}/sessions.csv")
    assert rows[1:] == [["2022-01-10", "'=Day", "yes", "60"]]


def test_pairs_to_be_decided_as_a_file_have_two_rows_each_and_are_looks(lead_client):
    one = ApplicantFactory(first_name="Zoë", last_name="Way")
    other = ApplicantFactory(round=one.round, first_name="Zoe", last_name="Way")
    ApplicantFactory(round=one.round, last_name="Alone")
    rows = downloaded(lead_client, f"/recruitment/{one.round_id}/duplicates.csv")[1:]
    assert sorted(row[:4] for row in rows) == [
        ["1", "Zoe", "Way", other.email],
        ["1", "Zoë", "Way", one.email],
    ]
    assert looks("duplicates-csv") == {one.pk, other.pk}


def test_ones_own_imports_as_a_file(lead, lead_client):
    ImportJob.objects.create(created_by=UserFactory(), file_name="theirs.csv")
    counts = {"create": 2, "refuse": 1}
    ImportJob.objects.create(
        created_by=lead,
        file_name="=mine.csv",
        state="done",
        rows_total=3,
        summary={"counts": counts},
    )
    [row] = downloaded(lead_client, "/import/imports.csv")[1:]
    assert (row[0], row[2], row[4:]) == ("'=mine.csv", "Done", ["3", "2", "0", "0", "1"])


def test_who_has_seen_ones_own_record_as_a_file_of_all_of_it(lead, lead_client, sign_in):
    own = PersonFactory(user=UserFactory())
    PersonFactory()
    for _ in range(26):
        lead_client.get(f"/people/{own.pk}/")
    downloaded(lead_client, "/people/people.csv")
    rows = downloaded(sign_in(own.user), "/my-record/looks/who-has-seen-my-record.csv")[1:]
    seen = [lead.name, "Programme lead"]
    assert rows[0][1:] == [*seen, "A download of the list of people"]
    assert [row[1:] for row in rows[1:]] == [[*seen, "Your record"]] * 26


def test_who_was_in_a_post_as_a_file(lead_client):
    spell = SpellFactory(started_on=DAY, contracted_hours="22.5")
    [row] = downloaded(lead_client, f"/posts/{spell.post_id}/post.csv")[1:]
    assert row[0] == spell.person.reference
    assert row[3:] == ["In post", "2022-01-10", "", "22.50000", ""]
    assert looks("post-csv") == {spell.person_id}


def test_a_list_as_a_workbook_has_the_rows_of_its_csv(lead_client):
    TeamFactory(name="Oak")
    answer = lead_client.get("/posts/teams.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer)))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["Name", "Oak"]
