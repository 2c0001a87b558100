"""Opening agreed records by two leads."""

import datetime as dt

from django.utils import timezone

from accounts.roles import BREAK_GLASS
from supervision.models import BreakGlass
from tests.access_rules import SIGNED_IN, Rule, World
from tests.access_rules.programme import FORM, LEADS, list_page, object_page


def opening(site: str):
    """What another lead asked, about somebody at a site."""

    def make(world: World) -> dict:
        asked = BreakGlass.objects.create(
            person=world.person(getattr(world, site)),
            reason="safeguarding",
            words="Something happened.",
            hours=24,
            asked_by=world.stranger,
            asked_at=timezone.now(),
        )
        return {"pk": asked.pk}

    return make


def open_now(world: World) -> dict:
    """What is open to the actor; a stranger's is nobody else's, lead or not."""
    at = timezone.now()
    sites = world.actor.sites_for(BREAK_GLASS)
    site = world.other_site if sites == {world.other_site.pk} else world.own_site
    asked = BreakGlass.objects.create(
        person=world.person(site),
        reason="safeguarding",
        words="Something happened.",
        hours=24,
        asked_by=world.actor,
        asked_at=at,
        decided_by=world.user(),
        approved_at=at,
        closes_at=at + dt.timedelta(hours=24),
    )
    return {"pk": asked.pk}


def opening_page(methods=frozenset({"GET"})) -> Rule:
    return Rule(
        roles=LEADS,
        methods=methods,
        make=opening("own_site"),
        make_other=opening("other_site"),
    )


RULES = {
    "supervision:openings": list_page(LEADS),
    "supervision:my-openings": Rule(roles=SIGNED_IN),
    "supervision:ask-to-open": object_page("person", LEADS, FORM),
    "supervision:opening": opening_page(),
    "supervision:approve-opening": opening_page(FORM),
    "supervision:decline-opening": opening_page(FORM),
    "supervision:close-opening": opening_page(FORM),
    "supervision:opened-records": Rule(roles=LEADS, make=open_now, mine=True),
}
