"""A person's way through the programme as dated events, oldest first, with no database."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

from programme.models import FULL_TIME_HOURS, Application, Enrolment, Outcome, Spell

OUTCOME_WORDS = {
    Outcome.COMPLETED: "Completed",
    Outcome.WITHDREW: "Withdrew from",
    Outcome.DEFERRED: "Deferred from",
}


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
) -> list[Event]:
    """Every event by its day; what has no day yet comes last.

    Cohorts, reasons, posts, teams, sites and employers must have been read with the records.
    """
    events = [
        Event(on, what, details, page, record.pk, planned=bool(on and on > today))
        for page, records, told in (
            ("programme:edit-application", applications, _applied),
            ("programme:edit-enrolment", enrolments, _trained),
            ("programme:edit-spell", spells, _in_post),
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
        yield record.outcome_on, f"{words} {cohort}", str(record.outcome_reason or "")
    if not record.commenced_on and not record.outcome_on:
        yield None, f"Has a place in {cohort}", "Not started yet"


def _in_post(record: Spell) -> Told:
    title = record.post.title
    yield record.started_on, f"Started in post: {title}", _post_details(record)
    if record.last_working_day:
        yield record.last_working_day, f"Last working day: {title}", ""
    if record.ended_on:
        reason = record.leaving_reason
        parts = [
            f"Reason: {reason}" if reason else "No reason recorded",
            record.destination and f"went to: {record.destination}",
        ]
        yield record.ended_on, f"Left the post: {title}", "; ".join(filter(None, parts))


def _post_details(record: Spell) -> str:
    post = record.post
    parts = [
        post.team.name,
        post.team.site.name,
        post.employer.name,
        post.band,
        hours_in_words(record),
    ]
    return ", ".join(part for part in parts if part)


def hours_in_words(record: Spell) -> str:
    """Contracted hours with the WTE they make; *hours not known* rather than nought."""
    if record.contracted_hours is None:
        return "hours not known"
    hours = f"{record.contracted_hours.normalize():f}"
    return f"{hours} hours a week ({record.contracted_hours / FULL_TIME_HOURS:.2f} WTE)"
