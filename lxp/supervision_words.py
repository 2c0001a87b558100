"""Supervision's figures in words and tables, with how each is worked out."""

from collections.abc import Sequence

from design.charts import Table
from lxp.dashboard_how import paragraphs
from lxp.dashboard_words import Headline
from lxp.figures_words import HIDDEN, Section, amount, value
from programme.charts import NOT_APPLICABLE, percent
from supervision import metrics
from supervision.metrics import NUMBER, PEOPLE_AN_HOUR, OfKind

COLUMNS = ("Kind", "Value", "Part", "Whole")

COMPLIANCE = paragraphs("""
Up to date is who had an attended session of the kind within its cadence and its days of grace, up
to and with the day. They are shared over those who were owed it throughout that time: in post, in
a role to which the kind is owed, and not on long leave on any of its days. Each kind stands alone,
so that line management never masks lived experience supervision that is missing.

A change of cadence counts from the next period. In the first three months in post sessions are
owed more often. A session that was called off, by whomever, changes nothing for the worker.
""")

DELIVERY = paragraphs("""
Delivery is the sessions attended, of those attended, called off by either side and not attended,
in the twelve months up to the day, where the worker was in post on the session’s day. One that the
two see differently counts as not held, and as nobody’s. One that was rearranged counts where it was
moved to.
""")

LOSS = paragraphs("""
Sessions called off by the supervisor, of all sessions planned for these twelve months, those too of
which nobody recorded what became of them.
""")

LOAD = paragraphs("""
Load is the people in post with an open agreement, over the protected hours a month of their
supervisors. Of a kind, a site or a team it is the load of those who supervise there, with everybody
whom they supervise, since their hours are for all of them. Supervisors whose protected hours are
not recorded are left out. The hours are as recorded today.
""")

ACTIONS = paragraphs("""
What supervisor and worker agreed that the organisation is to do, once the worker had confirmed the
record: how many were open on the day, and how long. The median is the middle of them by days.
""")

PLACES = paragraphs("""
The same figures by place. People count where they are in post on the day, and sessions where the
worker was in post on the session’s day: who holds two posts, in the one that began last.
""")

PLACES_PUBLISHED = (
    "By team nothing is published, since teams are of few people; "
    f"by site, where there are at most {metrics.MOST_SITES} sites."
)

BY_KIND = (
    ("Up to date, by kind", metrics.COMPLIANCE, COMPLIANCE),
    ("Sessions delivered, by kind", metrics.DELIVERY, DELIVERY),
    ("Sessions lost to supervisors calling off, by kind", metrics.LOSS, LOSS),
)
SENTENCES = {
    metrics.COMPLIANCE: "{kind}: {part} of {whole} people are up to date ({value}).",
    metrics.DELIVERY: "{kind}: {part} of {whole} sessions were attended ({value}).",
    metrics.LOSS: "{kind}: the supervisor called off {part} of {whole} sessions ({value}).",
}
NAMES = {
    metrics.OPEN: "Open actions",
    metrics.OPEN_DAYS: "Open for, median",
    metrics.DONE_DAYS: "Done within, median, of those done in twelve months",
}


def up_to_date(shown: Sequence[Sequence], *, published: bool, more: str) -> list[Headline]:
    """A headline for each kind that is owed to anybody, from its name, part, whole, share and
    whether it is hidden."""
    found = []
    for kind, part, whole, share, hidden in shown:
        if share is not None or hidden:
            note = "" if published else f"{part:,} of {whole:,} who were owed it"
            found.append(
                Headline(f"{kind} up to date", "*" if hidden else percent(share), note, more)
            )
    nobody = Headline("Supervision up to date", NOT_APPLICABLE, "Nobody was owed it", more)
    return found or [nobody]


def sections(found: Sequence[OfKind], *, published: bool) -> list[Section]:
    """Everything on the page: by kind, then by site and by team."""
    whole = [one for one in found if not one.site and not one.team]
    shown = [_of_kinds(whole, *one, published=published) for one in BY_KIND]
    actions = [one for one in whole if one.metric.key.startswith("actions")]
    shown.append(_of_all("Actions for the organisation", actions, ACTIONS, published=published))
    shown.append(_loads("Load of supervisors", "Kind", whole, published=published))
    for what in ("Site", "Team"):
        there = [one for one in found if getattr(one, what.lower())]
        if published and what == "Team":
            continue
        shown.append(_by_place(what, there, published=published))
        title = f"Load of supervisors, by {what.lower()}"
        shown.append(_loads(title, what, there, published=published))
    return shown


def _of_kinds(
    found: Sequence[OfKind], title: str, key: str, how: Sequence[str], *, published: bool
) -> Section:
    kept = [one for one in found if one.metric.key == key]
    rows = [(one.kind, *_cells(one, published=published)) for one in kept]
    sentences = [_sentence(one, published=published) for one in kept]
    nobody = "Nobody was owed supervision, and no session was planned."
    return Section(title, sentences or [nobody], Table(title, COLUMNS, rows), how)


def _of_all(title: str, found: Sequence[OfKind], how: Sequence[str], *, published: bool) -> Section:
    rows = [(NAMES[one.metric.key], *_cells(one, published=published)) for one in found]
    columns = ("Figure", *COLUMNS[1:])
    sentences = [f"{name}: {shown}." for name, shown, *_ in rows]
    return Section(title, sentences, Table(title, columns, rows), how)


def _loads(title: str, what: str, found: Sequence[OfKind], *, published: bool) -> Section:
    rows = [
        (getattr(one, what.lower()) or "All together", *_cells(one, published=published))
        for one in found
        if one.metric.key == metrics.LOAD
    ]
    columns = (what, "People an hour", "People", "Protected hours a month")
    sentence = "People for each protected hour a month of those who supervise them."
    return Section(title, [sentence], Table(title, columns, rows), LOAD)


def _by_place(what: str, found: Sequence[OfKind], *, published: bool) -> Section:
    """A row for each place and kind, with the three figures side by side."""
    by_row: dict[tuple[str, str], dict[str, str]] = {}
    for one in found:
        if one.metric.key in metrics.BY_KIND:
            row = by_row.setdefault((getattr(one, what.lower()), one.kind), {})
            row[one.metric.key] = _in_full(one, published=published)
    rows = [
        (f"{place}: {kind}", *(cells[key] for key in metrics.BY_KIND))
        for (place, kind), cells in by_row.items()
    ]
    title = f"By {what.lower()}"
    columns = (f"{what} and kind", "Up to date", "Sessions delivered", "Lost to calling off")
    sentences = ["Who is up to date, and what became of the sessions of twelve months."]
    if published:
        sentences.append(PLACES_PUBLISHED)
    return Section(title, sentences, Table(title, columns, rows), PLACES)


def _in_full(one: OfKind, *, published: bool) -> str:
    """A share with its numbers: 66.7% (2 of 3)."""
    shown, part, whole = _cells(one, published=published)
    return f"{shown} ({part} of {whole})" if one.metric.value is not None else shown


def _cells(one: OfKind, *, published: bool) -> tuple[str, str, str]:
    metric = one.metric
    return (
        _value(one, published=published),
        amount(metric.numerator, metric),
        amount(metric.denominator, metric),
    )


def _value(one: OfKind, *, published: bool) -> str:
    metric = one.metric
    if metric.value is None or metric.hidden:
        return value(metric, published=published)
    if metric.unit == PEOPLE_AN_HOUR:
        return f"{metric.value:,.1f}" if published else f"{metric.value:,.2f}"
    return f"{metric.value:,}" if metric.unit == NUMBER else value(metric, published=published)


def _sentence(one: OfKind, *, published: bool) -> str:
    metric = one.metric
    if metric.hidden:
        return f"{one.kind}: {HIDDEN}"
    if metric.value is None:
        return f"{one.kind}: nothing to count."
    shown, part, whole = _cells(one, published=published)
    return SENTENCES[metric.key].format(kind=one.kind, part=part, whole=whole, value=shown)
