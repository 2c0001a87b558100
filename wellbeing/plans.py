"""A wellness plan as its parts are read: by its worker, by whom they chose, and on paper."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from design.pdf import Block, Heading, Paragraph, Report
from programme.models import Adjustment, Person
from wellbeing.colleagues import to_choose_from
from wellbeing.models import PlanSection, PlanShare, WellnessPlan

ADJUSTMENTS = "My adjustments"


class Part(NamedTuple):
    heading: str
    words: str


def adjustments_of(person: Person) -> QuerySet[Adjustment]:
    """The adjustments that somebody shares with leads, and so may let others read too."""
    return Adjustment.objects.of(person).filter(shared_on__isnull=False)


def parts_of(sections: Iterable[PlanSection], adjustments: Iterable[Adjustment]) -> list[Part]:
    """What is written in some sections, and adjustments as a part of their own."""
    parts = [Part(str(section), section.words) for section in sections if section.words]
    words = "\n\n".join(adjustment.text for adjustment in adjustments)
    return [*parts, Part(ADJUSTMENTS, words)] if words else parts


def shares_with(user: User, day: dt.date) -> QuerySet[PlanShare]:
    """What others let a user read of their plans on a day."""
    return PlanShare.objects.open_to(user, day).select_related("plan__person")


def read_through(share: PlanShare) -> list[Part]:
    """The parts that one share lets be read, and no other."""
    adjustments = adjustments_of(share.plan.person) if share.adjustments else []
    return parts_of(share.sections.all(), adjustments)


def no_longer_colleagues(person: Person, shares: Iterable[PlanShare], day: dt.date) -> set[UUID]:
    """Of those who read, the ones whom the worker could not choose today any more."""
    readers = {share.reader_id for share in shares}
    offered = to_choose_from(person, day).filter(pk__in=readers)
    return readers - set(offered.values_list("pk", flat=True))


def on_paper(
    plan: WellnessPlan, sections: Iterable[PlanSection], *, adjustments: bool, day: dt.date
) -> Report:
    """The chosen parts as a document that is the worker's to give to whom they like."""
    added = adjustments_of(plan.person) if adjustments else []
    lines = [f"Copied on {_day(day)}."]
    if plan.review_on:
        lines.append(f"To be looked at again on {_day(plan.review_on)}.")
    return Report(
        title=f"Wellness plan and adjustments: {plan.person}",
        author=str(plan.person),
        description="Their own words, to be read by whom they gave it to.",
        day=day,
        lines=lines,
        blocks=[block for part in parts_of(sections, added) for block in _blocks(part)],
    )


def _blocks(part: Part) -> list[Block]:
    lines = [line for line in part.words.splitlines() if line.strip()]
    return [Heading(part.heading), *(Paragraph(line) for line in lines)]


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
