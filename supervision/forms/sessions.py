"""What is typed about a session: when, what became of it, what was written of it."""

import datetime as dt
from functools import cached_property

from crispy_forms.layout import Field
from django import forms
from django.utils import timezone

from design.fields import DateBoxesField, LineField, LongTextField
from programme.forms.base import RecordForm
from programme.forms.training_sessions import ClockField
from programme.models import Person
from supervision.actions.groups import people_to_choose
from supervision.actions.settling import answers
from supervision.actions.written import NewAction, Notes
from supervision.forms.drafted import DraftedForm
from supervision.models import (
    ActionOwner,
    Agreement,
    Mechanism,
    Session,
    SessionStatus,
    Side,
    SupervisionKind,
)

LONGEST = 20_000
QUARTER = 15  # minutes
AS_WORKER = {
    SessionStatus.ATTENDED: "It took place",
    SessionStatus.CANCELLED_BY_SUPERVISOR: "My supervisor called it off",
    SessionStatus.CANCELLED_BY_WORKER: "I called it off",
    SessionStatus.NOT_ATTENDED: "I was not there",
}
AS_SUPERVISOR = {
    SessionStatus.ATTENDED: "It took place",
    SessionStatus.CANCELLED_BY_SUPERVISOR: "I called it off",
    SessionStatus.CANCELLED_BY_WORKER: "The peer worker called it off",
    SessionStatus.NOT_ATTENDED: "The peer worker was not there",
}
USUAL = 60  # minutes, where no terms say how long
NO_SUCH_TIME = "The clocks change on that day, and this time does not exist"
NUMBER = {"inputmode": "numeric", "class": "nhsuk-input--width-3"}
ACTIONS = (1, 2, 3)
NEVER = (SessionStatus.PLANNED, SessionStatus.REARRANGED, SessionStatus.CONTESTED)


class WhenForm(RecordForm):
    """When a session is or was, how long, and where."""

    held_on = DateBoxesField(
        label="Date",
        help_text="For example, 15 3 2026",
        error_messages={"required": "Enter the date"},
    )
    starts_at = ClockField(
        label="Starts at",
        help_text="For example, 10:00 or 2:30pm",
        error_messages={"required": "Enter when it starts"},
    )
    minutes = forms.IntegerField(
        label="Length in minutes",
        min_value=5,
        max_value=480,
        widget=forms.TextInput(attrs=NUMBER),
        error_messages={"required": "Enter how many minutes it lasts"},
    )
    place = LineField(label="Place", max_length=120, required=False, help_text="A room, or online.")

    def __init__(self, *args, agreement: Agreement | None = None, **kwargs):
        self.agreement = agreement
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        self.fields["starts_at"].required = True

    def time_of(self, day: str, clock: str) -> dt.datetime | None:
        """The moment that two fields name; a time that the clocks skip is none."""
        on, at = self.cleaned_data.get(day), self.cleaned_data.get(clock)
        if not on or at is None:
            return None
        moment = timezone.make_aware(dt.datetime.combine(on, at))
        if timezone.localtime(moment.astimezone(dt.UTC)).time() != at:
            self.add_error(clock, NO_SUCH_TIME)
            return None
        return moment

    def clean(self) -> dict:
        self.moment = self.time_of("held_on", "starts_at")
        return self.cleaned_data

    @property
    def values(self) -> dict:
        given = self.cleaned_data
        return {
            "starts_at": self.moment,
            "minutes": given["minutes"],
            "place": given["place"],
        }


class PlanForm(WhenForm):
    submit = "Plan session"


class RearrangeForm(WhenForm):
    submit = "Rearrange session"


class CancelForm(RecordForm):
    """Whose cancellation it was; a worker's never counts against them."""

    who = forms.ChoiceField(
        label="Who cancelled?",
        choices=[("supervisor", "I did"), ("worker", "The peer worker did")],
        widget=forms.RadioSelect,
        help_text="A session that was cancelled never counts against the peer worker.",
        error_messages={"required": "Say who cancelled"},
    )
    submit = "Cancel session"

    @property
    def values(self) -> dict:
        return {"by_worker": self.cleaned_data["who"] == "worker"}


class SettleForm(RecordForm):
    """What became of a session, as one side says it."""

    status = forms.ChoiceField(
        label="What became of it?",
        choices=[],
        widget=forms.RadioSelect,
        help_text="A session that was called off never counts against the peer worker.",
        error_messages={"required": "Say what became of it"},
    )
    submit = "Save"

    def __init__(self, *args, session: Session, worker: bool, **kwargs):
        self.session, self.worker = session, worker
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        names = AS_WORKER if self.worker else AS_SUPERVISOR
        said = answers(self.session, worker=self.worker)
        self.fields["status"].choices = [(one.value, names[one]) for one in said]


class ContestForm(RecordForm):
    words = LongTextField(
        label="What happened, in your own words",
        max_length=LONGEST,
        error_messages={"required": "Write what happened"},
    )
    submit = "Save"

    def __init__(self, *args, worker: bool, **kwargs):
        self.worker = worker
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        reader = "Your supervisor" if self.worker else "The peer worker"
        self.fields[
            "words"
        ].help_text = (
            f"{reader} reads this. Until you both say the same, the session counts as neither’s."
        )


class LogForm(DraftedForm, WhenForm):
    """A session that is over. A plain one needs nothing but the button."""

    status = forms.ChoiceField(
        label="What became of it?",
        choices=[choice for choice in SessionStatus.choices if choice[0] not in NEVER],
        initial=SessionStatus.ATTENDED,
        widget=forms.RadioSelect,
    )
    words = LongTextField(
        label="What you agreed",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Both of you read this, and the peer worker confirms it. Leave out diagnoses and "
        "anything that tells who uses a service.",
    )
    next_on = DateBoxesField(label="Next session", required=False)
    next_at = ClockField(label="Next session starts at", help_text="For example, 10:00")
    submit = "Save session"
    typed = ("words", "action_1_words", "action_2_words", "action_3_words")

    def limit_choices(self) -> None:
        super().limit_choices()
        for mechanism, label in Mechanism.choices:
            self.fields[f"topic_{mechanism}"] = forms.ChoiceField(
                label=label, required=False, choices=[("", "Not talked about"), *Side.choices]
            )
        self.fields["reached"] = forms.MultipleChoiceField(
            label="What you reached",
            required=False,
            choices=lambda: self.waiting,
            widget=forms.CheckboxSelectMultiple,
            help_text="What you do not tick stays on the agenda.",
        )
        for number in ACTIONS:
            self._add_action(number)

    def _add_action(self, number: int) -> None:
        name = f"action_{number}"
        self.fields[f"{name}_words"] = LongTextField(
            label=f"Action {number}",
            required=False,
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields[f"{name}_owner"] = forms.ChoiceField(
            label=f"Who does action {number}?",
            choices=ActionOwner.choices,
            initial=ActionOwner.WORKER,
            widget=forms.RadioSelect,
        )
        self.fields[f"{name}_owner"].required = False
        self.fields[f"{name}_due_on"] = DateBoxesField(
            label=f"Action {number} by when", required=False
        )

    def clean(self) -> dict:
        super().clean()
        given = self.cleaned_data
        self.next_moment = self.time_of("next_on", "next_at")
        if given.get("next_on") and given.get("next_at") is None and "next_at" not in self.errors:
            self.add_error("next_at", "Enter the time of the next session")
        if given.get("next_at") and not given.get("next_on") and "next_on" not in self.errors:
            self.add_error("next_on", "Enter the date of the next session")
        for number in ACTIONS:
            if given.get(f"action_{number}_due_on") and not given.get(f"action_{number}_words"):
                self.add_error(f"action_{number}_words", f"Enter what action {number} is")
        if given.get("status") != SessionStatus.ATTENDED and any(given.get(n) for n in self.typed):
            words = "A session that did not take place has no record. Take these words out first"
            self.add_error("status", words)
        return given

    @cached_property
    def waiting(self) -> list[tuple[str, str]]:
        """What waits on the agenda; read where it is shown, or where something of it is ticked."""
        waiting = self.agreement.agenda.waiting().only("words")  # decrypted on a row alone
        return [(str(item.pk), item.words) for item in waiting]

    @property
    def topics(self) -> list:
        return [self[f"topic_{mechanism}"] for mechanism in Mechanism.values]

    @property
    def actions(self) -> list[list]:
        return [
            [self[f"action_{number}_{part}"] for part in ("words", "owner", "due_on")]
            for number in ACTIONS
        ]

    @property
    def folded_out(self) -> dict:
        """Which parts of the page are open: those with an error or with something typed."""
        filled = {"next": ("next",), "actions": ("action_",), "topics": ("topic_",)}
        wrong = list(self.errors)
        typed = [
            name
            for name in self.fields
            if name.startswith(("topic_", "next_")) or name.endswith("_words")
            if any(self[name].value() or ())
        ]
        return {
            part: any(name.startswith(starts) for name in (*wrong, *typed))
            for part, starts in filled.items()
        }

    @property
    def values(self) -> dict:
        given = self.cleaned_data
        notes = Notes(
            words=given["words"],
            topics=tuple(
                (mechanism, given[f"topic_{mechanism}"])
                for mechanism in Mechanism.values
                if given[f"topic_{mechanism}"]
            ),
            actions=tuple(self._actions(given)),
            reached=tuple(given.get("reached", ())),
            next_at=self.next_moment,
        )
        return super().values | {"status": given["status"], "notes": notes}

    def _actions(self, given: dict):
        for number in ACTIONS:
            if words := given[f"action_{number}_words"]:
                owner = given[f"action_{number}_owner"] or ActionOwner.WORKER
                yield NewAction(words, owner, given[f"action_{number}_due_on"])


class PeopleField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, person: Person) -> str:
        return str(person)


class GroupForm(DraftedForm, WhenForm):
    """A group session, and who was there."""

    kind = forms.ModelChoiceField(
        label="Kind", queryset=None, empty_label=None, widget=forms.RadioSelect
    )
    present = PeopleField(
        label="Who was there?",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose who was there"},
    )
    note = LongTextField(
        label="Note",
        required=False,
        max_length=LONGEST,
        help_text="Everybody who was there reads this, so it says nothing about one of them.",
    )
    field_order = ["kind", "present", "held_on", "starts_at", "minutes", "place", "note"]
    submit = "Save group session"
    typed = ("note",)

    def limit_choices(self) -> None:
        super().limit_choices()
        kinds = SupervisionKind.objects.filter(in_group=True)
        self.fields["kind"].queryset = kinds
        self.fields["present"].queryset = people_to_choose(self.user, self.today)
        self.initial.setdefault("kind", kinds.first())

    def layout(self) -> list:
        return [Field(name) for name in self.fields]

    @property
    def values(self) -> dict:
        given = self.cleaned_data
        return super().values | {name: given[name] for name in ("kind", "present", "note")}


# --- What a form begins with ----------------------------------------------------------------------


def beginning(agreement: Agreement | None, now: dt.datetime) -> dict:
    """Today, the length that was agreed, ending about now, at the usual place."""
    terms = agreement and agreement.terms.signed().last()
    minutes = terms.minutes if terms else USUAL
    local = timezone.localtime(now)
    start = local - dt.timedelta(minutes=minutes)
    if start.date() != local.date():
        start = local
    start = start.replace(minute=start.minute // QUARTER * QUARTER)
    return {
        "held_on": start.date(),
        "starts_at": start.time().replace(second=0, microsecond=0),
        "minutes": minutes,
        "place": terms.place if terms else "",
    }


def as_planned(session: Session) -> dict:
    """The time and place of a session, as the boxes show them."""
    local = timezone.localtime(session.starts_at)
    return {
        "held_on": local.date(),
        "starts_at": local.time(),
        "minutes": session.minutes,
        "place": session.place,
    }


def next_one(agreement: Agreement, now: dt.datetime) -> dict:
    """Where a plan begins: the day the next is due, at the time of the last one."""
    usual = beginning(agreement, now)
    last = agreement.sessions.attended().order_by("-starts_at").first()
    tomorrow = timezone.localdate(now) + dt.timedelta(days=1)
    day = max(agreement.due_on, tomorrow) if agreement.due_on else None
    clock = timezone.localtime(last.starts_at).time() if last else None
    return usual | {"held_on": day, "starts_at": clock}
