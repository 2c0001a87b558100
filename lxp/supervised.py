"""What supervision knows, for apps that know nothing of it: named in the settings."""

import datetime as dt
import uuid

from django.db.models import QuerySet

from accounts.models import User
from programme.models import Person
from supervision.models import Agreement, Cover, PreparationNote
from wellbeing.leaving import Private


def people_of(user: User, day: dt.date) -> QuerySet:
    """The ids of the people whom a user supervises on a day, standing in included."""
    return Agreement.objects.given_by(user, day).order_by().values("person")


def supervisors_of(person: Person, day: dt.date) -> set[uuid.UUID]:
    """The accounts of who supervises somebody on a day, standing in included."""
    agreements = Agreement.objects.filter(person=person).open_on(day)
    covers = Cover.objects.filter(agreement__person=person).on(day)
    return {
        *agreements.values_list("supervisor", flat=True),
        *covers.values_list("stand_in", flat=True),
    }


def _notes(person: Person) -> list[dict]:
    rows = PreparationNote.objects.of(person).order_by("written_at")
    return [{"written": row.written_at, "words": row.words} for row in rows]


# What of it is private, besides what well-being knows itself.
PRIVATE = (Private("My notes before supervision", _notes, (PreparationNote,)),)
