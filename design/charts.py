"""Charts drawn on the server, in one theme: SVG text out, nothing written down.

The pictures carry their labels on the lines, keep apart in grey by the kind of line as well as by
colour, and hold no script and no address. lets-plot draws them; it is imported when first needed,
since most pages draw nothing.
"""

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape

SURVIVAL_SIZE = (680, 470)  # pixels; each group adds a line of numbers at risk below
RISK_LINE = 24
FUNNEL_STAGE = 64

# Dark enough for text on white (WCAG AA) and apart for every common kind of colour blindness.
COLOURS = ("#005eb8", "#b34700", "#212b32", "#8a1c7c", "#007f6b", "#7a5a00")
LINES = ("solid", "dashed", "dotted", "dotdash", "longdash", "twodash")
TEXT, MUTED, RULE = "#212b32", "#4c6272", "#d8dde0"
LONGEST_NAME = 20  # letters of a curve's name; the table has the whole of it
NOBODY = "Nobody to show"
MOST_BANDS = 4  # more of them lie on one another and say nothing
SMALLEST_GAP = 0.07  # between two labels at the end of lines, as a share of the height


@dataclass(frozen=True)
class Point:
    """A step: from `at` on the curve has `value`, with its interval where there is one."""

    at: float
    value: float
    low: float | None = None
    high: float | None = None
    censored: bool = False


@dataclass(frozen=True)
class Curve:
    """One line of a survival chart, and how many were still followed at each tick."""

    name: str
    points: Sequence[Point]
    at_risk: Sequence[int]


@dataclass(frozen=True)
class Stage:
    """One bar of a funnel; `note` is written after the number, such as *36% of those who began*."""

    name: str
    people: int
    note: str = ""


@dataclass(frozen=True)
class Table:
    """The numbers of a chart; the first cell of a row names it."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Chart:
    """All that `{% chart %}` shows: the picture's address, and the same in words and numbers."""

    title: str
    sentence: str
    image_url: str
    alt: str
    table: Table
    how: Sequence[str]
    downloads: Sequence[tuple[str, str]] = field(default_factory=list)
    width: int = SURVIVAL_SIZE[0]
    height: int = SURVIVAL_SIZE[1]


def survival_size(groups: int) -> tuple[int, int]:
    """Width and height in pixels of a survival chart of so many curves."""
    return SURVIVAL_SIZE[0], SURVIVAL_SIZE[1] + RISK_LINE * max(groups - 1, 0)


def funnel_size(stages: int) -> tuple[int, int]:
    """Width and height in pixels of a funnel of so many stages."""
    return SURVIVAL_SIZE[0], 24 + FUNNEL_STAGE * max(stages, 1)


def survival_chart(
    series: Sequence[Curve],
    *,
    title: str,
    ticks: Sequence[float],
    y_title: str = "Still in post",
    x_title: str = "Months in post",
) -> str:
    """Step curves with their intervals as bands, and the numbers at risk below, as SVG text.

    `title` is for whoever opens the file by itself; it is not drawn. Each curve needs one
    `at_risk` number for each of `ticks`, which are in the unit of its points.
    """
    lp = lets_plot()
    width, height = survival_size(len(series))
    end = max([point.at for curve in series for point in curve.points] + [*ticks, 1])
    picture = _curves(series, end, ticks, y_title, x_title)
    if not series:
        words = lp.geom_text(x=end / 2, y=0.5, label=NOBODY, size=8, family="Arial", color=TEXT)
        return to_svg(picture + words + lp.ggsize(width, height), title=title)
    below = _numbers_at_risk(series, end, ticks)
    drawn = lp.gggrid(
        [picture, below],
        ncol=1,
        heights=[SURVIVAL_SIZE[1] - 90, 34 + RISK_LINE * len(series)],
        vspace=0,
        align=True,
    ) + lp.ggsize(width, height)
    return to_svg(drawn, title=title)


def funnel_chart(stages: Sequence[Stage], *, title: str, nobody: str = NOBODY) -> str:
    """One bar a stage, from the top, each with its number and its share written out, as SVG;
    `nobody` is written where there is none."""
    lp = lets_plot()
    words = [plain(_stage_words(stage)) for stage in stages] or [nobody]
    stages = stages or [Stage("", 0)]
    width, height = funnel_size(len(stages))
    most = max([stage.people for stage in stages] + [1])
    places = [-float(number) for number in range(len(stages))]
    bars = {"place": places, "people": [stage.people for stage in stages]}
    names = {
        "place": [place + 0.37 for place in places],
        "text": words,
        "people": [0.0] * len(stages),
    }
    drawn = (
        lp.ggplot(bars, lp.aes("place", "people"))
        + lp.geom_bar(stat="identity", width=0.42, fill=COLOURS[0], tooltips="none")
        + lp.geom_text(
            lp.aes(label="text"), data=names, hjust=0, size=8, color=TEXT, family="Arial"
        )
        + lp.coord_flip(xlim=[places[-1] - 0.35, 0.62])
        + lp.scale_y_continuous(limits=[0, most], expand=[0, 0])
        + lp.theme_void()
        + lp.ggsize(width, height)
    )
    return to_svg(drawn, title=title)


def _stage_words(stage: Stage) -> str:
    return f"{stage.name}: {stage.people:,}" + (f" ({stage.note})" if stage.note else "")


def lets_plot() -> ModuleType:
    """The drawing library; its own source warns about two strings when Python compiles it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        import lets_plot

    return lets_plot


def theme() -> Any:
    """The look of every chart: Arial, thin rules, nothing that is not data."""
    lp = lets_plot()
    return lp.theme_minimal() + lp.theme(
        text=lp.element_text(family="Arial", color=TEXT),
        axis_text=lp.element_text(family="Arial", color=TEXT, size=16),
        axis_title=lp.element_text(family="Arial", color=TEXT, size=16),
        panel_grid_major_x=lp.element_blank(),
        panel_grid_minor=lp.element_blank(),
        panel_grid_major_y=lp.element_line(color=RULE),
        axis_line_x=lp.element_line(color=MUTED),
        axis_ticks=lp.element_line(color=MUTED),
        legend_position="none",
    )


def _curves(
    series: Sequence[Curve], end: float, ticks: Sequence[float], y_title: str, x_title: str
) -> Any:
    lp = lets_plot()
    drawn = lp.ggplot() + theme()
    for number, curve in enumerate(series if len(series) <= MOST_BANDS else []):
        drawn += _band(curve, end, COLOURS[number % len(COLOURS)])
    for number, curve in enumerate(series):
        drawn += _line(curve, end, COLOURS[number % len(COLOURS)], LINES[number % len(LINES)])
    for number, height in enumerate(_label_heights(series)):
        drawn += lp.geom_text(
            x=_last(series[number], end) + end * 0.02,
            y=height,
            label=_short(series[number].name),
            hjust=0,
            size=7.5,
            family="Arial",
            fontface="bold",
            color=COLOURS[number % len(COLOURS)],
        )
    shares = [0, 0.25, 0.5, 0.75, 1]
    return (
        drawn
        + lp.scale_x_continuous(
            name=plain(x_title),
            breaks=list(ticks),
            labels=[f"{tick:g}" for tick in ticks],
            limits=[0, end * _room_for_names(series)],
            expand=[0.025, 0],
        )
        + lp.scale_y_continuous(
            name=plain(y_title),
            breaks=shares,
            labels=[f"{share:.0%}" for share in shares],
            limits=[0, 1.02],
            expand=[0, 0],
        )
    )


def _last(curve: Curve, end: float) -> float:
    """Where a curve ends."""
    return max((point.at for point in curve.points), default=end)


def _room_for_names(series: Sequence[Curve]) -> float:
    """How much wider than the curves the picture must be for the names at their ends."""
    longest = max((len(_short(curve.name)) for curve in series), default=0)
    return 1.04 + longest * 0.024


def _short(name: str) -> str:
    name = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"
    return plain(name)


def _band(curve: Curve, end: float, colour: str) -> Any:
    """The interval of a curve; where nobody has left there is none."""
    lp = lets_plot()
    steps = _steps([point for point in curve.points if point.low is not None], end, curve)
    band = {
        "at": [at for at, _ in steps],
        "low": [point.low for _, point in steps],
        "high": [point.high for _, point in steps],
    }
    return lp.geom_ribbon(
        lp.aes("at", ymin="low", ymax="high"),
        data=band,
        fill=colour,
        alpha=0.14,
        size=0,
        tooltips="none",
    )


def _line(curve: Curve, end: float, colour: str, kind: str) -> Any:
    lp = lets_plot()
    steps = _steps(curve.points, end, curve)
    line = {"at": [at for at, _ in steps], "value": [point.value for _, point in steps]}
    marks = [point for point in curve.points if point.censored]
    censored = {"at": [point.at for point in marks], "value": [point.value for point in marks]}
    return _layers(lp, line, censored, colour, kind)


def _layers(lp: ModuleType, line: dict, censored: dict, colour: str, kind: str) -> Any:
    drawn = lp.geom_line(
        lp.aes("at", "value"), data=line, color=colour, size=1.4, linetype=kind, tooltips="none"
    )
    if censored["at"]:
        drawn += lp.geom_point(
            lp.aes("at", "value"), data=censored, color=colour, shape=3, size=3, tooltips="none"
        )
    return drawn


def _steps(points: Sequence[Point], end: float, curve: Curve) -> list[tuple[float, Point]]:
    """The corners of a step curve: each value holds until the next, the last until it is over."""
    last = _last(curve, end)
    corners = []
    for number, point in enumerate(points):
        until = points[number + 1].at if number + 1 < len(points) else last
        corners += [(point.at, point), (until, point)]
    return corners


def _label_heights(series: Sequence[Curve]) -> list[float]:
    """Where to write each name: beside the end of its line, moved up where two would touch."""
    ends = sorted(
        (curve.points[-1].value if curve.points else 0.0, number)
        for number, curve in enumerate(series)
    )
    heights = [0.0] * len(series)
    lowest = 0.03
    for value, number in ends:
        heights[number] = max(value, lowest)
        lowest = heights[number] + SMALLEST_GAP
    over = max([*heights, 1.0]) - 1.0
    return [height - over if over else height for height in heights]


def _numbers_at_risk(series: Sequence[Curve], end: float, ticks: Sequence[float]) -> Any:
    lp = lets_plot()
    drawn = lp.ggplot() + theme()
    for number, curve in enumerate(series):
        if len(curve.at_risk) != len(ticks):
            raise ValueError(f"{curve.name}: {len(curve.at_risk)} numbers at {len(ticks)} ticks.")
        drawn += lp.geom_text(
            lp.aes("at", "row", label="text"),
            data={
                "at": list(ticks),
                "row": [-float(number)] * len(ticks),
                "text": [f"{people:,}" for people in curve.at_risk],
            },
            size=7.5,
            family="Arial",
            color=COLOURS[number % len(COLOURS)],
        )
    rows = [-float(number) for number in range(len(series))]
    return (
        drawn
        + lp.ggtitle("Number still followed")
        + lp.scale_x_continuous(
            name="",
            breaks=[],
            limits=[0, end * _room_for_names(series)],
            expand=[0.025, 0],
        )
        + lp.scale_y_continuous(
            name="",
            breaks=rows,
            labels=[_short(curve.name) for curve in series],
            limits=[-len(series) + 0.4, 0.6],
        )
        + lp.theme(
            panel_grid_major_y=lp.element_blank(),
            axis_line_x=lp.element_blank(),
            axis_ticks=lp.element_blank(),
            plot_title=lp.element_text(family="Arial", size=15, color=TEXT),
        )
    )


def plain(text: str) -> str:
    """A name that lets-plot draws letter by letter.

    It would read `<a href=…>` as a link and `\\(…\\)` as a formula; an invisible joiner after the
    first sign takes that meaning away and changes nothing that is seen.
    """
    seen = re.sub(r"[\x00-\x1f\x7f]", " ", text)  # XML has no place for control characters
    return seen.replace("<", "<\u2060").replace("\\", "\\\u2060")


def to_svg(drawn: Any, *, title: str) -> str:
    """The SVG text of a lets-plot picture: it scales, has a title, and is the same every time.

    Raises:
        ValueError: lets-plot could not draw it; it answers with a picture of its own error.
    """
    svg = drawn.to_svg()
    size = re.match(r'<svg [^>]*class="plt-container" width="([\d.]+)" height="([\d.]+)"', svg)
    if size is None:
        raise ValueError(f"lets-plot could not draw {title!r}: {svg[:300]}")
    width, height = size.groups()
    opening = svg.index(">") + 1
    svg = (
        f'{svg[: opening - 1]} viewBox="0 0 {width} {height}">'
        f"<title>{escape(title)}</title>{svg[opening:]}"
    )
    return _steady_names(svg)


def _steady_names(svg: str) -> str:
    """The same names for the same picture: the library invents new ones at each drawing."""
    invented = re.findall(r'id="([A-Za-z0-9]{7})"', svg)
    for number, name in enumerate(invented):
        svg = re.sub(rf'(id="|#){name}\b', rf"\g<1>part{number}", svg)
    return svg
