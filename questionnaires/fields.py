"""Which field asks a question, and what an answer is before and after it has been in the form."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms

from design.fields import DateBoxesField, LineField, LongTextField
from questionnaires.definition import Answer, Item, Kind

LONGEST_LINE = 500
LONGEST_TEXT = 5000
LARGEST = 10**9
LONG_LIST = 15  # options; more of them stand in a list that opens
OTHER = " other"  # no code begins with a space
YES_NO = (("yes", "Yes"), ("no", "No"))


def fields_for(item: Item, hint: str) -> dict[str, forms.Field]:
    """The fields that ask a question, by what is added to its name: one, or two for an open choice.

    Args:
        hint: stands below the question.
    """
    settings = {
        "label": item.text,
        "help_text": hint,
        "required": item.required,
        "error_messages": _messages(item),
    }
    fields = {"": FIELDS[item.kind](item, settings)}
    if item.kind == Kind.OPEN_CHOICE:
        fields["_other"] = LineField(
            label="Something else, in your own words", required=False, max_length=LONGEST_LINE
        )
    return fields


def to_fields(item: Item, answer: Answer | None) -> dict[str, Any]:
    """What the fields of a question begin with, for an answer that was given before."""
    if answer is None:
        return {}
    match item.kind:
        case Kind.BOOLEAN:
            return {"": "yes" if answer else "no"}
        case Kind.DATE:
            return {"": dt.date.fromisoformat(answer)}
        case Kind.OPEN_CHOICE:
            own = answer.get("text", "")
            return {"": OTHER if own else answer["code"], "_other": own}
        case _:
            return {"": answer}


def to_answer(item: Item, given: Any, other: str = "") -> Answer | None:
    """The answer that a question's cleaned fields say; nothing where it was left out."""
    if given is None or given in ("", []):
        return {"text": other} if other else None
    match item.kind:
        case Kind.BOOLEAN:
            return given == "yes"
        case Kind.DATE:
            return given.isoformat()
        case Kind.DECIMAL:
            return f"{given:f}"
        case Kind.OPEN_CHOICE if given == OTHER:
            return {"text": other} if other else None
        case Kind.OPEN_CHOICE:
            return {"code": given}
        case _:
            return given


def _messages(item: Item) -> dict[str, str]:
    """What is wrong, with enough of the question to know which in the list at the top."""
    asked = item.text if len(item.text) <= 80 else f"{item.text[:79].rstrip()}…"
    like = "12" if item.kind == Kind.INTEGER else "7.5"
    return {
        "required": f"Answer “{asked}”",
        "invalid": f"Write a number, like {like}, for “{asked}”",
        "invalid_choice": f"Choose from the answers listed for “{asked}”",
        "invalid_list": f"Choose from the answers listed for “{asked}”",
    }


def _from_list(item: Item, settings: dict) -> forms.Field:
    choices = list(zip([option.code for option in item.options], item.labels, strict=True))
    if item.kind == Kind.CHOICES:
        return forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, **settings
        )
    if item.kind == Kind.OPEN_CHOICE:
        choices.append((OTHER, "Something else"))
    if len(choices) > LONG_LIST and item.kind != Kind.SCALE:
        return forms.ChoiceField(choices=[("", "Choose one"), *choices], **settings)
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **settings)


def _whole(_item: Item, settings: dict) -> forms.Field:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-5"})
    return forms.IntegerField(min_value=-LARGEST, max_value=LARGEST, widget=widget, **settings)


def _decimal(_item: Item, settings: dict) -> forms.Field:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "nhsuk-input--width-5"})
    return forms.DecimalField(
        min_value=Decimal(-LARGEST),
        max_value=Decimal(LARGEST),
        decimal_places=6,
        widget=widget,
        **settings,
    )


def _boolean(_item: Item, settings: dict) -> forms.Field:
    return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, **settings)


def _line(item: Item, settings: dict) -> forms.Field:
    return LineField(max_length=item.max_length or LONGEST_LINE, **settings)


def _long_text(item: Item, settings: dict) -> forms.Field:
    return LongTextField(max_length=item.max_length or LONGEST_TEXT, **settings)


def _date(_item: Item, settings: dict) -> forms.Field:
    return DateBoxesField(**settings)


FIELDS: dict[Kind, Callable[[Item, dict], forms.Field]] = {
    Kind.SCALE: _from_list,
    Kind.CHOICE: _from_list,
    Kind.CHOICES: _from_list,
    Kind.OPEN_CHOICE: _from_list,
    Kind.INTEGER: _whole,
    Kind.DECIMAL: _decimal,
    Kind.BOOLEAN: _boolean,
    Kind.SHORT_TEXT: _line,
    Kind.LONG_TEXT: _long_text,
    Kind.DATE: _date,
}
