"""Encrypted columns: read only through their own row, with any known key, and never by mistake."""

import secrets

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from encryption.keys import Unreadable, read_keys, seal, unseal
from programme.models import Applicant
from tests.factories import ApplicantFactory

WORDS = "I would use what helped me. Zoë, Ó Briain, Łukasz, 王 🙂"


def stored(applicant: Applicant, column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM programme_applicant WHERE id = %s",
            [applicant.pk],
        )
        return cursor.fetchone()[0]


def put(applicant: Applicant, column: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE programme_applicant SET {column} = %s WHERE id = %s",
            [value, applicant.pk],
        )


def test_text_comes_back_exactly_and_is_not_in_the_database(db):
    applicant = ApplicantFactory(statement=WORDS)

    assert Applicant.objects.get(pk=applicant.pk).statement == WORDS
    assert stored(applicant, "statement").startswith("demo.")
    assert "helped" not in stored(applicant, "statement")


def test_the_same_text_is_never_stored_the_same_way_twice(db):
    applicant = ApplicantFactory(statement=WORDS)
    first = stored(applicant, "statement")
    applicant.save()

    assert stored(applicant, "statement") != first


@pytest.mark.parametrize("column", ["statement", "adjustments"])
def test_a_value_moved_to_another_row_or_column_cannot_be_read(db, column):
    applicant = ApplicantFactory(statement=WORDS)
    another = ApplicantFactory(round=applicant.round)
    target = another if column == "statement" else applicant
    put(target, column, stored(applicant, "statement"))

    with pytest.raises(Unreadable, match="altered or moved"):
        getattr(Applicant.objects.get(pk=target.pk), column)


def test_one_changed_letter_is_noticed(db):
    applicant = ApplicantFactory(statement=WORDS)
    value = stored(applicant, "statement")
    put(applicant, "statement", value[:20] + ("A" if value[20] != "A" else "B") + value[21:])

    with pytest.raises(Unreadable):
        _ = Applicant.objects.get(pk=applicant.pk).statement


def test_a_new_key_in_front_writes_and_the_old_one_still_reads(db, settings):
    applicant = ApplicantFactory(statement=WORDS)
    settings.ENCRYPTION_KEYS = {"new": secrets.token_bytes(32)} | settings.ENCRYPTION_KEYS

    fresh = Applicant.objects.get(pk=applicant.pk)
    assert fresh.statement == WORDS
    fresh.save()
    assert stored(applicant, "statement").startswith("new.")

    settings.ENCRYPTION_KEYS = {"another": secrets.token_bytes(32)}
    with pytest.raises(Unreadable, match="No key"):
        _ = Applicant.objects.get(pk=applicant.pk).statement


def test_renewing_writes_every_text_with_the_first_key_and_leaves_no_history(db, settings, capsys):
    applicant = ApplicantFactory(statement=WORDS)
    ApplicantFactory(round=applicant.round)
    events = Applicant.pgh_event_model.objects.count()
    settings.ENCRYPTION_KEYS = {"new": secrets.token_bytes(32)} | settings.ENCRYPTION_KEYS
    call_command("renew_encryption")
    call_command("renew_encryption")

    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["1", "0"]
    settings.ENCRYPTION_KEYS = {"new": settings.ENCRYPTION_KEYS["new"]}
    assert Applicant.objects.get(pk=applicant.pk).statement == WORDS
    assert Applicant.pgh_event_model.objects.count() == events


def test_lists_neither_load_nor_show_the_text(db):
    applicant = ApplicantFactory(statement=WORDS)

    assert Applicant.objects.get().get_deferred_fields() == {"statement", "adjustments"}
    assert str(Applicant.objects.values_list("statement", flat=True).get()) == "(encrypted)"
    assert Applicant.objects.exclude(statement="").get() == applicant


def test_text_cannot_be_updated_or_looked_up_without_its_row(db):
    ApplicantFactory(statement=WORDS)

    with pytest.raises(FieldError):
        Applicant.objects.update(statement="other words")
    with pytest.raises(FieldError):
        Applicant.objects.filter(statement=WORDS).exists()


def test_equality_answers_are_under_a_key_of_their_own(settings):
    sealed = seal("x", setting="EQUALITY_KEYS", bound_to="a")

    assert unseal(sealed, setting="EQUALITY_KEYS", bound_to="a") == "x"
    with pytest.raises(Unreadable):
        unseal(sealed, setting="ENCRYPTION_KEYS", bound_to="a")


@pytest.mark.parametrize("pair", ["no-key", "k1:c2hvcnQ=", ":" + "A" * 43 + "=", "K 1:" + "A" * 43])
def test_a_key_that_is_none_is_refused(pair):
    with pytest.raises(ImproperlyConfigured, match="name:key pairs"):
        read_keys([pair], "ENCRYPTION_KEYS")
