"""The records that figures may count, and what can be chosen among them."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import QuerySet

from accounts.models import Site, User
from accounts.roles import VIEW_FIGURES, VIEW_PEOPLE
from programme.kept import Keeping, kept_part
from programme.models import (
    Applicant,
    Application,
    Cohort,
    Employer,
    Enrolment,
    Person,
    Post,
    Spell,
    Team,
)


@dataclass(frozen=True)
class Records:
    """The rows that one reader's figures may count; `keeping`: by what parts of what is read from
    them are kept, if at all."""

    applicants: QuerySet[Applicant]
    applications: QuerySet[Application]
    enrolments: QuerySet[Enrolment]
    cohorts: QuerySet[Cohort]
    posts: QuerySet[Post]
    spells: QuerySet[Spell]
    sites: QuerySet[Site]
    teams: QuerySet[Team]
    employers: QuerySet[Employer]
    keeping: Keeping | None = None


def records_visible_to(user: User) -> Records:
    """What a user who may see people's records may count: those records and no others."""
    own = user.sites_for(VIEW_FIGURES)
    applications = Application.objects.visible_to(user)
    if user.sites_for(VIEW_PEOPLE) is not None:  # whose enrolments one sees, one sees too
        applications = applications.filter(person__in=Person.objects.visible_to(user))
    return Records(
        applicants=Applicant.objects.visible_to(user),
        applications=applications,
        enrolments=Enrolment.objects.visible_to(user),
        cohorts=Cohort.objects.of_people_visible_to(user),
        posts=Post.objects.visible_to(user),
        spells=Spell.objects.visible_to(user),
        sites=Site.objects.all() if own is None else Site.objects.filter(pk__in=own),
        teams=Team.objects.visible_to(user),
        employers=Employer.objects.visible_to(user),
    )


def whole_programme() -> Records:
    """Every record, for published figures: they are of the whole programme or not at all."""
    return Records(
        applicants=Applicant.objects.all(),
        applications=Application.objects.all(),
        enrolments=Enrolment.objects.all(),
        cohorts=Cohort.objects.all(),
        posts=Post.objects.all(),
        spells=Spell.objects.all(),
        sites=Site.objects.all(),
        teams=Team.objects.all(),
        employers=Employer.objects.all(),
    )


class Choice(NamedTuple):
    """One option of a filter: `name` is the row's own, `label` tells two of one name apart."""

    id: uuid.UUID
    name: str
    label: str
    site_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Choices:
    """The options of each filter."""

    site: list[Choice] = field(default_factory=list)
    team: list[Choice] = field(default_factory=list)
    cohort: list[Choice] = field(default_factory=list)
    employer: list[Choice] = field(default_factory=list)

    def labels(self, by: str) -> dict[uuid.UUID, str]:
        """What to call each group, where a grouping is by one of these."""
        return {choice.id: choice.label for choice in getattr(self, by, [])}


def read_choices(records: Records) -> Choices:
    """What can be chosen, in four queries; a team is told apart by its site where names repeat."""
    return kept_part(records.keeping, ("choices",), lambda: _choices(records))


def _choices(records: Records) -> Choices:
    teams = list(records.teams.values_list("id", "name", "site__name", "site_id"))
    times = Counter(name for _, name, _, _ in teams)
    return Choices(
        site=_named(records.sites),
        team=[
            Choice(key, name, f"{name} ({site})" if times[name] > 1 else name, site_id)
            for key, name, site, site_id in teams
        ],
        cohort=_named(records.cohorts),
        employer=_named(records.employers),
    )


def _named(rows: QuerySet) -> list[Choice]:
    return [Choice(key, name, name) for key, name in rows.values_list("id", "name")]
