"""What is typed into a record, and what is written between sessions."""

from django import forms

from design.fields import LongTextField
from supervision.forms.drafted import DraftedForm
from supervision.forms.sessions import LONGEST
from supervision.models import SessionRecord
from supervision.prompts import ABOUT, PROMPTS

MEANWHILE = (
    "The record was changed while you were writing. Nothing of yours is saved yet. What is saved "
    "now stands above your words: change yours, or save again to keep them as the next version."
)
NO_DIAGNOSES = "Leave out diagnoses and anything that tells who uses a service."


class RecordWordsForm(DraftedForm):
    """The words of a record; `version` is the one that the writer has read."""

    words = LongTextField(
        label="What you agreed",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": "Write what you agreed"},
        help_text=f"Both of you read this. {NO_DIAGNOSES}",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    submit = "Save record"
    typed = ("words",)
    elsewhere: SessionRecord | None = None

    @property
    def values(self) -> dict:
        given = self.cleaned_data
        return {"words": given["words"], "version": given["version"] or 0}

    def _show_what_is_saved(self, current: SessionRecord) -> None:
        self.add_error(None, MEANWHILE)
        self.elsewhere = current
        self.data = self.data.copy()
        self.data["version"] = current.version


class AmendmentForm(RecordWordsForm):
    submit = "Add amendment"

    def limit_choices(self) -> None:
        words = self.fields["words"]
        words.label = "Amendment"
        words.help_text = (
            f"It stands below what you both agreed on, which stays as it is. {NO_DIAGNOSES}"
        )
        words.error_messages["required"] = "Write the amendment"


class DisagreeForm(RecordWordsForm):
    submit = "Save what I say"

    def limit_choices(self) -> None:
        words = self.fields["words"]
        words.label = "In your own words"
        words.help_text = "Both of you read this, and it stays with the record."
        words.error_messages["required"] = "Write what you see differently"


class AgendaForm(DraftedForm):
    """One thing to talk about; the prompts offer words to begin with."""

    prompt = forms.ChoiceField(
        label="What is it about?",
        required=False,
        choices=[("", "Something else"), *ABOUT.items()],
        widget=forms.RadioSelect,
    )
    words = LongTextField(
        label="In your words",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Both of you read it. With a prompt you can leave this empty: its questions then "
        "stand on the agenda.",
    )
    submit = "Add to agenda"
    typed = ("words",)

    def clean(self) -> dict:
        given = self.cleaned_data
        if not given.get("words") and not given.get("prompt") and "words" not in self.errors:
            self.add_error("words", "Write what you want to talk about, or choose a prompt")
        return given

    @property
    def values(self) -> dict:
        given = self.cleaned_data
        questions = {prompt.key: prompt.questions for prompt in PROMPTS}
        return {
            "prompt": given["prompt"],
            "words": given["words"] or questions[given["prompt"]],
        }


class PreparationForm(DraftedForm):
    words = LongTextField(
        label="My note",
        max_length=LONGEST,
        error_messages={"required": "Write your note"},
        help_text="Only you can read it, whatever anybody’s role.",
    )
    submit = "Save note"
    typed = ("words",)


class AideMemoireForm(DraftedForm):
    words = LongTextField(
        label="What I want to remember",
        max_length=LONGEST,
        required=False,
        help_text=f"The peer worker can read this. {NO_DIAGNOSES}",
    )
    submit = "Save aide-memoire"
    typed = ("words",)
