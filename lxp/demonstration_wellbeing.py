"""A year of check-ins of the peer worker who signs in to the demonstration, all invented.

They come through the actions behind the pages. Nobody else of the demonstration has an account, so
there are no group results, and their page says why.
"""

import datetime as dt
import random

from django.utils import timezone

from programme.actions.saving import version_of
from programme.models import Person
from questionnaires.models import CHECK_IN, QuestionnaireVersion
from wellbeing.actions import checkins, sharing
from wellbeing.colleagues import supervised, to_choose_from
from wellbeing.models import CheckIn, Weekday

FORTNIGHTS = 26
SKIPPED = 6  # one in so many: nothing of it is kept
HARD_MONTH = range(8, 11)  # fortnights from the first: about the fourth month
QUESTIONS = ("energy", "support", "load", "own_story", "belonging")
LINES = {
    3: "First group of my own. Tired, and glad.",
    9: "Too many extra shifts. I said so in supervision.",
    10: "The rota is changed from next week.",
    20: "I told a part of my story and stopped where I wanted to.",
}
NOTE = "This was when the rota changed. It helped to have said it."


def load(*, at: dt.datetime, chance: random.Random) -> None:
    person = Person.objects.get(user__email="peer@example.org")
    first = timezone.localdate(at) - dt.timedelta(days=14 * FORTNIGHTS)
    act = {"person": person, "by": person.user}
    rhythm = {"every_days": 14, "weekday": Weekday.WEDNESDAY, "hour": 9, "at_points": True}
    checkins.ask_me(**act, day=first, **rhythm)
    for number in range(FORTNIGHTS):
        day = first + dt.timedelta(days=14 * number + 1)
        if number % SKIPPED == SKIPPED - 1:
            checkins.skip(**act, day=day)
        else:
            _check_in(number, day, chance, act)
    rows = CheckIn.objects.filter(person=person).finished().order_by("finished_at")
    checkins.write_note(check_in=rows[9], by=person.user, version=version_of(rows[9]), note=NOTE)
    _share(rows.last(), at)


def _check_in(number: int, day: dt.date, chance: random.Random, act: dict) -> None:
    """Answers mostly near the good end; in the hard month nearer to the other."""
    middle = 2 if number in HARD_MONTH else 4
    given = {
        question: str(min(max(_turned(question, middle) + chance.choice((-1, 0, 0, 1)), 1), 5))
        for question in QUESTIONS
    }
    line = {"line": LINES[number]} if number in LINES else {}
    version = QuestionnaireVersion.objects.of(CHECK_IN).published().latest()
    moment = timezone.make_aware(dt.datetime.combine(day, dt.time(12, 40)))
    checkins.finish(
        **act,
        version=version,
        occasion_on=day,
        answers=given | line,
        read="",
        at=moment,
        day=day,
    )


def _turned(question: str, score: int) -> int:
    """A heavy load is a high score, and the hard end of the others a low one."""
    return 6 - score if question == "load" else score


def _share(row: CheckIn, at: dt.datetime) -> None:
    """With one of their supervisors, while they supervise."""
    day = timezone.localdate(at)
    own = supervised().supervisors_of(row.person, day)
    if reader := to_choose_from(row.person, day).filter(pk__in=own).first():
        sharing.share(
            check_in=row,
            by=row.person.user,
            reader=reader,
            at=at,
            day=day,
            ends_on=day + dt.timedelta(days=28),
            keep_open=False,
        )
