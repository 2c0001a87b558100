"""The counts that a lead brings: worked out at once, and kept nowhere."""

from decimal import Decimal

from django import forms

from design.forms import NhsHelper
from programme.own_counts import Absence, Appointed

MOST = 1_000_000
MOST_DAYS = Decimal(400_000_000)


def _count(label: str, missing: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-5"}),
        error_messages={"required": missing},
    )


def _days(label: str, missing: str, help_text: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        min_value=0,
        max_value=MOST_DAYS,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "nhsuk-input--width-10"}),
        error_messages={"required": missing},
    )


class OwnCountsForm(forms.Form):
    """A form whose answer stands on the same page."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = NhsHelper(submit="Work it out")


class LikelihoodForm(OwnCountsForm):
    """Shortlisted and appointed people of two groups; a subclass says which."""

    first_shortlisted: forms.IntegerField
    first_appointed: forms.IntegerField
    second_shortlisted: forms.IntegerField
    second_appointed: forms.IntegerField

    def clean(self) -> None:
        for group in ("first", "second"):
            shortlisted = self.cleaned_data.get(f"{group}_shortlisted")
            appointed = self.cleaned_data.get(f"{group}_appointed")
            if None not in {shortlisted, appointed} and appointed > shortlisted:
                self.add_error(
                    f"{group}_appointed", "No more people can be appointed than were shortlisted"
                )

    def group(self, name: str) -> Appointed:
        given = self.cleaned_data
        return Appointed(given[f"{name}_shortlisted"], given[f"{name}_appointed"])


class EthnicityForm(LikelihoodForm):
    first_shortlisted = _count(
        "White people shortlisted", "Enter how many white people were shortlisted"
    )
    first_appointed = _count("White people appointed", "Enter how many white people were appointed")
    second_shortlisted = _count(
        "Black and minority ethnic people shortlisted",
        "Enter how many Black and minority ethnic people were shortlisted",
    )
    second_appointed = _count(
        "Black and minority ethnic people appointed",
        "Enter how many Black and minority ethnic people were appointed",
    )


class DisabilityForm(LikelihoodForm):
    first_shortlisted = _count(
        "People without a disability shortlisted",
        "Enter how many people without a disability were shortlisted",
    )
    first_appointed = _count(
        "People without a disability appointed",
        "Enter how many people without a disability were appointed",
    )
    second_shortlisted = _count(
        "Disabled people shortlisted", "Enter how many disabled people were shortlisted"
    )
    second_appointed = _count(
        "Disabled people appointed", "Enter how many disabled people were appointed"
    )


class SicknessForm(OwnCountsForm):
    people = _count("People in the group", "Enter how many people are in the group")
    days_available = _days(
        "Days available",
        "Enter how many days were available",
        "In whole-time equivalents: somebody at 0.60 WTE has 0.6 of a day each day of the period",
    )
    days_absent = _days(
        "Days absent for sickness",
        "Enter how many days were absent",
        "In whole-time equivalents too, of the same people and the same period",
    )

    def clean(self) -> None:
        available = self.cleaned_data.get("days_available")
        absent = self.cleaned_data.get("days_absent")
        if None not in {available, absent} and absent > available:
            self.add_error("days_absent", "No more days can be absent than were available")

    @property
    def absence(self) -> Absence:
        given = self.cleaned_data
        days = float(given["days_available"]), float(given["days_absent"])
        return Absence(given["people"], *days)
