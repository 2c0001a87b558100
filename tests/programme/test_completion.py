"""Completion: worked out from the requirements, confirmed by a person, never one's own."""

import datetime as dt

import pytest
from django.utils import timezone

from audit.models import Look
from programme.actions import completion as actions
from programme.models import Completion, Enrolment, Outcome
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    PersonFactory,
    PlacementDayFactory,
    RequirementFactory,
    RequirementResultFactory,
    SiteFactory,
)
from tests.programme.importing import bring_in, refusals
from tests.programme.pages import boxes, queries_of, sent_by

pytestmark = pytest.mark.django_db
DAY = dt.date(2022, 4, 4)


@pytest.fixture
def essay(db):
    return RequirementFactory(name="Reflective essay")


@pytest.fixture
def cohort(essay):
    return CohortFactory(programme_version=essay.version, site=SiteFactory())


@pytest.fixture
def trainee(cohort):
    return EnrolmentFactory(cohort=cohort)


@pytest.fixture
def ready(trainee, essay):
    RequirementResultFactory(enrolment=trainee, requirement=essay)
    return trainee


@pytest.fixture
def trainer(user_with_role, cohort):
    return user_with_role("trainer", site=cohort.site, name="Łukasz Trainer")


@pytest.fixture
def client(trainer, sign_in):
    return sign_in(trainer)


def url(enrolment, rest: str = "") -> str:
    return f"/cohorts/{enrolment.cohort_id}/trainees/{enrolment.pk}/{rest}"


def outcome(enrolment) -> tuple:
    enrolment.refresh_from_db()
    return enrolment.outcome, enrolment.outcome_on


def test_a_trainer_confirms_who_has_met_everything(client, trainer, ready):
    listed = client.get(f"/cohorts/{ready.cohort_id}/requirements/")
    assert listed.context["ready"] == [ready]
    assert "Ready to confirm" in listed.text
    for _ in range(2):  # a form sent twice confirms once
        response = client.post(url(ready, "complete/"), boxes("completed_on", DAY))
        assert response.status_code == 302
    assert outcome(ready) == (Outcome.COMPLETED, DAY)
    done = Completion.objects.get()
    assert (done.confirmed_by, done.completed_on, done.exception) == (trainer, DAY, "")
    assert "confirmed by Łukasz Trainer" in client.get(url(ready)).text
    assert client.get(f"/cohorts/{ready.cohort_id}/requirements/").context["ready"] == []


def test_who_is_ready_in_any_cohort_is_listed_and_said_on_the_first_page(client, trainer, essay):
    at = CohortFactory(programme_version=essay.version, site=trainer.grants.get().site)
    there = [at, CohortFactory(programme_version=essay.version, site=at.site), CohortFactory()]
    RequirementFactory(version=essay.version, kind="placement", amount=10)

    def add(cohort, *, met: bool = True, spent: str = "10", **fields) -> Enrolment:
        place = EnrolmentFactory(cohort=cohort, **fields)
        if cohort.programme_version_id:
            result = "met" if met else "repeat"
            RequirementResultFactory(enrolment=place, requirement=essay, result=result)
            PlacementDayFactory(enrolment=place, hours=spent)
        return place

    assert "Nobody waits" in client.get("/cohorts/ready/").text
    first = add(at)
    one = queries_of(client, "/cohorts/ready/")
    second = add(there[1])
    add(at, person__user=trainer)
    add(at, met=False)
    add(at, spent="9")
    add(at, commenced_on=None)
    add(at, outcome="withdrew", outcome_on=DAY)
    add(there[2])
    add(CohortFactory(programme_version=essay.version, site=SiteFactory()))
    back = add(at)  # met, and then asked to repeat
    again = {"result": "repeat", "decided_on": DAY + dt.timedelta(9)}
    RequirementResultFactory(enrolment=back, requirement=essay, **again)
    page = client.get("/cohorts/ready/")
    assert set(page.context["page"]) == {first, second}
    assert queries_of(client, "/cohorts/ready/") == one <= 20
    assert "2 trainees have met everything" in client.get("/").text
    names = {place.person.last_name for place in (first, second)}
    rows = client.get("/cohorts/ready.csv").getvalue().decode("utf-8-sig").splitlines()
    assert {row.split(",")[1].strip('"') for row in rows[1:]} == names
    looked = Look.objects.filter(page="programme:ready-csv").values_list("subject_id", flat=True)
    assert set(looked) == {first.person_id, second.person_id}


def test_a_trainer_cannot_confirm_while_something_is_missing(client, trainee):
    page = client.get(url(trainee)).text
    assert 'Still missing: <span class="lxp-long">Reflective essay</span>' in page
    assert "Confirm completion" not in page
    sent = boxes("completed_on", DAY) | {"exception": "Because"}
    response = client.post(url(trainee, "complete/"), sent)
    assert "A programme lead can confirm it all the same" in response.text
    assert outcome(trainee) == (Outcome.ACTIVE, None)


def test_a_lead_confirms_an_exception_with_its_reason(lead_client, trainee):
    without = lead_client.post(url(trainee, "complete/"), boxes("completed_on", DAY))
    assert without.context["form"].errors.keys() == {"exception"}
    sent = boxes("completed_on", DAY) | {"exception": "Shown in a talk instead of an essay"}
    assert lead_client.post(url(trainee, "complete/"), sent).status_code == 302
    assert outcome(trainee) == (Outcome.COMPLETED, DAY)
    assert "Shown in a talk instead of an essay" in lead_client.get(url(trainee)).text


def test_nobody_confirms_their_own(client, trainer, ready):
    ready.person.user = trainer
    ready.person.save()
    for rest in ("complete/", "complete/take-back/"):
        response = client.post(url(ready, rest), boxes("completed_on", DAY), follow=True)
        assert "Somebody else records what is about you" in response.text
    assert outcome(ready) == (Outcome.ACTIVE, None)
    assert "Confirm completion" not in client.get(url(ready)).text


@pytest.mark.parametrize("of", [lambda _: dt.date(2021, 1, 1), lambda day: day + dt.timedelta(1)])
def test_a_day_before_the_first_session_or_to_come_is_refused(client, ready, of):
    response = client.post(url(ready, "complete/"), boxes("completed_on", of(timezone.localdate())))
    assert response.status_code == 200
    assert response.context["form"].errors
    assert outcome(ready) == (Outcome.ACTIVE, None)
    assert not Completion.objects.exists()


def test_who_left_does_not_complete_and_who_has_not_started_is_not_ready(client, cohort, essay):
    left = EnrolmentFactory(cohort=cohort, outcome="withdrew", outcome_on=DAY)
    waiting = EnrolmentFactory(cohort=cohort, commenced_on=None)
    for enrolment in (left, waiting):
        RequirementResultFactory(enrolment=enrolment, requirement=essay)
        response = client.post(url(enrolment, "complete/"), boxes("completed_on", DAY))
        assert response.context["form"].errors
    assert client.get(f"/cohorts/{cohort.pk}/requirements/").context["ready"] == []
    assert not Completion.objects.exists()


def test_a_confirmation_is_taken_back(client, trainer, ready):
    actions.confirm(
        enrolment=ready,
        by=trainer,
        at=timezone.now(),
        today=timezone.localdate(),
        completed_on=DAY,
    )
    client.post(url(ready, "complete/take-back/"))
    assert outcome(ready) == (Outcome.ACTIVE, None)
    assert not Completion.objects.exists()


def test_completion_is_not_typed_past_the_requirements(lead_client, lead, ready):
    page = f"/people/{ready.person_id}/training/{ready.pk}/"
    typed = {"outcome": "completed"} | boxes("outcome_on", DAY)
    refused = lead_client.post(page, sent_by(lead_client, page, **typed))
    assert refused.context["form"].errors.keys() == {"outcome"}
    new = f"/people/{PersonFactory(site=ready.cohort.site).pk}/training/add/"
    typed |= {"cohort": str(ready.cohort_id)} | boxes("commenced_on", DAY)
    assert lead_client.post(new, typed).context["form"].errors.keys() == {"outcome"}
    actions.confirm(
        enrolment=ready, by=lead, at=timezone.now(), today=timezone.localdate(), completed_on=DAY
    )
    changed = sent_by(lead_client, page, **boxes("outcome_on", DAY + dt.timedelta(1)))
    assert lead_client.post(page, changed).context["form"].errors.keys() == {"outcome"}
    assert lead_client.post(page, sent_by(lead_client, page)).status_code == 302
    removed = lead_client.post(f"{page}remove/", follow=True)
    assert "Take that back on the page" in removed.text
    assert outcome(ready) == (Outcome.COMPLETED, DAY)


def test_an_import_neither_confirms_a_completion_nor_changes_one(lead, ready):
    row = {"reference": ready.person.reference, "last_name": ready.person.last_name}
    row |= {"cohort": ready.cohort.name, "outcome_on": "04/04/2022"}
    new = row | {"reference": "P-new", "commenced_on": "01/03/2022"}
    report = bring_in(row | {"outcome": "completed"}, new | {"outcome": "completed"})
    assert refusals(report) == [(2, "outcome"), (3, "outcome")]
    actions.confirm(
        enrolment=ready, by=lead, at=timezone.now(), today=timezone.localdate(), completed_on=DAY
    )
    for wrong, column in (
        ({"outcome": "withdrew"}, "outcome"),
        ({"outcome_on": "05/04/2022"}, "outcome_on"),
    ):
        assert refusals(bring_in(row | wrong)) == [(2, column)]
    assert refusals(bring_in(row | {"outcome": "completed"})) == []
    assert outcome(ready) == (Outcome.COMPLETED, DAY)


def test_nobody_types_or_imports_their_own_outcome(lead, lead_client):
    own = EnrolmentFactory(person__user=lead, commenced_on=dt.date(2022, 3, 1))
    page = f"/people/{own.person_id}/training/{own.pk}/"
    typed = sent_by(lead_client, page, outcome="completed") | boxes("outcome_on", DAY)
    assert lead_client.post(page, typed).context["form"].errors.keys() == {"outcome"}
    row = {"reference": own.person.reference, "last_name": own.person.last_name}
    row |= {"cohort": own.cohort.name, "outcome": "completed", "outcome_on": "04/04/2022"}
    assert refusals(bring_in(row, by=lead)) == [(2, "outcome")]
    lead_client.post(f"/people/{own.person_id}/unlink-account/")
    own.person.refresh_from_db()
    assert own.person.user == lead
    assert outcome(own) == (Outcome.ACTIVE, None)
    new = f"/people/{own.person_id}/training/add/"
    typed = {"cohort": str(CohortFactory().pk), "outcome": "completed"}
    typed |= boxes("commenced_on", DAY) | boxes("outcome_on", DAY)
    assert lead_client.post(new, typed).context["form"].errors.keys() == {"outcome"}
