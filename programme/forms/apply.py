"""What an applicant writes, without an account. Nothing here asks about health."""

import uuid

from django import forms

from design.fields import LineField, LongTextField
from programme.applicant_links import new_form
from programme.models import (
    REASONS,
    AnswerKind,
    Applicant,
    OfferAnswer,
    OfferAsk,
    Round,
    RoundQuestion,
    StageKind,
)

CONTACT = ("first_name", "last_name", "email", "phone")
OWN = (*CONTACT, "statement", "adjustments")
STATEMENT_LENGTH, ANSWER_LENGTH, ADJUSTMENTS_LENGTH = 6000, 4000, 2000


class ApplyForm(forms.Form):
    """The whole application; to save it, nothing is required.

    Args:
        offered: the round.
        applicant: the draft it shows, where there is one.
        sending: whether it is to be sent, and so has to be complete.
    """

    first_name = LineField(
        label="First name",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = LineField(
        label="Last name",
        max_length=100,
        help_text="If you have one name only, write it here.",
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    email = forms.EmailField(
        label="Email address",
        max_length=254,
        help_text="We write to you there. Check that it is right.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = LineField(
        label="Phone number",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    statement = LongTextField(
        label="How would you use your lived experience in this role?",
        max_length=STATEMENT_LENGTH,
        help_text=(
            "Write about what you would do with it: how it would help you to be alongside "
            "somebody. You do not need to say what you have lived through, and please do not name "
            "a diagnosis. Only the panel reads this, and only while it decides."
        ),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    adjustments = LongTextField(
        label="Is there anything we can do to make an interview work for you?",
        max_length=ADJUSTMENTS_LENGTH,
        required=False,
        help_text=(
            "For example a certain time of day, questions in advance, a quiet room, an interpreter "
            "or somebody with you. This goes to the person who arranges interviews and never to "
            "the panel. You do not need to say why."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    ready = forms.BooleanField(label="I have read what I wrote and want to send it")
    version = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    carried = forms.CharField(
        required=False, max_length=200, widget=forms.HiddenInput, initial=new_form
    )

    def __init__(
        self, data=None, *, offered: Round, applicant: Applicant | None = None, sending: bool
    ):
        super().__init__(data)
        self.questions: dict[str, RoundQuestion] = {}
        for question in offered.questions.all():
            name = f"question_{question.pk.hex}"
            self.questions[name] = question
            self.fields[name] = _field(question)
        self.sending = sending
        self.order_fields([*CONTACT, *self.questions, "statement", "adjustments", "ready"])
        if applicant is not None and data is None:
            self._fill_in(applicant)

    def add_error(self, field: str | None, error) -> None:
        """To keep a draft nothing is missing: only what cannot be kept is an error."""
        if not self.sending and field and getattr(error, "code", None) == "required":
            self.cleaned_data[field] = ""
        else:
            super().add_error(field, error)

    def _fill_in(self, applicant: Applicant) -> None:
        for name in OWN:
            self.initial[name] = getattr(applicant, name)
        for answer in applicant.answers.all():
            self.initial[f"question_{answer.question_id.hex}"] = answer.text
        self.initial["version"] = applicant.saved_at.isoformat()

    @property
    def values(self) -> dict[str, str]:
        """What can be kept of the columns: everything that is not in error."""
        return {name: self.cleaned_data[name] for name in OWN if name in self.cleaned_data}

    @property
    def answers(self) -> dict[uuid.UUID, str]:
        """What can be kept of the answers, by question."""
        return {
            question.pk: self.cleaned_data[name]
            for name, question in self.questions.items()
            if name in self.cleaned_data
        }

    @property
    def something_typed(self) -> bool:
        return any([*self.values.values(), *self.answers.values()])

    @property
    def contact(self) -> list:
        return [self[name] for name in CONTACT]

    @property
    def asked(self) -> list:
        """The round's own questions, as fields."""
        return [self[name] for name in self.questions]


def _field(question: RoundQuestion) -> forms.Field:
    settings = {
        "label": question.text,
        "help_text": question.hint,
        "required": question.required,
    }
    if question.kind == AnswerKind.CHOICE:
        choices = [(choice, choice) for choice in question.listed]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **settings)
    if question.kind == AnswerKind.SHORT:
        return LineField(max_length=300, **settings)
    return LongTextField(max_length=ANSWER_LENGTH, **settings)


class LinkForm(forms.Form):
    email = forms.EmailField(
        label="Email address",
        max_length=254,
        help_text="The one you wrote in your application.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class WithdrawForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why are you withdrawing?",
        required=False,
        choices=[(reason.value, reason.label) for reason in REASONS[StageKind.WITHDREW]],
        widget=forms.RadioSelect,
        help_text="You do not have to say. It helps us to do better.",
    )


class DeclineForm(WithdrawForm):
    def __init__(self, data=None):
        super().__init__(data)
        self.fields["reason"].label = "Why are you declining?"


ANSWERS = {
    OfferAnswer.ACCEPTED.value: "Yes, I accept",
    OfferAsk.MORE_TIME.value: "I need more time to decide",
    OfferAsk.TALK.value: "I would like to talk with somebody first",
    OfferAnswer.DECLINED.value: "No, thank you",
}


class OfferAnswerForm(forms.Form):
    """What an applicant says to an offer; what they have asked already is not asked again."""

    answer = forms.ChoiceField(label="What would you like to do?", widget=forms.RadioSelect)

    def __init__(self, data=None, *, applicant: Applicant):
        super().__init__(data)
        left_out = {applicant.offer_asked}
        if applicant.offer_reply_by is None:
            left_out.add(OfferAsk.MORE_TIME)
        self.fields["answer"].choices = [
            choice for choice in ANSWERS.items() if choice[0] not in left_out
        ]


# --- Equality: asked apart, stored apart ----------------------------------------------------------

PREFER_NOT = ("prefer_not_to_say", "Prefer not to say")
YES_NO = [("yes", "Yes"), ("no", "No"), PREFER_NOT]
# The categories of the NHS Data Dictionary (ethnic category), without its codes.
ETHNICITY = [
    "White: British",
    "White: Irish",
    "White: any other White background",
    "Mixed: White and Black Caribbean",
    "Mixed: White and Black African",
    "Mixed: White and Asian",
    "Mixed: any other mixed background",
    "Asian or Asian British: Indian",
    "Asian or Asian British: Pakistani",
    "Asian or Asian British: Bangladeshi",
    "Asian or Asian British: any other Asian background",
    "Black or Black British: Caribbean",
    "Black or Black British: African",
    "Black or Black British: any other Black background",
    "Chinese",
    "Any other ethnic group",
]
EQUALITY = {
    "age": ("How old are you?", ["Under 25", "25 to 34", "35 to 44", "45 to 54", "55 or over"]),
    "sex": ("What is your sex?", ["Female", "Male", "Another word describes me better"]),
    "gender": ("Is your gender the same as the sex you were registered with at birth?", YES_NO),
    "ethnicity": ("What is your ethnic group?", ETHNICITY),
    "disability": ("Do you consider yourself to be disabled?", YES_NO),
    "orientation": (
        "Which describes how you think of yourself?",
        ["Heterosexual or straight", "Gay or lesbian", "Bisexual", "Another word"],
    ),
    "religion": (
        "What is your religion or belief?",
        [
            "No religion",
            "Buddhist",
            "Christian",
            "Hindu",
            "Jewish",
            "Muslim",
            "Sikh",
            "Another religion or belief",
        ],
    ),
    "carer": ("Do you look after somebody who could not manage without you?", YES_NO),
}


def choices_of(listed: list) -> list[tuple[str, str]]:
    """The choices of a question about equality, as they are stored and as they are read."""
    pairs = [one if isinstance(one, tuple) else (one, one) for one in listed]
    return pairs if PREFER_NOT in pairs else [*pairs, PREFER_NOT]


class EqualityForm(forms.Form):
    """Every question may be left out, and every one can be answered *prefer not to say*."""

    def __init__(self, data=None):
        super().__init__(data)
        for name, (label, listed) in EQUALITY.items():
            many = len(listed) > 8
            choices = choices_of(listed)
            if many:
                choices = [("", "Choose, or leave it"), *choices]
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                choices=choices,
                widget=forms.Select if many else forms.RadioSelect,
            )
