"""Which people a list shows, as its address says."""

import datetime as dt

import django_filters
from django.db.models import F, QuerySet

from accounts.models import Site
from design.fields import LineField
from programme.forms.choices import TeamChoice
from programme.models import Cohort, Employer, Person, Place, Spell, Team
from programme.permissions import sites_to_choose

SORTS = {
    "name": ("Name", ["sort_name", "reference"]),
    "reference": ("Reference", ["reference"]),
    "newest": ("Started, newest first", [F("started_on").desc(nulls_last=True), "sort_name"]),
    "oldest": ("Started, oldest first", [F("started_on").asc(nulls_last=True), "sort_name"]),
}
SORTED_BY_START = {"newest", "oldest"}


class LineFilter(django_filters.CharFilter):
    field_class = LineField


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


class PeopleFilter(django_filters.FilterSet):
    """Search, filters and order of the list of people; a wrong address shows nobody and says why.

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
    sort = django_filters.ChoiceFilter(
        label="Sort by",
        choices=[(key, words) for key, (words, _) in SORTS.items()],
        empty_label=None,
    )

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    @property
    def narrowed(self) -> bool:
        """Whether the address asks for fewer than everybody."""
        return any(self.data.get(name) for name in self.filters if name != "sort")

    @property
    def chosen(self) -> bool:
        """Whether the address says more than what to search for."""
        return any(self.data.get(name) for name in self.filters if name != "q")

    def filter_queryset(self, queryset: QuerySet[Person]) -> QuerySet[Person]:
        if not self.form.is_valid():
            return queryset.none()
        asked = self.form.cleaned_data
        people = queryset.matching(asked["q"])
        if asked["site"]:
            people = people.at_sites([asked["site"]])
        if asked["cohort"]:
            people = people.in_cohort(asked["cohort"])
        if asked["status"]:
            placed = people.with_place_on(self.today, self.request.user)
            people = placed.filter(place=asked["status"])
        if asked["team"] or asked["employer"]:
            people = people.with_spell(self._spells(asked))
        if asked["sort"] in SORTED_BY_START:
            people = people.with_start(self.request.user)
        _, order = SORTS[asked["sort"] or "name"]
        return people.order_by(*order, "pk")

    def _spells(self, asked: dict) -> QuerySet[Spell]:
        spells = Spell.objects.visible_to(self.request.user)
        if asked["status"] == Place.IN_POST:
            spells = spells.in_post_on(self.today)
        if asked["team"]:
            spells = spells.filter(post__team=asked["team"])
        if asked["employer"]:
            spells = spells.filter(post__employer=asked["employer"])
        return spells
