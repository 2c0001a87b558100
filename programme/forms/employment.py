"""What a lead types about probation, long breaks and moves."""

from decimal import Decimal

from django import forms

from design.fields import DateBoxesField, LineField
from programme.actions.employment import EARLIER_OUTCOMES, FINAL_OUTCOMES
from programme.forms.base import RecordForm
from programme.forms.choices import PostChoice, StepChoice
from programme.forms.posts import NARROW_NUMBER
from programme.models import BreakKind, PathwayStep, Post, ReviewOutcome


class ReviewForm(RecordForm):
    """How a probation review went; only the final one can confirm or extend."""

    held_on = DateBoxesField(label="Day of the review")
    outcome = forms.ChoiceField(label="Outcome", choices=[], widget=forms.RadioSelect)
    extended_to = DateBoxesField(
        label="New end of probation",
        required=False,
        help_text="Only where probation is extended. The final review moves to that day.",
    )
    submit = "Save review"

    def limit_choices(self) -> None:
        final = self.record.is_final
        offered = FINAL_OUTCOMES if final else EARLIER_OUTCOMES
        self.fields["outcome"].choices = [
            (outcome.value, outcome.label) for outcome in ReviewOutcome if outcome in offered
        ]
        if not final:
            del self.fields["extended_to"]

    def clean(self) -> None:
        self.not_after_today("held_on", "The day of the review must be today or in the past")
        if self.cleaned_data.get("outcome") != ReviewOutcome.EXTENDED:
            self.cleaned_data.pop("extended_to", None)


class BreakForm(RecordForm):
    kind = forms.ChoiceField(label="Kind", choices=BreakKind, widget=forms.RadioSelect)
    starts_on = DateBoxesField(label="First day away")
    ends_on = DateBoxesField(
        label="First day back",
        required=False,
        help_text="As planned, or as it was. Leave it empty while it is not known.",
    )
    submit = "Save break"


class MoveForm(RecordForm):
    """The next post of somebody, from the day on which the present one ends."""

    post = PostChoice(label="New post", queryset=None, empty_label="Choose a post")
    on = DateBoxesField(
        label="First day in the new post", help_text="The present post ends on the same day."
    )
    contracted_hours = forms.DecimalField(
        label="Contracted hours a week",
        max_digits=8,
        decimal_places=5,
        required=False,
        help_text="In the new post. Leave it empty when you do not know.",
        widget=forms.TextInput(attrs=NARROW_NUMBER),
        min_value=Decimal(0),
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
    submit = "Record the move"

    def limit_choices(self) -> None:
        posts = Post.objects.visible_to(self.user).select_related("team__site", "employer")
        self.fields["post"].queryset = posts.exclude(pk=self.record.post_id)
        steps = PathwayStep.objects.visible_to(self.user).select_related("pathway")
        self.fields["step"].queryset = steps
        self.initial |= {"post": None, "role_title": "", "step": self._next_step(steps)}

    def _next_step(self, steps) -> PathwayStep | None:
        """The step after the present one, as far as there is one."""
        now = self.record.step
        return now and steps.filter(pathway=now.pathway_id, position__gt=now.position).first()
