"""Every metric in words: its name, a sentence with its numbers, and how it is worked out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from design.charts import Table
from lxp import dashboard_how as how
from programme.charts import NOT_APPLICABLE, starred
from programme.metrics import DAYS, Metric


class Words(NamedTuple):
    """`{part}`, `{whole}` and `{value}` in the sentence are the metric's; `nobody` is said where
    there is nothing to divide by, and `below` where the part is below nought, without its sign."""

    name: str
    sentence: str
    nobody: str
    below: str = ""


WORDS = {
    "conversion_commenced": Words(
        "Started training, of those who applied",
        "{part} of {whole} people who applied started training ({value}).",
        "Nobody had applied.",
    ),
    "conversion_completed": Words(
        "Completed training, of those who started",
        "{part} of {whole} people who started training completed it ({value}).",
        "Nobody had started training.",
    ),
    "conversion_employed": Words(
        "Employed, of those who completed",
        "{part} of {whole} people who completed training were employed ({value}).",
        "Nobody had completed training.",
    ),
    "conversion_in_post_24_months": Words(
        "In post after 24 months, of those who could have been",
        "{part} of {whole} people employed at least 24 months before were still in post ({value}).",
        "Nobody could have been in post for 24 months.",
    ),
    "conversion_overall": Words(
        "In post after 24 months, of all who started training",
        "{part} of {whole} people who started training were in post after 24 months ({value}).",
        "Nobody had started training.",
    ),
    "attrition": Words(
        "Did not complete, of those who started",
        "{part} of {whole} people who started training in cohorts that have closed did not complete"
        " ({value}).",
        "No cohort with people in it had closed.",
    ),
    **{
        f"milestone_{months}": Words(
            f"In post after {months} months",
            "{part} of {whole} people who could have been in post for "
            f"{months} months were ({{value}}).",
            f"Nobody could have been in post for {months} months.",
        )
        for months in (6, 12, 24)
    },
    "stability": Words(
        "Stability over 12 months",
        "{part} of {whole} people in post twelve months before were in post on the day ({value}).",
        "Nobody was in post twelve months before.",
    ),
    "one_year_service": Words(
        "Stability, one-year service",
        "{part} people had been in post for a year or more; twelve months before, {whole} people "
        "were in post ({value}).",
        "Nobody was in post twelve months before.",
    ),
    "turnover_heads": Words(
        "Turnover over 12 months, by heads",
        "{part} left in twelve months; on average {whole} were in post ({value}).",
        "Nobody was in post.",
    ),
    "turnover_wte": Words(
        "Turnover over 12 months, by WTE",
        "{part} WTE left in twelve months; on average {whole} WTE was in post ({value}).",
        "Nobody was in post.",
    ),
    "vacancy": Words(
        "Vacancies",
        "{part} of {whole} funded WTE was not filled ({value}).",
        "No funded WTE is recorded, or a cohort was chosen: posts belong to no cohort.",
        "{part} WTE more than the {whole} WTE funded was in post ({value}).",
    ),
    "time_to_hire_median": Words(
        "Time to hire, median",
        "Of {whole} hires in twelve months, half took {value} or less.",
        "Nobody was hired through a round for a vacancy.",
    ),
    "time_to_hire_90": Words(
        "Time to hire, 90th centile",
        "Nine in ten of them took {value} or less.",
        "Nobody was hired through a round for a vacancy.",
    ),
    "reasons_known": Words(
        "Leaving reasons recorded",
        "A reason is recorded for {part} of {whole} people who left in twelve months ({value}).",
        "Nobody left in these twelve months.",
    ),
}
SECTIONS = (
    ("From one stage to the next", "conversion", how.CONVERSION),
    ("Not completing training", "attrition", how.ATTRITION),
    ("Staying in post", "milestone", how.RETENTION),
    ("Stability", ("stability", "one_year_service"), how.STABILITY),
    ("Turnover", "turnover", how.TURNOVER),
    ("Vacancies", "vacancy", how.VACANCIES),
    ("Time to hire", "time_to_hire", how.TIME_TO_HIRE),
    ("Reasons for leaving", "reasons_known", how.REASONS),
)
COLUMNS = ("Figure", "Value", "Part", "Whole")
HIDDEN = "hidden, because it would tell of few people."
UNKNOWN = "unknown, because contracted hours are not recorded for everybody."


@dataclass(frozen=True)
class Section:
    """A heading with its sentences, its table and how it is worked out."""

    title: str
    sentences: Sequence[str]
    table: Table
    how: Sequence[str]


def sections(metrics: Sequence[Metric], reasons: dict, *, published: bool) -> list[Section]:
    """Everything on the page; the table of reasons has its total last."""
    found = []
    for title, keys, worked_out in SECTIONS:
        kept = [metric for metric in metrics if metric.key.startswith(keys)]
        table = Table(title, COLUMNS, [_row(metric, published=published) for metric in kept])
        sentences = [_sentence(metric, published=published) for metric in kept]
        found.append(Section(title, list(dict.fromkeys(sentences)), table, worked_out))
    rows = [(reason, starred(people)) for reason, people in reasons.items()]
    table = Table("Leavers of the last twelve months by reason", ("Reason", "People"), rows)
    sentence = "People who left in the twelve months up to the day, by the reason recorded."
    return [*found, Section("Leavers by reason", [sentence], table, how.REASONS_TABLE)]


def value(metric: Metric, *, published: bool) -> str:
    """The value as it is read: one decimal, or none in published mode."""
    if metric.hidden:
        return "*"
    if metric.unknown:
        return "Unknown"
    if metric.value is None:
        return NOT_APPLICABLE
    if metric.unit == DAYS:
        return "1 day" if metric.value == 1 else f"{metric.value:,.10g} days"
    return f"{100 * metric.value:,.0f}%" if published else f"{100 * metric.value:,.1f}%"


def amount(number: float | None, metric: Metric) -> str:
    """A numerator or denominator: people as whole numbers, WTE and averages as they are."""
    if metric.hidden:
        return "*"
    if number is None:
        return "–"
    return f"{number:,.2f}".removesuffix("00").removesuffix(".")


def _row(metric: Metric, *, published: bool) -> tuple[str, str, str, str]:
    return (
        WORDS[metric.key].name,
        value(metric, published=published),
        amount(metric.numerator, metric),
        amount(metric.denominator, metric),
    )


def _sentence(metric: Metric, *, published: bool) -> str:
    words = WORDS[metric.key]
    if metric.hidden or metric.unknown:
        return f"{words.name}: {HIDDEN if metric.hidden else UNKNOWN}"
    if metric.value is None:
        return words.nobody
    below = words.below and metric.numerator < 0
    return (words.below if below else words.sentence).format(
        part=amount(metric.numerator, metric).removeprefix("-" if below else ""),
        whole=amount(metric.denominator, metric),
        value=value(metric, published=published),
    )
