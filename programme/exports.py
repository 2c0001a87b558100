"""Rows as files that are safe to open: every download of the service is written here.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@`, also in the full-width forms of
East Asian keyboards, and also behind spaces, quotation marks or invisible characters that it drops
while reading. `guarded` puts an apostrophe before such text, which spreadsheets read as "this is
text". Nothing else is changed, so `+44 7700 900123` comes out as `'+44 7700 900123` with every
digit in place, and `unguarded` gives back exactly what was there. Numbers and dates are not text:
they are written as themselves, `-0.4` included.
"""

import csv
import datetime as dt
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from programme.sheets import Sheet, SheetCell, workbook_parts

type Cell = str | int | float | Decimal | dt.date | dt.datetime | None

GUARD = "'"
LIVE = frozenset("=+-@\N{MINUS SIGN}")
LIVE_CONTROLS = frozenset("\t\r\n\0")
QUOTES = frozenset("\"'`\N{ACUTE ACCENT}")
# Unicode's spaces, controls, invisible format marks, combining marks and quotation marks.
SKIPPED_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me", "Pi", "Pf"})
LONGEST_XLSX_TEXT = 32_767  # Excel's own limit for one cell, in UTF-16 units
FIRST_XLSX_DAY = dt.date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def is_live(text: str) -> bool:
    """Whether a spreadsheet might run this text instead of showing it."""
    for mark in text:
        if mark in LIVE_CONTROLS:
            return True
        if unicodedata.normalize("NFKC", mark)[0] in LIVE:
            return True
        if mark not in QUOTES and unicodedata.category(mark) not in SKIPPED_CATEGORIES:
            return False
    return False


def guarded(value: Cell) -> Cell:
    """A cell that is safe to open: live text behind an apostrophe, anything else unchanged."""
    if isinstance(value, str) and is_live(value):
        return GUARD + value
    return value


def unguarded(text: str) -> str:
    """The text that `guarded` was given; text that it never changed stays as it is."""
    if text.startswith(GUARD) and is_live(text[1:]):
        return text[1:]
    return text


class _Line:
    """A file that hands each line straight back, so that a download streams."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The file, line by line, beginning with the mark by which Excel knows UTF-8.

    All text is quoted: where a spreadsheet splits at semicolons, `a;=1` must stay one cell.
    """
    writer = csv.writer(_Line(), quoting=csv.QUOTE_NONNUMERIC)
    yield "\N{BYTE ORDER MARK}" + writer.writerow([guarded(column) for column in columns])
    for row in rows:
        yield writer.writerow([_csv_cell(value) for value in row])


def csv_response(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> StreamingHttpResponse:
    """A CSV download: UTF-8 with a byte order mark, dates as YYYY-MM-DD, times local.

    Args:
        name: the file's name, with its `.csv`.
        columns: the headings.
        rows: as many cells each as there are headings; read while the file is sent.
    """
    response = StreamingHttpResponse(csv_lines(columns, rows), content_type=CSV_TYPE)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store"
    return response


def xlsx_response(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> StreamingHttpResponse:
    """An XLSX download with one sheet: real dates and numbers, no formulas and no links.

    Args:
        name: the file's name, with its `.xlsx`.
        columns: the headings.
        rows: as many cells each as there are headings; read while the file is sent.
    """
    parts = workbook_parts([_safe_sheet("Sheet1", columns, rows)])
    response = StreamingHttpResponse(parts, content_type=XLSX_TYPE)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store"
    return response


def download(
    kind: str,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    as_at: dt.date | None = None,
) -> StreamingHttpResponse:
    """A download of a list as `csv` or as `xlsx`; `name` is the file's, without its ending and
    without the past day that the rows are of."""
    response = {"csv": csv_response, "xlsx": xlsx_response}[kind]
    day = f"-as-at-{as_at.isoformat()}" if as_at else ""
    return response(f"{name}{day}.{kind}", columns, rows)


def write_workbook(
    file, sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]
) -> None:
    """Write sheets, each with its name, its headings and its rows, into a binary file."""
    file.writelines(workbook_parts([_safe_sheet(*sheet) for sheet in sheets]))


def _safe_sheet(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Sheet:
    cells = ([_xlsx_cell(value) for value in row] for row in rows)
    return name, [_xlsx_text(column) for column in columns], cells


def _csv_cell(value: Cell) -> str | int | float | Decimal:
    if value is None:
        return ""
    value = _in_words(value)
    return value.isoformat() if isinstance(value, dt.date) else guarded(value)


def _xlsx_cell(value: Cell) -> SheetCell:
    value = _in_words(value)
    return _xlsx_text(value) if isinstance(value, str) else value


def _in_words(value: Cell) -> Cell:
    """Times and days that a workbook cannot hold, as text; anything else unchanged."""
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, dt.date) and value < FIRST_XLSX_DAY:
        return value.isoformat()
    return value


def _xlsx_text(text: str) -> str:
    """Guarded, and within what one cell of a workbook can hold."""
    text = guarded(text)
    if len(text) * 2 <= LONGEST_XLSX_TEXT:
        return text
    units = text.encode("utf-16-le", "surrogatepass")[: LONGEST_XLSX_TEXT * 2]
    return units.decode("utf-16-le", "ignore")
