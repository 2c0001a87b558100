"""Asking people who are on hold to apply in another round."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.models.functions import Upper
from django.utils import timezone

from accounts.models import User
from programme.actions.applicants import write_link
from programme.actions.moves import NOBODY, MoveRefused, require_round
from programme.actions.saving import writing
from programme.models import Applicant, Round, StageKind

NOT_OPEN = "Choose a round that takes applications now."
NOT_ON_HOLD = "Somebody you chose is no longer on hold."


def invite(*, keys: Iterable[uuid.UUID], to: Round, by: User, at: dt.datetime) -> list[Applicant]:
    """Begin an application in another round for people on hold and send each the link to it.

    Only name, address and telephone go along: what else to say in the new round is theirs. Who
    has an application there already, begun or sent, is left alone.

    Returns:
        The applications that were begun.

    Raises:
        MoveRefused: nobody was chosen, somebody is not on hold, or the round takes none now.
        NotYours: one of the rounds is at another site.
    """
    keys = set(keys)
    require_round(by, to)
    if not keys:
        raise MoveRefused([NOBODY])
    if not to.takes_applications_on(timezone.localdate(at)):
        raise MoveRefused([NOT_OPEN])
    with writing(by):
        Round.objects.select_for_update(no_key=True).get(pk=to.pk)  # of two leads, one waits
        waiting = _on_hold(keys)
        for row in waiting:
            require_round(by, row.round)
        return _begin(waiting, to, at)


def _on_hold(keys: set[uuid.UUID]) -> list[Applicant]:
    rows = Applicant.objects.counted().filter(pk__in=keys, stage__kind=StageKind.ON_HOLD)
    found = list(rows.select_related("round"))
    if len(found) < len(keys):
        raise MoveRefused([NOT_ON_HOLD])
    return found


def _begin(waiting: list[Applicant], to: Round, at: dt.datetime) -> list[Applicant]:
    addresses = Applicant.objects.filter(round=to).annotate(address=Upper("email"))
    there = set(addresses.values_list("address", flat=True))
    drafts = {
        row.email.upper(): Applicant(
            round=to,
            first_name=row.first_name,
            last_name=row.last_name,
            email=row.email,
            phone=row.phone,
            started_at=at,
            saved_at=at,
            carried_from=row,
        )
        for row in waiting
        if row.email.upper() not in there
    }
    begun = Applicant.objects.bulk_create(drafts.values())
    for draft in begun:
        write_link(applicant=draft, at=at)
    return begun
