import datetime as dt

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.delivery import deliver_waiting
from accounts.models import Notice, RoleGrant, Site, User
from tests.accounts.conftest import PASSWORD, give_app, signed_in, words
from tests.factories import RoleGrantFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 23)


def page(name: str, user: User, *more) -> str:
    return reverse(f"accounts:{name}", args=[user.pk, *more])


def said(response) -> str:
    """The message after a redirect."""
    return words(response).partition("Roles")[0]


# --- The list -------------------------------------------------------------------------------------


def test_list_shows_names_roles_and_whether_an_account_is_open(admin_client, account):
    account("trainer", name="Łukasz 王", email="l@example.org", site=SiteFactory(name="Barnet"))
    UserFactory(name="Invited", password="!nobody has set one")
    UserFactory(name="Gone", is_active=False)

    text = words(admin_client.get(reverse("accounts:users")))

    assert "Łukasz 王 Email address l@example.org Roles today Trainer (Barnet)" in text
    assert [text.count(word) for word in ("Account Invited", "Account Deactivated")] == [1, 1]


def test_ended_role_is_not_shown_in_the_list(admin_client):
    RoleGrantFactory(role="trainer", ends_on=dt.date(2020, 2, 1))

    assert "Trainer" not in words(admin_client.get(reverse("accounts:users")))


@pytest.mark.parametrize(
    ("query", "found"),
    [("briain", True), ("ZOË", True), ("zoe@", True), ("Briain Zoë", True), ("Nobody", False)],
)
def test_search_finds_parts_of_names_and_addresses(admin_client, query, found):
    UserFactory(name="Zoë Ó Briain", email="zoe@example.org")

    text = words(admin_client.get(reverse("accounts:users"), {"q": query}))

    assert ("Zoë Ó Briain" in text) is found


@pytest.mark.parametrize("query", ["\x00", "a\r\nb", "%", "_", "x" * 151, "'; --"])
def test_strange_search_breaks_nothing(admin_client, query):
    assert admin_client.get(reverse("accounts:users"), {"q": query}).status_code == 200


def test_list_has_pages_of_twenty_five(admin_client):
    UserFactory.create_batch(26)
    url = reverse("accounts:users")

    first, second = (admin_client.get(url, {"page": number}).content for number in (1, 2))

    assert [body.count(b'<th class="nhsuk-table__header"') for body in (first, second)] == [25, 2]


def test_list_asks_as_much_of_the_database_for_three_as_for_one(
    admin_client, django_assert_num_queries
):
    url = reverse("accounts:users")
    with django_assert_num_queries(5):
        admin_client.get(url)
    for _ in range(2):
        RoleGrantFactory(role="trainer", site=SiteFactory())
    with django_assert_num_queries(5):
        admin_client.get(url)


def test_administrator_of_one_site_manages_nobody(account, enter, client):
    user = account("administrator", site=SiteFactory())
    enter(client, user.email)

    assert client.get(reverse("accounts:users")).status_code == 403
    assert list(User.objects.visible_to(user)) == [user]


# --- Changing an account --------------------------------------------------------------------------


def test_name_and_address_can_be_corrected(admin_client, account, enter):
    user = account(name="Zoe", email="zoe@example.org")

    admin_client.post(
        page("edit-user", user), {"name": "Zoë Ó Briain", "email": "Zoe.O@example.org"}
    )

    user.refresh_from_db()
    assert (user.name, user.email) == ("Zoë Ó Briain", "zoe.o@example.org")
    client = Client()
    enter(client, "zoe.o@example.org")
    assert signed_in(client)


def test_a_changed_address_is_told_to_the_old_one_and_ends_every_session(
    admin_client, account, enter, mailoutbox
):
    user = account(name="Zoë", email="zoe@example.org")
    client = Client()
    enter(client, user.email)

    admin_client.post(page("edit-user", user), {"name": "Zoë", "email": "new@example.org"})
    deliver_waiting(at=timezone.now())

    assert not signed_in(client)
    [message] = mailoutbox
    assert (message.to, message.subject) == (["zoe@example.org"], "Your email address was changed")
    assert Notice.objects.get().former_email == ""


def test_nobody_changes_their_own_address(admin_client, administrator):
    before = administrator.email
    admin_client.post(page("edit-user", administrator), {"name": "A", "email": "b@example.org"})
    administrator.refresh_from_db()
    assert administrator.email == before


def test_address_of_another_account_is_refused(admin_client, administrator):
    user = UserFactory(email="zoe@example.org")

    response = admin_client.post(
        page("edit-user", user), {"name": "Zoë", "email": administrator.email}
    )

    assert "There is already an account with this email address." in words(response)


def test_act_is_confirmed_with_the_password_and_then_goes_on(administrator, enter):
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False) as clock:
        client = Client()
        enter(client, administrator.email)
        user = UserFactory(email="zoe@example.org")
        clock.shift(301)
        asked = client.post(page("edit-user", user), {"name": "Zoë", "email": user.email})
        user.refresh_from_db()
        before = user.name

        assert asked["Location"].startswith(reverse("account_reauthenticate"))
        client.post(asked["Location"], {"password": PASSWORD})

    user.refresh_from_db()
    assert (before == "Zoë", user.name) == (False, "Zoë")


# --- Roles ----------------------------------------------------------------------------------------

GIVEN = {
    "role": "trainer",
    "site": "",
    "starts_on_0": "1",
    "starts_on_1": "12",
    "starts_on_2": "2026",
}


def test_role_is_given_from_a_day(admin_client):
    user = UserFactory()

    admin_client.post(page("give-role", user), GIVEN)

    assert list(user.grants.values_list("role", "site", "starts_on", "ends_on")) == [
        ("trainer", None, dt.date(2026, 12, 1), None)
    ]


def test_nobody_gives_themselves_a_role(admin_client, administrator):
    response = admin_client.post(page("give-role", administrator), GIVEN, follow=True)

    assert "You cannot do this to your own account." in words(response)
    assert administrator.grants.count() == 1


def test_role_ends_on_a_day_and_its_holder_is_without_it_on_that_day(admin_client, account):
    user = account("trainer")
    today = timezone.localdate()
    boxes = {"day_0": str(today.day), "day_1": str(today.month), "day_2": str(today.year)}

    admin_client.post(page("end-role", user, user.grants.get().pk), boxes)

    assert user.grants.get().ends_on == today
    assert User.objects.get(pk=user.pk).roles == []


def test_role_does_not_end_in_the_past(admin_client, account):
    user = account("trainer")
    day = timezone.localdate() - dt.timedelta(days=1)
    boxes = {"day_0": str(day.day), "day_1": str(day.month), "day_2": str(day.year)}

    response = admin_client.post(page("end-role", user, user.grants.get().pk), boxes)

    assert "The day must be today or later." in words(response)
    assert user.grants.get().ends_on is None


def test_role_that_has_not_begun_can_be_taken_back():
    grant = RoleGrantFactory(role="trainer", starts_on=TODAY + dt.timedelta(days=9))

    actions.end_role(grant=grant, day=TODAY)

    assert grant.ends_on == grant.starts_on
    assert not RoleGrant.objects.in_force_on(grant.starts_on).filter(pk=grant.pk).exists()


def test_role_of_one_person_is_not_reached_through_another(admin_client, account):
    grant = account("trainer").grants.get()

    assert admin_client.get(page("end-role", UserFactory(), grant.pk)).status_code == 404


# --- The last administrator -----------------------------------------------------------------------


def test_last_administrator_keeps_the_role(admin_client, administrator):
    today = timezone.localdate()
    boxes = {"day_0": str(today.day), "day_1": str(today.month), "day_2": str(today.year)}

    response = admin_client.post(
        page("end-role", administrator, administrator.grants.get().pk), boxes, follow=True
    )

    assert "Nobody else is an administrator on that day." in words(response)
    assert administrator.grants.get().ends_on is None


@pytest.mark.parametrize(
    ("other", "grant"),
    [
        ({"is_active": False}, {}),
        ({}, {"ends_on": TODAY}),
        ({}, {"starts_on": TODAY + dt.timedelta(days=1)}),
        ({}, {"role": "lead"}),
    ],
)
def test_who_cannot_act_that_day_does_not_count_as_another(other, grant):
    last = RoleGrantFactory(role="administrator")
    RoleGrantFactory(user=UserFactory(**other), **{"role": "administrator", **grant})

    with pytest.raises(actions.LastAdministrator):
        actions.end_role(grant=last, day=TODAY)
    with pytest.raises(actions.LastAdministrator):
        actions.deactivate(user=last.user, by=UserFactory(), day=TODAY)


def test_administrator_of_one_site_does_not_count_as_another():
    last = RoleGrantFactory(role="administrator")
    RoleGrantFactory(role="administrator", site=SiteFactory())

    with pytest.raises(actions.LastAdministrator):
        actions.end_role(grant=last, day=TODAY)


def test_one_of_two_administrators_can_go():
    grants = [RoleGrantFactory(role="administrator") for _ in range(2)]

    actions.end_role(grant=grants[0], day=TODAY)
    actions.deactivate(user=grants[0].user, by=grants[1].user, day=TODAY)

    assert not User.objects.get(pk=grants[0].user_id).is_active


def test_other_roles_can_end_where_there_is_no_administrator():
    grant = RoleGrantFactory(role="lead")

    assert actions.end_role(grant=grant, day=TODAY).ends_on == TODAY


# --- Switching off and on -------------------------------------------------------------------------


def test_deactivation_ends_every_session_at_once(admin_client, account, enter, sign_in):
    user = account("trainer", email="zoe@example.org")
    sessions = [Client(), sign_in(user)]
    enter(sessions[0], user.email)
    assert [signed_in(client) for client in sessions] == [True, True]

    admin_client.post(page("deactivate", user))
    assert [signed_in(client) for client in sessions] == [False, False]

    admin_client.post(page("reactivate", user))
    assert [signed_in(client) for client in sessions] == [False, False]
    enter(sessions[0], user.email)
    assert signed_in(sessions[0])


def test_asking_first_changes_nothing(admin_client):
    user = UserFactory()

    admin_client.get(page("deactivate", user))

    user.refresh_from_db()
    assert user.is_active


def test_nobody_deactivates_themselves(admin_client, administrator):
    response = admin_client.post(page("deactivate", administrator), follow=True)

    administrator.refresh_from_db()
    assert "You cannot do this to your own account." in words(response)
    assert administrator.is_active


def test_everybody_elses_session_stays(admin_client, account, enter, client):
    enter(client, account(email="other@example.org").email)
    user = UserFactory()

    admin_client.post(page("end-sessions", user))

    assert (signed_in(client), signed_in(admin_client)) == (True, True)


def test_sessions_of_one_person_end_wherever_they_began(admin_client, account, enter, sign_in):
    user = account(email="zoe@example.org")
    clients = [Client(), sign_in(user)]
    enter(clients[0], user.email)

    admin_client.post(page("end-sessions", user))

    assert [signed_in(client) for client in clients] == [False, False]


def test_invitation_is_not_sent_again_to_who_has_a_password(admin_client, account):
    user = account()

    response = admin_client.post(page("invite-again", user), follow=True)

    assert "This person has already set a password." in words(response)
    assert user.invitations.count() == 0


def test_lost_second_step_is_removed_and_told(admin_client, account, enter):
    user = account("peer_worker", email="zoe@example.org")
    give_app(user)

    admin_client.post(page("remove-second-step", user))

    client = Client()
    enter(client, user.email)
    assert signed_in(client)
    assert Authenticator.objects.filter(user=user).count() == 0
    assert [notice.kind for notice in Notice.objects.filter(user=user)] == ["step_removed"]


# --- History --------------------------------------------------------------------------------------


def test_every_change_of_a_role_leaves_a_row():
    grant = RoleGrantFactory(role="trainer")
    actions.end_role(grant=grant, day=TODAY)

    assert list(grant.events.order_by("pgh_id").values_list("pgh_label", "ends_on")) == [
        ("insert", None),
        ("update", TODAY),
    ]


# --- One's own account, and sites -----------------------------------------------------------------


def test_people_change_their_own_name_and_words(account, enter, client):
    user = account(email="zoe@example.org")
    enter(client, user.email)

    client.post(
        reverse("accounts:profile"),
        {"name": "Zoë Ó Briain", "preferred_role_term": "peer supporter", "email": "x@x.org"},
    )

    user.refresh_from_db()
    assert (user.name, user.preferred_role_term, user.email) == (
        "Zoë Ó Briain",
        "peer supporter",
        "zoe@example.org",
    )


def test_sites_are_added_renamed_and_never_twice(lead_client):
    add = reverse("accounts:add-site")
    lead_client.post(add, {"name": "Barnet"})
    twice = lead_client.post(add, {"name": "BARNET"})
    site = Site.objects.get()
    lead_client.post(reverse("accounts:edit-site", args=[site.pk]), {"name": "Edgware"})

    assert "There is already a site with this name." in words(twice)
    assert [site.name for site in Site.objects.all()] == ["Edgware"]


def test_sites_ask_as_much_of_the_database_for_three_as_for_one(
    lead_client, django_assert_num_queries
):
    SiteFactory()
    url = reverse("accounts:sites")
    lead_client.get(url)
    with django_assert_num_queries(3):
        lead_client.get(url)
    SiteFactory.create_batch(2)
    with django_assert_num_queries(3):
        lead_client.get(url)
