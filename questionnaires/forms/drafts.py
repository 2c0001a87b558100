"""What a lead changes in a draft: what it is called and may be used for, its words, its scoring."""

from dataclasses import replace

from django import forms
from django.core.exceptions import ValidationError

from design.fields import LineField, LongTextField
from programme.forms.base import RecordForm
from questionnaires.definition import (
    BadDefinition,
    Definition,
    Item,
    Kind,
    Method,
    Scale,
    everything,
    read,
    same_answers,
    with_items,
    written,
)
from questionnaires.instruments import neutral_answer

METHODS = [
    (Method.SUM, "Their sum"),
    (Method.MEAN, "Their mean"),
    (Method.PERCENTAGE, "A percentage of what is possible"),
]
ANSWERS_ON_A_PAGE = 20  # more of them keep the words they came with


class DraftForm(RecordForm):
    """Changes one part of a draft: `applied` is the definition as it was filled in.

    Args:
        definition: the whole of it.
    """

    submit = "Save draft"

    def __init__(self, *args, definition: Definition, **kwargs):
        self.definition = definition
        super().__init__(*args, **kwargs)

    def clean(self) -> dict:
        """Refuse what would be no definition any more."""
        given = super().clean()
        if not self.errors:
            try:
                read(written(self.applied()))
            except BadDefinition as error:
                self.add_error(None, str(error))
        return given


class DetailsForm(DraftForm):
    """What stands round the questions."""

    title = LineField(label="Title", max_length=500, error_messages={"required": "Write a title"})
    description = LongTextField(
        label="What people read before the questions", max_length=5000, required=False
    )
    licence = LongTextField(
        label="Licence",
        max_length=5000,
        required=False,
        help_text="Under what terms you may use it, and until when.",
    )
    credit = LongTextField(
        label="Credit line",
        max_length=5000,
        required=False,
        help_text="Shown under the questions, as the licence asks.",
    )
    validated = forms.BooleanField(
        label="This is a validated measure, in its exact wording",
        required=False,
        help_text="If you leave this empty, whoever reads a score is told that the measure is not "
        "validated.",
    )

    def __init__(self, *args, definition: Definition, **kwargs):
        names = ("title", "description", "licence", "credit", "validated")
        initial = {name: getattr(definition, name) for name in names}
        super().__init__(*args, definition=definition, initial=initial, **kwargs)

    def applied(self) -> Definition:
        return replace(self.definition, **self.values)


class ItemForm(DraftForm):
    """The words of one item of a draft.

    Args:
        item: the item to change.
    """

    submit = "Save words"

    def __init__(self, *args, definition: Definition, item: Item, **kwargs):
        self.item = item
        self.twins = [one for one in everything(definition.items) if same_answers(one, item)]
        initial = {"hint": item.hint, "required": item.required, "reverse": item.reverse}
        initial |= {"text": "" if item.slot else item.text}
        initial |= {"low": [option.code for option in item.options if option.low]}
        initial |= {
            f"answer_{place}": "" if item.slot and one.text == neutral_answer(place) else one.text
            for place, one in enumerate(item.options, start=1)
        }
        super().__init__(*args, definition=definition, initial=initial, **kwargs)

    def limit_choices(self) -> None:
        """The fields that this kind of item has."""
        item = self.item
        label = {Kind.GROUP: "Heading", Kind.DISPLAY: "Words"}.get(item.kind, "Question")
        self.fields["text"] = LongTextField(
            label=label,
            max_length=5000,
            required=item.kind != Kind.GROUP,
            help_text=f"In the exact words of your copy, in place of “{item.text}”."
            if item.slot
            else "",
        )
        self.fields["text"].widget.attrs["rows"] = 2
        if item.kind != Kind.DISPLAY:
            self.fields["hint"] = LineField(label="Hint below it", max_length=500, required=False)
        if item.is_question:
            self.fields["required"] = forms.BooleanField(
                label="It must be answered", required=False
            )
        if item.options:
            self._add_answers()

    def _add_answers(self) -> None:
        item = self.item
        if len(item.options) <= ANSWERS_ON_A_PAGE:
            for place, option in enumerate(item.options, start=1):
                scores = "" if option.score is None else f", which scores {option.score}"
                label = f"Answer {place}{scores}"
                self.fields[f"answer_{place}"] = LineField(label=label, max_length=500)
        choices = [(option.code, option.text) for option in item.options]
        self.fields["low"] = forms.MultipleChoiceField(
            label="Answers after which support is offered",
            choices=choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        if all(option.score is not None for option in item.options):
            self.fields["reverse"] = forms.BooleanField(
                label="Scored in reverse: the highest becomes the lowest", required=False
            )
        if len(self.twins) > 1:
            self.fields["same"] = forms.BooleanField(
                label=f"Use these answers for all {len(self.twins)} questions that have the same",
                required=False,
            )

    def applied(self) -> Definition:
        """The definition with the item as it was filled in; its words are no slot any more."""
        given = self.values
        words = {
            name: given[name] for name in ("text", "hint", "required", "reverse") if name in given
        }
        options = tuple(
            replace(option, text=given.get(f"answer_{place}", option.text), low=option.code in low)
            for low in [given.get("low", [])]
            for place, option in enumerate(self.item.options, start=1)
        )
        changed = {}
        if given.get("same"):
            changed = {
                twin.link_id: replace(twin, options=_worded(twin, options)) for twin in self.twins
            }
        changed[self.item.link_id] = replace(self.item, **words, options=options, slot=False)
        return with_items(self.definition, changed)


def _worded(item: Item, options: tuple) -> tuple:
    """The options of an item with the words of others; which of them are low stays its own."""
    return tuple(
        replace(own, text=other.text) for own, other in zip(item.options, options, strict=True)
    )


class ScaleForm(DraftForm):
    """A score of several questions."""

    name = LineField(label="What the score is called", max_length=120)
    items = forms.MultipleChoiceField(
        label="Questions that count", widget=forms.CheckboxSelectMultiple
    )
    method = forms.ChoiceField(
        label="What is made of their scores", choices=METHODS, widget=forms.RadioSelect
    )
    needed = forms.IntegerField(
        label="How many must be answered",
        min_value=1,
        max_value=500,
        required=False,
        help_text="Leave it empty if all must be. A sum always needs all of them.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-3"}),
    )
    submit = "Add score"

    def limit_choices(self) -> None:
        self.fields["items"].choices = [
            (item.link_id, item.text) for item in countable(self.definition)
        ]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if any(name in {scale.key, scale.name} for scale in self.definition.scales):
            raise ValidationError("There is a score of this name already")
        return name

    def clean(self) -> dict:
        given = self.cleaned_data
        if self.errors:
            return given
        given["needed"] = given["needed"] or len(given["items"])
        if given["needed"] > len(given["items"]):
            self.add_error("needed", "No more can be answered than questions count")
        if given["method"] == Method.SUM and given["needed"] < len(given["items"]):
            self.add_error("needed", "A sum needs all of its questions: leave this empty")
        return super().clean()

    def applied(self) -> Definition:
        given = self.values
        scale = Scale(
            key=given["name"],
            name=given["name"],
            items=tuple(given["items"]),
            method=Method(given["method"]),
            needed=given["needed"],
        )
        return replace(self.definition, scales=(*self.definition.scales, scale))


def countable(definition: Definition) -> list[Item]:
    """Questions that a score can be made of: one answer, and all of its options have a score."""
    return [
        item
        for item in everything(definition.items)
        if item.options
        and item.kind != Kind.CHOICES
        and all(option.score is not None for option in item.options)
    ]
