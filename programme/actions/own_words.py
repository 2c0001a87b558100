"""What people do with what they write themselves. Only its author writes it."""

import datetime as dt

from django.core.exceptions import PermissionDenied

from accounts.models import User
from programme.actions.saving import change, check, locked, remove, writing
from programme.models import Adjustment, DevelopmentGoal, ExitInterview, Person, Spell

type OwnWords = Adjustment | DevelopmentGoal


def _require_author(by: User, person: Person) -> None:
    if person.user_id != by.pk:
        raise PermissionDenied("This belongs to somebody else.")


def write[Words: OwnWords](
    kind: type[Words], *, person: Person, by: User, day: dt.date, share: bool, **values
) -> Words:
    """Write an adjustment or a goal, once however often it is sent.

    Raises:
        NotSaved: something of it cannot be stored.
    """
    _require_author(by, person)
    shared_on = day if share else None
    new = kind(person=person, account=by, written_on=day, shared_on=shared_on, **values)
    with writing(by):
        locked(person)
        for written in kind.objects.of(person).filter(written_on=day):
            if all(getattr(written, name) == value for name, value in values.items()):
                return written
        check(new)
        new.save(force_insert=True)
    return new


def rewrite(
    words: OwnWords, *, by: User, version: str, day: dt.date, share: bool, **values
) -> OwnWords:
    """Change one's own words, share them or take the sharing back.

    Raises:
        ChangedMeanwhile, NotSaved: see `programme.actions.saving`.
    """
    _require_author(by, words.person)
    shared_on = (words.shared_on or day) if share else None
    return change(words, by=by, version=version, values=values | {"shared_on": shared_on})


def take_away(words: OwnWords, *, by: User) -> None:
    """Delete one's own words for good; no history keeps them."""
    _require_author(by, words.person)
    remove(words, by=by)


def write_exit_interview(
    *, spell: Spell, by: User, day: dt.date, release: bool, **answers
) -> ExitInterview:
    """Write or change what one says on leaving; its ticked answers are counted only if released.

    Raises:
        NotSaved: something of it cannot be stored.
    """
    _require_author(by, spell.person)
    with writing(by):
        locked(spell)
        own = {"spell": spell, "account": by}
        said = ExitInterview.objects.filter(**own).first() or ExitInterview(**own)
        for name, value in answers.items():
            setattr(said, name, value)
        said.released_on = (said.released_on or day) if release else None
        check(said)
        said.save()
    return said
