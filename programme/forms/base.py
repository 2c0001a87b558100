"""What every form about one record does: show it, check it, and keep two writers apart."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from crispy_forms.layout import Layout
from django import forms
from django.db import models

from accounts.models import User
from design.forms import NhsHelper
from programme.actions.saving import ChangedMeanwhile, NotSaved, NotYours, version_of

CHANGED_MEANWHILE = (
    "Somebody else changed this record while you were writing. Nothing of yours is saved yet. What "
    "is saved now stands beside your words: change yours or save again to keep them."
)
CHANGED_BY_ONESELF = CHANGED_MEANWHILE.replace(
    "Somebody else changed this record while", "You changed this in another window while"
)
NOT_YOURS = "Your role does not cover this site. Choose one of your own."


class RecordForm(forms.Form):
    """A form for a new record, or for the one given.

    Args:
        user: who fills it in; lists hold only what they may choose.
        today: the day on which it is filled in.
        record: the record to change; none for a new one.
        cancel: where the *Cancel* link leads.
    """

    submit = "Save"

    def __init__(
        self,
        *args,
        user: User,
        today: dt.date,
        record: models.Model | None = None,
        cancel: str = "",
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.user, self.today, self.record = user, today, record
        self.limit_choices()
        if record is not None:
            self._fill_in(record)
        self.helper = NhsHelper(submit=self.submit, cancel=cancel)
        self.helper.layout = Layout(*self.layout())

    def limit_choices(self) -> None:
        """Let the lists hold what the user may choose."""

    def layout(self) -> list:
        """The fields in their order, in fieldsets where that helps."""
        return list(self.fields)

    @property
    def values(self) -> dict:
        """What was filled in, for an action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Round the action: what it refuses is shown beside the fields, and nothing is lost."""
        try:
            yield
        except NotSaved as refusal:
            for name, problems in refusal.problems.items():
                self.add_error(name if name in self.fields else None, problems)
        except ChangedMeanwhile as change:
            self._show_what_is_saved(change.current)
        except NotYours:
            self.add_error(None, NOT_YOURS)

    def not_after_today(self, name: str, words: str) -> None:
        """Refuse a date still to come for something that has happened."""
        day = self.cleaned_data.get(name)
        if day and day > self.today:
            self.add_error(name, words)

    def _fill_in(self, record: models.Model) -> None:
        for name in self.fields:
            stored = getattr(record, f"{name}_id", None) or getattr(record, name, None)
            self.initial.setdefault(name, plain(stored) if isinstance(stored, Decimal) else stored)
        self.fields["version"] = forms.CharField(
            required=False, widget=forms.HiddenInput, initial=version_of(record)
        )

    def _show_what_is_saved(self, current: models.Model) -> None:
        written = self.values
        is_own = getattr(current, "owner_only", False)
        self.add_error(None, CHANGED_BY_ONESELF if is_own else CHANGED_MEANWHILE)
        for name, value in written.items():
            if getattr(current, name, value) != value:
                label = self.fields[name].label
                self.add_error(name, f"{label} is now saved as {in_words(current, name)}")
        self.data = self.data.copy()
        self.data["version"] = version_of(current)


def plain(number: Decimal) -> str:
    """A number without the noughts that only its column adds: 22.5, not 22.50000."""
    return f"{number.normalize():f}"


def in_words(record: models.Model, name: str) -> str:
    """The value of one field as a person reads it."""
    value = getattr(record, name)
    if isinstance(value, bool):
        return "“yes”" if value else "“no”"
    if value in {None, ""}:
        return "nothing"
    if isinstance(value, dt.date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, Decimal):
        return plain(value)
    display = getattr(record, f"get_{name}_display", None)
    return f"“{display() if display else value}”"
