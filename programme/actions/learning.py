"""Learning after training, logged by people themselves and for themselves."""

import datetime as dt
from decimal import Decimal

from accounts.models import User
from programme.actions.saving import NotYours, change, check, locked, remove, writing
from programme.models import LearningRecord, Person


def require_own(by: User, person: Person) -> None:
    """Make sure that it is one's own record.

    Raises:
        NotYours: it is somebody else's; nobody else writes or reads it, whatever their role.
    """
    if person.user_id != by.pk:
        raise NotYours("Learning is logged by the person themselves.")


def log(
    *, person: Person, by: User, learned_on: dt.date, hours: Decimal, topic: str, hours_shared: bool
) -> LearningRecord:
    """Log learning of a day, once however often it is sent.

    Raises:
        NotSaved: the hours are out of range.
        NotYours: it is not one's own, here and below.
    """
    require_own(by, person)
    values = {"learned_on": learned_on, "hours": hours, "hours_shared": hours_shared}
    record = LearningRecord(person=person, account=by, topic=topic, **values)
    with writing(by):
        locked(person)
        for logged in LearningRecord.objects.of(person).filter(**values):
            if logged.topic == topic:
                return logged
        check(record)
        record.save(force_insert=True)
    return record


def change_learning(*, record: LearningRecord, by: User, version: str, **values) -> LearningRecord:
    """Correct what one logged.

    Raises:
        ChangedMeanwhile, NotSaved: see `programme.actions.saving`.
    """
    require_own(by, record.person)
    return change(record, by=by, version=version, values=values)


def remove_learning(*, record: LearningRecord, by: User) -> None:
    """Delete what one logged."""
    require_own(by, record.person)
    remove(record, by=by)
