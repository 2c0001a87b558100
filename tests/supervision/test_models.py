"""What the database promises about supervision, whatever the pages do."""

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from supervision.models import Agreement, SupervisionKind, SupervisionStandard, Supervisor
from tests.factories import PersonFactory, UserFactory
from tests.factories.supervision import (
    AgreementFactory,
    CoverFactory,
    SessionFactory,
    TermsFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def refused(constraint: str, make) -> bool:
    """Whether the database refuses, and by this constraint."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make()
    return error.value.__cause__.diag.constraint_name == constraint


def test_every_installation_begins_with_six_kinds_and_what_is_owed():
    owed = SupervisionStandard.objects.filter(required=True).values_list("kind__key", flat=True)

    assert SupervisionKind.objects.count() == 6
    assert set(owed) == {"line_management", "lived_experience", "group"}


def test_nobody_supervises_themselves():
    user = UserFactory()
    person = PersonFactory(user=user)

    assert refused(
        "agreement_with_somebody_else", lambda: AgreementFactory(person=person, supervisor=user)
    )


def test_two_people_have_one_agreement_of_a_kind_at_a_time():
    first = AgreementFactory(ended_on=dt.date(2026, 3, 1))
    same = {"person": first.person, "supervisor": first.supervisor}

    assert refused(
        "agreement_once_at_a_time",
        lambda: AgreementFactory(**same, starts_on=first.ended_on - DAY),
    )
    assert AgreementFactory(**same, starts_on=first.ended_on)


def test_cover_is_by_a_third_and_by_one_at_a_time():
    person = PersonFactory(user=UserFactory())
    agreement = AgreementFactory(person=person)
    cover = CoverFactory(agreement=agreement)

    for stand_in in (agreement.supervisor, person.user):
        assert refused(
            "cover_by_a_third",
            lambda who=stand_in: CoverFactory(
                agreement=agreement,
                stand_in=who,
                starts_on=cover.last_day + DAY,
                last_day=cover.last_day + DAY,
            ),
        )
    assert refused(
        "cover_once_at_a_time",
        lambda: CoverFactory(
            agreement=agreement, starts_on=cover.last_day, last_day=cover.last_day + DAY
        ),
    )


def test_signed_terms_never_change():
    terms = TermsFactory()

    with pytest.raises(ProgrammingError), transaction.atomic():
        type(terms).objects.filter(pk=terms.pk).update(minutes=30)


def test_a_session_is_recorded_once():
    session = SessionFactory()

    assert refused(
        "session_once_at_a_time",
        lambda: SessionFactory(agreement=session.agreement, starts_at=session.starts_at),
    )


def test_who_may_open_an_agreement_follows_its_dates():
    cover = CoverFactory(agreement__ended_on=dt.date(2026, 2, 10))
    agreement = cover.agreement

    def opens(user, day):
        return Agreement.objects.visible_to(user, day).exists()

    assert [
        opens(agreement.supervisor, day)
        for day in (
            agreement.starts_on - DAY,
            agreement.starts_on,
            dt.date(2026, 2, 9),
            dt.date(2026, 2, 10),
        )
    ] == [False, True, True, False]
    assert [
        opens(cover.stand_in, day)
        for day in (
            cover.starts_on - DAY,
            cover.starts_on,
            dt.date(2026, 2, 9),
            dt.date(2026, 2, 10),
        )
    ] == [False, True, True, False]


def test_a_supervisor_sees_no_other_entry_of_the_directory(user_with_role):
    mine = Supervisor.objects.create(user=user_with_role("supervisor"))
    Supervisor.objects.create(user=UserFactory())

    assert list(Supervisor.objects.visible_to(mine.user)) == [mine]
