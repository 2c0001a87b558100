"""Times for interviews: a lead adds them, applicants choose one, and none holds too many."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from programme.actions.moves import MoveRefused, require_round
from programme.actions.saving import check, remove, writing
from programme.models import Applicant, InterviewBooking, InterviewSlot, Round, StageKind

TAKEN = "Somebody else has just taken this time. Choose another."
TOO_LATE = "An interview can be chosen or changed until the day before. Ask the person below."
NOT_NOW = "You can choose a time once we invite you to an interview."
BOOKED = "Somebody has chosen this time already, so it stays."


class SlotRefused(Exception):  # noqa: N818  reads as what happened
    """No time was chosen; the text is for the applicant."""


def add_slots(
    *,
    in_round: Round,
    by: User,
    starts: Iterable[dt.datetime],
    minutes: int,
    place: str,
    capacity: int,
) -> int:
    """Add a time for each start; one that is there already at this place stays as it is.

    Returns:
        How many were added.

    Raises:
        NotSaved, NotYours: see `programme.actions.saving`.
    """
    require_round(by, in_round)
    with writing(by):
        there = set(in_round.slots.filter(place=place).values_list("starts_at", flat=True))
        new = [
            InterviewSlot(
                round=in_round, starts_at=at, minutes=minutes, place=place, capacity=capacity
            )
            for at in starts
            if at not in there
        ]
        for slot in new[:1]:
            check(slot)  # the others differ from it in their time only
        InterviewSlot.objects.bulk_create(new)
    return len(new)


def remove_slot(*, slot: InterviewSlot, by: User) -> None:
    """Take back a time that nobody has chosen.

    Raises:
        MoveRefused: somebody has.
        NotYours: the round is at another site.
    """
    require_round(by, slot.round)
    with writing(by):
        held = InterviewSlot.objects.select_for_update(of=("self",)).filter(pk=slot.pk).first()
        if held and held.bookings.exists():
            raise MoveRefused([BOOKED])
        remove(slot, by=by)


def may_change_on(slot: InterviewSlot, at: dt.datetime) -> bool:
    """Whether a time can still be chosen or given back: until the day before it."""
    return timezone.localdate(slot.starts_at) > timezone.localdate(at)


def book(*, applicant: Applicant, slot: InterviewSlot, at: dt.datetime) -> InterviewBooking:
    """Give an applicant a time, instead of the one they had.

    Raises:
        SlotRefused: they are not invited, it is full, or it is too late for it or their old one.
    """
    with transaction.atomic():
        rows = Applicant.objects.counted().select_for_update(of=("self",), no_key=True)
        current = rows.prefetch_related("stage").filter(pk=applicant.pk).first()
        slots = InterviewSlot.objects.select_for_update(of=("self",), no_key=True)
        chosen = slots.filter(pk=slot.pk, round=applicant.round_id).first()
        if current is None or chosen is None or current.stage.kind != StageKind.INTERVIEW:
            raise SlotRefused(NOT_NOW)
        mine = InterviewBooking.objects.filter(applicant=current).select_related("slot").first()
        if mine and mine.slot_id == chosen.pk:
            return mine
        if not may_change_on(chosen, at) or (mine and not may_change_on(mine.slot, at)):
            raise SlotRefused(TOO_LATE)
        if chosen.bookings.count() >= chosen.capacity:
            raise SlotRefused(TAKEN)
        booking = mine or InterviewBooking(applicant=current)
        booking.slot, booking.booked_at = chosen, at
        booking.save()
    return booking
