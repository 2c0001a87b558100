"""What a lead types about posts and the spells people spend in them."""

import datetime as dt
from decimal import Decimal

from crispy_forms.layout import Fieldset
from django import forms
from django.core.exceptions import ValidationError

from design.fields import DateBoxesField, LineField
from programme.forms.base import RecordForm
from programme.forms.choices import LeavingReasonChoice, PostChoice, StepChoice, TeamChoice
from programme.models import Contract, Employer, LeavingReason, PathwayStep, Post, Team
from programme.probation import usual_probation_end

NARROW_NUMBER = {"inputmode": "decimal", "class": "nhsuk-input--width-5"}


class PostForm(RecordForm):
    title = LineField(label="Title", max_length=120)
    band = LineField(
        label="AfC band",
        max_length=12,
        required=False,
        help_text="The Agenda for Change band, for example 3.",
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-5"}),
    )
    team = TeamChoice(label="Team", queryset=None, empty_label="Choose a team")
    employer = forms.ModelChoiceField(
        label="Employer", queryset=None, empty_label="Choose an employer"
    )
    submit = "Save post"

    def limit_choices(self) -> None:
        self.fields["team"].queryset = Team.objects.visible_to(self.user).select_related("site")
        self.fields["employer"].queryset = Employer.objects.visible_to(self.user)


def wte_field() -> forms.DecimalField:
    return forms.DecimalField(
        label="Funded WTE",
        max_digits=6,
        decimal_places=2,
        min_value=Decimal(0),
        required=False,
        help_text="How much of it is paid for: 1.00 is 37.5 hours a week. Leave it empty when you "
        "do not know.",
        widget=forms.TextInput(attrs=NARROW_NUMBER),
    )


class NewPostForm(PostForm):
    """A post with its first funding."""

    funded_wte = wte_field()
    funding_starts_on = DateBoxesField(
        label="Funded from",
        required=False,
        help_text="The first day. Leave it empty where it has been so for longer than you know.",
    )
    funding_ends_on = DateBoxesField(
        label="Funding ends",
        required=False,
        help_text="The first day without funding. Leave it empty where it goes on.",
    )


class FundingForm(RecordForm):
    """How much of a post is paid for over one period."""

    wte = wte_field()
    starts_on = DateBoxesField(
        label="From",
        required=False,
        help_text="The first day. What was funded before ends on it. Leave it empty only where it "
        "has been so for longer than you know.",
    )
    ends_on = DateBoxesField(
        label="Until",
        required=False,
        help_text="The first day without it. Leave it empty where it goes on.",
    )
    submit = "Save funding"


class EndSpellForm(RecordForm):
    """How a spell in post ends."""

    last_working_day = DateBoxesField(
        label="Last working day",
        required=False,
        help_text="The last day at work, where notice was served away from it.",
    )
    ended_on = DateBoxesField(
        label="First day no longer in post", help_text="The day after the contract ended."
    )
    leaving_reason = LeavingReasonChoice(
        label="Reason for leaving",
        queryset=None,
        required=False,
        empty_label="No reason recorded",
        help_text="The reasons in use on the day it ended.",
    )
    destination = LineField(
        label="Where they went",
        max_length=120,
        required=False,
        help_text="For example: another NHS organisation, further study.",
    )
    submit = "Save leaving"

    def limit_choices(self) -> None:
        """The reasons that could be given on the day it ended, and the one that was."""
        reasons = LeavingReason.objects.valid_on(self._ended_day())
        if self.record is not None:
            reasons |= LeavingReason.objects.filter(pk=self.record.leaving_reason_id)
        self.fields["leaving_reason"].queryset = reasons
        self.fields["leaving_reason"].error_messages["invalid_choice"] = (
            "Choose a reason that was in use on the day it ended"
        )

    def _ended_day(self) -> dt.date:
        """The day it ended: as typed, else as stored, else today."""
        stored = getattr(self.record, "ended_on", None)
        if not self.is_bound:
            return stored or self.today
        field = self.fields["ended_on"]
        typed = field.widget.value_from_datadict(self.data, self.files, self.add_prefix("ended_on"))
        try:
            return field.clean(typed) or self.today
        except ValidationError:
            return stored or self.today


class SpellForm(EndSpellForm):
    post = PostChoice(label="Post", queryset=None, empty_label="Choose a post")
    started_on = DateBoxesField(label="First day in post", help_text="For example, 15 3 2026")
    contracted_hours = forms.DecimalField(
        label="Contracted hours a week",
        max_digits=8,
        decimal_places=5,
        required=False,
        help_text="For example 22.5. Leave it empty when you do not know.",
        widget=forms.TextInput(attrs=NARROW_NUMBER),
    )
    role_title = LineField(
        label="Role title",
        max_length=120,
        required=False,
        help_text="Only where it differs from the title of the post.",
    )
    step = StepChoice(
        label="Step on a pathway", queryset=None, required=False, empty_label="No step recorded"
    )
    contract = forms.ChoiceField(
        label="Contract", choices=[("", "Not known"), *Contract.choices], required=False
    )
    contract_ends_on = DateBoxesField(
        label="Fixed term ends",
        required=False,
        help_text="The first day after it. Only for a fixed term.",
    )
    probation_ends_on = DateBoxesField(
        label="Probation ends",
        required=False,
        help_text="Reviews are foreseen until then. Leave it empty where there is no probation.",
    )
    field_order = [
        "post",
        "started_on",
        "contracted_hours",
        "role_title",
        "step",
        "contract",
        "contract_ends_on",
        "probation_ends_on",
        "usual_probation",
    ]
    submit = "Save time in post"

    def limit_choices(self) -> None:
        super().limit_choices()
        posts = Post.objects.visible_to(self.user).select_related("team__site", "employer")
        self.fields["post"].queryset = posts
        steps = PathwayStep.objects.visible_to(self.user).select_related("pathway")
        self.fields["step"].queryset = steps
        self.fields["ended_on"].required = False

    def layout(self) -> list:
        ending = ["last_working_day", "ended_on", "leaving_reason", "destination"]
        rest = [name for name in self.fields if name not in ending]
        return [*rest, Fieldset("If it has ended", *ending)]


class NewSpellForm(SpellForm):
    """A first entry for somebody in a post; its probation is worked out where that is wished."""

    usual_probation = forms.BooleanField(
        label="Foresee probation: six months, shorter for a fixed term under a year",
        required=False,
    )
    probation_ends_on = None

    @property
    def values(self) -> dict:
        values = super().values
        if values.pop("usual_probation"):
            values["probation_ends_on"] = usual_probation_end(
                values["started_on"], values["contract_ends_on"]
            )
        return values
