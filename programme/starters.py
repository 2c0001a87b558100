"""What planning asks of the records, read in two queries for `planning`."""

import datetime as dt
from collections.abc import Hashable, Iterable

from programme import figures
from programme.figures import Filters
from programme.models import Outcome
from programme.planning import Evidence, Starter, evidence
from programme.records import Choices, Records
from programme.retention import Stay


def read_evidence(records: Records, *, today: dt.date, on: dt.date) -> Evidence:
    """The evidence of a day for a forecast of another; see `planning.evidence`."""
    upto = Filters(on)
    found = figures.kept_stays(figures.read(records, upto, Choices()).posts, upto)
    rows = records.enrolments.filter(commenced_on__isnull=False).order_by()
    columns = rows.values_list("person_id", "commenced_on", "outcome", "outcome_on")
    trained = [(person.bytes, *once) for person, *once in columns]
    return evidence(starters(trained, found), found, today=today, on=on)


def starters(
    enrolments: Iterable[tuple[Hashable, dt.date, str, dt.date | None]], found: Iterable[Stay]
) -> list[Starter]:
    """One row for each person who started training, from their first start on: completed as soon
    as any enrolment is, ended when none goes on. Who was in post before is no starter."""
    first_start: dict[Hashable, dt.date] = {}
    outcomes: dict[Hashable, list[tuple[str, dt.date | None]]] = {}
    for person, commenced_on, outcome, outcome_on in enrolments:
        first_start[person] = min(commenced_on, first_start.get(person, commenced_on))
        outcomes.setdefault(person, []).append((outcome, outcome_on))
    employed: dict[Hashable, list[dt.date]] = {}
    for stay in found:
        employed.setdefault(stay.person, []).append(stay.started_on)
    return [
        Starter(start, *_ending(outcomes[person]), min(employed.get(person, []), default=None))
        for person, start in first_start.items()
        if all(on >= start for on in employed.get(person, []))
    ]


def _ending(outcomes: list[tuple[str, dt.date | None]]) -> tuple[dt.date | None, bool]:
    """The day training ended, and whether it was completed."""
    completed = [on for outcome, on in outcomes if outcome == Outcome.COMPLETED and on]
    if completed:
        return min(completed), True
    days = [on for _, on in outcomes]
    return (None, False) if None in days else (max(days), False)
