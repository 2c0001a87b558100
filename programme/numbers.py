"""The numbers behind each picture in the form that JSON and CSV carry them, exact or published.

A page shows the same numbers, so that what is hidden in one place is hidden in all. In published
numbers `None` stands for hidden as well as for *not applicable*.
"""

import datetime as dt
from collections.abc import Iterator

from programme.disclosure import is_small, published, published_share, published_table
from programme.funnel import Part, Stage
from programme.retention import Milestone, Retention, wilson
from programme.summary import Staying

FUNNEL_COLUMNS = ["as_at", "stage", "people", "of_previous", "of_commenced"]
RETENTION_COLUMNS = [
    "as_at",
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


def funnel_numbers(stages: list[Stage], as_at: dt.date, *, hide_small: bool = False) -> dict:
    """The funnel as `/dashboard/funnel.json` answers it."""
    rows = _published_stages(stages) if hide_small else _exact_stages(stages)
    return {"as_at": as_at.isoformat(), "stages": rows}


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


def _published_stages(stages: list[Stage]) -> list[dict]:
    shown = published_table(stage.people for stage in stages)
    commenced = shown[1]
    rows = []
    for place, stage in enumerate(stages):
        before = shown[place - 1] if place else None
        rows.append(
            {
                "stage": stage.stage,
                "people": shown[place],
                "of_previous": _share(stage.of_previous, shown[place], before),
                "of_commenced": _share(stage.of_commenced, shown[place], commenced),
            }
        )
    return rows


def _share(part: Part | None, *counts: int | None) -> float | None:
    return None if part is None or None in counts else published_share(*part)


def retention_numbers(staying: Staying, *, hide_small: bool = False) -> dict:
    """Retention as `/dashboard/retention.json` answers it.

    Published numbers carry no curve: its steps are single people.
    """
    group = _published_group if hide_small else _exact_group
    return {
        "as_at": staying.as_at.isoformat(),
        "by": staying.by,
        "groups": [group(one) for one in staying.groups],
        "log_rank_p": None if hide_small else staying.log_rank_p,
    }


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


def _published_group(group: Retention) -> dict:
    eligible = published_table([group.n, *(one.eligible for one in group.milestones)])
    n = eligible.pop(0)
    return {
        "group": group.group,
        "n": n,
        "left": None if n is None or is_small(group.n - group.left) else published(group.left),
        "curve": [],
        "milestones": [
            _published_milestone(one, shown)
            for one, shown in zip(group.milestones, eligible, strict=True)
        ],
        "median_days": None,
    }


def _published_milestone(one: Milestone, eligible: int | None) -> dict:
    in_post = None
    if eligible is not None and not is_small(one.eligible - one.in_post):
        in_post = published(one.in_post)
    share = low = high = None
    if in_post is not None:
        share = published_share(one.in_post, one.eligible)
        _, low, high = wilson(in_post, eligible)
    return {
        "months": one.months,
        "eligible": eligible,
        "in_post": in_post,
        "share": share,
        "share_low": low and round(low, 2),
        "share_high": high and round(high, 2),
        "survival": None,
        "low": None,
        "high": None,
    }


def funnel_rows(numbers: dict, *, hide_small: bool) -> Iterator[list]:
    """The funnel as rows of `FUNNEL_COLUMNS`."""
    star = _starred if hide_small else _as_it_is
    for stage in numbers["stages"]:
        shares = [stage["of_previous"], stage["of_commenced"]]
        if stage["stage"] != "applied":  # which has no shares, hidden or not
            shares = map(star, shares)
        yield [numbers["as_at"], stage["stage"], star(stage["people"]), *shares]


def retention_rows(numbers: dict, *, hide_small: bool) -> Iterator[list]:
    """Retention as rows of `RETENTION_COLUMNS`: for each group its curve, then its milestones, then
    one row with its totals, all stays under `at_risk`; `kind` says which, and columns of the other
    kinds are empty."""
    star = _starred if hide_small else _as_it_is
    for group in numbers["groups"]:
        head = [numbers["as_at"], numbers["by"], group["group"]]
        for point in group["curve"]:
            yield [*head, "curve", *point.values(), *[None] * 8]
        for one in group["milestones"]:
            months, eligible, in_post, *share, survival, low, high = one.values()
            counts = map(star, [eligible, in_post, *share])
            yield [
                *head,
                "milestone",
                *[None] * 3,
                survival,
                low,
                high,
                months,
                *counts,
                None,
                None,
            ]
        totals = [star(group["n"]), star(group["left"])]
        last = [group["median_days"], numbers["log_rank_p"]]
        yield [*head, "total", None, *totals, *[None] * 9, *last]


def _as_it_is(cell):
    return cell


def _starred(cell):
    return HIDDEN if cell is None else cell
