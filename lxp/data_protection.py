"""What is kept about people, why, who reads it and for how long: what a data protection impact
assessment (DPIA) asks, for the trust to complete.

The words are in data_protection.toml. Every table about people stands in one class; a test fails
where one is missing.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from programme.actions import applicants, imports
from programme.exports import csv_response
from supervision.actions import drafts
from wellbeing.actions import checkins, plan

WORDS = Path(__file__).with_suffix(".toml")
SAID = {
    "purpose": "Purpose",
    "basis": "Basis often used",
    "readers": "Who reads it",
    "kept": "How long LXP keeps it",
}
TO_COMPLETE = ["Basis the trust uses", "Period the trust sets", "Decided by", "Decided on"]
COLUMNS = ["Information", *SAID.values(), "Tables", *TO_COMPLETE]


@dataclass(frozen=True)
class DataClass:
    """Information of one purpose: what is said of it, and the tables that hold it."""

    name: str
    said: list[tuple[str, str]]
    tables: list[str]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """For everybody who signs in: whom it is about reads the same as who decides."""
    return render(request, "lxp/data_protection.html", {"classes": classes()})


@require_safe
def file(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  the same for everybody
    """A row for each class, with cells for the trust to fill in."""
    rows = (
        [one.name, *(words for _, words in one.said), ", ".join(one.tables), *[""] * 4]
        for one in classes()
    )
    return csv_response("what-is-kept.csv", COLUMNS, rows)


def classes() -> list[DataClass]:
    """Every class, with the periods after which the service deletes by itself."""
    periods = {
        "private_days": settings.PRIVATE_KEPT_DAYS,
        "begun_application_days": applicants.KEEP_DRAFTS.days,
        "begun_check_in_days": checkins.UNFINISHED_KEPT.days,
        "typed_plan_days": plan.TYPED_KEPT.days,
        "typed_record_days": drafts.KEPT.days,
        "import_hours": imports.KEPT.days * 24,
    }
    return [
        DataClass(
            one["name"],
            [(label, _in_one_line(one[key]).format(**periods)) for key, label in SAID.items()],
            one["tables"],
        )
        for one in tomllib.loads(WORDS.read_text(encoding="utf-8"))["class"]
    ]


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
