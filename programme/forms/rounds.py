"""What a lead types about rounds of recruitment, their stages and their questions."""

from django import forms

from design.fields import DateBoxesField, LineField, LongTextField
from programme.forms.base import RecordForm
from programme.forms.choices import PostChoice
from programme.models import (
    ENDED,
    AnswerKind,
    Cohort,
    Post,
    RoundKind,
    StageKind,
    StageTemplate,
)
from programme.permissions import covers_all_sites, sites_to_choose

BETWEEN = (StageKind.SHORTLISTING, StageKind.INTERVIEW, StageKind.OFFER, StageKind.CHECKS)
WIDTH_SHORT = {"class": "nhsuk-input--width-3"}


class RoundForm(RecordForm):
    title = LineField(
        label="Title", max_length=120, help_text="For example, Peer support worker, Elm ward"
    )
    kind = forms.ChoiceField(
        label="What do people apply for?", choices=RoundKind, widget=forms.RadioSelect
    )
    post = PostChoice(
        label="Post",
        queryset=None,
        required=False,
        empty_label="No post",
        help_text="For a vacancy. The round belongs to the site of the post.",
    )
    cohort = forms.ModelChoiceField(
        label="Cohort",
        queryset=None,
        required=False,
        empty_label="No cohort",
        help_text="For a training intake. The round belongs to the site of the cohort.",
    )
    template = forms.ModelChoiceField(
        label="Stages",
        queryset=None,
        empty_label="Choose a template",
        help_text="The round gets stages of its own, which you can change afterwards.",
    )
    about = LongTextField(
        label="What applicants should know",
        max_length=4000,
        required=False,
        help_text="What the role or the training is, hours and pay, and what support there is.",
    )
    opens_on = DateBoxesField(label="Opening date", help_text="For example, 15 3 2026")
    closes_on = DateBoxesField(
        label="Closing date", help_text="The last day on which people can apply."
    )
    places = forms.IntegerField(
        label="Places",
        min_value=1,
        max_value=1000,
        widget=forms.NumberInput(attrs=WIDTH_SHORT),
    )
    contact_name = LineField(
        label="Who can applicants ask?", max_length=120, help_text="A person's name."
    )
    contact_email = forms.EmailField(label="Their email address", max_length=254)
    contact_phone = LineField(label="Their phone number", max_length=40, required=False)
    submit = "Save round"

    def limit_choices(self) -> None:
        posts = Post.objects.visible_to(self.user)
        self.fields["post"].queryset = posts.select_related("team__site", "employer")
        self.fields["cohort"].queryset = Cohort.objects.changeable_by(self.user)
        if self.record:
            del self.fields["template"]
        else:
            templates = StageTemplate.objects.visible_to(self.user)
            self.fields["template"].queryset = templates

    def clean(self) -> dict:
        given = self.cleaned_data
        if given.get("kind") == RoundKind.VACANCY:
            given["cohort"] = None
            if not given.get("post") and "post" not in self.errors:
                self.add_error("post", "Choose the post that people apply for")
        if given.get("kind") == RoundKind.INTAKE:
            given["post"] = None
            if not given.get("cohort") and "cohort" not in self.errors:
                self.add_error("cohort", "Choose the cohort that people apply for")
        opens, closes = given.get("opens_on"), given.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", "A round cannot close before it opens")
        return given


class TemplateForm(RecordForm):
    name = LineField(label="Name", max_length=120, help_text="For example, Band 3 vacancy")
    site = forms.ModelChoiceField(
        label="Site",
        queryset=None,
        required=False,
        empty_label="Every site",
        help_text="A template for every site can be used by all leads.",
    )
    submit = "Save template"

    def limit_choices(self) -> None:
        site = self.fields["site"]
        site.queryset = sites_to_choose(self.user)
        if not covers_all_sites(self.user):
            site.required, site.empty_label = True, None


class StageForm(RecordForm):
    """A stage of a round: `siblings` are the stages it can come after."""

    kind = forms.ChoiceField(
        label="What happens in it?",
        choices=[(kind.value, kind.label) for kind in BETWEEN],
        widget=forms.RadioSelect,
        help_text="Reports count by this, whatever the stage is called.",
    )
    name = LineField(
        label="What is it called?",
        max_length=60,
        help_text="Applicants read this. Say it plainly, for example Meeting the team.",
    )
    after = forms.ModelChoiceField(
        label="Comes after",
        queryset=None,
        empty_label=None,
        error_messages={"required": "Choose the stage it comes after"},
    )
    expected_on = DateBoxesField(
        label="Expected by",
        required=False,
        help_text="Applicants are told this date. For example, 15 4 2026",
    )
    submit = "Save stage"

    def __init__(self, *args, siblings, **kwargs):
        self.siblings = siblings
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        before = self.siblings.exclude(kind__in=ENDED)
        if self.record is not None:
            del self.fields["kind"]
            if self.record.kind not in BETWEEN:
                del self.fields["after"]
                return
            before = before.exclude(pk=self.record.pk)
            position = self.record.position
            self.initial["after"] = before.filter(position__lt=position).last()
        else:
            self.initial["after"] = before.last()
        self.fields["after"].queryset = before


class TemplateStageForm(StageForm):
    expected_on = None
    days_after_closing = forms.IntegerField(
        label="Expected how many days after the closing date?",
        required=False,
        min_value=0,
        max_value=1000,
        widget=forms.NumberInput(attrs=WIDTH_SHORT),
        help_text="A round works out the date that applicants are told from this.",
    )


class QuestionForm(RecordForm):
    text = LineField(label="Question", max_length=300)
    hint = LineField(label="Hint", max_length=300, required=False)
    kind = forms.ChoiceField(
        label="Answer",
        choices=AnswerKind,
        widget=forms.RadioSelect,
        initial=AnswerKind.LONG,
    )
    choices = LongTextField(
        label="Choices",
        max_length=2000,
        required=False,
        help_text="One on each line, where the answer is one of a list.",
    )
    required = forms.BooleanField(label="Applicants must answer it", required=False, initial=True)
    after = forms.ModelChoiceField(
        label="Comes after", queryset=None, required=False, empty_label="First of all"
    )
    lawful = forms.BooleanField(
        label="It does not ask about the applicant's health or disability",
        help_text=(
            "By law such questions wait until an offer (Equality Act 2010, section 60). The form "
            "asks by itself which adjustments somebody needs for an interview."
        ),
        error_messages={
            "required": "Confirm that the question is not about health or disability, or change it"
        },
    )
    submit = "Save question"

    def __init__(self, *args, siblings, **kwargs):
        self.siblings = siblings
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        before = self.siblings
        if self.record is not None:
            before = before.exclude(pk=self.record.pk)
            self.initial["after"] = before.filter(position__lt=self.record.position).last()
        else:
            self.initial["after"] = before.last()
        self.fields["after"].queryset = before

    @property
    def values(self) -> dict:
        return {name: value for name, value in super().values.items() if name != "lawful"}

    def clean(self) -> dict:
        given = self.cleaned_data
        listed = [line.strip() for line in given.get("choices", "").splitlines() if line.strip()]
        if given.get("kind") != AnswerKind.CHOICE:
            given["choices"] = ""
        elif len(set(listed)) < 2 and "choices" not in self.errors:
            self.add_error("choices", "Write at least two choices, each on a line of its own")
        return given
