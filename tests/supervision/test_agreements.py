"""Who supervises whom: choosing, assigning, signing, ending, and what each of them can open."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from audit.models import Look
from programme.actions.saving import NotSaved
from supervision.actions import agreements as actions
from supervision.actions import cover as cover_actions
from supervision.models import (
    CLINICAL,
    DEBRIEF,
    GROUP,
    LINE_MANAGEMENT,
    LIVED_EXPERIENCE,
    REFLECTIVE_PRACTICE,
    Agreement,
    AgreementTerms,
    HandOver,
    SessionRecord,
    Supervisor,
)
from tests.factories import PersonFactory, SiteFactory, SpellFactory, UserFactory
from tests.factories.supervision import (
    AgreementFactory,
    CoverFactory,
    SessionFactory,
    SessionRecordFactory,
    SupervisorFactory,
    TermsFactory,
    kind,
)
from tests.programme.pages import boxes, queries_of, sent_by

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def worker(user_with_role):
    """Somebody in post with an account."""
    person = PersonFactory(user=user_with_role("peer_worker", name="Łukasz 王"))
    SpellFactory(person=person)
    return person


@pytest.fixture
def chosen(user_with_role):
    return SupervisorFactory(user=user_with_role("supervisor", name="Ó Briain"))


def ask(client, entry):
    return client.post(f"/supervision/choose/{entry.pk}/", follow=True)


def page(agreement, rest: str = "") -> str:
    return f"/supervision/agreements/{agreement.pk}/{rest}"


def sign(client, agreement, **sent):
    return client.post(page(agreement, "sign/"), {"number": 1, **sent})


def agreed(worker, supervisor, **fields) -> Agreement:
    terms = TermsFactory(agreement__person=worker, agreement__supervisor=supervisor, **fields)
    return terms.agreement


def test_a_worker_chooses_and_both_sign(worker, chosen, sign_in, today):
    mine, theirs = sign_in(worker.user), sign_in(chosen.user)

    for _ in range(2):  # sent twice
        ask(mine, chosen)
    agreement = Agreement.objects.get()
    assert (agreement.kind.key, agreement.chosen, agreement.due_on) == (
        LIVED_EXPERIENCE,
        True,
        None,
    )
    assert "safeguarding" in mine.get(page(agreement, "sign/")).content.decode()
    sign(mine, agreement)
    waiting = theirs.get("/supervision/").context["to_sign"]
    assert [row.pk for row in waiting] == [agreement.pk]
    assert "conflict" in sign(theirs, agreement).context["form"].errors
    sign(theirs, agreement, conflict="no")

    assert not theirs.get("/supervision/").context["to_sign"]
    agreement.refresh_from_db()
    assert agreement.agreed_terms.is_signed
    assert agreement.due_on == today  # long in post: owed at once
    assert b"In force" in mine.get("/supervision/mine/").content


def test_only_what_supervisors_chose_to_say_is_shown_to_who_chooses(worker, sign_in, today):
    SupervisorFactory(user__name="Says yes", lived_experience="yes", about="I like to walk")
    SupervisorFactory(user__name="Says nothing", capacity=0, protected_hours=7)
    SupervisorFactory(user__name="Says no", lived_experience="no")
    SupervisorFactory(user__name="Not listed", listed=False)
    SupervisorFactory(user__name="Free later", next_free_on=today + DAY)
    elsewhere = SupervisorFactory(user__name="Elsewhere")
    elsewhere.sites.set([SiteFactory()])
    SupervisorFactory(user=worker.user)

    response = sign_in(worker.user).get("/supervision/choose/")

    assert [str(entry) for entry in response.context["page"]] == ["Says nothing", "Says yes"]
    text = response.content.decode()
    assert text.count("Has lived experience") == 1
    assert "I like to walk" in text
    assert text.count("No free place at the moment") == 1
    assert "otected hours" not in text
    assert sign_in(worker.user).get(f"/supervision/choose/{elsewhere.pk}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_who_want_the_last_place_one_is_told_kindly():
    entry = SupervisorFactory(capacity=1)
    people = [PersonFactory(user=UserFactory()) for _ in range(2)]
    told = []

    def asks(person):
        try:
            given = {"entry": entry, "kind": kind(LIVED_EXPERIENCE)}
            actions.ask(person=person, by=person.user, at=timezone.now(), **given)
        except NotSaved as refusal:
            told.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=asks, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told == [f"{entry} has no free place at the moment. You can choose somebody else."]
    assert Agreement.objects.count() == 1


def test_one_request_waits_at_a_time_and_another_choice_ends_the_one_before(
    worker, chosen, sign_in, today
):
    client = sign_in(worker.user)
    former = agreed(worker, UserFactory(), agreement__kind=kind(LIVED_EXPERIENCE))
    Agreement.objects.update(chosen=True)
    record = SessionRecordFactory(
        session__agreement=former, state="agreed", agreed_at=timezone.now()
    )
    SessionRecordFactory(
        session__agreement=former, session__starts_at=dt.datetime(2026, 2, 2, tzinfo=dt.UTC)
    )  # which the worker has not confirmed

    ask(client, chosen)
    assert b"asked somebody already" in ask(client, SupervisorFactory()).content
    new = Agreement.objects.get(supervisor=chosen.user)
    readable = SessionRecord.objects.readable_by(chosen.user, today)
    assert list(readable) == []  # not before both have signed
    sign(client, new)
    sign(sign_in(chosen.user), new, conflict="no")

    former.refresh_from_db()
    assert (former.ended_on, former.handed_over.next) == (today, new)
    assert list(readable.all()) == [record]
    assert sign_in(former.supervisor).get(page(former)).status_code == 404


def test_a_debrief_is_asked_for_without_an_agreement_and_closes_by_itself(
    worker, chosen, sign_in, today
):
    mine, theirs = sign_in(worker.user), sign_in(chosen.user)
    other = agreed(worker, UserFactory())

    for _ in range(2):  # sent twice
        mine.post(f"/supervision/choose/{chosen.pk}/debrief/")
    debrief = Agreement.objects.get(supervisor=chosen.user)
    sent = {"starts_at": "00:00", "minutes": "30", "status": "attended", "words": "The ward round"}
    answer = theirs.post(page(debrief, "log/"), sent | boxes("held_on", today))

    assert (debrief.kind.key, debrief.ended_on) == (DEBRIEF, today + 14 * DAY)
    assert SessionRecord.objects.get().session.agreement == debrief
    assert "The ward round" in mine.get(answer.url).text
    assert theirs.get(page(other)).status_code == 404
    assert "closes by itself" in mine.get("/supervision/mine/").text


def test_a_supervisor_begins_a_debrief_with_whom_they_meet_and_the_worker_can_end_it(
    worker, chosen, sign_in, today
):
    own = agreed(worker, chosen.user)
    theirs, mine = sign_in(chosen.user), sign_in(worker.user)
    theirs.get(page(own, "debrief/"))
    before = Agreement.objects.count()

    for _ in range(2):  # sent twice
        theirs.post(page(own, "debrief/"))
    debrief = Agreement.objects.get(kind__key=DEBRIEF)
    told = mine.get("/supervision/mine/").text
    ended = mine.post(page(debrief, "end/"))
    again = theirs.post(page(own, "debrief/"), follow=True).text

    assert (before, debrief.ended_on, debrief.chosen) == (1, today + 14 * DAY, False)
    assert "Debrief with Ó Briain" in told
    assert "You can end it before, and nobody asks why." in told
    assert ended.status_code == 302
    assert "ended a short time ago" in again
    assert Agreement.objects.filter(kind__key=DEBRIEF).count() == 1


def test_nobody_else_begins_a_debrief(worker, chosen, sign_in, today):
    """Not the worker by this address, not a stand-in, nobody before both have signed or after the
    end, and none from within a debrief."""
    own = agreed(worker, chosen.user)
    stand_in = UserFactory()
    CoverFactory(agreement=own, stand_in=stand_in, starts_on=today, last_day=today)
    unsigned = agreed(worker, UserFactory(), worker_signed_at=None)
    over = agreed(worker, UserFactory(), agreement__ended_on=today)
    debrief = AgreementFactory(person=worker, supervisor=UserFactory(), kind=kind(DEBRIEF))

    answers = [
        sign_in(user).post(page(row, "debrief/")).status_code
        for user, row in [
            (worker.user, own),
            (stand_in, own),
            (over.supervisor, over),
            (debrief.supervisor, debrief),
        ]
    ]
    told = sign_in(unsigned.supervisor).post(page(unsigned, "debrief/"), follow=True).text

    assert answers == [404, 404, 404, 404]
    assert "sign your agreement first" in told
    assert Agreement.objects.filter(kind__key=DEBRIEF).count() == 1


def test_with_a_conflict_there_is_no_agreement_and_nobody_is_told_why(worker, chosen, sign_in):
    agreement = AgreementFactory(person=worker, supervisor=chosen.user, chosen=True)
    TermsFactory(agreement=agreement, worker_signed_at=None, supervisor_signed_at=None)

    sign(sign_in(chosen.user), agreement, conflict="yes")

    assert sign_in(chosen.user).get(page(agreement)).status_code == 404
    text = sign_in(worker.user).get(page(agreement)).content.decode()
    assert "did not come to an agreement" in text
    assert "onflict" not in text


def test_a_new_version_needs_both_again_and_the_old_one_stays(worker, chosen, sign_in):
    agreement = agreed(worker, chosen.user, agreement__starts_on=dt.date(2026, 1, 5))
    mine, theirs = sign_in(worker.user), sign_in(chosen.user)
    sent = sent_by(mine, page(agreement, "terms/"), minutes="45", limits="Only the law.")

    for _ in range(2):  # sent twice
        assert mine.post(page(agreement, "terms/"), sent).status_code == 302
    text = theirs.get(page(agreement)).content.decode()
    assert "Version 2 waits for" in text
    assert "Until then version 1 holds" in text
    behind = theirs.post(page(agreement, "terms/"), sent | {"minutes": "50"})
    assert "newer version" in behind.content.decode()
    assert 'value="50"' in behind.content.decode()  # nothing typed is lost
    stale = theirs.post(page(agreement, "sign/"), {"number": 1, "conflict": "no"})
    assert "newer version" in stale.content.decode()
    theirs.post(page(agreement, "sign/"), {"number": 2, "conflict": "no"})
    mine.post(page(agreement, "sign/"), {"number": 2})

    assert agreement.agreed_terms.number == 2
    first = AgreementTerms.objects.get(number=1)
    assert first.limits in mine.get(page(agreement)).content.decode()


def test_either_ends_it_without_a_reason_and_the_worker_may_keep_it_open(
    worker, chosen, sign_in, today
):
    agreement = agreed(worker, chosen.user)
    mine, theirs = sign_in(worker.user), sign_in(chosen.user)

    ahead = SessionFactory(
        agreement=agreement, status="planned", starts_at=timezone.now() + 3 * DAY
    )
    theirs.post(page(agreement, "end/"), {"words": "Walks help her think."})
    ahead.refresh_from_db()
    assert (ahead.status, ahead.sequence) == ("cancelled_by_supervisor", 1)
    assert theirs.get(page(agreement)).status_code == 404
    assert b"Walks help her think." in mine.get(page(agreement)).content
    mine.post(page(agreement, "keep-open/"), {"kept": "yes"})
    assert theirs.get(page(agreement)).status_code == 200
    assert b"Kept open to you" in theirs.get("/supervision/").content
    assert theirs.get(page(agreement, "sessions/")).status_code == 200
    assert theirs.get(page(agreement, "end/")).status_code == 404
    assert theirs.post(page(agreement, "hand-over/"), {"words": "More"}).status_code == 200
    mine.post(page(agreement, "keep-open/"), {"kept": "no"})

    assert theirs.get(page(agreement)).status_code == 404
    assert theirs.post(page(agreement, "keep-open/"), {"kept": "yes"}).status_code == 404
    agreement.refresh_from_db()
    assert (agreement.ended_on, agreement.due_on) == (today, None)


def test_a_hand_over_note_is_for_the_next_supervisor_and_the_worker(worker, chosen, sign_in):
    former = agreed(worker, UserFactory())
    writer, note = sign_in(former.supervisor), page(former, "hand-over/")
    writer.post(note, {"words": "She likes walks."})
    behind = sent_by(writer, note, words="Nothing to say.")
    writer.post(note, sent_by(writer, note, words="She likes mornings."))
    assert "mornings" in writer.post(note, behind).content.decode()  # and nothing is lost
    actions.end(agreement=former, by=worker.user, at=timezone.now())
    new = AgreementFactory(person=worker, supervisor=chosen.user)
    TermsFactory(agreement=new, supervisor_signed_at=None)
    before = sign_in(chosen.user).get(page(new)).content.decode()
    sign(sign_in(chosen.user), new, conflict="no")

    assert "mornings" not in before
    assert HandOver.objects.get().next == new
    assert "She likes mornings." in sign_in(chosen.user).get(page(new)).content.decode()
    assert "She likes mornings." in sign_in(worker.user).get(page(new)).content.decode()


# --- Leads ----------------------------------------------------------------------------------------


def test_a_lead_assigns_line_management_and_never_what_workers_choose(
    lead_client, worker, chosen, today
):
    url = f"/supervision/people/{worker.pk}/assign/"
    form = lead_client.get(url).context["form"]
    sent = {"kind": kind().pk, "entry": chosen.pk} | boxes("starts_on", today)

    assert {row.key for row in form.fields["kind"].queryset} == {
        LINE_MANAGEMENT,
        CLINICAL,
        GROUP,
        REFLECTIVE_PRACTICE,
        DEBRIEF,
    }
    for _ in range(2):
        assert lead_client.post(url, sent).status_code == 302
    refused = lead_client.post(url, sent | {"kind": kind(LIVED_EXPERIENCE).pk})
    absurd = lead_client.post(url, sent | boxes("starts_on", dt.date(2100, 1, 1)))

    assert "kind" in refused.context["form"].errors
    assert "starts_on" in absurd.context["form"].errors
    assert Agreement.objects.get().due_on == today
    text = lead_client.get(f"/supervision/people/{worker.pk}/").content.decode()
    assert "It waits for the signature of Łukasz 王 and the signature" not in text  # the person's
    assert "It waits for the signature of" in text


def test_who_supervises_somebody_never_becomes_their_account(lead_client, chosen):
    """Then they would confirm their own words."""
    person = PersonFactory()
    AgreementFactory(person=person, supervisor=chosen.user, ended_on=timezone.localdate())
    stand_in, another = UserFactory(), UserFactory()
    CoverFactory(agreement=AgreementFactory(person=person), stand_in=stand_in)

    def link(user):
        sent = {"email": user.email, "confirmed": "yes"}
        page = lead_client.post(f"/people/{person.pk}/link-account/", sent)
        return page.status_code, "supervises this person" in page.text

    assert [link(chosen.user), link(stand_in), link(another)] == [
        (200, True),
        (200, True),
        (302, False),
    ]
    person.refresh_from_db()
    assert person.user == another


def test_a_lead_sees_no_words_unless_they_supervise_and_not_their_own_page(
    lead, lead_client, worker
):
    other = agreed(worker, UserFactory(), place="The blue room")
    own = agreed(worker, lead, agreement__kind=kind(CLINICAL))
    themselves = PersonFactory(user=lead)

    text = lead_client.get(f"/supervision/people/{worker.pk}/").content.decode()

    assert "Line management" in text
    assert "blue room" not in text
    assert lead_client.get(page(other)).status_code == 404
    assert lead_client.get(page(own)).status_code == 200
    assert lead_client.get(f"/supervision/people/{themselves.pk}/").status_code == 404
    assert set(Look.objects.values_list("subject_id", "page")) == {
        (worker.pk, "supervision:person"),
        (worker.pk, "supervision:agreement"),
    }


def test_a_lead_ends_what_was_assigned_and_not_what_was_chosen(lead_client, worker, today):
    assigned = agreed(worker, UserFactory())
    by_choice = agreed(worker, UserFactory(), agreement__kind=kind(LIVED_EXPERIENCE))

    def ends(row):
        return lead_client.post(f"/supervision/people/{worker.pk}/{row.pk}/end/").status_code

    assert (ends(assigned), ends(by_choice)) == (302, 404)
    assert set(Agreement.objects.values_list("pk", "ended_on")) == {
        (assigned.pk, today),
        (by_choice.pk, None),
    }


def test_one_relation_gives_nothing_of_the_other(worker, chosen, sign_in, today):
    """A line manager who is the chosen supervisor too keeps what is still theirs, and no more."""
    line = agreed(worker, chosen.user)
    by_choice = agreed(worker, chosen.user, agreement__kind=kind(LIVED_EXPERIENCE))
    other = agreed(worker, UserFactory(), agreement__kind=kind(CLINICAL))
    tomorrow = AgreementFactory(supervisor=chosen.user, starts_on=today + DAY)
    yesterday = AgreementFactory(supervisor=chosen.user, ended_on=today - DAY)
    client = sign_in(chosen.user)
    actions.end(agreement=by_choice, by=worker.user, at=timezone.now())

    rows = (line, by_choice, other, tomorrow, yesterday)

    assert [client.get(page(row)).status_code for row in rows] == [200, 404, 404, 404, 404]


# --- Cover ----------------------------------------------------------------------------------------


def test_a_stand_in_opens_it_to_the_last_day_and_sees_what_is_shared(
    worker, chosen, sign_in, today
):
    agreement = agreed(worker, chosen.user)
    stand_in = SupervisorFactory()
    sent = {"entry": stand_in.pk, "words": "She prefers mornings."}
    sent |= boxes("starts_on", today) | boxes("last_day", today)
    client, mine = sign_in(stand_in.user), sign_in(worker.user)

    for _ in range(2):
        assert sign_in(chosen.user).post(page(agreement, "cover/"), sent).status_code == 302
    cover = agreement.covers.get()
    HandOver.objects.create(
        ended=agreement, words="For later", written_by=chosen.user, written_at=timezone.now()
    )
    text = client.get(page(agreement)).content.decode()
    assert "She prefers mornings." in text
    assert "For later" not in text
    assert client.get(page(agreement, "end/")).status_code == 404
    assert client.post(page(agreement, "sign/"), {"number": 1}).status_code == 404
    assert "stands in until" in mine.get("/supervision/mine/").content.decode()

    record = SessionRecordFactory(
        session__agreement=agreement, state="agreed", agreed_at=timezone.now()
    )
    readable = SessionRecord.objects.readable_by(stand_in.user, today)
    before = list(readable)
    mine.post(page(agreement, f"cover/{cover.pk}/records/"), {"opened": "yes"})
    assert (before, list(readable.all())) == ([], [record])
    cover.starts_on = cover.last_day = today - DAY
    cover.save()
    assert list(readable.all()) == []
    assert client.get(page(agreement)).status_code == 404


def test_a_worker_asks_for_another_stand_in_and_the_lead_sees_only_that(
    lead_client, worker, sign_in, today
):
    agreement = agreed(worker, UserFactory())
    first, second = SupervisorFactory(), SupervisorFactory()
    cover = CoverFactory(
        agreement=agreement, stand_in=first.user, starts_on=today, last_day=today + 9 * DAY
    )
    ahead = SessionFactory(
        agreement=agreement,
        cover=cover,
        supervisor=first.user,
        status="planned",
        starts_at=timezone.now() + 3 * DAY,
    )
    client, mine = sign_in(first.user), sign_in(worker.user)
    before = client.get(page(agreement)).status_code
    for _ in range(2):  # sent twice
        mine.post(page(agreement, f"cover/{cover.pk}/refuse/"))

    assert (before, client.get(page(agreement)).status_code) == (200, 404)
    assert not client.get("/supervision/").context["page"].object_list
    ahead.refresh_from_db()
    assert ahead.status == "cancelled_by_worker"
    lead_page = f"/supervision/people/{worker.pk}/"
    assert "Another stand-in is asked for" in lead_client.get(lead_page).text
    assert "stands in until" not in mine.get("/supervision/mine/").text
    days = boxes("starts_on", today) | boxes("last_day", today + DAY)

    def arrange(entry):
        sent = {"entry": entry.pk, **days}
        return lead_client.post(f"{lead_page}{agreement.pk}/cover/", sent).status_code

    assert [arrange(first), arrange(second)] == [200, 302]
    assert mine.get("/supervision/mine/").text.count("stands in until") == 1


def test_who_can_stand_in_tells_nothing_of_what_was_said_of_lived_experience(lead_client, worker):
    said = [SupervisorFactory(lived_experience=words) for words in ("", "yes", "no")]
    for key in (LINE_MANAGEMENT, LIVED_EXPERIENCE):
        row = agreed(worker, UserFactory(), agreement__kind=kind(key))
        form = lead_client.get(f"/supervision/people/{worker.pk}/{row.pk}/cover/").context["form"]
        assert set(form.fields["entry"].queryset) == set(said)


def test_nobody_lets_themselves_in_by_standing_in(lead, lead_client, worker, today):
    """A lead reads no words by arranging cover, nor does the worker's line manager of what the
    worker chose."""
    line, entry = SupervisorFactory(), SupervisorFactory(user=lead)
    by_choice = agreed(worker, UserFactory(), agreement__kind=kind(LIVED_EXPERIENCE))
    assigned = agreed(worker, line.user)
    days = boxes("starts_on", today) | boxes("last_day", today)

    def arrange(agreement, stand_in):
        address = f"/supervision/people/{worker.pk}/{agreement.pk}/cover/"
        return lead_client.post(address, {"entry": stand_in.pk, **days}).status_code

    assert [arrange(by_choice, entry), arrange(assigned, entry)] == [200, 200]
    assert [arrange(by_choice, line), arrange(by_choice, SupervisorFactory())] == [200, 302]
    given = {"starts_on": today, "last_day": today, "at": timezone.now()}
    with pytest.raises(NotSaved, match="Somebody else arranges"):
        cover_actions.arrange(agreement=assigned, stand_in=lead, by=lead, **given)
    cover = CoverFactory(agreement=assigned, stand_in=lead, starts_on=today, last_day=today)
    with pytest.raises(NotSaved, match="for longer"):
        cover_actions.change_last_day(cover=cover, last_day=today + DAY, by=lead, at=given["at"])
    assert lead_client.get(page(by_choice)).status_code == 404


def test_cover_is_shortened_or_taken_back_and_its_days_are_possible(lead_client, worker, today):
    agreement = agreed(worker, UserFactory())
    begun = CoverFactory(agreement=agreement, starts_on=today - DAY, last_day=today + 5 * DAY)
    SessionFactory(agreement=agreement, cover=begun, supervisor=begun.stand_in)
    ahead = CoverFactory(agreement=agreement, starts_on=today + 9 * DAY, last_day=today + 12 * DAY)
    base = f"/supervision/people/{worker.pk}/{agreement.pk}/cover/"

    def last_day(cover, day):
        return lead_client.post(f"{base}{cover.pk}/", boxes("last_day", day)).status_code

    assert last_day(begun, today - 3 * DAY) == 200
    assert last_day(begun, today + 10 * DAY) == 200  # somebody else stands in then
    assert last_day(begun, today + 300 * DAY) == 200
    assert last_day(begun, today + DAY) == 302
    for cover in (begun, ahead):
        assert lead_client.post(f"{base}{cover.pk}/withdraw/").status_code == 302
    past = {"entry": SupervisorFactory().pk} | boxes("last_day", today - 15 * DAY)
    refused = lead_client.post(base, past | boxes("starts_on", today - 20 * DAY))

    assert "starts_on" in refused.context["form"].errors
    assert [(c.pk, c.last_day) for c in agreement.covers.all()] == [(begun.pk, today - DAY)]


# --- The directory --------------------------------------------------------------------------------


def test_lived_experience_is_the_supervisors_own_to_say(lead_client, chosen, sign_in):
    own, url = sign_in(chosen.user), f"/supervision/supervisors/{chosen.pk}/"
    sent = sent_by(own, "/supervision/my-entry/", lived_experience="yes", about="I listen.")
    sent.pop("where")
    assert own.post("/supervision/my-entry/", sent).status_code == 302

    form = lead_client.get(url).context["form"]
    by_lead = sent_by(lead_client, url, capacity="6", protected_hours="8", lived_experience="no")
    by_lead.pop("where")
    assert lead_client.post(url, by_lead).status_code == 302

    assert not form.fields.keys() & {"lived_experience", "about", "listed"}
    entry = Supervisor.objects.get()
    assert (entry.lived_experience, entry.about, entry.capacity) == ("yes", "I listen.", 6)
    AgreementFactory.create_batch(2, supervisor=chosen.user)
    AgreementFactory(supervisor=chosen.user, ended_on=dt.date(2026, 2, 2))
    text = lead_client.get("/supervision/supervisors/").content.decode()
    assert "0.25" in text
    assert "Has lived experience" not in text


def test_a_lead_of_one_site_keeps_its_supervisors_only(user_with_role, sign_in):
    own, other = SiteFactory(), SiteFactory()
    client = sign_in(user_with_role("lead", site=own))
    account = UserFactory()
    sent = {"email": account.email.upper(), "where": [own.pk]}

    def add(**changed):
        return client.post("/supervision/supervisors/add/", sent | changed)

    assert "where" in add(where=[other.pk]).context["form"].errors
    assert "where" in add(where=[]).context["form"].errors
    assert "email" in add(email="nobody@example.org").context["form"].errors
    assert add().status_code == 302
    assert "email" in add().context["form"].errors
    everywhere = SupervisorFactory()
    assert client.get(f"/supervision/supervisors/{everywhere.pk}/").status_code == 403
    assert list(Supervisor.objects.get(user=account).sites.all()) == [own]


# --- Kinds and standards --------------------------------------------------------------------------


def test_a_change_of_standard_counts_from_a_day_and_the_past_stays(lead_client, today):
    row = kind()
    url = f"/supervision/kinds/{row.pk}/standards/"
    sent = {"required": "True", "cadence_days": 42, "early_cadence_days": 14}
    sent |= {"grace_days": 7, "minutes": 60}

    past = lead_client.post(url, sent | boxes("applies_from", today - DAY))
    dense = lead_client.post(url, sent | {"early_cadence_days": 50} | boxes("applies_from", today))
    assert "applies_from" in past.context["form"].errors
    assert "early_cadence_days" in dense.context["form"].errors
    for day in (today, today + DAY):
        assert lead_client.post(url, sent | boxes("applies_from", day)).status_code == 302
    for standard in row.standards.filter(applies_from__gte=today):
        lead_client.post(f"/supervision/standards/{standard.pk}/remove/")

    assert row.standards.count() == 2  # the first one and today's
    url = f"/supervision/kinds/{row.pk}/"
    lead_client.post(url, sent_by(lead_client, url, name="Catch-up"))
    row.refresh_from_db()
    assert (row.name, row.key) == ("Catch-up", LINE_MANAGEMENT)


# --- Many rows ------------------------------------------------------------------------------------


def test_lists_take_as_many_queries_for_three_as_for_one(lead_client, worker, sign_in):
    mine = sign_in(worker.user)

    def make():
        entry = SupervisorFactory()
        entry.sites.set([SiteFactory()])
        SupervisorFactory()
        row = agreed(worker, entry.user)
        CoverFactory(agreement=row, last_day=dt.date(2098, 1, 1))
        return row

    pages = [
        (lead_client, "/supervision/supervisors/"),
        (lead_client, f"/supervision/people/{worker.pk}/"),
        (lead_client, "/supervision/kinds/"),
        (mine, "/supervision/mine/"),
        (mine, "/supervision/choose/"),
    ]
    make()
    one = [queries_of(*given) for given in pages]
    make()
    make()

    assert [queries_of(*given) for given in pages] == one
    assert max(one) <= 20
