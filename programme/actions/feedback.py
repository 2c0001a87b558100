"""Feedback on a session, given by who was there."""

import datetime as dt

from django.core.exceptions import NON_FIELD_ERRORS

from accounts.models import User
from programme.actions.saving import NotSaved, check, locked, writing
from programme.feedback import is_open
from programme.models import Attendance, FeedbackGiven, SessionFeedback
from programme.models.training_sessions import PRESENT

ONLY_OWN = "Only who was at a session gives feedback on it."
CLOSED = "Feedback on this session is closed."
GIVEN = "You have given feedback on this session already."


def give(
    *,
    attendance: Attendance,
    by: User,
    today: dt.date,
    useful: int,
    able_to_take_part: int,
    comment: str,
) -> None:
    """Give feedback once; the answers carry no name, no time and no way back to who gave them.

    Raises:
        NotSaved: they were not there, gave it already, or it is too early or too late.
    """
    session = attendance.session
    answers = SessionFeedback(
        session=session, useful=useful, able_to_take_part=able_to_take_part, comment=comment
    )
    with writing(by):
        held = locked(attendance)
        if attendance.enrolment.person.user_id != by.pk or held.state not in PRESENT:
            raise NotSaved({NON_FIELD_ERRORS: [ONLY_OWN]})
        if session.cancelled_on or not is_open(session.held_on, today):
            raise NotSaved({NON_FIELD_ERRORS: [CLOSED]})
        if FeedbackGiven.objects.filter(attendance=held).exists():
            raise NotSaved({NON_FIELD_ERRORS: [GIVEN]})
        check(answers)
        answers.save(force_insert=True)
        FeedbackGiven.objects.create(attendance=held)
