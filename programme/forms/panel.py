"""What a lead types about a panel, and a panel about applicants."""

import uuid

from django import forms
from django.utils import timezone

from accounts.models import RoleGrant, User
from accounts.roles import SCORE_APPLICANTS, roles_with
from design.fields import LineField, LongTextField
from programme.forms.base import RecordForm
from programme.models import SCORED, PanelScore, Round, ScoringCriterion


class MemberChoice(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return f"{user.name} ({user.email})"


class MemberForm(RecordForm):
    user = MemberChoice(
        label="Who scores?",
        queryset=None,
        empty_label="Choose somebody",
        help_text="People whose role lets them score applicants at this site.",
    )
    submit = "Add to the panel"

    def __init__(self, *args, in_round: Round, **kwargs):
        self.in_round = in_round
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        grants = RoleGrant.objects.in_force_on(timezone.localdate()).filter(
            role__in=roles_with(SCORE_APPLICANTS)
        )
        here = grants.filter(site=self.in_round.site_id) | grants.filter(site=None)
        self.fields["user"].queryset = User.objects.filter(
            pk__in=here.values("user"), is_active=True
        ).order_by("name", "email")


class CriterionForm(RecordForm):
    name = LineField(label="What is scored?", max_length=120)
    hint = LineField(
        label="What a high score looks like",
        max_length=300,
        required=False,
        help_text="How experience is used at work, never a diagnosis.",
    )
    used_at = forms.ChoiceField(
        label="When is it scored?",
        choices=[(kind.value, kind.label) for kind in SCORED],
        widget=forms.RadioSelect,
        initial=SCORED[0],
    )
    highest = forms.IntegerField(
        label="Highest score",
        min_value=1,
        max_value=10,
        initial=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-2"}),
    )
    submit = "Save criterion"


class ScoreForm(forms.Form):
    """A score and a comment for each criterion."""

    def __init__(self, *args, criteria: list[ScoringCriterion], own: list[PanelScore], **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        before = {score.criterion_id: score for score in own}
        for number, one in enumerate(criteria):
            kept = before.get(one.pk)
            scores = [(str(score), str(score)) for score in range(one.highest + 1)]
            self.fields[f"score_{number}"] = forms.ChoiceField(
                label=f"{one.name} (0 to {one.highest})",
                help_text=one.hint,
                choices=[("", "No score yet"), *scores],
                required=False,
                initial="" if kept is None or kept.score is None else str(kept.score),
            )
            self.fields[f"comment_{number}"] = LongTextField(
                label=f"Comment on “{one.name}”",
                max_length=2000,
                required=False,
                initial=kept.comment if kept else "",
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    @property
    def values(self) -> dict[uuid.UUID, tuple[int | None, str]]:
        """A score and a comment by the criterion's key, for an action."""
        given = self.cleaned_data
        return {
            one.pk: (
                int(given[f"score_{number}"]) if given[f"score_{number}"] else None,
                given[f"comment_{number}"],
            )
            for number, one in enumerate(self.criteria)
        }
