"""The numbers behind each picture in the form that JSON and CSV carry them, exact or published.

A page shows the same numbers, so that what is hidden in one place is hidden in all; published ones
all come from `publishing`. In those `None` stands for hidden as well as for *not applicable*: which
of them are hidden is named under `hidden`, as `completed.of_previous` or `24.share`.
"""

import datetime as dt
from collections.abc import Iterator

from programme.disclosure import Published
from programme.figures import ALL
from programme.funnel import Stage
from programme.retention import MILESTONES, Milestone, Retention, wilson
from programme.summary import Staying

FUNNEL_COLUMNS = ["as_at", "mode", "stage", "people", "of_previous", "of_commenced"]
RETENTION_COLUMNS = [
    "as_at",
    "mode",
    "by",
    "group",
    "kind",
    "day",
    "at_risk",
    "left",
    "survival",
    "low",
    "high",
    "months",
    "eligible",
    "in_post",
    "share",
    "share_low",
    "share_high",
    "median_days",
    "log_rank_p",
]
HIDDEN = "*"
INTERNAL, PUBLISHED = "internal", "published"
# Of each stage, part and whole of its share of the stage before and of those who commenced.
PARTS_OF_STAGES = {
    "applied": (None, None),
    "commenced": (("applied and commenced", "applied"), ("commenced", "commenced")),
    "completed": (("completed", "commenced"), ("completed", "commenced")),
    "employed": (("completed and employed", "completed"), ("commenced and employed", "commenced")),
    "in_post_24_months": (
        ("in_post_24_months", "employed 24 months ago"),
        ("commenced and in post after 24 months", "commenced"),
    ),
}


def last_quarter_end(day: dt.date) -> dt.date:
    """The latest end of March, June, September or December that is not after a day.

    Published figures are of such days only: read day by day, rounded numbers would tell on which
    day somebody came or left.
    """
    after = day + dt.timedelta(days=1)
    first_month = 3 * ((after.month - 1) // 3) + 1
    return dt.date(after.year, first_month, 1) - dt.timedelta(days=1)


def funnel_numbers(stages: list[Stage], as_at: dt.date) -> dict:
    """The exact funnel as `/dashboard/funnel.json` answers it."""
    return {"as_at": as_at.isoformat(), "mode": INTERNAL, "stages": _exact_stages(stages)}


def published_funnel_numbers(figures: Published, as_at: dt.date) -> dict:
    """The published funnel: a share is of two shown numbers."""
    rows, hidden = [], []
    for stage, (previous, commenced) in PARTS_OF_STAGES.items():
        shares = [pair and figures.share(*pair) for pair in (previous, commenced)]
        cells = {
            "people": figures[stage] is None,
            "of_previous": bool(previous) and figures.hides(*previous),
            "of_commenced": bool(commenced) and figures.hides(*commenced),
        }
        hidden += [f"{stage}.{name}" for name, is_hidden in cells.items() if is_hidden]
        rows.append(
            {
                "stage": stage,
                "people": figures[stage],
                "of_previous": shares[0],
                "of_commenced": shares[1],
            }
        )
    return {"as_at": as_at.isoformat(), "mode": PUBLISHED, "stages": rows, "hidden": hidden}


def _exact_stages(stages: list[Stage]) -> list[dict]:
    return [
        {
            "stage": stage.stage,
            "people": stage.people,
            "of_previous": stage.of_previous and stage.of_previous.share,
            "of_commenced": stage.of_commenced and stage.of_commenced.share,
        }
        for stage in stages
    ]


def retention_numbers(staying: Staying) -> dict:
    """Exact retention as `/dashboard/retention.json` answers it."""
    return {
        "as_at": staying.as_at.isoformat(),
        "mode": INTERNAL,
        "by": staying.by,
        "groups": [_exact_group(one) for one in staying.groups],
        "log_rank_p": staying.log_rank_p,
    }


def published_retention_numbers(figures: Published, as_at: dt.date) -> dict:
    """Published retention, of all together; there is no curve: its steps are single people."""
    group = {
        "group": ALL,
        "n": figures["stays"],
        "left": figures["stays ended"],
        "curve": [],
        "milestones": [_published_milestone(months, figures) for months in MILESTONES],
        "median_days": None,
    }
    return {
        "as_at": as_at.isoformat(),
        "mode": PUBLISHED,
        "by": "none",
        "groups": [group],
        "log_rank_p": None,
        "hidden": [name for name, is_hidden in _hidden_of_retention(figures) if is_hidden],
    }


def _hidden_of_retention(figures: Published) -> Iterator[tuple[str, bool]]:
    """Each cell of published retention by its name, and whether it is hidden."""
    yield "n", figures["stays"] is None
    yield "left", figures["stays ended"] is None
    for months in MILESTONES:
        eligible, in_post = f"eligible {months}", f"stayed {months}"
        yield f"{months}.eligible", figures[eligible] is None
        yield f"{months}.in_post", figures[in_post] is None
        for share in ("share", "share_low", "share_high"):
            yield f"{months}.{share}", figures.hides(in_post, eligible)


def _exact_group(group: Retention) -> dict:
    return {
        "group": group.group,
        "n": group.n,
        "left": group.left,
        "curve": [point._asdict() for point in group.curve],
        "milestones": [_milestone(one) for one in group.milestones],
        "median_days": group.median_days,
    }


def _milestone(one: Milestone) -> dict:
    return {
        "months": one.months,
        "eligible": one.eligible,
        "in_post": one.in_post,
        "share": one.share.share,
        "share_low": one.share.low,
        "share_high": one.share.high,
        "survival": one.survival,
        "low": one.low,
        "high": one.high,
    }


def _published_milestone(months: int, figures: Published) -> dict:
    eligible, in_post = figures[f"eligible {months}"], figures[f"stayed {months}"]
    share = figures.share(f"stayed {months}", f"eligible {months}")
    low = high = None
    if share is not None:
        low, high = (round(bound, 2) for bound in wilson(in_post, eligible)[1:])
    return {
        "months": months,
        "eligible": eligible,
        "in_post": in_post,
        "share": share,
        "share_low": low,
        "share_high": high,
        "survival": None,
        "low": None,
        "high": None,
    }


def funnel_rows(numbers: dict) -> Iterator[list]:
    """The funnel as rows of `FUNNEL_COLUMNS`; not applicable is empty, hidden a star."""
    for stage in numbers["stages"]:
        cells = (_cell(numbers, stage, stage["stage"], name) for name in FUNNEL_COLUMNS[3:])
        yield [numbers["as_at"], numbers["mode"], stage["stage"], *cells]


def retention_rows(numbers: dict) -> Iterator[list]:
    """Retention as rows of `RETENTION_COLUMNS`: for each group its curve, then its milestones, then
    one row with its totals, all stays under `at_risk`; `kind` says which, and columns of the other
    kinds are empty, as is what is not applicable; hidden is a star."""
    for group in numbers["groups"]:
        head = [numbers["as_at"], numbers["mode"], numbers["by"], group["group"]]
        for point in group["curve"]:
            yield [*head, "curve", *point.values(), *[None] * 8]
        for one in group["milestones"]:
            months, survival = one["months"], [one[name] for name in ("survival", "low", "high")]
            names = RETENTION_COLUMNS[12:17]
            counts = (_cell(numbers, one, months, name) for name in names)
            yield [
                *head,
                "milestone",
                *[None] * 3,
                *survival,
                months,
                *counts,
                None,
                None,
            ]
        hidden = numbers.get("hidden", ())
        totals = [HIDDEN if name in hidden else group[name] for name in ("n", "left")]
        last = [group["median_days"], numbers["log_rank_p"]]
        yield [*head, "total", None, *totals, *[None] * 9, *last]


def _cell(numbers: dict, row: dict, about: object, name: str):
    """One cell of a file, a star where it is hidden."""
    return HIDDEN if f"{about}.{name}" in numbers.get("hidden", ()) else row[name]
