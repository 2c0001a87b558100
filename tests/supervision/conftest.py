"""Two people with a signed agreement, and a client for each."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories import PersonFactory, SiteFactory, SpellFactory, UserFactory
from tests.factories.supervision import TermsFactory

DAY = dt.timedelta(days=1)


@pytest.fixture
def agreement():
    """Signed, open since the year began, between two people with accounts."""
    person = PersonFactory(user=UserFactory(name="Łukasz"), site=SiteFactory())
    begun = timezone.localdate() - 200 * DAY
    SpellFactory(person=person, started_on=begun - 400 * DAY)
    return TermsFactory(agreement__person=person, agreement__starts_on=begun).agreement


@pytest.fixture
def supervisor(agreement, sign_in):
    return sign_in(agreement.supervisor)


@pytest.fixture
def worker(agreement, sign_in):
    return sign_in(agreement.person.user)
