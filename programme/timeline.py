"""A person's way through the programme as dated events, oldest first, with no database."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from typing import NamedTuple
from uuid import UUID

from programme.models import (
    FULL_TIME_HOURS,
    Application,
    CareerBreak,
    Enrolment,
    Outcome,
    ProbationReview,
    Spell,
)
from programme.models.posts import SAME_EMPLOYMENT

OUTCOME_WORDS = {
    Outcome.COMPLETED: "Completed",
    Outcome.WITHDREW: "Withdrew from",
    Outcome.DEFERRED: "Deferred from",
}
RETURN_WORDS = {None: "", True: "May return", False: "Does not plan to return"}


class Event(NamedTuple):
    """Something that happened, or is planned where its day is still to come.

    `edit` is the URL name of the page that changes the record it comes from.
    """

    on: dt.date | None
    what: str
    details: str
    edit: str
    record_id: UUID
    planned: bool


def timeline(
    applications: Iterable[Application],
    enrolments: Iterable[Enrolment],
    spells: Iterable[Spell],
    today: dt.date,
    *,
    further: Collection[str] = ("reviews", "breaks"),
) -> list[Event]:
    """Every event by its day; what has no day yet comes last.

    Cohorts, reasons, posts, teams, sites and employers must have been read with the records, and
    of spells in post what `further` names; the rest of it is known not to be there.
    """
    spells = list(spells)
    moved = {spell.pk for spell in spells if _moved_on(spell, spells)}
    reviews, breaks = (
        [row for spell in spells for row in getattr(spell, name).all()] if name in further else []
        for name in ("reviews", "breaks")
    )
    events = [
        Event(on, what, details, page, record.pk, planned=bool(on and on > today))
        for page, records, told in (
            ("programme:edit-application", applications, _applied),
            ("programme:edit-enrolment", enrolments, _trained),
            ("programme:edit-spell", spells, partial(_in_post, moved=moved)),
            ("programme:record-review", reviews, _reviewed),
            ("programme:edit-break", breaks, _away),
        )
        for record in records
        for on, what, details in told(record)
    ]
    return sorted(events, key=lambda event: event.on or dt.date.max)


type Told = Iterator[tuple[dt.date | None, str, str]]


def _applied(record: Application) -> Told:
    yield record.applied_on, "Applied", f"For {record.cohort}" if record.cohort else ""


def _trained(record: Enrolment) -> Told:
    cohort = str(record.cohort)
    if record.commenced_on:
        yield record.commenced_on, f"Started training: {cohort}", ""
    if record.outcome_on:
        words = OUTCOME_WORDS[Outcome(record.outcome)]
        details = [str(record.outcome_reason or ""), RETURN_WORDS[record.may_return]]
        yield record.outcome_on, f"{words} {cohort}", ". ".join(filter(None, details))
    if not record.commenced_on and not record.outcome_on:
        yield None, f"Has a place in {cohort}", "Not started yet"


def _moved_on(spell: Spell, spells: list[Spell]) -> bool:
    """Whether employment went on in another post when this one ended."""
    end = spell.ended_on
    return end is not None and any(
        other.started_on <= end + SAME_EMPLOYMENT
        and (other.ended_on is None or other.ended_on > end)
        for other in spells
    )


def _in_post(record: Spell, *, moved: set[UUID]) -> Told:
    title = record.title
    yield record.started_on, f"Started in post: {title}", _post_details(record)
    if record.last_working_day:
        yield record.last_working_day, f"Last working day: {title}", ""
    if record.contract_ends_on and not record.ended_on:
        yield record.contract_ends_on, f"Fixed term ends: {title}", ""
    if record.ended_on and record.pk in moved:
        yield record.ended_on, f"Moved on from the post: {title}", ""
    elif record.ended_on:
        reason = record.leaving_reason
        parts = [
            f"Reason: {reason}" if reason else "No reason recorded",
            record.destination and f"went to: {record.destination}",
        ]
        yield record.ended_on, f"Left the post: {title}", "; ".join(filter(None, parts))


def _reviewed(record: ProbationReview) -> Told:
    if record.held_on:
        yield record.held_on, f"{record} held", record.get_outcome_display()
    elif record.spell.ended_on is None or record.spell.ended_on > record.due_on:
        yield record.due_on, f"{record} due", ""


def _away(record: CareerBreak) -> Told:
    yield record.starts_on, f"Long break begins: {record}", "Stays in post"
    if record.ends_on:
        yield record.ends_on, "First day back from a long break", ""


def _post_details(record: Spell) -> str:
    post = record.post
    parts = [
        post.team.name,
        post.team.site.name,
        post.employer.name,
        post.band,
        hours_in_words(record),
        record.get_contract_display().lower(),
    ]
    return ", ".join(part for part in parts if part)


def hours_in_words(record: Spell) -> str:
    """Contracted hours with the WTE they make; *hours not known* rather than nought."""
    if record.contracted_hours is None:
        return "hours not known"
    hours = f"{record.contracted_hours.normalize():f}"
    return f"{hours} hours a week ({record.contracted_hours / FULL_TIME_HOURS:.2f} WTE)"
