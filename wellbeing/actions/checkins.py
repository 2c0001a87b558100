"""What a worker does with check-ins and with being asked. Nobody does it for them."""

import datetime as dt
import hashlib
import json

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from accounts.models import User
from programme.actions.saving import change, check, locked, remove, writing
from programme.models import Person
from questionnaires.models import CHECK_IN, QuestionnaireVersion
from wellbeing.models import CheckIn, Rhythm
from wellbeing.rhythm import as_from_next_period, first_of, following

DAY = dt.timedelta(days=1)
UNFINISHED_KEPT = dt.timedelta(days=60)


class FinishedAlready(Exception):  # noqa: N818
    """The check-in of this occasion is finished; `check_in` is it."""

    def __init__(self, check_in: CheckIn):
        super().__init__("This check-in is finished.")
        self.check_in = check_in


class AnsweredElsewhere(Exception):  # noqa: N818
    """Answers were kept from another window since; `answers` are both together, these winning, and
    `read` is the mark of what is kept, for the window that shows them."""

    def __init__(self, answers: dict, read: str):
        super().__init__("Answers were kept from another window.")
        self.answers, self.read = answers, read


def _require_own(by: User, person: Person) -> None:
    if person.user_id != by.pk:
        raise PermissionDenied("This belongs to somebody else.")


# --- Being asked ----------------------------------------------------------------------------------


def ask_me(
    *,
    person: Person,
    by: User,
    day: dt.date,
    every_days: int,
    weekday: int,
    hour: int,
    at_points: bool,
) -> Rhythm:
    """Begin to be asked, or change the rhythm from the next period on.

    Raises:
        NotSaved: it is no rhythm.
    """
    _require_own(by, person)
    chosen = {"every_days": every_days, "weekday": weekday, "hour": hour, "at_points": at_points}
    with writing(by):
        locked(person)
        rhythm = Rhythm.objects.of(person).first()
        if rhythm is None:
            begun = {"next_on": first_of(day, weekday), "settled_on": day - DAY, "begun_on": day}
            rhythm = Rhythm(person=person, account=by, **begun, **chosen)
        else:
            rhythm.next_on = next_of(rhythm, every_days=every_days, weekday=weekday, day=day)
            for name, value in chosen.items():
                setattr(rhythm, name, value)
        check(rhythm)
        rhythm.save()
    return rhythm


def next_of(rhythm: Rhythm, *, every_days: int, weekday: int, day: dt.date) -> dt.date:
    """When somebody is next asked after a change of rhythm; the same rhythm changes nothing."""
    if (every_days, weekday) == (rhythm.every_days, rhythm.weekday):
        return rhythm.next_on
    return as_from_next_period(rhythm.wish, every_days=every_days, weekday=weekday, today=day)


def do_not_ask_before(*, person: Person, by: User, until: dt.date) -> None:
    """A pause, or its end: nothing is asked before a day. Nobody is told."""
    _require_own(by, person)
    with writing(by):
        Rhythm.objects.of(person).update(not_before=until)


def not_now(*, person: Person, by: User, until: dt.date) -> None:
    """The same, but a pause that lasts longer stays."""
    _require_own(by, person)
    sooner = Q(not_before__isnull=True) | Q(not_before__lt=until)
    with writing(by):
        Rhythm.objects.of(person).filter(sooner).update(not_before=until)


def skip(*, person: Person, by: User, day: dt.date) -> None:
    """Leave this one out. What was begun of it is deleted, and nothing says that it was skipped;
    what was begun of other questions stays."""
    _require_own(by, person)
    with writing(by):
        locked(person)
        begun = CheckIn.objects.of(person).unfinished()
        begun.filter(version__questionnaire__key=CHECK_IN).delete()
        _settle(person, day)


def stop_asking(*, person: Person, by: User) -> None:
    """Never ask again, until they say otherwise. What they wrote stays theirs."""
    _require_own(by, person)
    with writing(by):
        Rhythm.objects.of(person).delete()


def _settle(person: Person, day: dt.date) -> None:
    """Today's check-in is answered or left out: the next one is a period later, or when a pause
    that they asked for is over."""
    if rhythm := Rhythm.objects.of(person).first():
        rhythm.settled_on = day
        rhythm.next_on = following(day, rhythm.every_days, rhythm.weekday)
        if rhythm.not_before and rhythm.not_before <= day + DAY:
            rhythm.not_before = None
        rhythm.save(update_fields=["settled_on", "next_on", "not_before"])


# --- Answering ------------------------------------------------------------------------------------


def keep(
    *,
    person: Person,
    by: User,
    version: QuestionnaireVersion,
    occasion_on: dt.date,
    answers: dict,
    read: str,
    at: dt.datetime,
) -> CheckIn:
    """Keep answers while they are typed. What another window kept meanwhile stays beside them.

    Args:
        read: the mark of the answers that the window began with; see `mark_of`.

    Raises:
        FinishedAlready: it was finished in another window.
    """
    _require_own(by, person)
    with writing(by):
        begun = _begun(person, version, occasion_on)
        if begun and begun.finished_at:
            raise FinishedAlready(begun)
        if begun and mark_of(begun.answered) != read:
            answers = begun.answered | answers
        row = begun or CheckIn(
            person=person, account=by, version=version, occasion_on=occasion_on, started_at=at
        )
        row.answers, row.kept_at = json.dumps(answers, ensure_ascii=False), at
        row.save()
    return row


def finish(
    *,
    person: Person,
    by: User,
    version: QuestionnaireVersion,
    occasion_on: dt.date,
    answers: dict,
    read: str,
    at: dt.datetime,
    day: dt.date,
) -> CheckIn:
    """Finish a check-in, once however often it is sent.

    Raises:
        FinishedAlready: it is, with other answers.
        AnsweredElsewhere: another window kept answers that this one has not read.
    """
    _require_own(by, person)
    with writing(by):
        begun = _begun(person, version, occasion_on)
        if begun and begun.finished_at:
            if begun.answered == answers:
                return begun  # sent twice
            raise FinishedAlready(begun)
        if begun and begun.answered != answers and mark_of(begun.answered) != read:
            raise AnsweredElsewhere(begun.answered | answers, mark_of(begun.answered))
        row = begun or CheckIn(
            person=person, account=by, version=version, occasion_on=occasion_on, started_at=at
        )
        row.answers, row.finished_at = json.dumps(answers, ensure_ascii=False), at
        check(row)
        row.save()
        if version.questionnaire.key == CHECK_IN:
            _settle(person, day)
    return row


def mark_of(answers: dict) -> str:
    """A short mark that changes whenever an answer does."""
    text = json.dumps(answers, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _begun(person: Person, version: QuestionnaireVersion, occasion_on: dt.date) -> CheckIn | None:
    """The check-in of an occasion, with its person held, so that two windows come one by one."""
    locked(person)
    found = CheckIn.objects.of(person).filter(occasion_on=occasion_on, version=version)
    return found.first()


# --- Afterwards -----------------------------------------------------------------------------------


def write_note(*, check_in: CheckIn, by: User, version: str, note: str) -> CheckIn:
    """A note of one's own on a check-in; nobody else ever reads it.

    Raises:
        ChangedMeanwhile, NotSaved: see `programme.actions.saving`.
    """
    _require_own(by, check_in.person)
    return change(check_in, by=by, version=version, values={"note": note})


def delete_one(*, check_in: CheckIn, by: User) -> None:
    """Delete one for good, with its shares; nothing is kept of it."""
    _require_own(by, check_in.person)
    remove(check_in, by=by)


def delete_all(*, person: Person, by: User) -> int:
    """Delete every check-in for good; the number of them."""
    _require_own(by, person)
    with writing(by):
        rows = CheckIn.objects.of(person)
        number = rows.count()
        rows.delete()
    return number


def drop_unfinished(at: dt.datetime) -> None:
    """What was not typed in for two months and never finished is kept no longer."""
    limit = at - UNFINISHED_KEPT
    idle = Q(kept_at__lt=limit) | Q(kept_at__isnull=True, started_at__lt=limit)
    CheckIn.objects.unfinished().filter(idle).delete()
