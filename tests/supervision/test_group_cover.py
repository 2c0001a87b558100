"""Standing in for the leader of a group: one form, all or nothing."""

import datetime as dt

import pytest
from django.utils import timezone

from audit.models import Look
from supervision.models import GROUP, Cover
from tests.factories import PersonFactory, SiteFactory
from tests.factories.supervision import (
    AgreementFactory,
    CoverFactory,
    SupervisorFactory,
    TermsFactory,
    kind,
)
from tests.programme.pages import boxes
from tests.supervision.pages import page

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def chosen(user_with_role):
    return SupervisorFactory(user=user_with_role("supervisor", name="Ó Briain"))


@pytest.fixture
def group(chosen, today):
    """Three people of one group, and one whose agreement with the same leader has ended."""
    people = [PersonFactory(site=SiteFactory(), last_name=name) for name in ("Ó", "Řezáč", "王")]
    given = {"supervisor": chosen.user, "kind": kind(GROUP)}
    rows = [AgreementFactory(person=person, **given) for person in people]
    AgreementFactory(ended_on=today, **given)
    return rows


def cover_sent(rows, stand_in, first, last) -> dict:
    days = boxes("starts_on", first) | boxes("last_day", last)
    return {"agreements": [row.pk for row in rows], "entry": stand_in.pk} | days


@pytest.mark.parametrize("by_lead", [False, True])
def test_cover_for_a_group_is_one_form(group, chosen, lead_client, sign_in, today, by_lead):
    client, address = sign_in(chosen.user), page("add-cover", group[0])
    if by_lead:
        person = group[0].person_id
        client, address = lead_client, f"/supervision/people/{person}/{group[0].pk}/cover/"
    stand_in = SupervisorFactory()
    offered = client.get(address).context["form"]
    for _ in range(2):  # sent twice
        client.post(address, cover_sent(group[:2], stand_in, today, today + DAY))

    assert list(offered.fields["agreements"].queryset) == group
    assert offered.initial["agreements"] == [row.pk for row in group]
    assert set(Cover.objects.values_list("agreement", "stand_in")) == {
        (row.pk, stand_in.user_id) for row in group[:2]
    }
    assert set(Look.objects.values_list("subject_id", flat=True)) == {
        row.person_id for row in group
    }


def test_cover_for_a_group_is_all_or_nothing_and_says_about_whom(group, chosen, sign_in, today):
    CoverFactory(agreement=group[1], starts_on=today, last_day=today)
    other = TermsFactory(agreement__supervisor=chosen.user).agreement
    client, address = sign_in(chosen.user), page("add-cover", group[0])

    taken = client.post(address, cover_sent(group, SupervisorFactory(), today, today))
    forged = client.post(address, cover_sent([other], SupervisorFactory(), today, today))

    said = str(taken.context["form"].errors)
    assert f"{group[1].person}: Somebody stands in over that time already" in said
    assert "agreements" in forged.context["form"].errors
    assert Cover.objects.count() == 1


def test_a_lead_of_one_site_covers_its_people_of_a_group_only(group, user_with_role, sign_in):
    lead = user_with_role("lead", site=group[0].person.site)
    address = f"/supervision/people/{group[0].person_id}/{group[0].pk}/cover/"

    offered = sign_in(lead).get(address).context["form"].fields["agreements"].queryset

    assert list(offered) == group[:1]
