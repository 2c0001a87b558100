"""What a lead writes who asks to open somebody's agreed records."""

from django import forms

from design.fields import LongTextField
from programme.forms.base import RecordForm
from supervision.models import BreakGlassReason

LONGEST = 20_000


class OpenRecordsForm(RecordForm):
    submit = "Ask another lead"

    reason = forms.ChoiceField(
        label="Why must you read them?",
        choices=BreakGlassReason,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose safeguarding or a legal duty"},
    )
    words = LongTextField(
        label="What happened, and why nothing less will do",
        max_length=LONGEST,
        help_text="The lead who decides reads this. It is stored encrypted.",
        error_messages={"required": "Write why nothing less will do"},
    )
    hours = forms.IntegerField(
        label="For how many hours?",
        min_value=1,
        max_value=72,
        initial=24,
        help_text="At most 72, from when another lead approves. It closes by itself.",
        error_messages={"required": "Enter a number of hours, at most 72"},
    )
    withheld = forms.BooleanField(
        label="A legal duty forbids telling the person that I read them", required=False
    )
    withheld_words = LongTextField(
        label="Which legal duty?",
        max_length=LONGEST,
        required=False,
        help_text="Only where you ticked the box above. Otherwise the person is told.",
    )

    def clean(self) -> None:
        asked = self.cleaned_data
        if not asked.get("withheld"):
            return
        if asked.get("reason") != BreakGlassReason.LEGAL:
            self.add_error("withheld", "Only a legal duty can keep this from the person")
        if not asked.get("withheld_words"):
            self.add_error("withheld_words", "Write which legal duty forbids telling the person")
