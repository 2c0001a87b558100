"""What the lists about posts are asked for, in their addresses."""

import datetime as dt

from django import forms

from accounts.models import Site, User
from design.fields import DateBoxesField, LineField
from design.forms import NhsHelper
from programme.ahead import Kind
from programme.forms.choices import TeamChoice
from programme.forms.past_day import PastDayField
from programme.models import Employer, LeavingReasonGroup, Team
from programme.permissions import sites_to_choose
from programme.retention import add_months


class ListFilters(forms.Form):
    """Filters of a list, read from an address; whatever is not given means everything."""

    site = forms.ModelChoiceField(
        label="Site", queryset=Site.objects.none(), required=False, empty_label="All sites"
    )
    team = TeamChoice(
        label="Team", queryset=Team.objects.none(), required=False, empty_label="All teams"
    )
    employer = forms.ModelChoiceField(
        label="Employer",
        queryset=Employer.objects.none(),
        required=False,
        empty_label="All employers",
    )
    submit = "Show these rows"

    def __init__(self, data, *, user: User, today: dt.date):
        super().__init__(data or {})
        self.today = today
        self.fields["site"].queryset = sites_to_choose(user)
        self.fields["team"].queryset = Team.objects.visible_to(user).select_related("site")
        self.fields["employer"].queryset = Employer.objects.visible_to(user)
        self.helper = NhsHelper(submit=self.submit, method="get", filters=True)

    @property
    def narrowed(self) -> bool:
        """Whether the address asks for fewer than all rows."""
        return any(self.data.get(name) for field in self for name in _names(field))

    @property
    def day(self) -> dt.date:
        """The day that the rows are of: today where none is asked for."""
        return getattr(self, "cleaned_data", {}).get("as_at") or self.today

    @property
    def as_at(self) -> dt.date | None:
        """That day, where it is a past one."""
        return self.day if self.day < self.today else None

    def place(self, prefix: str) -> dict:
        """The site, team and employer asked for as conditions on a post, by the way to it."""
        ways = {"site": f"{prefix}team__site", "team": f"{prefix}team"}
        ways["employer"] = f"{prefix}employer"
        return {
            way: self.cleaned_data[name] for name, way in ways.items() if self.cleaned_data[name]
        }


def _names(field: forms.BoundField) -> list[str]:
    """What an address calls a field: a date has three boxes."""
    if isinstance(field.field, DateBoxesField):
        return [f"{field.html_name}_{box}" for box in range(3)]
    return [field.html_name]


class EstablishmentFilters(ListFilters):
    as_at = PastDayField()
    field_order = ["as_at"]


class AheadFilters(ListFilters):
    kind = forms.ChoiceField(
        label="What", choices=[("", "Everything"), *Kind.choices], required=False
    )
    months = forms.TypedChoiceField(
        label="Until",
        choices=[(3, "3 months ahead"), (6, "6 months ahead"), (12, "12 months ahead")],
        coerce=int,
        empty_value=6,
        required=False,
        initial=6,
    )
    as_at = PastDayField()
    field_order = ["kind", "months", "as_at"]

    def __init__(self, data, **settings):
        data = data.copy() if data else {}
        data.setdefault("months", "6")
        super().__init__(data, **settings)

    @property
    def until(self) -> dt.date:
        """The last day of the period asked for."""
        return add_months(self.day, self.cleaned_data["months"])

    @property
    def narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.fields if name != "months")


class LeaversFilters(ListFilters):
    q = LineField(label="Name or reference", required=False, max_length=200)
    since = DateBoxesField(label="Left from", required=False)
    until = DateBoxesField(label="Left until", required=False)
    group = forms.ChoiceField(
        label="Reason",
        required=False,
        choices=[("", "Every reason"), *LeavingReasonGroup.choices, ("none", "No reason recorded")],
    )
    field_order = ["q", "since", "until", "group"]
