"""Sessions: planned, logged once, moved and called off, only within the agreement and its cover."""

import datetime as dt

import pytest
from django.utils import timezone

from programme.actions.saving import NotSaved
from supervision.actions import records, sessions
from supervision.actions.written import NewAction, Notes
from supervision.calendar import feed
from supervision.models import (
    AgendaItem,
    AgreedAction,
    Agreement,
    RecordVersion,
    Session,
    SessionRecord,
    SessionStatus,
    SessionTopic,
)
from tests.calendars import calendar_of
from tests.factories.supervision import AgreementFactory, CoverFactory, kind
from tests.programme.pages import boxes
from tests.supervision.pages import at, at_once, errors, log, page, plan, when

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


# --- Planned, moved, called off -------------------------------------------------------------------


def test_a_session_is_planned_moved_and_called_off_as_one_appointment(agreement, supervisor):
    supervisor.post(page("plan-session", agreement), when(at(7)))
    first = Session.objects.get()
    supervisor.post(page("rearrange-session", first), when(at(9)))
    moved = Session.objects.get(rearranged_from=first)
    supervisor.post(page("cancel-session", moved), {"who": "supervisor"})
    first.refresh_from_db()
    moved.refresh_from_db()

    assert [first.status, moved.status] == ["rearranged", "cancelled_by_supervisor"]
    assert (moved.starts_at, moved.sequence) == (at(9), 2)


def test_a_worker_cancels_for_themselves_and_cannot_blame_the_supervisor(agreement, worker):
    planned = plan(agreement)

    assert "never counts against you" in worker.get(page("cancel-session", planned)).text
    worker.post(page("cancel-session", planned), {"who": "supervisor"})

    planned.refresh_from_db()
    assert planned.status == SessionStatus.CANCELLED_BY_WORKER
    assert worker.get(page("plan-session", agreement)).status_code == 403
    assert worker.get(page("log-session", agreement)).status_code == 403


def test_what_was_called_off_changes_nothing_that_is_due(agreement, supervisor):
    log(agreement, starts_at=at(-40))
    agreement.refresh_from_db()
    before = agreement.due_on
    planned = plan(agreement, -1)

    supervisor.post(page("settle-session", planned), {"status": "not_attended"})

    planned.refresh_from_db()
    agreement.refresh_from_db()
    assert planned.status == SessionStatus.NOT_ATTENDED
    assert (before, agreement.due_on) == (at(-12).date(), before)


@pytest.mark.parametrize(
    ("name", "days", "words"),
    [
        ("plan-session", -1, "Log the session instead"),
        ("plan-session", 400, "within the next twelve months"),
        ("log-session", 1, "begins on"),
        ("log-session", -3000, "begins on"),
    ],
)
def test_future_and_absurd_days_are_refused_in_plain_words(
    agreement, supervisor, name, days, words
):
    sent = when(at(days), status="attended")

    assert words in errors(supervisor.post(page(name, agreement), sent))
    assert not Session.objects.exists()


def test_a_time_that_the_clocks_skip_is_refused(agreement, supervisor):
    sent = when(at(5)) | boxes("held_on", dt.date(2027, 3, 28)) | {"starts_at": "01:30"}

    assert "does not exist" in errors(supervisor.post(page("plan-session", agreement), sent))


def test_no_session_before_both_have_signed_unless_the_kind_needs_no_agreement(agreement, sign_in):
    unsigned = AgreementFactory(starts_on=agreement.starts_on)
    debrief = AgreementFactory(starts_on=agreement.starts_on, kind=kind("ad_hoc_debrief"))

    answer = sign_in(unsigned.supervisor).post(page("plan-session", unsigned), when(at(3)))
    sign_in(debrief.supervisor).post(page("plan-session", debrief), when(at(3)))

    assert "sign the agreement before the first session" in errors(answer)
    assert [session.agreement for session in Session.objects.all()] == [debrief]


def test_a_closed_agreement_says_so(agreement, supervisor):
    ends = timezone.localdate() + 2 * DAY
    Agreement.objects.filter(pk=agreement.pk).update(ended_on=ends)
    answer = supervisor.post(page("plan-session", agreement), when(at(3)))
    assert f"ended on {ends.day}" in errors(answer)

    Agreement.objects.filter(pk=agreement.pk).update(ended_on=timezone.localdate())
    assert supervisor.get(page("log-session", agreement)).status_code == 404
    with pytest.raises(sessions.AgreementClosed):
        log(agreement)
    Agreement.objects.filter(pk=agreement.pk).update(kept_open=True)
    told = supervisor.get(page("log-session", agreement), follow=True)
    assert "It takes no more sessions" in told.text


def test_a_stand_in_acts_within_the_cover_and_sees_no_earlier_record(agreement, sign_in):
    today = timezone.localdate()
    earlier = log(agreement, notes=Notes("Earlier words"))
    records.confirm(session=earlier, by=agreement.person.user, at=timezone.now(), version=1)
    cover = CoverFactory(agreement=agreement, starts_on=today, last_day=today + 2 * DAY)
    client = sign_in(cover.stand_in)

    late = client.post(page("plan-session", agreement), when(at(3)))
    client.post(page("plan-session", agreement), when(at(2)))

    assert "You stand in from" in errors(late)
    assert Session.objects.planned().get().cover == cover
    assert "Earlier words" not in client.get(page("session", earlier)).text
    cover.last_day = cover.starts_on = today - DAY
    cover.save()
    assert client.get(page("sessions", agreement)).status_code == 404


def test_what_was_planned_for_after_the_end_is_planned_no_more(agreement, worker):
    plan(agreement, 3)
    kept = plan(agreement, 1)
    ends = timezone.localdate() + 2 * DAY
    Agreement.objects.filter(pk=agreement.pk).update(ended_on=ends)

    user = agreement.person.user
    fed = calendar_of(feed(user, timezone.now())).events
    assert [event.uid for event in fed] == [f"{kept.pk}@lxp"]
    shown = worker.get(page("sessions", agreement)).context
    assert shown["planned"] == [kept]
    kept.delete()
    assert worker.get("/supervision/mine/").context["waiting"].next_session is None


# --- Logged ---------------------------------------------------------------------------------------


def test_a_plain_session_is_one_click(agreement, supervisor):
    planned = plan(agreement, -1)

    supervisor.post(page("hold-session", planned))

    planned.refresh_from_db()
    agreement.refresh_from_db()
    assert (planned.status, agreement.last_attended_on) == ("attended", at(-1).date())
    assert not SessionRecord.objects.exists()


def test_the_page_to_log_needs_nothing_but_its_button(agreement, supervisor):
    shown = supervisor.get(page("log-session", agreement)).context["form"]
    sent = when(timezone.localtime(timezone.now()) - dt.timedelta(hours=1), status="attended")

    assert shown["minutes"].value() == 60
    assert shown["held_on"].value() is not None
    supervisor.post(page("log-session", agreement), sent)
    assert Session.objects.attended().count() == 1


def test_everything_of_a_session_is_saved_together(agreement, supervisor):
    reached, kept = (
        AgendaItem.objects.create(
            agreement=agreement, words=words, added_by=agreement.supervisor, added_at=at(-9)
        )
        for words in ("Reached", "Kept for later")
    )
    sent = when(
        at(-1),
        status="attended",
        words="We spoke of the rota.",
        reached=[str(reached.pk)],
        topic_liminal_position="difficulty",
        action_1_words="Ask for a desk",
        action_1_owner="organisation",
        next_at="11:00",
    ) | boxes("next_on", at(14).date())

    shown = supervisor.get(page("log-session", agreement)).context["form"]
    answer = supervisor.post(page("log-session", agreement), sent)

    logged = Session.objects.attended().get()
    assert {words for _, words in shown["reached"].field.choices} == {"Reached", "Kept for later"}
    assert answer.url == page("session", logged)
    assert logged.record.versions.get().words == "We spoke of the rota."
    assert str(logged.topics.get()).endswith("What is hard")
    assert AgreedAction.objects.get().owner == "organisation"
    assert Session.objects.planned().get().starts_at == at(14, 11)
    assert list(agreement.agenda.waiting()) == [kept]


def test_nothing_is_kept_of_a_saving_that_breaks_off(agreement, monkeypatch):
    def killed(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(sessions, "refresh_all", killed)
    with pytest.raises(KeyboardInterrupt):
        log(agreement, notes=Notes("Rota", (("strengths", "both"),), (NewAction("Ask", "worker"),)))

    kept = (Session, SessionRecord, RecordVersion, SessionTopic, AgreedAction)
    assert [model.objects.count() for model in kept] == [0] * 5


def test_a_planned_session_held_on_another_day_was_rearranged(agreement):
    planned = plan(agreement, -3)

    held = log(agreement, planned=planned, starts_at=at(-2))

    planned.refresh_from_db()
    assert (planned.status, planned.rearranged_to) == ("rearranged", held)
    with pytest.raises(NotSaved):
        log(agreement, planned=planned, starts_at=at(-1))


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_makes_one_record(agreement, supervisor):
    sent = when(at(-1), status="attended", words="Rota", action_1_words="Ask")
    sign_in_cookies = supervisor.cookies

    def send():
        from django.test import Client

        client = Client()
        client.cookies = sign_in_cookies
        return client.post(page("log-session", agreement), sent).url

    first, second = at_once(send, send)

    assert first == second == page("session", Session.objects.get())
    assert [RecordVersion.objects.count(), AgreedAction.objects.count()] == [1, 1]
