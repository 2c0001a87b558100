"""One person's pages: the timeline, changing details, the account, and looks at the record."""

import datetime as dt
import re

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from audit.models import Look
from programme import looks as looks_in_words
from programme.actions.people import NOT_LINKED
from programme.models import Application, Person
from tests.factories import (
    ApplicationFactory,
    CohortFactory,
    EnrolmentFactory,
    PersonFactory,
    RoleGrantFactory,
    SiteFactory,
    SpellFactory,
    UserFactory,
)
from tests.programme.pages import queries_of, sent_by

pytestmark = pytest.mark.django_db


def url(person: Person, rest: str = "") -> str:
    return f"/people/{person.pk}/{rest}"


def details(person: Person) -> tuple:
    person.refresh_from_db()
    return (person.reference, person.first_name, person.last_name, person.email, person.site)


NEW = {
    "reference": "LXP-1",
    "first_name": "Zoë",
    "last_name": "Ó Briain",
    "email": "zoe@example.org",
    "site": "",
}


# --- The timeline ---------------------------------------------------------------------------------


def test_the_timeline_tells_the_whole_way_oldest_first(lead_client):
    person = PersonFactory()
    ApplicationFactory(person=person, applied_on=dt.date(2021, 11, 1))
    EnrolmentFactory(
        person=person,
        cohort__name="LXP pilot",
        commenced_on=dt.date(2022, 1, 10),
        outcome="completed",
        outcome_on=dt.date(2022, 4, 4),
    )
    SpellFactory(
        person=person,
        post__title="Peer worker",
        started_on=dt.date(2022, 6, 1),
        last_working_day=dt.date(2023, 5, 20),
        ended_on=dt.date(2023, 6, 1),
    )
    events = lead_client.get(url(person)).context["events"]
    assert [(event.on.isoformat(), event.what) for event in events] == [
        ("2021-11-01", "Applied"),
        ("2022-01-10", "Started training: LXP pilot"),
        ("2022-04-04", "Completed LXP pilot"),
        ("2022-06-01", "Started in post: Peer worker"),
        ("2023-05-20", "Last working day: Peer worker"),
        ("2023-06-01", "Left the post: Peer worker"),
    ]


def test_a_page_of_somebody_with_nothing_recorded_says_what_to_do(lead_client):
    assert "Nothing recorded yet" in lead_client.get(url(PersonFactory())).text


def test_the_number_of_queries_does_not_grow_with_events(lead_client):
    person = PersonFactory()

    def add_one(year):
        ApplicationFactory(person=person, applied_on=dt.date(year, 1, 1))
        EnrolmentFactory(person=person)
        SpellFactory(person=person, contracted_hours="22.5")

    add_one(2020)
    one = queries_of(lead_client, url(person))
    add_one(2021)
    add_one(2022)
    assert queries_of(lead_client, url(person)) == one
    assert one <= 20


def test_a_worker_whose_account_is_still_a_trainees_is_pointed_out(
    lead, lead_client, user_with_role
):
    trainee = user_with_role("trainee")
    person = PersonFactory(user=trainee)
    page = url(person)
    assert "still <em>Trainee" not in lead_client.get(page).text
    spell = SpellFactory(person=person, started_on=timezone.localdate() + dt.timedelta(days=1))
    assert "still <em>Trainee" not in lead_client.get(page).text
    spell.started_on = timezone.localdate()
    spell.save()
    assert "Ask an administrator" in lead_client.get(page).text
    RoleGrantFactory(user=lead, role="administrator")
    assert reverse("accounts:user", args=[trainee.pk]) in lead_client.get(page).text
    RoleGrantFactory(user=trainee, role="peer_worker")
    assert "still <em>Trainee" not in lead_client.get(page).text


def test_a_lead_of_one_site_reads_no_name_of_another(user_with_role, sign_in):
    own, other = SiteFactory(name="Ours"), SiteFactory(name="Theirs")
    person = PersonFactory(site=own)
    ApplicationFactory(person=person, cohort=CohortFactory(site=other))
    EnrolmentFactory(person=person, cohort__name="Their cohort", cohort__site=other)
    SpellFactory(person=person, post__title="Their post", post__team__site=other)
    SpellFactory(person=person, post__title="Our post", post__team__site=own)
    page = sign_in(user_with_role("lead", site=own)).get(url(person)).text
    assert "Our post" in page
    assert "Their" not in page
    assert "3 entries at other sites are not shown" in page


# --- Adding and changing --------------------------------------------------------------------------


def test_a_person_is_added_and_their_page_opened(lead_client):
    response = lead_client.post("/people/add/", NEW)
    person = Person.objects.get()
    assert response["Location"] == url(person)
    assert details(person) == ("LXP-1", "Zoë", "Ó Briain", "zoe@example.org", None)


@pytest.mark.parametrize("name", ["Zoë", "Ó Briain", "Łukasz", "王", "O'Brien-Smith", "<b>x</b>"])
def test_a_name_survives_exactly(lead_client, name):
    lead_client.post("/people/add/", NEW | {"first_name": name, "last_name": name})
    assert Person.objects.values_list("first_name", "last_name").get() == (name, name)


def test_a_form_sent_twice_adds_one_person_and_arrives_at_them_twice(lead_client):
    first, second = (lead_client.post("/people/add/", NEW) for _ in range(2))
    assert Person.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_a_reference_that_belongs_to_somebody_else_is_refused_beside_its_field(lead_client):
    PersonFactory(reference="lxp-1")
    response = lead_client.post("/people/add/", NEW)
    assert response.context["form"].errors == {
        "reference": ["There is already a person with this reference."]
    }
    assert Person.objects.count() == 1


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "a\r\nb", "a\tb", "a\x7fb"])
@pytest.mark.parametrize("field", ["reference", "first_name", "last_name", "email"])
def test_characters_that_nobody_can_see_are_refused(lead_client, field, text):
    response = lead_client.post("/people/add/", NEW | {field: text})
    assert list(response.context["form"].errors) == [field]
    assert not Person.objects.exists()


def test_a_word_of_a_megabyte_is_refused(lead_client):
    response = lead_client.post("/people/add/", NEW | {"last_name": "a" * 1_000_000})
    assert list(response.context["form"].errors) == ["last_name"]


def test_forged_fields_change_nothing(lead_client, lead):
    person = PersonFactory()
    forged = {
        "id": "00000000-0000-0000-0000-000000000001",
        "pk": "1",
        "user": str(lead.pk),
        "user_id": str(lead.pk),
        "sort_name": "x",
        "search_text": "x",
        "by": str(lead.pk),
        "person": "x",
    }
    lead_client.post(url(person, "edit/"), sent_by(lead_client, url(person, "edit/"), **forged))
    lead_client.post("/people/add/", NEW | forged)
    added = Person.objects.get(reference="LXP-1")
    assert {added.user_id, Person.objects.get(pk=person.pk).user_id} == {None}
    assert str(added.pk) != forged["id"]
    assert Person.objects.count() == 2


def test_details_are_changed(lead_client):
    person = PersonFactory()
    edit = url(person, "edit/")
    site = SiteFactory()
    response = lead_client.post(edit, sent_by(lead_client, edit, **NEW | {"site": str(site.pk)}))
    assert response["Location"] == url(person)
    assert details(person) == ("LXP-1", "Zoë", "Ó Briain", "zoe@example.org", site)


def test_two_who_change_one_person_are_told_and_lose_no_word(lead_client):
    person = PersonFactory(email="")
    edit = url(person, "edit/")
    mine = sent_by(lead_client, edit, last_name="Mine")
    theirs = sent_by(lead_client, edit, last_name="Theirs", email="theirs@example.org")
    assert lead_client.post(edit, theirs).status_code == 302

    told = lead_client.post(edit, mine)

    assert details(person)[2:4] == ("Theirs", "theirs@example.org")
    form = told.context["form"]
    assert form["last_name"].value() == "Mine"
    assert form.errors["last_name"] == ["Last name is now saved as “Theirs”"]
    assert form.errors["email"] == ["Email address is now saved as “theirs@example.org”"]
    assert "Somebody else changed this record" in told.text

    again = mine | {"version": form["version"].value(), "email": "theirs@example.org"}
    assert lead_client.post(edit, again).status_code == 302
    assert details(person)[2:4] == ("Mine", "theirs@example.org")


def test_a_change_to_what_somebody_else_wrote_already_is_no_conflict(lead_client):
    person = PersonFactory()
    edit = url(person, "edit/")
    same = sent_by(lead_client, edit, last_name="Same")
    assert [lead_client.post(edit, same).status_code for _ in range(2)] == [302, 302]


# --- One site -------------------------------------------------------------------------------------


@pytest.fixture
def own_site(db):
    return SiteFactory(name="Ours")


@pytest.fixture
def site_client(own_site, user_with_role, sign_in):
    return sign_in(user_with_role("lead", site=own_site))


@pytest.mark.parametrize("site", ["", "other", "nonsense"])
def test_a_lead_of_one_site_adds_nobody_elsewhere(site_client, own_site, site):
    site = str(SiteFactory().pk) if site == "other" else site
    response = site_client.post("/people/add/", NEW | {"site": site})
    assert list(response.context["form"].errors) == ["site"]
    assert not Person.objects.exists()


def test_a_lead_of_one_site_adds_a_person_there(site_client, own_site):
    site_client.post("/people/add/", NEW | {"site": str(own_site.pk)})
    assert Person.objects.get().site == own_site


def test_a_lead_of_one_site_leaves_a_person_of_another_at_theirs(site_client, own_site):
    other = SiteFactory()
    person = PersonFactory(site=other)
    EnrolmentFactory(person=person, cohort__site=own_site)
    edit = url(person, "edit/")
    sent = sent_by(site_client, edit, last_name="New", site=str(own_site.pk))
    assert site_client.post(edit, sent).status_code == 302
    assert details(person)[2::2] == ("New", other)


# --- The account ----------------------------------------------------------------------------------


def test_an_account_is_linked_in_two_steps(lead_client):
    person = PersonFactory()
    account = UserFactory(name="Amara Osei", email="amara@example.org")
    link = url(person, "link-account/")

    asked = lead_client.post(link, {"email": "Amara@example.org"})

    assert "amara@example.org" in asked.text
    assert linked_to(person) is None
    lead_client.post(link, {"email": "amara@example.org", "confirmed": "yes"})
    assert linked_to(person) == account


def test_the_question_before_linking_is_the_same_with_and_without_an_account(lead_client):
    person = PersonFactory()
    UserFactory(name="Amara Osei", email="amara@example.org")
    PersonFactory(user=UserFactory(email="linked@example.org"))
    asked = set()
    for name in ("amara", "linked", "nobody"):
        page = lead_client.post(url(person, "link-account/"), {"email": f"{name}@example.org"})
        main = page.text.split("<main")[1].split("</main>")[0]
        asked.add(re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", main).replace(name, ""))
    assert len(asked) == 1
    assert "Amara Osei" not in asked.pop()


@pytest.mark.parametrize(("recorded", "warned"), [("", 0), ("Zoe@x.org", 0), ("zoë@x.org", 1)])
def test_an_address_that_is_not_the_recorded_one_is_pointed_out(lead_client, recorded, warned):
    person = PersonFactory(email=recorded)
    page = lead_client.post(url(person, "link-account/"), {"email": "zoe@x.org"})
    assert page.text.count("This is not the recorded address") == warned


@pytest.mark.parametrize("email", ["nobody@example.org", "gone@example.org", "no address", ""])
def test_no_account_is_linked_by_an_address_without_one_in_use(lead_client, email):
    person = PersonFactory()
    UserFactory(email="gone@example.org", is_active=False)
    response = lead_client.post(url(person, "link-account/"), {"email": email, "confirmed": "yes"})
    assert list(response.context["form"].errors) == ["email"]
    assert linked_to(person) is None


def test_one_account_reads_one_record(lead_client):
    taken = PersonFactory(user=UserFactory(email="amara@example.org"))
    UserFactory(email="new@example.org")
    for person, email, words in (
        (
            PersonFactory(),
            "amara@example.org",
            "This account is linked to another person's record.",
        ),
        (taken, "new@example.org", "Another account is linked to this person already."),
    ):
        response = lead_client.post(
            url(person, "link-account/"), {"email": email, "confirmed": "yes"}
        )
        assert response.context["form"].errors["email"] == [words]


def test_an_account_is_unlinked_after_a_question(lead_client):
    person = PersonFactory(user=UserFactory())
    unlink = url(person, "unlink-account/")
    assert lead_client.get(unlink).status_code == 200
    person.refresh_from_db()
    assert person.user is not None
    lead_client.post(unlink)
    person.refresh_from_db()
    assert person.user is None


@pytest.mark.parametrize("linked", [True, False])
def test_an_account_linked_at_another_site_is_refused_like_an_address_without_one(
    site_client, own_site, linked
):
    theirs = PersonFactory(user=UserFactory(email="a@example.org"), site=SiteFactory())
    sent = {"email": "a@example.org" if linked else "b@example.org", "confirmed": "yes"}
    for person, words in (
        (PersonFactory(site=own_site), NOT_LINKED),
        (
            PersonFactory(site=own_site, user=UserFactory()),
            "Another account is linked to this person already.",
        ),
    ):
        response = site_client.post(url(person, "link-account/"), sent)
        assert response.context["form"].errors == {"email": [words]}
    assert linked_to(theirs).email == "a@example.org"


def linked_to(person: Person):
    person.refresh_from_db()
    return person.user


def test_nobody_links_their_own_account(lead, lead_client):
    person = PersonFactory()
    sent = {"email": lead.email, "confirmed": "yes"}
    response = lead_client.post(url(person, "link-account/"), sent)
    assert response.context["form"].errors == {
        "email": ["Ask another lead to link your own account."]
    }
    assert linked_to(person) is None


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_lead_of_one_site_leaves_accounts_of_others_people_alone(
    site_client, own_site, elsewhere
):
    person = PersonFactory(site=SiteFactory() if elsewhere else None)
    EnrolmentFactory(person=person, cohort__site=own_site)
    account = UserFactory()
    sent = {"email": account.email, "confirmed": "yes"}
    assert "link-account" not in site_client.get(url(person)).text
    assert site_client.get(url(person, "link-account/")).status_code == 403
    assert site_client.post(url(person, "link-account/"), sent).status_code == 403
    assert linked_to(person) is None
    Person.objects.filter(pk=person.pk).update(user=account)
    assert "unlink-account" not in site_client.get(url(person)).text
    assert site_client.post(url(person, "unlink-account/")).status_code == 403
    assert linked_to(person) == account


def test_a_lead_of_one_site_links_and_unlinks_an_account_there(site_client, own_site):
    person, account = PersonFactory(site=own_site), UserFactory()
    sent = {"email": account.email, "confirmed": "yes"}
    assert "link-account" in site_client.get(url(person)).text
    site_client.post(url(person, "link-account/"), sent)
    assert linked_to(person) == account
    site_client.post(url(person, "unlink-account/"))
    assert linked_to(person) is None


# --- Applications ---------------------------------------------------------------------------------


def test_an_application_is_added_changed_and_removed(lead_client):
    person = PersonFactory()
    add = url(person, "applications/add/")
    day = {"applied_on_0": "3", "applied_on_1": "5", "applied_on_2": "2021", "cohort": ""}
    for _ in range(2):
        assert lead_client.post(add, day)["Location"] == url(person)
    application = Application.objects.get()
    assert (application.person, application.applied_on) == (person, dt.date(2021, 5, 3))
    edit = url(person, f"applications/{application.pk}/")
    lead_client.post(edit, sent_by(lead_client, edit, applied_on_0="4"))
    application.refresh_from_db()
    assert application.applied_on == dt.date(2021, 5, 4)
    lead_client.post(f"{edit}remove/")
    assert not Application.objects.exists()


def test_nobody_has_applied_tomorrow(lead_client):
    person = PersonFactory()
    tomorrow = {"applied_on_0": "1", "applied_on_1": "1", "applied_on_2": "2099", "cohort": ""}
    response = lead_client.post(url(person, "applications/add/"), tomorrow)
    assert response.context["form"].errors == {
        "applied_on": ["The day they applied cannot be in the future"]
    }


def test_a_second_application_on_one_day_is_refused(lead_client):
    application = ApplicationFactory(applied_on=dt.date(2021, 5, 3), cohort=None)
    cohort = EnrolmentFactory().cohort
    day = {"applied_on_0": "3", "applied_on_1": "5", "applied_on_2": "2021"}
    add = url(application.person, "applications/add/")
    response = lead_client.post(add, day | {"cohort": str(cohort.pk)})
    assert response.context["form"].errors == {
        "applied_on": ["This person already has an application on that day."]
    }


# --- Looks ----------------------------------------------------------------------------------------


def looks() -> set[tuple]:
    return set(Look.objects.values_list("viewer_id", "subject_id", "page"))


def test_opening_a_persons_page_is_a_look(lead, lead_client):
    person = PersonFactory()
    lead_client.get(url(person))
    lead_client.get(url(person, "edit/"))
    assert looks() == {
        (lead.pk, person.pk, "programme:person"),
        (lead.pk, person.pk, "programme:edit-person"),
    }


def test_saving_is_no_further_look_and_seeing_the_form_again_is_one(lead_client):
    person = PersonFactory()
    edit = url(person, "edit/")
    data = sent_by(lead_client, edit)
    lead_client.post(edit, data)
    assert Look.objects.count() == 1
    lead_client.post(edit, data | {"last_name": ""})
    assert Look.objects.count() == 2


def test_opening_ones_own_record_is_no_look(lead, lead_client):
    person = PersonFactory(user=lead)
    lead_client.get(url(person))
    lead_client.get("/my-record/")
    assert looks() == set()


def test_a_page_that_is_refused_is_no_look(user_with_role, sign_in):
    person = PersonFactory(site=SiteFactory())
    for role, site in (("trainer", None), ("lead", SiteFactory())):
        sign_in(user_with_role(role, site=site)).get(url(person))
    assert looks() == set()


@pytest.fixture
def peer(user_with_role):
    return user_with_role("peer_worker", name="Amara Osei")


def test_people_read_their_own_record(peer, sign_in):
    person = PersonFactory(user=peer, first_name="Amara", last_name="Osei")
    SpellFactory(person=person, post__title="Peer worker", started_on=dt.date(2022, 6, 1))
    page = sign_in(peer).get("/my-record/")
    assert [event.what for event in page.context["events"]] == ["Started in post: Peer worker"]
    assert "Change" not in page.text


@pytest.mark.parametrize("address", ["/my-record/", "/my-record/looks/"])
def test_without_a_record_the_page_says_whom_to_ask(peer, sign_in, address):
    PersonFactory()
    assert "Your account is not linked to a record" in sign_in(peer).get(address).text


def test_people_see_who_has_seen_their_record(peer, sign_in, lead, lead_client):
    person = PersonFactory(user=peer)
    lead_client.get(url(person))
    lead_client.get(url(PersonFactory()))
    Look.objects.create(viewer_id=person.pk, subject_id=person.pk, page="other:page")
    seen = sign_in(peer).get("/my-record/looks/").context["seen"]
    assert [(look.who, look.roles, look.page) for look in seen] == [
        ("Somebody whose account is no longer here", "", "Another page about you"),
        ("Zoë Ó Briain", "Programme lead", "Your record"),
    ]


def test_the_role_shown_is_that_of_the_day_of_the_look(peer, sign_in):
    person = PersonFactory(user=peer)
    viewer = UserFactory()
    day = dt.date(2022, 6, 1)
    RoleGrantFactory(user=viewer, role="lead", starts_on=day, ends_on=dt.date(2023, 1, 1))
    RoleGrantFactory(user=viewer, role="trainer", starts_on=dt.date(2023, 1, 1))
    at = dt.datetime(2022, 6, 1, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    Look.objects.create(viewer_id=viewer.pk, subject_id=person.pk, page="programme:person", at=at)
    [seen] = sign_in(peer).get("/my-record/looks/").context["seen"]
    assert seen.roles == "Programme lead"


def test_every_page_that_is_named_to_people_exists():
    names = {
        f"{area}:{name}"
        for area in ("notifications", "programme", "supervision", "wellbeing")
        for name in get_resolver(f"{area}.urls").reverse_dict
    }
    assert sorted(looks_in_words.PAGES.keys() - names) == []


def test_who_has_seen_takes_as_many_queries_for_many_as_for_one(peer, sign_in):
    person = PersonFactory(user=peer)

    def add_one():
        viewer = RoleGrantFactory(role="lead").user
        Look.objects.create(viewer_id=viewer.pk, subject_id=person.pk, page="programme:person")

    client = sign_in(peer)
    add_one()
    one = queries_of(client, "/my-record/looks/")
    add_one()
    add_one()
    assert queries_of(client, "/my-record/looks/") == one
