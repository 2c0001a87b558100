"""Where people are on the way through the programme, for the rows of a page or of a download.

Three queries at most, however many people; the rule itself needs no database. `with_place_on` is
the same rule in SQL, for choosing people by it among ten thousand; a test holds the two together.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from accounts.models import User
from programme.models import Application, Enrolment, Outcome, Place, Spell
from programme.models.place import place_words


class Trained(NamedTuple):
    """A place in a cohort; `on` is the day of its outcome."""

    commenced_on: dt.date | None
    outcome: str
    on: dt.date | None
    cohort: str = ""

    def open_on(self, day: dt.date) -> bool:
        """Whether its outcome was still to come."""
        return self.outcome == Outcome.ACTIVE or self.on > day

    def ended_by(self, day: dt.date) -> bool:
        return self.outcome != Outcome.ACTIVE and self.on <= day


class Worked(NamedTuple):
    """A spell in post; the day it ends is the first without it."""

    started_on: dt.date
    ended_on: dt.date | None
    post: str = ""
    team: str = ""


class Whereabouts(NamedTuple):
    """Where somebody is: the place and the day it began, the first start, and the latest names."""

    place: str = ""
    place_on: dt.date | None = None
    started_on: dt.date | None = None
    cohort: str = ""
    post: str = ""
    team: str = ""

    @property
    def words(self) -> str:
        """The place and its day, as a person reads them."""
        return place_words(self.place, self.place_on)


def whereabouts_of(
    people: Iterable[UUID], *, user: User, day: dt.date, is_past: bool = False
) -> dict[UUID, Whereabouts]:
    """Where each of these people is on a day, by the records that a user may see; of a past day by
    what had happened by then, so that a later cohort or post is not named."""
    people = list(people)
    applied, trained, worked = defaultdict(list), defaultdict(list), defaultdict(list)
    enrolments = Enrolment.objects.visible_to(user).filter(person__in=people).order_by("id")
    spells = Spell.objects.visible_to(user).filter(person__in=people).order_by("id")
    if is_past:
        enrolments, spells = enrolments.known_by(day), spells.begun_by(day)
    columns = ("person", "commenced_on", "outcome", "outcome_on", "cohort__name")
    for person, *row in enrolments.values_list(*columns):
        trained[person].append(Trained(*row))
    columns = ("person", "started_on", "ended_on", "post__title", "post__team__name")
    for person, *row in spells.values_list(*columns):
        worked[person].append(Worked(*row))
    before = [one for one in people if _only_applied(trained[one], worked[one], day)]
    if before:
        applications = Application.objects.visible_to(user).filter(person__in=before)
        for person, on in applications.values_list("person", "applied_on"):
            applied[person].append(on)
    return {
        person: whereabouts(applied[person], trained[person], worked[person], day)
        for person in people
    }


def _only_applied(trained: list[Trained], worked: list[Worked], day: dt.date) -> bool:
    """Whether nothing comes after an application, so that its date is wanted."""
    return place_of([], trained, worked, day)[0] in ("", Place.APPLIED)


def whereabouts_from(
    applications: Iterable[Application],
    enrolments: Iterable[Enrolment],
    spells: Iterable[Spell],
    day: dt.date,
) -> Whereabouts:
    """Where one person is on a day, from records that have been read already."""
    return whereabouts(
        [row.applied_on for row in applications],
        [Trained(row.commenced_on, row.outcome, row.outcome_on) for row in enrolments],
        [Worked(row.started_on, row.ended_on) for row in spells],
        day,
    )


def whereabouts(
    applied: Sequence[dt.date], trained: Sequence[Trained], worked: Sequence[Worked], day: dt.date
) -> Whereabouts:
    """Where one person is on a day, from what is recorded of them."""
    starts = [row.commenced_on for row in trained if row.commenced_on]
    starts += [row.started_on for row in worked]
    cohort = max(trained, key=lambda row: row.commenced_on or dt.date.min, default=None)
    post = max(worked, key=lambda row: (row.ended_on or dt.date.max, row.started_on), default=None)
    return Whereabouts(
        *place_of(applied, trained, worked, day),
        started_on=min(starts, default=None),
        cohort=cohort.cohort if cohort else "",
        post=post.post if post else "",
        team=post.team if post else "",
    )


def place_of(
    applied: Sequence[dt.date], trained: Sequence[Trained], worked: Sequence[Worked], day: dt.date
) -> tuple[str, dt.date | None]:
    """The place somebody is at on a day and the day it began; order as `place_of_dates`."""
    in_post = [row.started_on for row in worked if _in_post(row, day)]
    begun = [row for row in trained if row.commenced_on and row.commenced_on <= day]
    in_training = [row.commenced_on for row in begun if row.open_on(day)]
    left = max(
        (row.ended_on for row in worked if row.ended_on and row.ended_on <= day), default=None
    )
    ended = [row for row in trained if row.ended_by(day)]
    completed = max((row.on for row in ended if row.outcome == Outcome.COMPLETED), default=None)
    stopped = max((row.on for row in ended if row.outcome != Outcome.COMPLETED), default=None)
    waits = any(row.open_on(day) for row in trained if row not in begun)
    applications = [on for on in applied if on <= day]
    if in_post:
        return Place.IN_POST, min(in_post)
    if in_training:
        return Place.IN_TRAINING, max(in_training)
    if left and (completed is None or left >= completed):
        return Place.LEFT, left
    if completed:
        return Place.COMPLETED, completed
    if stopped:
        return Place.DID_NOT_COMPLETE, stopped
    if applications or waits:
        return Place.APPLIED, max(applications, default=None)
    return "", None


def _in_post(row: Worked, day: dt.date) -> bool:
    return row.started_on <= day and (row.ended_on is None or row.ended_on > day)
