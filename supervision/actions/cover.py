"""Standing in for a supervisor, between two days."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import User
from programme.actions.saving import NotSaved, check, locked, writing
from supervision.actions.sessions import call_off
from supervision.models import Agreement, Cover
from supervision.permissions import may_arrange_for, require_worker

LONGEST = dt.timedelta(days=183)
TOO_LONG = "Cover lasts at most six months. For longer, a new supervisor is better."
PAST = "Cover cannot begin before today."
AFTER = "The agreement ends before that day."
ONESELF = "Somebody else arranges that you stand in."
LONGER = "Somebody else arranges that you stand in for longer."
REFUSED = "The worker has asked for another stand-in. Choose somebody else."
OTHER_RELATION = "This person supervises the worker in another kind. Choose somebody else."


def may_arrange(user: User, agreement: Agreement) -> bool:
    """The supervisor, and a lead of the worker's sites."""
    return agreement.supervisor_id == user.pk or may_arrange_for(user, agreement.person)


def arrange(
    *,
    agreement: Agreement,
    stand_in: User,
    starts_on: dt.date,
    last_day: dt.date,
    by: User,
    at: dt.datetime,
    words: str = "",
) -> Cover:
    """Let somebody stand in, to a last day that still counts; it ends by itself.

    Raises:
        PermissionDenied: neither the supervisor nor a lead asks.
        NotSaved: the days are not possible, somebody else stands in then, or it would open to a
            lead, or to the worker's line manager, what is not theirs.
    """
    _require_arranger(by, agreement)
    day = timezone.localdate(at)
    _require_no_way_in(agreement, stand_in, by, day)
    with writing(by):
        held = locked(agreement)
        same = {"stand_in": stand_in, "starts_on": starts_on, "last_day": last_day}
        if twin := held.covers.filter(**same, refused_at__isnull=True).first():
            return twin
        if held.covers.filter(stand_in=stand_in, refused_at__isnull=False).exists():
            raise NotSaved({"entry": [REFUSED]})
        if starts_on < day:
            raise NotSaved({"starts_on": [PAST]})
        if last_day - starts_on > LONGEST:
            raise NotSaved({"last_day": [TOO_LONG]})
        if held.ended_on is not None and last_day >= held.ended_on:
            raise NotSaved({"last_day": [AFTER]})
        cover = Cover(agreement=held, words=words, arranged_by=by, arranged_at=at, **same)
        check(cover)
        cover.save(force_insert=True)
    return cover


def arrange_for_group(*, agreements: Iterable[Agreement], by: User, **given) -> list[Cover]:
    """Let one person stand in for everybody of a group, or of those who were chosen: all or
    nothing.

    Raises:
        PermissionDenied, NotSaved: as for one; the words say about whom it is.
    """
    covers = []
    with writing(by):
        for agreement in sorted(agreements, key=lambda one: one.pk):
            try:
                covers.append(arrange(agreement=agreement, by=by, **given))
            except NotSaved as refusal:
                words = [f"{agreement.person}: {refusal}"]
                raise NotSaved(dict.fromkeys(refusal.problems, words)) from refusal
    return covers


def change_last_day(*, cover: Cover, last_day: dt.date, by: User, at: dt.datetime) -> Cover:
    """End a cover earlier or later than arranged.

    Raises:
        PermissionDenied: neither the supervisor nor a lead asks.
        NotSaved: the day is past or too late, somebody else stands in then, or a stand-in would
            stay on by their own word.
    """
    _require_arranger(by, cover.agreement)
    with writing(by):
        agreement = locked(cover.agreement)
        held = locked(cover)
        if last_day < timezone.localdate(at):
            raise NotSaved({"last_day": ["The last day cannot be in the past."]})
        if last_day - held.starts_on > LONGEST:
            raise NotSaved({"last_day": [TOO_LONG]})
        if agreement.ended_on is not None and last_day >= agreement.ended_on:
            raise NotSaved({"last_day": [AFTER]})
        if held.stand_in_id == by.pk and last_day > held.last_day:
            raise NotSaved({"last_day": [LONGER]})
        held.last_day = last_day
        check(held)
        held.save(update_fields=["last_day"])
    return held


def withdraw(*, cover: Cover, by: User, at: dt.datetime) -> None:
    """Take a cover back: one that has begun ends with yesterday, or today if it began today and a
    session was given. Twice is once.

    Raises:
        PermissionDenied: neither the supervisor nor a lead asks.
    """
    _require_arranger(by, cover.agreement)
    day = timezone.localdate(at)
    with writing(by):
        held = Cover.objects.select_for_update(no_key=True).filter(pk=cover.pk).first()
        if held is None or held.last_day < day:
            return
        if held.starts_on >= day and not held.sessions.exists():
            held.delete()
            return
        held.last_day = max(held.starts_on, day - dt.timedelta(days=1))
        held.save(update_fields=["last_day"])


def refuse(*, cover: Cover, by: User, at: dt.datetime) -> None:
    """The worker asks for another stand-in: this one opens nothing any more, and what they planned
    is called off. No reason is asked. Twice is once.

    Raises:
        PermissionDenied: only the worker decides.
    """
    with writing(by):
        agreement = locked(cover.agreement)
        held = locked(cover)
        require_worker(by, agreement.person)
        if held.refused_at is None:
            held.refused_at, held.records_open = at, False
            held.save(update_fields=["refused_at", "records_open"])
            call_off(agreement, by_worker=True, at=at, cover=held)


def open_records(*, cover: Cover, by: User, opened: bool) -> None:
    """Let the stand-in read the records that both agreed on, or stop it at once.

    Raises:
        PermissionDenied: only the worker decides.
    """
    with writing(by):
        held = locked(cover)
        require_worker(by, held.agreement.person)
        if held.records_open != opened:
            held.records_open = opened
            held.save(update_fields=["records_open"])


def _require_no_way_in(agreement: Agreement, stand_in: User, by: User, day: dt.date) -> None:
    """Nobody lets themselves in, and one relation gives nothing of the other: who supervises the
    worker otherwise does not stand in for whom the worker chose."""
    if stand_in.pk == by.pk:
        raise NotSaved({"entry": [ONESELF]})
    if not agreement.kind.by_lived_experience:
        return
    others = Agreement.objects.filter(person=agreement.person_id, supervisor=stand_in)
    if others.exclude(kind=agreement.kind_id).not_ended_by(day).exists():
        raise NotSaved({"entry": [OTHER_RELATION]})


def _require_arranger(by: User, agreement: Agreement) -> None:
    if not may_arrange(by, agreement):
        raise PermissionDenied("The supervisor or a lead arranges cover.")
