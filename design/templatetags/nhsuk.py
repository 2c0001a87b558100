"""What the crispy pack in `templates/nhsuk/` asks of a form field."""

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from design import errors, fields

register = template.Library()

# The first that fits decides which template of `templates/nhsuk/fields/` draws a field.
KINDS = (
    (forms.HiddenInput, "hidden"),
    (forms.MultipleHiddenInput, "hidden"),
    (fields.DateBoxes, "date_boxes"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
    (forms.widgets.Input, "input"),
)
CLASSES = {
    "select": "nhsuk-select",
    "textarea": "nhsuk-textarea",
    "file": "nhsuk-file-upload__input",
    "password": "nhsuk-input nhsuk-password-input__input nhsuk-js-password-input-input",
    "input": "nhsuk-input",
    "checkbox": "nhsuk-checkboxes__input",
}
ERROR_CLASSES = {
    "select": "nhsuk-select--error",
    "textarea": "nhsuk-textarea--error",
    "password": "nhsuk-input--error",
    "input": "nhsuk-input--error",
}


@register.filter
def kind(field: BoundField) -> str:
    """Which template draws this field.

    Raises:
        TypeError: none does.
    """
    for widget, name in KINDS:
        if isinstance(field.field.widget, widget):
            return name
    raise TypeError(f"The nhsuk pack has no template for {type(field.field.widget).__name__}.")


@register.filter
def field_template(field: BoundField) -> str:
    """The path of the template that draws this field."""
    return f"nhsuk/fields/{kind(field)}.html"


@register.filter
def control(field: BoundField) -> SafeString:
    """The box itself, with NHS.UK's classes and everything that it is described by."""
    name = kind(field)
    own = field.field.widget.attrs
    classes = [CLASSES[name], own.get("class", "")]
    if field.errors and name in ERROR_CLASSES:
        classes.append(ERROR_CLASSES[name])
    attrs = {"class": " ".join(filter(None, classes)), "placeholder": False}
    if name == "textarea" and own.get("maxlength"):
        # The browser would cut a pasted text short and say nothing: count instead, and refuse.
        attrs |= {"class": f"{attrs['class']} nhsuk-js-character-count", "maxlength": False}
        described = [field.aria_describedby, f"{field.auto_id}-info"]
        attrs["aria-describedby"] = " ".join(filter(None, described))
    if name == "password":
        attrs |= {"spellcheck": "false", "autocapitalize": "none"}
    if isinstance(field.field.widget, forms.NumberInput):
        attrs |= _number_as_text(field)
    if name == "select":
        return _select(_drawn_from(field, attrs))
    if name == "input":
        return _input(_drawn_from(field, attrs))
    return field.as_widget(attrs=attrs)


def _drawn_from(field: BoundField, attrs: dict) -> dict:
    """What Django's own template of a widget is given."""
    attrs = field.build_widget_attrs(attrs)
    attrs.setdefault("id", field.auto_id)
    return field.field.widget.get_context(field.html_name, field.value(), attrs)["widget"]


def _input(drawn: dict) -> SafeString:
    """A box to type in, drawn in one go; Django draws it with four templates."""
    value, others = flatatt({"value": drawn["value"]}), flatatt(drawn["attrs"])
    return format_html(
        '<input type="{}" name="{}"{}{}>', drawn["type"], drawn["name"], value, others
    )


def _select(drawn: dict) -> SafeString:
    """A list to choose from, drawn in one go.

    Django draws each option with a template of its own, which took most of the time of a page with
    a few hundred cohorts.
    """
    return format_html(
        "<select{}>{}</select>",
        flatatt({"name": drawn["name"], **drawn["attrs"]}),
        format_html_join("", "{}", ((_option_group(*group),) for group in drawn["optgroups"])),
    )


def _option_group(label: str | None, options: list[dict], _number: int) -> SafeString:
    drawn = format_html_join("", "{}", ((_option(option),) for option in options))
    if label:
        return format_html('<optgroup label="{}">{}</optgroup>', label, drawn)
    return drawn


def _option(option: dict) -> SafeString:
    if option["selected"]:
        return format_html(
            '<option value="{}" selected>{}</option>', option["value"], option["label"]
        )
    return format_html('<option value="{}">{}</option>', option["value"], option["label"])


def _number_as_text(field: BoundField) -> dict:
    """A number is typed as text: a number box loses what is not a number, and changes on a scroll.

    The form checks the number all the same.
    """
    field.field.widget.input_type = "text"
    whole = not isinstance(field.field, (forms.DecimalField, forms.FloatField))
    mode = "numeric" if whole else "decimal"
    return {"inputmode": mode, "min": False, "max": False, "step": False}


@register.filter
def max_characters(field: BoundField) -> int | None:
    """The longest text allowed, for the counter under a text area."""
    return field.field.widget.attrs.get("maxlength")


@register.filter
def plain_errors(field: BoundField) -> list[str]:
    """What is wrong with a field, in plain words."""
    return errors.field_errors(field)


@register.filter
def date_boxes(field: BoundField) -> list[dict]:
    """The three boxes of a date: id, name, label, value, width in characters, and whether wrong."""
    wrong = errors.wrong_boxes(field) if field.errors else set()
    drawn = field.field.widget.get_context(field.html_name, field.value(), {"id": field.auto_id})
    return [
        {
            "id": box["attrs"]["id"],
            "name": box["name"],
            "label": label,
            "value": box["value"] or "",
            "width": width,
            "wrong": number in wrong,
            "disabled": field.field.disabled,
        }
        for number, (box, label, width) in enumerate(
            zip(
                drawn["widget"]["subwidgets"],
                ("Day", "Month", "Year"),
                (2, 4, 4),
                strict=True,
            )
        )
    ]
