"""An applicant answers an offer on their own page, once and while it is open."""

import datetime as dt
import functools
import threading

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.actions import offer_answers as actions
from programme.actions.offer_answers import OfferNotOpen
from programme.applicant_links import key_for
from programme.applicant_mail import deliver_waiting
from programme.models import Applicant, ApplicantMail, OfferAnswer, OfferAsk
from programme.stage_rules import Standing, offer_is_open, whose_turn
from tests.factories import ApplicantFactory
from tests.programme.pages import boxes, sent_by

TODAY = dt.date(2026, 4, 10)
EARLIER, LATER = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=5)


key_of = functools.cache(key_for)


def page(applicant: Applicant, name: str = "my-application") -> str:
    return reverse(f"programme:{name}", args=[key_of(applicant.pk)])


def offer_of(applicant: Applicant) -> str:
    return f"/recruitment/{applicant.round_id}/applicants/{applicant.pk}/offer/"


def offered(**fields) -> Applicant:
    """Somebody with an offer that they can answer for five days more."""
    today = timezone.localdate()
    days = {"offered_on": today, "offer_reply_by": today + dt.timedelta(days=5)}
    return ApplicantFactory(**{"kind": "offer", **days, **fields})


def stands(applicant: Applicant) -> tuple[str, str]:
    context = Client().get(page(applicant)).context
    return context["words"], context["turn"]


def say(applicant: Applicant, answer: str):
    return Client().post(page(applicant, "my-offer"), {"answer": answer}, follow=True)


def in_words(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


@pytest.mark.parametrize(
    ("now", "is_open", "turn", "words"),
    [
        (Standing("offer", offered=True, reply_by=TODAY), True, "applicant", "answer the offer"),
        (Standing("offer", offered=True, reply_by=EARLIER), False, "trust", "no answer by 9 April"),
        (Standing("offer", offered=True), True, "applicant", "answer the offer"),
        (Standing("offer"), False, "trust", "make the offer"),
        (Standing("not_selected", offered=True, reply_by=LATER), False, "nobody", "Nobody"),
        (Standing("interview", offered=True, reply_by=LATER), False, "trust", "arrange"),
        (Standing("offer", offered=True, answer="declined"), False, "trust", "was declined"),
        # What the trust has not answered does not lapse.
        (
            Standing("offer", offered=True, reply_by=EARLIER, asked="more_time"),
            True,
            "trust",
            "more time",
        ),
        (Standing("offer", offered=True, asked="talk"), True, "trust", "talk first"),
    ],
)
def test_when_an_offer_can_be_answered_and_whose_turn_it_is(now, is_open, turn, words):
    whose, said = whose_turn(now, TODAY)
    assert (offer_is_open(now, TODAY), whose, words in said) == (is_open, turn, True)


@pytest.mark.django_db
def test_an_accepted_offer_is_dated_acknowledged_and_not_recorded_again(
    lead_client, django_capture_on_commit_callbacks
):
    row = offered(starts_on=timezone.localdate() + dt.timedelta(days=30))
    until = in_words(row.offer_reply_by)
    assert stands(row) == (
        f"We have offered you a place. Please tell us by {until} whether you accept.",
        "It is your turn",
    )
    with django_capture_on_commit_callbacks():
        answer = say(row, "accepted")
    say(row, "accepted")
    deliver_waiting(at=timezone.now())

    today = in_words(timezone.localdate())
    assert f"You accepted our offer on {today}" in answer.text
    assert dict(answer.context["offer"])["Your first day"] == in_words(row.starts_on)
    row.refresh_from_db()
    assert (row.offer_answer, row.offer_answered_on, row.stage.kind) == (
        "accepted",
        timezone.localdate(),
        "offer",
    )
    [message] = mail.outbox
    assert message.subject == "Thank you, we have your answer"
    said = f"Accepted on {today}, by the applicant, on their own page"
    shown = lead_client.get(offer_of(row).removesuffix("offer/"))
    assert dict(fact[:2] for fact in shown.context["offer"])["Answer"] == said
    form = lead_client.get(offer_of(row))
    assert f"{said}. You need not record it again." in form.text


@pytest.mark.django_db
def test_an_answer_that_a_lead_corrects_is_the_leads_and_saving_the_first_day_keeps_whose_it_is(
    lead_client,
):
    row = offered(
        offer_answer="accepted", offer_answered_on=timezone.localdate(), offer_answered_self=True
    )
    sent = sent_by(lead_client, offer_of(row)) | boxes("starts_on", row.offer_reply_by)
    lead_client.post(offer_of(row), sent)
    row.refresh_from_db()
    assert (row.starts_on, row.offer_answered_self) == (row.offer_reply_by, True)
    lead_client.post(offer_of(row), sent_by(lead_client, offer_of(row), offer_answer="declined"))
    row.refresh_from_db()
    assert (row.offer_answer, row.offer_answered_self) == ("declined", False)


@pytest.mark.django_db
def test_a_declined_offer_ends_the_application_with_a_coded_reason():
    row = offered()
    asked = say(row, "declined")
    assert asked.redirect_chain[-1][0] == page(row, "decline-offer")
    row.refresh_from_db()
    assert row.offer_answer == ""
    for reason in ("pay_or_hours", ""):
        Client().post(page(row, "decline-offer"), {"reason": reason})

    row.refresh_from_db()
    assert (row.offer_answer, row.stage.kind, row.reason) == (
        "declined",
        "withdrew",
        "pay_or_hours",
    )
    last = row.moves.order_by("at").last()
    assert (last.from_stage.kind, last.reason, last.by) == ("offer", "pay_or_hours", None)
    assert [told.kind for told in ApplicantMail.objects.all()] == ["answer"]
    assert stands(row) == (f"You declined our offer on {in_words(timezone.localdate())}.", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"offer_reply_by": dt.date(2026, 3, 1), "offered_on": dt.date(2026, 2, 20)},
        {"kind": "not_selected"},
        {"kind": "interview", "offered_on": None, "offer_reply_by": None},
        {"offer_answer": "declined", "offer_answered_on": dt.date(2026, 3, 1)},
    ],
    ids=["lapsed", "withdrawn", "none made", "declined"],
)
def test_nothing_is_answered_after_an_offer_lapsed_or_was_withdrawn(fields):
    row = offered(**fields)
    before = Applicant.objects.values().get()
    for answer in ("accepted", "more_time", "talk"):
        assert say(row, answer).redirect_chain[-1][0] == page(row)
    Client().post(page(row, "my-offer"), {"answer": "accepted"})
    if not row.offer_answer:
        Client().post(page(row, "decline-offer"), {"reason": ""})
    assert Client().get(page(row, "my-offer")).url == page(row)
    assert Client().get(page(row, "decline-offer")).url == page(row)
    assert Client().get(page(row)).context["may_answer"] is False
    assert Applicant.objects.values().get() == before
    assert not ApplicantMail.objects.exists()


@pytest.mark.django_db
def test_more_time_keeps_the_offer_open_until_a_lead_has_answered(lead_client):
    row = offered()
    say(row, "more_time")
    assert "more_time" not in dict(
        Client().get(page(row, "my-offer")).context["form"].fields["answer"].choices
    )
    today = in_words(timezone.localdate())
    words, turn = stands(row)
    assert words.startswith(f"You asked us for more time on {today}. We answer you first")
    assert turn == "It is our turn"
    shown = lead_client.get(offer_of(row).removesuffix("offer/")).context
    facts = dict(fact[:2] for fact in shown["facts"]) | dict(fact[:2] for fact in shown["offer"])
    assert facts["Next step"] == "The trust: they ask for more time"
    assert facts["The applicant asks for"] == f"More time, on {today}"

    ApplicantMail.objects.all().delete()
    later = row.offer_reply_by + dt.timedelta(days=7)
    sent = sent_by(lead_client, offer_of(row), settled="") | boxes("offer_reply_by", later)
    lead_client.post(offer_of(row), sent)
    assert stands(row)[1] == "It is your turn"
    assert [told.kind for told in ApplicantMail.objects.all()] == ["news"]


@pytest.mark.django_db
def test_a_lead_says_that_a_conversation_was_had_and_an_older_page_does_not_undo_a_wish(
    lead_client,
):
    row = offered()
    older = sent_by(lead_client, offer_of(row))
    say(row, "talk")
    refused = lead_client.post(offer_of(row), older | boxes("starts_on", row.offer_reply_by))
    assert "Somebody else changed this record" in refused.text
    lead_client.post(offer_of(row), sent_by(lead_client, offer_of(row), settled=""))
    row.refresh_from_db()
    assert row.offer_asked == "talk"
    lead_client.post(offer_of(row), sent_by(lead_client, offer_of(row), settled="on"))
    row.refresh_from_db()
    assert (row.offer_asked, row.offer_asked_on) == ("", None)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one():
    row = offered()
    ready, came = threading.Barrier(2), []

    def answer(given: OfferAnswer) -> None:
        ready.wait(timeout=10)
        try:
            actions.answer_offer(applicant=row, answer=given, at=timezone.now())
            came.append(given)
        except OfferNotOpen:
            pass
        finally:
            connection.close()

    both = [threading.Thread(target=answer, args=[given]) for given in OfferAnswer]
    for one in both:
        one.start()
    for one in both:
        one.join()

    row.refresh_from_db()
    assert came == [row.offer_answer]
    assert (row.stage.kind == "withdrew") == (row.offer_answer == OfferAnswer.DECLINED)
    assert ApplicantMail.objects.count() == 1
    with pytest.raises(OfferNotOpen):
        actions.ask_first(applicant=row, ask=OfferAsk.TALK, at=timezone.now())
