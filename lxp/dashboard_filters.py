"""What the dashboard was asked for: the day, the filters and the grouping, from the address."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError

from design.fields import LineField
from design.forms import NhsHelper
from programme.figures import BY, Filters
from programme.forms.past_day import PastDayField
from programme.numbers import INTERNAL, PUBLISHED, last_quarter_end
from programme.records import Choice, Choices

MOST_OPTIONS = 100  # a longer list is quicker to type in than to search
BY_NAMES = {
    "none": "All together",
    "cohort": "Cohort",
    "site": "Site",
    "team": "Team",
    "role": "Role",
    "employer": "Employer",
}
MODES = (INTERNAL, PUBLISHED)
WHOLE_PROGRAMME_ONLY = (
    "Published figures are of the whole programme. They can be read as at another day, but not "
    "filtered or compared."
)


class FigureFilters(forms.Form):
    """The filters of the page and of every download; each row is named by its id or exact name."""

    as_at = PastDayField(help_text="For example, 31/3/2026")
    by = forms.ChoiceField(label="Compare by", required=False, choices=list(BY_NAMES.items()))
    mode = forms.ChoiceField(
        required=False, choices=[(mode, mode) for mode in MODES], widget=forms.HiddenInput
    )

    def __init__(
        self,
        query: dict[str, str],
        *,
        choices: Choices,
        today: dt.date,
        published: bool,
        compared: bool = True,
    ):
        self.choices, self.today, self.published = choices, today, published
        self.latest = last_quarter_end(today) if published else today
        super().__init__(dict(query))
        latest = self.latest
        self.data.setdefault("as_at", f"{latest.day}/{latest.month}/{latest.year}")
        if published or not compared:
            del self.fields["by"]
        if published:
            self.data["mode"] = PUBLISHED  # an evaluator's figures are, whatever was asked
        else:
            self._add_rows()
        self.helper = NhsHelper(submit="Show these figures", method="get", filters=True)

    def _add_rows(self) -> None:
        by = self.fields.pop("by", None)
        for name in ("site", "team", "cohort", "employer"):
            rows: list[Choice] = getattr(self.choices, name)
            label, widget, hint = name.capitalize(), forms.Select, ""
            if len(rows) > MOST_OPTIONS:
                widget, hint = forms.TextInput, f"The exact name of one of {len(rows):,}"
            field = LineField(
                label=label, required=False, max_length=200, widget=widget, help_text=hint
            )
            if widget is forms.Select:
                options = [(str(row.id), row.label) for row in rows]
                field.widget.choices = [("", f"Every {name}"), *options]
                found = self.rows_called(name, self.data.get(name, ""))
                if len(found) == 1:
                    self.data[name] = str(found[0].id)
            self.fields[name] = field
        if by:
            self.fields["by"] = by

    def rows_called(self, name: str, value: str) -> list[Choice]:
        """The rows of one filter with this id, label or name, capitals ignored."""
        value = value.strip().casefold()
        rows: list[Choice] = getattr(self.choices, name)
        exact = [row for row in rows if value in (str(row.id), row.label.casefold())]
        return exact or [row for row in rows if row.name.casefold() == value]

    def clean_as_at(self) -> dt.date:
        day = self.cleaned_data["as_at"] or self.latest
        return last_quarter_end(day) if self.published else day

    def clean_site(self) -> Choice | None:
        return self._row("site")

    def clean_team(self) -> Choice | None:
        return self._row("team", site=self.cleaned_data.get("site"))

    def clean_cohort(self) -> Choice | None:
        return self._row("cohort")

    def clean_employer(self) -> Choice | None:
        return self._row("employer")

    def _row(self, name: str, site: Choice | None = None) -> Choice | None:
        value = self.cleaned_data[name]
        if not value:
            return None
        found = self.rows_called(name, value)
        if len(found) > 1 and site:
            found = [row for row in found if row.site_id == site.id]
        if len(found) > 1:
            raise ValidationError(f"More than one {name} has this name. Choose its site as well.")
        if not found:
            article = "an" if name[0] in "aeiou" else "a"
            raise ValidationError(f"Choose {article} {name} from the list.")
        return found[0]

    def clean(self) -> None:
        if not self.published:
            return
        asked = {name: self.data.get(name) for name in ("site", "team", "cohort", "employer", "by")}
        if any(value and (name, value) != ("by", "none") for name, value in asked.items()):
            raise ValidationError(WHOLE_PROGRAMME_ONLY)

    def clean_mode(self) -> str:
        return self.cleaned_data["mode"] or MODES[0]

    @property
    def invitation(self) -> str:
        """What opens the filters."""
        return f"Filter{', compare' if 'by' in self.fields else ''} or choose another day"

    @property
    def chosen(self) -> bool:
        """Whether the address says more than the page shows without: the filters stand open."""
        return not self.is_valid() or self.filters != Filters(self.latest)

    @property
    def filters(self) -> Filters:
        """What was asked for; today and everybody where something was not understood."""
        known = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        rows = {name: known.get(name) for name in ("site", "team", "cohort", "employer")}
        return Filters(known.get("as_at") or self.latest, **rows, by=known.get("by") or BY[0])
