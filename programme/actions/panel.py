"""Who sits on a panel, what it scores, and the scores."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Max

from accounts.models import User
from programme.actions.moves import MoveRefused, held, is_own, refuse, require_round
from programme.actions.saving import NotSaved, add, remove, writing
from programme.models import (
    SCORED,
    Applicant,
    PanelConflict,
    PanelMember,
    PanelScore,
    Round,
    ScoringCriterion,
)
from programme.panel import criteria_at

HAS_SCORED = "There are scores already, so this stays."
OWN = "is you: nobody scores their own application"
CONFLICT = "is somebody whom you may not score"
NOT_NOW = "is not being scored now"
SUBMITTED = "has your scores already"


def add_member(*, in_round: Round, user: User, by: User) -> PanelMember:
    """Put somebody on the panel of a round.

    Raises:
        NotSaved, NotYours: see `programme.actions.saving`.
    """
    require_round(by, in_round)
    return add(PanelMember(round=in_round, user=user), by=by)


def remove_member(*, member: PanelMember, by: User) -> None:
    """Take somebody off a panel who has scored nobody.

    Raises:
        NotSaved: they have scored.
        NotYours: the round is at another site.
    """
    require_round(by, member.round)
    with writing(by):
        if member.scores.exists():
            raise NotSaved({NON_FIELD_ERRORS: [HAS_SCORED]})
        remove(member, by=by)


def add_criterion(
    *, in_round: Round, by: User, name: str, hint: str, used_at: str, highest: int
) -> ScoringCriterion:
    """Let the panel of a round score something more.

    Raises:
        NotSaved: there is one with this name, or scores at that stage are submitted already.
        NotYours: the round is at another site.
    """
    require_round(by, in_round)
    submitted = PanelScore.objects.filter(
        applicant__round=in_round, criterion__used_at=used_at, submitted_at__isnull=False
    )
    if submitted.exists():
        raise NotSaved({"used_at": ["Somebody has scored this stage already."]})
    last = in_round.criteria.aggregate(last=Max("position"))["last"] or 0
    criterion = ScoringCriterion(
        round=in_round, name=name, hint=hint, used_at=used_at, highest=highest, position=last + 1
    )
    return add(criterion, by=by)


def remove_criterion(*, criterion: ScoringCriterion, by: User) -> None:
    """Take back a criterion by which nobody has scored.

    Raises:
        NotSaved: somebody has.
        NotYours: the round is at another site.
    """
    require_round(by, criterion.round)
    with writing(by):
        if criterion.scores.exists():
            raise NotSaved({NON_FIELD_ERRORS: [HAS_SCORED]})
        remove(criterion, by=by)


def save_scores(
    *,
    member: PanelMember,
    applicant: Applicant,
    given: Mapping[uuid.UUID, tuple[int | None, str]],
    submit: bool,
    at: dt.datetime,
) -> None:
    """Keep a member's scores and comments, as a draft or for good.

    Args:
        given: a score and a comment for each criterion's key.

    Raises:
        MoveRefused: the application is not scored now, is their own, is in conflict or has their
            scores; or not everything is scored that is to be submitted.
    """
    with writing(member.user):
        [current] = held(member.round, [applicant.pk])
        kind = current.stage.kind
        refuse([(current, _why_not(member, current, kind))])
        criteria = list(criteria_at(member.round_id, kind))
        if submit and not (criteria and all(given[one.pk][0] is not None for one in criteria)):
            raise MoveRefused(["Give every score before you submit them."])
        for criterion in criteria:
            score, comment = given[criterion.pk]
            row = PanelScore.objects.filter(
                applicant=current, member=member, criterion=criterion
            ).first() or PanelScore(applicant=current, member=member, criterion=criterion)
            row.score, row.comment = score, comment
            row.submitted_at = at if submit else None
            row.save()


def _why_not(member: PanelMember, applicant: Applicant, kind: str) -> str:
    if kind not in SCORED:
        return NOT_NOW
    if is_own(applicant, member.user):
        return OWN
    if PanelConflict.objects.filter(member=member, applicant=applicant).exists():
        return CONFLICT
    scored = member.scores.filter(applicant=applicant, criterion__used_at=kind)
    return SUBMITTED if scored.filter(submitted_at__isnull=False).exists() else ""


def declare_conflict(
    *, member: PanelMember, applicant: Applicant, may_score: bool, at: dt.datetime
) -> None:
    """Remember that a member may not score an application, or that this was said by mistake.

    Raises:
        MoveRefused: the application is not scored now.
    """
    with writing(member.user):
        [current] = held(member.round, [applicant.pk])
        refuse([(current, "" if current.stage.kind in SCORED else NOT_NOW)])
        if may_score:
            PanelConflict.objects.filter(member=member, applicant=current).delete()
            return
        PanelConflict.objects.get_or_create(member=member, applicant=current, defaults={"at": at})
