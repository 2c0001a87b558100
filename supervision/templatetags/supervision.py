"""Rows that are drawn many times a day: a template's loop takes several times as long."""

from collections.abc import Iterable, Iterator

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from supervision.duty import Duty

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
