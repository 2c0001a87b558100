"""What messages say: which words may stand in them, who changes them, and every version of them."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from notifications.models import Text
from notifications.rules import rules
from notifications.wording import ALLOWED, Said, fill, own_words, said_of, why_not
from tests.factories import SiteFactory
from tests.factories.notifications import MessageFactory, TextFactory

pytestmark = pytest.mark.django_db
KEY = "supervision-overdue"
TEXT_PAGE = reverse("notifications:text", args=[KEY])
TEXTS = reverse("notifications:texts")
SAID = {"subject": "It is late", "words": "Dear {name}: late since {day}.", "sms": "It is late."}


def test_what_lxp_says_itself_keeps_its_own_rules():
    problems = {
        (key, field): problem
        for key, rule in rules().items()
        for field, text in own_words(rule)._asdict().items()
        if (problem := why_not(field, text))
    }

    assert problems == {}
    assert max(len(rule.sms) for rule in rules().values()) <= 160


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("subject", "For {name}", "{name} cannot stand here: use {day}"),
        ("sms", "{organisation} writes", "{organisation} cannot stand here: use {day}"),
        ("words", "{score}", "{score} cannot stand here"),
        ("words", "{{ user.password }}", "cannot stand here"),
        ("words", "{name.__class__}", "cannot stand here"),
        ("words", "{0}", "cannot stand here"),
        ("words", "{}", "cannot stand here"),
        ("words", "half a { brace", "A single brace"),
        ("words", "See https://example.org", "Leave out the link"),
        ("subject", "Your Mental Health", "Leave out “Mental”"),
        ("sms", "A check-in waits", "Leave out “check-in”"),
        ("words", "Peer workers", "Leave out “Peer”"),
        ("subject", "On {day}", ""),
        ("words", "{name}, on {day}: {organisation}. Take care, Zoë", ""),
    ],
)
def test_only_what_is_listed_and_neutral_may_stand_in_a_text(field, text, why):
    said = why_not(field, text)

    assert why in said
    assert bool(why) == bool(said)


def test_the_organisation_is_not_named_in_a_text_message(settings):
    settings.ORGANISATION_NAME = "Hillside Programme"

    assert why_not("sms", "From hillside programme") == "Leave out the name of the organisation"
    assert why_not("words", "From Hillside Programme") == ""


@given(st.text(), st.text())
def test_what_is_filled_in_is_never_read_again(name, day):
    assert fill("{name}|{day}", {"name": name, "day": day}) == f"{name}|{day}"


# --- Pages ----------------------------------------------------------------------------------------


def send(client, **more):
    newest = Text.objects.filter(message=None).last()
    return client.post(TEXT_PAGE, {**SAID, "seen": newest.number if newest else 0, **more})


def test_a_text_is_read_through_then_saved_as_a_version_with_who_and_when(lead_client, lead):
    read = send(lead_client)
    before = Text.objects.count()
    send(lead_client, save="yes")
    send(lead_client, save="yes", subject="It is very late")

    assert "Dear Zoë Ó Briain: late since Monday 3 March." in read.text
    assert before == 0
    rows = [(row.number, row.subject, row.written_by) for row in Text.objects.all()]
    assert rows == [(1, "It is late", lead), (2, "It is very late", lead)]
    assert "It is very late" in lead_client.get(TEXTS).text


def test_going_back_after_reading_keeps_what_was_typed(lead_client):
    page = send(lead_client, change="yes", subject="Half done")

    assert page.context["form"]["subject"].value() == "Half done"
    assert not Text.objects.exists()


@pytest.mark.parametrize("field", ALLOWED)
@pytest.mark.parametrize("text", ["{secret}", "Your score", "a\x00b", ""])
def test_what_may_not_stand_there_is_said_beside_the_box(lead_client, field, text):
    page = send(lead_client, save="yes", **{field: text})

    assert list(page.context["form"].errors) == [field]
    assert not Text.objects.exists()


def test_of_two_who_change_a_text_the_second_is_told(lead_client):
    TextFactory(rule=KEY)

    page = send(lead_client, save="yes", seen="0")

    assert len(page.context["form"].non_field_errors()) == 1
    assert Text.objects.count() == 1


@pytest.mark.parametrize("number", [0, 1])
def test_an_earlier_version_comes_back_as_a_new_one(lead_client, number):
    first = TextFactory(rule=KEY)
    TextFactory(rule=KEY, number=2, subject="Another")

    lead_client.post(reverse("notifications:text-back", args=[KEY, number]))

    newest = Text.objects.last()
    wanted = first.subject if number else rules()[KEY].subject
    assert (newest.number, newest.subject) == (3, wanted)


def test_a_version_that_never_was_and_a_kind_that_is_none_are_not_found(lead_client):
    back = reverse("notifications:text-back", args=[KEY, 7])
    none = reverse("notifications:text", args=["no-such-kind"])

    assert lead_client.post(back).status_code == lead_client.get(none).status_code == 404


def test_a_lead_of_one_site_reads_the_texts_and_changes_none(user_with_role, sign_in):
    client = sign_in(user_with_role("lead", site=SiteFactory()))

    assert TEXT_PAGE not in client.get(TEXTS).text
    assert send(client, save="yes").status_code == 403
    assert not Text.objects.exists()


def test_what_was_told_reads_as_it_did_then_and_what_waits_as_it_does_now():
    now = timezone.now()
    past = MessageFactory(state="accepted", moved_at=now - dt.timedelta(days=2))
    waiting = MessageFactory()
    TextFactory(written_at=now)

    found = said_of([past, waiting])

    assert found[past.pk] == own_words(rules()[KEY])
    assert found[waiting.pk] == Said(
        "Something is late",
        f"Dear {waiting.recipient.name}, something is late since"
        f" {waiting.occasion.day:%A} {waiting.occasion.day.day} {waiting.occasion.day:%B}.",
        "Something is late.",
    )
