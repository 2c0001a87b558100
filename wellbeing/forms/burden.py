"""What a worker notes of what weighs on them, and to whom they address it."""

from django import forms

from accounts.models import User
from design.fields import LongTextField
from programme.forms.base import RecordForm
from programme.models import Team
from wellbeing.actions.burden import teams_of
from wellbeing.colleagues import to_choose_from
from wellbeing.forms.hints import NO_DIAGNOSES
from wellbeing.models import BurdenKind


class TeamField(forms.ModelChoiceField):
    def label_from_instance(self, team: Team) -> str:
        return f"{team}, {team.site}"


class FlagForm(RecordForm):
    """What may change of a flag: its words, and who reads it."""

    words = LongTextField(
        label="In your own words",
        max_length=2000,
        required=False,
        help_text="Only you read them, unless you let somebody below. Leave out names of people "
        f"who use services. {NO_DIAGNOSES}",
    )
    addressed_to = forms.ModelChoiceField(
        label="Who should know?",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody by name: only counted for the team",
        help_text="They read what it is, the team and the day, and who noted it.",
    )
    shows_words = forms.BooleanField(label="They may read my words too", required=False)
    submit = "Save"

    def limit_choices(self) -> None:
        offered = to_choose_from(self.user.person, self.today)
        if self.record is not None and self.record.addressed_to_id:
            offered = (offered | User.objects.filter(pk=self.record.addressed_to_id)).distinct()
        self.fields["addressed_to"].queryset = offered

    def clean(self) -> dict:
        given = self.cleaned_data
        if given.get("shows_words") and not given.get("addressed_to") and not self.errors:
            self.add_error("addressed_to", "Choose who may read your words, or untick it")
        return given


class NewFlagForm(FlagForm):
    kind = forms.ChoiceField(
        label="What weighs on you?",
        choices=BurdenKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what weighs on you"},
    )
    team = TeamField(
        label="In which team?",
        queryset=Team.objects.none(),
        empty_label=None,
        error_messages={"required": "Choose the team"},
    )
    field_order = ["kind", "team"]
    submit = "Note it"

    def limit_choices(self) -> None:
        super().limit_choices()
        self.fields["team"].queryset = teams_of(self.user.person, self.today)
