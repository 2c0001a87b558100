"""Home and the navigation: every role finds what it can do, and no link leads nowhere."""

import re

import pytest

from accounts.roles import ROLES
from lxp.navigation import current_page
from tests.factories import PersonFactory, RoleGrantFactory, SiteFactory, UserFactory


def headings(response) -> list[str]:
    return re.findall(r"<h2 id=\"part-\d+\">([^<]+)</h2>", response.content.decode())


def links(response) -> set[str]:
    body = response.content.decode()
    return {url for url in re.findall(r'href="([^"#]+)"', body) if url.startswith("/")}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("lead", ["The programme"]),
        ("trainer", ["Training"]),
        ("supervisor", ["Supervision"]),
        ("panel_member", ["Recruitment panels"]),
        ("evaluator", ["Evaluation"]),
        ("auditor", ["Audit"]),
        ("administrator", ["Administration"]),
        ("peer_worker", ["My record"]),
        ("trainee", ["My record"]),
    ],
)
def test_each_role_finds_its_part(user_with_role, sign_in, role, expected):
    response = sign_in(user_with_role(role)).get("/")

    assert headings(response) == expected


def test_somebody_with_several_roles_sees_a_part_for_each(user_with_role, sign_in):
    user = user_with_role("auditor")
    for role in ("trainer", "lead"):
        RoleGrantFactory(user=user, role=role)
    PersonFactory(user=user)

    response = sign_in(user).get("/")

    assert headings(response) == ["My record", "The programme", "Training", "Audit"]


def test_recruitment_stands_on_the_first_page_of_whoever_scores_or_leads(
    user_with_role, lead_client, sign_in
):
    """Until somebody is in the programme and afterwards."""
    of_panel = sign_in(user_with_role("panel_member")).get("/")
    empty = lead_client.get("/")
    PersonFactory()
    filled = lead_client.get("/")

    assert '<a class="nhsuk-card__link" href="/recruitment/panels/">' in of_panel.text
    for response in (empty, filled):
        assert '<a class="nhsuk-card__link" href="/recruitment/">' in response.text


def test_somebody_without_a_role_is_told_so_and_finds_support(db, sign_in):
    response = sign_in(UserFactory()).get("/")

    assert headings(response) == []
    assert "You do not hold a role here today" in response.content.decode()
    assert "/support/" in links(response)


def test_a_lead_without_people_begins_with_the_import(lead_client):
    response = lead_client.get("/")

    body = response.content.decode()
    assert body.index("Import your spreadsheet") < body.index("Or add people one at a time")


def test_a_lead_with_people_begins_with_the_dashboard(lead_client):
    PersonFactory()

    body = lead_client.get("/").content.decode()

    assert "Import your spreadsheet" not in body
    assert "Who started, who completed" in body


def test_an_administrator_reads_how_many_have_not_answered(user_with_role, sign_in):
    from accounts.models import Invitation

    admin = user_with_role("administrator")
    for _ in range(2):
        Invitation.objects.create(user=UserFactory(), invited_by=admin)
    answered = UserFactory()
    Invitation.objects.create(user=answered, invited_by=admin)
    Invitation.objects.create(user=answered, invited_by=admin, accepted_at="2026-01-05T10:00:00Z")

    body = sign_in(admin).get("/").content.decode()

    assert "2 people have not answered an invitation yet" in body


def test_a_peer_worker_without_a_linked_record_is_told_what_to_do(user_with_role, sign_in):
    body = sign_in(user_with_role("peer_worker")).get("/").content.decode()

    assert "No record is linked to your account yet" in body


@pytest.mark.parametrize("limited", [False, True])
@pytest.mark.parametrize("role", ROLES)
def test_no_link_of_home_leads_nowhere(user_with_role, sign_in, role, limited):
    user = user_with_role(role, site=SiteFactory() if limited else None)
    PersonFactory(user=user)
    client = sign_in(user)

    found = {
        url: client.get(url).status_code for url in links(client.get("/")) if "/static/" not in url
    }

    assert {url: status for url, status in found.items() if status != 200} == {}


@pytest.mark.parametrize("role", ROLES)
def test_home_costs_few_queries(user_with_role, sign_in, django_assert_max_num_queries, role):
    client = sign_in(user_with_role(role))

    with django_assert_max_num_queries(7):
        client.get("/")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "/"),
        ("/posts/", "/posts/"),
        ("/posts/teams/", "/posts/teams/"),
        ("/posts/teams/add/", "/posts/teams/"),
        ("/posts/3/", "/posts/"),
        ("/elsewhere/", None),
    ],
)
def test_the_navigation_marks_the_nearest_page(path, expected):
    assert current_page(path, ["/", "/posts/", "/posts/teams/", "/people/"]) == expected
