"""A planned message in other words, one taken back by logging the session it was about, and one
that failed and is sent again."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from notifications import sending
from notifications.models import Message
from notifications.planning import plan_rule
from notifications.rules import rules
from supervision.models import Agreement, SessionStatus
from tests.browser import scrolls_sideways
from tests.factories import PersonFactory, SpellFactory, UserFactory
from tests.factories.notifications import MessageFactory
from tests.factories.supervision import SessionFactory, SupervisorFactory, TermsFactory
from tests.journeys.test_supervision_on_a_phone import follow, press, write_day

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = dt.timedelta(days=1)
PLANNED = "/messages/planned/"


def late_agreement(today: dt.date) -> Agreement:
    """Signed long ago, late today, with a session planned in two days."""
    person = PersonFactory(user=UserFactory(name="Łukasz Wójcik"))
    SpellFactory(person=person, started_on=today - 200 * DAY)
    supervisor = SupervisorFactory(user__name="Ada Nowak").user
    terms = TermsFactory(
        agreement__person=person,
        agreement__supervisor=supervisor,
        agreement__starts_on=today - 99 * DAY,
    )
    Agreement.objects.filter(pk=terms.agreement.pk).update(
        due_on=today - 9 * DAY, grace_days=6, last_attended_on=None
    )
    SessionFactory(
        agreement=terms.agreement,
        starts_at=timezone.now() + 2 * DAY,
        status=SessionStatus.PLANNED,
    )
    return terms.agreement


def open_message(page: Page, standing: str, subject: str) -> None:
    page.goto(f"{PLANNED}?standing={standing}&channel=email")
    follow(page, subject)


def test_one_is_changed_one_taken_back_and_one_sent_again(
    lead, signed_in_page, mailoutbox, axe, monkeypatch
):
    monkeypatch.setattr(sending, "allowed_from", lambda _wishes, moment: moment)
    today, now = timezone.localdate(), timezone.now()
    agreement = late_agreement(today)
    for key in ("supervision-overdue", "session-tomorrow"):
        plan_rule(rules()[key], now)
    failed = MessageFactory(
        rule="session-tomorrow",
        recipient=UserFactory(name="王 芳", email="new@example.org"),
        occasion__about=agreement.sessions.get().pk,
        state="failed",
        error="SMTPRecipientsRefused",
    )

    # The lead puts one that is planned in other words, after reading them.
    page = signed_in_page(lead)
    page.goto(PLANNED)
    axe(page)
    follow(page, "Something is in your calendar tomorrow to Ada Nowak")
    page.get_by_role("button", name="Change its words").click()
    page.get_by_label("Subject").fill("Your supervision is tomorrow")
    press(page, "See how it reads")
    expect(page.get_by_text("Leave out “supervis”").first).to_be_visible()
    page.get_by_label("Subject").fill("See you on {day}")
    press(page, "See how it reads")
    axe(page)
    press(page, "Save these words")
    expect(page.get_by_role("heading", level=1)).to_contain_text("See you on ")

    # The supervisor logs the session that was late: nobody is told any more.
    page = signed_in_page(agreement.supervisor)
    page.goto(f"/supervision/agreements/{agreement.pk}/log/")
    write_day(page, "Date", today - DAY)
    press(page, "Save session")
    page = signed_in_page(lead)
    open_message(page, "not-needed", "A session is overdue")
    expect(page.get_by_text("Not due any more.")).to_be_visible()

    # What the mail server refused goes again, as a message of its own, and arrives.
    open_message(page, "not-arrived", "Something is in your calendar tomorrow")
    expect(page.get_by_text("does not take this address")).to_be_visible()
    monkeypatch.setattr(type(rules()["session-tomorrow"]), "is_still_due", lambda *_: True)
    press(page, "Send again")
    sending.send_due()
    page.reload()
    expect(page.get_by_text("Sent", exact=True).first).to_be_visible()
    assert [told.to for told in mailoutbox] == [["new@example.org"]]
    assert Message.objects.get(again_of=failed).state == "accepted"
    assert not scrolls_sideways(page)
