"""Where somebody is on the way through the programme on a day, worked out from dates by the
database, so that a list of ten thousand people needs one query."""

import datetime as dt

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When

from accounts.models import User


class Place(models.TextChoices):
    """The places somebody can be at, in the words of the filter."""

    APPLIED = "applied", "Applied"
    IN_TRAINING = "in_training", "In training"
    COMPLETED = "completed", "Completed training"
    DID_NOT_COMPLETE = "did_not_complete", "Did not complete"
    IN_POST = "in_post", "In post"
    LEFT = "left", "Left"


# The first that holds is where somebody is; each with the annotation that holds its date.
PLACE_DATES = {
    Place.IN_POST: "in_post_since",
    Place.IN_TRAINING: "in_training_since",
    Place.LEFT: "last_left_on",
    Place.COMPLETED: "last_completed_on",
    Place.DID_NOT_COMPLETE: "last_stopped_on",
    Place.APPLIED: "last_applied_on",
}


PLACE_WORDS = {
    Place.IN_POST: "In post since",
    Place.IN_TRAINING: "In training since",
    Place.LEFT: "Left on",
    Place.COMPLETED: "Completed training on",
    Place.DID_NOT_COMPLETE: "Did not complete,",
    Place.APPLIED: "Applied on",
}


def place_words(place: str, day: dt.date | None) -> str:
    """A place and the day it began, as a person reads it."""
    if not place:
        return "Nothing recorded yet"
    if day is None:
        return "Has a place in a cohort"
    return f"{PLACE_WORDS[Place(place)]} {day.day} {day:%B %Y}"


def rows_of_person(model: str, user: User | None = None) -> models.QuerySet:
    """The rows of another model of this app that belong to the person of the outer query, of
    those that a user may see where one is named."""
    rows = apps.get_model("programme", model).objects.filter(person=OuterRef("pk"))
    return rows if user is None else rows.visible_to(user)


def first_date(rows: models.QuerySet, field: str) -> Subquery:
    """The earliest date in a column of some rows."""
    return Subquery(rows.filter(**{f"{field}__isnull": False}).order_by(field).values(field)[:1])


def last_date(rows: models.QuerySet, field: str) -> Subquery:
    """The latest date in a column of some rows."""
    dated = rows.filter(**{f"{field}__isnull": False})
    return Subquery(dated.order_by(f"-{field}").values(field)[:1])


def dates_until(day: dt.date, user: User | None) -> dict:
    """The dates that decide a person's place on a day, as annotations."""
    enrolments, spells = rows_of_person("Enrolment", user), rows_of_person("Spell", user)
    return {
        "in_post_since": first_date(spells.in_post_on(day), "started_on"),
        "in_training_since": last_date(enrolments.in_training_on(day), "commenced_on"),
        "last_left_on": last_date(spells.filter(ended_on__lte=day), "ended_on"),
        "last_completed_on": last_date(enrolments.completed_by(day), "outcome_on"),
        "last_stopped_on": last_date(enrolments.did_not_complete_by(day), "outcome_on"),
        "last_applied_on": last_date(
            rows_of_person("Application", user).filter(applied_on__lte=day), "applied_on"
        ),
        "has_a_place": Exists(enrolments.waiting_on(day)),
    }


def place_of_dates() -> dict:
    """`place` and `place_on` from the annotations of `dates_until`.

    In post comes before in training. After both, whichever came last of leaving a post and
    completing; then not completing; then having applied, or waiting with a place in a cohort.
    """
    cases = [(_is_at(place), place.value, date) for place, date in PLACE_DATES.items()]
    return {
        "place": Case(
            *(When(condition, then=Value(place)) for condition, place, _ in cases),
            default=Value(""),
        ),
        "place_on": Case(
            *(When(condition, then=F(date)) for condition, _, date in cases),
            default=None,
            output_field=models.DateField(),
        ),
    }


def _is_at(place: Place) -> Q:
    dated = Q(**{f"{PLACE_DATES[place]}__isnull": False})
    if place is Place.LEFT:
        return dated & (
            Q(last_completed_on__isnull=True) | Q(last_left_on__gte=F("last_completed_on"))
        )
    return dated | Q(has_a_place=True) if place is Place.APPLIED else dated
