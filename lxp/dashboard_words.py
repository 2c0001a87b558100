"""The dashboard in words: headline figures, and a sentence for each picture."""

import datetime as dt
from dataclasses import dataclass

from design.charts import Chart, funnel_size, survival_size
from lxp import dashboard_how as how
from programme.charts import (
    NOT_APPLICABLE,
    curve_table,
    funnel_table,
    interval,
    largest,
    percent,
    published_bars,
    published_funnel_table,
    published_milestone_table,
    published_retention_bars,
    starred,
)
from programme.disclosure import Published, Rule
from programme.figures import InPost
from programme.retention import Milestone
from programme.summary import Staying, Summary, Year

UNKNOWN = "Unknown"
NOTHING_TO_SHOW = "No number can be shown: few people"


@dataclass(frozen=True)
class Headline:
    """One figure at the top of the page; `href` is the list of the people behind it, or a page that
    says more of it."""

    label: str
    value: str
    note: str = ""
    href: str = ""
    test_id: str = ""


def written(day: dt.date) -> str:
    """A day as it is read: 1 June 2026."""
    return f"{day.day} {day:%B %Y}"


def people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"


# --- Headline figures -----------------------------------------------------------------------------


def headlines(summary: Summary, lists: dict[str, str]) -> list[Headline]:
    """The exact figures; `lists` has the addresses of the people behind some of them."""
    applied, commenced, completed = (stage.people for stage in summary.stages[:3])
    twelve, twenty_four = summary.staying.overall.milestones[1:]
    return [
        Headline("Applicants", f"{applied:,}"),
        Headline(
            "In training",
            f"{summary.in_training:,}",
            f"of {commenced:,} who started",
            lists.get("in_training", ""),
        ),
        Headline("Completed training", f"{completed:,}", f"of {commenced:,} who started"),
        Headline(
            "In post",
            f"{summary.in_post.people:,}",
            _wte(summary.in_post),
            lists.get("in_post", ""),
        ),
        _retention(twelve),
        _retention(twenty_four),
        *_year(summary.year),
        _vacancies(summary),
    ]


def _wte(found: InPost) -> str:
    if not found.people:
        return "0 WTE"
    if found.hours_unknown:
        return f"WTE unknown: no hours recorded for {people(found.hours_unknown)}"
    return f"{found.wte:,.2f} WTE"


def _retention(one: Milestone) -> Headline:
    note = "Nobody could have been yet"
    if one.eligible:
        note = (
            f"{one.in_post:,} of {one.eligible:,}, 95% interval "
            f"{interval(one.share.low, one.share.high)}"
        )
    return Headline(
        f"In post after {one.months} months",
        percent(one.share.share),
        note,
        test_id=f"retention-{one.months}",
    )


def _year(year: Year) -> list[Headline]:
    since = written(year.start)
    stable = f"Nobody was in post on {since}"
    if year.stable.whole:
        stable = f"{year.stable.part:,} of {year.stable.whole:,} in post on {since} still are"
    left = f"{year.left:,} left since {since}"
    if year.turnover is not None:
        wte = UNKNOWN.lower() if year.turnover_wte is None else percent(year.turnover_wte)
        left += f"; by WTE {wte}"
    return [
        Headline("Stability over 12 months", percent(year.stable.share), stable),
        Headline("Turnover over 12 months", _rate(year.turnover), left),
    ]


def _rate(rate: float | None) -> str:
    """A rate in per cent, which may be above 100 or below 0."""
    return NOT_APPLICABLE if rate is None else f"{100 * rate:,.0f}%"


def _vacancies(summary: Summary) -> Headline:
    posts = summary.establishment
    if posts is None:
        return Headline("Vacancies", NOT_APPLICABLE, "Posts belong to no cohort")
    if posts.hours_unknown:
        note = f"No hours recorded for {people(posts.hours_unknown)} in funded posts"
        return Headline("Vacancies", UNKNOWN, note)
    if not posts.funded:
        return Headline("Vacancies", NOT_APPLICABLE, "No funded WTE is recorded")
    note = f"{posts.in_post:,.2f} of {posts.funded:,.2f} funded WTE filled"
    return Headline("Vacancies", _rate(summary.vacancies), note)


def published_headlines(figures: Published) -> list[Headline]:
    """The headlines that published figures have: no WTE, and nothing with a small number in it."""

    def count(label: str, name: str) -> Headline:
        return Headline(label, starred(figures[name]))

    def share(label: str, part: str, whole: str, test_id: str = "") -> Headline:
        value = figures.share(part, whole)
        applies = value is not None or figures.hides(part, whole)
        words = starred(value, percent) if applies else NOT_APPLICABLE
        return Headline(label, words, test_id=test_id)

    return [
        count("Applicants", "applied"),
        count("Started training", "commenced"),
        count("In training", "in training"),
        count("Completed training", "completed"),
        count("Employed", "employed"),
        count("In post", "in post"),
        share("In post after 12 months", "stayed 12", "eligible 12", "retention-12"),
        share("In post after 24 months", "stayed 24", "eligible 24", "retention-24"),
        share("Stability over 12 months", "in post then and now", "in post a year ago"),
    ]


# --- The funnel -----------------------------------------------------------------------------------

TITLE = "From application to two years in post"


def funnel_sentence(summary: Summary) -> str:
    _, commenced, completed, employed, stayed = summary.stages
    if not commenced.people and not employed.people:
        return "Nobody had started training or been employed by this day."
    parts = [f"{people(commenced.people)} started training"]
    if commenced.people:
        parts.append(
            f"{completed.people:,} completed it ({percent(completed.of_commenced.share)} of those "
            "who started)"
        )
    words = ", ".join(parts) + f", and {employed.people:,} "
    words += "was employed" if employed.people == 1 else "were employed"
    words += _untrained(summary.untrained, employed.people)
    if stayed.of_previous.whole:
        words += (
            f" Of the {stayed.of_previous.whole:,} employed at least 24 months before, "
            f"{stayed.people:,} were in post after 24 months."
        )
    return words


def _untrained(untrained: int, employed: int) -> str:
    if not employed or not untrained:
        return "."
    if untrained == employed:
        return ", none of whom had started training here."
    return f", of whom {untrained:,} had not started training here."


def funnel_chart(summary: Summary, as_at: dt.date, addresses: dict[str, str]) -> Chart:
    width, height = funnel_size(len(summary.stages))
    table = funnel_table(summary.stages, f"{TITLE}, as at {written(as_at)}")
    return Chart(
        title=TITLE,
        sentence=funnel_sentence(summary),
        image_url=addresses["svg"],
        alt="Bar chart with a bar for each stage: "
        + "; ".join(f"{name} {count}" for name, count, *_ in table.rows),
        table=table,
        how=(*how.FUNNEL, *how.FILTERS),
        downloads=_downloads(addresses),
        width=width,
        height=height,
    )


def published_funnel_chart(
    numbers: dict, as_at: dt.date, addresses: dict[str, str], rule: Rule
) -> Chart:
    table = published_funnel_table(numbers, f"{TITLE}, as at {written(as_at)}")
    bars = published_bars(numbers)
    width, height = funnel_size(len(bars))
    return Chart(
        title=TITLE,
        sentence=f"Numbers of people, rounded to the nearest {rule.rounded_to}. Stages marked * "
        "have few people, or would tell of few, and are left out of the picture.",
        image_url=addresses["svg"],
        alt="Bar chart: " + "; ".join(f"{bar.name} {bar.people}" for bar in bars)
        if bars
        else NOTHING_TO_SHOW,
        table=table,
        how=(*how.FUNNEL, *how.published(rule)),
        downloads=_downloads(addresses),
        width=width,
        height=height,
    )


def _downloads(addresses: dict[str, str]) -> list[tuple[str, str]]:
    names = {"csv": "Numbers as CSV", "json": "Numbers as JSON", "picture": "Picture as SVG"}
    return [(words, addresses[kind]) for kind, words in names.items() if kind in addresses]


# --- Retention ---------------------------------------------------------------------------------


def retention_sentence(staying: Staying) -> str:
    words = _milestone_sentence(staying.overall.milestones[-1])
    if staying.log_rank_p is not None:
        differ = (
            "leave at different rates, more than chance would often explain"
            if staying.log_rank_p < 0.05
            else "do not differ more than chance could explain"
        )
        words += f" The groups {differ} (log-rank test, p {_p_value(staying.log_rank_p)})."
    shown = len(largest(staying.groups))
    if shown < len(staying.groups):
        words += f" The picture shows the {shown} largest of {len(staying.groups):,} groups."
    return words


def _p_value(p: float) -> str:
    return "below 0.001" if p < 0.001 else f"= {p:.3f}"


def _milestone_sentence(one: Milestone) -> str:
    months = f"in post for {one.months} months"
    if not one.eligible:
        return f"Nobody could have been {months} by this day."
    share = f"{percent(one.share.share)}, 95% interval {interval(one.share.low, one.share.high)}"
    if one.eligible == 1:
        who, verb = "The 1 person", "was" if one.in_post else "was not"
    elif one.in_post == one.eligible:
        who, verb = f"All {one.eligible:,} people", "were"
    else:
        who, verb = f"{one.in_post:,} of the {one.eligible:,} people", "were"
    return f"{who} who could have been {months} {verb} ({share})."


def retention_chart(staying: Staying, addresses: dict[str, str]) -> Chart:
    shown = largest(staying.groups)
    width, height = survival_size(len(shown))
    names = ", ".join(group.group for group in shown)
    return Chart(
        title="How long people stay in post",
        sentence=retention_sentence(staying),
        image_url=addresses["svg"],
        alt="Step curve of the share still in post by months since the start"
        + (f", one for each of {names}" if staying.by != "none" else "")
        + ". The tables give its numbers.",
        table=curve_table(staying, written(staying.as_at)),
        how=(*how.CURVE, *how.RETENTION, *how.COMPARISON, *how.YEAR, *how.VACANCIES),
        downloads=_downloads(addresses),
        width=width,
        height=height,
    )


def published_retention_chart(
    numbers: dict, as_at: dt.date, addresses: dict[str, str], rule: Rule
) -> Chart:
    bars = published_retention_bars(numbers)
    width, height = funnel_size(len(bars))
    shown = "; ".join(f"{bar.name.lower()} {bar.people:,} {bar.note}" for bar in bars)
    return Chart(
        title="How long people stay in post",
        sentence="How many of those who could have been in post for 6, 12 and 24 months were, "
        f"rounded to the nearest {rule.rounded_to}.",
        image_url=addresses["svg"],
        alt=f"Bar chart: {shown}" if shown else NOTHING_TO_SHOW,
        table=published_milestone_table(numbers, written(as_at)),
        how=(*how.RETENTION, *how.YEAR, *how.published(rule)),
        downloads=_downloads(addresses),
        width=width,
        height=height,
    )
