"""What FHIR calls things, and how it writes numbers."""

from decimal import Decimal

from questionnaires.definition import Kind

CORE = "http://hl7.org/fhir/StructureDefinition"
ORDINAL_VALUE = f"{CORE}/ordinalValue"
ITEM_WEIGHT = f"{CORE}/itemWeight"
ITEM_CONTROL = f"{CORE}/questionnaire-itemControl"
ITEM_CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"
HIDDEN = f"{CORE}/questionnaire-hidden"
CALCULATED = {  # as it is called now, and as it was
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression",
    f"{CORE}/questionnaire-calculatedExpression",
}

TYPES = {
    Kind.GROUP: "group",
    Kind.DISPLAY: "display",
    Kind.SCALE: "choice",
    Kind.CHOICE: "choice",
    Kind.CHOICES: "choice",
    Kind.OPEN_CHOICE: "open-choice",
    Kind.INTEGER: "integer",
    Kind.DECIMAL: "decimal",
    Kind.BOOLEAN: "boolean",
    Kind.SHORT_TEXT: "string",
    Kind.LONG_TEXT: "text",
    Kind.DATE: "date",
}
KINDS = {fhir: kind for kind, fhir in TYPES.items() if kind not in {Kind.SCALE, Kind.CHOICES}}


def number(value: Decimal) -> int | float:
    """A decimal number as JSON has it; up to 15 figures are exact."""
    return int(value) if value == value.to_integral_value() else float(value)
