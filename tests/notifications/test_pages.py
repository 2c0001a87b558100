"""One's own messages, and how one is told things."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.models import Wishes
from tests.factories.notifications import MessageFactory
from tests.programme.pages import boxes, queries_of

pytestmark = pytest.mark.django_db
MINE, HOW = reverse("notifications:mine"), reverse("notifications:wishes")


@pytest.fixture
def user(user_with_role):
    return user_with_role("supervisor")


@pytest.fixture
def client(user, sign_in):
    return sign_in(user)


def test_people_see_what_they_were_told_and_nobody_elses(client, user):
    own = MessageFactory(recipient=user, channel="app", state="accepted")
    waiting = MessageFactory(recipient=user, channel="app", rule="record-to-confirm")
    other = MessageFactory(channel="app", state="accepted")

    page = client.get(MINE).text

    assert reverse("notifications:open", args=[own.pk]) in page
    assert reverse("notifications:open", args=[waiting.pk]) not in page
    assert reverse("notifications:open", args=[other.pk]) not in page


def test_a_message_leads_to_the_exact_page(client, user):
    message = MessageFactory(recipient=user, rule="record-to-confirm")

    response = client.get(reverse("notifications:open", args=[message.pk]))

    assert response.url == reverse("supervision:session", args=[message.occasion.about])


def test_three_messages_take_as_many_queries_as_one(client, user):
    day = timezone.localdate()
    MessageFactory(recipient=user, channel="app", state="accepted", occasion__day=day)
    one = queries_of(client, MINE)
    for days in (1, 2):
        MessageFactory(
            recipient=user,
            channel="app",
            state="accepted",
            occasion__day=day - dt.timedelta(days=days),
        )

    assert queries_of(client, MINE) == one


@pytest.mark.parametrize(("days", "paused"), [(0, False), (1, True), (366, True), (367, None)])
def test_wishes_are_saved_and_shown_again(client, user, days, paused):
    until = timezone.localdate() + dt.timedelta(days=days)
    sent = {"wanted": ["session-tomorrow"], "quiet_from": "18:00", "quiet_until": "10:00"}

    client.post(HOW, sent | boxes("paused_until", until))

    if paused is None:
        assert not Wishes.objects.exists()
        return
    said = Wishes.objects.get(user=user)
    form = client.get(HOW).context["form"]
    assert (said.paused_until is not None) == paused
    assert not said.by_email
    assert "check-in-offered" in said.switched_off
    assert "contact-requested" not in said.switched_off
    assert form["wanted"].value() == ["session-tomorrow"]
    assert form["quiet_from"].value() == "18:00"
