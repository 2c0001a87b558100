"""What a worker notes of what weighs on them. Nobody does it for them."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from programme.actions.saving import NotSaved, change, check, locked, remove, writing
from programme.disclosure import TOTAL, Rule
from programme.models import Person, Spell, Team
from programme.numbers import last_quarter_end
from wellbeing.burden import counts_of
from wellbeing.colleagues import supervised, to_choose_from
from wellbeing.models import BurdenCount, BurdenFlag, BurdenQuarter

NOT_OFFERED = "Choose somebody from the list."
NOT_YOUR_TEAM = "Choose a team you work in."


def teams_of(person: Person, day: dt.date) -> QuerySet[Team]:
    """The teams somebody works in on a day."""
    spells = Spell.objects.in_post_on(day).filter(person=person)
    return Team.objects.filter(pk__in=spells.values("post__team")).select_related("site")


def note(
    *, person: Person, by: User, team: Team, day: dt.date, addressed_to: User | None, **values
) -> BurdenFlag:
    """Note that something weighs on one, once however often it is sent.

    Raises:
        NotSaved: it is not a team of theirs, is noted already, or is for somebody not offered.
    """
    _check(person, by, addressed_to, day)
    if not teams_of(person, day).filter(pk=team.pk).exists():
        raise NotSaved({"team": [NOT_YOUR_TEAM]})
    shows_words = values.pop("shows_words") and addressed_to is not None
    values |= {"addressed_to": addressed_to, "shows_words": shows_words}
    values["while_supervising"] = _supervises(addressed_to, person, day)
    new = BurdenFlag(person=person, account=by, team=team, noted_on=day, **values)
    with writing(by):
        locked(person)
        same_day = BurdenFlag.objects.of(person).filter(team=team, noted_on=day)
        for there in same_day.filter(kind=new.kind):
            if all(getattr(there, name) == value for name, value in values.items()):
                return there  # sent twice
        check(new)
        new.save(force_insert=True)
    return new


def change_flag(
    *, flag: BurdenFlag, by: User, version: str, day: dt.date, addressed_to: User | None, **values
) -> BurdenFlag:
    """Other words, or addressed to somebody else or to nobody.

    Raises:
        ChangedMeanwhile, NotSaved: see `programme.actions.saving`.
    """
    _check(flag.person, by, None if addressed_to == flag.addressed_to else addressed_to, day)
    if addressed_to is None:
        values["shows_words"] = False
    if addressed_to != flag.addressed_to:
        values["while_supervising"] = _supervises(addressed_to, flag.person, day)
    return change(flag, by=by, version=version, values=values | {"addressed_to": addressed_to})


def withdraw(*, flag: BurdenFlag, by: User) -> None:
    """Take it back for good: nobody reads it, and no count to come has it."""
    _check(flag.person, by, None, None)
    remove(flag, by=by)


def _supervises(reader: User | None, person: Person, day: dt.date) -> bool:
    return reader is not None and reader.pk in supervised().supervisors_of(person, day)


def count_quarter(day: dt.date, rule: Rule) -> None:
    """Count the quarter that is over, once. May run twice."""
    as_at = last_quarter_end(day - dt.timedelta(days=1))
    with transaction.atomic():
        quarter, is_new = BurdenQuarter.objects.get_or_create(as_at=as_at)
        if is_new:
            BurdenCount.objects.bulk_create(
                BurdenCount(quarter=quarter, team_id=team, people=counts.pop(TOTAL), kinds=counts)
                for team, counts in counts_of(as_at, rule).items()
            )


def _check(person: Person, by: User, addressed_to: User | None, day: dt.date | None) -> None:
    if person.user_id != by.pk:
        raise PermissionDenied("This belongs to somebody else.")
    if addressed_to and not to_choose_from(person, day).filter(pk=addressed_to.pk).exists():
        raise NotSaved({"addressed_to": [NOT_OFFERED]})
