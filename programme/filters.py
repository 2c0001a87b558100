"""Which rows a list shows, as its address says."""

import datetime as dt
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet

from accounts.models import Site
from design.fields import LineField
from programme.forms.choices import TeamChoice
from programme.forms.past_day import PastDayField
from programme.models import (
    Cohort,
    Employer,
    Enrolment,
    Person,
    Place,
    Post,
    Round,
    RoundState,
    Spell,
    Team,
    TeamPreparation,
)
from programme.permissions import sites_to_choose

SORTS = {
    "name": ("Name", ["sort_name", "reference"]),
    "reference": ("Reference", ["reference"]),
    "newest": ("Started, newest first", [F("started_on").desc(nulls_last=True), "sort_name"]),
    "oldest": ("Started, oldest first", [F("started_on").asc(nulls_last=True), "sort_name"]),
}
SORTED_BY_START = {"newest", "oldest"}
ROUND_STATES = {
    "open": "Open to applications",
    "drafts": "Drafts and still to open",
    "over": "No longer taking applications",
}


class LineFilter(django_filters.CharFilter):
    field_class = LineField


class PastDayFilter(django_filters.Filter):
    field_class = PastDayField


class TeamFilter(django_filters.ModelChoiceFilter):
    field_class = TeamChoice


def _sites(request) -> QuerySet[Site]:
    return sites_to_choose(request.user)


def _teams(request) -> QuerySet[Team]:
    return Team.objects.visible_to(request.user).select_related("site")


def _cohorts(request) -> QuerySet[Cohort]:
    return Cohort.objects.of_people_visible_to(request.user)


def _employers(request) -> QuerySet[Employer]:
    return Employer.objects.visible_to(request.user)


class ListFilter(django_filters.FilterSet):
    """Search and filters of a list; an address that makes no sense shows no row and says why.

    A list with a filter `as_at` can be read as at a past day.
    """

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    @property
    def narrowed(self) -> bool:
        """Whether the address asks for fewer than all rows."""
        return any(self.data.get(name) for name in self.filters if name != "sort")

    @cached_property
    def as_at(self) -> dt.date | None:
        """The past day that the rows are of; `None` for today."""
        day = self.form.cleaned_data.get("as_at") if self.form.is_valid() else None
        return day if day and day < self.today else None

    @property
    def asked(self) -> dict[str, Any]:
        """What the address asks for, by the name of the filter."""
        return self.form.cleaned_data

    @property
    def day(self) -> dt.date:
        return self.as_at or self.today

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.form.is_valid():
            return queryset.none()
        found = queryset.matching(self.asked["q"]) if "q" in self.filters else queryset
        return self.kept(found)

    def kept(self, rows: QuerySet) -> QuerySet:
        """Of the rows found by words, those that everything else in `asked` keeps, in order."""
        return rows


class PeopleFilter(ListFilter):
    """Search, filters and order of the list of people.

    Team and employer are those of any spell in post, or of the present one for people in post.
    """

    q = LineFilter(label="Name, reference or email address", max_length=200)
    status = django_filters.ChoiceFilter(
        label="Where they are now", choices=Place, empty_label="Anywhere"
    )
    site = django_filters.ModelChoiceFilter(label="Site", queryset=_sites, empty_label="All sites")
    team = TeamFilter(label="Team", queryset=_teams, empty_label="All teams")
    cohort = django_filters.ModelChoiceFilter(
        label="Cohort", queryset=_cohorts, empty_label="All cohorts"
    )
    employer = django_filters.ModelChoiceFilter(
        label="Employer", queryset=_employers, empty_label="All employers"
    )
    as_at = PastDayFilter(label="As at")
    sort = django_filters.ChoiceFilter(
        label="Sort by",
        choices=[(key, words) for key, (words, _) in SORTS.items()],
        empty_label=None,
    )

    @property
    def chosen(self) -> bool:
        """Whether the address says more than what to search for."""
        return any(self.data.get(name) for name in self.filters if name != "q")

    def kept(self, people: QuerySet[Person]) -> QuerySet[Person]:
        asked, user = self.asked, self.request.user
        if self.as_at:
            people = people.known_by(self.as_at, user)
        if asked["site"]:
            people = people.at_sites([asked["site"]])
        if asked["cohort"]:
            people = people.in_cohort(asked["cohort"], by=self.as_at)
        if asked["status"]:
            people = people.with_place_on(self.day, user).filter(place=asked["status"])
        if asked["team"] or asked["employer"]:
            people = people.with_spell(self._spells())
        if asked["sort"] in SORTED_BY_START:
            people = people.with_start(user, until=self.as_at)
        _, order = SORTS[asked["sort"] or "name"]
        return people.order_by(*order, "pk")

    def _spells(self) -> QuerySet[Spell]:
        asked, spells = self.asked, Spell.objects.visible_to(self.request.user)
        if asked["status"] == Place.IN_POST:
            spells = spells.in_post_on(self.day)
        elif self.as_at:
            spells = spells.begun_by(self.as_at)
        if asked["team"]:
            spells = spells.filter(post__team=asked["team"])
        if asked["employer"]:
            spells = spells.filter(post__employer=asked["employer"])
        return spells


class CohortsFilter(ListFilter):
    q = LineFilter(label="Name or site", max_length=120)
    as_at = PastDayFilter(label="As at")

    def kept(self, rows: QuerySet[Cohort]) -> QuerySet[Cohort]:
        rows = rows.begun_by(self.as_at) if self.as_at else rows
        return rows.order_by(F("starts_on").desc(nulls_last=True), "name")


class PostsFilter(ListFilter):
    q = LineFilter(label="Title, team, site or employer", max_length=120)
    as_at = PastDayFilter(label="As at")

    def kept(self, rows: QuerySet[Post]) -> QuerySet[Post]:
        rows = rows.known_on(self.as_at) if self.as_at else rows
        return rows.order_by("title", "pk")


class MembersFilter(ListFilter):
    """Who is in one cohort, today or as at a day before."""

    as_at = PastDayFilter(label="As at")

    def kept(self, rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
        return rows.known_by(self.as_at) if self.as_at else rows


class HoldersFilter(ListFilter):
    """Who is and was in one post, today or as at a day before."""

    as_at = PastDayFilter(label="As at")

    def kept(self, rows: QuerySet[Spell]) -> QuerySet[Spell]:
        return rows.begun_by(self.as_at) if self.as_at else rows


class PreparationsFilter(ListFilter):
    """The sessions that prepared one team, or will; as at a day before, those held by then."""

    as_at = PastDayFilter(label="As at")

    def kept(self, rows: QuerySet[TeamPreparation]) -> QuerySet[TeamPreparation]:
        return rows.filter(held_on__lte=self.as_at) if self.as_at else rows


class TeamsFilter(ListFilter):
    q = LineFilter(label="Name, site or supervisor", max_length=120)
    as_at = PastDayFilter(label="As at")

    def kept(self, rows: QuerySet[Team]) -> QuerySet[Team]:
        return rows.order_by("name", "site__name", "pk")


class EmployersFilter(ListFilter):
    q = LineFilter(label="Name", max_length=120)

    def kept(self, rows: QuerySet[Employer]) -> QuerySet[Employer]:
        return rows.order_by("name", "pk")


class RoundsFilter(ListFilter):
    q = LineFilter(label="Title", max_length=120)
    state = django_filters.ChoiceFilter(
        label="Which rounds", choices=list(ROUND_STATES.items()), empty_label="All rounds"
    )
    site = django_filters.ModelChoiceFilter(label="Site", queryset=_sites, empty_label="All sites")

    def kept(self, rows: QuerySet[Round]) -> QuerySet[Round]:
        asked = self.asked
        if asked["site"]:
            rows = rows.filter(site=asked["site"])
        if not asked["state"]:
            return rows
        is_open = Q(state=RoundState.PUBLISHED, opens_on__lte=self.today, closes_on__gte=self.today)
        to_come = Q(state=RoundState.DRAFT) | Q(state=RoundState.PUBLISHED, opens_on__gt=self.today)
        states = {"open": is_open, "drafts": to_come, "over": ~is_open & ~to_come}
        return rows.filter(states[asked["state"]])
