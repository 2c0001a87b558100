import datetime as dt

import pytest
import time_machine
from django.contrib.auth.tokens import default_token_generator
from django.core.signing import TimestampSigner
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.delivery import invitation_signer, message
from accounts.models import Invitation, User
from tests.accounts.conftest import PASSWORD, signed_in, words
from tests.factories import SiteFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
GRANT = {"role": "lead", "site": None, "starts_on": dt.date(2026, 11, 1), "ends_on": None}
ANSWER = {"password1": PASSWORD, "password2": PASSWORD, "preferred_role_term": "peer"}
CLOSED = "This invitation does not work"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def invited() -> User:
    return actions.invite(
        email="zoe@example.org", name="Zoë Ó Briain", grant=GRANT, by=UserFactory(), at=NOW
    )


def link(user: User) -> str:
    """The link in the message about a user's newest invitation."""
    body = message(user.invitations.first()).body
    return next(line for line in body.splitlines() if "://" in line).partition("8000")[2]


# --- Making one -----------------------------------------------------------------------------------

FORM = {
    "name": "Łukasz 王",
    "email": "Lukasz@Example.org",
    "role": "peer_worker",
    "site": "",
    "starts_on_0": "1",
    "starts_on_1": "12",
    "starts_on_2": "2026",
}


def test_administrator_makes_an_account_with_a_role_and_an_invitation(admin_client, administrator):
    site = SiteFactory()

    response = admin_client.post(reverse("accounts:add-user"), FORM | {"site": site.pk})

    user = User.objects.get(email="lukasz@example.org")
    assert response["Location"] == reverse("accounts:user", args=[user.pk])
    assert (user.name, user.has_usable_password()) == ("Łukasz 王", False)
    assert list(user.grants.values_list("role", "site", "starts_on", "ends_on")) == [
        ("peer_worker", site.pk, dt.date(2026, 12, 1), None)
    ]
    assert user.invitations.get().invited_by == administrator


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"email": "ADA@example.org"}, "There is already an account with this email address."),
        ({"name": "Zo\x00ë"}, "Use one line of ordinary letters, numbers and signs"),
        ({"name": "Zoë\r\nBcc: x"}, "Use one line of ordinary letters, numbers and signs"),
        ({"email": "a@b\r\nBcc: x@example.org"}, "Enter an email address in the correct format"),
        ({"role": "owner"}, "Choose role from the list"),
        ({"starts_on_0": "31", "starts_on_1": "2"}, "must be a real date"),
        ({"site": "x"}, "Choose site from the list"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(admin_client, change, error):
    response = admin_client.post(reverse("accounts:add-user"), FORM | change)

    assert response.status_code == 200
    assert error in words(response)
    assert (User.objects.count(), Invitation.objects.count()) == (1, 0)


def test_end_before_the_first_day_is_refused(admin_client):
    end = {"ends_on_0": "1", "ends_on_1": "12", "ends_on_2": "2026"}

    response = admin_client.post(reverse("accounts:add-user"), FORM | end)

    assert "must be after the first day" in words(response)


def test_administrator_for_one_site_is_refused(admin_client):
    limited = {"role": "administrator", "site": SiteFactory().pk}

    response = admin_client.post(reverse("accounts:add-user"), FORM | limited)

    assert "An administrator works for every site" in words(response)


def test_fields_that_the_form_does_not_have_change_nothing(admin_client):
    forged = {"is_active": "", "password": "x", "id": "1", "preferred_role_term": "boss"}

    admin_client.post(reverse("accounts:add-user"), FORM | forged)

    user = User.objects.get(email="lukasz@example.org")
    assert (user.is_active, user.preferred_role_term) == (True, "")


# --- Accepting it ---------------------------------------------------------------------------------


def test_link_lets_the_person_set_a_password_and_leads_in(invited, client):
    url = link(invited)
    assert "Hello Zoë Ó Briain" in words(client.get(url))

    response = client.post(url, ANSWER)

    invited.refresh_from_db()
    assert response["Location"] == "/"
    assert signed_in(client)
    assert invited.check_password(PASSWORD)
    assert invited.preferred_role_term == "peer"
    assert invited.invitations.get().accepted_at == NOW


def test_role_that_needs_a_second_step_sets_it_up_next(invited, client, settings):
    settings.SECOND_FACTOR_REQUIRED = True

    response = client.post(link(invited), ANSWER, follow=True)

    assert response.redirect_chain[-1][0] == reverse("mfa_index")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_looking_at_the_link_uses_nothing_up(invited, client):
    for _ in range(3):
        assert client.get(link(invited)).status_code == 200


def test_link_works_once(invited):
    url = link(invited)
    Client().post(url, ANSWER)

    answers = [Client().get(url), Client().post(url, ANSWER)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert [CLOSED in words(answer) for answer in answers] == [True, True]


@pytest.mark.parametrize(
    ("age", "status"),
    [(dt.timedelta(days=7, seconds=-1), 200), (dt.timedelta(days=7), 404)],
)
def test_link_works_for_seven_days(invited, client, clock, age, status):
    url = link(invited)
    clock.move_to(NOW + age)

    assert client.get(url).status_code == status


def test_accepted_invitation_is_closed_even_if_the_password_is_taken_away_later(invited):
    invitation = invited.invitations.get()
    invitation.accepted_at = NOW

    assert (invitation.is_open(NOW), invited.has_usable_password()) == (False, False)


def test_new_invitation_stops_the_link_of_the_old(invited, client):
    old = link(invited)
    actions.invite_again(user=invited, by=UserFactory(), at=NOW + dt.timedelta(seconds=1))

    assert [client.get(old).status_code, client.get(link(invited)).status_code] == [404, 200]


def test_corrected_address_gets_its_own_link_and_the_old_one_stops(invited, client, clock):
    old = link(invited)
    clock.shift(60)
    actions.change_account(
        user=invited,
        name="Zoë",
        email="zoe.o@example.org",
        by=UserFactory(),
        at=NOW + dt.timedelta(seconds=60),
    )

    assert client.get(old).status_code == 404
    assert message(invited.invitations.first()).to == ["zoe.o@example.org"]


def test_deactivated_account_cannot_be_opened(invited, client):
    url = link(invited)
    actions.deactivate(user=invited, by=UserFactory(), day=NOW.date())

    assert client.get(url).status_code == 404


def test_wrong_old_used_and_invented_links_read_the_same(invited):
    used = link(invited)
    Client().post(used, ANSWER)
    token = used.rstrip("/").rpartition("/")[2]
    foreign = TimestampSigner(salt="something.else").sign(str(invited.invitations.get().pk))
    links = [token, token[:-1], "x" + token, foreign, invitation_signer.sign("no number"), "x"]

    answers = {
        (answer.status_code, words(answer))
        for answer in (Client().get(reverse("accounts:invitation", args=[one])) for one in links)
    }

    assert [status for status, _ in answers] == [404]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"password1": "short", "password2": "short"}, "This password is too short"),
        ({"password2": "something else"}, "The two passwords are not the same"),
        (
            {"password1": "zoe@example.org", "password2": "zoe@example.org"},
            "too similar to the email address",
        ),
        ({"preferred_role_term": "a\nb"}, "Use one line of ordinary letters"),
    ],
)
def test_bad_answer_is_explained_and_uses_nothing_up(invited, client, answer, error):
    response = client.post(link(invited), ANSWER | answer)

    assert error in words(response)
    assert invited.invitations.get().accepted_at is None


def test_who_was_signed_in_in_this_browser_is_signed_out(invited, account, enter, client):
    enter(client, account(email="other@example.org").email)

    client.post(link(invited), ANSWER)

    assert "zoe@example.org" in words(client.get(reverse("accounts:account")))


# --- A forgotten password -------------------------------------------------------------------------


def reset_link(user: User) -> str:
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", args=[user.pk.hex, key])


def test_reset_link_sets_a_new_password_once(account, client):
    user = account(email="zoe@example.org")
    url = reset_link(user)
    new = "quiet lamp tuesday"
    form = client.get(url)["Location"]
    client.post(form, {"password1": new, "password2": new})

    user.refresh_from_db()
    assert user.check_password(new)
    assert Client().get(url).status_code == 404


@pytest.mark.parametrize(("minutes", "status"), [(59, 302), (61, 404)])
def test_reset_link_works_for_an_hour(account, client, clock, minutes, status):
    url = reset_link(account())
    clock.shift(minutes * 60)

    assert client.get(url).status_code == status


def test_reset_ends_every_session(account, enter, client):
    user = account(email="zoe@example.org")
    elsewhere = Client()
    enter(elsewhere, user.email)
    user.refresh_from_db()
    new = "quiet lamp tuesday"
    client.post(client.get(reset_link(user))["Location"], {"password1": new, "password2": new})

    assert not signed_in(elsewhere)


@pytest.mark.parametrize("link", ["abc-def", "0-x", "zz-c8x-4e5", f"{'f' * 32}-c8x-4e5"])
def test_broken_reset_link_says_what_to_do(client, link):
    response = client.get(f"/account/password/reset/key/{link}/")

    assert response.status_code == 404
    assert "This link does not work" in words(response)
