"""The import against real transactions, and at the size of a large trust."""

import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from programme.actions import imports as actions
from programme.actions.import_once import import_file
from programme.actions.import_records import ChangedMeanwhile, one_state
from programme.models import ImportJob, ImportState, Person, Spell
from tests.factories import PersonFactory, RoleGrantFactory, UserFactory
from tests.programme.importing import IN_POST, bring_in, counts, csv_of

ROWS = 10_000


@pytest.fixture
def elsewhere(transactional_db):
    """A second connection, as another process would have."""
    other = connection.copy()
    yield other
    other.close()


def rename(other, reference: str, name: str) -> None:
    with other.cursor() as cursor:
        cursor.execute(
            "UPDATE programme_person SET last_name = %s WHERE reference = %s", [name, reference]
        )


def test_an_import_sees_one_state_of_the_records(elsewhere):
    PersonFactory(reference="P1", last_name="Before")

    with one_state():
        seen = [Person.objects.get().last_name]
        rename(elsewhere, "P1", "After")
        seen.append(Person.objects.get().last_name)

    assert seen == ["Before", "Before"]
    assert Person.objects.get().last_name == "After"


def test_who_writes_over_a_change_of_the_same_moment_writes_nothing(elsewhere):
    person = PersonFactory(reference="P1", last_name="Before")

    with pytest.raises(ChangedMeanwhile), one_state():
        assert Person.objects.count() == 1
        rename(elsewhere, "P1", "After")
        person.last_name = "Mine"
        person.save()

    assert Person.objects.get().last_name == "After"


def test_what_the_database_refuses_writes_nothing(elsewhere):
    with pytest.raises(ChangedMeanwhile), one_state():
        PersonFactory(reference="P1")
        PersonFactory(reference="p1")

    assert Person.objects.count() == 0


def test_a_job_is_applied_in_a_transaction_of_its_own(transactional_db):
    lead = UserFactory()
    RoleGrantFactory(user=lead)
    at = timezone.now()
    job = actions.start_import(content=csv_of(IN_POST), file_name="a.csv", by=lead, at=at)
    job.refresh_from_db()

    actions.ask_to_apply(job=job, fingerprint=job.fingerprint, good_rows_only=False, at=at)

    job.refresh_from_db()
    assert (job.state, Spell.objects.count()) == (ImportState.DONE, 1)
    assert not transaction.get_connection().in_atomic_block


@pytest.mark.slow
def test_ten_thousand_rows_take_less_than_a_minute(transactional_db, monkeypatch):
    monkeypatch.setattr(actions, "hint", lambda _job_id: None)
    lead = UserFactory()
    RoleGrantFactory(user=lead)
    rows = [
        IN_POST
        | {"reference": f"P{n}", "last_name": f"Name {n}", "team": f"Team {n % 50}"}
        | {"cohort": f"Cohort {n % 30}", "commenced_on": "01/03/2022", "email": f"p{n}@x.org"}
        for n in range(ROWS)
    ]
    at = timezone.now()
    job = actions.start_import(content=csv_of(*rows), file_name="a.csv", by=lead, at=at)
    began = time.monotonic()

    actions.proceed(job_id=job.pk, at=timezone.now())
    job.refresh_from_db()
    assert (job.state, job.rows_done, job.summary["counts"]) == (
        ImportState.READY,
        ROWS,
        {"create": ROWS},
    )
    actions.ask_to_apply(job=job, fingerprint=job.fingerprint, good_rows_only=False, at=at)
    actions.proceed(job_id=job.pk, at=timezone.now())

    took = time.monotonic() - began
    assert Person.objects.count() == Spell.objects.count() == ROWS
    assert ImportJob.objects.get().state == ImportState.DONE
    assert took < 60
    again = import_file(content=csv_of(*rows), by=None, at=at)
    assert again.unchanged == ROWS


def test_an_import_in_one_go_is_one_transaction(transactional_db):
    bring_in(IN_POST)

    assert Spell.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("ended_on", ["01/06/2023", "01/01/2024"])
def test_who_left_a_post_and_came_back_to_it_is_imported(ended_on):
    bring_in(IN_POST)
    rows = (IN_POST | {"ended_on": ended_on}, IN_POST | {"started_on": "01/01/2024"})

    assert counts(bring_in(*rows)) == (1, 1, 0, 0)
    assert counts(bring_in(*rows)) == (0, 0, 2, 0)
    assert Spell.objects.count() == 2
