import pytest

from accounts.models import User
from tests.factories import PersonFactory, PostFactory, SiteFactory, SpellFactory, TeamFactory


@pytest.fixture
def site(db):
    return SiteFactory(name="Northgate")


@pytest.fixture
def worker(user_with_role, site) -> User:
    """A peer worker in post at the site."""
    user = user_with_role("peer_worker", name="Łukasz")
    person = PersonFactory(user=user, first_name="Łukasz", last_name="Ó Briain")
    SpellFactory(person=person, post=PostFactory(team=TeamFactory(site=site, name="Ward 3")))
    return user


@pytest.fixture
def client(worker, sign_in):
    """The worker's."""
    return sign_in(worker)


@pytest.fixture
def supervisor(user_with_role, site) -> User:
    return user_with_role("supervisor", site=site, name="Marcus 王")
