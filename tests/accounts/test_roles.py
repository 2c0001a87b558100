import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import User
from accounts.roles import ROLES
from tests.factories import RoleGrantFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 7, 1)
NOON = dt.datetime(2026, 7, 1, 11, 0, tzinfo=dt.UTC)
LONDON = ZoneInfo("Europe/London")


def day(shift: int) -> dt.date:
    return TODAY + dt.timedelta(days=shift)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("starts", "ends", "held"),
    [
        (0, None, True),
        (-1, None, True),
        (1, None, False),
        (-9, 1, True),
        (-9, 0, False),
        (-9, -1, False),
        (0, 0, False),
    ],
)
@time_machine.travel(NOON)
def test_role_holds_from_its_first_day_until_before_its_end(starts, ends, held):
    user = UserFactory()
    ends_on = None if ends is None else day(ends)
    RoleGrantFactory(user=user, role="lead", starts_on=day(starts), ends_on=ends_on)

    assert user.has_perm("programme.view_people") is held


@pytest.mark.parametrize(("minute", "held"), [(dt.time(23, 59), False), (dt.time(0, 0), True)])
def test_role_begins_at_midnight_in_london_in_summer_time(minute, held):
    user = UserFactory()
    RoleGrantFactory(user=user, role="lead", starts_on=TODAY)
    at = dt.datetime.combine(TODAY if held else day(-1), minute, LONDON)

    with time_machine.travel(at):
        assert user.has_perm("programme.view_people") is held


def test_role_for_one_site_permits_there_and_nowhere_else():
    own, other = SiteFactory(), SiteFactory()
    user = UserFactory()
    RoleGrantFactory(user=user, role="lead", site=own)

    answers = [user.has_perm("programme.view_people", site) for site in (own, other, None)]
    assert answers == [True, False, True]
    assert user.sites_for("programme.view_people") == frozenset({own.pk})


def test_role_for_every_site_outweighs_one_for_a_site():
    user = UserFactory()
    RoleGrantFactory(user=user, role="lead", site=SiteFactory())
    RoleGrantFactory(user=user, role="lead")

    assert user.sites_for("programme.view_people") is None
    assert user.has_perm("programme.view_people", SiteFactory()) is True


def test_two_roles_add_up_and_are_named_in_their_order():
    user = UserFactory()
    for role in ("trainer", "lead", "trainer"):
        RoleGrantFactory(user=user, role=role)

    assert [role.key for role in user.roles] == ["lead", "trainer"]


def test_deactivated_account_has_no_permission():
    user = UserFactory(is_active=False)
    RoleGrantFactory(user=user, role="lead")

    assert user.has_perm("programme.view_people") is False


def test_administrator_holds_nothing_of_the_programme():
    permissions = ROLES["administrator"].permissions

    # What is watched are numbers: how many messages have got how far, without a name or a kind.
    assert permissions == {
        "accounts.manage_users",
        "accounts.manage_sites",
        "notifications.watch",
    }


def test_demotion_acts_on_the_very_next_request(lead, lead_client):
    assert lead_client.get("/sites/").status_code == 200

    lead.grants.update(ends_on=dt.date(2020, 1, 2))

    assert lead_client.get("/sites/").status_code == 403


def test_second_factor_is_asked_of_every_role_but_peer_worker_and_trainee():
    asked = {key for key, role in ROLES.items() if role.needs_second_factor}

    assert set(ROLES) - asked == {"peer_worker", "trainee"}
