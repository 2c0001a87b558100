"""The board report: the dashboard at a day as an accessible PDF.

It is made from what the page shows, by the functions that make the page, so that no number of it
can differ.
"""

from collections.abc import Iterable, Iterator

from django.conf import settings

from accounts.models import Site
from accounts.roles import VIEW_FIGURES
from design.charts import Chart, Table
from design.pdf import Block, Heading, Headlines, Paragraph, Picture, Report
from lxp.dashboard import RULE, Asked, figures_of, funnel_picture, retention_picture
from lxp.dashboard_figures import metrics_of
from lxp.dashboard_words import written
from lxp.figures_words import COLUMNS, Section, sections

PICTURES = {"funnel": funnel_picture, "retention": retention_picture}
INTERNAL_MARK = "Internal: exact figures, do not pass on"
LONG = 20  # rows; a longer table stands at the end
PUBLISHED_LINES = (
    "Published figures of the whole programme. A number of people from 1 to {most} is hidden and "
    "shown as *, every other number is rounded to the nearest {step}, and a number that would give "
    "a hidden one away is hidden too."
)
INTERNAL_LINES = (
    "Internal figures: exact numbers, some of them small. People could be recognised. Do not pass "
    "this report on, and take it to no public meeting."
)


def board_report(asked: Asked) -> Report:
    """The report of what was asked for: a day, and published or exact figures."""
    day = asked.filters.as_at
    figures = figures_of(asked)
    charts = {name: chart for name in PICTURES if (chart := figures.get(name))}
    tables = [table for chart in charts.values() for table in [chart.table]]
    inline = [table for table in tables if len(table.rows) <= LONG]
    *metrics, reasons = sections(*metrics_of(asked), published=asked.published)
    return Report(
        title=f"Peer-worker programme: board report as at {written(day)}",
        author=settings.ORGANISATION_NAME,
        description="Figures of the programme: from application to two years in post.",
        day=day,
        lines=lines(asked),
        mark="" if asked.published else INTERNAL_MARK,
        blocks=[
            Heading(f"Figures as at {written(day)}"),
            Headlines([(one.label, one.value, one.note) for one in figures["headlines"]]),
            *(
                block
                for name, chart in charts.items()
                for block in _of_chart(chart, PICTURES[name](asked).draw(), inline)
            ),
            *figures["tables"],
            Heading("Every figure"),
            Table(
                f"Every figure, as at {written(day)}",
                COLUMNS,
                [row for section in metrics for row in section.table.rows],
            ),
            reasons.table,
            *_definitions([*charts.values(), *metrics, reasons]),
            *_at_the_end([table for table in tables if table not in inline]),
        ],
    )


def lines(asked: Asked) -> list[str]:
    """What kind of figures these are, below the title of a report."""
    if asked.published:
        return [PUBLISHED_LINES.format(most=RULE.smallest_shown - 1, step=RULE.rounded_to)]
    own = asked.user.sites_for(VIEW_FIGURES)
    if own is None:
        return [INTERNAL_LINES]
    names = ", ".join(Site.objects.filter(pk__in=own).values_list("name", flat=True))
    return [INTERNAL_LINES, f"These are the figures of: {names}."]


def _of_chart(chart: Chart, svg: str, inline: list[Table]) -> Iterator[Block]:
    yield Heading(chart.title)
    yield Paragraph(chart.sentence)
    yield Picture(svg, chart.alt)
    if chart.table in inline:
        yield chart.table


def _definitions(parts: Iterable[Chart | Section]) -> Iterator[Block]:
    said: set[str] = set()
    yield Heading("How these figures are worked out")
    for part in parts:
        new = [paragraph for paragraph in part.how if paragraph not in said]
        said.update(new)
        if new:
            yield Heading(part.title, 2)
            yield from map(Paragraph, new)


def _at_the_end(tables: list[Table]) -> Iterator[Block]:
    if tables:
        yield Heading("Longer tables")
        yield from tables
