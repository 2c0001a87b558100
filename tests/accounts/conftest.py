"""Signing in through the real page, with the password that the demonstration has too."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    TOTP,
    format_hotp_value,
    hotp_value,
)
from celery import Celery
from django.test import Client
from django.urls import reverse

from accounts import delivery
from tests.factories import RoleGrantFactory, UserFactory

PASSWORD = "peer-demo-2026"


@pytest.fixture(autouse=True)
def broker(monkeypatch) -> Celery:
    """A broker in memory, so that every hint can be read."""
    app = Celery("accounts", broker="memory://", set_as_current=False)
    monkeypatch.setattr(delivery, "current_app", app)
    return app


@pytest.fixture
def account(db):
    """Makes a user with a password and a role: `account("lead")`."""

    def _make(role: str = "peer_worker", *, password: str = PASSWORD, site=None, **fields):
        user = UserFactory.build(**fields)
        user.set_password(password)
        user.save()
        RoleGrantFactory(user=user, role=role, site=site)
        return user

    return _make


@pytest.fixture
def enter():
    """Sends the sign-in form: `enter(client, email, password)` gives the response."""

    def _enter(client: Client, email: str, password: str = PASSWORD, *, query: str = "", **extra):
        url = reverse("account_login") + query
        return client.post(url, {"login": email, "password": password}, **extra)

    return _enter


@pytest.fixture
def administrator(account):
    return account("administrator", name="Ada", email="ada@example.org")


@pytest.fixture
def admin_client(administrator, enter) -> Client:
    """An administrator who has just signed in, so that nothing asks for the password again."""
    client = Client()
    enter(client, administrator.email)
    return client


def code_for(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def give_app(user, secret: str = "JBSWY3DPEHPK3PXP") -> str:
    """Give a user an authenticator app; returns its secret."""
    TOTP.activate(user, secret)
    return secret


def offered_secret(client: Client) -> str:
    """The secret that the page for adding an app offers this session."""
    client.get(reverse("mfa_activate_totp"))
    return client.session[SECRET_SESSION_KEY]


def words(response) -> str:
    """What a person reads of a page, without what differs from request to request."""
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    main = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", main)
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def signed_in(client: Client) -> bool:
    return client.get(reverse("accounts:account")).status_code == 200
