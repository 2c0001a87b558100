"""Supervision from the lead who assigns it to the hand-over, on a phone: both sign, both fill the
agenda, the worker disagrees and then confirms, a stand-in covers, the next one reads what was
agreed. With the keyboard alone; with scripts and without."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from supervision.models import Agreement, SessionRecord
from tests.browser import PHONE, watch
from tests.factories import PersonFactory, RoleGrantFactory, SpellFactory, UserFactory
from tests.factories.supervision import SupervisorFactory
from tests.keyboard import choose, enter, select, tick, write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = dt.timedelta(days=1)
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def scripts(request) -> bool:
    return request.param


@pytest.fixture
def page(browser, live_server, problems, scripts):
    """As everywhere, on a phone, and once more where no script runs."""
    context = browser.new_context(
        viewport=PHONE, base_url=live_server.url, locale="en-GB", java_script_enabled=scripts
    )
    opened = context.new_page()
    watch(opened, live_server.url, problems)
    yield opened
    context.close()
    assert problems == []


def press(page: Page, name: str) -> None:
    enter(page, page.get_by_role("button", name=name, exact=True))
    assert not page.evaluate(TOO_WIDE)


def follow(page: Page, name: str) -> None:
    enter(page, page.get_by_role("link", name=name).first)
    assert not page.evaluate(TOO_WIDE)


def write_day(page: Page, group: str, day: dt.date) -> None:
    boxes = page.get_by_role("group", name=group)
    for label, part in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        write(page, boxes.get_by_label(label), str(part))


def sign(page: Page, agreement: Agreement, *, conflict: bool = False) -> None:
    page.goto(f"/supervision/agreements/{agreement.pk}/sign/")
    if conflict:
        choose(page, page.get_by_role("group", name="Is there a conflict").get_by_label("No"))
    press(page, "Sign")


def assign(page: Page, person, name: str, since: dt.date) -> Agreement:
    page.goto(f"/supervision/people/{person.pk}/assign/")
    choose(page, page.get_by_label("Line management"))
    select(page, page.get_by_label("Supervisor", exact=True), name)
    write_day(page, "First day", since)
    press(page, "Assign supervisor")
    return Agreement.objects.get(person=person, supervisor__name=name)


def test_supervision_is_agreed_given_written_covered_and_handed_over(
    lead, signed_in_page, axe, scripts
):
    axe = axe if scripts else (lambda _page: None)  # which is a script itself
    today = timezone.localdate()
    person = PersonFactory(user=UserFactory(name="Zoë Ó Briain"))
    RoleGrantFactory(user=person.user, role="peer_worker")
    SpellFactory(person=person, started_on=today - 400 * DAY)
    marcus, ada, next_one = (
        SupervisorFactory(user__name=name).user for name in ("Marcus Obi", "Ada Nowak", "Emeka Eze")
    )
    page = signed_in_page(lead)

    agreement = assign(page, person, "Marcus Obi", today - 60 * DAY)
    sessions = f"/supervision/agreements/{agreement.pk}/sessions/"
    page = signed_in_page(marcus)
    sign(page, agreement, conflict=True)
    page = signed_in_page(person.user)
    sign(page, agreement)

    # Both fill the agenda; a session is planned.
    page.goto(sessions)
    follow(page, "Add to the agenda")
    choose(page, page.get_by_label("Role drift"))
    press(page, "Add to agenda")
    page = signed_in_page(marcus)
    page.goto(sessions)
    axe(page)
    follow(page, "Add to the agenda")
    write(page, page.get_by_label("In your words"), "Annual leave")
    press(page, "Add to agenda")
    press(page, "Plan a session")
    write_day(page, "Date", today + 5 * DAY)
    write(page, page.get_by_label("Starts at"), "10:00")
    press(page, "Plan session")

    # An earlier one is logged; the worker disagrees, and confirms what was changed.
    page.goto(f"/supervision/agreements/{agreement.pk}/log/")
    write_day(page, "Date", today - 50 * DAY)
    write(page, page.get_by_label("What you agreed"), "Fewer hours from May")
    tick(page, page.get_by_label("What kept the work peer work?"))
    press(page, "Save session")
    logged = page.url
    page = signed_in_page(person.user)
    page.goto(logged)
    follow(page, "I disagree")
    write(page, page.get_by_label("In your own words"), "I asked for other hours, not fewer")
    press(page, "Save what I say")
    page = signed_in_page(marcus)
    page.goto(logged)
    expect(page.get_by_text("I asked for other hours, not fewer")).to_be_visible()
    follow(page, "Change the record")
    write(page, page.get_by_label("What you agreed"), "Other hours from May")
    press(page, "Save record")
    page = signed_in_page(person.user)
    page.goto(logged)
    press(page, "Confirm")
    expect(page.get_by_text("Agreed by both", exact=True)).to_be_visible()
    page = signed_in_page(marcus)
    page.goto(logged)
    follow(page, "Add an amendment")
    write(page, page.get_by_label("Amendment"), "The ward agrees too")
    press(page, "Add amendment")
    page = signed_in_page(person.user)
    page.goto(logged)
    axe(page)
    press(page, "Confirm")
    assert SessionRecord.objects.get().state == "agreed"

    # The next one is overdue; somebody stands in, and sees no record that is not opened to them.
    page = signed_in_page(marcus)
    page.goto("/supervision/")
    expect(page.get_by_text("Supervision not delivered").first).to_be_visible()
    page.goto(f"/supervision/agreements/{agreement.pk}/cover/")
    select(page, page.get_by_label("Who stands in"), "Ada Nowak")
    write_day(page, "First day", today)
    write_day(page, "Last day", today + 7 * DAY)
    press(page, "Arrange cover")
    page = signed_in_page(ada)
    page.goto(sessions)
    expect(page.get_by_text("Annual leave")).to_be_visible()
    page.goto(logged)
    expect(page.get_by_text("a record of this session that is not open to you")).to_be_visible()

    # Handed over: the next supervisor reads what both agreed on.
    page = signed_in_page(marcus)
    page.goto(f"/supervision/agreements/{agreement.pk}/end/")
    write(page, page.get_by_label("Hand-over note"), "Ask about the hours")
    press(page, "End the agreement")
    page = signed_in_page(lead)
    following = assign(page, person, "Emeka Eze", today)
    page = signed_in_page(next_one)
    sign(page, following, conflict=True)
    page = signed_in_page(person.user)
    sign(page, following)
    page = signed_in_page(next_one)
    page.goto(f"/supervision/agreements/{following.pk}/sessions/")
    page.get_by_role("heading", name="Handed over to you").wait_for()
    page.goto(logged)
    expect(page.get_by_text("Other hours from May", exact=True)).to_be_visible()
