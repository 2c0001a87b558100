"""Rows that are drawn many times a day: a template's loop takes several times as long."""

from collections.abc import Iterable, Iterator

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from supervision.duty import Duty, PersonRow

register = template.Library()

CELL = (
    '<td class="nhsuk-table__cell{css}" role="cell"><span class="nhsuk-table-responsive__heading"'
    ' aria-hidden="true">{heading} </span>{content}</td>'
)
LONG = '<span class="lxp-long">{}</span>'
DUTY_ROW = "".join(
    [
        '<tr class="nhsuk-table__row" role="row">',
        CELL.format(css="", heading="Owed to", content=LONG.format('<a href="{}">{}</a>')),
        CELL.format(css="", heading="Kind", content="{}"),
        CELL.format(css="", heading="Supervisor", content=LONG),
        CELL.format(css="", heading="Team and site", content=LONG),
        CELL.format(css=" lxp-nowrap", heading="Last session", content="{}"),
        CELL.format(css="", heading="Next", content="<span>{}{}</span>"),
        "</tr>",
    ]
)
PERSON_ROW = "".join(
    [
        '<tr class="nhsuk-table__row" role="row">',
        CELL.format(css="", heading="Name", content='<strong class="lxp-long">{}</strong>'),
        CELL.format(css="", heading="Last session", content="<span>{}</span>"),
        CELL.format(css="", heading="Next", content="<span>{}</span>"),
        CELL.format(css="", heading="Open actions", content="{}"),
        CELL.format(css="", heading="What you can do", content="<span>{}</span>"),
        "</tr>",
    ]
)
ABOUT = '<span class="nhsuk-u-visually-hidden"> ({})</span>'
LOG = f'<a href="{{}}log/">Log a session{ABOUT}</a>, '
LINKS = f'{{}}: {{}}<a href="{{}}sessions/">sessions and agenda{ABOUT}</a>'
BREAK = format_html("<br>{}", "")


@register.simple_tag
def person_rows(rows: Iterable[PersonRow]) -> SafeString:
    """The body of a supervisor's list, in the order of its headings."""
    return format_html_join("\n", PERSON_ROW, map(_person_cells, rows))


def _person_cells(row: PersonRow) -> tuple:
    lines = [
        (
            (duty.facts.kind, duty.last_in_words),
            (duty.facts.kind, _next(duty), duty.further_in_words),
            (duty.facts.kind, _log(duty), duty.pages, duty.about),
        )
        for duty in row.duties
    ]
    last, following, links = zip(*lines, strict=True)
    return (
        row.person,
        _lines("{}: {}", last),
        _lines("{}: {}{}", following),
        row.open_actions,
        _lines(LINKS, links),
    )


def _lines(words: str, values: tuple[tuple, ...]) -> SafeString:
    """A line for each agreement; most people have one with a supervisor."""
    first, *more = values
    return format_html_join(BREAK, words, values) if more else format_html(words, *first)


def _log(duty: Duty) -> str:
    """There is nothing to log before both have signed."""
    return format_html(LOG, duty.pages, duty.about) if duty.facts.agreed else ""


@register.simple_tag
def duty_rows(duties: Iterable[Duty]) -> SafeString:
    """The body of a lead's list, in the order of its headings."""
    return format_html_join("\n", DUTY_ROW, _cells(duties))


def _cells(duties: Iterable[Duty]) -> Iterator[tuple]:
    for duty in duties:
        facts = duty.facts
        yield (
            *(duty.person_page, duty.agreement.person),
            *(facts.kind, facts.supervisor, duty.where, duty.last_of_kind_in_words),
            *(_next(duty), duty.further_in_words),
        )


def _next(duty: Duty) -> SafeString:
    said = "<strong>{}</strong>" if duty.days_late else "{}"
    return format_html(said, duty.next_in_words)
