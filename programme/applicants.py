"""Applicants of a round as a board and a list show them: stage, days in it and whose turn."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber, Upper
from django.utils import timezone

from programme.models import (
    Applicant,
    EmploymentCheck,
    InterviewBooking,
    InterviewSlot,
    NotADuplicate,
    Round,
    RoundStage,
)
from programme.stage_rules import Standing, whose_turn

# How many cards a column of the board shows; the list shows everybody.
CARDS = 10


class Card(NamedTuple):
    """One applicant in few words; `turn` is a `Turn`, `next_step` who does what next."""

    pk: uuid.UUID
    name: str
    stage_id: uuid.UUID
    days: int
    turn: str
    next_step: str
    maybe_twice: bool


class Column(NamedTuple):
    """One stage on the board: its longest waiting cards, and how many applicants it holds."""

    stage: RoundStage
    cards: list[Card]
    count: int

    @property
    def hidden(self) -> int:
        return self.count - len(self.cards)


def with_standing(rows: QuerySet[Applicant]) -> QuerySet[Applicant]:
    """Adds what the rules about stages ask for: `booked_at`, `check_turns`, `checks_recorded`."""
    checks = EmploymentCheck.objects.filter(applicant=OuterRef("pk"))
    bookings = InterviewBooking.objects.filter(applicant=OuterRef("pk"))
    return rows.annotate(
        booked_at=Subquery(bookings.values("slot__starts_at")[:1]),
        check_turns=ArraySubquery(checks.waiting().values("turn")),
        checks_recorded=Exists(checks),
    )


def standing(row: Applicant, *, slots: bool) -> Standing:
    """The standing of an application that came with `with_standing` and its stage."""
    return Standing(
        kind=row.stage.kind,
        offered=row.offered_on is not None,
        answer=row.offer_answer,
        slots=slots,
        booked=timezone.localdate(row.booked_at) if row.booked_at else None,
        check_turns=frozenset(row.check_turns),
        checks_recorded=row.checks_recorded,
        reply_by=row.offer_reply_by,
        asked=row.offer_asked,
    )


def cards(rows: Iterable[Applicant], in_round: Round, today: dt.date) -> list[Card]:
    """Cards of applications that came with `with_standing`, in their order."""
    slots = has_free_slot(in_round)
    twice = maybe_twice(in_round)
    return [_card(row, slots, row.pk in twice, today) for row in rows]


def _card(row: Applicant, slots: bool, twice: bool, today: dt.date) -> Card:
    turn, next_step = whose_turn(standing(row, slots=slots), today)
    return Card(
        pk=row.pk,
        name=str(row),
        stage_id=row.stage_id,
        days=(today - timezone.localdate(row.stage_since)).days,
        turn=turn,
        next_step=next_step,
        maybe_twice=twice,
    )


def board(in_round: Round, today: dt.date) -> list[Column]:
    """The stages of a round in their order, each with those who have waited there longest."""
    rows = in_round.applicants.counted()
    stages = {stage.pk: stage for stage in in_round.stages.all()}
    counts = dict(rows.order_by().values_list("stage").annotate(Count("pk")))
    place = Window(RowNumber(), partition_by="stage", order_by=["stage_since", "pk"])
    first = rows.order_by().annotate(place=place).filter(place__lte=CARDS).values("pk")
    shown = with_standing(Applicant.objects.filter(pk__in=first)).order_by("stage_since", "pk")
    shown = list(shown)
    for row in shown:
        row.stage = stages[row.stage_id]
    columns = {pk: Column(stage, [], counts.get(pk, 0)) for pk, stage in stages.items()}
    for card in cards(shown, in_round, today):
        columns[card.stage_id].cards.append(card)
    return list(columns.values())


def has_free_slot(in_round: Round) -> bool:
    """Whether an applicant of a round could choose an interview now."""
    slots = InterviewSlot.objects.filter(round=in_round, starts_at__gt=timezone.now())
    return slots.with_free().filter(free__gt=0).exists()


def pairs_like_one_person(in_round: Round) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Applications of a round with the same address, or the same name apart from accents and
    case, that nobody has said are two people's; the smaller key stands first."""
    rows = (
        in_round.applicants.counted()
        .annotate(
            address=Upper("email"),
            same_name=Window(Count("pk"), partition_by="sort_name"),
            same_address=Window(Count("pk"), partition_by=Upper("email")),
        )
        .order_by("submitted_at", "pk")
        .values_list("pk", "sort_name", "address", "same_name", "same_address")
    )
    groups: dict[tuple[str, str], list[uuid.UUID]] = {}
    for pk, name, address, same_name, same_address in rows:
        if same_name > 1:
            groups.setdefault(("name", name), []).append(pk)
        if same_address > 1:
            groups.setdefault(("address", address), []).append(pk)
    if not groups:
        return []
    pairs = {tuple(sorted(pair)): None for group in groups.values() for pair in _pairs(group)}
    apart = set(NotADuplicate.objects.filter(first__round=in_round).values_list("first", "second"))
    return [pair for pair in pairs if pair not in apart]


def _pairs(group: list[uuid.UUID]) -> Iterable[tuple[uuid.UUID, uuid.UUID]]:
    return [(one, two) for n, one in enumerate(group) for two in group[n + 1 :]]


def maybe_twice(in_round: Round) -> set[uuid.UUID]:
    """The applications of a round that look like another one of the same person."""
    return {pk for pair in pairs_like_one_person(in_round) for pk in pair}
