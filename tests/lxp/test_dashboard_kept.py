"""The dashboard's content is kept while no record changes, for those who may see the same."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError as CacheGone

from accounts.models import RoleGrant
from programme.models import Applicant, Application, Enrolment, Funding, Spell, Team
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    EnrolmentFactory,
    PersonFactory,
    SiteFactory,
    SpellFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.accounts import RoleGrantFactory
from tests.factories.programme import PostFactory

pytestmark = pytest.mark.django_db(transaction=True)


def reads_spells(client, address="/dashboard/") -> bool:
    """Whether a request worked the figures out anew."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return any('FROM "programme_spell"' in query["sql"] for query in captured)


def test_the_page_is_worked_out_again_only_after_a_change(lead_client):
    spell = SpellFactory()

    seen = [reads_spells(lead_client), reads_spells(lead_client)]
    spell.delete()
    seen += [reads_spells(lead_client), reads_spells(lead_client)]

    assert seen == [True, False, True, False]
    assert "Nobody had been in post" in lead_client.get("/dashboard/").content.decode()


def test_a_kept_page_is_the_page(lead_client):
    SpellFactory()
    answers = [lead_client.get("/dashboard/", {"by": "site"}) for _ in range(2)]
    pages = [answer.content.partition(b"<main")[2] for answer in answers]
    first, again = (page.partition(b"</main>")[0] for page in pages)
    assert first == again
    assert again.count(b"<h1>") == 1


def test_each_filter_has_its_own_page(lead_client):
    team = TeamFactory(name="Oak ward")
    SpellFactory(post=PostFactory(team=team))
    SpellFactory()
    pages = [
        lead_client.get("/dashboard/", query).content
        for query in ({}, {"team": "Oak ward"}, {"by": "team"}, {"as_at": "2020-01-01"})
    ]
    assert len(set(pages)) == 4


def test_a_wrong_filter_stays_wrong(lead_client):
    for _ in range(2):
        page = lead_client.get("/dashboard/", {"site": "Nowhere"}).content.decode()
        assert "<title>Error: Dashboard" in page
        assert "Choose a site from the list" in page


def test_leads_of_different_sites_and_evaluators_never_get_each_others_page(
    user_with_role, sign_in
):
    sites = [SiteFactory(name="North"), SiteFactory(name="South")]
    for site in sites:
        SpellFactory(post=PostFactory(team=TeamFactory(site=site)))
    users = [user_with_role("lead", site=site) for site in sites]
    users += [user_with_role("lead"), user_with_role("evaluator")]

    for _ in range(2):
        pages = [sign_in(user).get("/dashboard/").content.decode() for user in users]
        found = [[">North<" in page, ">South<" in page] for page in pages]
        assert found == [[True, False], [False, True], [True, True], [False, False]]


def test_a_second_role_with_a_wider_scope_has_its_own_page(sign_in):
    site = SiteFactory()
    users = [UserFactory(), UserFactory()]
    for user in users:
        RoleGrantFactory(user=user, role="lead", site=site)
    RoleGrant.objects.create(user=users[1], role="trainer", starts_on="2020-01-01")
    SpellFactory()
    assert [reads_spells(sign_in(user)) for user in users] == [True, True]


def test_without_the_cache_the_page_is_worked_out_each_time(lead_client, monkeypatch):
    def gone(*args, **kwargs):
        raise CacheGone

    for way in ("get", "get_many"):
        monkeypatch.setattr(type(caches["charts"]), way, gone)
    assert [reads_spells(lead_client), reads_spells(lead_client)] == [True, True]


@pytest.mark.parametrize(
    ("change", "read_anew"),
    [
        (lambda: Team.objects.update(supervisor="Maya"), {"team"}),
        (lambda: Spell.objects.update(contracted_hours=15), {"spell", "funding"}),
        (lambda: Enrolment.objects.update(commenced_on="2022-01-02"), {"enrolment"}),
        (lambda: Application.objects.update(applied_on="2022-01-01"), {"application"}),
        (lambda: Funding.objects.update(wte=1), {"funding", "spell"}),
        (lambda: Applicant.objects.update(submitted_at="2022-01-01T12:00Z"), {"applicant"}),
    ],
)
def test_only_the_parts_of_a_changed_table_are_read_again(lead_client, change, read_anew):
    spell = SpellFactory(post=PostFactory(funded_wte=2))
    ApplicationFactory(person=spell.person)
    EnrolmentFactory(person=spell.person)
    ApplicantFactory()
    tables = ("team", "spell", "enrolment", "application", "funding", "applicant")
    lead_client.get("/dashboard/")
    change()
    with CaptureQueriesContext(connection) as captured:
        lead_client.get("/dashboard/")
    asked = " ".join(query["sql"] for query in captured)
    assert {name for name in tables if f'FROM "programme_{name}"' in asked} == read_anew


def test_figures_after_each_change_are_those_of_pages_that_kept_nothing(lead_client):
    person = PersonFactory()
    for change in (
        lambda: EnrolmentFactory(person=person, commenced_on="2022-01-01"),
        lambda: Enrolment.objects.update(outcome="completed", outcome_on="2022-06-01"),
        lambda: SpellFactory(person=person, started_on="2022-07-01"),
        lambda: Spell.objects.update(ended_on="2023-07-01"),
        lambda: Enrolment.objects.all().delete(),
    ):
        change()
        kept = lead_client.get("/dashboard/figures/").content.partition(b"<main")[2]
        caches["charts"].clear()
        anew = lead_client.get("/dashboard/figures/").content.partition(b"<main")[2]
        assert kept.partition(b"</main>")[0] == anew.partition(b"</main>")[0]


def test_a_very_long_filter_is_not_kept(lead_client):
    address = "/dashboard/?as_at=" + "9" * 300
    assert [reads_spells(lead_client, address) for _ in range(2)] == [True, True]
