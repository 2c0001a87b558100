"""What a trust sets for requests to be contacted: how soon, and who stands in."""

import pytest
from django.utils import timezone

from tests.factories import PersonFactory, SiteFactory
from tests.factories.wellbeing import ContactDutyFactory
from tests.programme.pages import sent_by
from tests.wellbeing.pages import url
from wellbeing.actions import contact as actions
from wellbeing.models import ContactDuty

pytestmark = pytest.mark.django_db


def test_a_lead_sets_the_time_and_the_stand_in_of_their_site(
    user_with_role, site, sign_in, supervisor
):
    client = sign_in(user_with_role("lead", site=site))
    other = SiteFactory()

    client.post(
        url("add-contact-duty"),
        {"site": str(site.pk), "hours": "16", "stand_in": str(supervisor.pk)},
    )
    refused = [
        client.post(url("add-contact-duty"), {"site": str(where), "hours": "8"})
        for where in (other.pk, "", site.pk)
    ]

    duty = ContactDuty.objects.get()
    assert (duty.site, duty.hours, duty.stand_in) == (site, 16, supervisor)
    assert [list(each.context["form"].errors) for each in refused] == [["site"]] * 3
    page = url("edit-contact-duty", duty.pk)
    assert client.post(page, sent_by(client, page, hours="81")).status_code == 200
    assert client.post(page, sent_by(client, page, hours="80")).status_code == 302
    duty.refresh_from_db()
    assert duty.hours == 80
    client.post(url("remove-contact-duty", duty.pk))
    assert not ContactDuty.objects.exists()


def test_the_site_of_the_worker_comes_before_all_other_sites(worker, site, lead):
    ContactDutyFactory(hours=2)
    own = ContactDutyFactory(site=site, hours=24)
    ContactDutyFactory(site=SiteFactory(), hours=1)
    today = timezone.localdate()

    assert actions.duty_of(worker.person, today) == own
    assert actions.duty_of(PersonFactory(), today).hours == 2


def test_nobody_stands_in_who_has_no_role_there(lead_client, site, user_with_role):
    here_only = user_with_role("supervisor", site=site)
    sent = {"site": "", "hours": "8", "stand_in": str(here_only.pk)}

    response = lead_client.post(url("add-contact-duty"), sent)

    assert response.context["form"].errors == {
        "stand_in": ["Choose a lead or supervisor of all sites."]
    }
