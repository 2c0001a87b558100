"""Moving applications from stage to stage: all of those asked for, or none."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping

from django.utils import timezone

from accounts.models import User
from accounts.roles import CHANGE_RECRUITMENT
from programme.actions.applicants import free_interviews, write_news
from programme.actions.saving import NotYours, writing
from programme.models import (
    REASONS,
    Applicant,
    CheckStandard,
    EmploymentCheck,
    MoveReason,
    Round,
    RoundStage,
    StageKind,
    StageMove,
)
from programme.stage_rules import Standing, why_not, why_not_back, why_not_reason

OTHER_ROUND = "Choose a stage of this round."
NOBODY = "Choose at least one applicant."
NOT_HERE = "Somebody you chose is not in this round, or is no longer."
OWN = "is you: somebody else decides about your application"


class MoveRefused(Exception):  # noqa: N818  reads as what happened
    """Nobody was moved and nothing was written; `reasons` says why, in sentences."""

    def __init__(self, reasons: Iterable[str]):
        self.reasons = list(reasons)
        super().__init__(" ".join(self.reasons))


def require_round(by: User, in_round: Round) -> None:
    """Make sure that a user may change what happens in a round.

    Raises:
        NotYours: they may not.
    """
    sites = by.sites_for(CHANGE_RECRUITMENT)
    if sites is not None and in_round.site_id not in sites:
        raise NotYours("This round is at another site.")


def is_own(applicant: Applicant, user: User) -> bool:
    """Whether an application is a user's own, by the linked record or by the address."""
    linked = applicant.person is not None and applicant.person.user_id == user.pk
    return linked or applicant.email.casefold() == user.email.casefold()


def move(
    *,
    in_round: Round,
    picked: Mapping[uuid.UUID, uuid.UUID],
    to: RoundStage,
    by: User,
    at: dt.datetime,
    reason: str = "",
) -> list[Applicant]:
    """Move applications of one round to one of its stages.

    Args:
        picked: each application's key and that of the stage at which the mover saw it.
        reason: one of those that belong to the stage's kind; empty for all other kinds.

    Raises:
        MoveRefused: one of them may not, or is somewhere else by now; then nobody is moved.
        NotYours: the round is at another site.
    """
    require_round(by, in_round)
    if to.round_id != in_round.pk:
        raise MoveRefused([OTHER_ROUND])
    if words := why_not_reason(to.kind, reason):
        raise MoveRefused([f"{words}."])
    with writing(by):
        applicants = held(in_round, picked)
        _refuse_moved_meanwhile(applicants, picked)
        refuse(
            (applicant, _why_not(applicant, to, by))
            for applicant in applicants
            if applicant.stage_id == picked[applicant.pk]
        )
        write_moves(applicants, to, by=by, at=at, reason=reason)
    return applicants


def bring_back(*, applicant: Applicant, by: User, at: dt.datetime) -> Applicant:
    """Take back the end of an application: it stands again where it stood before that.

    Raises:
        MoveRefused: it has not ended, was merged into another, or is appointed.
        NotYours: the round is at another site.
    """
    require_round(by, applicant.round)
    with writing(by):
        [current] = held(applicant.round, [applicant.pk])
        refuse([(current, OWN if is_own(current, by) else why_not_back(standing_of(current)))])
        last = current.moves.filter(to_stage=current.stage).select_related("from_stage").last()
        if last is None or last.from_stage is None:
            raise MoveRefused([f"It is not known where {current} was before."])
        write_moves([current], last.from_stage, by=by, at=at)
    return current


def held(in_round: Round, keys: Iterable[uuid.UUID]) -> list[Applicant]:
    """Applications of a round as they are now, held until the transaction ends.

    Raises:
        MoveRefused: none was asked for, or one is not there.
    """
    keys = set(keys)
    if not keys:
        raise MoveRefused([NOBODY])
    rows = Applicant.objects.counted().filter(round=in_round, pk__in=keys).order_by("pk")
    # Not joined: a row that was waited for comes with its new stage's key and no stage.
    found = list(
        rows.prefetch_related("stage", "person").select_for_update(of=("self",), no_key=True)
    )
    if len(found) < len(keys):
        raise MoveRefused([NOT_HERE])
    return found


def standing_of(applicant: Applicant) -> Standing:
    """What the rules about moves need to know of an application."""
    return Standing(
        kind=applicant.stage.kind,
        offered=applicant.offered_on is not None,
        answer=applicant.offer_answer,
        reply_by=applicant.offer_reply_by,
        asked=applicant.offer_asked,
    )


def refuse(answers: Iterable[tuple[Applicant, str]]) -> None:
    """Raise `MoveRefused` unless every answer is empty."""
    reasons = [f"{applicant} {words}." for applicant, words in answers if words]
    if reasons:
        raise MoveRefused(reasons)


def write_moves(
    applicants: Iterable[Applicant],
    to: RoundStage,
    *,
    by: User | None,
    at: dt.datetime,
    reason: str = "",
) -> None:
    """Write the moves of applications that are held, and that their pages say something new, in
    the same number of statements however many they are."""
    applicants = list(applicants)
    StageMove.objects.bulk_create(
        StageMove(
            applicant=applicant,
            from_stage_id=applicant.stage_id,
            to_stage=to,
            at=at,
            by=by,
            reason=reason,
        )
        for applicant in applicants
    )
    rows = Applicant.objects.filter(pk__in=[applicant.pk for applicant in applicants])
    rows.update(stage=to, stage_since=at, reason=reason)
    for applicant in applicants:
        applicant.stage, applicant.stage_since, applicant.reason = to, at, reason
    if reason != MoveReason.DUPLICATE:  # whose other application goes on
        write_news(applicants, at=at)
    if to.kind in REASONS:
        free_interviews(applicants, at)
    if to.kind == StageKind.CHECKS:
        _begin_checks(applicants, timezone.localdate(at))


def _why_not(applicant: Applicant, to: RoundStage, by: User) -> str:
    if is_own(applicant, by):
        return OWN
    if applicant.stage_id == to.pk:
        return f"is at “{to}” already"
    return why_not(standing_of(applicant), to.kind)


def _refuse_moved_meanwhile(
    applicants: list[Applicant], picked: Mapping[uuid.UUID, uuid.UUID]
) -> None:
    elsewhere = [row for row in applicants if row.stage_id != picked[row.pk]]
    if not elsewhere:
        return
    moves = StageMove.objects.filter(applicant__in=elsewhere).select_related("by").order_by("at")
    last = {move.applicant_id: move for move in moves}
    raise MoveRefused(
        f"{row} has been moved to “{row.stage}” by {last[row.pk].by or 'the applicant'} meanwhile."
        for row in elsewhere
    )


def _begin_checks(applicants: list[Applicant], day: dt.date) -> None:
    """The six checks, for those who do not have them yet."""
    EmploymentCheck.objects.bulk_create(
        [
            EmploymentCheck(applicant=applicant, standard=standard, turn_since=day)
            for applicant in applicants
            for standard in CheckStandard.values
        ],
        ignore_conflicts=True,
    )
