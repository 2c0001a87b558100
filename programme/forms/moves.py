"""What a lead chooses to move applicants: whom, where to and, where it ends there, why."""

import uuid

from django import forms
from django.core.exceptions import ValidationError

from design.forms import NhsHelper
from programme.models import REASONS, MoveReason, Round, RoundStage, StageKind


class Picked(forms.MultipleChoiceField):
    """Applicants with the stage at which each was seen, as `applicant:stage`."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {"required": "Choose at least one applicant"}

    def validate(self, value: list[str]) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")

    def clean(self, value: list[str]) -> dict[uuid.UUID, uuid.UUID]:
        try:
            pairs = [text.split(":") for text in super().clean(value)]
            return {uuid.UUID(applicant): uuid.UUID(stage) for applicant, stage in pairs}
        except ValueError:
            raise ValidationError("Choose applicants from the page", code="invalid") from None


class MoveForm(forms.Form):
    """A move of one or many; the reason is asked for where the stage is one that ends.

    Args:
        in_round: the round whose stages are offered.
    """

    picked = Picked()
    to = forms.ModelChoiceField(
        queryset=None,
        widget=forms.HiddenInput,
        error_messages={
            "required": "Choose the stage to move to",
            "invalid_choice": "Choose a stage of this round",
        },
    )
    back = forms.ChoiceField(
        choices=[("board", "Board"), ("list", "List"), ("applicant", "Applicant")],
        widget=forms.HiddenInput,
    )
    reason = forms.ChoiceField(required=False, widget=forms.RadioSelect)

    def __init__(self, *args, in_round: Round, cancel: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = in_round.stages.exclude(kind=StageKind.APPOINTED)
        self.fields["reason"].choices = MoveReason.choices
        self.helper = NhsHelper(submit="Move", cancel=cancel)

    @property
    def asks_why(self) -> bool:
        """Whether everything is given but the reason that the chosen stage needs."""
        to = self.cleaned_data.get("to")
        return to is not None and to.kind in REASONS and not self.cleaned_data.get("reason")

    def ask_why(self) -> None:
        """Offer the reasons that belong to the chosen stage; the answer is asked for once more."""
        to: RoundStage = self.cleaned_data["to"]
        reason = self.fields["reason"]
        reason.label = "Why?"
        reason.help_text = "Never a health detail."
        reason.choices = [(choice.value, choice.label) for choice in REASONS[to.kind]]
