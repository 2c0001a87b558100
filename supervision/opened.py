"""The one way by which a lead reads agreed records: while two people have opened them, for a time.

What is read is what both had agreed on: versions that the worker confirmed, and nothing private,
not agreed or not confirmed.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from accounts.models import User
from supervision.models import BreakGlass, RecordAnswer, RecordVersion, SessionRecord


@dataclass(frozen=True)
class Opened:
    """An opening that holds now, and the records that it opens."""

    opening: BreakGlass
    records: QuerySet[SessionRecord]


def opened_to(user: User, opening: BreakGlass, now: dt.datetime) -> Opened | None:
    """The agreed records that a user reads by an opening, or `None`: it is not theirs, not
    approved, over, closed, or their role has ended."""
    mine = BreakGlass.objects.visible_to(user).open_to(user, now).filter(pk=opening.pk).first()
    if mine is None:
        return None
    confirmed = RecordAnswer.objects.filter(
        record=OuterRef("record"), version=OuterRef("number"), agrees=True
    )
    versions = RecordVersion.objects.filter(Exists(confirmed)).select_related("written_by")
    records = SessionRecord.objects.filter(
        session__person=mine.person_id, agreed_at__isnull=False
    ).select_related("session__kind", "session__supervisor")
    shown = Prefetch("versions", versions, to_attr="agreed_versions")
    return Opened(mine, records.prefetch_related(shown).order_by("-session__starts_at", "pk"))


def subject_of_look(opening: BreakGlass):
    """Whose record a look by an opening is noted at: the person's, who reads it among the looks at
    their record; or, where a legal duty forbids telling them, the opening's own, which auditors
    read."""
    return opening.pk if opening.withheld else opening.person_id


def told_to(user: User) -> QuerySet[BreakGlass]:
    """What a worker is told of on their own pages: every opening of their records that no recorded
    legal duty forbids to tell."""
    return BreakGlass.objects.told_to(user).select_related("asked_by", "decided_by")
