"""What every test may use: a cast of one user for each role, and stricter rules than production.

Names are invented and awkward on purpose: accents, an apostrophe, one in another script.
"""

import os

import pytest
from django.test import Client

from tests.factories import RoleGrantFactory, UserFactory

pytest_plugins = ["tests.browser"]

# The browser driver runs an event loop in the test's own thread; the tests are synchronous still.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """Hash quickly: the hashing itself is tested once, in tests/accounts."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def sign_in():
    """A test client signed in as a user: `sign_in(user)`."""

    def _sign_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return _sign_in


@pytest.fixture
def user_with_role(db):
    """Makes a user who holds a role today: `user_with_role("lead", site=None)`."""

    def _make(role: str, *, site=None, **fields):
        user = UserFactory(**fields)
        RoleGrantFactory(user=user, role=role, site=site)
        return user

    return _make


@pytest.fixture
def lead(user_with_role):
    return user_with_role("lead", name="Zoë Ó Briain", email="zoe@example.org")


@pytest.fixture
def lead_client(lead, sign_in) -> Client:
    return sign_in(lead)
