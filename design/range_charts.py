"""A line with its 80 % and 95 % ranges as bands, in the theme of `charts`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from design.charts import COLOURS, MUTED, TEXT, lets_plot, plain, theme, to_svg

SIZE = (680, 430)  # pixels
NOTHING = "Too little is recorded to draw"


@dataclass(frozen=True)
class Spread:
    """What may be expected at one place: the middle, and the two ranges around it."""

    at: float
    low_95: float
    low_80: float
    middle: float
    high_80: float
    high_95: float


def range_chart(
    spreads: Sequence[Spread],
    *,
    title: str,
    x_title: str,
    y_title: str,
    wanted: float,
    wanted_words: str,
) -> str:
    """The bands, the line through the middles and a rule at what is wanted, as SVG text.

    `title` is for whoever opens the file by itself; it is not drawn.
    """
    lp = lets_plot()
    if not spreads:
        nobody = lp.ggplot() + lp.theme_void() + _words(0, 0, NOTHING, TEXT, hjust=0.5)
        return to_svg(nobody + lp.ggsize(SIZE[0], 120), title=title)
    end = max(spread.at for spread in spreads)
    top = max([spread.high_95 for spread in spreads] + [wanted]) * 1.1 + 1
    drawn = (
        lp.ggplot()
        + theme()
        + _band(spreads, "low_95", "high_95", 0.14)
        + _band(spreads, "low_80", "high_80", 0.22)
        + _line([(spread.at, spread.middle) for spread in spreads], COLOURS[0], "solid")
        + _line([(0.0, wanted), (end, wanted)], COLOURS[2], "dashed")
        + _words(0.0, wanted + top * 0.03, wanted_words, TEXT, hjust=0)
        + _names(spreads[-1], end, top)
    )
    axes = lp.scale_x_continuous(name=plain(x_title), limits=[0, end * 1.22], expand=[0.02, 0])
    up = lp.scale_y_continuous(name=plain(y_title), limits=[0, top], expand=[0, 0])
    return to_svg(drawn + axes + up + lp.ggsize(*SIZE), title=title)


def _line(places: Sequence[tuple[float, float]], colour: str, kind: str) -> Any:
    lp = lets_plot()
    at, value = zip(*places, strict=True)
    line = {"at": [float(number) for number in at], "value": [float(number) for number in value]}
    return lp.geom_line(
        lp.aes("at", "value"), data=line, color=colour, linetype=kind, size=1.3, tooltips="none"
    )


def _band(spreads: Sequence[Spread], low: str, high: str, alpha: float) -> Any:
    lp = lets_plot()
    band = {
        "at": [spread.at for spread in spreads],
        "low": [getattr(spread, low) for spread in spreads],
        "high": [getattr(spread, high) for spread in spreads],
    }
    return lp.geom_ribbon(
        lp.aes("at", ymin="low", ymax="high"),
        data=band,
        fill=COLOURS[0],
        alpha=alpha,
        size=0,
        tooltips="none",
    )


def _names(last: Spread, end: float, top: float) -> Any:
    """The names of the line and the bands at their right ends, moved apart where they touch."""
    names = (("Middle", last.middle), ("80% range", last.high_80), ("95% range", last.high_95))
    drawn, lowest = None, 0.0
    for words, height in names:
        place = max(height, lowest)
        lowest = place + top * 0.07
        colour = COLOURS[0] if words == "Middle" else MUTED
        layer = _words(end * 1.015, place, words, colour, hjust=0)
        drawn = layer if drawn is None else drawn + layer
    return drawn


def _words(x: float, y: float, words: str, colour: str, *, hjust: float) -> Any:
    return lets_plot().geom_text(
        x=x, y=y, label=plain(words), hjust=hjust, size=7.5, family="Arial", color=colour
    )
