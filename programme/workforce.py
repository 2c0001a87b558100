"""What a trust is asked about its peer workers on a day: who they are, never by name.

Everybody counts once, by their main post of the day: the one with most hours, or the older of two
alike. Posts and teams are described as they are recorded now; only who held them has dates.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Min, Sum

from programme.disclosure import DEFAULT, Published, Rule, publish
from programme.disclosure_audit import Sum as Line
from programme.models import FULL_TIME_HOURS, Contract, LearningRecord
from programme.records import Records
from programme.retention import add_months

NOT_RECORDED = "Not recorded"
CONTRACTS = [*Contract.labels, NOT_RECORDED]
BEFORE, AFTER = "Completed here before the first day in post", "Completed here since"
BEGUN, NONE = "Started here, not completed", "No training here recorded"
MOVED_UP, MOVED, SAME = "Moved up", "Moved to another post", "In the same post"
PEOPLE, STAYED, LEARNING = "people", "in post a year ago too", "learning counted"


class Worker(NamedTuple):
    """Somebody's main post on a day."""

    person: UUID
    post: UUID
    site: str
    team: str
    employer: str
    band: str
    contract: str
    hours: Decimal | None
    started_on: dt.date
    pathway: UUID | None
    position: int | None


COLUMNS = (
    "person",
    "post",
    "post__team__site__name",
    "post__team__name",
    "post__employer__name",
    "post__band",
    "contract",
    "contracted_hours",
    "started_on",
    "step__pathway",
    "step__position",
)


@dataclass(frozen=True)
class Workforce:
    """Numbers of people in post on a day, by what is asked; `wte` is `None` where hours are not
    known. Each table counts everybody once; that of progress those in post a year before too."""

    as_at: dt.date
    people: int
    wte: float | None
    tables: dict[str, dict[str, int]]
    teams: dict[tuple[str, str], int]
    progress: dict[str, int]
    learning_people: int
    learning_hours: float


def read_workforce(records: Records, as_at: dt.date) -> Workforce:
    """The workforce of a day, in five queries."""
    now = main_posts(_workers(records, as_at))
    before = main_posts(_workers(records, add_months(as_at, -12)))
    people = [worker.person for worker in now]
    hours = [worker.hours for worker in now]
    learning_people, learning_hours = _learning(people, as_at)
    return Workforce(
        as_at=as_at,
        people=len(now),
        wte=None if None in hours else float(sum(hours) / FULL_TIME_HOURS),
        tables={
            "contract": _counted((worker.contract for worker in now), dict(Contract.choices)),
            "band": in_order(Counter(worker.band or NOT_RECORDED for worker in now)),
            "training": _training(records, people, as_at),
            "site": dict(sorted(Counter(worker.site for worker in now).items())),
            "employer": dict(sorted(Counter(worker.employer for worker in now).items())),
        },
        teams=dict(sorted(Counter((worker.site, worker.team) for worker in now).items())),
        progress=progress(before, now),
        learning_people=learning_people,
        learning_hours=learning_hours,
    )


def _workers(records: Records, day: dt.date) -> Iterable[Worker]:
    rows = records.spells.in_post_on(day).order_by().values_list(*COLUMNS)
    return (Worker(*row) for row in rows)


def main_posts(workers: Iterable[Worker]) -> list[Worker]:
    """One post a person: the one with most hours, then the older one."""
    found: dict[UUID, Worker] = {}
    for worker in sorted(workers, key=lambda one: (-(one.hours or 0), one.started_on, one.post)):
        found.setdefault(worker.person, worker)
    return list(found.values())


def _counted(values: Iterable[str], labels: dict[str, str]) -> dict[str, int]:
    """How many of each, those without any at the end."""
    found = Counter(values)
    return {label: found[value] for value, label in labels.items()} | {NOT_RECORDED: found[""]}


def in_order(bands: Counter[str]) -> dict[str, int]:
    """Bands from the lowest; what is no band comes last."""
    return dict(sorted(bands.items(), key=lambda item: (rank(item[0]) or (99, ""), item[0])))


def rank(band: str) -> tuple[int, str] | None:
    """An Agenda for Change band as something to compare: 4 is above 3, and 8b above 8a."""
    match = re.fullmatch(r"(?:band\s*)?([1-9])\s*([a-d]?)", band.strip().casefold())
    return (int(match[1]), match[2]) if match else None


def _training(records: Records, people: list[UUID], as_at: dt.date) -> dict[str, int]:
    rows = records.enrolments.filter(person__in=people).commenced_by(as_at)
    begun = set(rows.values_list("person", flat=True))
    completed = dict(
        rows.completed_by(as_at).order_by().values_list("person").annotate(on=Min("outcome_on"))
    )
    spells = records.spells.filter(person__in=people).order_by()
    first_day = dict(spells.values_list("person").annotate(on=Min("started_on")))
    found = Counter(
        _trained(completed.get(one), first_day[one], begun=one in begun) for one in people
    )
    return {words: found[words] for words in (BEFORE, AFTER, BEGUN, NONE)}


def _trained(completed_on: dt.date | None, first_day: dt.date, *, begun: bool) -> str:
    if completed_on is not None:
        return BEFORE if completed_on <= first_day else AFTER
    return BEGUN if begun else NONE


def _learning(people: list[UUID], as_at: dt.date) -> tuple[int, float]:
    """How many let their hours of learning in the last twelve months be counted, and the hours."""
    since = add_months(as_at, -12)
    logged = LearningRecord.objects.shared_by(people)
    logged = logged.filter(learned_on__gt=since, learned_on__lte=as_at)
    hours = dict(logged.order_by().values_list("person").annotate(hours=Sum("hours")))
    return len(hours), float(sum(hours.values()))


def progress(before: Iterable[Worker], now: Iterable[Worker]) -> dict[str, int]:
    """What became in twelve months of people in post on both days: up is a higher band, or a
    later step of the same pathway."""
    then = {worker.person: worker for worker in before}
    found = Counter(_moved(then[one.person], one) for one in now if one.person in then)
    return {words: found[words] for words in (MOVED_UP, MOVED, SAME)}


def _moved(before: Worker, now: Worker) -> str:
    low, high = rank(before.band), rank(now.band)
    stepped = before.pathway is not None and before.pathway == now.pathway
    if (low and high and high > low) or (stepped and now.position > before.position):
        return MOVED_UP
    return SAME if now.post == before.post else MOVED


def published_workforce(found: Workforce, *, rule: Rule = DEFAULT) -> Published:
    """Every count as it may be shown: all tables are lines with one total. Teams are too small to
    be published and are left out."""
    counts: dict = {PEOPLE: found.people}
    lines, derived = [], {}
    for table, numbers in found.tables.items():
        counts |= {(table, name): number for name, number in numbers.items()}
        if numbers:
            lines.append(Line(PEOPLE, tuple((table, name) for name in numbers), printed=True))
    for part, number in ((STAYED, sum(found.progress.values())), (LEARNING, found.learning_people)):
        counts[part] = number
        derived["others", part] = found.people - number
        lines.append(Line(PEOPLE, (part, ("others", part))))
    counts |= {("progress", name): number for name, number in found.progress.items()}
    lines.append(Line(STAYED, tuple(("progress", name) for name in found.progress), printed=True))
    return publish(counts, lines, derived=derived, rule=rule)
