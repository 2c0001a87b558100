"""What is sent to mark attendance: one cell of the grid, or the register of a session."""

import uuid
from collections.abc import Iterable

from django import forms

from programme.actions.attendance import Mark
from programme.models import AttendanceState

MOST = 2_147_483_647  # of a revision
UNKNOWN = "Not saved: this page is out of date. Load it again."


class MarkForm(forms.Form):
    """One cell."""

    enrolment = forms.UUIDField()
    session = forms.UUIDField()
    state = forms.ChoiceField(choices=AttendanceState, required=False)
    revision = forms.IntegerField(min_value=0, max_value=MOST)

    @property
    def mark(self) -> Mark:
        return Mark(**self.cleaned_data)


def marks_of_register(
    data: dict, session: uuid.UUID, enrolments: Iterable[uuid.UUID]
) -> list[Mark] | None:
    """The marks of a register as its form sends them: a state and a revision for each trainee.

    `None` where it is not what the page would send.
    """
    marks = []
    for enrolment in enrolments:
        if f"state-{enrolment}" not in data:  # somebody who joined since the page was loaded
            continue
        form = MarkForm(
            {
                "enrolment": enrolment,
                "session": session,
                "state": data[f"state-{enrolment}"],
                "revision": data.get(f"revision-{enrolment}"),
            }
        )
        if not form.is_valid():
            return None
        marks.append(form.mark)
    return marks
