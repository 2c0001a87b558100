"""The requirements of a cohort's trainees: the table, one trainee, and recording results."""

import datetime as dt

import pytest
from django.utils import timezone

from audit.models import Look
from programme.models import PlacementDay, RequirementResult
from programme.progress import standings_of
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    CompletionFactory,
    EnrolmentFactory,
    PersonFactory,
    PlacementDayFactory,
    RequirementFactory,
    RequirementResultFactory,
    TrainingSessionFactory,
)
from tests.programme.pages import boxes, queries_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2022, 3, 1)


@pytest.fixture
def essay(db):
    return RequirementFactory(name="Reflective essay")


@pytest.fixture
def cohort(essay):
    return CohortFactory(programme_version=essay.version)


@pytest.fixture
def trainer(user_with_role):
    return user_with_role("trainer")


@pytest.fixture
def client(trainer, sign_in):
    return sign_in(trainer)


def url(cohort, rest: str = "requirements/") -> str:
    return f"/cohorts/{cohort.pk}/{rest}"


def of_trainee(enrolment, rest: str = "") -> str:
    return url(enrolment.cohort, f"trainees/{enrolment.pk}/{rest}")


def answers(requirement, result: str = "met", day: dt.date = DAY, **fields) -> dict:
    sent = {"requirement": requirement.pk, "result": result, "evidence": "Read on paper"}
    return sent | boxes("decided_on", day) | fields


def recorded() -> list[tuple]:
    rows = RequirementResult.objects.order_by("decided_on", "enrolment__person__last_name")
    return list(rows.values_list("enrolment", "result", "decided_on"))


# --- The table ------------------------------------------------------------------------------------


def test_each_trainee_stands_beside_each_requirement(client, cohort, essay):
    talk = RequirementFactory(version=essay.version, name="Talk", position=1)
    enrolment = EnrolmentFactory(cohort=cohort)
    EnrolmentFactory(cohort=cohort, outcome="withdrew", outcome_on=DAY)
    RequirementResultFactory(enrolment=enrolment, requirement=essay, result="repeat")
    RequirementResultFactory(enrolment=enrolment, requirement=talk)
    [row] = client.get(url(cohort)).context["page"]
    assert row.enrolment == enrolment
    assert [(s.requirement.name, s.state) for s in row.standings] == [
        ("Reflective essay", "Asked to repeat"),
        ("Talk", "Met"),
    ]


def test_attendance_counts_all_sessions_but_cancelled_ones(cohort, essay):
    RequirementFactory(version=essay.version, kind="attendance", amount=60)
    enrolment = EnrolmentFactory(cohort=cohort)
    held = [
        TrainingSessionFactory(cohort=cohort, held_on=DAY + dt.timedelta(day), **fields)
        for day, fields in enumerate([{}, {}, {"cancelled_on": DAY}, {}, {}, {}])
    ]
    for session, state in zip(held, ["attended", "part", "absent", "apology", ""], strict=False):
        AttendanceFactory(session=session, enrolment=enrolment, state=state)
    AttendanceFactory(session=held[0], cohort=cohort)  # somebody else's
    [found] = standings_of(cohort, [enrolment], DAY + dt.timedelta(5)).values()
    assert found[1].words == (
        "2 of 5 sessions attended (40%), 1 of them in part, 1 still to come, 1 not marked yet; "
        "60% is asked for."
    )


def test_a_cohort_without_a_version_says_what_to_do(client):
    assert "It is not known what this cohort is taught" in client.get(url(CohortFactory())).text


@pytest.mark.parametrize("page", ["table", "trainee", "form"])
def test_the_number_of_queries_does_not_grow(client, cohort, essay, page):
    def more(number: int) -> None:
        for enrolment in EnrolmentFactory.create_batch(number, cohort=cohort):
            RequirementResultFactory(enrolment=enrolment, requirement=essay)
            PlacementDayFactory(enrolment=enrolment)
        RequirementResultFactory(
            enrolment=first, requirement=essay, decided_on=DAY + dt.timedelta(number)
        )

    first = EnrolmentFactory(cohort=cohort)
    more(1)
    address = {
        "table": url(cohort),
        "trainee": of_trainee(first),
        "form": url(cohort, "requirements/record/"),
    }[page]
    one = queries_of(client, address)
    more(2)
    assert queries_of(client, address) == one <= 20


def test_the_pages_are_looks_at_the_people_on_them(client, trainer, cohort):
    enrolment = EnrolmentFactory(cohort=cohort)
    for address in (url(cohort), of_trainee(enrolment), of_trainee(enrolment, "results/add/")):
        client.get(address)
    looks = Look.objects.filter(viewer_id=trainer.pk, subject_id=enrolment.person_id)
    assert looks.count() == 3


# --- Recording ------------------------------------------------------------------------------------


def test_results_stay_as_history_beside_the_latest(client, trainer, cohort, essay):
    enrolment = EnrolmentFactory(cohort=cohort)
    add = of_trainee(enrolment, "results/add/")
    later = DAY + dt.timedelta(14)
    assert client.post(add, answers(essay, "repeat")).status_code == 302
    client.post(add, answers(essay, "met", later))
    assert recorded() == [(enrolment.pk, "repeat", DAY), (enrolment.pk, "met", later)]
    [part] = client.get(of_trainee(enrolment)).context["parts"]
    assert part.standing.is_met
    assert [row.result for row in part.results] == ["met", "repeat"]
    assert part.results[0].recorded_by == trainer
    assert part.results[0].evidence == "Read on paper"


def test_one_result_is_recorded_for_many_at_once_and_only_once(client, cohort, essay):
    several = EnrolmentFactory.create_batch(3, cohort=cohort)
    chosen = [enrolment.pk for enrolment in several[:2]]
    for _ in range(2):
        sent = answers(essay, enrolments=chosen)
        response = client.post(url(cohort, "requirements/record/"), sent)
        assert response.status_code == 302
    assert sorted(recorded()) == sorted((pk, "met", DAY) for pk in chosen)


def test_everybody_is_ticked_with_one_link(client, cohort):
    several = EnrolmentFactory.create_batch(2, cohort=cohort)
    form = client.get(url(cohort, "requirements/record/?everybody")).context["form"]
    assert set(form["enrolments"].value()) == {enrolment.pk for enrolment in several}
    assert (
        client.get(url(cohort, "requirements/record/")).context["form"]["enrolments"].value() == []
    )


def test_what_does_not_go_is_refused_in_words_and_nothing_is_recorded(client, cohort, essay):
    placement = RequirementFactory(version=essay.version, kind="placement", amount=10)
    attendance = RequirementFactory(version=essay.version, kind="attendance", amount=80)
    elsewhere = EnrolmentFactory()
    enrolment = EnrolmentFactory(cohort=cohort)
    tomorrow = timezone.localdate() + dt.timedelta(1)
    ticked = {"enrolments": [enrolment.pk]}
    several = url(cohort, "requirements/record/")
    wrong = [
        answers(essay, day=tomorrow, **ticked),
        answers(placement, "met", **ticked),
        answers(attendance, **ticked),
        answers(RequirementFactory(), **ticked),
        answers(essay, enrolments=[enrolment.pk, elsewhere.pk]),
        answers(essay),
        answers(essay, evidence="a\0b", **ticked),
    ]
    for sent in wrong:
        response = client.post(several, sent)
        assert response.status_code == 200, sent
        assert response.context["form"].errors, sent
    assert recorded() == []
    assert client.post(several, answers(placement, "recognised", **ticked)).status_code == 302


def test_nobody_records_what_is_about_them(client, trainer, cohort, essay):
    own = EnrolmentFactory(cohort=cohort, person=PersonFactory(user=trainer))
    response = client.post(of_trainee(own, "results/add/"), answers(essay))
    assert "Somebody else records what is about you" in response.text
    response = client.post(
        of_trainee(own, "placement/add/"), {"hours": "2"} | boxes("spent_on", DAY)
    )
    assert "Somebody else records what is about you" in response.text
    assert list(client.get(url(cohort, "requirements/record/")).context["form"]["enrolments"]) == []
    assert "Record a result" not in client.get(of_trainee(own)).text
    assert (recorded(), PlacementDay.objects.count()) == ([], 0)


def test_a_mistake_is_removed_unless_a_completion_rests_on_it(client, cohort, essay):
    result = RequirementResultFactory(requirement=essay, enrolment__cohort=cohort)
    enrolment = result.enrolment
    done = CompletionFactory(enrolment=enrolment)
    address = of_trainee(enrolment, f"results/{result.pk}/remove/")
    assert "Take the completion back first" in client.post(address, follow=True).text
    assert "Take the completion back first" in (
        client.post(of_trainee(enrolment, "results/add/"), answers(essay)).text
    )
    assert len(recorded()) == 1
    done.delete()
    client.post(address)
    assert recorded() == []


def test_placement_hours_add_up(client, cohort, essay):
    RequirementFactory(version=essay.version, kind="placement", amount="7.5")
    enrolment = EnrolmentFactory(cohort=cohort)
    add = of_trainee(enrolment, "placement/add/")
    for day, hours in ((DAY, "4"), (DAY + dt.timedelta(1), "3.5")):
        client.post(add, {"hours": hours, "place": "Łódź ward"} | boxes("spent_on", day))
    part = client.get(of_trainee(enrolment)).context["parts"][1]
    assert part.standing.words == "7.5 of 7.5 hours on placement."
    assert part.standing.is_met
    refused = client.post(add, {"hours": "25"} | boxes("spent_on", DAY))
    assert refused.context["form"].errors
    client.post(of_trainee(enrolment, f"placement/{part.days[0].pk}/remove/"))
    assert [day.hours for day in PlacementDay.objects.all()] == [4]


def test_a_trainer_of_another_site_records_nothing(cohort, essay, user_with_role, sign_in):
    from tests.factories import SiteFactory

    client = sign_in(user_with_role("trainer", site=SiteFactory()))
    enrolment = EnrolmentFactory(cohort=cohort)
    response = client.post(of_trainee(enrolment, "results/add/"), answers(essay))
    assert (response.status_code, recorded()) == (404, [])
