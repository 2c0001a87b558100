"""The programme's pages in a real browser: search while typing, access for all, narrow screens."""

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, PHONE, scrolls_sideways
from tests.factories import (
    ApplicationFactory,
    EnrolmentFactory,
    PersonFactory,
    SpellFactory,
    UserFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Wolfeschlegelsteinhausenbergerdorff"


def test_search_finds_while_one_types_and_the_address_can_be_shared(lead, signed_in_page):
    PersonFactory(first_name="Siân", last_name="Davies")
    PersonFactory(first_name="Łukasz", last_name="Nowak")
    page = signed_in_page(lead)
    page.goto("/people/")
    page.get_by_label("Name, reference or email address").press_sequentially("lu")
    expect(page.get_by_role("link", name="Siân Davies")).to_have_count(0)
    expect(page.get_by_role("link", name="Łukasz Nowak")).to_be_visible()
    expect(page).to_have_url("/people/?q=lu")
    page.reload()
    expect(page.get_by_role("link", name="Łukasz Nowak")).to_be_visible()
    expect(page.get_by_label("Name, reference or email address")).to_have_value("lu")
    page.get_by_role("button", name="Filter and sort").click()
    expect(page.get_by_label("Name, reference or email address")).to_have_value("lu")
    page.get_by_label("Where they are now").select_option("Applied")
    expect(page.get_by_text("Nobody fits what you chose")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name="Łukasz Nowak")).to_be_visible()


def test_the_list_is_filtered_without_javascript(lead, signed_in_page, browser, live_server):
    SpellFactory(person=PersonFactory(first_name="Siân", last_name="Davies"))
    PersonFactory(first_name="Łukasz", last_name="Nowak")
    cookies = signed_in_page(lead).context.cookies()
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto("/people/")
    page.get_by_role("button", name="Filter and sort").click()
    page.get_by_label("Where they are now").select_option("In post")
    page.get_by_role("button", name="Show people").click()
    expect(page.get_by_role("link", name="Siân Davies")).to_be_visible()
    expect(page.get_by_role("link", name="Łukasz Nowak")).to_have_count(0)
    context.close()


@pytest.fixture
def addresses(lead) -> list[str]:
    """Every page, about somebody and something with very long names."""
    person = PersonFactory(
        first_name=LONG, last_name=LONG * 2, reference="X" * 40, user=UserFactory(name=LONG)
    )
    enrolment = EnrolmentFactory(person=person, cohort__name=LONG * 3, commenced_on="2022-01-10")
    ApplicationFactory(person=person, cohort=enrolment.cohort)
    spell = SpellFactory(
        person=person,
        post__title=LONG * 3,
        post__team__name=LONG * 3,
        post__employer__name=LONG * 3,
        post__funded_wte="0.5",
        contracted_hours="22.5",
    )
    one, post = f"/people/{person.pk}/", f"/posts/{spell.post_id}/"
    PersonFactory(user=lead)
    return [
        "/people/",
        "/people/?q=nobody",
        "/people/?status=wrong",
        "/people/add/",
        one,
        f"{one}edit/",
        f"{one}link-account/",
        f"{one}unlink-account/",
        f"{one}training/{enrolment.pk}/",
        f"{one}posts/{spell.pk}/",
        f"{one}posts/{spell.pk}/end/",
        f"{one}posts/{spell.pk}/remove/",
        "/cohorts/",
        f"/cohorts/{enrolment.cohort_id}/",
        "/posts/",
        post,
        f"{post}edit/",
        "/posts/teams/",
        "/posts/employers/",
        "/my-record/",
        "/my-record/looks/",
    ]


def test_every_page_is_accessible_and_as_wide_as_its_window(lead, signed_in_page, axe, addresses):
    page = signed_in_page(lead)
    sideways = []
    for number, address in enumerate(addresses):
        sizes = [DESK, PHONE] if number % 2 else [PHONE, DESK]
        page.set_viewport_size(sizes[0])
        page.goto(address)
        for size in sizes:
            page.set_viewport_size(size)
            axe(page)
            if scrolls_sideways(page):
                sideways.append((address, size["width"]))
    assert sideways == []


def test_errors_are_linked_to_their_fields(lead, signed_in_page, axe):
    page = signed_in_page(lead)
    page.goto("/people/add/")
    page.get_by_role("button", name="Save person").click()
    expect(page).to_have_title("Error: Add a person – LXP")
    page.get_by_role("link", name="Enter reference").click()
    expect(page.get_by_label("Reference")).to_be_focused()
    axe(page)
