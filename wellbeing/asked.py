"""What is read about one worker's own check-ins: what waits, what comes next, what was begun."""

import datetime as dt
from typing import NamedTuple

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from programme.models import Enrolment, Outcome, Person, Spell
from questionnaires.models import Questionnaire, QuestionnaireVersion
from wellbeing.models import CheckIn, Rhythm
from wellbeing.rhythm import next_asked, offered_on, points_after


class Asked(NamedTuple):
    """Where a worker stands with being asked.

    Attributes:
        rhythm: none for who does not want to be asked.
        waits: the day of the check-in that waits now; none where none does.
        next_on: when they are next asked; none without a rhythm.
        paused_until: the day before which they are not asked; none where that is over.
    """

    rhythm: Rhythm | None
    waits: dt.date | None = None
    next_on: dt.date | None = None
    paused_until: dt.date | None = None


def asked_of(person: Person, now: dt.datetime) -> Asked:
    rhythm = Rhythm.objects.of(person).first()
    if rhythm is None:
        return Asked(None)
    local = timezone.localtime(now)
    points = points_after(_counted_from(person)) if rhythm.at_points else []
    waits = offered_on(rhythm.wish, points, local)
    today, until = local.date(), rhythm.not_before
    later = next_asked(rhythm.wish, points, today)
    return Asked(rhythm, waits, later, until if until and until > today else None)


def _counted_from(person: Person) -> dt.date | None:
    """The end of training; without one on record, the first day in a post."""
    trained = Enrolment.objects.filter(person=person, outcome=Outcome.COMPLETED)
    if day := trained.aggregate(first=Min("outcome_on"))["first"]:
        return day
    return Spell.objects.filter(person=person).aggregate(first=Min("started_on"))["first"]


def waiting_for(user: User, person: Person, now: dt.datetime) -> dt.date | None:
    """The day of the check-in that waits for a worker, for their home page."""
    return asked_of(person, now).waits if person.user_id == user.pk else None


def to_ask(day: dt.date) -> QuerySet[QuestionnaireVersion]:
    """The newest version of each questionnaire that may be asked on a day."""
    published = QuestionnaireVersion.objects.published().select_related("questionnaire")
    in_use = published.filter(questionnaire__in=Questionnaire.objects.in_use_on(day))
    return in_use.order_by("questionnaire_id", "-number").distinct("questionnaire_id")


def ever_asked(key: str) -> QuerySet[QuestionnaireVersion]:
    """Every published version of a questionnaire, the newest first, also of one that is retired."""
    rows = QuestionnaireVersion.objects.of(key).published().select_related("questionnaire")
    return rows.order_by("-number")


class Occasion(NamedTuple):
    """What is filled in now: a questionnaire for a day, and what was begun of it."""

    version: QuestionnaireVersion
    day: dt.date
    begun: CheckIn | None

    @property
    def is_finished(self) -> bool:
        return self.begun is not None and self.begun.finished_at is not None


def occasion_of(
    person: Person, version: QuestionnaireVersion, waits: dt.date | None, today: dt.date
) -> Occasion:
    """What was begun and not finished comes first; then what waits; then today, finished or not."""
    same = CheckIn.objects.of(person).filter(version__questionnaire=version.questionnaire_id)
    same = same.select_related("version__questionnaire").order_by("-occasion_on")
    day = waits or today
    found = list(same.filter(Q(finished_at__isnull=True) | Q(occasion_on=day)))
    if begun := next((row for row in found if row.finished_at is None), None):
        return Occasion(begun.version, begun.occasion_on, begun)
    return Occasion(version, day, found[0] if found else None)
