"""What of somebody is private and theirs to take along, and who has left.

Each kind is registered once, in `PRIVATE`: how it reads in the worker's own file, and how it is
deleted when they have left and the time to take it is over. Kinds that this app may not know come
from the module of the settings that also says who supervises whom.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from programme.models import (
    Adjustment,
    DevelopmentGoal,
    Enrolment,
    ExitInterview,
    LearningRecord,
    Person,
    Spell,
)
from wellbeing.colleagues import supervised
from wellbeing.models import (
    BurdenFlag,
    CheckIn,
    ContactRequest,
    PlanDraft,
    PlanSection,
    Rhythm,
    WellnessPlan,
)
from wellbeing.reading import in_words

type Told = list[dict]


class Private(NamedTuple):
    """One kind of private things: its words, how it reads, its tables, and how their rows go."""

    title: str
    told: Callable[[Person], Told]
    models: tuple[type[Model], ...]
    delete: Callable[[QuerySet], object] = QuerySet.delete


def private_kinds() -> tuple[Private, ...]:
    """Every kind, in the order of the file."""
    return (*PRIVATE, *supervised().PRIVATE)


def has_left_by(day: dt.date) -> QuerySet[Person]:
    """People whose last time in post has ended by a day, or whose account is switched off; and who
    are in no post, in no training and wait for none."""
    own = OuterRef("pk")
    spells = Spell.objects.filter(person=own)
    going_on = spells.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))
    places = Enrolment.objects.filter(person=own)
    nothing = ~Exists(going_on) & ~Exists(places.in_training_on(day))
    nothing &= ~Exists(places.waiting_on(day))
    return Person.objects.filter(nothing, Exists(spells) | Q(user__is_active=False))


# --- Each kind ------------------------------------------------------------------------------------


def _check_ins(person: Person) -> Told:
    rows = CheckIn.objects.of(person).order_by("started_at")
    return [
        {
            "day": row.occasion_on,
            "finished": row.finished_at,
            "answers": [answered._asdict() for answered in in_words(row)],
            "note": row.note,
        }
        for row in rows.prefetch_related("version__questionnaire")
    ]


def _plan(person: Person) -> Told:
    plans = WellnessPlan.objects.of(person)
    written = PlanSection.objects.filter(plan__in=plans).exclude(words="")
    typed = PlanDraft.objects.filter(section__plan__in=plans).select_related("section")
    return [
        *({"heading": str(one), "words": one.words} for one in written),
        *({"heading": str(one.section), "typed and not saved": one.words} for one in typed),
    ]


def _flags(person: Person) -> Told:
    rows = BurdenFlag.objects.of(person).select_related("team", "addressed_to")
    return [
        {
            "what": str(row),
            "team": str(row.team),
            "day": row.noted_on,
            "addressed to": str(row.addressed_to or ""),
            "words": row.words,
        }
        for row in rows
    ]


def _requests(person: Person) -> Told:
    rows = ContactRequest.objects.own(person.user).select_related("owner")
    return [
        {
            "asked": str(row.owner),
            "at": row.asked_at,
            "how": row.get_way_display(),
            "number or address": row.detail,
            "when it suits": row.suits,
            "ended": row.ended_at,
            "end": row.get_ending_display(),
            "their message": row.reply,
        }
        for row in rows
    ]


def _adjustments(person: Person) -> Told:
    rows = Adjustment.objects.of(person)
    return [{"words": row.text, "written": row.written_on, "shared": row.shared_on} for row in rows]


def _goals(person: Person) -> Told:
    return [
        {
            "words": row.text,
            "written": row.written_on,
            "by when": row.target_on,
            "reached": row.reached_on,
        }
        for row in DevelopmentGoal.objects.of(person)
    ]


def _interviews(person: Person) -> Told:
    rows = ExitInterview.objects.of(person).select_related("spell__post")
    return [
        {
            "post": row.spell.title,
            "supported": row.get_supported_display(),
            "recommends": row.get_recommends_display(),
            "would return": row.get_would_return_display(),
            "words": row.text,
        }
        for row in rows
    ]


def _delete_interviews(said: QuerySet[ExitInterview]) -> None:
    """Ticked answers that somebody let be counted stay, without a word beside them."""
    said.filter(released_on__isnull=True).delete()
    said.exclude(text="").update(text="")


def _learning(person: Person) -> Told:
    rows = LearningRecord.objects.of(person)
    return [{"day": row.learned_on, "hours": row.hours, "topic": row.topic} for row in rows]


def _delete_learning(rows: QuerySet[LearningRecord]) -> None:
    """Hours that somebody let be counted stay, without what they were about."""
    rows.filter(hours_shared=False).delete()
    rows.exclude(topic="").update(topic="")


PRIVATE = (
    Private("My check-ins", _check_ins, (CheckIn, Rhythm)),
    Private("My wellness plan", _plan, (WellnessPlan,)),
    Private("What weighed on me", _flags, (BurdenFlag,)),
    Private("Whom I asked to contact me", _requests, (ContactRequest,)),
    Private("My adjustments", _adjustments, (Adjustment,)),
    Private("My goals", _goals, (DevelopmentGoal,)),
    Private("My learning", _learning, (LearningRecord,), _delete_learning),
    Private("What I said on leaving", _interviews, (ExitInterview,), _delete_interviews),
)


def everything_of(person: Person, kinds: Iterable[Private]) -> dict[str, Told]:
    """All of it in the worker's own words, by kind."""
    return {kind.title: kind.told(person) for kind in kinds}
