"""Pairs of trainee and mentor, and the days on which they met; never what was said."""

import datetime as dt

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied

from accounts.models import User
from programme.actions.saving import NotSaved, add, locked, remove, require_site, writing
from programme.models import Enrolment, Mentoring, MentorMeeting, Person
from programme.permissions import may_record_training_at

NOT_WITHIN = "They were not mentor and trainee on that day."
ENDED = "This mentoring has ended already."
MET_AFTER = "A meeting after that day is recorded. Remove it first if it was a mistake."


def pair(*, enrolment: Enrolment, mentor: Person, by: User, started_on: dt.date) -> Mentoring:
    """Make somebody the mentor of a trainee from a day on.

    Raises:
        NotSaved: they are that already, or are the trainee.
        NotYours: the cohort is not at one of the lead's sites, here and in `end`.
    """
    require_site(by, enrolment.cohort.site)
    mentoring = Mentoring(
        enrolment=enrolment, trainee=enrolment.person, mentor=mentor, started_on=started_on
    )
    return add(mentoring, by=by)


def end(*, mentoring: Mentoring, by: User, ended_on: dt.date) -> None:
    """Record the last day of a mentoring; its meetings stay.

    Raises:
        NotSaved: it has ended, would end before it began, or they met later.
    """
    require_site(by, mentoring.enrolment.cohort.site)
    with writing(by):
        held = locked(mentoring)
        if held.ended_on not in {None, ended_on}:
            raise NotSaved({NON_FIELD_ERRORS: [ENDED]})
        if ended_on < held.started_on:
            raise NotSaved({"ended_on": ["Mentoring cannot end before it starts."]})
        if held.meetings.filter(met_on__gt=ended_on).exists():
            raise NotSaved({"ended_on": [MET_AFTER]})
        held.ended_on = ended_on
        held.save(update_fields=["ended_on"])


def log_meeting(*, mentoring: Mentoring, by: User, met_on: dt.date) -> MentorMeeting:
    """Record that mentor and trainee met on a day; the same day twice is one meeting.

    Raises:
        NotSaved: they were not mentor and trainee on that day.
        PermissionDenied: the user is neither the mentor nor staff of the cohort, here and below.
    """
    require_part(mentoring, by)
    with writing(by):
        held = locked(mentoring)
        if met_on < held.started_on or (held.ended_on and met_on > held.ended_on):
            raise NotSaved({"met_on": [NOT_WITHIN]})
        return add(MentorMeeting(mentoring=held, met_on=met_on), by=by)


def remove_meeting(*, meeting: MentorMeeting, by: User) -> None:
    """Take back a meeting that was recorded by mistake; its history stays."""
    require_part(meeting.mentoring, by)
    remove(meeting, by=by)


def require_part(mentoring: Mentoring, by: User) -> None:
    """Make sure that a user is the mentor or records training in the cohort.

    Raises:
        PermissionDenied: neither is so.
    """
    site = mentoring.enrolment.cohort.site_id
    if mentoring.mentor.user_id != by.pk and not may_record_training_at(by, site):
        raise PermissionDenied("Only the mentor and the staff of the cohort record meetings.")
