"""Where people belong, and which leads are to be told about whom: of many in the same queries."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q, QuerySet

from accounts.models import RoleGrant
from programme.models import Person, Spell

LEAD = "lead"


def sites_of(person: Person, day: dt.date) -> set[uuid.UUID]:
    """Where somebody belongs on a day: the site of the record, and those of posts not ended."""
    posts = _posts(day, person=person).values_list("post__team__site", flat=True)
    return {*posts, *([person.site_id] if person.site_id else [])}


def leads_of(people: Collection[uuid.UUID], day: dt.date) -> dict[uuid.UUID, set[uuid.UUID]]:
    """The accounts of the leads of each person's sites on a day; never the person's own.

    Sites are those of `sites_of`; leads of every site are leads of all of them.
    """
    sites, accounts = defaultdict(set), {}
    found = Person.objects.filter(pk__in=people).values_list("pk", "site", "user")
    for person, site, account in found:
        sites[person].add(site)
        accounts[person] = account
    for person, site in _posts(day, person__in=people).values_list("person", "post__team__site"):
        sites[person].add(site)
    leads = staff_at(set().union(*sites.values()), day)
    return {
        person: {lead for site in sites[person] for lead in leads[site]} - {account}
        for person, account in accounts.items()
    }


def _posts(day: dt.date, **whose) -> QuerySet[Spell]:
    """Posts not ended on a day."""
    return Spell.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), **whose)


def staff_at(
    sites: Collection[uuid.UUID | None], day: dt.date, role: str = LEAD
) -> dict[uuid.UUID | None, set[uuid.UUID]]:
    """The accounts that hold a role at each of some sites on a day; what has no site is for those
    who hold it at every one."""
    held = defaultdict(set)
    grants = RoleGrant.objects.in_force_on(day).filter(role=role, user__is_active=True)
    for user, site in grants.values_list("user", "site"):
        held[site].add(user)
    return {site: held[site] | held[None] for site in sites}
