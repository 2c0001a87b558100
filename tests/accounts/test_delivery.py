import datetime as dt
import json
import smtplib
import socket
import time
from collections.abc import Iterator

import pytest
from celery import Celery
from django.conf import settings as django_settings
from django.core import mail
from django.core.mail import EmailMessage

from accounts import actions, delivery, tasks
from accounts.models import Invitation, Notice, NoticeKind
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
GRANT = {"role": "lead", "site": None, "starts_on": dt.date(2026, 11, 1), "ends_on": None}
TELLING = ("peer", "lived", "lxp", "health", "mental", "programme", "nhs", "zoë", "trust")


@pytest.fixture
def user():
    return UserFactory(name="Zoë Ó Briain", email="zoe@example.org")


def notice(user, kind=NoticeKind.PASSWORD_CHANGED, at=NOW) -> Notice:
    return actions.notify(user=user, kind=kind, at=at)


def invited():
    return actions.invite(email="a@example.org", name="A", grant=GRANT, by=UserFactory(), at=NOW)


# --- What is sent ---------------------------------------------------------------------------------


def test_no_subject_tells_what_the_service_is_for():
    subjects = " ".join(str(subject) for subject in delivery.SUBJECTS.values()).lower()

    assert [word for word in TELLING if word in subjects] == []


def test_every_kind_of_notice_has_a_subject_and_words(user):
    for kind in NoticeKind:
        sent = delivery.message(notice(user, kind))

        assert "\n" not in sent.subject
        assert sent.body.startswith("Hello Zoë Ó Briain\n")
        assert django_settings.PUBLIC_URL in sent.body


def test_invitation_has_one_link_and_no_word_about_the_programme():
    sent = delivery.message(invited().invitations.get())

    assert sent.subject == "Set up your account"
    assert sent.body.count("://") == 1
    assert [word for word in ("peer", "lived", "lxp", "mental") if word in sent.body.lower()] == []


def test_waiting_messages_are_sent_once_and_marked(user):
    invited()
    notice(user)

    sent = [delivery.deliver_waiting(at=NOW), delivery.deliver_waiting(at=NOW)]

    assert sent == [2, 0]
    assert sorted(message.to[0] for message in mail.outbox) == ["a@example.org", "zoe@example.org"]
    assert [Invitation.objects.get().sent_at, Notice.objects.get().sent_at] == [NOW, NOW]


def test_request_for_an_unknown_address_is_closed_without_a_message():
    notice(None, NoticeKind.NEW_PASSWORD)

    delivery.deliver_waiting(at=NOW)

    assert (len(mail.outbox), Notice.objects.get().sent_at) == (0, NOW)


def test_nothing_goes_to_a_deactivated_account(user):
    notice(user)
    user.is_active = False
    user.save()

    delivery.deliver_waiting(at=NOW)

    assert len(mail.outbox) == 0


def test_message_too_old_to_be_of_use_is_not_sent(user):
    notice(user)

    assert delivery.deliver_waiting(at=NOW + dt.timedelta(days=1)) == 0


# --- What goes wrong ------------------------------------------------------------------------------


def test_message_in_the_hands_of_another_worker_is_left_until_its_lease_ends(user):
    row = notice(user)
    Notice.objects.update(claimed_until=NOW + delivery.LEASE)

    early = delivery.deliver_waiting(at=NOW + delivery.LEASE - dt.timedelta(seconds=1))
    late = delivery.deliver_waiting(at=NOW + delivery.LEASE)

    row.refresh_from_db()
    assert (early, late, row.claimed_until) == (0, 1, None)


def test_second_worker_finds_nothing_while_the_first_is_sending(user, monkeypatch):
    notice(user)
    real, seen = EmailMessage.send, []

    def send(self, *args, **kwargs):
        seen.append(delivery.deliver_waiting(at=NOW))
        return real(self, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", send)

    assert (delivery.deliver_waiting(at=NOW), seen, len(mail.outbox)) == (1, [0], 1)


def test_refused_message_waits_and_the_others_go(user, monkeypatch):
    invited()
    notice(user)
    refusing(monkeypatch, "a@example.org", smtplib.SMTPRecipientsRefused({}))

    assert delivery.deliver_waiting(at=NOW) == 1

    row = Invitation.objects.get()
    assert (row.failure, row.sent_at) == ("SMTPRecipientsRefused", None)
    assert row.claimed_until == NOW + delivery.PAUSE


def test_server_that_cannot_be_reached_ends_the_run_and_loses_nothing(user, monkeypatch):
    invited()
    notice(user)
    with monkeypatch.context() as broken:
        refusing(broken, "a@example.org", ConnectionRefusedError("secret words"))
        assert delivery.deliver_waiting(at=NOW) == 0
    row = Invitation.objects.get()
    assert (row.failure, row.claimed_until) == ("ConnectionRefusedError", None)

    assert delivery.deliver_waiting(at=NOW) == 2
    assert Invitation.objects.get().failure == ""


def refusing(monkeypatch, address: str, error: Exception) -> None:
    real = EmailMessage.send

    def send(self, *args, **kwargs):
        if self.to == [address]:
            raise error
        return real(self, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", send)


# --- The broker -----------------------------------------------------------------------------------


def test_hint_holds_nothing_but_the_name_of_the_task(
    broker, user, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        row = notice(user)

    with broker.connection_for_read() as connection:
        queue = connection.SimpleQueue("celery")
        held = queue.get(timeout=1)
        held.ack()
    assert held.payload[:2] == [[], {}]
    assert held.headers["task"] == "accounts.deliver_messages"
    everything = json.dumps([held.payload, held.headers], default=str)
    assert [
        told for told in (user.email, user.name, str(user.pk), str(row.pk)) if told in everything
    ] == []


def test_nothing_is_hinted_before_commit(broker, user, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting:
        notice(user)

    assert waiting == [delivery.hint]


@pytest.fixture(params=["down", "silent"])
def absent_broker(request) -> Iterator[tuple[str, int]]:
    """The address of a broker that is not there, or takes the connection and never says a word
    (R08); and how many seconds a page may take meanwhile."""
    if request.param == "down":
        yield "redis://127.0.0.1:1/0", 2
        return
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0", 3


def test_broker_that_is_away_neither_breaks_nor_slows_the_page(
    client, monkeypatch, account, absent_broker, django_capture_on_commit_callbacks, caplog
):
    address, most_seconds = absent_broker
    down = Celery("down", broker=address, set_as_current=False)
    down.conf.task_publish_retry = False
    down.conf.broker_transport_options = django_settings.CELERY_BROKER_TRANSPORT_OPTIONS
    monkeypatch.setattr(delivery, "current_app", down)
    account(email="zoe@example.org")
    began = time.monotonic()

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/account/password/reset/", {"email": "zoe@example.org"})

    assert response.status_code == 302
    assert time.monotonic() - began < most_seconds
    assert "The broker took no hint" in caplog.text
    assert "zoe" not in caplog.text
    tasks.deliver_messages()
    assert [message.to for message in mail.outbox] == [["zoe@example.org"]]


def test_beat_sweeps_every_minute():
    sweep = django_settings.CELERY_BEAT_SCHEDULE["deliver-messages"]

    assert sweep == {"task": tasks.deliver_messages.name, "schedule": 60.0}


# --- Cleaning -------------------------------------------------------------------------------------


def test_ended_sessions_and_old_notices_are_cleared_away(user, sign_in):
    from django.contrib.sessions.models import Session

    sign_in(user)
    Session.objects.update(expire_date=NOW - dt.timedelta(days=400))
    user.usersession_set.create(session_key="x", ip="192.0.2.1", user_agent="")
    kept = notice(user, at=NOW - actions.KEEP_NOTICES)
    notice(user, at=NOW - actions.KEEP_NOTICES - dt.timedelta(seconds=1))

    actions.clear_ended(at=NOW)

    assert list(Notice.objects.all()) == [kept]
    assert (Session.objects.count(), user.usersession_set.count()) == (0, 0)
