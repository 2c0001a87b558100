"""The small parts that pages are made of, as strict template tags.

A misspelt argument, variant or colour is an error and never a quiet nothing. Each tag draws the
template of the same name in `templates/components/`; the page at `/design/` shows them all.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from design.errors import error_links

register = template.Library()

BUTTON_VARIANTS = ("primary", "secondary", "warning")
TAG_COLOURS = (
    "white",
    "grey",
    "green",
    "aqua-green",
    "blue",
    "purple",
    "pink",
    "red",
    "orange",
    "yellow",
)


def one_of(value: str, allowed: tuple[str, ...], what: str) -> str:
    """The value itself.

    Raises:
        ValueError: it is not among those allowed.
    """
    if value not in allowed:
        raise ValueError(f"{what} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


@register.simple_tag
def navigation_bar(links: Sequence) -> SafeString:
    """The main navigation, from links that are told apart by their values."""
    return _drawn(tuple(links))


# Every page has one, and they differ only by role and by which link is current.
@lru_cache(maxsize=512)
def _drawn(links: tuple) -> SafeString:
    return render_to_string("layouts/navigation.html", {"links": links})


@register.filter
def short_day(day: dt.date | None) -> str:
    """*10 Jan 2022*, and nothing for no day; several times quicker than Django's `date`, which
    a list of 25 rows calls fifty times."""
    return f"{day.day} {day:%b %Y}" if day else ""


@register.filter
def two_places(number: Decimal | None) -> str:
    """*0.80*, and *Not known* for no number; quicker than Django's `floatformat`."""
    return "Not known" if number is None else f"{number:.2f}"


@register.inclusion_tag("components/button.html")
def button(
    text: str,
    *,
    href: str = "",
    variant: str = "primary",
    name: str = "",
    value: str = "",
    small: bool = False,
    disabled: bool = False,
) -> dict:
    """A button that sends its form once however often it is pressed; with `href`, a link."""
    return {
        "text": text,
        "href": href,
        "variant": one_of(variant, BUTTON_VARIANTS, "A button's variant"),
        "name": name,
        "value": value,
        "small": small,
        "disabled": disabled,
    }


@register.inclusion_tag("components/tag.html")
def tag(text: str, *, colour: str = "blue") -> dict:
    """A state in a word or two; the colour never says anything that the word does not."""
    return {"text": text, "colour": one_of(colour, TAG_COLOURS, "A tag's colour")}


@register.inclusion_tag("components/back_link.html")
def back_link(url: str, text: str = "Back") -> dict:
    """The way back, for the block `before_content`."""
    return {"url": url, "text": text}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: dict, page_obj: Page, *, label: str = "") -> dict:
    """Which rows are shown, and links to the other pages that keep the filters; `?page=n`.

    `label` tells several on one page apart for whoever hears them read out.
    """
    numbers = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    return {
        "request": context["request"],
        "page": page_obj,
        "numbers": list(numbers),
        "label": label,
        "gap": page_obj.paginator.ELLIPSIS,
    }


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: list[tuple]) -> dict:
    """Facts in rows: `(key, value)`, or `(key, value, url, action)` to add a link.

    Raises:
        ValueError: a row has neither two nor four parts.
    """
    facts = []
    for row in rows:
        if len(row) not in {2, 4}:
            raise ValueError(f"A row of a summary list has 2 or 4 parts, not {len(row)}: {row!r}.")
        key, value, url, action = row if len(row) == 4 else (*row, "", "")
        facts.append({"key": key, "value": value, "url": url, "action": action})
    return {"rows": facts, "with_actions": any(fact["url"] for fact in facts)}


@register.inclusion_tag("components/figure.html")
def figure(label: str, *, value: str, note: str = "", href: str = "") -> dict:
    """One headline figure; stands in `<ul class="lxp-figures"><li>`."""
    return {"label": label, "value": value, "note": note, "href": href}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm) -> dict:
    """What to correct, each linked to its box; nothing while the form has no error."""
    return {"links": error_links(form)}


@register.simple_tag
def table_rows(rows: Sequence[Sequence], *, numeric: bool = False) -> SafeString:
    """The rows of a table's body, all as long as the first; the first cell of each is its heading,
    and with `numeric` the others are numbers. A template's loop takes several times as long."""
    if not rows:
        return SafeString("")
    css = "nhsuk-table__cell nhsuk-table__cell--numeric" if numeric else "nhsuk-table__cell"
    cells = f'<td class="{css}">{{}}</td>' * (len(rows[0]) - 1)
    heading = '<th class="nhsuk-table__header" scope="row">{}</th>'
    row = f'<tr class="nhsuk-table__row">{heading}{cells}</tr>'
    # In one go: `format_html_join` takes half as long again.
    return format_html("\n".join([row] * len(rows)), *chain.from_iterable(rows))


@register.inclusion_tag("components/chart.html")
def chart(chart: Any) -> dict:
    """A picture of numbers with the words, the numbers and the way they were worked out.

    `chart` has the attributes `title`, `sentence` (what it shows), `image_url`, `alt`, `width` and
    `height` (pixels, so that nothing jumps while it loads), `table` (with `caption`, `columns`,
    `rows`), `how` (paragraphs) and `downloads` (pairs of words and address). `design.charts.Chart`
    holds just these.
    """
    return {"chart": chart}


def block(name: str, content: str, **values: Any) -> SafeString:
    """A component round a piece of template, which Django has escaped already."""
    return render_to_string(f"components/{name}.html", {"content": content, **values})


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """Text that stands apart from what surrounds it."""
    return block("inset", content)


@register.simple_block_tag
def details(content: str, summary: str, *, open: bool = False) -> SafeString:  # noqa: A002 (HTML's own word)
    """Text folded away behind its summary."""
    return block("details", content, summary=summary, open=open)


@register.simple_block_tag
def warning(content: str, heading: str) -> SafeString:
    """What must not be overlooked."""
    return block("warning", content, heading=heading)


@register.simple_block_tag
def empty_state(content: str, heading: str) -> SafeString:
    """Stands where a list would be, and says what to do next."""
    return block("empty_state", content, heading=heading)
