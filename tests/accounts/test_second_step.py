import datetime as dt

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import reverse

from accounts.models import Notice
from accounts.roles import ROLES
from tests.accounts.conftest import code_for, give_app, offered_secret, signed_in, words

pytestmark = pytest.mark.django_db

HOME = "/account/"
OVERVIEW = "/account/second-step/"
NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def where(response) -> str:
    return response.get("Location", "")


# --- The wall -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [key for key in ROLES if ROLES[key].needs_second_factor])
def test_role_that_needs_it_gets_no_further_than_setting_it_up(role, account, enter, client):
    enter(client, account(role).email)

    for url in ("/", "/account/", "/users/", "/people/", "/account/sessions/"):
        assert (url, where(client.get(url))) == (url, OVERVIEW)
    assert "Set up a second step to go on" in words(client.get(OVERVIEW))


@pytest.mark.parametrize("role", ["peer_worker", "trainee"])
def test_role_that_does_not_need_it_goes_on(role, account, enter, client):
    enter(client, account(role).email)

    assert signed_in(client)


def test_what_everybody_may_open_stays_open_before_it(account, enter, client):
    enter(client, account("lead").email)

    opened = [
        client.get(reverse("wellbeing:support")).status_code,
        client.get("/healthz").status_code,
        client.get(reverse("mfa_activate_totp")).status_code,
        client.get(reverse("mfa_add_webauthn")).status_code,
        client.post(reverse("account_logout")).status_code,
    ]
    assert opened == [200, 200, 200, 200, 302]
    assert not signed_in(client)


def test_switch_off_lets_everybody_by(account, enter, client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    enter(client, account("lead").email)

    assert signed_in(client)


def test_role_given_later_asks_from_the_next_request(account, enter, client):
    user = account("peer_worker")
    enter(client, user.email)
    assert signed_in(client)

    user.grants.create(role="lead", starts_on=dt.date(2020, 1, 1))

    assert where(client.get(HOME)) == OVERVIEW


# --- Authenticator app ----------------------------------------------------------------------------


def test_app_from_nothing_to_the_next_sign_in(account, enter, client):
    user = account("lead", email="zoe@example.org")
    with time_machine.travel(NOON, tick=False) as clock:
        enter(client, user.email)
        secret = offered_secret(client)
        added = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
        assert where(added) == reverse("mfa_view_recovery_codes")
        assert "10 of 10 left" in words(client.get(where(added)))
        assert signed_in(client)

        clock.shift(60)
        again = Client()
        assert where(enter(again, user.email)) == reverse("mfa_authenticate")
        assert not signed_in(again)
        again.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
        assert signed_in(again)


def test_wrong_code_lets_nobody_in_and_the_sixth_is_not_even_read(account, enter, client):
    user = account("lead")
    secret = give_app(user)
    with time_machine.travel(NOON, tick=False):
        enter(client, user.email)
        wrong = f"{(int(code_for(secret)) + 1) % 1_000_000:06}"
        for _ in range(5):
            client.post(reverse("mfa_authenticate"), {"code": wrong})
        response = client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})

    assert "Too many attempts" in words(response)
    assert not signed_in(client)


def test_one_code_works_once(account, enter):
    user = account("lead")
    secret = give_app(user)
    outcomes = []
    with time_machine.travel(NOON, tick=False):
        for client in (Client(), Client()):
            enter(client, user.email)
            client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
            outcomes.append(signed_in(client))

    assert outcomes == [True, False]


def test_secret_is_not_in_the_database_in_the_clear(account):
    user = account("lead")
    secret = give_app(user)
    RecoveryCodes.activate(user)

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in stored
    for code in RecoveryCodes.activate(user).generate_codes():
        assert code not in stored


def test_picture_for_the_app_is_an_image_of_our_own(account, enter, client):
    enter(client, account("lead").email)
    page = client.get(reverse("mfa_activate_totp"))

    picture = client.get(reverse("accounts:qr-code"))

    assert f'src="{reverse("accounts:qr-code")}"' in page.content.decode()
    assert picture["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture["Cache-Control"]
    assert b"<svg" in picture.content
    assert b"style=" not in picture.content


# --- Recovery codes -------------------------------------------------------------------------------


def test_recovery_code_lets_in_once(account, enter):
    user = account("lead")
    give_app(user)
    code = RecoveryCodes.activate(user).generate_codes()[0]
    outcomes = []
    for client in (Client(), Client()):
        enter(client, user.email)
        client.post(reverse("mfa_authenticate"), {"code": code})
        outcomes.append(signed_in(client))

    assert outcomes == [True, False]


# --- Ways round it --------------------------------------------------------------------------------


def test_session_begun_before_the_step_was_set_up_elsewhere_has_to_begin_anew(
    account, enter, settings
):
    user = account("lead")
    settings.SECOND_FACTOR_REQUIRED = False
    old = Client()
    enter(old, user.email)
    settings.SECOND_FACTOR_REQUIRED = True
    give_app(user)

    response = old.get(HOME)

    assert where(response) == f"{reverse('account_login')}?next=%2Faccount%2F&ended=step"
    assert not signed_in(old)


def test_adding_another_way_in_an_old_session_is_not_taking_the_step(account, enter, settings):
    user = account("lead")
    settings.SECOND_FACTOR_REQUIRED = False
    old = Client()
    enter(old, user.email)
    give_app(user)
    settings.SECOND_FACTOR_REQUIRED = True

    response = old.get(reverse("mfa_add_webauthn"))

    assert where(response).startswith(reverse("account_login"))


def test_new_password_does_not_stand_in_for_the_step(account, enter, client):
    from django.contrib.auth.tokens import default_token_generator

    user = account("lead")
    give_app(user)
    new = "quiet lamp tuesday"
    url = reverse(
        "account_reset_password_from_key",
        args=[user.pk.hex, default_token_generator.make_token(user)],
    )
    form = client.get(url)["Location"]
    client.post(form, {"password1": new, "password2": new})

    assert not signed_in(client)
    assert where(enter(client, user.email, new)) == reverse("mfa_authenticate")
    assert not signed_in(client)


def test_last_step_of_a_role_that_needs_it_stays(account, enter, client):
    user = account("lead")
    secret = give_app(user)
    with time_machine.travel(NOON, tick=False):
        enter(client, user.email)
        client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})

        response = client.post(reverse("mfa_deactivate_totp"))

    assert "Add another one before you remove this one." in words(response)
    assert Authenticator.objects.count() == 1


def test_last_passkey_of_a_role_that_needs_it_stays(account, enter, client):
    user = account("lead")
    passkey = Authenticator.objects.create(
        user=user, type="webauthn", data={"name": "Key", "credential": {}}
    )
    with time_machine.travel(NOON, tick=False):
        secret = give_app(user)
        enter(client, user.email)
        client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
        user.authenticator_set.filter(type="totp").delete()

        client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))

    assert list(Authenticator.objects.values_list("pk", flat=True)) == [passkey.pk]


def test_step_of_a_peer_worker_can_be_removed(account, enter, client):
    user = account("peer_worker")
    secret = give_app(user)
    with time_machine.travel(NOON, tick=False):
        enter(client, user.email)
        client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})

        client.post(reverse("mfa_deactivate_totp"))

    assert Authenticator.objects.count() == 0


# --- Confirming, and telling ----------------------------------------------------------------------


def test_change_is_confirmed_with_the_password_when_signing_in_is_a_while_ago(
    account, enter, client
):
    user = account("peer_worker")
    with time_machine.travel(NOON, tick=False) as clock:
        enter(client, user.email)
        assert client.get(reverse("mfa_activate_totp")).status_code == 200
        clock.shift(301)

        response = client.get(reverse("mfa_activate_totp"))

    assert where(response).startswith(reverse("account_reauthenticate"))


def test_every_change_is_told_to_its_owner(
    account, enter, client, django_capture_on_commit_callbacks
):
    user = account("peer_worker")
    with (
        time_machine.travel(NOON, tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        enter(client, user.email)
        secret = offered_secret(client)
        client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
        client.post(reverse("mfa_generate_recovery_codes"))
        client.post(reverse("mfa_deactivate_totp"))

    told = list(Notice.objects.filter(user=user).values_list("kind", flat=True))
    assert sorted(told) == ["codes_made", "step_added", "step_removed"]
