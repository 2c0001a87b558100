"""Invented things to show on the page `/design/`: no person, place or number here is real."""

import datetime as dt

from django import forms
from django.core.paginator import Page, Paginator
from django.urls import reverse

from design.charts import (
    Chart,
    Curve,
    Point,
    Stage,
    Table,
    funnel_chart,
    funnel_size,
    survival_chart,
    survival_size,
)
from design.fields import DateBoxesField, LineField, LongTextField
from design.forms import NhsHelper

SITES = [("north", "North site"), ("south", "South site"), ("riverside", "Riverside")]
TOPICS = [("work", "How the work goes"), ("training", "Training"), ("wellbeing", "Wellbeing")]
LONG = (
    "A label that goes on for so long that it takes more than one line on a telephone, because "
    "somebody wanted to be quite sure what was meant by it"
)
FILLED = {
    "name": "Zoë Ó Briain",
    "email": "zoe@example.org",
    "hours": "22.5",
    "started_0": "7",
    "started_1": "March",
    "started_2": "2026",
    "site": "south",
    "employer": "trust",
    "topics": ["work", "training"],
    "note": "Łukasz and 王 agreed to meet on Thursdays.",
    "agreed": "on",
    "term": "peer worker",
}
WRONG = {
    "name": "Zoë\nÓ Briain",
    "email": "zoe at example",
    "hours": "many",
    "started_0": "31",
    "started_1": "2",
    "started_2": "2026",
    "site": "nowhere",
    "note": "Too long. " * 25,
}


class ExampleForm(forms.Form):
    """One of each kind of field."""

    name = LineField(label="Full name", max_length=100)
    email = forms.EmailField(
        label="Email address",
        help_text="We write to it only about signing in.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    hours = forms.DecimalField(
        label="Hours a week",
        min_value=0,
        max_value=60,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input--width-4"}),
    )
    started = DateBoxesField(label="First day at work", help_text="For example, 27 3 2026")
    site = forms.ChoiceField(label="Site", choices=[("", "Choose a site"), *SITES])
    employer = forms.ChoiceField(
        label="Who employs them?",
        choices=[("trust", "The trust"), ("voluntary", "A voluntary organisation")],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label="What was talked about?",
        help_text="Choose all that apply.",
        choices=TOPICS,
        widget=forms.CheckboxSelectMultiple,
    )
    note = LongTextField(label="Agreed note", max_length=200, required=False)
    file = forms.FileField(label="Spreadsheet", required=False)
    password = forms.CharField(
        label="Password",
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    term = forms.CharField(
        label="What are you called?",
        required=False,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-20"}),
    )
    agreed = forms.BooleanField(label="Both have read this note")
    round = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = NhsHelper(submit="Save example", cancel=reverse("design:gallery"))

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("site") == "riverside" and cleaned.get("employer") == "voluntary":
            raise forms.ValidationError("Riverside has no voluntary organisation yet")
        return cleaned


class LongForm(forms.Form):
    """Labels, hints and choices that need several lines."""

    title = forms.CharField(label=LONG, help_text=LONG)
    choice = forms.ChoiceField(
        label=LONG, help_text=LONG, choices=[("a", LONG), ("b", "Short")], widget=forms.RadioSelect
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = NhsHelper(submit="Save long example", variant="secondary")


class FilterForm(forms.Form):
    """What stands above a list."""

    q = forms.CharField(label="Name", required=False, widget=forms.SearchInput)
    site = forms.ChoiceField(label="Site", required=False, choices=[("", "Every site"), *SITES])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = NhsHelper(submit="Show", method="get", filters=True)


def shown_form(name: str, data: dict | None = None, *, disabled: bool = False) -> ExampleForm:
    """The example in one state; `name` keeps its ids apart from those of the other states."""
    form = ExampleForm(data, auto_id=f"{name}_%s")
    form.helper.submit = ""
    form.helper.form_tag = False
    form.helper.disable_csrf = True
    form.helper.form_show_errors = False  # several summaries would fight for the focus
    for field in form.fields.values():
        field.disabled = disabled
    if disabled:
        form.initial = {
            "name": "Zoë Ó Briain",
            "email": "zoe@example.org",
            "hours": "22.5",
            "started": dt.date(2026, 3, 7),
            "site": "south",
            "employer": "trust",
            "topics": ["work"],
            "agreed": True,
        }
    return form


def pages() -> list[Page]:
    """The first, a middle and the last page of a long list, and a list of one page."""
    long = Paginator(range(1, 301), 25)
    return [long.page(1), long.page(6), long.page(12), Paginator(range(3), 25).page(1)]


CURVES = (
    Curve(
        "North site",
        (
            Point(0, 1),
            Point(3, 0.92, 0.72, 0.98),
            Point(8, 0.84, 0.62, 0.94),
            Point(10, 0.84, 0.62, 0.94, censored=True),
            Point(15, 0.74, 0.5, 0.88),
            Point(24, 0.74, 0.5, 0.88),
        ),
        (25, 22, 18, 12, 7),
    ),
    Curve(
        "South site",
        (
            Point(0, 1),
            Point(2, 0.9, 0.66, 0.97),
            Point(7, 0.75, 0.5, 0.89),
            Point(13, 0.6, 0.34, 0.79),
            Point(24, 0.6, 0.34, 0.79),
        ),
        (20, 16, 12, 8, 5),
    ),
    Curve("Łukasz's team", (Point(0, 1), Point(18, 1)), (7, 7, 6, 4, 0)),
)
STAGES = (
    Stage("Applied", 60),
    Stage("Started training", 28, "47% of those who applied"),
    Stage("Completed", 10, "36% of those who started"),
    Stage("In post", 7, "25% of those who started"),
    Stage("In post after 24 months", 0),
)
TICKS = (0, 6, 12, 18, 24)
HOW = [
    "These numbers are invented.",
    "A real chart says what was counted, over which days, and which formula was used.",
]


def survival_svg() -> str:
    return survival_chart(CURVES, title="Invented retention by site", ticks=TICKS)


def funnel_svg() -> str:
    return funnel_chart(STAGES, title="Invented funnel")


def charts() -> list[Chart]:
    """Both kinds of chart."""
    survival, funnel = reverse("design:survival"), reverse("design:funnel")
    followed = [
        (f"Month {tick}", *(curve.at_risk[number] for curve in CURVES))
        for number, tick in enumerate(TICKS)
    ]
    wide, high = survival_size(len(CURVES))
    broad, tall = funnel_size(len(STAGES))
    return [
        Chart(
            title="Retention by site",
            sentence="74% of those at the north site are still in post after two years, and 60% "
            "at the south site.",
            image_url=survival,
            alt="Three step curves; the numbers are in the table below.",
            table=Table(
                "Number still followed", ["After", *(curve.name for curve in CURVES)], followed
            ),
            how=HOW,
            downloads=[("Picture (SVG)", survival)],
            width=wide,
            height=high,
        ),
        Chart(
            title="From applying to staying",
            sentence="Of 28 people who started training, 10 completed and 7 are in post.",
            image_url=funnel,
            alt="Bars growing shorter from 60 who applied to 7 in post.",
            table=Table(
                "People at each stage",
                ["Stage", "People"],
                [(stage.name, stage.people) for stage in STAGES],
            ),
            how=HOW,
            downloads=[("Picture (SVG)", funnel)],
            width=broad,
            height=tall,
        ),
    ]
