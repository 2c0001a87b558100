"""The programme's figures as series and tables for `design.charts`."""

from collections.abc import Iterable, Sequence

from design.charts import Curve, Point, Table
from design.charts import Stage as Bar
from programme.funnel import Part, Stage
from programme.retention import DAYS_A_MONTH, Retention, Share, at_risk_on
from programme.summary import Staying

STAGE_NAMES = {
    "applied": "Applied",
    "commenced": "Started training",
    "completed": "Completed training",
    "employed": "Employed",
    "in_post_24_months": "In post after 24 months",
}
# What the share of each stage is of.
OF_PREVIOUS = {
    "commenced": "of those who applied",
    "completed": "of those who started",
    "employed": "of those who completed",
    "in_post_24_months": "of those who could have been",
}
NOT_APPLICABLE = "Not applicable"
MOST_CURVES = 6  # as many as can be told apart in one picture
MOST_CENSORED = 100  # more marks for people still in post would hide the line
MOST_POINTS = 60  # rows of a curve on the page; the file has them all
MOST_ROWS = 10  # groups in a table on the page


def published_retention_bars(numbers: dict) -> list[Bar]:
    """Bars of those who stayed, for the milestones that are not hidden."""
    return [
        Bar(f"After {one['months']} months", one["in_post"], f"of {one['eligible']:,}")
        for group in numbers["groups"]
        for one in group["milestones"]
        if one["in_post"] is not None and one["eligible"] is not None
    ]


def percent(share: float | None) -> str:
    """A share in whole per cent; only nobody is 0% and only everybody 100%."""
    if share is None:
        return NOT_APPLICABLE
    whole = round(100 * share)
    if whole == 0 and share > 0:
        return "under 1%"
    if whole == 100 and share < 1:
        return "over 99%"
    return f"{whole}%"


def of(part: Part | None) -> str:
    """A share with what it is of: *10 of 28 (36%)*."""
    if part is None:
        return "–"
    if not part.whole:
        return NOT_APPLICABLE
    return f"{part.part:,} of {part.whole:,} ({percent(part.share)})"


def interval(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{percent(low)} to {percent(high)}"


def with_interval(share: Share) -> str:
    """A share and its interval in brackets."""
    if share.share is None:
        return NOT_APPLICABLE
    return f"{percent(share.share)} ({interval(share.low, share.high)})"


# --- The funnel -----------------------------------------------------------------------------------


def funnel_bars(stages: Iterable[Stage]) -> list[Bar]:
    """One bar a stage, each with its share of the stage before."""
    return [Bar(STAGE_NAMES[stage.stage], stage.people, _bar_note(stage)) for stage in stages]


def _bar_note(stage: Stage) -> str:
    part = stage.of_previous
    if part is None or not part.whole:
        return ""
    if part.part != stage.people:  # some reached this stage without the one before
        return f"with {part.part:,} {OF_PREVIOUS[stage.stage]}"
    return f"{percent(part.share)} {OF_PREVIOUS[stage.stage]}"


def published_bars(numbers: dict) -> list[Bar]:
    """The bars of the stages that are not hidden."""
    return [
        Bar(STAGE_NAMES[stage["stage"]], stage["people"])
        for stage in numbers["stages"]
        if stage["people"] is not None
    ]


FUNNEL_COLUMNS = ("Stage", "People", "Of the stage before", "Of those who started training")


def funnel_table(stages: Iterable[Stage], caption: str) -> Table:
    rows = [
        (
            STAGE_NAMES[stage.stage],
            f"{stage.people:,}",
            f"{of(stage.of_previous)} {OF_PREVIOUS[stage.stage]}"
            if stage.of_previous and stage.of_previous.whole
            else of(stage.of_previous),
            of(stage.of_commenced),
        )
        for stage in stages
    ]
    return Table(caption, FUNNEL_COLUMNS, rows)


def published_funnel_table(numbers: dict, caption: str) -> Table:
    rows = [
        (
            STAGE_NAMES[stage["stage"]],
            starred(stage["people"]),
            published_words(numbers, stage, "of_previous") if place else "–",
            published_words(numbers, stage, "of_commenced") if place else "–",
        )
        for place, stage in enumerate(numbers["stages"])
    ]
    return Table(caption, FUNNEL_COLUMNS, rows)


def published_words(numbers: dict, stage: dict, name: str) -> str:
    """A published share in words: `*` where it is hidden, *Not applicable* of nobody."""
    if stage[name] is None and f"{stage['stage']}.{name}" not in numbers["hidden"]:
        return NOT_APPLICABLE
    return starred(stage[name], percent)


def starred(value: float | None, words=lambda count: f"{count:,}") -> str:
    """A published number in words, or `*` where it is hidden."""
    return "*" if value is None else words(value)


# --- Retention ----------------------------------------------------------------------------------


def largest(groups: Sequence[Retention], most: int = MOST_CURVES) -> list[Retention]:
    """The groups with most people, still in the order they came in."""
    if len(groups) <= most:
        return list(groups)
    kept = {group.group for group in sorted(groups, key=lambda group: -group.n)[:most]}
    return [group for group in groups if group.group in kept]


def ticks(staying: Staying) -> list[int]:
    """Months to mark: every 6, or further apart where people stay for many years."""
    last = max((group.curve[-1].day for group in staying.groups if group.curve), default=0)
    months = max(int(last / DAYS_A_MONTH), 6)
    step = next((step for step in (6, 12, 24, 60) if months / step <= 8), 120)
    return list(range(0, months + 1, step))


def survival_curves(staying: Staying) -> list[Curve]:
    """The lines of the picture, of the largest groups, in months."""
    marks = [round(month * DAYS_A_MONTH) for month in ticks(staying)]
    return [
        Curve(
            group.group,
            _points(group, staying.days[group.group]),
            at_risk_on(staying.days[group.group], marks),
        )
        for group in largest(staying.groups)
    ]


def _points(group: Retention, days: list[tuple[int, bool]]) -> list[Point]:
    points = [Point(0.0, 1.0)]
    points += [
        Point(point.day / DAYS_A_MONTH, point.survival, point.low, point.high)
        for point in group.curve
        if point.day or point.left
    ]
    if len(days) > MOST_CENSORED:
        return points
    still = sorted({day for day, left in days if not left})
    for day in still:
        holding = next(point for point in reversed(group.curve) if point.day <= day)
        points.append(
            Point(day / DAYS_A_MONTH, holding.survival, holding.low, holding.high, censored=True)
        )
    return sorted(points, key=lambda point: point.at)


def curve_table(staying: Staying, as_at: str) -> Table:
    """The curve's points; of a long one as many as can be read, evenly taken."""
    groups = largest(staying.groups)
    points = [(group, place) for group in groups for place in range(len(group.curve))]
    step = max(-(-len(points) // MOST_POINTS), 1)
    shown = [
        (group, group.curve[place])
        for number, (group, place) in enumerate(points)
        if number % step == 0 or place == len(group.curve) - 1
    ]
    caption = f"Still in post by days since the start, as at {as_at}"
    total = sum(len(group.curve) for group in staying.groups)
    if len(shown) < total:
        caption += f" ({len(shown)} of {total:,} points shown; the CSV file has all)"
    return Table(
        caption,
        ("Group", "Day", "Still followed", "Left that day", "Still in post", "95% interval"),
        [
            (
                group.group,
                f"{point.day:,}",
                f"{point.at_risk:,}",
                f"{point.left:,}",
                percent(point.survival),
                interval(point.low, point.high),
            )
            for group, point in shown
        ],
    )


def milestone_table(staying: Staying, as_at: str) -> Table:
    """Who was in post after 6, 12 and 24 months, beside the curve's value."""
    groups = largest(staying.groups, MOST_ROWS)
    caption = f"In post after 6, 12 and 24 months, as at {as_at}"
    if len(groups) < len(staying.groups):
        caption += f" (the {len(groups)} largest of {len(staying.groups):,} groups)"
    return Table(
        caption,
        (
            "Group",
            "Months",
            "Could have been in post",
            "Were in post",
            "Share (95% interval)",
            "Curve (95% interval)",
        ),
        [
            (
                group.group,
                one.months,
                f"{one.eligible:,}",
                f"{one.in_post:,}",
                with_interval(one.share),
                _curve_value(one),
            )
            for group in groups
            for one in group.milestones
        ],
    )


def _curve_value(one) -> str:
    if one.survival is None:
        return NOT_APPLICABLE
    if one.low is None:
        return percent(one.survival)
    return f"{percent(one.survival)} ({interval(one.low, one.high)})"


def at_risk_table(staying: Staying, as_at: str) -> Table:
    """How many were still followed at each mark of the picture."""
    months = ticks(staying)
    marks = [round(month * DAYS_A_MONTH) for month in months]
    groups = largest(staying.groups, MOST_ROWS)
    rows = [
        (group.group, *(f"{n:,}" for n in at_risk_on(staying.days[group.group], marks)))
        for group in groups
    ]
    caption = f"Still followed, by months in post, as at {as_at}"
    if len(groups) < len(staying.groups):
        caption += f" (the {len(groups)} largest of {len(staying.groups):,} groups)"
    return Table(caption, ("Group", *(str(month) for month in months)), rows)


def published_milestone_table(numbers: dict, as_at: str) -> Table:
    return Table(
        f"In post after 6, 12 and 24 months, as at {as_at}",
        ("Months", "Could have been in post", "Were in post", "Share (95% interval)"),
        [
            (
                one["months"],
                starred(one["eligible"]),
                starred(one["in_post"]),
                _published_interval(one, numbers["hidden"]),
            )
            for group in numbers["groups"]
            for one in group["milestones"]
        ],
    )


def _published_interval(one: dict, hidden: list[str]) -> str:
    if f"{one['months']}.share" in hidden:
        return "*"
    if one["share"] is None:
        return NOT_APPLICABLE
    return with_interval(Share(one["share"], one["share_low"], one["share_high"]))
