"""What the tests of the import share: files made of rows, and the import in one go."""

import csv
import datetime as dt
import io
from pathlib import Path

from django.utils import timezone

from programme.actions.import_once import Report, import_file
from programme.models import Application, Cohort, Employer, Enrolment, Person, Post, Spell, Team

PILOT = Path(__file__).parents[2] / "docs" / "examples" / "lxp-pilot.csv"
TODAY = dt.date(2026, 11, 23)
AT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
PERSON = {"reference": "P1", "last_name": "Ó Briain"}
TRAINED = PERSON | {"cohort": "Spring", "commenced_on": "01/03/2022"}
IN_POST = PERSON | {
    "site": "Northgate",
    "team": "Crisis",
    "employer": "Example NHS Trust",
    "post": "Peer worker",
    "started_on": "01/06/2022",
}


def csv_of(*rows: dict, headings: list[str] | None = None) -> bytes:
    """A CSV file of rows; without headings, of every column that any row has."""
    headings = headings or list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, headings, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def bring_in(*rows: dict, by=None, good: bool = False, dry_run: bool = False) -> Report:
    """Import rows in one go."""
    return import_file(
        content=csv_of(*rows), by=by, at=timezone.now(), good_rows_only=good, dry_run=dry_run
    )


def counts(report: Report) -> tuple[int, int, int, int]:
    """Rows created, changed, unchanged and refused."""
    return report.created, report.changed, report.unchanged, report.refused_rows


def refusals(report: Report) -> list[tuple[int, str]]:
    """Row and column of each refusal."""
    return [(row, column) for row, column, _ in report.refused]


def everything() -> dict[str, set]:
    """All that is recorded, to be compared before and after."""
    models = (Person, Application, Cohort, Enrolment, Employer, Team, Post, Spell)
    return {model.__name__: set(model.objects.values_list()) for model in models}
