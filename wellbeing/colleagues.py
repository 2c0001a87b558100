"""Whom a worker may choose to read something of theirs, or to get in touch.

Only staff who support others: to offer the name of a peer worker would tell that they are one.
"""

import datetime as dt
from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.db.models import Exists, Q, QuerySet

from accounts.models import RoleGrant, User
from programme.leads import sites_of
from programme.models import Person, Spell

ROLES = ("lead", "supervisor")


def supervised() -> ModuleType:
    """Who supervises whom: `people_of` and `supervisors_of`, from a module of the settings, since
    well-being knows nothing of supervision; see docs/decisions/0027."""
    return import_module(settings.SUPERVISED)


def to_choose_from(person: Person, day: dt.date) -> QuerySet[User]:
    """One's supervisors, and the leads and supervisors of one's sites; never oneself."""
    here = Q(site__isnull=True) | Q(site__in=sites_of(person, day))
    granted = RoleGrant.objects.in_force_on(day).filter(here, role__in=ROLES).values("user")
    own = supervised().supervisors_of(person, day)
    people = User.objects.filter(Q(pk__in=granted) | Q(pk__in=own), is_active=True)
    return people.exclude(pk=person.user_id).order_by("name", "pk")


def who_could_choose(user: User, day: dt.date) -> QuerySet[Person]:
    """The other side of `to_choose_from`: the people who could choose a user on a day."""
    grants = RoleGrant.objects.in_force_on(day).filter(user=user, role__in=ROLES).order_by()
    sites = grants.filter(site__isnull=False).values("site")
    now = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    posts = Spell.objects.filter(now, post__team__site__in=sites).values("person")
    own = supervised().people_of(user, day)
    return Person.objects.filter(
        Exists(grants.filter(site__isnull=True))
        | Q(site__in=sites)
        | Q(pk__in=posts)
        | Q(pk__in=own)
    )
