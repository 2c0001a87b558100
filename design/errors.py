"""What is wrong with a form, in the NHS's words: which box, and what to do about it."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm
from django.forms.boundfield import BoundField

# How Django's own messages begin, and what stands in their place; a message that a form has given
# words of its own is left alone. `{label}` is the field's label, `{lower}` the same within a
# sentence, `{rest}` the rest of Django's message.
PLAIN_WORDS = {
    "This field is required.": "Enter {lower}",
    "Enter a valid email address.": (
        "Enter an email address in the correct format, like name@example.com"
    ),
    "Enter a valid URL.": "Enter a web address, like https://www.example.org",
    "Enter a valid date.": "{label} must be a real date, like 27 3 2026",
    "Enter a whole number.": "{label} must be a whole number, like 12",
    "Enter a number.": "{label} must be a number, like 12 or 7.5",
    "Null characters are not allowed.": "{label} has a character that cannot be stored",
    "Select a valid choice.": "Choose {lower} from the list",
    "No file was submitted.": "Choose a file",
    "The submitted file is empty.": "The file is empty. Choose one that has something in it",
    "Ensure this value has at most": (
        "{label} must be {limit_value} characters or fewer; it has {show_value}"
    ),
    "Ensure this value is greater than or equal to": "{label} must be {limit_value} or more",
    "Ensure this value is less than or equal to": "{label} must be {limit_value} or less",
    "Ensure that there are no more than": "{label} must have no more than{rest}",
}
CHOSEN = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.FileInput)


def within_a_sentence(label: str) -> str:
    """A label without its capital, unless that belongs to it: *NHS number* keeps its own."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def plain_words(field: BoundField, error: ValidationError) -> str:
    """One error of a field in plain words."""
    given, label = error.messages[0], str(field.label)
    if error.code == "unique" and given.endswith("already exists."):
        return f"{label} is already in use: each can be used once"
    start = next((start for start in PLAIN_WORDS if given.startswith(start)), None)
    if start is None:
        return given
    words = _asked_for(field, label) if error.code == "required" else PLAIN_WORDS[start]
    known = {"label": label, "lower": within_a_sentence(label), "rest": given[len(start) :]}
    return words.format(**(error.params or {}) | known).rstrip(".")


def _asked_for(field: BoundField, label: str) -> str:
    """The words for something that is missing."""
    if label.endswith("?"):
        return "Answer the question “{label}”"
    if isinstance(field.field.widget, forms.CheckboxInput):
        return "Tick the box “{label}”"
    return "Choose {lower}" if isinstance(field.field.widget, CHOSEN) else "Enter {lower}"


def field_errors(field: BoundField) -> list[str]:
    """What is wrong with one field, in plain words."""
    return [plain_words(field, error) for error in field.errors.as_data()]


def wrong_boxes(field: BoundField) -> set[int]:
    """Which of the boxes of a date are wrong (0 day, 1 month, 2 year): all when none is named."""
    named = [(error.params or {}).get("boxes", (0, 1, 2)) for error in field.errors.as_data()]
    return {box for boxes in named for box in boxes}


def first_box(field: BoundField) -> str:
    """The id of the first box to correct, for the link of the error summary."""
    if isinstance(field.field.widget, forms.MultiWidget):
        return f"{field.auto_id}_{min(wrong_boxes(field), default=0)}"
    if isinstance(field.field.widget, forms.RadioSelect):
        return f"{field.auto_id}_0"
    return field.auto_id


def error_links(form: BaseForm) -> list[tuple[str, str]]:
    """Every error of a form in the order of its fields: `(id of the box or "", words)`."""
    if not form.is_bound or not form.errors:
        return []
    general = form.errors.get(NON_FIELD_ERRORS, [])
    links = [("", str(message)) for message in general]
    for field in form:
        target = "" if field.is_hidden else first_box(field)
        links += [(target, words) for words in field_errors(field)]
    return links
