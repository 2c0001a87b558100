"""`manage.py import_programme FILE`: the import without a browser."""

import json
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from accounts.roles import IMPORT_PEOPLE
from programme.actions.import_once import Report, import_file
from programme.actions.import_records import ChangedMeanwhile
from programme.imports.columns import COLUMNS
from programme.imports.reading import FileError

UNREADABLE = 2


class Command(BaseCommand):
    help = (
        "Imports people, training and posts from a CSV or XLSX file. Nothing is written where a "
        "row is refused, unless --good-rows is given. Ends with 0, with 1 where rows were refused, "
        "with 2 where the file cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and write nothing"
        )
        parser.add_argument("--json", action="store_true", help="print the counts as JSON, only")
        parser.add_argument(
            "--good-rows", action="store_true", help="apply the good rows, leave out the refused"
        )
        parser.add_argument(
            "--by", metavar="EMAIL", help="import as this lead: their sites, their name in history"
        )

    def handle(self, *_args, **options) -> None:
        try:
            report = import_file(
                content=_content(options["file"]),
                by=_lead(options["by"]) if options["by"] else None,
                at=timezone.now(),
                good_rows_only=options["good_rows"],
                dry_run=options["dry_run"],
            )
        except FileError as error:
            raise CommandError(str(error), returncode=UNREADABLE) from error
        except ChangedMeanwhile as error:
            raise CommandError(
                "Somebody else wrote at the same moment; nothing was written. Run it again.",
                returncode=UNREADABLE,
            ) from error
        if options["json"]:
            self.stdout.write(_as_json(report))
            if report.ignored:
                self.stderr.write(f"Not read: {', '.join(report.ignored)}.")
        else:
            self.stdout.write("\n".join(_in_words(report, dry_run=options["dry_run"])))
        if report.refused:
            sys.exit(1)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > settings.IMPORT_MAX_BYTES:
            raise FileError(
                f"The file is larger than {settings.IMPORT_MAX_BYTES // 1024 // 1024} MB."
            )
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}.") from error


def _lead(email: str) -> User:
    user = User.objects.filter(email=email.lower(), is_active=True).first()
    if user is None or not user.has_perm(IMPORT_PEOPLE):
        raise CommandError(f"{email} is not the account of somebody who may import.", returncode=2)
    return user


def _as_json(report: Report) -> str:
    refused = [
        {"row": number, "column": column, "reason": reason}
        for number, column, reason in report.refused
    ]
    return json.dumps(
        {
            "rows": report.rows,
            "created": report.created,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "refused": refused,
        },
        ensure_ascii=False,
    )


def _in_words(report: Report, *, dry_run: bool) -> list[str]:
    lines = [*report.notices]
    if report.ignored:
        lines.append(f"Not read: {', '.join(report.ignored)}.")
    lines.append(
        f"{report.rows} rows: {report.created} created, {report.changed} changed, "
        f"{report.unchanged} left as they are, {report.refused_rows} refused."
    )
    for table, names in report.missing.items():
        lines.append(f"New {table.replace('_', ' ')}: {'; '.join(names)}.")
    for number, column, reason in report.refused:
        place = f", {COLUMNS[column].label}" if column else ""
        lines.append(f"Row {number}{place}: {reason}")
    if dry_run:
        lines.append("Nothing was written: this was a dry run.")
    elif report.refused and not (report.created or report.changed):
        lines.append("Nothing was written. Correct the refused rows, or use --good-rows.")
    return lines
