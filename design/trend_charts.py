"""Answers over time, one small picture a question, in the theme of `charts`."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from design.charts import COLOURS, MUTED, TEXT, lets_plot, plain, theme, to_svg

WIDTH, PANEL = 680, 150  # pixels
NOTHING = "Nothing to draw yet"
SHORTEST = 20  # days: two dates closer than that would be written over one another


@dataclass(frozen=True)
class Trend:
    """One question: its name, what the lowest and the highest answer say, and the answers."""

    name: str
    lowest: float
    highest: float
    points: Sequence[tuple[dt.date, float]]
    low_words: str = ""
    high_words: str = ""


def trend_size(trends: int) -> tuple[int, int]:
    """Width and height in pixels of a picture of so many questions."""
    return WIDTH, PANEL * max(trends, 1) + 20


def trend_chart(trends: Sequence[Trend], *, title: str) -> str:
    """A line with a dot for each answer, a picture a question below one another, as SVG text.

    `title` is for whoever opens the file by itself; it is not drawn.
    """
    lp = lets_plot()
    if not any(trend.points for trend in trends):
        words = lp.geom_text(x=0, y=0, label=NOTHING, size=8, family="Arial", color=TEXT)
        return to_svg(lp.ggplot() + lp.theme_void() + words + lp.ggsize(WIDTH, 120), title=title)
    days = [day for trend in trends for day, _ in trend.points]
    first, last = min(days), max(days)
    panels = [_panel(trend, first, last) for trend in trends]
    drawn = lp.gggrid(panels, ncol=1, align=True) + lp.ggsize(*trend_size(len(trends)))
    return to_svg(drawn, title=title)


def _panel(trend: Trend, first: dt.date, last: dt.date) -> Any:
    lp = lets_plot()
    line = {
        "at": [float((day - first).days) for day, _ in trend.points],
        "value": [float(value) for _, value in trend.points],
    }
    days = (last - first).days
    span = max(days, SHORTEST)
    ticks = [0] if days < SHORTEST else [0, days] if days < 60 else [0, days // 2, days]
    look = {"color": COLOURS[0], "tooltips": "none"}
    return (
        lp.ggplot(line, lp.aes("at", "value"))
        + theme()
        + lp.geom_line(size=1.2, **look)
        + lp.geom_point(size=3, **look)
        + lp.ggtitle(plain(trend.name))
        + lp.scale_x_continuous(
            name="",
            limits=[0, span],
            expand=[0.04, 0],
            breaks=[float(tick) for tick in ticks],
            labels=[_day(first + dt.timedelta(days=tick)) for tick in ticks],
        )
        + lp.scale_y_continuous(
            name="",
            limits=[trend.lowest, trend.highest],
            expand=[0.12, 0],
            breaks=[trend.lowest, trend.highest],
            labels=[plain(trend.low_words), plain(trend.high_words)],
        )
        + lp.theme(
            plot_title=lp.element_text(family="Arial", color=TEXT, size=17, face="bold"),
            axis_text_y=lp.element_text(family="Arial", color=MUTED, size=14),
            # Left to itself it stands two dates on end, and the next picture cuts them off.
            axis_text_x=lp.element_text(family="Arial", color=TEXT, size=14, angle=0),
            plot_margin=[0, 48, 0, 0],
        )
    )


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"
