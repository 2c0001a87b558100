"""Group results as people read them."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Prefetch

from programme.retention import add_months
from questionnaires.definition import Item, questions
from wellbeing.models import GroupMean, GroupMonth

MONTHS_SHOWN = 12
EVERYBODY = "Everybody"


class Row(NamedTuple):
    """A question, its mean in words, what its two ends say, and who answered it."""

    question: str
    mean: str
    ends: str
    people: int


class Month(NamedTuple):
    """What is shown of a month, for everybody or for a site."""

    name: str
    title: str
    site: str
    people: int
    asked: int | None
    rows: list[Row]

    @property
    def counts(self) -> tuple[int, int | None]:
        return self.people, self.asked


def months_shown(day: dt.date) -> list[Month]:
    """The last twelve months that were worked out, the newest first."""
    since = add_months(day.replace(day=1), -MONTHS_SHOWN)
    rows = GroupMonth.objects.filter(month__gte=since).prefetch_related(
        Prefetch("means", GroupMean.objects.all()), "site", "version__questionnaire"
    )
    ordered = rows.order_by("-month", "version__questionnaire__name", "site__name")
    return [_month(row) for row in ordered]


def _month(row: GroupMonth) -> Month:
    definition = row.version.definition
    means = {mean.question: mean for mean in row.means.all()}
    return Month(
        name=f"{row.month:%B %Y}",
        title=definition.title,
        site=str(row.site or EVERYBODY),
        people=row.people,
        asked=row.asked,
        rows=[
            Row(item.text, mean_in_words(mean), _ends(item), mean.people)
            for item in questions(definition)
            if (mean := means.get(item.link_id))
        ],
    )


def mean_in_words(mean: GroupMean) -> str:
    """*3.5*, *4.5 or more*, *1.5 or less*."""
    value = f"{Decimal(mean.value).normalize():f}"
    return f"{value}{ {-1: ' or less', 0: '', 1: ' or more'}[mean.end] }"


def _ends(item: Item) -> str:
    scored = [option for option in item.options if option.score is not None]
    by_score = sorted(scored, key=lambda option: option.score)
    low, high = by_score[0], by_score[-1]
    return f"{low.score.normalize():f} is “{low.text}”, {high.score.normalize():f} “{high.text}”"
