"""From an offer to the first day; duplicates, and people on hold."""

import datetime as dt

import pytest
from django.utils import timezone

from programme import looks
from programme.models import (
    Applicant,
    ApplicantMail,
    Application,
    EmploymentCheck,
    Enrolment,
    InterviewBooking,
    NotADuplicate,
    Person,
    Spell,
    StageMove,
    StartException,
)
from programme.stage_rules import Readiness, why_not_start
from tests.factories import (
    ApplicantFactory,
    DraftFactory,
    EmploymentCheckFactory,
    InterviewSlotFactory,
    PersonFactory,
    RoundFactory,
    UserFactory,
)
from tests.programme.pages import boxes, queries_of, sent_by

pytestmark = pytest.mark.django_db
STANDARDS = ("identity", "right_to_work", "registration", "history", "health", "criminal_record")
ACCEPTED = {
    "offered_on": dt.date(2026, 3, 20),
    "offer_answer": "accepted",
    "offer_answered_on": dt.date(2026, 3, 22),
    "starts_on": dt.date(2026, 5, 4),
}


def page_of(applicant: Applicant, rest: str = "") -> str:
    return f"/recruitment/{applicant.round_id}/applicants/{applicant.pk}/{rest}"


def checked(applicant: Applicant, checker=None, *, waiting: tuple = ()) -> None:
    """All six checks; clear, but for those that are waited for."""
    checker = checker or UserFactory()
    for standard in STANDARDS:
        done = {
            "outcome": "clear",
            "outcome_on": dt.date(2026, 4, 1),
            "checker": checker,
            "turn": "nobody",
        }
        EmploymentCheckFactory(
            applicant=applicant, standard=standard, **({} if standard in waiting else done)
        )


# --- Offer ----------------------------------------------------------------------------------------


def test_an_offer_its_answer_and_the_first_day_are_recorded(lead_client):
    row = ApplicantFactory(kind="offer")
    sent = sent_by(lead_client, page_of(row, "offer/"), offer_answer="accepted")
    sent |= boxes("offered_on", dt.date(2026, 3, 20)) | boxes(
        "offer_answered_on", dt.date(2026, 3, 22)
    )
    answer = lead_client.post(page_of(row, "offer/"), sent, follow=True)
    assert "Accepted on 22 March 2026" in answer.text
    again = lead_client.post(page_of(row, "offer/"), sent | {"offer_answer": "declined"})
    assert "Somebody else changed this record" in again.text
    row.refresh_from_db()
    assert row.offer_answer == "accepted"


def told(row: Applicant) -> list[str]:
    """The kinds of the messages to an applicant that wait to be sent; they count as sent now."""
    waiting = ApplicantMail.objects.waiting(timezone.now()).filter(applicant=row)
    kinds = list(waiting.values_list("kind", flat=True))
    waiting.update(sent_at=timezone.now())
    return kinds


def test_an_applicant_is_told_of_an_offer_and_of_a_check_that_waits_for_them(lead_client):
    row = ApplicantFactory(kind="offer")
    offer = page_of(row, "offer/")
    made = boxes("offered_on", dt.date(2026, 3, 20))
    lead_client.post(offer, sent_by(lead_client, offer) | made)
    assert told(row) == ["news"]
    lead_client.post(offer, sent_by(lead_client, offer) | boxes("starts_on", dt.date(2026, 5, 4)))
    assert told(row) == []

    check = EmploymentCheckFactory(standard="identity", turn="trust")
    for turn, kinds in (("applicant", ["news"]), ("applicant", []), ("somebody_else", [])):
        url = page_of(check.applicant, "checks/identity/")
        lead_client.post(url, sent_by(lead_client, url, turn=turn))
        check.refresh_from_db()
        assert (check.turn, told(check.applicant)) == (turn, kinds)


@pytest.mark.parametrize(
    ("kind", "wrong", "words"),
    [
        ("offer", boxes("offered_on", dt.date(2099, 1, 1)), "cannot have been made in the future"),
        ("offer", {"offer_answer": "accepted"}, "An answer needs its day"),
        ("offer", boxes("starts_on", dt.date(2026, 1, 1)), "before the offer was made"),
        ("interview", {}, "move them there"),
    ],
)
def test_an_offer_that_cannot_be_is_refused(lead_client, kind, wrong, words):
    row = ApplicantFactory(kind=kind)
    sent = sent_by(lead_client, page_of(row, "offer/"))
    sent |= boxes("offered_on", dt.date(2026, 3, 20)) | wrong
    assert words in lead_client.post(page_of(row, "offer/"), sent).text
    row.refresh_from_db()
    assert row.offered_on is None


# --- Checks ---------------------------------------------------------------------------------------


def test_what_came_of_a_check_is_for_whoever_recorded_it(
    lead, lead_client, user_with_role, sign_in
):
    row = ApplicantFactory(kind="checks", **ACCEPTED)
    EmploymentCheckFactory(applicant=row, standard="identity")
    EmploymentCheckFactory(applicant=row, standard="health")
    for standard, outcome in (("identity", "not_clear"), ("health", "with_adjustments")):
        url = page_of(row, f"checks/{standard}/")
        sent = sent_by(lead_client, url, outcome=outcome) | boxes("outcome_on", dt.date(2026, 4, 1))
        assert lead_client.post(url, sent).status_code == 302
    made = row.checks.get(standard="identity")
    assert (made.outcome, made.checker, made.turn) == ("not_clear", lead, "nobody")
    shown = lead_client.get(page_of(row, "checks/")).context["rows"]
    assert [words for _, words in shown] == ["Not clear", "Fit with adjustments"]
    other = sign_in(user_with_role("lead"))
    shown = other.get(page_of(row, "checks/")).context["rows"]
    assert [words for _, words in shown] == ["Not complete", "Fit with adjustments"]
    assert other.get(page_of(row, "checks/")).text.count("Done by") == 1  # the one of health
    assert "checked" not in other.get(page_of(row, "checks/identity/")).text


def test_a_check_sent_with_an_older_page_does_not_tell_what_another_lead_found(lead_client, lead):
    row = ApplicantFactory(kind="checks", **ACCEPTED)
    found = {"outcome": "not_clear", "outcome_on": dt.date(2026, 4, 1), "turn": "nobody"}
    EmploymentCheckFactory(applicant=row, standard="identity", checker=UserFactory(), **found)
    url = page_of(row, "checks/identity/")
    sent = boxes("outcome_on", dt.date(2026, 4, 2)) | {"outcome": "clear", "version": "older"}
    answer = lead_client.post(url, sent)
    assert "Somebody else finished this check" in answer.text
    assert "now saved as" not in answer.text
    assert "1 April 2026" not in answer.text
    assert row.checks.get().outcome == "not_clear"
    sent["version"] = sent_by_form(answer)
    assert lead_client.post(url, sent).status_code == 302
    assert row.checks.get().checker == lead


def sent_by_form(answer) -> str:
    return answer.context["form"].data["version"]


def test_looks_at_an_application_are_shown_to_whoever_it_became(lead_client, user_with_role):
    row = ApplicantFactory(kind="offer", **ACCEPTED)
    twice = ApplicantFactory(round=row.round, merged_into=row)
    for one in (row, twice):
        lead_client.get(page_of(one))
    row.person = PersonFactory(site=row.round.site)
    row.save()
    lead_client.get(page_of(row))
    seen = looks.in_words(looks.at(row.person))
    assert [look.page for look in seen] == ["The page of your application"] * 3


@pytest.mark.parametrize(
    ("standard", "wrong", "words"),
    [
        ("health", {"outcome": "not_clear"}, "Select"),
        ("identity", {"outcome": "with_adjustments"}, "Select"),
        ("identity", {"outcome": "clear"}, "Enter the day of the outcome"),
        ("identity", {"outcome": "waiting", "turn": ""}, "Choose whose turn it is"),
    ],
)
def test_a_check_that_cannot_be_is_refused(lead_client, standard, wrong, words):
    row = ApplicantFactory(kind="checks", **ACCEPTED)
    EmploymentCheckFactory(applicant=row, standard=standard)
    url = page_of(row, f"checks/{standard}/")
    answer = lead_client.post(url, sent_by(lead_client, url) | wrong)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert row.checks.get().outcome == "waiting"


def test_nobody_checks_or_appoints_themselves(lead, lead_client):
    own = ApplicantFactory(kind="checks", email=lead.email, **ACCEPTED)
    checked(own, waiting=("identity",))
    url = page_of(own, "checks/identity/")
    sent = sent_by(lead_client, url, outcome="clear") | boxes("outcome_on", dt.date(2026, 4, 1))
    assert "somebody else decides" in lead_client.post(url, sent).text
    lead_client.post(page_of(own, "checks/exception/"), {"reason": "supervised"})
    assert not StartException.objects.exists()
    own.checks.filter(standard="identity").delete()
    EmploymentCheck.objects.filter(applicant=own).delete()
    checked(own)
    sent = {"who": "new", "reference": "P1"} | boxes("started_on", dt.date(2026, 5, 4))
    assert "somebody else decides" in lead_client.post(page_of(own, "appoint/"), sent).text
    assert not Person.objects.exists()


# --- Start ----------------------------------------------------------------------------------------


SIX = ("clear",) * 6


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (Readiness("checks", "accepted", outcomes=SIX), ""),
        (Readiness("checks", "accepted", outcomes=("not_needed", *SIX[1:])), ""),
        (Readiness("checks", "accepted", outcomes=("waiting", *SIX[1:])), "5 of 6"),
        (Readiness("checks", "accepted", outcomes=("waiting", *SIX[1:]), excepted=True), ""),
        (Readiness("checks", "accepted", outcomes=("not_clear", *SIX[1:]), excepted=True), "allow"),
        (Readiness("checks", "declined", outcomes=SIX), "no accepted offer"),
        (Readiness("offer", "accepted", outcomes=()), "has not reached"),
        (Readiness("offer", "accepted", has_checks=False), ""),
        (Readiness("interview", has_offer=False, has_checks=False), ""),
        (Readiness("on_hold", "accepted", outcomes=SIX), "not on the way"),
    ],
)
def test_when_somebody_may_start(now, words):
    said = why_not_start(now)
    assert (words in said) if words else said == ""


def test_an_applicant_starts_in_post_without_retyping(lead, lead_client):
    row = ApplicantFactory(kind="checks", first_name="Łukasz", last_name="王", **ACCEPTED)
    checked(row, waiting=("history",))
    refused = lead_client.get(page_of(row, "appoint/"), follow=True)
    assert "5 of 6 checks complete" in refused.text
    lead_client.post(page_of(row, "checks/exception/"), {"reason": "supervised"})
    sent = sent_by(lead_client, page_of(row, "appoint/"), reference="P1", contracted_hours="22.5")
    answer = lead_client.post(page_of(row, "appoint/"), sent)
    person = Person.objects.get()
    assert answer["Location"] == f"/people/{person.pk}/"
    assert (person.first_name, person.last_name, person.email) == ("Łukasz", "王", row.email)
    assert person.site == row.round.site
    spell = Spell.objects.get()
    assert (spell.person, spell.post, spell.started_on) == (
        person,
        row.round.post,
        dt.date(2026, 5, 4),
    )
    assert Application.objects.get().applied_on == timezone.localdate(row.submitted_at)
    row.refresh_from_db()
    assert (row.stage.kind, row.person, row.application.person) == ("appointed", person, person)
    assert StageMove.objects.get(to_stage=row.stage).by == lead
    assert lead_client.post(page_of(row, "appoint/"), sent, follow=True).status_code == 200
    assert Person.objects.count() == Spell.objects.count() == 1


def test_an_applicant_of_an_intake_becomes_a_trainee_on_the_record_they_have(lead_client):
    intake = RoundFactory(kind="intake")
    row = ApplicantFactory(round=intake, kind="checks", **ACCEPTED)
    checked(row)
    known = PersonFactory(email=row.email.upper())
    PersonFactory(email="somebody.else@example.org")
    page = lead_client.get(page_of(row, "appoint/"))
    assert list(page.context["form"].people) == [str(known.pk)]
    missing = lead_client.post(page_of(row, "appoint/"), {"reference": ""})
    assert missing.context["form"].errors["who"]
    lead_client.post(page_of(row, "appoint/"), {"who": str(known.pk), "reference": ""})
    enrolment = Enrolment.objects.get()
    assert (enrolment.person, enrolment.cohort, enrolment.outcome) == (
        known,
        intake.cohort,
        "active",
    )


def test_a_start_that_the_records_refuse_leaves_nothing_behind(lead_client):
    intake = RoundFactory(kind="intake", cohort__places=1)
    row, other = ApplicantFactory.create_batch(2, round=intake, kind="checks", **ACCEPTED)
    for each in (row, other):
        checked(each)
    lead_client.post(page_of(row, "appoint/"), {"who": "new", "reference": "P1"})
    answer = lead_client.post(page_of(other, "appoint/"), {"who": "new", "reference": "P2"})
    assert "Every place in this cohort is taken" in answer.text
    assert list(Person.objects.values_list("reference", flat=True)) == ["P1"]
    other.refresh_from_db()
    assert (other.stage.kind, other.person) == ("checks", None)


# --- Duplicates -----------------------------------------------------------------------------------


@pytest.fixture
def twice(db) -> tuple[Applicant, Applicant]:
    """Two applications of one round from one address."""
    row = ApplicantFactory(first_name="Zoë", last_name="Same")
    return row, ApplicantFactory(
        round=row.round, email=row.email.upper(), kind="interview", last_name="Other"
    )


def asked(client, row: Applicant) -> list:
    return client.get(f"/recruitment/{row.round_id}/duplicates/").context["pairs"]


def decide(client, one: Applicant, other: Applicant, answer: str):
    data = {"one": one.pk, "other": other.pk, "answer": answer}
    return client.post(f"/recruitment/{one.round_id}/duplicates/", data, follow=True)


def test_of_two_applications_of_one_person_one_is_kept(lead_client, twice):
    keep, drop = twice
    slot = InterviewSlotFactory(round=keep.round)
    InterviewBooking.objects.create(slot=slot, applicant=drop, booked_at=timezone.now())
    assert [set(pair) for pair in asked(lead_client, keep)] == [{keep, drop}]
    decide(lead_client, keep, drop, "one")
    drop.refresh_from_db()
    assert (drop.merged_into, drop.stage.kind, drop.reason) == (keep, "not_selected", "duplicate")
    assert slot.bookings.count() == 0
    assert asked(lead_client, keep) == []
    assert "not in this round" in decide(lead_client, keep, drop, "other").text


def test_two_people_with_one_name_are_told_apart_once(lead_client):
    one = ApplicantFactory(first_name="Łukasz", last_name="Nowak")
    other = ApplicantFactory(round=one.round, first_name="Lukasz", last_name="NOWAK")
    ApplicantFactory(first_name="Łukasz", last_name="Nowak")
    assert [set(pair) for pair in asked(lead_client, one)] == [{one, other}]
    assert "Maybe twice" in lead_client.get(f"/recruitment/{one.round_id}/board/").text
    for _ in range(2):
        decide(lead_client, other, one, "apart")
    assert NotADuplicate.objects.count() == 1
    assert asked(lead_client, one) == []
    assert "Maybe twice" not in lead_client.get(f"/recruitment/{one.round_id}/board/").text


def test_applications_of_two_rounds_are_not_merged(lead_client, twice):
    stranger = ApplicantFactory()
    assert decide(lead_client, twice[0], stranger, "one").status_code == 404
    assert decide(lead_client, twice[0], twice[0], "one").status_code == 200
    assert not Applicant.objects.filter(merged_into__isnull=False).exists()


# --- On hold --------------------------------------------------------------------------------------


def test_who_is_on_hold_is_invited_to_an_open_round(lead_client):
    row = ApplicantFactory(kind="on_hold", statement="mine", phone="01632 960001")
    there = ApplicantFactory(kind="on_hold")
    to = RoundFactory(title="The next round")
    DraftFactory(round=to, email=there.email.upper())
    sent = {"picked": [row.pk, there.pk], "to": to.pk}
    answer = lead_client.post("/recruitment/hold/", sent, follow=True)
    assert "Invited to “The next round”: 1." in answer.text
    draft = Applicant.objects.get(carried_from=row)
    assert (draft.round, draft.email, draft.phone) == (to, row.email, row.phone)
    assert (draft.is_draft, draft.statement) == (True, "")
    assert ApplicantMail.objects.get().applicant == draft
    answer = lead_client.post("/recruitment/hold/", sent, follow=True)
    assert "has an application in “The next round” already" in answer.text


def test_nobody_else_is_invited_and_to_no_closed_round(lead_client):
    row, on_the_way = ApplicantFactory(kind="on_hold"), ApplicantFactory()
    closed = RoundFactory(state="draft")
    to = RoundFactory()
    for wrong in ({"to": closed.pk}, {"picked": [on_the_way.pk]}, {"picked": []}, {"to": "\0"}):
        sent = {"picked": [row.pk], "to": to.pk} | wrong
        assert lead_client.post("/recruitment/hold/", sent, follow=True).status_code == 200
    assert not Applicant.objects.filter(carried_from__isnull=False).exists()


def test_the_number_of_queries_of_these_lists_does_not_grow(lead_client):
    def some() -> list[str]:
        ApplicantFactory(kind="on_hold")
        row = ApplicantFactory(kind="checks", last_name="Same", **ACCEPTED)
        checked(row)
        ApplicantFactory(round=row.round, last_name="Same")
        return [
            "/recruitment/hold/",
            f"/recruitment/{row.round_id}/duplicates/",
            page_of(row),
            page_of(row, "checks/"),
        ]

    pages = some()
    one = [queries_of(lead_client, page) for page in pages]
    ApplicantFactory.create_batch(2, kind="on_hold")
    shown = Applicant.objects.filter(stage__kind="checks").get().round
    ApplicantFactory.create_batch(2, round=shown, last_name="Same", kind="offer")
    assert [queries_of(lead_client, page) for page in pages] == one
    assert max(one) <= 20
