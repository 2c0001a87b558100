"""What the pages of sessions show to whom: the words of a record only where they may be read."""

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from accounts.models import User
from supervision.models import (
    AgendaItem,
    AgreedAction,
    Agreement,
    AideMemoire,
    RecordAnswer,
    RecordVersion,
    Session,
    SessionRecord,
    SessionStatus,
)
from supervision.permissions import is_worker_of, may_supervise_in
from supervision.prompts import ABOUT


class Told(NamedTuple):
    """A record as it is read: the words that hold, what was written before, what was added after,
    and what the worker answered."""

    record: SessionRecord
    words: RecordVersion
    earlier: list[RecordVersion]
    amendments: list[RecordVersion]
    answers: list[RecordAnswer]


def record_of(session: Session, user: User, day: dt.date) -> Told | None:
    """The record of a session, if there is one that a user may read on a day.

    Who was not part of it reads what was agreed: no version that the worker did not confirm.
    """
    versions = Prefetch("versions", RecordVersion.objects.select_related("written_by"))
    readable = SessionRecord.objects.readable_by(user, day).filter(session=session).distinct()
    record = readable.prefetch_related(versions, "answers").first()
    if record is None:
        return None
    every, answers = list(record.versions.all()), list(record.answers.all())
    if user.pk not in _part_of(session):
        every = _agreed(every, answers, session.person.user_id)
        numbers = {version.number for version in every}
        answers = [answer for answer in answers if answer.version in numbers]
    written = [version for version in every if not version.is_amendment]
    added = [version for version in every if version.is_amendment]
    return Told(record, written[-1], written[:-1], added, answers)


def _part_of(session: Session) -> set[UUID | None]:
    """The worker, who gave the session, and the supervisor of its agreement."""
    return {session.person.user_id, session.supervisor_id, session.agreement.supervisor_id}


def _agreed(
    versions: list[RecordVersion], answers: list[RecordAnswer], worker: UUID | None
) -> list[RecordVersion]:
    """Of an agreed record: the words that are locked, and amendments that the worker confirmed or
    wrote."""
    confirmed = {answer.version for answer in answers if answer.agrees}
    locked = [version for version in versions if not version.is_amendment][-1:]
    return locked + [
        version
        for version in versions
        if version.is_amendment and (version.number in confirmed or version.written_by_id == worker)
    ]


def agenda_of(agreement: Agreement) -> list[AgendaItem]:
    """What waits to be talked about, each with what its prompt is about."""
    items = list(agreement.agenda.waiting().select_related("added_by"))
    for item in items:
        item.about = ABOUT.get(item.prompt, "")
    return items


def sides(agreement: Agreement, user: User, day: dt.date) -> dict:
    """On which side of an agreement somebody stands on a day."""
    return {
        "agreement": agreement,
        "is_worker": is_worker_of(agreement, user),
        "supervises": may_supervise_in(agreement, user, day),
        "other": agreement.supervisor.name
        if is_worker_of(agreement, user)
        else str(agreement.person),
    }


def way_back(user: User) -> dict:
    """Where the pages that both sides have lead back to: one's own supervision, or whom one
    supervises."""
    if getattr(user, "person", None):
        return {"back": reverse("supervision:mine"), "back_text": "Back to my supervision"}
    return {"back": reverse("supervision:home"), "back_text": "Back to people you supervise"}


def sessions_of(agreement: Agreement) -> QuerySet[Session]:
    """What became of every session, the newest first; whether both agreed, and no words."""
    settled = agreement.sessions.exclude(status=SessionStatus.PLANNED)
    return settled.select_related("record", "supervisor", "rearranged_to")


def planned_of(agreement: Agreement) -> QuerySet[Session]:
    """What is planned; what was planned for after an agreement's end is not any more."""
    return agreement.sessions.within_agreement().planned().order_by("starts_at", "pk")


def aide_memoires_of(agreement: Agreement, user: User, day: dt.date) -> list[AideMemoire]:
    """The worker reads every one, a supervisor their own."""
    found = AideMemoire.objects.visible_to(user, day).filter(agreement=agreement)
    return list(found.select_related("author"))


def open_actions_of(user: User, day: dt.date) -> QuerySet[AgreedAction]:
    """What is to do in the agreements that somebody is part of on a day, on either side."""
    mine = Agreement.objects.of_worker(user) | Agreement.objects.given_by(user, day)
    rows = AgreedAction.objects.filter(agreement__in=mine.values("pk"))
    return rows.select_related("agreement__person", "agreement__supervisor", "agreement__kind")


def for_organisation(user: User) -> QuerySet[AgreedAction]:
    """What leads are to do, at the sites whose supervision they see: of records that the worker
    has confirmed, so with the worker's knowledge."""
    seen = Agreement.objects.duty_visible_to(user).order_by().values("pk")
    rows = AgreedAction.objects.for_organisation().filter(agreement__in=seen)
    return rows.select_related("agreement__person__site", "agreement__supervisor")


def to_tick(user: User, day: dt.date) -> QuerySet[AgreedAction]:
    """What somebody may say is done: of their agreements and, for leads, the organisation's."""
    own = open_actions_of(user, day).order_by().values("pk")
    organisation = for_organisation(user).order_by().values("pk")
    return AgreedAction.objects.filter(Q(pk__in=own) | Q(pk__in=organisation))


def ended_lately(user: User, day: dt.date) -> QuerySet[Agreement]:
    """Agreements in which a user supervised until lately: they hand over and settle the past."""
    return Agreement.objects.ended_lately(user, day).select_related("person", "kind")


def to_settle(user: User, day: dt.date, now: dt.datetime) -> QuerySet[Session]:
    """Sessions that have begun and of which a user may say what became of them: their own as
    worker, and those of agreements that they give or gave until lately."""
    given = Agreement.objects.given_by(user, day).order_by().values("pk")
    lately = Agreement.objects.ended_lately(user, day).order_by().values("pk")
    rows = Session.objects.filter(agreement__isnull=False, starts_at__lte=now).within_agreement()
    rows = rows.filter(status__in=[SessionStatus.PLANNED, SessionStatus.CONTESTED])
    mine = Q(person__user=user) | Q(agreement__in=given) | Q(agreement__in=lately)
    return rows.filter(mine).order_by("starts_at", "pk")


def sessions_to_read(user: User, day: dt.date) -> QuerySet[Session]:
    """Sessions that a user may open: of their agreements, and those whose record they may read
    because it was handed over to them."""
    readable = SessionRecord.objects.readable_by(user, day).order_by().values("session")
    own = Session.objects.visible_to(user, day).order_by().values("pk")
    return Session.objects.filter(Q(pk__in=own) | Q(pk__in=readable))


def handed_over(agreement: Agreement, user: User, day: dt.date) -> list[Session]:
    """Sessions of the agreement before this one, whose agreed records its supervisor reads."""
    readable = SessionRecord.objects.readable_by(user, day).order_by()
    before = readable.filter(session__agreement__handed_over__next=agreement)
    found = Session.objects.filter(pk__in=before.values("session"))
    return list(found.select_related("supervisor").order_by("-starts_at", "pk")[:50])
