"""Mail server, GOV.UK Notify and text messages: what each answer means, and what never happens."""

import datetime as dt
import json
import time
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faults.stand_ins import MailServer, NotifyServer
from lxp.environment import Notify
from notifications import alarms, carrying, circuits, notify, receipts, sending, sweeping
from notifications.models import (
    Alarm,
    Attempt,
    Channel,
    Circuit,
    Heartbeat,
    Message,
    Occasion,
    Wishes,
)
from notifications.phones import uk_mobile
from notifications.planning import plan_rule
from notifications.smtp import NotHandedOver
from tests.factories import UserFactory
from tests.notifications.test_engine import (  # noqa: F401  fixtures
    NOON,
    by_day,
    due,
    email,
    rule,
    states,
)

pytestmark = pytest.mark.django_db
KEY = f"name-{uuid.UUID(int=1)}-{uuid.UUID(int=2)}"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def server():
    with NotifyServer(KEY) as running:
        yield running


@pytest.fixture
def by_notify(settings, server, rule, by_day):  # noqa: F811
    """Email and text messages go to the stand-in."""
    settings.NOTIFY = Notify(KEY, server.url, "email-template", "sms-template", "secret")
    return server


def ago(**span) -> dt.datetime:
    return timezone.now() - dt.timedelta(**span)


def only(**values) -> Message:
    """The one message, some time later."""
    Message.objects.update(**values)
    return Message.objects.get()


# --- GOV.UK Notify --------------------------------------------------------------------------------


def test_an_email_goes_by_notify_with_its_reference(by_notify):
    message = email()

    sending.send_due()

    assert [(one.reference, one.to) for one in by_notify.accepted] == [
        (str(message.pk), message.recipient.email)
    ]
    assert only().state == "accepted"


@pytest.mark.parametrize(
    ("mode", "state", "tries", "shut"),
    [
        ("400", "failed", 1, False),
        ("403", "pending", 0, True),
        ("429", "pending", 0, True),
        ("404", "pending", 0, True),
        ("500", "unknown", 1, False),
        ("503", "unknown", 1, False),
        ("drop", "unknown", 1, False),
        ("no json", "unknown", 1, False),
        ("slow", "unknown", 1, False),
    ],
)
def test_each_answer_of_notify_has_its_state(by_notify, monkeypatch, mode, state, tries, shut):
    monkeypatch.setattr(notify, "SECONDS", 0.2)
    by_notify.mode = mode
    email()

    sending.send_due()

    message = only()
    assert (message.state, message.tries) == (state, tries)
    assert Circuit.objects.filter(open_until__gt=timezone.now()).exists() == shut


def test_notify_that_is_not_there_costs_no_try(by_notify):
    by_notify.close()
    email()

    sending.send_due()

    assert (only().state, only().tries) == ("pending", 0)


def test_a_token_that_is_too_old_is_refused_so_that_who_was_frozen_sends_nothing(by_notify):
    old = notify.token(KEY, int(time.time()) - 31)

    assert by_notify.knows(notify.token(KEY, int(time.time())))
    assert not by_notify.knows(old)
    assert not by_notify.knows(notify.token(KEY[:-1] + "f", int(time.time())))


def test_what_was_accepted_without_an_answer_is_found_by_its_reference(by_notify):
    by_notify.mode = "drop"
    email()
    sending.send_due()
    by_notify.mode = ""

    receipts.ask(timezone.now())
    too_soon = only().state
    only(moved_at=ago(minutes=3))
    receipts.ask(timezone.now())

    assert (too_soon, only().state, len(by_notify.accepted)) == ("unknown", "accepted", 1)


def test_what_never_arrived_is_sent_after_two_questions_a_minute_apart(by_notify):
    by_notify.mode = "lose"
    email()
    sending.send_due()
    by_notify.mode = ""
    seen = []

    for values in ({"moved_at": ago(minutes=3)}, {}, {"asked_at": ago(minutes=2)}):
        only(**values)
        receipts.ask(timezone.now())
        sweeping.repair(timezone.now())
        seen.append(only().state)
    sending.send_due()

    assert seen == ["unknown", "unknown", "pending"]
    assert (only().state, len(by_notify.accepted)) == ("accepted", 1)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("delivered", "delivered"),
        ("permanent-failure", "returned"),
        ("temporary-failure", "returned"),
        ("sending", "accepted"),
    ],
)
def test_what_no_callback_told_is_asked(by_notify, status, state):
    message = email(state="accepted", carrier="notify", moved_at=ago(minutes=6))
    by_notify.put(str(message.pk), status)

    receipts.ask(timezone.now())
    receipts.ask(timezone.now())

    assert only().state == state
    assert by_notify.questions == 1


def test_callbacks_count_once_in_any_order_and_only_with_their_token(by_notify):
    address = reverse("notifications:receipt")

    def call(status: str, token: str = "secret", reference: str = "") -> int:
        said = {"reference": reference or str(message.pk), "status": status}
        headers = {"Authorization": f"Bearer {token}"}
        body = json.dumps(said)
        return Client().post(address, body, "application/json", headers=headers).status_code

    message = email(state="accepted", carrier="notify")
    forged = [call("delivered", "guess"), call("delivered", "")]
    before = only().state
    honest = [
        call(said) for said in ("sending", "delivered", "permanent-failure", "delivered", "odd")
    ]

    assert (forged, before) == ([403, 403], "accepted")
    assert (honest, only().state) == ([204] * 5, "delivered")
    assert call("delivered", reference=str(uuid.uuid4())) == 204
    assert call("delivered", reference="a\x00b") == 400
    odd = (b"\xff{", b"[]", b"{}", b"null", b"[" * 9_000)
    headers = {"Authorization": "Bearer secret"}
    answers = [Client().post(address, one, "application/json", headers=headers) for one in odd]
    assert [answer.status_code for answer in answers] == [400] * 5


@pytest.mark.parametrize(("more", "status", "state"), [(0, 204, "delivered"), (1, 413, "accepted")])
def test_a_callback_that_is_too_long_is_not_read(by_notify, more, status, state):
    message = email(state="accepted", carrier="notify")
    body = json.dumps({"reference": str(message.pk), "status": "delivered"}).ljust(10_000 + more)

    answer = Client().post(
        reverse("notifications:receipt"),
        body,
        "application/json",
        headers={"Authorization": "Bearer secret"},
    )

    assert (answer.status_code, only().state) == (status, state)


def test_a_callback_tells_of_no_message_and_leaves_no_word_in_the_log(by_notify, caplog):
    message = email(state="accepted", carrier="notify")
    caplog.set_level("DEBUG")
    answers = []
    for reference in (message.pk, uuid.uuid4()):
        for token in ("secret", "gu\u00e9ss"):
            answer = Client().post(
                reverse("notifications:receipt"),
                json.dumps({"reference": str(reference), "status": "delivered", "to": "canary"}),
                "application/json",
                headers={"Authorization": f"Bearer {token}"},
            )
            answers.append((answer.status_code, answer.content, sorted(answer.headers.items())))

    assert answers[:2] == answers[2:]
    assert [code for code, *_ in answers] == [204, 403] * 2
    said = caplog.text + str([vars(record) for record in caplog.records])
    assert not any(word in said for word in ("canary", str(message.pk), "secret"))


def test_where_no_token_is_set_nobody_calls_back(settings, rule):  # noqa: F811
    headers = {"Authorization": "Bearer "}

    assert Client().post(reverse("notifications:receipt"), headers=headers).status_code == 403


# --- Text messages --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("07700 900 982", "+447700900982"),
        ("+44 (0)7700 900982", "+447700900982"),
        ("0044 7700-900982", "+447700900982"),
        ("07624 900982", "+447624900982"),
        *(
            (odd, None)
            for odd in ("01632 960001", "070 1234 5678", "0909 8790000", "+1 202 5550123")
        ),
        *(
            (odd, None)
            for odd in ("٠٧٧٠٠ ٩٠٠٩٨٢", "07700 90098", "07700 900982 x", "07700\n900982")
        ),
    ],
)
def test_texts_go_to_uk_mobiles_only(given, number):
    if number is None:
        with pytest.raises(ValueError, match="UK mobile"):
            uk_mobile(given)
    else:
        assert uk_mobile(given) == number


def test_a_text_says_that_something_is_there_and_names_nothing(by_notify, settings):
    settings.ORGANISATION_NAME = "Peer Programme"
    user = UserFactory()
    Wishes.objects.create(user=user, by_email=False, by_sms=True, phone="+447700900982")
    message = email(recipient=user, channel=Channel.SMS)

    sending.send_due()

    (sent,) = by_notify.accepted
    assert sent.to == "+447700900982"
    assert sent.text == f"Something is here. {settings.PUBLIC_URL}/messages/{message.pk}/"


def test_a_number_is_kept_encrypted_and_forgotten_when_its_owner_cannot_sign_in(rule):  # noqa: F811
    user = UserFactory(is_active=False)
    Wishes.objects.create(user=user, by_sms=True, phone="+447700900982")
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM notifications_wishes")
        stored = cursor.fetchone()[0]

    sweeping.sweep()

    assert "7700" not in stored
    assert Wishes.objects.filter(phone="", by_sms=False).count() == 1


@pytest.mark.parametrize(
    ("sent", "phone"),
    [
        ({"by_sms": "on", "phone": "07700 900 982"}, "+447700900982"),
        ({"by_sms": "on", "phone": ""}, None),
        ({"by_sms": "on", "phone": "01632 960001"}, None),
        ({"phone": ""}, ""),
    ],
)
def test_people_give_their_own_number(by_notify, user_with_role, sign_in, sent, phone):
    user = user_with_role("peer_worker")
    form = {"quiet_from": "20:00", "quiet_until": "08:00", "paused_until_0": ""}

    sign_in(user).post(reverse("notifications:wishes"), form | sent)

    assert list(Wishes.objects.values_list("by_sms")) == ([] if phone is None else [(bool(phone),)])
    assert phone is None or Wishes.objects.get().phone == phone


def test_a_channel_that_is_chosen_has_a_message_of_its_own(by_notify, rule):  # noqa: F811
    user = UserFactory()
    Wishes.objects.create(user=user, by_email=False, by_sms=True, phone="+447700900982")
    rule.found = [due(user)]

    plan_rule(rule, NOON)

    assert sorted(Message.objects.values_list("channel", flat=True)) == ["app", "sms"]


# --- Mail servers ---------------------------------------------------------------------------------


@pytest.fixture
def post_office(settings, rule, by_day):  # noqa: F811
    """The stand-in of a mail server, spoken to as in a deployment."""
    with MailServer() as running:
        settings.MAILERS = {
            "default": {
                "BACKEND": "notifications.smtp.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": running.port, "timeout": 0.3},
            }
        }
        yield running


@pytest.mark.parametrize("mode", ["no tls", "broken tls"])
def test_without_tls_nothing_leaves(post_office, settings, mode):
    settings.MAILERS["default"]["OPTIONS"]["use_tls"] = True
    settings.MAILERS = dict(settings.MAILERS)
    post_office.mode = mode
    email()

    sending.send_due()

    assert (only().state, post_office.accepted) == ("pending", [])
    assert not any(line.startswith(("MAIL", "AUTH", "DATA")) for line in post_office.heard)


@pytest.mark.parametrize(
    ("mode", "state", "tries"),
    [
        ("", "accepted", 1),
        ("550", "failed", 1),
        ("451", "pending", 1),
        ("421", "pending", 0),
        ("silent", "pending", 0),
        ("drop early", "pending", 0),
        ("drop", "unknown", 1),
        ("lose", "unknown", 1),
    ],
)
def test_each_way_a_mail_server_behaves_has_its_state(post_office, mode, state, tries):
    post_office.mode = mode
    email()

    sending.send_due()

    assert (only().state, only().tries) == (state, tries)
    assert len(post_office.accepted) == (mode in {"", "drop"})


def test_a_twentieth_refused_for_good_is_told_at_once_and_holds_up_nobody(post_office):
    post_office.refused = {email().recipient.email}
    for _ in range(19):
        email()

    sending.send_due()

    assert states() == ["accepted"] * 19 + ["failed"]
    assert Message.objects.on_work_list().count() == 1


def test_a_second_copy_after_doubt_is_flagged(post_office):
    post_office.mode = "drop"
    email()
    sending.send_due()
    post_office.mode = ""
    only(moved_at=ago(minutes=3))
    sweeping.repair(timezone.now())
    sending.send_due()

    assert (only().state, only().may_be_double) == ("accepted", True)
    assert len({one.reference for one in post_office.accepted}) == 1


# --- Circuits -------------------------------------------------------------------------------------


def test_a_carrier_that_does_not_answer_is_tried_with_one_message_at_a_time(post_office):
    post_office.mode = "421"
    for _ in range(12):
        email()
    sending.send_due()
    first = post_office.calls

    sending.send_due()
    shut = post_office.calls
    Circuit.objects.update(open_until=ago(seconds=1))
    probes = [circuits.may_call("smtp") for _ in range(8)]
    Circuit.objects.update(open_until=ago(seconds=1))
    post_office.mode = ""
    Message.objects.update(not_before=ago(seconds=1))
    sending.send_due()

    assert (first, shut) == (1, 1)
    assert probes == [True] + [False] * 7
    assert states() == ["accepted"] * 12


def test_tries_do_not_count_while_the_carrier_refuses_everybody(post_office):
    post_office.mode = "451"
    for _ in range(6):
        email()

    sending.send_due()

    assert post_office.calls == 3
    assert sum(Message.objects.values_list("tries", flat=True)) == 2
    assert states() == ["pending"] * 6


def test_each_failed_probe_makes_the_pause_longer_up_to_a_bound(rule):  # noqa: F811
    pauses = []
    for _ in range(40):
        circuits.strike("smtp", uuid.uuid4(), "down", at_once=True)
        pauses.append((Circuit.objects.get().open_until - timezone.now()).total_seconds())

    assert all(9 < pause < 91 for pause in pauses)
    assert pauses[0] < 31 and max(pauses) > 31


# --- Poison, traces, alarms -----------------------------------------------------------------------


@pytest.mark.parametrize("where", ["condition", "words"])
def test_a_row_that_breaks_is_given_up_after_five_tries_and_holds_up_nobody(
    rule,  # noqa: F811
    by_day,  # noqa: F811
    monkeypatch,
    mailoutbox,
    where,
):
    poison = email(not_before=ago(minutes=9))
    others = [email() for _ in range(3)]

    def broken(message_or_occasion, _second):
        key = getattr(message_or_occasion, "occasion_id", None) or message_or_occasion.pk
        if key == poison.occasion_id:
            raise ZeroDivisionError
        return compose(message_or_occasion, _second)

    if where == "words":
        compose = carrying.email_of
        monkeypatch.setattr(carrying, "email_of", broken)
    else:
        compose = rule.stands
        monkeypatch.setattr(rule, "stands", broken)
    sending.send_due()
    after_one = states()
    for _ in range(6):
        Message.objects.filter(state="pending").update(not_before=ago(seconds=1))
        sending.send_due()

    assert after_one == ["accepted"] * len(others) + ["pending"]
    assert Message.objects.get(state="dead").pk == poison.pk
    assert Attempt.objects.filter(message=poison).count() == 5
    assert len(mailoutbox) == 3


def test_what_is_its_readers_alone_leaves_no_row_once_it_is_on_its_way(rule, by_day, mailoutbox):  # noqa: F811
    rule.leaves_no_trace = True
    user = UserFactory()
    never = dt.time(0)
    Wishes.objects.create(user=user, quiet_from=never, quiet_until=never, at_weekends=True)
    rule.found = [due(user, at=timezone.now() - MINUTE, day=timezone.localdate())]

    sweeping.sweep()
    again = [sweeping.sweep() for _ in range(2)]
    kept = Occasion.objects.count()
    Occasion.objects.update(due_at=ago(days=4))
    rule.found = [due(user, at=ago(days=4), day=timezone.localdate() - dt.timedelta(days=4))]
    sweeping.sweep()

    assert (len(mailoutbox), again, kept) == (1, [0, 0], 1)
    assert not Message.objects.exists() and not Attempt.objects.exists()
    assert not Occasion.objects.exists()


def test_an_alarm_is_told_once_and_again_after_it_was_over(rule, settings, mailoutbox):  # noqa: F811
    settings.ADMINS = ["it@example.org"]
    Heartbeat.objects.create(name="loop", at=ago(hours=1))

    for _ in range(3):
        sweeping.sweep()
    first = len(mailoutbox)
    sweeping.beat("loop")
    sweeping.sweep()
    over = Alarm.objects.count()
    Heartbeat.objects.filter(name="loop").update(at=ago(hours=1))
    sweeping.sweep()

    assert (first, over, len(mailoutbox)) == (1, 0, 2)
    assert "loop is silent" in mailoutbox[0].body


def test_everything_that_is_wrong_is_named(rule):  # noqa: F811
    email(not_before=ago(minutes=6))
    email(state="unknown", moved_at=ago(minutes=11))
    email(state="dead")
    Circuit.objects.create(carrier="notify", failures=3, since=ago(minutes=6))

    assert alarms.troubles(timezone.now()) == [
        "a message is more than 5 minutes late",
        "it is not known what became of one",
        "a message was given up",
        "notify takes no messages",
    ]


def test_an_alarm_that_cannot_be_sent_is_sent_later(rule, settings, monkeypatch, mailoutbox):  # noqa: F811
    settings.ADMINS = ["it@example.org"]
    email(state="dead")
    with monkeypatch.context() as patch:
        patch.setattr(alarms, "mail_admins", lambda *_: (_ for _ in ()).throw(NotHandedOver("x")))
        sweeping.sweep()
    sweeping.sweep()

    assert len(mailoutbox) == 1
