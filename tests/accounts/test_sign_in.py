import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.auth.hashers import identify_hasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.adapters import NOT_RIGHT
from accounts.models import Notice, User
from tests.accounts.conftest import PASSWORD, signed_in, words
from tests.accounts.hashers import Counting
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(account):
    """Addresses that must all look alike to somebody who cannot sign in."""
    account(email="known@example.org")
    account(email="gone@example.org", is_active=False)
    UserFactory(email="invited@example.org", password="!nobody has set one")
    return {
        "unknown": ("nobody@example.org", PASSWORD),
        "wrong password": ("known@example.org", "not my password"),
        "deactivated": ("gone@example.org", PASSWORD),
        "deactivated, wrong": ("gone@example.org", "not my password"),
        "invited": ("invited@example.org", PASSWORD),
    }


# --- Signing in -----------------------------------------------------------------------------------


def test_right_password_signs_in_and_leads_home(account, enter, client):
    account(email="zoe@example.org")

    response = enter(client, "ZOE@Example.org ")

    assert (response.status_code, response["Location"]) == (302, "/")
    assert signed_in(client)


def test_password_is_stored_as_argon2_and_nowhere_in_the_history(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

    user = User.objects.create_user(email="a@example.org", name="A", password=PASSWORD)

    assert identify_hasher(user.password).algorithm == "argon2"
    assert user.check_password(PASSWORD)
    columns = {field.name for field in User.events.rel.related_model._meta.get_fields()}
    assert columns & {"password", "last_login"} == set()


def test_production_hashes_with_argon2_first():
    from lxp import settings as real

    assert real.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"


def test_session_gets_a_new_name_at_sign_in(account, enter, client):
    account(email="zoe@example.org")
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["lxp-session"] = session.session_key
    before = session.session_key

    enter(client, "zoe@example.org")

    assert client.session.session_key != before
    stranger = Client()
    stranger.cookies["lxp-session"] = before
    assert not signed_in(stranger)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example/",
        "https://testserver@evil.example/",
    ],
)
def test_way_back_to_another_host_is_refused(account, enter, client, target):
    account(email="zoe@example.org")

    response = client.post(
        reverse("account_login"),
        {"login": "zoe@example.org", "password": PASSWORD, "next": target},
    )

    assert (response.status_code, response["Location"]) == (302, "/")


def test_way_back_to_a_page_of_ours_is_kept(account, enter, client):
    account(email="zoe@example.org")

    response = enter(client, "zoe@example.org", query="?next=/account/profile/")

    assert response["Location"] == "/account/profile/"


def test_signing_out_ends_the_session_and_says_so(account, enter, client):
    account(email="zoe@example.org")
    enter(client, "zoe@example.org")

    response = client.post(reverse("account_logout"), follow=True)

    assert "You have signed out." in words(response)
    assert not signed_in(client)


# --- Nothing tells whether an address has an account ----------------------------------------------


def test_every_failed_sign_in_reads_the_same(cast, enter):
    answers = set()
    for email, password in cast.values():
        response = enter(Client(), email, password)
        answers.add((response.status_code, words(response).replace(email, "")))

    assert len(answers) == 1
    status, text = answers.pop()
    assert status == 200
    assert NOT_RIGHT in text


def test_every_failed_sign_in_hashes_once(cast, enter, settings):
    settings.PASSWORD_HASHERS = [f"{Counting.__module__}.{Counting.__qualname__}"]
    for user in User.objects.filter(password__startswith="md5"):
        user.set_password(PASSWORD)
        user.save()
    counted = {}
    for name, (email, password) in cast.items():
        Counting.calls = 0
        enter(Client(), email, password)
        counted[name] = Counting.calls

    assert counted == dict.fromkeys(cast, 1)


def test_deactivated_account_with_the_right_password_is_limited_as_any_other(account, enter):
    account(email="gone@example.org", is_active=False)

    texts = [words(enter(Client(), "gone@example.org")) for _ in range(6)]

    assert [NOT_RIGHT in text for text in texts] == [True] * 5 + [False]
    assert "Too many attempts" in texts[5]


@pytest.mark.parametrize("email", ["known@example.org", "gone@example.org", "nobody@example.org"])
def test_asking_for_a_new_password_answers_the_same(cast, email, client):
    response = client.post(reverse("account_reset_password"), {"email": email}, follow=True)

    assert response.redirect_chain == [(reverse("account_reset_password_done"), 302)]
    assert "If there is an account with the address you gave" in words(response)


def test_asking_for_a_new_password_does_the_same_work(cast):
    counts = {}
    for email in ("known@example.org", "gone@example.org", "nobody@example.org"):
        client = Client()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.post(reverse("account_reset_password"), {"email": email})
        counts[email] = [query["sql"].split()[0] for query in queries]

    assert len({tuple(statements) for statements in counts.values()}) == 1
    assert [
        notice.user and notice.user.email for notice in Notice.objects.order_by("created_at")
    ] == ["known@example.org", None, None]


# --- No open sign-up ------------------------------------------------------------------------------


def test_nobody_makes_an_account_for_themselves(client):
    url = reverse("account_signup")
    sent = {"email": "eve@example.org", "password1": PASSWORD, "name": "Eve"}

    answers = [client.get(url), client.post(url, sent)]

    assert ["Accounts are by invitation" in words(answer) for answer in answers] == [True, True]
    assert User.objects.count() == 0


# --- Limits ---------------------------------------------------------------------------------------


def test_sixth_attempt_at_one_address_is_refused_even_with_the_right_password(account, enter):
    account(email="zoe@example.org")
    for _ in range(5):
        enter(Client(), "zoe@example.org", "wrong")

    response = enter(Client(), "zoe@example.org")

    assert response.status_code == 200
    assert "Too many attempts. Wait 5 minutes" in words(response)


def test_limit_of_a_network_address_is_not_dodged_by_a_forged_header(enter):
    texts = [
        words(
            enter(
                Client(),
                f"{number}@example.org",
                "wrong",
                headers={"x-forwarded-for": f"198.51.100.{number}"},
            )
        )
        for number in range(11)
    ]

    assert ["Too many attempts" in text for text in texts] == [False] * 10 + [True]


def test_behind_one_proxy_only_what_that_proxy_wrote_counts(enter, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    texts = [
        words(
            enter(
                Client(),
                f"{number}@example.org",
                "wrong",
                headers={"x-forwarded-for": f"198.51.100.{number}, 203.0.113.7"},
            )
        )
        for number in range(11)
    ]

    assert ["Too many attempts" in text for text in texts] == [False] * 10 + [True]


def test_limits_live_in_the_database_and_not_in_the_cache_server(settings):
    backend = settings.CACHES["default"]["BACKEND"]

    assert backend == "django.core.cache.backends.db.DatabaseCache"


def test_limit_holds_while_the_cache_server_is_down(account, enter, settings):
    settings.CACHES = {
        **settings.CACHES,
        "charts": {**settings.CACHES["charts"], "LOCATION": "redis://127.0.0.1:1/0"},
    }
    account(email="zoe@example.org")
    for _ in range(5):
        enter(Client(), "zoe@example.org", "wrong")

    assert "Too many attempts" in words(enter(Client(), "zoe@example.org"))


def test_thirty_sign_in_forms_a_minute_from_one_network_address(client):
    statuses = [client.post(reverse("account_login"), {}).status_code for _ in range(31)]

    assert statuses == [200] * 30 + [429]


# --- Passkeys: what is not one is refused, and breaks nothing -------------------------------------


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "null",
        "[]",
        "1",
        '"x"',
        "{}",
        '{"response": {}}',
        '{"response": []}',
        '{"response": {"userHandle": 1}}',
        '{"response": {"userHandle": "AAAA"}}',
        '{"id": "\\u0000", "response": {"userHandle": "AAAA"}}',
        (
            '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA",'
            ' "authenticatorData": "AA", "signature": "AA", "userHandle": "AA"}}'
        ),
        "[" * 100_000,
        "{" * 10,
    ],
)
def test_broken_passkey_leads_back_to_the_sign_in_page(client, credential):
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})

    response = client.post(reverse("mfa_login_webauthn"), {"credential": credential})

    assert (response.status_code, response["Location"]) == (302, reverse("account_login"))
    assert AUTHENTICATION_METHODS_SESSION_KEY not in client.session
