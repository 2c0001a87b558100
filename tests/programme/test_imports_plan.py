"""Rows and records → what is written: matching, what is refused and why, and never twice."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.actions.import_once import import_file
from programme.imports.reading import FileError
from programme.models import (
    Application,
    Cohort,
    Employer,
    Enrolment,
    Funding,
    LeavingReason,
    Outcome,
    Person,
    Post,
    Spell,
    Team,
)
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
from tests.programme.importing import (
    AT,
    IN_POST,
    PERSON,
    PILOT,
    TRAINED,
    bring_in,
    counts,
    csv_of,
    everything,
    refusals,
)

pytestmark = pytest.mark.django_db


# --- The worked example ---------------------------------------------------------------------------


def bring_in_pilot():
    return import_file(content=PILOT.read_bytes(), by=None, at=AT)


def test_the_worked_example_is_28_starters_10_completed_7_in_post():
    assert counts(bring_in_pilot()) == (28, 0, 0, 0)

    cohort = Cohort.objects.get(name="LXP pilot")
    of_cohort = Enrolment.objects.filter(cohort=cohort)
    assert of_cohort.filter(commenced_on__isnull=False).count() == 28
    assert of_cohort.filter(outcome=Outcome.COMPLETED).count() == 10
    assert of_cohort.filter(outcome=Outcome.WITHDREW, outcome_reason__isnull=False).count() == 18
    assert Spell.objects.filter(ended_on=None, started_on__lt="2015-12-31").count() == 7
    completed = of_cohort.filter(outcome=Outcome.COMPLETED).values("person")
    assert Spell.objects.filter(person__in=completed).count() == 7
    assert Post.objects.values("team__site").distinct().count() == 2
    assert Person.objects.get(reference="LXP-004").email == "peer@example.org"
    assert cohort.starts_on == dt.date(2014, 4, 28)
    assert not Funding.objects.exists()


def test_the_worked_example_keeps_its_names_and_says_that_they_are_invented():
    bring_in_pilot()

    names = {str(person) for person in Person.objects.all()}
    assert {"Zoë Ó Briain", "Łukasz Wiśniewski", "Mei 王"} <= names
    assert PILOT.read_text(encoding="utf-8").count("Invented for demonstration") == 28


def test_the_same_file_twice_changes_nothing():
    bring_in_pilot()
    before = everything()

    assert counts(bring_in_pilot()) == (0, 0, 28, 0)
    assert everything() == before


# --- Matching -------------------------------------------------------------------------------------


def test_a_reference_finds_its_person_whatever_its_case():
    person = PersonFactory(reference="abc-1", first_name="Zoë", last_name="Briain")

    report = bring_in({"reference": "ABC-1", "first_name": "", "last_name": "Ó Briain"})

    person.refresh_from_db()
    assert counts(report) == (0, 1, 0, 0)
    assert (person.reference, str(person)) == ("abc-1", "Zoë Ó Briain")


def test_several_rows_of_one_reference_are_episodes_of_one_person():
    report = bring_in(
        TRAINED,
        PERSON | {"cohort": "Autumn", "commenced_on": "01/09/2022"},
        IN_POST,
        IN_POST | {"started_on": "01/06/2024", "post": "Senior peer worker"},
    )

    assert counts(report) == (4, 0, 0, 0)
    assert (Person.objects.count(), Enrolment.objects.count(), Spell.objects.count()) == (1, 2, 2)


def test_a_later_row_that_contradicts_an_earlier_one_is_refused():
    report = bring_in(TRAINED, PERSON | {"last_name": "Other"}, good=True)

    assert report.refused == [
        (3, "last_name", "Row 2 says something else for the same record: “Ó Briain”.")
    ]
    assert Person.objects.get().last_name == "Ó Briain"


def test_the_case_of_a_name_is_no_contradiction_and_the_first_spelling_stands():
    report = bring_in(PERSON, PERSON | {"last_name": "Ó BRIAIN"})

    assert counts(report) == (1, 0, 1, 0)
    assert Person.objects.get().last_name == "Ó Briain"


def test_a_blank_cell_erases_nothing():
    full = TRAINED | {"outcome": "withdrew", "outcome_on": "1/6/2022", "outcome_reason": "Other"}
    bring_in(full | {"email": "a@example.org"}, IN_POST | {"band": "3", "contracted_hours": "30"})
    before = everything()

    report = bring_in(PERSON | dict.fromkeys(full.keys() - PERSON.keys(), ""), TRAINED, IN_POST)

    assert counts(report) == (0, 0, 3, 0)
    assert everything() == before


def test_a_row_about_an_application_alone_gives_no_place_in_the_cohort():
    report = bring_in(PERSON | {"applied_on": "01/01/2022", "cohort": "Spring"})

    assert counts(report) == (1, 0, 0, 0)
    assert Application.objects.get().cohort == Cohort.objects.get()
    assert Enrolment.objects.count() == 0


def test_a_changed_first_day_is_refused_and_never_a_second_spell():
    bring_in(IN_POST)

    report = bring_in(IN_POST | {"started_on": "02/06/2022"})

    assert refusals(report) == [(2, "started_on")]
    assert "in this post from 1 June 2022" in report.refused[0][2]
    assert Spell.objects.count() == 1


def test_a_changed_first_day_is_noticed_where_the_row_does_not_name_the_team():
    bring_in(IN_POST)

    report = bring_in(PERSON | {"post": "Peer worker", "started_on": "02/06/2022"})

    assert refusals(report) == [(2, "started_on")]


def test_a_spell_after_another_in_the_same_post_is_a_second_one():
    bring_in(IN_POST | {"ended_on": "01/06/2023"})

    assert counts(bring_in(IN_POST | {"started_on": "01/06/2023"})) == (1, 0, 0, 0)
    assert Spell.objects.count() == 2


def test_an_end_that_would_reach_into_the_next_spell_is_refused():
    ended = IN_POST | {"ended_on": "01/06/2023"}
    bring_in(ended, IN_POST | {"started_on": "01/06/2023"})

    report = bring_in(ended | {"ended_on": "02/06/2023"})

    assert refusals(report) == [(2, "ended_on")]
    assert counts(bring_in(ended | {"ended_on": "31/05/2023"})) == (0, 1, 0, 0)


def test_a_sheet_with_fewer_columns_finds_the_same_spell():
    bring_in(IN_POST)
    post = Post.objects.get()

    report = bring_in(PERSON | {"post": "peer worker", "started_on": "2022-06-01", "band": "3"})

    post.refresh_from_db()
    assert counts(report) == (0, 1, 0, 0)
    assert (Spell.objects.get().post, post.band) == (post, "Band 3")


def test_a_sheet_with_more_columns_fills_in_what_was_not_stated():
    bring_in(PERSON | {"post": "Peer worker", "started_on": "01/06/2022"})

    report = bring_in(IN_POST)

    assert counts(report) == (0, 1, 0, 0)
    assert Spell.objects.get().post.team.name == "Crisis"


def test_two_spells_that_fit_a_row_equally_are_asked_about():
    bring_in(IN_POST, IN_POST | {"team": "Recovery"})

    report = bring_in(PERSON | {"post": "Peer worker", "started_on": "01/06/2022"})

    assert refusals(report) == [(2, "team")]


def test_a_job_share_is_two_people_in_one_post():
    bring_in(IN_POST, IN_POST | {"reference": "P2", "last_name": "王"})

    assert (Post.objects.count(), Spell.objects.count()) == (1, 2)


def test_a_row_may_need_what_a_later_row_brings():
    ended = TRAINED | {"outcome": "withdrew", "outcome_on": "01/06/2022"}
    rows = [PERSON | {"cohort": "Spring", "outcome_on": "01/06/2022"}, ended]

    assert counts(bring_in(*rows)) == (1, 0, 1, 0)
    assert counts(bring_in(*rows)) == (0, 0, 2, 0)


def test_what_is_recorded_holds_against_an_earlier_row_that_was_refused():
    ended = TRAINED | {"outcome": "withdrew", "outcome_on": "01/06/2022"}
    rows = [
        PERSON | {"cohort": "Spring", "outcome_on": "01/06/2022", "email": "a@example.org"},
        ended | {"email": "b@example.org"},
    ]

    first, second = (bring_in(*rows, good=True) for _ in range(2))

    assert refusals(first) == refusals(second) == [(2, "email")]
    assert counts(second) == (0, 0, 1, 1)


# --- What the file needs and is not there ---------------------------------------------------------


def test_staff_without_training_or_place_get_posts_that_say_not_stated():
    row = PERSON | {"post": "Peer worker", "started_on": "01/06/2022"}
    report = bring_in(row)

    post = Post.objects.get()
    assert (post.team.name, post.team.site.name, post.employer.name) == ("Not stated",) * 3
    assert report.missing["post"] == ["Peer worker (team, site and employer not stated)"]
    assert Person.objects.get().site is None
    assert counts(bring_in(row)) == (0, 0, 1, 0)


def test_a_post_at_a_site_without_a_team_is_in_a_team_not_stated():
    bring_in(IN_POST | {"team": ""})

    team = Team.objects.get()
    assert (team.name, team.site.name) == ("Not stated", "Northgate")


def test_the_only_team_of_a_name_says_its_site():
    team = TeamFactory(name="Crisis")
    TeamFactory(name="Other")

    bring_in(IN_POST | {"site": "", "team": "CRISIS"})

    assert Spell.objects.get().post.team == team


def test_a_team_of_which_there_are_two_or_none_needs_its_site():
    TeamFactory(name="Crisis")
    TeamFactory(name="Crisis")

    report = bring_in(IN_POST | {"site": ""}, IN_POST | {"site": "", "team": "Unheard of"})

    assert [(column, reason[:24]) for _, column, reason in report.refused] == [
        ("site", "More than one site has a"),
        ("site", "Say which site the team "),
    ]


def test_a_row_before_the_one_that_names_the_site_of_its_team_is_read_alike():
    rows = [IN_POST | {"site": "", "reference": "P2"}, IN_POST]

    assert counts(bring_in(*rows)) == (2, 0, 0, 0)
    assert counts(bring_in(*rows)) == (0, 0, 2, 0)


def test_the_only_employer_of_a_post_is_taken():
    post = PostFactory(title="Peer worker", team__name="Crisis", team__site__name="Northgate")

    bring_in(IN_POST | {"employer": ""})

    assert Spell.objects.get().post == post


def test_two_employers_of_one_post_are_asked_about():
    team = TeamFactory(name="Crisis", site__name="Northgate")
    for _ in range(2):
        PostFactory(title="Peer worker", team=team, employer=EmployerFactory())

    assert refusals(bring_in(IN_POST | {"employer": ""})) == [(2, "employer")]


def test_a_new_employer_is_nhs_only_where_its_name_says_so():
    bring_in(IN_POST, IN_POST | {"reference": "P2", "employer": "Mind in the Vale"})

    kinds = dict(Employer.objects.values_list("name", "kind"))
    assert kinds == {"Example NHS Trust": "nhs", "Mind in the Vale": "other"}


def test_a_new_cohort_begins_with_its_earliest_session_at_the_site_all_rows_name():
    bring_in(
        TRAINED | {"site": "Northgate"},
        TRAINED | {"reference": "P2", "site": "Northgate", "commenced_on": "22/02/2022"},
        TRAINED | {"reference": "P3", "cohort": "Autumn", "site": "Northgate"},
        TRAINED | {"reference": "P4", "cohort": "Autumn", "site": "Riverside"},
    )

    spring, autumn = Cohort.objects.get(name="Spring"), Cohort.objects.get(name="Autumn")
    assert (spring.starts_on, spring.site.name) == (dt.date(2022, 2, 22), "Northgate")
    assert autumn.site is None


def test_a_cohort_that_is_recorded_keeps_its_dates():
    cohort = CohortFactory(name="Spring", starts_on=dt.date(2022, 5, 1))

    bring_in(TRAINED)

    cohort.refresh_from_db()
    assert cohort.starts_on == dt.date(2022, 5, 1)


def test_a_new_leaving_reason_is_counted_under_other():
    bring_in(IN_POST | {"ended_on": "01/06/2023", "leaving_reason": "Won the lottery"})

    assert LeavingReason.objects.get(name="Won the lottery").group == "other"


def test_nothing_is_made_for_a_team_without_a_post():
    report = bring_in(PERSON | {"site": "Northgate", "team": "Crisis"})

    assert counts(report) == (1, 0, 0, 0)
    assert Team.objects.count() == 0


def test_a_persons_site_is_set_once_and_moved_only_by_a_row_about_nothing_else():
    bring_in(IN_POST, IN_POST | {"site": "Riverside", "started_on": "01/06/2024"})
    assert Person.objects.get().site.name == "Northgate"

    bring_in(PERSON | {"site": "Riverside"})
    assert Person.objects.get().site.name == "Riverside"


# --- What is refused ------------------------------------------------------------------------------

ENDED = IN_POST | {"ended_on": "01/06/2023"}
REFUSED = {
    "no reference": (PERSON | {"reference": ""}, "reference"),
    "no last name": (PERSON | {"last_name": " "}, "last_name"),
    "long reference": (PERSON | {"reference": "x" * 41}, "reference"),
    "NUL in a name": (PERSON | {"last_name": "a\x00b"}, "last_name"),
    "line break in a name": (PERSON | {"first_name": "a\r\nb"}, "first_name"),
    "no email": (PERSON | {"email": "zoe"}, "email"),
    "no date": (PERSON | {"applied_on": "31/02/2022"}, "applied_on"),
    "applied tomorrow": (PERSON | {"applied_on": "01/01/2099"}, "applied_on"),
    "training without cohort": (PERSON | {"commenced_on": "01/03/2022"}, "cohort"),
    "unknown outcome": (TRAINED | {"outcome": "fine"}, "outcome"),
    "outcome without date": (TRAINED | {"outcome": "completed"}, "outcome_on"),
    "date without outcome": (TRAINED | {"outcome_on": "01/06/2022"}, "outcome"),
    "in training with date": (
        TRAINED | {"outcome": "active", "outcome_on": "01/06/2022"},
        "outcome_on",
    ),
    "outcome before start": (
        TRAINED | {"outcome": "withdrew", "outcome_on": "28/02/2022"},
        "outcome_on",
    ),
    "completed without start": (
        PERSON | {"cohort": "Spring", "outcome": "completed", "outcome_on": "01/06/2022"},
        "commenced_on",
    ),
    "reason for completing": (
        TRAINED | {"outcome": "completed", "outcome_on": "1/6/2022", "outcome_reason": "Other"},
        "outcome_reason",
    ),
    "reason while in training": (TRAINED | {"outcome_reason": "Other"}, "outcome_reason"),
    "start without post": (PERSON | {"started_on": "01/06/2022"}, "post"),
    "hours without post": (PERSON | {"contracted_hours": "30"}, "post"),
    "post without start": (PERSON | {"post": "Peer worker"}, "started_on"),
    "no hours": (IN_POST | {"contracted_hours": "0"}, "contracted_hours"),
    "too many hours": (IN_POST | {"contracted_hours": "61"}, "contracted_hours"),
    "long band": (IN_POST | {"band": "a long name of a band"}, "band"),
    "end before start": (IN_POST | {"ended_on": "31/05/2022"}, "ended_on"),
    "reason without end": (IN_POST | {"leaving_reason": "Unknown"}, "ended_on"),
    "destination without end": (IN_POST | {"destination": "Elsewhere"}, "ended_on"),
    "long destination": (ENDED | {"destination": "x" * 121}, "destination"),
    "long team": (IN_POST | {"team": "x" * 121}, "team"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_row_is_refused_under_its_column_and_nothing_is_written(name):
    row, column = REFUSED[name]

    report = bring_in(row, {"reference": "good", "last_name": "Row"})

    assert refusals(report) == [(2, column)]
    assert counts(report) == (0, 0, 1, 1)
    assert Person.objects.count() == 0


@pytest.mark.parametrize("name", REFUSED)
def test_good_rows_are_written_without_the_refused_one(name):
    row, _ = REFUSED[name]

    report = bring_in(row, {"reference": "good", "last_name": "Row"}, good=True)

    assert counts(report) == (1, 0, 0, 1)
    assert [person.reference for person in Person.objects.all()] == ["good"]
    assert (Cohort.objects.count(), Post.objects.count(), Team.objects.count()) == (0, 0, 0)


def test_every_wrong_cell_of_a_row_is_named():
    row = IN_POST | {"started_on": "31/02/2022", "contracted_hours": "80", "email": "x"}

    columns = [column for _, column in refusals(bring_in(row))]

    assert sorted(columns) == ["contracted_hours", "email", "started_on"]


def test_training_and_post_of_one_row_are_refused_together():
    row = IN_POST | {"outcome": "completed", "ended_on": "01/01/2022"}

    assert refusals(bring_in(row)) == [(2, "cohort"), (2, "ended_on")]


def test_cells_beyond_the_headings_refuse_their_row():
    content = b"reference,last_name\nP1,Briain,22,5\n"

    report = import_file(content=content, by=None, at=AT)

    assert refusals(report) == [(2, "")]
    assert "2 filled cells beyond the last heading" in report.refused[0][2]


def test_an_outcome_is_not_taken_back():
    person = PersonFactory(**PERSON)
    EnrolmentFactory(
        person=person, cohort__name="Spring", outcome="completed", outcome_on=dt.date(2022, 6, 1)
    )

    report = bring_in(PERSON | {"cohort": "Spring", "outcome": "in training"})

    assert refusals(report) == [(2, "outcome")]


def test_a_new_outcome_needs_its_own_date_and_drops_the_reason_of_the_old():
    deferred = {"outcome": "deferred", "outcome_on": "01/04/2022", "outcome_reason": "Moved away"}
    bring_in(TRAINED | deferred)

    assert refusals(bring_in(TRAINED | {"outcome": "completed"})) == [(2, "outcome_on")]
    report = bring_in(TRAINED | {"outcome": "completed", "outcome_on": "01/07/2022"})

    place = Enrolment.objects.get()
    assert counts(report) == (0, 1, 0, 0)
    assert (place.outcome, place.outcome_reason) == ("completed", None)


def test_an_end_before_the_last_working_day_on_record_is_refused():
    bring_in(IN_POST)
    Spell.objects.update(last_working_day=dt.date(2023, 5, 1))

    assert refusals(bring_in(IN_POST | {"ended_on": "01/04/2023"})) == [(2, "ended_on")]


def test_two_bands_for_one_post_are_refused():
    report = bring_in(
        IN_POST | {"band": "3"}, IN_POST | {"reference": "P2", "last_name": "王", "band": "4"}
    )

    assert refusals(report) == [(3, "band")]


def test_a_file_without_a_reference_or_last_name_is_refused_whole():
    with pytest.raises(FileError, match="Say which column holds the last name"):
        import_file(content=csv_of({"reference": "P1", "post": "x"}), by=None, at=AT)


# --- Leads of some sites --------------------------------------------------------------------------


@pytest.fixture
def northgate():
    return SiteFactory(name="Northgate")


@pytest.fixture
def local_lead(user_with_role, northgate):
    return user_with_role("lead", site=northgate)


def test_a_lead_of_a_site_imports_its_rows(local_lead, northgate):
    report = bring_in(IN_POST | {"cohort": "Spring", "commenced_on": "1/3/2022"}, by=local_lead)

    assert counts(report) == (1, 0, 0, 0)
    assert Cohort.objects.get().site == northgate
    assert Person.objects.visible_to(local_lead).count() == 1


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (PERSON | {"site": "Riverside"}, "site"),
        (PERSON | {"site": "Unheard of"}, "site"),
        (PERSON, "site"),
        (TRAINED, "site"),
        (TRAINED | {"site": "Northgate", "cohort": "Riverside course"}, "cohort"),
        (PERSON | {"reference": "HIDDEN", "site": "Northgate"}, "reference"),
        (PERSON | {"post": "Peer worker", "started_on": "1/6/2022"}, "site"),
        (IN_POST | {"site": "", "team": "Riverside team"}, "site"),
    ],
)
def test_a_lead_of_a_site_touches_nothing_of_another(local_lead, row, column):
    riverside = SiteFactory(name="Riverside")
    PersonFactory(reference="hidden", site=riverside)
    CohortFactory(name="Riverside course", site=riverside)
    TeamFactory(name="Riverside team", site=riverside)
    before = everything()

    report = bring_in(row, by=local_lead, good=True)

    assert refusals(report) == [(2, column)]
    assert everything() == before


def test_a_refusal_does_not_say_whether_a_site_exists(local_lead):
    SiteFactory(name="Riverside")

    reasons = {
        bring_in(PERSON | {"site": name}, by=local_lead).refused[0][2]
        for name in ("Riverside", "Unheard of")
    }

    assert reasons == {"This is not at one of your sites."}


def test_somebody_with_a_post_at_ones_site_can_be_changed(local_lead, northgate):
    person = PersonFactory(reference="P1", last_name="Briain")
    SpellFactory(person=person, post__team__site=northgate)

    assert counts(bring_in(PERSON, by=local_lead)) == (0, 1, 0, 0)


@pytest.mark.parametrize("own_site", ["Riverside", None])
def test_a_lead_of_a_site_moves_nobody_from_another_or_from_none(local_lead, northgate, own_site):
    site = SiteFactory(name=own_site) if own_site else None
    person = PersonFactory(reference="P1", last_name="Ó Briain", site=site)
    SpellFactory(person=person, post__team__site=northgate)

    alone = bring_in(PERSON | {"site": "Northgate"}, by=local_lead)
    with_post = bring_in(IN_POST, by=local_lead)

    assert alone.refused == [(2, "site", "This is not at one of your sites.")]
    assert counts(with_post) == (1, 0, 0, 0)
    person.refresh_from_db()
    assert person.site == site


def test_a_lead_of_two_sites_moves_a_person_between_them(local_lead, northgate):
    southgate = SiteFactory(name="Southgate")
    RoleGrantFactory(user=local_lead, role="lead", site=southgate)
    PersonFactory(reference="P1", last_name="Ó Briain", site=southgate)

    bring_in(PERSON | {"site": "Northgate"}, by=local_lead)

    assert Person.objects.get().site == northgate


@pytest.mark.parametrize(("own_site", "expected"), [("Riverside", 1), ("Northgate", 0)])
def test_an_application_one_may_not_see_gets_no_cohort(local_lead, northgate, own_site, expected):
    site = northgate if own_site == "Northgate" else SiteFactory(name=own_site)
    person = PersonFactory(reference="P1", last_name="Ó Briain", site=site)
    SpellFactory(person=person, post__team__site=northgate)
    CohortFactory(name="Spring", site=northgate)
    ApplicationFactory(person=person, cohort=None, applied_on=dt.date(2022, 1, 1))

    row = PERSON | {"applied_on": "01/01/2022", "cohort": "Spring"}
    report = bring_in(row, by=local_lead)

    assert refusals(report) == [(2, "applied_on")] * expected
    assert Application.objects.filter(cohort=None).count() == expected


# --- Anything at all ------------------------------------------------------------------------------

# Mostly what can be right, so that many rows of a file are taken and meet one another.
DAYS = st.sampled_from(["", "", "", "01/03/2022", "01/06/2022", "01/06/2023", "2024-01-01"])
FEW = {
    "reference": st.sampled_from(["P1", "p1", "P2", "İ", "ı", "ẞ"]),
    "last_name": st.sampled_from(["Briain", "BRIAIN", "Briain", "王"]),
    "email": st.sampled_from(["", "", "a@example.org", "b@example.org"]),
    "employer": st.sampled_from(["", "Trust", "TRUST", "Mind"]),
    "site": st.sampled_from(["", "Northgate", "Riverside", "İ", "i̇", "I"]),
    "team": st.sampled_from(["", "Crisis", "Straße", "STRASSE", "Not stated"]),
    "applied_on": DAYS,
    "cohort": st.sampled_from(["", "Spring", "spring", "ΟΔΟΣ", "οδος", "οδοσ"]),
    "commenced_on": DAYS,
    "outcome": st.sampled_from(["", "", "active", "completed", "withdrew", "deferred"]),
    "outcome_on": DAYS,
    "outcome_reason": st.sampled_from(["", "", "", "Other", "OTHER", "New"]),
    "post": st.sampled_from(["", "Peer worker", "peer worker"]),
    "band": st.sampled_from(["", "3", "Band 4"]),
    "contracted_hours": st.sampled_from(["", "", "22,5", "60"]),
    "started_on": DAYS,
    "ended_on": DAYS,
    "leaving_reason": st.sampled_from(["", "", "", "Unknown", "New"]),
    "destination": st.sampled_from(["", "", "", "Elsewhere"]),
}


@given(st.lists(st.fixed_dictionaries(FEW), min_size=1, max_size=8))
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_planned_is_what_the_database_takes_and_a_second_time_nothing(rows):
    """What a plan lets through no constraint refuses; and the same file adds nothing."""
    from django.db import transaction

    with transaction.atomic():
        bring_in(*rows, good=True)
        before = everything()
        again = bring_in(*rows, good=True)

        assert (again.created, again.changed) == (0, 0)
        assert everything() == before
        transaction.set_rollback(True)
