"""What is written: agreed by both, never lost, read by nobody else, and in no other place."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from programme.actions.saving import ChangedMeanwhile
from supervision.actions import drafts, groups, records, settling
from supervision.actions.written import NewAction, Notes
from supervision.models import (
    GROUP,
    AgendaItem,
    AgreedAction,
    Agreement,
    AideMemoire,
    Draft,
    GroupSession,
    HandOver,
    PreparationNote,
    RecordAnswer,
    RecordVersion,
    Session,
    SessionRecord,
    SessionStatus,
)
from supervision.tasks import drop_old_drafts
from tests.factories import PersonFactory, UserFactory
from tests.factories.supervision import (
    AgreementFactory,
    CoverFactory,
    TermsFactory,
    kind,
)
from tests.programme.pages import boxes, queries_of
from tests.supervision.pages import at, at_once, errors, log, page, plan, when

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


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
    from django.db import DatabaseError

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


@pytest.mark.django_db(transaction=True)
def test_no_words_vanish_when_two_write_at_once(agreement):
    """Pairs of edits of what was read at the same version: one is saved, the other is told."""
    session = log(agreement)
    day, now, by = timezone.localdate(), timezone.now(), agreement.supervisor
    pairs, refused, both = 500, [], threading.Barrier(2, timeout=60)

    def write(side: str) -> None:
        try:
            for number in range(1, pairs + 1):
                values = {"day": day, "at": now, "version": number, "words": f"{number} {side}"}
                both.wait()
                try:
                    records.write_record(session=session, by=by, **values)
                except ChangedMeanwhile as refusal:
                    refused.append(refusal.current.version)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as hands:
        list(hands.map(write, ["left", "right"]))

    assert refused == list(range(2, pairs + 2))
    versions = RecordVersion.objects.filter(record__session=session)
    assert [version.number for version in versions] == list(range(1, pairs + 2))
    assert {version.words.split()[0] for version in versions[1:]} == {
        str(number) for number in range(1, pairs + 1)
    }


def ended(agreement, days: int = 0, **values):
    """The agreement ended, so many days before today."""
    day = timezone.localdate() - days * DAY
    Agreement.objects.filter(pk=agreement.pk).update(ended_on=day, **values)


def as_supervisor(agreement, _lead):
    return agreement.supervisor


def as_lead_of_another(_agreement, lead):
    TermsFactory(agreement__supervisor=lead)
    return lead


def as_lead_who_supervises(agreement, lead):
    Agreement.objects.filter(pk=agreement.pk).update(supervisor=lead)
    return lead


def as_other_supervisor(agreement, _lead):
    """The worker's other relation gives nothing of this one."""
    other = kind("lived_experience")
    begun = agreement.starts_on
    return AgreementFactory(person=agreement.person, kind=other, starts_on=begun).supervisor


def after_the_end(agreement, _lead):
    ended(agreement, 1)
    return agreement.supervisor


def on_the_day_it_ended(agreement, _lead):
    ended(agreement)
    return agreement.supervisor


def kept_open(agreement, _lead):
    ended(agreement, kept_open=True)
    return agreement.supervisor


def before_the_start(agreement, _lead):
    tomorrow = timezone.localdate() + DAY
    Agreement.objects.filter(pk=agreement.pk).update(starts_on=tomorrow)
    return agreement.supervisor


def standing_in(agreement, _lead, last: int = 0, **values):
    begun = timezone.localdate() - 9 * DAY
    last_day = timezone.localdate() + last * DAY
    cover = CoverFactory(agreement=agreement, starts_on=begun, last_day=last_day, **values)
    return cover.stand_in


def standing_in_with_records(agreement, lead):
    return standing_in(agreement, lead, records_open=True)


def after_standing_in(agreement, lead):
    return standing_in(agreement, lead, last=-1, records_open=True)


def next_supervisor(agreement, _lead):
    ended(agreement)
    following = AgreementFactory(person=agreement.person, starts_on=timezone.localdate())
    HandOver.objects.create(
        ended=agreement, next=following, written_by=agreement.supervisor, written_at=at(0)
    )
    return following.supervisor


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        (as_supervisor, True),
        (as_lead_of_another, False),
        (as_lead_who_supervises, True),
        (as_other_supervisor, False),
        (after_the_end, False),
        (on_the_day_it_ended, False),
        (kept_open, True),
        (before_the_start, False),
        (standing_in, False),
        (standing_in_with_records, True),
        (after_standing_in, False),
        (next_supervisor, True),
    ],
)
def test_an_agreed_record_is_read_by_the_row_that_names_the_reader(
    agreement, lead, sign_in, who, reads
):
    session = log(agreement, starts_at=at(-30), notes=Notes("Agreed words"))
    records.confirm(session=session, by=agreement.person.user, at=at(-29), version=1)
    AideMemoire.objects.create(
        agreement=agreement, author=agreement.supervisor, words="Own words", written_at=at(0)
    )
    client = sign_in(who(agreement, lead))

    shown = client.get(page("session", session))

    assert ("Agreed words" in shown.text) is reads
    assert shown.status_code == (200 if reads or who is standing_in else 404)
    assert ("Own words" in client.get(page("sessions", agreement)).text) is (who is as_supervisor)


def test_who_was_not_part_of_it_reads_what_was_agreed_and_no_more(agreement, lead, sign_in):
    """Neither the words that the worker disagreed with, nor an amendment that waits; the two whom
    it is between read every version."""
    session = log(agreement, starts_at=at(-30), notes=Notes("Not so"))
    write = {"session": session, "day": timezone.localdate(), "at": at(-20)}
    manager = {"by": agreement.supervisor, **write}
    mine = {"session": session, "by": agreement.person.user, "at": at(-19)}
    records.disagree(version=1, words="Never said", **mine)
    records.write_record(version=1, words="Agreed words", **manager)
    records.confirm(version=2, **mine)
    records.write_record(version=2, words="Confirmed later", **manager)
    records.confirm(version=3, **mine)
    own = write | {"by": agreement.person.user}
    records.write_record(version=3, words="The worker adds", **own)
    records.write_record(version=4, words="Not confirmed", **manager)
    words = ("Agreed words", "Confirmed later", "The worker adds")
    others = ("Not so", "Never said", "Not confirmed")

    def reads(user):
        text = sign_in(user).get(page("session", session)).text
        return [word in text for word in (*words, *others)]

    assert reads(agreement.supervisor) == reads(agreement.person.user) == [True] * 6
    assert reads(standing_in_with_records(agreement, lead)) == [True] * 3 + [False] * 3
    assert reads(next_supervisor(agreement, lead)) == [True] * 3 + [False] * 3


def test_a_later_cover_opens_no_record_of_an_earlier_one(agreement, sign_in):
    """Neither to read nor to write over unread."""
    today = timezone.localdate()
    earlier = CoverFactory(
        agreement=agreement, starts_on=today - 20 * DAY, last_day=today - 10 * DAY
    )
    session = log(agreement, starts_at=at(-15))
    by_stand_in = {"supervisor": earlier.stand_in, "cover": earlier}
    Session.objects.filter(pk=session.pk).update(**by_stand_in)
    now = {"starts_on": today, "last_day": today}
    cover = CoverFactory(agreement=agreement, stand_in=earlier.stand_in, **now)
    client, sent = sign_in(earlier.stand_in), {"words": "Unread", "version": 1}

    assert client.get(page("session", session)).context["may_write"] is False
    assert client.post(page("write-record", session), sent).status_code == 403
    Session.objects.filter(pk=session.pk).update(cover=cover)
    assert client.post(page("write-record", session), sent).status_code == 302


def test_a_record_holds_20000_letters_and_says_when_there_are_more(agreement, supervisor):
    session = log(agreement)
    longest = "王" * 20_000
    url = page("write-record", session)
    refused = supervisor.post(url, {"words": f"{longest}!", "version": "1"})
    supervisor.post(url, {"words": longest, "version": "1"})

    assert "must be 20000 characters or fewer" in refused.text.replace(",", "")
    assert session.record.versions.last().words == longest


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


def test_a_draft_whose_words_are_all_taken_out_again_is_none(agreement, supervisor):
    """Also of a record that is changed; what the page fills in by itself makes none."""
    session = log(agreement)
    for form, about in (("log", agreement), ("record", session)):
        url = reverse("supervision:save-draft", args=[form, about.pk])
        typed = when(at(-1), status="attended", version="1")
        counted = []
        for words in (None, "Half", " \n\t ", "Half", ""):
            supervisor.post(url, typed if words is None else typed | {"words": words})
            counted.append(Draft.objects.count())
        assert counted == [0, 1, 0, 1, 0]


def test_the_draft_of_an_edited_record_remembers_what_was_read(agreement, supervisor):
    session = log(agreement)
    url = reverse("supervision:save-draft", args=["record", session.pk])
    supervisor.post(url, {"words": "Typed on the train", "version": "1"})
    supervisor.post(page("write-record", session), {"words": "From a desk", "version": "1"})
    assert not Draft.objects.exists()
    supervisor.post(url, {"words": "Typed on the train", "version": "1"})

    shown = supervisor.get(page("write-record", session))
    form = shown.context["form"]
    assert f'data-autosave="{url}"' in shown.text
    sent = {"words": form["words"].value(), "version": form["version"].value()}
    answer = supervisor.post(page("write-record", session), sent)

    assert "From a desk" in answer.text
    draft = Draft.objects.get()
    supervisor.post(page("delete-draft", draft))
    assert not Draft.objects.exists()


def test_the_draft_of_a_record_is_closed_with_the_record(agreement, supervisor):
    session = log(agreement)
    for form, about, words in (
        ("record", session, "Read back and typed"),
        ("log", agreement, "Nobody but me wrote this"),
    ):
        url = reverse("supervision:save-draft", args=[form, about.pk])
        supervisor.post(url, when(at(-1), words=words, version="1"))
    before = supervisor.get(reverse("supervision:drafts")).text

    Agreement.objects.filter(pk=agreement.pk).update(ended_on=timezone.localdate())
    after = supervisor.get(reverse("supervision:drafts")).text

    assert "Read back and typed" in before
    assert "Read back and typed" not in after
    assert after.count("This supervision is closed to you") == 1
    assert "Nobody but me wrote this" in after


def test_a_draft_that_nobody_goes_on_with_is_kept_for_three_months(agreement):
    now, by = timezone.now(), agreement.supervisor
    old, new = (
        drafts.keep(by=by, form="log", pk=pk, fields={"words": ["A"]}, at=now - days * DAY)
        for pk, days in ((agreement.pk, 91), (by.pk, 89))
    )

    drop_old_drafts()

    assert list(Draft.objects.all()) == [new]
    assert old != new


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


def test_who_was_there_was_supervised_on_that_day(agreement, supervisor, sign_in):
    today, url = timezone.localdate(), reverse("supervision:log-group")
    agreement.kind = kind(GROUP)
    agreement.ended_on = today - 2 * DAY
    agreement.save()
    cover = CoverFactory(agreement=agreement, starts_on=today - 9 * DAY, last_day=today - 3 * DAY)
    AgreementFactory(supervisor=cover.stand_in)  # who has a group of their own
    sent = {"kind": str(kind(GROUP).pk), "present": [str(agreement.person_id)]}

    late = supervisor.post(url, when(at(-2), **sent))
    assert f"on that day: {agreement.person}" in errors(late)
    assert supervisor.post(url, when(at(-3), **sent)).status_code == 302
    by_stand_in = {"by": cover.stand_in, "day": today - 3 * DAY, "at": at(-3, 20), "minutes": 60}
    groups.log_group(
        kind=kind(GROUP), present=[agreement.person], starts_at=at(-3, 15), **by_stand_in
    )

    held = Session.objects.order_by("starts_at")
    assert [(one.agreement, one.cover) for one in held] == [(agreement, None), (agreement, cover)]


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


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_cancels_meanwhile_is_not_turned_into_attended(agreement):
    """The worker's answer is on its way while the group is saved: both are kept."""
    Agreement.objects.filter(pk=agreement.pk).update(kind=kind(GROUP))
    agreement.refresh_from_db()
    planned, worker = plan(agreement, days=-1), agreement.person.user
    act = {"day": timezone.localdate(), "at": timezone.now()}
    cancelled, tried = threading.Event(), threading.Event()

    def cancel():
        with transaction.atomic():
            said = SessionStatus.CANCELLED_BY_WORKER
            settling.settle_session(session=planned, by=worker, status=said, **act)
            cancelled.set()
            tried.wait(0.5)  # the other one waits for this to end, or has gone ahead

    def save():
        cancelled.wait(5)
        values = {"kind": agreement.kind, "present": [agreement.person], "minutes": 60}
        by = agreement.supervisor
        groups.log_group(by=by, starts_at=planned.starts_at, **values, **act)
        tried.set()

    at_once(cancel, save)

    kept = Session.objects.filter(person=agreement.person).order_by("status")
    assert [one.status for one in kept] == ["attended", "cancelled_by_worker"]
