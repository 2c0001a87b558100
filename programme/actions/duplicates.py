"""Two applications in one round: of one person, or not."""

import datetime as dt

from accounts.models import User
from programme.actions.applicants import free_interviews
from programme.actions.moves import (
    OWN,
    MoveRefused,
    held,
    is_own,
    refuse,
    require_round,
    write_moves,
)
from programme.actions.saving import writing
from programme.models import (
    Applicant,
    MoveReason,
    NotADuplicate,
    StageKind,
)

APPOINTED = "is appointed already, so that application is the one to keep"


def merge(*, keep: Applicant, other: Applicant, by: User, at: dt.datetime) -> Applicant:
    """Keep one of two applications that one person sent in a round; the other ends as a duplicate
    of it and its interview is free again.

    Raises:
        MoveRefused: they are one, in two rounds, gone, the user's own, or the other is appointed.
        NotYours: the round is at another site.
    """
    require_round(by, keep.round)
    if keep.pk == other.pk:
        raise MoveRefused(["Choose two applications."])
    with writing(by):
        rows = {row.pk: row for row in held(keep.round, [keep.pk, other.pk])}
        kept, ended = rows[keep.pk], rows[other.pk]
        refuse((row, OWN if is_own(row, by) else "") for row in rows.values())
        refuse([(ended, APPOINTED if ended.stage.kind == StageKind.APPOINTED else "")])
        free_interviews([ended], at)
        unselected = ended.round.stages.get(kind=StageKind.NOT_SELECTED)
        if ended.stage_id != unselected.pk:
            write_moves([ended], unselected, by=by, at=at, reason=MoveReason.DUPLICATE)
        ended.merged_into = kept
        ended.save(update_fields=["merged_into"])
    return kept


def tell_apart(*, one: Applicant, other: Applicant, by: User, at: dt.datetime) -> None:
    """Remember that two applications that look like one person's are two people's.

    Raises:
        MoveRefused: they are one and the same, in two rounds, or gone.
        NotYours: the round is at another site.
    """
    require_round(by, one.round)
    if one.pk == other.pk:
        raise MoveRefused(["Choose two applications."])
    with writing(by):
        first, second = sorted(held(one.round, [one.pk, other.pk]), key=lambda row: row.pk)
        NotADuplicate.objects.get_or_create(
            first=first, second=second, defaults={"by": by, "at": at}
        )
