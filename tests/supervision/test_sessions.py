"""Sessions: planned, logged once, moved and called off, only within the agreement and its cover."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from programme.actions.saving import ChangedMeanwhile, NotSaved
from supervision.actions import records, sessions
from supervision.actions.written import NewAction, Notes
from supervision.models import (
    GROUP,
    AgendaItem,
    AgreedAction,
    Agreement,
    AideMemoire,
    Draft,
    GroupSession,
    PreparationNote,
    RecordAnswer,
    RecordVersion,
    Session,
    SessionRecord,
    SessionStatus,
    SessionTopic,
)
from tests.factories import PersonFactory, SiteFactory, SpellFactory, UserFactory
from tests.factories.supervision import (
    AgreementFactory,
    CoverFactory,
    SessionFactory,
    TermsFactory,
    kind,
)
from tests.programme.pages import boxes, queries_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def agreement():
    """Signed, open since the year began, between two people with accounts."""
    person = PersonFactory(user=UserFactory(name="Łukasz"), site=SiteFactory())
    begun = timezone.localdate() - 200 * DAY
    SpellFactory(person=person, started_on=begun - 400 * DAY)
    return TermsFactory(agreement__person=person, agreement__starts_on=begun).agreement


@pytest.fixture
def supervisor(agreement, sign_in):
    return sign_in(agreement.supervisor)


@pytest.fixture
def worker(agreement, sign_in):
    return sign_in(agreement.person.user)


def at(days: int, hour: int = 10) -> dt.datetime:
    """A time of day, some days from today."""
    day = timezone.localdate() + days * DAY
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def when(moment: dt.datetime, **more) -> dict:
    local = timezone.localtime(moment)
    sent = {"starts_at": f"{local:%H:%M}", "minutes": "60", "place": "Room 3"}
    return sent | boxes("held_on", local.date()) | more


def page(name: str, about) -> str:
    return reverse(f"supervision:{name}", args=[about.pk])


def plan(agreement, days: int = 3, **values) -> Session:
    values = {"starts_at": at(days), "minutes": 60, "place": ""} | values
    return SessionFactory(agreement=agreement, status=SessionStatus.PLANNED, **values)


def log(agreement, **values) -> Session:
    values = {"starts_at": at(-1), "minutes": 60, "notes": Notes("Rota")} | values
    act = {"by": agreement.supervisor, "day": timezone.localdate(), "at": timezone.now()}
    return sessions.log_session(agreement=agreement, **act | values)


def errors(response) -> str:
    form = response.context["form"]
    return " ".join(str(text) for listed in form.errors.values() for text in listed)


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

    supervisor.post(page("miss-session", planned))

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

    answer = supervisor.post(page("log-session", agreement), sent)

    logged = Session.objects.attended().get()
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


def at_once(*acts) -> list:
    """Do everything at the same moment, each on a connection of its own."""
    results: list = [None] * len(acts)
    barrier = threading.Barrier(len(acts))

    def run(number, act):
        try:
            barrier.wait()
            results[number] = act()
        except (NotSaved, ChangedMeanwhile) as refusal:
            results[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


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


@pytest.mark.django_db(transaction=True)
def test_no_words_vanish_when_two_write_at_once(agreement):
    """Pairs of edits of what was read at the same version: one is saved, the other is told."""
    session = log(agreement)
    day, now, by = timezone.localdate(), timezone.now(), agreement.supervisor
    pairs = 25

    def write(words: str, version: int):
        values = {"day": day, "at": now, "version": version, "words": words}
        return lambda: records.write_record(session=session, by=by, **values)

    for number in range(1, pairs + 1):
        results = at_once(write(f"{number} left", number), write(f"{number} right", number))
        refused = [one for one in results if isinstance(one, ChangedMeanwhile)]

        assert [one.current.version for one in refused] == [number + 1]

    versions = RecordVersion.objects.filter(record__session=session)
    assert [version.number for version in versions] == list(range(1, pairs + 2))
    assert {version.words.split()[0] for version in versions[1:]} == {
        str(number) for number in range(1, pairs + 1)
    }


# --- Agreed by both -------------------------------------------------------------------------------


def test_a_record_is_disagreed_with_changed_confirmed_and_amended(agreement, supervisor, worker):
    session = log(agreement)
    worker.post(page("disagree", session), {"words": "It was not the rota", "version": "1"})
    assert "It was not the rota" in supervisor.get(page("session", session)).text
    supervisor.post(page("write-record", session), {"words": "It was leave", "version": "1"})

    told = worker.post(page("confirm-record", session), {"version": "1"}, follow=True)
    assert "have changed since you read them" in told.text
    worker.post(page("confirm-record", session), {"version": "2"})
    supervisor.post(page("write-record", session), {"words": "And the desk", "version": "2"})

    record = SessionRecord.objects.get()
    assert (record.state, record.agreed_at is not None) == ("to_confirm", True)
    assert [(row.number, row.is_amendment) for row in record.versions.all()] == [
        (1, False),
        (2, False),
        (3, True),
    ]
    shown = worker.get(page("session", session)).text
    assert "It was leave" in shown
    assert "Amendment by" in shown


def test_an_agreed_record_is_locked_by_the_database_too(agreement):
    from django.db import DatabaseError, transaction

    session = log(agreement)
    record = records.confirm(
        session=session, by=agreement.person.user, at=timezone.now(), version=1
    )
    new = RecordVersion(
        record=record, number=2, words="Other", written_by=agreement.supervisor, written_at=at(0)
    )
    for change in (
        lambda: new.save(),
        lambda: SessionRecord.objects.update(agreed_at=None, state="to_confirm"),
        lambda: RecordAnswer.objects.update(agrees=False),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_second_of_two_writers_sees_both_versions(agreement, supervisor):
    session = log(agreement, notes=Notes("First words"))
    supervisor.post(page("write-record", session), {"words": "Theirs", "version": "1"})

    answer = supervisor.post(page("write-record", session), {"words": "Mine", "version": "1"})

    assert answer.status_code == 200
    assert "Theirs" in answer.text
    assert answer.context["form"]["words"].value() == "Mine"
    assert answer.context["form"]["version"].value() == 2


# --- Drafts ---------------------------------------------------------------------------------------


def test_a_draft_is_kept_restored_and_gone_when_saved(agreement, supervisor, worker):
    url = reverse("supervision:save-draft", args=["log", agreement.pk])
    typed = when(at(-1), status="attended", words="Half a sen")
    supervisor.post(url, typed | {"words": " "})
    assert not Draft.objects.exists()
    for words in ("Half", "Half a sen"):
        supervisor.post(url, typed | {"words": words})
    other = TermsFactory(
        agreement__supervisor=agreement.supervisor, agreement__starts_on=agreement.starts_on
    ).agreement

    form = supervisor.get(page("log-session", agreement)).context["form"]
    assert Draft.objects.count() == 1
    assert form["words"].value() == "Half a sen"
    assert form["held_on"].value() == list(boxes("held_on", at(-1).date()).values())
    assert "Half a sen" in supervisor.get(reverse("supervision:drafts")).text
    assert "Half a sen" not in supervisor.get(page("log-session", other)).text
    assert worker.post(url, typed).status_code == 404

    supervisor.post(page("log-session", agreement), typed)
    assert not Draft.objects.exists()


def test_the_draft_of_an_edited_record_remembers_what_was_read(agreement, supervisor):
    session = log(agreement)
    url = reverse("supervision:save-draft", args=["record", session.pk])
    supervisor.post(url, {"words": "Typed on the train", "version": "1"})
    supervisor.post(page("write-record", session), {"words": "From a desk", "version": "1"})
    assert not Draft.objects.exists()
    supervisor.post(url, {"words": "Typed on the train", "version": "1"})

    form = supervisor.get(page("write-record", session)).context["form"]
    sent = {"words": form["words"].value(), "version": form["version"].value()}
    answer = supervisor.post(page("write-record", session), sent)

    assert "From a desk" in answer.text
    draft = Draft.objects.get()
    supervisor.post(page("delete-draft", draft))
    assert not Draft.objects.exists()


# --- Shared and own -------------------------------------------------------------------------------


def test_both_fill_the_agenda_and_take_off_only_their_own(agreement, supervisor, worker):
    worker.post(page("add-to-agenda", agreement), {"words": "My leave"})
    supervisor.post(page("add-to-agenda", agreement), {"prompt": "role_drift"})
    mine, theirs = AgendaItem.objects.order_by("added_at")

    assert "What kept the work peer work?" in worker.get(page("sessions", agreement)).text
    assert worker.post(page("take-off-agenda", theirs)).status_code == 404
    worker.post(page("take-off-agenda", mine))
    assert list(agreement.agenda.waiting()) == [theirs]


def test_private_notes_are_the_workers_and_the_aide_memoire_is_read_by_them(
    agreement, supervisor, worker, lead_client
):
    worker.post(page("add-preparation", agreement), {"words": "Private words"})
    note = PreparationNote.objects.get()
    supervisor.post(page("aide-memoire", agreement), {"words": "Remember the desk"})

    assert "Private words" in worker.get(page("preparation", agreement)).text
    for client in (supervisor, lead_client):
        assert client.get(page("edit-preparation", note)).status_code == 404
        assert client.get(page("preparation", agreement)).status_code == 404
    assert "Remember the desk" in worker.get(page("sessions", agreement)).text
    assert "can read this" in supervisor.get(page("sessions", agreement)).text
    assert lead_client.get(page("sessions", agreement)).status_code == 404
    Agreement.objects.filter(pk=agreement.pk).update(
        supervisor=UserFactory()
    )  # handed on: the old note stays closed to the next
    assert not AideMemoire.objects.visible_to(agreement.supervisor, timezone.localdate())


def test_a_lead_reads_the_organisations_actions_once_confirmed(agreement, supervisor, lead_client):
    session = log(
        agreement,
        notes=Notes("Rota", (), (NewAction("A desk", "organisation"), NewAction("Rest", "worker"))),
    )
    url = reverse("supervision:organisation-actions")
    assert "A desk" not in lead_client.get(url).text
    records.confirm(session=session, by=agreement.person.user, at=timezone.now(), version=1)

    shown = lead_client.get(url).text
    desk, rest = AgreedAction.objects.order_by("owner")

    assert "A desk" in shown
    assert "Open for 1 day" in shown
    assert "Rest" not in shown
    assert lead_client.post(page("tick-action", rest)).status_code == 404
    lead_client.post(page("tick-action", desk))
    supervisor.post(page("tick-action", rest))
    assert not AgreedAction.objects.open().exists()
    supervisor.post(page("tick-action", rest), {"done": "no"})
    assert AgreedAction.objects.open().get() == rest


# --- Groups ---------------------------------------------------------------------------------------


def test_a_group_session_is_saved_once_for_everybody_present(agreement, supervisor, worker):
    own = AgreementFactory(
        supervisor=agreement.supervisor,
        person=agreement.person,
        kind=kind(GROUP),
        starts_on=agreement.starts_on,
    )
    other = AgreementFactory(supervisor=agreement.supervisor, starts_on=agreement.starts_on)
    sent = when(
        at(-1),
        kind=str(kind(GROUP).pk),
        present=[str(agreement.person_id), str(other.person_id)],
        note="We spoke of endings.",
    )
    url = reverse("supervision:log-group")
    answers = {supervisor.post(url, sent).url for _ in range(2)}
    own.refresh_from_db()

    group = GroupSession.objects.get()
    assert answers == {page("group", group)}
    assert {row.agreement for row in group.sessions.all()} == {own, None}
    assert own.last_attended_on == at(-1).date()
    assert "We spoke of endings." in worker.get(page("group", group)).text
    stranger = PersonFactory()
    assert supervisor.post(url, sent | {"present": [str(stranger.pk)]}).context["form"].errors


# --- Calendar -------------------------------------------------------------------------------------


def events(content: bytes) -> list:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_an_invitation_follows_its_session_through_every_change(agreement, supervisor, worker):
    first = plan(agreement, 7)

    def read():
        file = worker.get(page("session-invitation", first)).content
        [event] = events(file)
        method = str(Calendar.from_ical(file)["method"])
        return method, str(event["uid"]), event["sequence"], event["dtstart"].dt, event["status"]

    uid = f"{first.pk}@lxp"
    assert read() == ("REQUEST", uid, 0, at(7).astimezone(dt.UTC), "CONFIRMED")
    supervisor.post(page("rearrange-session", first), when(at(9)))
    assert read() == ("REQUEST", uid, 1, at(9).astimezone(dt.UTC), "CONFIRMED")
    supervisor.post(page("cancel-session", Session.objects.planned().get()), {"who": "worker"})
    assert read() == ("CANCEL", uid, 2, at(9).astimezone(dt.UTC), "CANCELLED")


def test_the_feed_is_secret_neutral_renewable_and_right_across_clock_changes(
    agreement, supervisor, client
):
    for day in (dt.date(2027, 3, 22), dt.date(2027, 3, 29)):  # the clocks change between them
        sent = when(at(1)) | boxes("held_on", day)
        supervisor.post(page("plan-session", agreement), sent)
    url = reverse("supervision:calendar")
    address = supervisor.post(url, {"renew": "1"}).context["address"]

    file = client.get(address).content
    found = events(file)

    assert [event["dtstart"].dt.hour for event in found] == [10, 9]
    assert {str(event["summary"]) for event in found} == {"Supervision"}
    for name in (str(agreement.person), agreement.supervisor.name, agreement.supervisor.email):
        assert name.encode() not in file
    assert address not in supervisor.get(url).text
    renewed = supervisor.post(url, {"renew": "1"}).context["address"]
    assert [client.get(one).status_code for one in (address, renewed)] == [404, 200]
    agreement.supervisor.is_active = False
    agreement.supervisor.save()
    assert client.get(renewed).status_code == 404


# --- Lists and words ------------------------------------------------------------------------------


def test_lists_ask_the_same_at_one_and_three_rows(agreement, supervisor, lead_client):
    urls = (page("sessions", agreement), reverse("supervision:actions"))
    leads = reverse("supervision:organisation-actions")

    def more(number: int):
        session = log(
            agreement,
            starts_at=at(-number),
            notes=Notes("Rota", (), (NewAction("Desk", "organisation"),)),
        )
        records.confirm(session=session, by=agreement.person.user, at=timezone.now(), version=1)
        plan(agreement, number)
        AgendaItem.objects.create(
            agreement=agreement, words="A", added_by=UserFactory(), added_at=timezone.now()
        )

    def asked():
        return [queries_of(supervisor, url) for url in urls] + [queries_of(lead_client, leads)]

    more(1)
    asked()
    one = asked()
    more(2)
    more(3)

    assert asked() == one
    assert max(one) <= 20


def test_confidential_words_stand_nowhere_but_in_their_encrypted_columns(
    agreement, supervisor, worker, caplog, mailoutbox
):
    secret = "Xylophon9"
    supervisor.post(
        reverse("supervision:save-draft", args=["record", agreement.pk]), {"words": secret}
    )
    session = log(
        agreement, notes=Notes(f"{secret} a", (), (NewAction(f"{secret} b", "organisation"),))
    )
    worker.post(page("disagree", session), {"words": f"{secret} c", "version": "1"})
    worker.post(page("add-to-agenda", agreement), {"words": f"{secret} d"})
    worker.post(page("add-preparation", agreement), {"words": f"{secret} e"})
    supervisor.post(page("aide-memoire", agreement), {"words": f"{secret} f"})
    url = reverse("supervision:save-draft", args=["log", agreement.pk])
    supervisor.post(url, {"words": f"{secret} g"})
    group = {"kind": str(kind(GROUP).pk), "present": [str(agreement.person_id)]}
    supervisor.post(reverse("supervision:log-group"), when(at(-1), note=f"{secret} h", **group))
    worker.post(page("write-record", session), {"words": secret, "version": "1"})  # 403

    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{secret}%"]
            )
            if cursor.fetchone()[0]:
                found.append(table)
    assert found == []
    assert secret not in caplog.text
    assert secret not in "".join(mail.body + mail.subject for mail in mailoutbox)
    assert AideMemoire.objects.get().words == f"{secret} f"
    assert GroupSession.objects.get().note == f"{secret} h"
