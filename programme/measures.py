"""Every metric of the programme at a day, exact or published, from the records.

`read_measures` adds to the dashboard's summary what only the metrics need; `exact_metrics` and
`published_metrics` are the same list in the same order.
"""

import datetime as dt
from dataclasses import dataclass

from programme.disclosure import (
    TOTAL,
    Published,
    publish_categories,
    published_average,
    published_share,
)
from programme.figures import Filters
from programme.funnel import Part
from programme.kept import kept, kept_part
from programme.metrics import (
    Ended,
    Hire,
    Metric,
    attrition,
    days_to_hire,
    share,
    time_to_hire,
    turnover_metric,
    vacancy_metric,
)
from programme.models import LeavingReasonGroup, RoundKind, StageKind, StageMove
from programme.numbers import PARTS_OF_STAGES
from programme.records import Choices, Records
from programme.retention import MILESTONES, turnover
from programme.summary import Summary, read_summary

NOT_RECORDED = "Not recorded"
# Entries of the NHS list that say only that nobody knows.
NOT_KNOWN = ("Unknown", "Not set in legacy system")
CONVERSIONS = ("commenced", "completed", "employed", "in_post_24_months")
OVERALL = "conversion_overall"


@dataclass(frozen=True)
class Measures:
    """All that the metrics are worked out from. `reasons` are the leavers of the last twelve
    months by group of reasons, `days_to_hire` of those confirmed in these months."""

    summary: Summary
    ended: Ended
    reasons: dict[str, int]
    days_to_hire: list[int]


def read_measures(records: Records, filters: Filters, choices: Choices) -> Measures:
    """Everything, in two queries more than the summary."""
    summary = read_summary(records, filters, choices, ended=True)
    return Measures(
        summary=summary,
        ended=summary.ended,
        reasons=read_reasons(records, summary),
        days_to_hire=days_to_hire(read_hires(records, filters, summary.year.start)),
    )


def read_reasons(records: Records, summary: Summary) -> dict[str, int]:
    """The leavers of the last twelve months by the group of their last post's reason."""
    labels = dict(LeavingReasonGroup.choices)
    found = dict.fromkeys((*labels.values(), NOT_RECORDED), 0)
    start, end = summary.year.start, summary.staying.as_at
    known = kept_part(
        records.keeping, ("reasons", start, end), lambda: _known_reasons(records, start, end)
    )
    for stay in summary.year.leavers:
        group = known.get((stay.person, stay.ended_on))
        found[labels[group] if group else NOT_RECORDED] += 1
    return found


def _known_reasons(records: Records, start: dt.date, end: dt.date) -> dict[tuple, str]:
    """The group of the reason for which somebody left a post on a day, where it is known."""
    rows = records.spells.filter(ended_on__gt=start, ended_on__lte=end)
    rows = rows.exclude(leaving_reason=None).exclude(leaving_reason__name__in=NOT_KNOWN)
    rows = rows.order_by("started_on", "pk")
    columns = rows.values_list("person_id", "ended_on", "leaving_reason__group")
    return {(person.bytes, day): group for person, day, group in columns}


def read_hires(records: Records, filters: Filters, start: dt.date) -> list[Hire]:
    """Vacancies filled in the twelve months up to the day, by who was appointed."""
    return kept_part(
        records.keeping, ("hires", start, filters), lambda: _hires(records, filters, start)
    )


def _hires(records: Records, filters: Filters, start: dt.date) -> list[Hire]:
    moves = StageMove.objects.filter(
        applicant__in=records.applicants,
        applicant__merged_into=None,
        applicant__round__kind=RoundKind.VACANCY,
        applicant__round__published_on__isnull=False,
        to_stage__kind=StageKind.APPOINTED,
        at__date__gt=start,
        at__date__lte=filters.as_at,
    ).filter(filters.posts("applicant__round__post__"))
    rows = moves.order_by("at").values_list(
        "applicant", "applicant__round__published_on", "at__date"
    )
    last = {applicant: Hire(advertised, confirmed) for applicant, advertised, confirmed in rows}
    return list(last.values())


# --- Exact ----------------------------------------------------------------------------------------


def exact_metrics(found: Measures) -> list[Metric]:
    """Every metric, exact."""
    summary, year = found.summary, found.summary.year
    stages = {stage.stage: stage for stage in summary.stages}
    overall = stages["in_post_24_months"].of_commenced
    milestones = summary.staying.overall.milestones
    return [
        *(share(f"conversion_{name}", stages[name].of_previous) for name in CONVERSIONS),
        share(OVERALL, overall),
        share("attrition", attrition(found.ended)),
        *(share(f"milestone_{one.months}", Part(one.in_post, one.eligible)) for one in milestones),
        share("stability", year.stable),
        share("one_year_service", year.long_serving),
        turnover_metric("turnover_heads", year.left, year.at_start, year.at_end),
        _turnover_wte(summary),
        _vacancy(summary),
        *time_to_hire(found.days_to_hire),
        share("reasons_known", known_reasons(found.reasons)),
    ]


def known_reasons(reasons: dict[str, int]) -> Part:
    """Leavers whose reason is known, of all leavers."""
    everybody = sum(reasons.values())
    return Part(everybody - reasons[NOT_RECORDED], everybody)


def _turnover_wte(summary: Summary) -> Metric:
    wte = summary.year.wte
    if wte is None:
        return Metric("turnover_wte", None, None, None, unknown=True)
    return turnover_metric("turnover_wte", *wte)


def _vacancy(summary: Summary) -> Metric:
    posts = summary.establishment
    if posts is None or not posts.funded:
        return Metric("vacancy", None, None, None)
    if posts.hours_unknown:
        return Metric("vacancy", None, posts.funded, None, unknown=True)
    return vacancy_metric(posts.funded, posts.in_post)


# --- Published ------------------------------------------------------------------------------------


def published_metrics(
    found: Measures, shown: Published, reasons: dict[str, int | None]
) -> list[Metric]:
    """The same metrics as they may be published, worked out from what is shown and no more;
    `reasons` are the `published_reasons`."""
    exact = {metric.key: metric for metric in exact_metrics(found)}
    pairs = {f"conversion_{name}": PARTS_OF_STAGES[name][0] for name in CONVERSIONS}
    pairs[OVERALL] = PARTS_OF_STAGES["in_post_24_months"][1]
    pairs["attrition"] = ("did not complete closed", "commenced closed")
    pairs |= {
        f"milestone_{months}": (f"stayed {months}", f"eligible {months}") for months in MILESTONES
    }
    pairs["stability"] = ("in post then and now", "in post a year ago")
    pairs["one_year_service"] = ("long serving", "in post a year ago")
    published = {key: _published_pair(exact[key], shown, *pair) for key, pair in pairs.items()}
    published |= {
        "turnover_heads": _published_turnover(exact["turnover_heads"], shown),
        "turnover_wte": _published_turnover_wte(exact["turnover_wte"], found, shown),
        "vacancy": _published_vacancy(exact["vacancy"], found, shown),
        "reasons_known": _published_known(exact["reasons_known"], reasons),
    }
    for key in ("time_to_hire_median", "time_to_hire_90"):
        published[key] = _published_days(exact[key], shown)
    return [published[key] for key in exact]


def _hidden(metric: Metric) -> Metric:
    return metric._replace(numerator=None, denominator=None, value=None, hidden=True)


def _published_pair(metric: Metric, shown: Published, part: str, whole: str) -> Metric:
    numerator, denominator = shown[part], shown[whole]
    if denominator == 0:
        return metric._replace(numerator=0, denominator=0, value=None)
    if numerator is None or denominator is None:
        return _hidden(metric)
    value = published_share(numerator, denominator)
    return metric._replace(numerator=numerator, denominator=denominator, value=value)


def _published_turnover(metric: Metric, shown: Published) -> Metric:
    left, start, end = (shown[name] for name in ("left in year", "in post a year ago", "in post"))
    if None in (left, start, end):
        return _hidden(metric)
    value = turnover(left, start, end)
    value = value if value is None else round(value, 2)
    return metric._replace(numerator=left, denominator=(start + end) / 2, value=value)


def _published_turnover_wte(metric: Metric, found: Measures, shown: Published) -> Metric:
    """WTE is told only of ten people and more, to the nearest 5."""
    names = ("left in year", "in post a year ago", "in post")
    if metric.unknown or None in [shown[name] for name in names]:
        return _hidden(metric)
    year = found.summary.year
    heads = (year.left, year.at_start, year.at_end)
    amounts = [_amount(*pair, shown) for pair in zip(year.wte, heads, strict=True)]
    if None in amounts:
        return _hidden(metric)
    left, start, end = amounts
    value = turnover(left, start, end)
    value = value if value is None else round(value, 2)
    return metric._replace(numerator=left, denominator=(start + end) / 2, value=value)


def _amount(wte: float, people: int, shown: Published) -> int | None:
    if not people:
        return 0
    if published_average(wte, people, rule=shown.rule) is None:
        return None
    return shown.rule.rounded(round(wte)) or None


def _published_vacancy(metric: Metric, found: Measures, shown: Published) -> Metric:
    posts = found.summary.establishment
    if posts is None or not posts.funded:
        return metric
    in_post = None
    if not metric.unknown and shown["in funded posts"] is not None:
        in_post = _amount(posts.in_post, posts.people, shown)
    if in_post is None:
        return _hidden(metric)
    funded = round(posts.funded)
    return vacancy_metric(funded, in_post)._replace(value=round(1 - in_post / funded, 2))


def _published_days(metric: Metric, shown: Published) -> Metric:
    hires = shown["hired in year"]
    if hires is None or (metric.denominator and metric.denominator < shown.rule.smallest_base):
        return _hidden(metric)
    value = published_average(metric.value, metric.denominator, rule=shown.rule)
    return metric._replace(denominator=hires, value=value)


def _published_known(metric: Metric, table: dict[str, int | None]) -> Metric:
    without = table.get(NOT_RECORDED)
    if table[TOTAL] is None or without is None:
        return _hidden(metric)
    if not table[TOTAL]:
        return metric
    known = table[TOTAL] - without
    value = published_share(max(known, 0), table[TOTAL])
    return metric._replace(numerator=max(known, 0), denominator=table[TOTAL], value=value)


def published_reasons(found: Measures, shown: Published) -> dict[str, int | None]:
    """Leavers by group of reasons as they may be published, with their total."""
    if shown["left in year"] is None:
        return dict.fromkeys((*found.reasons, TOTAL))
    return kept(
        ("published reasons", found.reasons, shown.rule),
        lambda: publish_categories(found.reasons, rule=shown.rule),
    )
