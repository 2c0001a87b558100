"""The support page that everybody can read, and the contacts a lead keeps for it."""

import re

import pytest
from django.test import Client

from programme.forms.base import CHANGED_MEANWHILE
from tests.programme.pages import sent_by
from wellbeing.models import SupportContact

NEW = {
    "name": "Staff support line",
    "phone": "01632 960 001",
    "website": "https://www.example.org/help",
    "when": "Monday to Friday, 9am to 5pm",
    "details": "For everybody who works here. Text 85258 if you would rather not talk.",
    "position": "4",
}


@pytest.fixture
def contact(db) -> SupportContact:
    return SupportContact.objects.create(name="Chaplaincy", phone="01632 960002", position=9)


def body(response) -> str:
    return response.content.decode()


# --- The page -------------------------------------------------------------------------------------


def test_the_page_names_public_help_to_anybody_in_one_query(db, django_assert_num_queries):
    client = Client()

    with django_assert_num_queries(1):
        response = client.get("/support/")

    assert response.status_code == 200
    calls = re.findall(r'<a href="(tel:[^"]+)">([^<]+)</a>\s*</p>', body(response))
    assert calls == [("tel:999", "999"), ("tel:111", "111"), ("tel:116123", "116 123")]
    assert response.cookies == {}


def test_the_page_says_that_nobody_watches_it_and_names_the_emergency_numbers(db):
    text = body(Client().get("/support/"))

    assert "Nobody watches this page" in text
    assert 'call <a href="tel:999">999</a> now' in text
    assert 'call <a href="tel:111">111</a>' in text


def test_the_page_still_names_the_emergency_numbers_without_any_contact(db):
    SupportContact.objects.all().delete()

    text = body(Client().get("/support/"))

    assert 'call <a href="tel:999">999</a> now' in text


def test_urgent_help_comes_first_then_the_order_the_lead_chose(contact):
    SupportContact.objects.create(name="Occupational health", phone="01632 960003", position=2)

    names = re.findall(r'nhsuk-heading-s">([^<]+)</h3>', body(Client().get("/support/")))

    assert names == [
        "Emergency services",
        "NHS 111, mental health option",
        "Samaritans",
        "Occupational health",
        "Chaplaincy",
    ]


def test_only_who_may_change_them_is_offered_to(lead_client, user_with_role, sign_in):
    offer = "Change these contacts"

    assert offer in body(lead_client.get("/support/"))
    assert offer not in body(sign_in(user_with_role("peer_worker")).get("/support/"))
    assert offer not in body(Client().get("/support/"))


# --- The contacts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_contact_and_three(
    lead_client, django_assert_num_queries, rows
):
    SupportContact.objects.all().delete()
    for number in range(rows):
        SupportContact.objects.create(name=f"Line {number}", phone="999")
    lead_client.get("/support/contacts/")

    with django_assert_num_queries(3):
        response = lead_client.get("/support/contacts/")

    assert body(response).count("Remove<span") == rows


def test_a_lead_adds_a_contact(lead_client, lead):
    response = lead_client.post("/support/contacts/add/", NEW, follow=True)

    added = SupportContact.objects.get(name="Staff support line")
    assert (added.phone, added.urgent, added.position) == ("01632 960 001", False, 4)
    assert "Staff support line is on the support page." in body(response)
    assert added.events.get().pgh_context.metadata == {
        "user": str(lead.pk),
        "page": "wellbeing:add-contact",
    }


@pytest.mark.parametrize("name", ["Zoë’s line", "Ó Briain", "Łukasz", "王"])
def test_a_name_is_kept_letter_for_letter(lead_client, contact, name):
    url = f"/support/contacts/{contact.pk}/"

    lead_client.post(url, sent_by(lead_client, url, name=name))

    contact.refresh_from_db()
    assert contact.name == name


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name", "", "required"),
        ("phone", "call me", "Write the phone number with figures, spaces and + only"),
        ("phone", "0800\r\n068 4141", "one line"),
        ("phone", "12", "Write the phone number"),
        ("website", "javascript:alert(1)", "valid URL"),
        ("name", "Line\x00", "one line of ordinary letters"),
        ("details", "One\r\nTwo", "one line of ordinary letters"),
        ("position", "-1", "greater than or equal to 0"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_reason(lead_client, field, value, reason):
    before = SupportContact.objects.count()

    response = lead_client.post("/support/contacts/add/", NEW | {field: value})

    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {field}
    assert reason in " ".join(response.context["form"].errors[field])
    assert SupportContact.objects.count() == before


def test_of_two_leads_changing_a_contact_the_second_is_told(lead_client, contact):
    url = f"/support/contacts/{contact.pk}/"
    sent = sent_by(lead_client, url, phone="01632 960777")
    SupportContact.objects.filter(pk=contact.pk).update(phone="01632 960555", urgent=True)
    sent.pop("urgent")

    response = lead_client.post(url, sent)

    assert response.context["form"].errors == {
        "__all__": [CHANGED_MEANWHILE],
        "phone": ["Phone number is now saved as “01632 960555”"],
        "urgent": ["This is urgent help is now saved as “yes”"],
    }
    contact.refresh_from_db()
    assert contact.phone == "01632 960555"
    again = sent | {"version": response.context["form"]["version"].value()}
    assert lead_client.post(url, again).status_code == 302
    contact.refresh_from_db()
    assert (contact.phone, contact.urgent) == ("01632 960777", False)


def test_a_contact_added_twice_is_there_once(lead_client):
    for _ in range(2):
        lead_client.post("/support/contacts/add/", NEW)

    assert SupportContact.objects.filter(name="Staff support line").count() == 1


def test_a_contact_needs_a_phone_number_or_a_website(lead_client):
    response = lead_client.post("/support/contacts/add/", NEW | {"phone": "", "website": ""})

    assert response.context["form"].errors == {
        "phone": ["Enter a phone number, or a website below"]
    }


@pytest.mark.parametrize("phone", ["999", "116 123", "+44 1632 960001"])
def test_a_phone_number_becomes_a_link_that_can_be_rung(phone):
    contact = SupportContact(phone=phone)

    assert contact.phone_link == "tel:" + phone.replace(" ", "")


def test_a_phone_number_in_words_is_no_link():
    assert SupportContact(phone="Text SHOUT to 85258").phone_link == ""


def test_a_lead_removes_a_contact_after_a_question(lead_client, contact):
    url = f"/support/contacts/{contact.pk}/remove/"

    question = lead_client.get(url)
    assert "Remove Chaplaincy from the support page?" in body(question)
    assert SupportContact.objects.filter(pk=contact.pk).exists()

    answer = lead_client.post(url, follow=True)
    assert "Chaplaincy is no longer on the support page." in body(answer)
    assert not SupportContact.objects.filter(pk=contact.pk).exists()
