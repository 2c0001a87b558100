"""The engine: each message once, never too late, never to who does not want it."""

import datetime as dt
import smtplib
import threading
import uuid
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import DataError, ProgrammingError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from notifications import actions, rules, sending, sweeping
from notifications.models import (
    FORWARD,
    Attempt,
    Channel,
    Heartbeat,
    Message,
    Occasion,
    Sending,
    State,
    Wishes,
)
from notifications.planning import plan_rule
from notifications.quiet import local, next_allowed
from notifications.rules import Due, Reminder
from notifications.smtp import NotHandedOver
from tests.factories import UserFactory
from tests.factories.notifications import MessageFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)  # a Wednesday
TODAY = NOON.date()
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class Called(Reminder):
    """Due to whomever a test says, until it says no."""

    key = "called"
    name = "Somebody called"
    subject = "Something is here"
    words = "Have a look."

    def __init__(self):
        self.found: list[Due] = []
        self.still = True

    def due(self, now):
        return iter(self.found)

    def is_still_due(self, occasion, now):
        return self.still

    def page(self, occasion):
        return "/"


@pytest.fixture
def rule(monkeypatch) -> Called:
    made = Called()
    for module in (rules, sending, sweeping):
        monkeypatch.setattr(module, "rules", lambda: {made.key: made})
    monkeypatch.setattr("notifications.planning.rules", lambda: {made.key: made})
    return made


@pytest.fixture
def by_day(monkeypatch):
    """Nobody's quiet hours, so that a test means the same at night."""
    monkeypatch.setattr(sending, "allowed_from", lambda _wishes, moment: moment)


def due(user, day: dt.date = TODAY, **more) -> Due:
    return Due(user.pk, more.get("about", uuid.uuid4()), day, more.get("at", NOON))


def email(**values) -> Message:
    return MessageFactory(rule="called", **values)


def states() -> list[str]:
    return sorted(Message.objects.values_list("state", flat=True))


class Refusing:
    """A mail server that answers each message with an error."""

    def __init__(self, error: Exception):
        self.error = error

    def __call__(self, *_args, **_options):
        raise self.error


def sending_fails(monkeypatch, error: Exception) -> None:
    monkeypatch.setattr("django.core.mail.EmailMessage.send", Refusing(error))


# --- Planning -------------------------------------------------------------------------------------


def test_however_often_it_is_planned_an_occasion_is_one_row_and_one_message_a_channel(rule):
    rule.found = [due(UserFactory())]

    made = [plan_rule(rule, NOON) for _ in range(3)]

    assert made == [2, 0, 0]
    assert Occasion.objects.count() == 1
    assert sorted(Message.objects.values_list("channel", flat=True)) == ["app", "email"]


@pytest.mark.django_db(transaction=True)
def test_three_planners_at_once_make_each_message_once(rule):
    users = [UserFactory() for _ in range(20)]
    rule.found = [due(user) for user in users]
    barrier = threading.Barrier(3)

    def plan():
        barrier.wait()
        plan_rule(rule, NOON)
        connection.close()

    threads = [threading.Thread(target=plan) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (Occasion.objects.count(), Message.objects.count()) == (20, 40)


def test_two_occasions_of_a_kind_on_one_day_are_one_message(rule):
    user = UserFactory()
    rule.found = [due(user), due(user)]

    plan_rule(rule, NOON)

    assert (Occasion.objects.count(), Message.objects.count()) == (2, 2)


def test_a_planner_that_ends_between_occasion_and_message_has_written_neither(rule, monkeypatch):
    rule.found = [due(UserFactory())]
    with monkeypatch.context() as patched:
        patched.setattr("notifications.planning.NEW_MESSAGES", "SELECT 1 / 0")
        with pytest.raises(DataError):
            plan_rule(rule, NOON)

    assert (Occasion.objects.count(), plan_rule(rule, NOON)) == (0, 2)


def test_what_is_planned_says_all_that_a_message_made_by_hand_says(rule):
    user = UserFactory()
    one = due(user, at=local(TODAY, dt.time(21)))
    rule.found = [one]
    plan_rule(rule, NOON)

    made = Message.objects.get(channel="email")
    morning = local(TODAY + DAY, dt.time(8))
    by_hand = Message(
        id=made.pk,
        reference=made.reference,
        occasion=made.occasion,
        rule="called",
        recipient=user,
        day=TODAY,
        channel="email",
        moved_at=NOON,
        not_before=morning,
        expires_at=morning + rule.worth_sending,
    )
    names = [field.attname for field in Message._meta.concrete_fields]
    assert [getattr(made, name) for name in names] == [getattr(by_hand, name) for name in names]
    assert made.occasion.created_at == NOON
    assert one == Due(
        *(user.pk, made.occasion.about, made.occasion.day, made.occasion.due_at),
        made.occasion.sequence,
    )


def test_planning_takes_as_many_queries_for_forty_as_for_one(rule, django_assert_num_queries):
    rule.found = [due(UserFactory())]
    with django_assert_num_queries(6):
        plan_rule(rule, NOON)
    rule.found = [due(UserFactory()) for _ in range(40)]
    with django_assert_num_queries(6):
        plan_rule(rule, NOON)


@pytest.mark.parametrize(
    ("wishes", "channels"),
    [
        ({}, ["app", "email"]),
        ({"by_email": False}, ["app"]),
        ({"switched_off": ["called"]}, []),
        ({"switched_off": ["another"]}, ["app", "email"]),
    ],
)
def test_people_decide_what_they_are_told_and_how(rule, wishes, channels):
    user = UserFactory()
    Wishes.objects.create(user=user, **wishes)
    rule.found = [due(user)]

    plan_rule(rule, NOON)

    assert sorted(Message.objects.values_list("channel", flat=True)) == channels


def test_who_cannot_sign_in_is_told_nothing(rule):
    rule.found = [due(UserFactory(is_active=False))]

    plan_rule(rule, NOON)

    assert not Message.objects.exists()


# --- Quiet hours and clock changes ----------------------------------------------------------------


@given(
    st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2031, 1, 1), timezones=st.just(dt.UTC)),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.booleans(),
)
def test_nobody_is_written_to_in_their_quiet_hours(moment, since, until, at_weekends):
    found = next_allowed(
        moment, quiet_from=since, quiet_until=until, at_weekends=at_weekends, paused_until=None
    )

    here = timezone.localtime(found)
    quiet = since <= here.time() < until if since < until else not until <= here.time() < since
    assert found >= moment
    assert found - moment < 6 * DAY  # Christmas and a weekend
    assert since == until or not quiet
    assert at_weekends or here.weekday() < 5


@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        (dt.date(2026, 3, 29), dt.time(1, 30), "01:30"),  # left out: 02:30 in summer time
        (dt.date(2026, 10, 25), dt.time(1, 30), "00:30"),  # twice: the first
        (dt.date(2026, 3, 29), dt.time(9), "08:00"),
        (dt.date(2026, 10, 25), dt.time(9), "09:00"),
    ],
)
def test_a_local_time_is_one_instant_also_when_the_clocks_change(day, at, utc):
    assert f"{local(day, at).astimezone(dt.UTC):%H:%M}" == utc


def test_five_years_of_days_at_every_half_hour_are_each_one_instant():
    """None missing, none double: instants of one time of day rise from day to day."""
    for half in range(48):
        at = dt.time(half // 2, 30 * (half % 2))
        days = [dt.date(2026, 1, 1) + number * DAY for number in range(5 * 365)]
        moments = [local(day, at) for day in days]
        assert [timezone.localtime(moment).date() for moment in moments] == days
        assert all(22 * HOUR < b - a < 26 * HOUR for a, b in pairwise(moments))


# --- Sending --------------------------------------------------------------------------------------


def test_what_is_due_is_sent_once_with_neutral_words_and_a_link_to_the_page(
    rule, by_day, mailoutbox
):
    message = email()

    sent = [sending.send_due() for _ in range(2)]

    told = mailoutbox[0]
    assert sent == [1, 0]
    assert told.to == [message.recipient.email]
    assert told.subject == "Something is here"
    assert f"/messages/{message.pk}/" in told.body
    assert message.recipient.name not in told.subject + told.body
    assert message.reference.hex in told.extra_headers["Message-ID"]
    assert [(row.number, row.result) for row in Attempt.objects.all()] == [(1, "accepted")]


@pytest.mark.django_db(transaction=True)
def test_eight_senders_at_once_send_each_message_once(rule, by_day, mailoutbox):
    for _ in range(60):
        email()
    barrier = threading.Barrier(8)

    def send():
        barrier.wait()
        sending.send_due()
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(mailoutbox) == 60
    assert states() == ["accepted"] * 60


@pytest.mark.parametrize("what", ["leaver", "opted out", "switched off", "not due", "address"])
def test_what_changes_between_plan_and_send_counts(rule, by_day, mailoutbox, what):
    message = email()
    user = message.recipient
    if what == "leaver":
        type(user).objects.filter(pk=user.pk).update(is_active=False)
    elif what == "opted out":
        actions.set_wishes(user=user, by_email=False)
    elif what == "switched off":
        actions.set_wishes(user=user, switched_off=["called"])
    elif what == "not due":
        rule.still = False
    else:
        type(user).objects.filter(pk=user.pk).update(email="new@example.org")

    sending.send_due()

    reached = [told.to for told in mailoutbox]
    assert reached == ([["new@example.org"]] if what == "address" else [])
    assert states() == (["accepted"] if what == "address" else ["cancelled"])


def test_an_email_waits_while_its_reader_is_quiet_and_one_in_the_app_does_not(rule, mailoutbox):
    user = UserFactory()
    actions.set_wishes(user=user, paused_until=timezone.localdate() + 3 * DAY)
    for channel in (Channel.EMAIL, Channel.APP):
        email(recipient=user, channel=channel)

    sending.send_due()

    assert mailoutbox == []
    assert states() == ["accepted", "pending"]
    assert Message.objects.get(state="pending").not_before > timezone.now() + DAY


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no")}), "failed"),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"later")}), "pending"),
        (smtplib.SMTPDataError(554, b"no"), "failed"),
        (smtplib.SMTPDataError(451, b"later"), "pending"),
        (smtplib.SMTPServerDisconnected("gone"), "unknown"),
        (TimeoutError("slow"), "unknown"),
        (NotHandedOver("ConnectionRefusedError"), "pending"),
    ],
)
def test_each_answer_of_the_mail_server_has_its_state(rule, by_day, monkeypatch, error, state):
    email()
    sending_fails(monkeypatch, error)

    sending.send_due()

    message = Message.objects.get()
    known = str(error) if isinstance(error, NotHandedOver) else type(error).__name__
    assert (message.state, message.error) == (state, known)
    assert state != "pending" or message.not_before > timezone.now()


def test_a_message_is_given_up_after_five_tries(rule, by_day, monkeypatch):
    email()
    sending_fails(monkeypatch, smtplib.SMTPDataError(451, b"later"))

    for _ in range(7):
        sending.send_due()
        Message.objects.update(not_before=timezone.now())

    assert states() == ["dead"]
    assert Attempt.objects.count() == 5


def test_a_server_that_is_down_costs_one_question_a_sweep_and_no_try(rule, by_day, monkeypatch):
    for _ in range(15):
        email()
    calls = []

    def down(*_args, **_options):
        calls.append(1)
        raise NotHandedOver("ConnectionRefusedError")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", down)
    sending.send_due()

    assert len(calls) == 1
    assert states() == ["pending"] * 15
    assert sum(Message.objects.values_list("tries", flat=True)) == 0


# --- Repair ---------------------------------------------------------------------------------------


def held(state: State, seconds: int, **values) -> Message:
    until = timezone.now() + dt.timedelta(seconds=seconds)
    return email(state=state, lease_until=until, token=uuid.uuid4(), tries=1, **values)


def test_what_a_dead_sender_held_is_found_again(rule):
    for state, seconds in (("leased", -1), ("leased", 60), ("calling", -1), ("calling", 60)):
        held(state, seconds)

    sweeping.repair(timezone.now())

    assert states() == ["calling", "leased", "pending", "unknown"]


@pytest.mark.parametrize(
    ("sensitive", "minutes", "state"),
    [
        (False, 1, "unknown"),
        (False, 3, "pending"),
        (True, 3, "unknown"),
    ],
)
def test_what_may_have_left_goes_once_more_as_the_same_message(rule, sensitive, minutes, state):
    rule.is_sensitive = sensitive
    message = email(state="unknown", moved_at=timezone.now() - dt.timedelta(minutes=minutes))

    sweeping.repair(timezone.now())

    after = Message.objects.get()
    assert (after.state, after.reference) == (state, message.reference)


def test_a_sender_whose_lease_is_over_writes_nothing(rule, by_day, monkeypatch):
    email()
    token, (pk,) = sending.claim()
    Message.objects.update(lease_until=timezone.now() - HOUR)
    sweeping.repair(timezone.now())

    sending.send_one(pk, token)

    assert states() == ["pending"]
    assert not Attempt.objects.exists()


def test_what_is_too_late_is_let_go_and_stands_on_the_work_list(rule, mailoutbox):
    email(expires_at=timezone.now() - HOUR)

    sweeping.sweep()

    assert (states(), mailoutbox) == (["expired"], [])
    assert Message.objects.on_work_list().count() == 1


@pytest.mark.parametrize("before", State.values)
def test_a_message_only_goes_forward(before):
    message = email(state=before)

    refused = set()
    for after in set(State.values) - {before}:
        try:
            with transaction.atomic():
                Message.objects.filter(pk=message.pk).update(state=after)
                transaction.set_rollback(True)
        except ProgrammingError:
            refused.add(after)

    assert refused == set(State.values) - {before} - FORWARD.get(State(before), set())


def test_after_a_restore_nothing_is_sent_until_somebody_has_looked(
    rule, by_day, mailoutbox, settings
):
    email()
    sweeping.sweep()
    late = email()
    settings.SENDING_EPOCH = "restored"

    sweeping.sweep()
    paused = sweeping.health()["reminders"]
    call_command("reconcile_reminders")
    fresh = email()
    sweeping.sweep()

    late.refresh_from_db()
    fresh.refresh_from_db()
    assert (paused, late.state, fresh.state) == ("paused", "expired", "accepted")
    assert len(mailoutbox) == 2


def test_silence_and_the_oldest_due_message_are_told(rule):
    email(not_before=timezone.now() - HOUR)
    before = sweeping.health()
    sweeping.beat("sweep")
    after = sweeping.health()
    Heartbeat.objects.update(at=timezone.now() - HOUR)

    assert (before["reminders"], after["reminders"]) == ("silent", "ok")
    assert 3590 < int(before["oldest_due_seconds"]) < 3700
    assert sweeping.health()["reminders"] == "silent"


def test_the_loop_without_celery_sweeps(rule, by_day, mailoutbox):
    email()

    call_command("sweep_reminders", "--once")

    assert len(mailoutbox) == 1
    assert Sending.objects.get().paused is False


def test_send_again_is_a_new_row_once(rule):
    failed = email(state="failed")

    again = [
        actions.send_again(message=failed, by=failed.recipient, at=timezone.now()) for _ in range(2)
    ]

    assert again[0] == again[1] != failed
    assert states() == ["failed", "pending"]
