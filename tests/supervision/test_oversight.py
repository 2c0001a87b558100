"""Agreed records opened by two leads: who, what, how long, and who is told."""

import datetime as dt

import pytest
from django.utils import timezone

from audit.models import Look
from programme.actions.saving import NotSaved
from supervision.actions.oversight import approve, ask_to_open, close, decline
from supervision.models import BreakGlass, RecordAnswer, RecordState
from supervision.opened import opened_to
from tests.factories import PersonFactory, SiteFactory, UserFactory
from tests.factories.supervision import RecordVersionFactory

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def leads(user_with_role):
    return user_with_role("lead", name="Zoë"), user_with_role("lead", name="王")


def asked(by, person=None, at=AT, **fields):
    fields = {"reason": "safeguarding", "words": "OWL-WHY", "hours": 24, **fields}
    return ask_to_open(person=person or PersonFactory(user=UserFactory()), by=by, at=at, **fields)


def record_of(person, words: str, *, agreed: bool = True):
    """A record of a session of somebody; confirmed by them, or still to be."""
    version = RecordVersionFactory(record__session__agreement__person=person, words=words)
    if agreed:
        record = version.record
        RecordAnswer.objects.create(record=record, version=1, agrees=True, given_at=AT)
        record.state, record.agreed_at = RecordState.AGREED, AT
        record.save()
    return version.record


def read(user, opening, now=AT) -> list[str] | None:
    """The words that a user reads by an opening."""
    opened = opened_to(user, opening, now)
    if opened is None:
        return None
    return [version.words for record in opened.records for version in record.agreed_versions]


def refusal(act, **fields) -> str:
    with pytest.raises(NotSaved) as refused:
        act(at=AT, **fields)
    return str(refused.value)


def test_agreed_words_are_open_to_who_asked_for_the_time_and_to_nobody_else(leads):
    asker, other = leads
    opening = asked(asker)
    record = record_of(opening.person, "AGREED")
    RecordVersionFactory(record=record, number=2, is_amendment=True, words="NOT CONFIRMED")
    record_of(opening.person, "NOT AGREED", agreed=False)
    record_of(PersonFactory(), "SOMEBODY ELSE’S")
    before = read(asker, opening)
    approve(opening=opening, by=other, at=AT)

    assert before is None
    assert [read(asker, opening, AT + n * HOUR) for n in (0, 23, 24)] == [["AGREED"]] * 2 + [None]
    assert read(other, opening) is None


def test_nobody_decides_about_their_own_request_or_their_own_records(leads):
    asker, other = leads
    opening = asked(asker, PersonFactory(user=other))

    assert refusal(approve, opening=opening, by=asker).startswith("You asked for this")
    assert refusal(decline, opening=opening, by=asker).startswith("You asked for this")
    assert refusal(approve, opening=opening, by=other) == "These are your own records."
    assert (
        refusal(
            ask_to_open,
            person=opening.person,
            by=other,
            reason="safeguarding",
            words="Mine",
            hours=1,
        )
        == "These are your own records."
    )
    assert not BreakGlass.objects.visible_to(other).exists()


def test_what_is_declined_taken_back_closed_or_decided_stays_so(leads):
    asker, other = leads
    declined, taken_back, closed = (asked(asker) for _ in range(3))
    decline(opening=declined, by=other, at=AT)
    close(opening=taken_back, by=asker, at=AT)
    approve(opening=closed, by=other, at=AT)
    close(opening=closed, by=other, at=AT + HOUR)

    openings = list(BreakGlass.objects.in_bulk([declined.pk, taken_back.pk, closed.pk]).values())
    for opening in openings:
        assert refusal(approve, opening=opening, by=other).startswith("Somebody has decided")
        assert read(asker, opening, AT + HOUR) is None
    assert {opening.state_at(AT) for opening in openings} == {"Declined", "Taken back", "Closed"}


def test_it_ends_with_the_role_of_who_asked(leads):
    asker, other = leads
    opening = asked(asker)
    approve(opening=opening, by=other, at=AT)
    asker.grants.update(ends_on=timezone.localdate())
    asker = type(asker).objects.get(pk=asker.pk)

    assert read(asker, opening) is None


def test_asked_twice_it_is_one_request(leads):
    asker, _ = leads
    person = PersonFactory()

    assert asked(asker, person) == asked(asker, person, at=AT + HOUR)


def test_only_a_legal_duty_keeps_it_from_the_worker(leads):
    with pytest.raises(NotSaved):
        asked(leads[0], withheld=True, withheld_words="A court order")


# --- On the pages ---------------------------------------------------------------------------------


def opened_page(client, opening):
    return client.get(f"/supervision/opened/{opening.pk}/records/")


def test_two_leads_open_a_record_and_the_worker_sees_who_looked(leads, sign_in):
    asker, other = (sign_in(lead) for lead in leads)
    person = PersonFactory(user=UserFactory())
    record_of(person, "AGREED-OWL")
    form = {"reason": "safeguarding", "words": "OWL-WHY", "hours": "2"}

    asker.post(f"/supervision/people/{person.pk}/open/", form)
    opening = BreakGlass.objects.get()
    asker.post(f"/supervision/opened/{opening.pk}/approve/")
    alone = opened_page(asker, opening).status_code
    other.post(f"/supervision/opened/{opening.pk}/approve/")
    shown = opened_page(asker, opening)

    worker = sign_in(person.user)
    assert alone == 404
    assert "AGREED-OWL" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert opened_page(other, opening).status_code == 404
    assert list(Look.objects.filter(subject_id=person.pk).values_list("page", flat=True)) == [
        "supervision:opened-records"
    ]
    assert "Your supervision was opened" in worker.get("/").content.decode()
    told = worker.get("/supervision/opened/mine/").content.decode()
    assert "Zoë could read your agreed records" in told
    assert "OWL" not in told
    assert "opened by two leads" in worker.get("/my-record/looks/").content.decode()


def test_what_a_legal_duty_withholds_the_worker_is_not_told_and_the_auditor_is(
    leads, sign_in, user_with_role
):
    asker, other = leads
    person = PersonFactory(user=UserFactory())
    opening = asked(
        asker, person, at=timezone.now(), reason="legal", withheld=True, withheld_words="Order 1"
    )
    approve(opening=opening, by=other, at=timezone.now())
    shown = opened_page(sign_in(asker), opening)

    worker, auditor = sign_in(person.user), sign_in(user_with_role("auditor"))
    assert shown.status_code == 200
    assert "was opened" not in worker.get("/").content.decode()
    assert "Zoë" not in worker.get("/supervision/opened/mine/").content.decode()
    assert "Zoë" not in worker.get("/my-record/looks/").content.decode()
    trail = auditor.get("/audit/").content.decode()
    assert "Opened records" in trail
    assert "reak glass" in trail
    assert "Order 1" not in trail
    assert "OWL" not in trail


def test_the_words_of_a_request_are_for_who_asked_and_who_decides(leads, user_with_role, sign_in):
    asker, other = leads
    opening = asked(asker)
    third = sign_in(user_with_role("lead"))
    address = f"/supervision/opened/{opening.pk}/"
    waiting = third.get(address).content.decode()
    decline(opening=opening, by=other, at=AT)

    assert "OWL-WHY" in waiting
    assert "OWL-WHY" not in third.get(address).content.decode()
    assert "OWL-WHY" in sign_in(other).get(address).content.decode()


def test_a_lead_of_another_site_neither_asks_nor_decides(leads, user_with_role, sign_in):
    opening = asked(leads[0])
    elsewhere = sign_in(user_with_role("lead", site=SiteFactory()))

    answers = [
        elsewhere.post(f"/supervision/{page}").status_code
        for page in (
            f"people/{opening.person_id}/open/",
            f"opened/{opening.pk}/approve/",
            f"opened/{opening.pk}/close/",
        )
    ]

    assert answers == [404, 404, 404]
    assert BreakGlass.objects.get().is_waiting


@pytest.mark.parametrize(
    "changed",
    [
        {"hours": "73"},
        {"hours": "0"},
        {"reason": "curiosity"},
        {"words": ""},
        {"withheld": "on", "withheld_words": "Order 1"},
        {"reason": "legal", "withheld": "on"},
    ],
)
def test_a_request_that_cannot_be_is_not_saved(lead_client, changed):
    person = PersonFactory()
    form = {"reason": "safeguarding", "words": "Why", "hours": "2", **changed}

    response = lead_client.post(f"/supervision/people/{person.pk}/open/", form)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not BreakGlass.objects.exists()
