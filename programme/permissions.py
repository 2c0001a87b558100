"""Who may do what with the programme's records."""

import uuid

from django.db.models import QuerySet

from accounts.models import Site, User
from accounts.roles import CHANGE_PEOPLE, RECORD_TRAINING, VIEW_PEOPLE


def covers_all_sites(user: User) -> bool:
    """A lead without a site limit: may change what belongs to no site or to every site."""
    return user.sites_for(CHANGE_PEOPLE) is None


def may_change_at(user: User, site_id: uuid.UUID | None) -> bool:
    """A lead of this site, or of all; what belongs to no site is for leads of all."""
    sites = user.sites_for(CHANGE_PEOPLE)
    return sites is None or site_id in sites


def sites_to_choose(user: User) -> QuerySet[Site]:
    """The sites at which a lead may put people, teams and cohorts."""
    sites = user.sites_for(CHANGE_PEOPLE)
    return Site.objects.all() if sites is None else Site.objects.filter(pk__in=sites)


def may_view_people_at(user: User, site_id: uuid.UUID | None) -> bool:
    """A lead of this site, or of all. Trainers see the names in their cohorts, and no more of
    anybody; and one may lead at one site and be a trainer at another."""
    sites = user.sites_for(VIEW_PEOPLE)
    return sites is None or site_id in sites


def may_record_training_at(user: User, site_id: uuid.UUID | None) -> bool:
    """Leads and trainers of this site, or of all, for the cohorts there."""
    sites = user.sites_for(RECORD_TRAINING)
    return sites is None or site_id in sites


def may_change_people(user: User) -> bool:
    """Leads, for what is visible to them."""
    return user.has_perm(CHANGE_PEOPLE)
