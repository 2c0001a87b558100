"""What staff see of messages, and what they do with one."""

import datetime as dt

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Look
from notifications import actions, carrying, sending
from notifications.models import Handling, Message, State, Text, Wishes
from notifications.rules import rules
from tests.factories import PersonFactory, SiteFactory, UserFactory
from tests.factories.notifications import MessageFactory
from tests.factories.supervision import AgreementFactory, SessionFactory
from tests.factories.wellbeing import ContactRequestFactory
from tests.programme.pages import boxes, queries_of

pytestmark = pytest.mark.django_db
PLANNED = reverse("notifications:planned")
DAY = dt.timedelta(days=1)
TEXT = {"subject": "Please have a look", "words": "Something is here.", "sms": "Have a look."}


def late(site=None, **values) -> Message:
    """A message about late supervision of somebody at a site."""
    agreement = AgreementFactory(person=PersonFactory(site=site or SiteFactory()))
    return MessageFactory(occasion__about=agreement.pk, **values)


def page_of(message: Message, name: str = "planned-message") -> str:
    return reverse(f"notifications:{name}", args=[message.pk])


def shown(client: Client, query: str = "") -> set:
    return {row.pk for row, *_ in client.get(PLANNED + query).context["rows"]}


# --- Who sees what --------------------------------------------------------------------------------


def test_a_lead_sees_messages_about_their_own_sites(user_with_role, sign_in):
    site = SiteFactory()
    own, other = late(site), late()
    client = sign_in(user_with_role("lead", site=site))

    assert shown(client) == {own.pk}
    assert client.get(page_of(own)).status_code == 200
    assert client.get(page_of(other)).status_code == 404


def test_what_is_between_a_person_and_lxp_is_nothing_to_staff(lead_client):
    """Also where the row it is about could be seen: most kinds say nothing, and so nobody sees."""
    person = PersonFactory(user=UserFactory())
    asked = ContactRequestFactory(person=person)
    session = SessionFactory(agreement__person=person)
    private = {
        key: MessageFactory(rule=key, recipient=person.user, occasion__about=about)
        for key, about in {
            "check-in-offered": person.pk,
            "plan-to-review": person.pk,
            "contact-requested": asked.pk,
            "record-to-confirm": session.pk,
            "records-opened": session.pk,
            "action-due": session.pk,
            "weekly-digest": session.pk,
        }.items()
    }

    page = lead_client.get(PLANNED + "?standing=all")

    assert page.context["rows"] == []
    assert {lead_client.get(page_of(one)).status_code for one in private.values()} == {404}
    offered = {key for key, _ in page.context["form"].fields["kind"].choices} - {""}
    assert offered == set(rules()) - private.keys()


def test_that_a_worker_is_told_of_is_a_look_at_their_record(lead_client, lead):
    person = PersonFactory(user=UserFactory())
    session = SessionFactory(agreement__person=person)
    MessageFactory(rule="session-tomorrow", recipient=person.user, occasion__about=session.pk)
    late()

    lead_client.get(PLANNED)

    looks = Look.objects.filter(page="notifications:planned")
    assert [(look.viewer_id, look.subject_id) for look in looks] == [(lead.pk, person.pk)]


def test_three_messages_take_as_many_queries_as_one(lead_client):
    late()
    one = queries_of(lead_client, PLANNED)
    for _ in range(2):
        late()

    assert queries_of(lead_client, PLANNED) == one <= 20


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ("", {"pending"}),
        ("?standing=sent", {"accepted", "delivered"}),
        ("?standing=not-arrived", {"failed", "returned", "unknown", "dead", "expired"}),
        ("?standing=not-needed", {"cancelled"}),
        ("?standing=all&kind=supervision-overdue&channel=email", {*State.values}),
        ("?standing=all&channel=app", set()),
        ("?standing=all&kind=session-tomorrow", set()),
        ("?kind=check-in-offered", set()),
        ("?standing=%00", set()),
    ],
)
def test_the_list_shows_what_was_chosen(lead_client, query, states):
    made = {late(state=state).pk: state for state in State.values}
    wanted = states | {"leased", "calling"} if states == {"pending"} else states

    assert {made[pk] for pk in shown(lead_client, query)} == wanted


@pytest.mark.parametrize(("role", "status"), [("administrator", 200), ("supervisor", 403)])
def test_administrators_see_numbers_and_no_name(user_with_role, sign_in, role, status):
    message = late(recipient__name="Łukasz Ó Briain")
    client = sign_in(user_with_role(role))

    page = client.get(reverse("notifications:sending"))

    assert page.status_code == status
    assert client.get(PLANNED).status_code == 403
    assert "Łukasz" not in page.text
    assert rules()[message.rule].name not in page.text
    if status == 200:
        assert page.context["counts"][0] == ("Email", [1, 0, 0, 0])


# --- What they do ---------------------------------------------------------------------------------


def test_a_message_is_moved_and_is_worth_as_long_as_before(lead_client):
    message = late()
    worth = message.expires_at - message.not_before
    day = timezone.localdate() + 3 * DAY

    lead_client.post(page_of(message, "move"), {**boxes("day", day), "time": "14:30"})

    message.refresh_from_db()
    there = timezone.localtime(message.not_before)
    assert (there.date(), f"{there:%H:%M}") == (day, "14:30")
    assert message.expires_at - message.not_before == worth


@pytest.mark.parametrize("days", [-1, 61])
def test_a_message_is_not_moved_to_the_past_or_far_away(lead_client, days):
    message = late()
    day = timezone.localdate() + days * DAY

    page = lead_client.post(page_of(message, "move"), {**boxes("day", day), "time": "14:30"})

    assert "day" in page.context["form"].errors
    assert Message.objects.get().not_before == message.not_before


def test_words_for_one_message_are_read_before_they_are_kept_and_are_sent(
    lead_client, lead, mailoutbox
):
    message, other = late(), late()
    for one in (message, other):
        Wishes.objects.create(
            user=one.recipient, quiet_from="08:00", quiet_until="08:00", at_weekends=True
        )
    sent = {**TEXT, "words": "Dear {name}, see {day}. 1 < 2", "seen": "0"}

    read = lead_client.post(page_of(message, "words"), sent)
    before = Text.objects.count()
    lead_client.post(page_of(message, "words"), {**sent, "save": "yes"})
    for one in (message, other):
        rule = rules()[one.rule]
        carrying.email_of(one, rule).send()

    assert f"Dear {message.recipient.name}" in read.text
    assert before == 0
    assert [(text.message, text.written_by) for text in Text.objects.all()] == [(message, lead)]
    plain, page = mailoutbox[0].body, mailoutbox[0].alternatives[0].content
    assert mailoutbox[0].subject == "Please have a look"
    assert f"Dear {message.recipient.name}" in plain
    assert "1 < 2" in plain
    assert "1 &lt; 2" in page
    assert all(f"/messages/{message.pk}/" in part for part in (plain, page))
    assert mailoutbox[1].subject == rules()[other.rule].subject


def test_a_readers_name_stands_in_no_subject(lead_client):
    message = late(recipient__name="Zoë Ó Briain")

    page = lead_client.post(
        page_of(message, "words"), {**TEXT, "subject": "News for BRIAIN", "seen": "0"}
    )

    assert page.context["form"].errors["subject"] == ["Leave out “Briain”: it is the reader’s name"]


@pytest.mark.parametrize("state", sorted({*State.values} - {"pending"}))
def test_what_is_on_its_way_is_neither_moved_nor_changed_nor_cancelled(lead_client, state):
    message = late(state=state)
    day = timezone.localdate() + 3 * DAY

    lead_client.post(page_of(message, "move"), {**boxes("day", day), "time": "14:30"})
    lead_client.post(page_of(message, "words"), {**TEXT, "seen": "0", "save": "yes"})
    if state != "unknown":
        lead_client.post(page_of(message, "cancel"))

    after = Message.objects.get()
    assert (after.state, after.not_before) == (state, message.not_before)
    assert not Text.objects.exists()


def test_a_message_that_is_cancelled_is_not_sent(lead_client, mailoutbox):
    message = late()

    lead_client.post(page_of(message, "cancel"))
    sending.send_due()

    message.refresh_from_db()
    assert (message.state, mailoutbox) == ("cancelled", [])


@pytest.mark.parametrize("state", State.values)
def test_only_what_did_not_arrive_is_sent_again_and_once(lead_client, state):
    message = late(state=state)

    for _ in range(2):
        lead_client.post(page_of(message, "again"))

    again = Message.objects.filter(again_of=message)
    assert again.count() == (state in actions.TO_SEND_AGAIN)


def test_who_did_what_with_a_message_is_kept_and_shown(lead_client, lead):
    message = late()
    before, day = message.not_before, timezone.localdate() + 3 * DAY

    lead_client.post(page_of(message, "move"), {**boxes("day", day), "time": "14:30"})
    lead_client.post(page_of(message, "words"), {**TEXT, "seen": "0", "save": "yes"})
    lead_client.post(page_of(message, "cancel"))

    there = Message.objects.get().not_before
    kept = Handling.objects.values_list("message", "did", "by", "moved_from", "moved_to")
    assert list(kept) == [
        (message.pk, "moved", lead.pk, before, there),
        (message.pk, "worded", lead.pk, None, None),
        (message.pk, "cancelled", lead.pk, None, None),
    ]
    said = lead_client.get(page_of(message)).text
    now = f"{timezone.localtime(Handling.objects.latest('id').at):%-d %B %Y, %H:%M}"
    was, then = (f"{timezone.localtime(at):%-d %B %Y, %H:%M}" for at in (before, there))
    assert f"{now}: Cancelled, by {lead.name}" in said
    assert f"Moved, by {lead.name}. From {was} to {then}" in said
    assert f"Given other words, by {lead.name}" in said


def test_what_was_done_with_a_message_cannot_be_altered(lead):
    done = Handling.objects.create(message=late(), did="moved", by=lead, at=timezone.now())

    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Handling.objects.update(did="cancelled")

    assert Handling.objects.get() == done


@pytest.mark.parametrize(("state", "did"), [("failed", ["again"]), ("accepted", [])])
def test_who_sends_again_is_kept_once_and_nothing_that_was_refused(lead_client, lead, state, did):
    message = late(state=state)
    day = timezone.localdate() + 3 * DAY

    for _ in range(2):
        lead_client.post(page_of(message, "again"))
    lead_client.post(page_of(message, "cancel"))
    lead_client.post(page_of(message, "move"), {**boxes("day", day), "time": "14:30"})
    lead_client.post(page_of(message, "words"), {**TEXT, "seen": "0", "save": "yes"})

    kept = Handling.objects.values_list("message", "did", "by")
    assert list(kept) == [(message.pk, one, lead.pk) for one in did]


def test_three_things_done_with_a_message_take_as_many_queries_as_one(lead_client):
    message, counts = late(), []
    for times in (1, 2):
        for _ in range(times):
            Handling.objects.create(
                message=message, did="moved", by=UserFactory(), at=timezone.now()
            )
        counts.append(queries_of(lead_client, page_of(message)))

    assert counts[0] == counts[1] <= 20
