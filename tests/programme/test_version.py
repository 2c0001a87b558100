"""The name of the records' state changes with every change, and says when it may be relied on."""

import datetime as dt

import psycopg
import pytest
from django.db import connection

from programme.models import Funding, Post, Spell
from programme.version import records_version
from tests.factories import (
    ApplicationFactory,
    CohortFactory,
    EmployerFactory,
    EnrolmentFactory,
    PersonFactory,
    PostFactory,
    SiteFactory,
    SpellFactory,
    TeamFactory,
    UserFactory,
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "make",
    [
        ApplicationFactory,
        CohortFactory,
        EmployerFactory,
        EnrolmentFactory,
        PersonFactory,
        PostFactory,
        SiteFactory,
        SpellFactory,
        TeamFactory,
    ],
)
def test_every_new_record_gives_another_name(make):
    before = records_version().name
    make()
    assert records_version().name != before


@pytest.mark.django_db
def test_every_change_and_removal_gives_another_name_also_in_bulk():
    SpellFactory()
    names = [records_version().name]
    Spell.objects.update(ended_on=dt.date(2023, 1, 1))
    names.append(records_version().name)
    Spell.objects.all().delete()
    names.append(records_version().name)
    Funding.objects.create(post=Post.objects.get())
    names.append(records_version().name)
    assert len(set(names)) == 4


@pytest.mark.django_db
def test_what_is_no_record_of_the_programme_changes_nothing():
    before = records_version().name
    UserFactory()
    assert records_version().name == before


@pytest.mark.django_db
def test_within_a_transaction_that_writes_nothing_is_settled():
    PersonFactory()
    assert not records_version().settled


@pytest.mark.django_db(transaction=True)
def test_while_somebody_else_writes_nothing_is_settled():
    assert records_version().settled
    settings = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    with psycopg.connect(**{name: settings[name] for name in names if name in settings}) as other:
        other.execute(
            "INSERT INTO programme_employer (id, name, kind) "
            "VALUES (gen_random_uuid(), 'Łódź Trust', 'nhs')"
        )
        assert not records_version().settled
        other.rollback()
    assert records_version().settled
