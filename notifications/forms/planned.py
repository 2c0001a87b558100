"""What is planned: which of it to show, and another time for one message."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError

from design.fields import DateBoxesField
from design.forms import NhsHelper
from notifications.models import Channel
from notifications.outbox import NAMES, WAITING
from notifications.quiet import local

TIMES = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30)]
FURTHEST = 60  # days


class PlannedFilters(forms.Form):
    """Filters of the list, read from an address; what is not given means what waits."""

    standing = forms.ChoiceField(
        label="How far", choices=[*NAMES.items(), ("all", "All of them")], required=False
    )
    kind = forms.ChoiceField(label="What", required=False)
    channel = forms.ChoiceField(
        label="By", choices=[("", "Every way"), *Channel.choices], required=False
    )

    def __init__(self, data, *, kinds: list[tuple[str, str]]):
        data = data.copy()
        data.setdefault("standing", WAITING)
        super().__init__(data)
        self.fields["kind"].choices = [("", "Everything"), *kinds]
        self.helper = NhsHelper(submit="Show these messages", method="get", filters=True)

    @property
    def narrowed(self) -> bool:
        return any(self.data.get(name) for name in ("kind", "channel"))


class MoveForm(forms.Form):
    """Another day and time for a message that waits."""

    day = DateBoxesField(label="Day")
    time = forms.TypedChoiceField(
        label="Time", choices=[(time, time) for time in TIMES], coerce=dt.time.fromisoformat
    )

    def __init__(self, data=None, *, now: dt.datetime, initial: dict, cancel: str):
        super().__init__(data, initial=initial)
        self.now = now
        self.helper = NhsHelper(submit="Move message", cancel=cancel)

    def clean(self) -> dict:
        given = super().clean()
        if given.get("day") and given.get("time") is not None:
            moment = local(given["day"], given["time"])
            if moment <= self.now:
                raise ValidationError({"day": "Choose a time to come"})
            if moment > self.now + dt.timedelta(days=FURTHEST):
                raise ValidationError({"day": f"Choose a day within {FURTHEST} days"})
        return given

    @property
    def moment(self) -> dt.datetime:
        return local(self.cleaned_data["day"], self.cleaned_data["time"])
