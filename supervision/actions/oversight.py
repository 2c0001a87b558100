"""Opening a worker's agreed records against the rule: one lead asks, another decides.

Source: domain.md 5.3, rules 7 and 21. Nothing here reads a record: see `supervision.opened`.
"""

import datetime as dt

from django.core.exceptions import NON_FIELD_ERRORS

from accounts.models import User
from programme.actions.saving import NotSaved, check, locked, writing
from programme.models import Person
from supervision.models import BreakGlass

DECIDED = "Somebody has decided about this already."
BY_ANOTHER = "You asked for this, so another lead decides about it."
ABOUT_ONESELF = "These are your own records."


def ask_to_open(
    *,
    person: Person,
    by: User,
    at: dt.datetime,
    reason: str,
    words: str,
    hours: int,
    withheld: bool = False,
    withheld_words: str = "",
) -> BreakGlass:
    """Ask another lead to let one read somebody's agreed records; asked twice, it is one request.

    Raises:
        NotSaved: it is about oneself, or something in it cannot be.
    """
    with writing(by):
        person = locked(person)
        _not_about(person, by)
        waiting = BreakGlass.objects.waiting().filter(person=person, asked_by=by).first()
        if waiting is not None:
            return waiting
        asked = BreakGlass(
            person=person,
            asked_by=by,
            asked_at=at,
            reason=reason,
            words=words,
            hours=hours,
            withheld=withheld,
            withheld_words=withheld_words if withheld else "",
        )
        check(asked)
        asked.save(force_insert=True)
    return asked


def approve(*, opening: BreakGlass, by: User, at: dt.datetime) -> BreakGlass:
    """Open the records to whoever asked, from now for as many hours as they asked for.

    Raises:
        NotSaved: they asked themselves, it is about them, or somebody has decided already.
    """
    until = at + dt.timedelta(hours=opening.hours)
    return _decide(opening, by, approved_at=at, closes_at=until)


def decline(*, opening: BreakGlass, by: User, at: dt.datetime) -> BreakGlass:
    """Refuse it; nothing was opened.

    Raises:
        NotSaved: they asked themselves, it is about them, or somebody has decided already.
    """
    return _decide(opening, by, declined_at=at)


def close(*, opening: BreakGlass, by: User, at: dt.datetime) -> BreakGlass:
    """Close it before its time, or take back what nobody has decided about; a second time changes
    nothing."""
    with writing(by):
        opening = locked(opening)
        if opening.is_waiting or opening.is_open_at(at):
            opening.closed_at = at
            opening.save(update_fields=["closed_at"])
    return opening


def _decide(opening: BreakGlass, by: User, **decision: dt.datetime) -> BreakGlass:
    with writing(by):
        opening = locked(opening)
        _not_about(opening.person, by)
        if opening.asked_by_id == by.pk:
            raise NotSaved({NON_FIELD_ERRORS: [BY_ANOTHER]})
        if not opening.is_waiting:
            raise NotSaved({NON_FIELD_ERRORS: [DECIDED]})
        opening.decided_by = by
        for name, value in decision.items():
            setattr(opening, name, value)
        check(opening)
        opening.save(update_fields=["decided_by", *decision])
    return opening


def _not_about(person: Person, user: User) -> None:
    if person.user_id == user.pk:
        raise NotSaved({NON_FIELD_ERRORS: [ABOUT_ONESELF]})
