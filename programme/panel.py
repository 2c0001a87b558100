"""What a panel reads and how its scores add up."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from statistics import mean
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from programme.models import (
    SCORED,
    Applicant,
    PanelConflict,
    PanelMember,
    PanelScore,
    Round,
    ScoringCriterion,
    StageKind,
)


def seats_of(user: User) -> QuerySet[PanelMember]:
    """A user's seats on panels, each with how many applications stand at a stage it scores."""
    return (
        PanelMember.objects.visible_to(user).select_related("round").order_by("-round__closes_on")
    )


def to_score(member: PanelMember) -> QuerySet[Applicant]:
    """What a member may read now, with `conflict` and `submitted` as it is for them; never the
    statement unless a page asks for it, and never adjustments."""
    submitted = PanelScore.objects.filter(
        applicant=OuterRef("pk"),
        member=member,
        criterion__used_at=OuterRef("stage__kind"),
        submitted_at__isnull=False,
    )
    conflict = PanelConflict.objects.filter(applicant=OuterRef("pk"), member=member)
    rows = Applicant.objects.scored_by(member.user).filter(round=member.round_id)
    rows = rows.exclude(email__iexact=member.user.email)
    return rows.select_related("stage").annotate(
        conflict=Exists(conflict), submitted=Exists(submitted)
    )


def criteria_at(round_id: uuid.UUID, kind: str) -> QuerySet[ScoringCriterion]:
    """What a round scores at stages of a kind."""
    return ScoringCriterion.objects.filter(round=round_id, used_at=kind)


def others_scores(applicant: Applicant, member: PanelMember, kind: str) -> list[PanelScore]:
    """What the other members submitted; ask only for a member who has submitted their own."""
    rows = applicant.scores.filter(submitted_at__isnull=False, criterion__used_at=kind)
    return list(rows.exclude(member=member).select_related("member__user", "criterion"))


class Result(NamedTuple):
    """What a panel gave one application at stages of one kind: the mean of the members' totals,
    once all who may score have; until then nothing but how many have."""

    scored: int
    members: int
    total: float | None
    highest: int

    @property
    def words(self) -> str:
        if self.total is None:
            return f"{self.scored} of {self.members} scored"
        return f"{self.total:.1f} of {self.highest}"


def result(totals: Iterable[int], members: int, highest: int) -> Result:
    """The result of the totals that members submitted, of as many members as may score."""
    totals = list(totals)
    complete = members > 0 and len(totals) >= members
    return Result(len(totals), members, mean(totals) if complete else None, highest)


class Summary(NamedTuple):
    """One application and the panel's results at shortlisting and at interview."""

    applicant: Applicant
    shortlisting: Result | None
    interview: Result | None


def summaries(in_round: Round) -> list[Summary]:
    """Applications that the panel scores or has scored, the highest results first."""
    members = in_round.panel_members.count()
    highest = dict.fromkeys(SCORED, 0)
    for criterion in in_round.criteria.all():
        highest[StageKind(criterion.used_at)] += criterion.highest
    conflicts: dict[uuid.UUID, int] = defaultdict(int)
    for applicant in PanelConflict.objects.filter(applicant__round=in_round).values_list(
        "applicant", flat=True
    ):
        conflicts[applicant] += 1
    totals = _totals(in_round)
    rows = in_round.applicants.counted().select_related("stage")
    found = []
    for row in rows:
        results = [
            result(totals[row.pk, kind].values(), members - conflicts[row.pk], highest[kind])
            if totals[row.pk, kind] or row.stage.kind == kind
            else None
            for kind in SCORED
        ]
        if any(results):
            found.append(Summary(row, *results))
    return sorted(found, key=_rank)


def _rank(row: Summary) -> tuple:
    at_interview = row.interview.total if row.interview else None
    before = row.shortlisting.total if row.shortlisting else None
    return (-(at_interview or -1), -(before or -1), row.applicant.sort_name)


def _totals(in_round: Round) -> dict[tuple, dict[uuid.UUID, int]]:
    """By application and kind of stage: each member's total of what they submitted."""
    totals: dict[tuple, dict] = defaultdict(lambda: defaultdict(int))
    scores = PanelScore.objects.filter(applicant__round=in_round, submitted_at__isnull=False)
    conflicts = PanelConflict.objects.filter(
        applicant=OuterRef("applicant"), member=OuterRef("member")
    )
    for applicant, member, kind, score in scores.exclude(Exists(conflicts)).values_list(
        "applicant", "member", "criterion__used_at", "score"
    ):
        totals[applicant, kind][member] += score
    return totals
