"""Which rows a lead's lists of supervision show, as their addresses say."""

import django_filters
from django.db.models import QuerySet

from accounts.models import Site
from programme.filters import LineFilter, ListFilter, TeamFilter
from programme.models import Team
from programme.permissions import sites_to_choose
from supervision.models import Agreement, SupervisionKind


def _sites(request) -> QuerySet[Site]:
    return sites_to_choose(request.user)


def _teams(request) -> QuerySet[Team]:
    return Team.objects.visible_to(request.user).select_related("site")


class DutyFilter(ListFilter):
    """By name and kind, and by site and team in which people are in post today."""

    q = LineFilter(label="Name or reference", max_length=200)
    kind = django_filters.ModelChoiceFilter(
        label="Kind",
        queryset=lambda _request: SupervisionKind.objects.all(),
        empty_label="Every kind",
    )
    site = django_filters.ModelChoiceFilter(label="Site", queryset=_sites, empty_label="All sites")
    team = TeamFilter(label="Team", queryset=_teams, empty_label="All teams")

    def __init__(self, *args, **settings):
        super().__init__(*args, queryset=Agreement.objects.none(), **settings)

    @property
    def chosen(self) -> bool:
        """Whether the address says more than what to search for."""
        return any(self.data.get(name) for name in self.filters if name != "q")

    @property
    def wanted(self) -> dict | None:
        """What the address asks for, or `None` where it makes no sense: then no row is shown."""
        return self.asked if self.form.is_valid() else None
