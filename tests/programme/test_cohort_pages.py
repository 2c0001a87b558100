"""Cohorts: the list, one cohort's people and how it went, and places in it."""

import csv
import datetime as dt
import io

import pytest

from audit.models import Look
from programme.models import Cohort, Enrolment, OutcomeReason
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    PersonFactory,
    RoleGrantFactory,
    SiteFactory,
    SpellFactory,
)
from tests.programme.pages import boxes, queries_of, sent_by

pytestmark = pytest.mark.django_db
START, END = dt.date(2022, 1, 10), dt.date(2022, 4, 4)


def url(cohort: Cohort, rest: str = "") -> str:
    return f"/cohorts/{cohort.pk}/{rest}"


@pytest.fixture
def trainer(user_with_role):
    return user_with_role("trainer")


@pytest.fixture
def trainer_client(trainer, sign_in):
    return sign_in(trainer)


@pytest.fixture
def pilot(db) -> Cohort:
    """The worked example: 28 started, 10 completed, 7 of them were employed."""
    cohort = CohortFactory(name="LXP pilot", starts_on=START, ends_on=END)
    reason = OutcomeReason.objects.get(name="Not stated")
    for number in range(28):
        done = number < 10
        enrolment = EnrolmentFactory(
            cohort=cohort,
            commenced_on=START,
            outcome="completed" if done else "withdrew",
            outcome_on=END,
            outcome_reason=None if done else reason,
        )
        if number < 7:
            SpellFactory(person=enrolment.person, started_on=dt.date(2022, 6, 1))
    return cohort


# --- The list -------------------------------------------------------------------------------------


def test_the_list_counts_what_became_of_each_cohort(lead_client, pilot):
    CohortFactory(name="Next", starts_on=dt.date(2023, 1, 9))
    rows = lead_client.get("/cohorts/").context["page"]
    assert [
        (row.name, row.started, row.completed, row.in_training, row.did_not_complete)
        for row in rows
    ] == [("Next", 0, 0, 0, 0), ("LXP pilot", 28, 10, 0, 18)]


def test_an_empty_list_says_what_to_do_next(lead_client, trainer_client):
    assert "Add a cohort</a> for each group" in lead_client.get("/cohorts/").text
    assert "A programme lead adds a cohort" in trainer_client.get("/cohorts/").text


def test_the_number_of_queries_of_the_list_does_not_grow(lead_client):
    EnrolmentFactory()
    one = queries_of(lead_client, "/cohorts/")
    EnrolmentFactory.create_batch(2)
    assert queries_of(lead_client, "/cohorts/") == one
    assert one <= 20


def test_the_list_is_downloaded(trainer_client, pilot):
    content = b"".join(trainer_client.get("/cohorts/cohorts.csv").streaming_content)
    [row] = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert (row["Name"], row["First day"], row["Started"]) == ("LXP pilot", "2022-01-10", "28")
    assert trainer_client.get("/cohorts/cohorts.xlsx").status_code == 200


# --- One cohort -----------------------------------------------------------------------------------


def test_a_cohorts_page_shows_counts_and_intervals(lead_client, pilot):
    funnel = lead_client.get(url(pilot)).context["funnel"]
    assert [(row["people"], row["percent"]) for row in funnel] == [
        (28, "100.0% (87.9 to 100.0)"),
        (10, "35.7% (20.7 to 54.2)"),
        (7, "25.0% (12.7 to 43.4)"),
    ]


def test_a_post_held_before_the_training_is_no_employment_since(lead_client):
    enrolment = EnrolmentFactory(commenced_on=START)
    SpellFactory(person=enrolment.person, started_on=START - dt.timedelta(9), ended_on=START)
    funnel = lead_client.get(url(enrolment.cohort)).context["funnel"]
    assert [row["people"] for row in funnel] == [1, 0, 0]


def test_a_cohort_nobody_has_started_names_no_share(lead_client):
    enrolment = EnrolmentFactory(commenced_on=None)
    page = lead_client.get(url(enrolment.cohort)).text
    assert "Nobody has attended a first session yet. 1 person has a place." in page
    assert "%" not in page[page.index("<main") :]


def test_leads_open_people_from_a_cohort_and_trainers_read_names_only(
    lead_client, trainer_client, pilot
):
    person = Enrolment.objects.first().person
    link = f'href="/people/{person.pk}/"'
    for client, linked in ((lead_client, True), (trainer_client, False)):
        pages = client.get(url(pilot)).text + client.get(url(pilot, "?page=2")).text
        assert str(person) in pages
        assert (link in pages) is linked
        assert ("Not stated" in pages) is linked


def test_a_trainers_file_has_names_and_outcomes_only(lead_client, trainer_client, pilot):
    def columns(client):
        content = b"".join(client.get(url(pilot, "cohort.csv")).streaming_content)
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))).fieldnames)

    plain = ["First name", "Last name", "First session", "Outcome", "Date of the outcome"]
    assert columns(trainer_client) == plain
    assert columns(lead_client) == [*plain, "Reference", "Reason"]


def test_the_page_is_a_look_at_the_people_on_it_and_a_file_at_all(trainer, trainer_client, pilot):
    trainer_client.get(url(pilot))
    assert Look.objects.filter(viewer_id=trainer.pk, page="programme:cohort").count() == 25
    b"".join(trainer_client.get(url(pilot, "cohort.csv")).streaming_content)
    trainer_client.get(url(pilot, "cohort.xlsx"))
    files = Look.objects.filter(viewer_id=trainer.pk).exclude(page="programme:cohort")
    assert set(files.values_list("subject_id", flat=True)) == set(
        pilot.enrolments.values_list("person", flat=True)
    )
    assert files.count() == 56


def test_the_number_of_queries_of_a_cohort_does_not_grow(lead_client):
    cohort = EnrolmentFactory().cohort
    one = queries_of(lead_client, url(cohort))
    EnrolmentFactory.create_batch(2, cohort=cohort)
    assert queries_of(lead_client, url(cohort)) == one
    assert one <= 20


def test_a_cohort_without_a_site_is_hidden_from_who_has_one_site(user_with_role, sign_in):
    cohort = CohortFactory()
    for role in ("lead", "trainer"):
        client = sign_in(user_with_role(role, site=SiteFactory()))
        assert client.get(url(cohort)).status_code == 404
        assert list(client.get("/cohorts/").context["page"]) == []


# --- A lead at one site who is a trainer at another -----------------------------------------------


@pytest.fixture
def own_site(db):
    return SiteFactory(name="Ours")


@pytest.fixture
def both_client(own_site, user_with_role, sign_in, theirs):
    """Leads at one site and is a trainer at that of `theirs`."""
    user = user_with_role("lead", site=own_site)
    RoleGrantFactory(user=user, role="trainer", site=theirs.cohort.site)
    return sign_in(user)


@pytest.fixture
def theirs(own_site) -> Enrolment:
    """Somebody of the lead's own site in a cohort of another, employed since."""
    enrolment = EnrolmentFactory(
        person=PersonFactory(site=own_site, first_name="Zoë", last_name="Ó Briain"),
        cohort=CohortFactory(name="Their cohort", site=SiteFactory(name="Theirs")),
        commenced_on=START,
        outcome="withdrew",
        outcome_on=END,
        outcome_reason=OutcomeReason.objects.get(name="Not stated"),
    )
    SpellFactory(person=enrolment.person, started_on=END, post__team__site=own_site)
    return enrolment


def test_who_leads_elsewhere_changes_no_cohort_and_no_place_as_a_trainer(
    both_client, own_site, theirs
):
    training = f"/people/{theirs.person_id}/training/{theirs.pk}/"
    sent = NEW | {"site": str(own_site.pk)}
    assert both_client.get(url(theirs.cohort, "edit/")).status_code == 403
    assert both_client.post(url(theirs.cohort, "edit/"), sent).status_code == 403
    for address in (training, f"{training}remove/"):
        assert both_client.post(address, place(theirs.cohort)).status_code == 404
    new = place(theirs.cohort)
    assert list(errors(both_client, PersonFactory(site=own_site), new)) == ["cohort"]
    [kept] = Enrolment.objects.select_related("cohort__site")
    assert (kept.cohort.name, kept.cohort.site.name, kept.outcome) == (
        "Their cohort",
        "Theirs",
        "withdrew",
    )


def test_who_leads_elsewhere_is_offered_no_cohort_in_which_they_may_change_nobody(
    both_client, own_site, theirs
):
    ours = CohortFactory(site=own_site)
    for kind in ("training", "applications"):
        page = both_client.get(f"/people/{theirs.person_id}/{kind}/add/")
        assert list(page.context["form"].fields["cohort"].queryset) == [ours]


def test_who_leads_elsewhere_reads_names_only_as_a_trainer(both_client, own_site, theirs):
    page = both_client.get(url(theirs.cohort))
    assert "Zoë Ó Briain" in page.text
    hidden = (f"/people/{theirs.person_id}/", "Not stated", "Change cohort", "mployed")
    assert [words for words in hidden if words in page.text] == []
    assert [row["stage"] for row in page.context["funnel"]] == ["Started training", "Completed"]
    content = b"".join(both_client.get(url(theirs.cohort, "cohort.csv")).streaming_content)
    [row] = csv.reader(content.decode("utf-8-sig").splitlines()[1:])
    assert row == ["Zoë", "Ó Briain", "2022-01-10", "Withdrew", "2022-04-04"]
    person = both_client.get(f"/people/{theirs.person_id}/").text
    assert "Their cohort" not in person
    assert "1 entry at other sites is not shown" in person


def test_who_leads_at_a_cohorts_site_reads_all_of_it(both_client, own_site):
    enrolment = EnrolmentFactory(
        cohort__site=own_site,
        commenced_on=START,
        outcome="withdrew",
        outcome_on=END,
        outcome_reason=OutcomeReason.objects.get(name="Not stated"),
    )
    page = both_client.get(url(enrolment.cohort)).text
    shown = (f"/people/{enrolment.person_id}/", "Not stated", "Change cohort", "Employed since")
    assert [words for words in shown if words not in page] == []


def test_employment_counts_the_posts_that_a_lead_may_see(both_client, own_site):
    cohort = CohortFactory(site=own_site)
    for site in (own_site, SiteFactory()):
        person = EnrolmentFactory(cohort=cohort, commenced_on=START).person
        SpellFactory(person=person, started_on=END, post__team__site=site)
    funnel = both_client.get(url(cohort)).context["funnel"]
    assert [row["people"] for row in funnel] == [2, 0, 1]


# --- Adding and changing --------------------------------------------------------------------------

NEW = {"name": "Autumn 王", "site": "", **boxes("starts_on", START), **boxes("ends_on", END)}


def test_a_cohort_is_added_once_and_changed(lead_client):
    first, second = (lead_client.post("/cohorts/add/", NEW) for _ in range(2))
    cohort = Cohort.objects.get()
    assert first["Location"] == second["Location"] == url(cohort)
    edit = url(cohort, "edit/")
    lead_client.post(edit, sent_by(lead_client, edit, **boxes("ends_on", None)))
    cohort.refresh_from_db()
    assert (cohort.name, cohort.starts_on, cohort.ends_on) == ("Autumn 王", START, None)


def test_a_cohort_that_cannot_be_is_refused_beside_its_field(lead_client):
    CohortFactory(name="autumn 王")
    response = lead_client.post("/cohorts/add/", NEW | boxes("ends_on", START - dt.timedelta(1)))
    assert response.context["form"].errors == {
        "name": ["There is already a cohort with this name."],
        "ends_on": ["A cohort cannot end before it starts."],
    }


def test_a_lead_of_one_site_adds_no_cohort_elsewhere(user_with_role, sign_in):
    own, other = SiteFactory(), SiteFactory()
    client = sign_in(user_with_role("lead", site=own))
    for site in ("", str(other.pk)):
        response = client.post("/cohorts/add/", NEW | {"site": site})
        assert list(response.context["form"].errors) == ["site"]
    client.post("/cohorts/add/", NEW | {"site": str(own.pk)})
    assert Cohort.objects.get().site == own


# --- Places in a cohort ---------------------------------------------------------------------------


def place(cohort: Cohort, **changed) -> dict:
    return {
        "cohort": str(cohort.pk),
        "outcome": "active",
        "outcome_reason": "",
        **boxes("commenced_on", START),
        **boxes("outcome_on", None),
        **changed,
    }


def errors(client, person, data) -> dict:
    return client.post(f"/people/{person.pk}/training/add/", data).context["form"].errors


def test_training_is_added_once_changed_and_removed(lead_client):
    person, cohort = PersonFactory(), CohortFactory()
    for _ in range(2):
        response = lead_client.post(f"/people/{person.pk}/training/add/", place(cohort))
        assert response["Location"] == f"/people/{person.pk}/"
    enrolment = Enrolment.objects.get()
    edit = f"/people/{person.pk}/training/{enrolment.pk}/"
    done = sent_by(lead_client, edit, outcome="completed", **boxes("outcome_on", END))
    assert lead_client.post(edit, done).status_code == 302
    enrolment.refresh_from_db()
    assert (enrolment.commenced_on, enrolment.outcome, enrolment.outcome_on) == (
        START,
        "completed",
        END,
    )
    assert lead_client.get(f"{edit}remove/").status_code == 200
    lead_client.post(f"{edit}remove/")
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"outcome": "withdrew"}, "outcome_on", "Enter the date of the outcome"),
        (
            boxes("outcome_on", END),
            "outcome_on",
            "An outcome needs its date, and a date its outcome.",
        ),
        (
            {"outcome": "completed", **boxes("outcome_on", START - dt.timedelta(1))},
            "outcome_on",
            "The outcome cannot be before the first session.",
        ),
        (
            {"outcome": "completed", **boxes("outcome_on", END), **boxes("commenced_on", None)},
            "commenced_on",
            "Somebody who completed must have a first session.",
        ),
        (
            boxes("commenced_on", dt.date(2099, 1, 1)),
            "commenced_on",
            "The first session attended cannot be in the future",
        ),
    ],
)
def test_training_that_cannot_be_is_refused_beside_its_field(lead_client, changed, field, words):
    found = errors(lead_client, PersonFactory(), place(CohortFactory(), **changed))
    assert found == {field: [words]}
    assert not Enrolment.objects.exists()


def test_a_second_place_in_one_cohort_is_refused(lead_client):
    enrolment = EnrolmentFactory(commenced_on=START)
    data = place(enrolment.cohort, **boxes("commenced_on", END))
    assert errors(lead_client, enrolment.person, data) == {
        "cohort": ["This person is already in this cohort."]
    }


def test_a_reason_belongs_to_who_did_not_complete(lead_client):
    reason = str(OutcomeReason.objects.first().pk)
    data = place(CohortFactory(), outcome_reason=reason)
    assert errors(lead_client, PersonFactory(), data) == {
        "outcome_reason": ["A reason belongs to a withdrawal or a deferral."]
    }


def test_a_lead_of_one_site_gives_no_place_elsewhere(user_with_role, sign_in):
    own = SiteFactory()
    client = sign_in(user_with_role("lead", site=own))
    data = place(CohortFactory(site=SiteFactory()))
    assert list(errors(client, PersonFactory(site=own), data)) == ["cohort"]
    assert not Enrolment.objects.exists()
