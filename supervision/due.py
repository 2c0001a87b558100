"""What is due in an agreement, read from posts, long leave, standards and attended sessions.

`supervision.compliance` is the rule; here is what it needs, in the same few queries for one
agreement as for thousands. Call `refresh_due` in the transaction that changed something: after an
attended session, when both have signed, when an agreement ends.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from itertools import batched
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from notifications.actions import withdraw
from programme.models import Spell
from programme.models.posts import SAME_EMPLOYMENT
from supervision.compliance import (
    Away,
    Held,
    Period,
    Standard,
    away_altogether,
    period_on,
    standards_of_role,
)
from supervision.models import Agreement, AgreementTerms, Session, SupervisionStandard

ROWS_AT_ONCE = 1000
LATE = ("supervision-overdue", "supervision-not-delivered")  # reminders of it
OF_SPELL = ("pk", "person_id", "started_on", "ended_on", "step_id")
AWAY = ("breaks__starts_on", "breaks__ends_on")
OWED = ("kind_id", "step_id", *Standard._fields)
FILLED = ("last_attended_on", "due_on", "grace_days")
FILL = """
UPDATE supervision_agreement AS a
SET last_attended_on = v.last, due_on = v.due, grace_days = v.grace
FROM unnest(%s::uuid[], %s::date[], %s::date[], %s::smallint[]) AS v (id, last, due, grace)
WHERE a.id = v.id
"""


class Employment(NamedTuple):
    """Posts that are one continuous employment; `until` is the first day not in post."""

    since: dt.date
    until: dt.date | None
    spells: list[Spell]

    def lasts_on(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or self.until > day)

    def step_on(self, day: dt.date) -> UUID | None:
        """Where on a pathway somebody stands: by the post that began last."""
        begun = [one for one in self.spells if one.started_on <= day and one.step_id]
        held = [one for one in begun if one.ended_on is None or one.ended_on > day]
        return held[-1].step_id if held else None


class Facts:
    """Everything that decides what is due to some people, read once; of sessions, those up to a
    day where one is given."""

    def __init__(self, people: set[UUID] | QuerySet, *, until: dt.date | None = None):
        spells, away = _spells_of(people)
        self.employments = {person: employments(held) for person, held in spells.items()}
        self.away = defaultdict(list)
        for person, held in spells.items():
            posts = [Held(one.started_on, one.ended_on, away.get(one.pk, ())) for one in held]
            self.away[person] = away_altogether(posts)
        self.standards = defaultdict(list)
        for kind, step, *standard in SupervisionStandard.objects.order_by().values_list(*OWED):
            self.standards[kind, step].append(Standard(*standard))
        sessions = Session.objects.filter(person__in=people).attended().order_by()
        if until is not None:
            sessions = sessions.filter(starts_at__lt=midnight_after(until))
        held = sessions.values_list("person", "kind", "agreement")
        self.attended, self.attended_in = {}, {}
        for person, kind, agreement, last in held.annotate(last=Max(TruncDate("starts_at"))):
            self.attended_in[agreement] = last
            self.attended[person, kind] = max(last, self.attended.get((person, kind), last))

    def employment_on(self, person: UUID, day: dt.date) -> Employment | None:
        """The employment that holds on a day, or else the next one."""
        rows = [one for one in self.employments.get(person, []) if not _over(one, day)]
        return rows[0] if rows else None

    def standards_for(self, kind: UUID, step: UUID | None) -> list[Standard]:
        """Those of a step and, from before it had any of its own, those of everybody."""
        own = self.standards[kind, step] if step else []
        return standards_of_role(own, self.standards[kind, None])

    def held(self, person: UUID, kind: UUID) -> list[dt.date]:
        """The day of the last attended session of a kind, if there was one."""
        last = self.attended.get((person, kind))
        return [last] if last else []

    def period_on(self, person: UUID, kind: UUID, on: dt.date) -> Period | None:
        """The period of a kind that a day lies in, or the first one of a post still to come."""
        employment = self.employment_on(person, on)
        if employment is None:
            return None
        on = max(on, employment.since)
        return period_on(
            on,
            standards=self.standards_for(kind, employment.step_on(on)),
            in_post_from=employment.since,
            last_attended=self.attended.get((person, kind)),
            away=self.away[person],
        )


class Due(NamedTuple):
    """When the next session of an agreement is due, `None` where none is, and the days of grace."""

    due_on: dt.date | None = None
    grace_days: int = 0

    @property
    def in_time_until(self) -> dt.date | None:
        """The last day on which the session is not late."""
        return self.due_on and self.due_on + dt.timedelta(days=self.grace_days)

    def days_late_on(self, day: dt.date) -> int:
        """Days since the last day in time; nought while it is not over."""
        return max((day - self.in_time_until).days, 0) if self.due_on else 0


def dues(agreements: Iterable[Agreement], facts: Facts, day: dt.date) -> dict[UUID, Due]:
    """What is due in each agreement on a day."""
    rows = list(agreements)
    asked = _only_asked(rows)
    return {row.pk: Due() if row.pk in asked else _due(row, facts, day) for row in rows}


def refresh_due(agreement: Agreement, day: dt.date) -> None:
    """Fill in when the last session was, when the next is due and with how much grace.

    The agreement that is passed in has the new values too.
    """
    refresh_all([agreement], day)


def refresh_all(agreements: Iterable[Agreement], day: dt.date) -> int:
    """The same for many, in a fixed number of queries; returns how many had changed."""
    rows = list(agreements)
    facts = Facts({row.person_id for row in rows})
    due = dues(rows, facts, day)
    changed, late = [], []
    for row in rows:
        values = (facts.attended_in.get(row.pk), *due[row.pk])
        if values != tuple(getattr(row, name) for name in FILLED):
            changed.append(row)
        if is_late_on(row, day):
            late.append(row)
        for name, value in zip(FILLED, values, strict=True):
            setattr(row, name, value)
    if changed:
        columns = [[getattr(row, name) for row in changed] for name in ("pk", *FILLED)]
        with connection.cursor() as cursor:
            cursor.execute(FILL, columns)
    if settled := [row.pk for row in late if not is_late_on(row, day)]:
        withdraw(rules=LATE, about=settled, at=timezone.now())
    return len(changed)


def is_late_on(agreement: Agreement, day: dt.date) -> bool:
    """Whether the next session is late on a day, grace used up."""
    return agreement.overdue_from is not None and agreement.overdue_from <= day


def refresh_open(day: dt.date) -> int:
    """The same for every agreement, because leave, a changed standard and the days themselves
    change what is due without anybody touching it; returns how many had changed."""
    rows = Agreement.objects.filter(Q(due_on__isnull=False) | Q(ended_on__isnull=True))
    found = rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=ROWS_AT_ONCE)
    changed = 0
    for keys in batched(found, ROWS_AT_ONCE, strict=False):
        with transaction.atomic():
            some = Agreement.objects.filter(pk__in=keys).order_by("pk")
            changed += refresh_all(some.select_for_update(no_key=True), day)
    return changed


def _due(agreement: Agreement, facts: Facts, day: dt.date) -> Due:
    """What is due in one agreement.

    Whoever gave the last session of this kind, the next is counted from it; but nothing is due
    before the agreement began.
    """
    if agreement.ended_on is not None and agreement.ended_on <= day:
        return Due()
    on = max(day, agreement.starts_on)
    period = facts.period_on(agreement.person_id, agreement.kind_id, on)
    if period is None:
        return Due()
    return Due(max(period.due_on, agreement.starts_on), period.grace_days)


def _only_asked(rows: list[Agreement]) -> set[UUID]:
    """Agreements that a worker asked for and that are not signed by both: nothing is owed yet."""
    asked = {row.pk for row in rows if row.chosen}
    if not asked:
        return asked
    signed = AgreementTerms.objects.filter(agreement__in=asked).signed()
    return asked - set(signed.values_list("agreement", flat=True))


def employments(spells: Iterable[Spell]) -> list[Employment]:
    """Spells of one person, joined where they overlap or follow within seven days."""
    found: list[Employment] = []
    for spell in sorted(spells, key=lambda one: one.started_on):
        last = found[-1] if found else None
        if last and (last.until is None or spell.started_on <= last.until + SAME_EMPLOYMENT):
            ends = None if None in (last.until, spell.ended_on) else max(last.until, spell.ended_on)
            found[-1] = Employment(last.since, ends, [*last.spells, spell])
        else:
            found.append(Employment(spell.started_on, spell.ended_on, [spell]))
    return found


def _spells_of(
    people: set[UUID] | QuerySet,
) -> tuple[dict[UUID, list[Spell]], dict[UUID, list[Away]]]:
    """Posts by person, and long absences by the post that each is from."""
    found, away = defaultdict(list), defaultdict(list)
    rows = Spell.objects.filter(person__in=people).order_by("started_on", "pk", AWAY[0])
    for spell in rows.values_list(*OF_SPELL, *AWAY, named=True):
        if spell.pk not in away:
            found[spell.person_id].append(spell)
        since, until = spell.breaks__starts_on, spell.breaks__ends_on
        away[spell.pk] += [Away(since, until)] if since else []
    return found, away


def _over(employment: Employment, day: dt.date) -> bool:
    return employment.until is not None and employment.until <= day


def midnight_after(day: dt.date) -> dt.datetime:
    """The first moment after a day, as it is here."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))


def _day(at: dt.datetime | None) -> dt.date | None:
    return at and timezone.localdate(at)
