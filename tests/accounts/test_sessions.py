import datetime as dt

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts import sessions
from tests.accounts.conftest import PASSWORD, signed_in, words

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
IDLE, ABSOLUTE = 30 * 60, 12 * 60 * 60


def after(seconds: float) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user(clock, account):
    return account("lead", email="zoe@example.org")


@pytest.fixture
def entered(user, enter, client) -> Client:
    """A client that signed in at nine."""
    enter(client, user.email)
    return client


# --- Limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "lives"), [(IDLE - 1, True), (IDLE, False)])
def test_session_ends_after_thirty_idle_minutes(clock, entered, seconds, lives):
    clock.move_to(after(seconds))

    assert signed_in(entered) is lives


@pytest.mark.parametrize(("seconds", "lives"), [(ABSOLUTE - 1, True), (ABSOLUTE, False)])
def test_session_ends_after_twelve_hours_however_busy(clock, entered, seconds, lives):
    for minutes in range(20, 12 * 60, 20):
        clock.move_to(after(minutes * 60))
        assert signed_in(entered)
    clock.move_to(after(seconds))

    assert signed_in(entered) is lives


def test_each_page_starts_the_idle_time_anew(clock, entered):
    clock.move_to(after(25 * 60))
    signed_in(entered)
    clock.move_to(after(25 * 60 + IDLE - 1))

    assert signed_in(entered)


def test_an_active_session_is_written_once_a_minute_at_most(clock, entered):
    seen = []
    for seconds in (1, 59, 60, 100, 119, 120):
        clock.move_to(after(seconds))
        signed_in(entered)
        seen.append(entered.session[sessions.SEEN_AT] - START.timestamp())

    assert seen == [0, 0, 60, 60, 60, 120]


def test_a_page_that_asks_by_itself_does_not_keep_a_session_alive(clock, entered):
    for minutes in (10, 20, 29):
        clock.move_to(after(minutes * 60))
        entered.get(reverse("accounts:account"), headers={"hx-request": "true"})
    clock.move_to(after(IDLE))

    assert not signed_in(entered)


def test_a_session_from_elsewhere_has_the_same_limits(clock, user, sign_in):
    client = sign_in(user)
    clock.move_to(after(IDLE))

    assert not signed_in(client)


def test_an_ended_session_is_gone_from_the_database(clock, entered):
    clock.move_to(after(IDLE))
    signed_in(entered)

    assert Session.objects.filter(expire_date__gt=after(IDLE)).count() == 0


# --- What somebody reads then ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "ended", "text"),
    [(IDLE, "idle", "nothing happened for 30 minutes"), (ABSOLUTE, "limit", "for 12 hours")],
)
def test_page_leads_to_sign_in_with_the_reason_and_the_way_back(
    clock, entered, seconds, ended, text
):
    if ended == "limit":
        for busy in range(20 * 60, seconds, 20 * 60):
            clock.move_to(after(busy))
            signed_in(entered)
    clock.move_to(after(seconds))

    response = entered.get("/account/profile/?a=1")

    assert response["Location"] == (
        f"{reverse('account_login')}?next=%2Faccount%2Fprofile%2F%3Fa%3D1&ended={ended}"
    )
    assert text in words(entered.get(response["Location"]))


def test_form_sent_too_late_leads_back_to_its_page_and_says_that_it_was_not_saved(
    clock, entered, enter, user
):
    clock.move_to(after(IDLE))

    response = entered.post(
        reverse("accounts:end-other-sessions"),
        headers={"referer": "http://testserver/account/profile/?a=1"},
    )

    assert response["Location"] == (
        f"{reverse('account_login')}?next=%2Faccount%2Fprofile%2F%3Fa%3D1&ended=idle&unsaved=1"
    )
    assert "Your last change was not saved." in words(entered.get(response["Location"]))
    query = "?" + response["Location"].partition("?")[2]
    assert enter(entered, user.email, query=query)["Location"] == "/account/profile/?a=1"


def test_form_sent_from_elsewhere_never_leads_elsewhere(clock, entered):
    clock.move_to(after(IDLE))

    response = entered.post("/account/profile/", headers={"referer": "https://evil.example/x"})

    assert response["Location"].startswith(
        f"{reverse('account_login')}?next=%2Faccount%2Fprofile%2F&"
    )


def test_script_gets_an_answer_that_it_understands(clock, entered):
    clock.move_to(after(IDLE))

    response = entered.post(reverse("accounts:keep-alive"), headers={"accept": "application/json"})

    assert response.status_code == 401
    assert response.json()["sign_in"].startswith(reverse("account_login"))


def test_htmx_is_led_to_the_sign_in_page_and_back_to_its_own_page(clock, entered):
    clock.move_to(after(IDLE))

    response = entered.get(
        "/account/sessions/",
        headers={"hx-request": "true", "hx-current-url": "http://testserver/account/profile/"},
    )

    assert (response.status_code, response.content) == (401, b"")
    assert response["HX-Redirect"] == (
        f"{reverse('account_login')}?next=%2Faccount%2Fprofile%2F&ended=idle"
    )


def test_open_page_stays_open_when_a_session_ends(clock, entered):
    clock.move_to(after(IDLE))

    response = entered.get(reverse("wellbeing:support"))

    assert response.status_code == 200
    assert "Sign out" not in response.content.decode()


# --- The warning ----------------------------------------------------------------------------------


def test_page_tells_its_script_the_seconds_that_are_left(clock, entered):
    clock.move_to(after(50))

    page = entered.get(reverse("accounts:account")).content.decode()

    assert f'data-seconds-left="{IDLE - 50}"' in page
    assert f'data-absolute-left="{ABSOLUTE - 50}"' in page
    assert 'data-warning="120"' in page


def test_staying_signed_in_starts_the_idle_time_anew_at_once(clock, entered):
    clock.move_to(after(30))

    response = entered.post(reverse("accounts:keep-alive"))

    assert response.json() == {"seconds_left": IDLE, "absolute_left": ABSOLUTE - 30}


def test_staying_signed_in_works_more_than_ten_times_and_never_past_twelve_hours(clock, entered):
    left = []
    for times in range(1, 26):
        clock.move_to(after(times * (IDLE - 60)))
        response = entered.post(
            reverse("accounts:keep-alive"), headers={"accept": "application/json"}
        )
        left.append(response.json().get("seconds_left"))

    assert left[:23] == [IDLE] * 23
    assert left[23:] == [ABSOLUTE - 24 * (IDLE - 60), None]


def test_sign_in_page_has_no_warning(client):
    assert b"session-warning" not in client.get(reverse("account_login")).content


# --- Where one is signed in -----------------------------------------------------------------------


def enter_elsewhere(enter, user, agent: str) -> Client:
    elsewhere = Client(headers={"user-agent": agent})
    enter(elsewhere, user.email)
    return elsewhere


def test_list_names_each_browser_and_this_one(entered, enter, user):
    enter_elsewhere(enter, user, "Mozilla/5.0 (iPhone; CPU iPhone OS 18) Safari/604.1")

    text = words(entered.get(reverse("accounts:sessions")))

    assert "Safari on iPhone" in text
    assert text.count("This one") == 1


def test_list_asks_as_much_of_the_database_for_three_as_for_one(
    entered, enter, user, django_assert_num_queries
):
    url = reverse("accounts:sessions")
    with django_assert_num_queries(4):
        entered.get(url)
    for _ in range(2):
        enter_elsewhere(enter, user, "Firefox")
    with django_assert_num_queries(4):
        entered.get(url)


def test_one_other_session_can_be_ended(entered, enter, user):
    elsewhere = enter_elsewhere(enter, user, "Firefox")
    row = user.usersession_set.get(session_key=elsewhere.session.session_key)

    entered.post(reverse("accounts:end-session", args=[row.pk]))

    assert (signed_in(entered), signed_in(elsewhere)) == (True, False)


def test_every_other_session_can_be_ended(entered, enter, user):
    others = [enter_elsewhere(enter, user, "Firefox") for _ in range(2)]

    entered.post(reverse("accounts:end-other-sessions"))

    assert [signed_in(entered), *map(signed_in, others)] == [True, False, False]


def test_session_of_somebody_else_cannot_be_ended(entered, enter, account):
    other = account(email="other@example.org")
    elsewhere = enter_elsewhere(enter, other, "Firefox")

    response = entered.post(reverse("accounts:end-session", args=[other.usersession_set.get().pk]))

    assert response.status_code == 404
    assert signed_in(elsewhere)


def test_new_password_keeps_this_session_and_ends_every_other(entered, enter, user):
    elsewhere = enter_elsewhere(enter, user, "Firefox")
    new = "quiet lamp tuesday"

    entered.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert (signed_in(entered), signed_in(elsewhere)) == (True, False)
    assert "Firefox" not in words(entered.get(reverse("accounts:sessions")))
