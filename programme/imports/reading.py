"""A file's bytes → its headings and rows, as text, within limits that are checked first."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from programme.exports import unguarded
from programme.imports import columns, workbook
from programme.imports.workbook import FileError, Limits

__all__ = ["FileError", "Limits", "Row", "Table", "check", "read"]

DELIMITERS = ",;\t"
# One cell may be as long as the file, whose size is checked first: so that a cell that is too long
# and a quotation mark that is never closed are told apart.
csv.field_size_limit(2**31 - 1)
_UTF8_LETTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet counts (the heading is usually 1) and its cells.

    There are as many cells as headings; `spare` counts the filled cells beyond them.
    """

    number: int
    cells: tuple[str, ...]
    spare: int = 0


@dataclass(frozen=True)
class Table:
    """What a file holds: headings (each once, none blank), rows that are not empty, notices."""

    headings: tuple[str, ...]
    rows: list[Row] = field(repr=False)
    notices: list[str] = field(default_factory=list)


def check(content: bytes, limits: Limits) -> None:
    """Refuse what can be refused without reading the rows: size, kind, a workbook that is a bomb.

    Raises:
        FileError: why the file cannot be imported, in words.
    """
    if not content.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise FileError("The file is empty.")
    if len(content) > limits.bytes:
        raise FileError(f"The file is larger than {limits.bytes // 1024 // 1024} MB.")
    if content.startswith(ZIP):
        workbook.check(content, limits)
    elif why := _other_kind(content):
        raise FileError(why)


def read(content: bytes, limits: Limits) -> Table:
    """Read a whole file.

    Raises:
        FileError: why it cannot be imported, in words.
    """
    check(content, limits)
    if content.startswith(ZIP):
        records, notices = workbook.records(content, limits)
    else:
        records, notices = _csv_records(_decoded(content), limits), []
    return _table(records, notices, limits)


# How a workbook begins, which is a zip archive; the second is that of an empty one.
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_EXCEL = (
    "This is an old Excel file (.xls) or one with a password. Open it in Excel, take the password "
    "off, and save it as an Excel workbook (.xlsx) or CSV."
)
_PACKED = "This is a compressed file. Unpack it and import what is inside."
_PICTURE = "This is a picture, not a spreadsheet."
_KINDS = (
    (b"\xd0\xcf\x11\xe0", _OLD_EXCEL),
    (b"%PDF", "This is a PDF. Save the spreadsheet itself as .xlsx or CSV."),
    (b"{\\rtf", "This is a text document. Save the spreadsheet itself as .xlsx or CSV."),
    (b"\x1f\x8b", _PACKED),
    (b"7z\xbc\xaf", _PACKED),
    (b"Rar!", _PACKED),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
)
_WEB_PAGE = re.compile(rb"\s*<(!doctype|html|\?xml|table|head|body|script|svg)", re.IGNORECASE)


def _other_kind(content: bytes) -> str:
    for beginning, words in _KINDS:
        if content.startswith(beginning):
            return words
    if _WEB_PAGE.match(content.removeprefix(b"\xef\xbb\xbf")):
        return "This is a web page, whatever its name. Save it as .xlsx or CSV in Excel."
    if b"\x00" in content[:4096] and not _utf16(content):
        beginning = content[:4096]
        if beginning.count(0) > len(beginning) // 10:
            return "This is not a spreadsheet. Import an .xlsx or CSV file."
    return ""


# Four Latin letters as UTF-16 writes them: enough to know it by where its mark is missing.
_LATIN_IN_UTF16 = {
    "utf-16-le": re.compile(rb"(?:[\t\r\n -~]\x00){4}"),
    "utf-16-be": re.compile(rb"(?:\x00[\t\r\n -~]){4}"),
}


def _utf16(content: bytes) -> str:
    """The name of the UTF-16 that a file is in, by its mark or its first letters, or nothing."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return next((name for name, four in _LATIN_IN_UTF16.items() if four.match(content)), "")


def _decoded(content: bytes) -> str:
    """The text of a CSV file: UTF-8 or UTF-16, with or without its mark, or Windows."""
    utf16 = _utf16(content)
    try:
        return content.decode(utf16 or "utf-8-sig")
    except UnicodeDecodeError as error:
        if utf16 or content.startswith(b"\xef\xbb\xbf"):
            raise FileError(
                f"The file is damaged near byte {error.start + 1:,}: save it again as CSV UTF-8."
            ) from None
    if _UTF8_LETTER.search(content):
        raise FileError(
            "The file mixes two ways of writing letters such as é, so names would come out wrong. "
            "Open it in Excel, check the names, and save it as CSV UTF-8."
        )
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise FileError("The letters of this file cannot be read. Save it as CSV UTF-8.") from None


def _csv_records(text: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Numbered records of cells; the `sep=` line that Excel understands is not one."""
    first_line = text[:20].splitlines()[0] if text.strip() else ""
    told = re.fullmatch(r'"?sep=(.)"?', first_line, re.IGNORECASE)
    delimiter = told[1] if told and told[1] in DELIMITERS else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begun_at = 1
    try:
        for number, cells in enumerate(reader, start=0 if told else 1):
            if number > limits.rows + 1000:
                raise FileError(_too_many_rows(limits))
            begun_at = number + 1
            if number:
                yield number, cells
    except csv.Error as error:
        raise FileError(_csv_words(str(error), begun_at)) from None


def _csv_words(error: str, row: int) -> str:
    if "unexpected end" in error:
        return f"A quotation mark that begins in row {row} or later is never closed."
    return f"Row {row} has a quotation mark inside a cell that is not doubled, or text after one."


def _delimiter(text: str) -> str:
    """Comma, semicolon or tab: whichever gives the most headings we know, then the most cells."""
    line = next((line for line in text[:20_000].splitlines() if line.strip()), "")

    def worth(delimiter: str) -> tuple[int, int]:
        cells = line.replace('"', "").split(delimiter)
        return len(columns.recognise(dict.fromkeys(cells)).mapping), len(cells)

    return max(DELIMITERS, key=worth)


def _too_many_rows(limits: Limits) -> str:
    return f"The file has more than {limits.rows:,} rows. Divide it and import the parts."


def _table(records, notices: list[str], limits: Limits) -> Table:
    headings: tuple[str, ...] = ()
    rows: list[Row] = []
    for number, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if not headings:
            headings = _headings(cells, limits)
            continue
        _check_cells(number, cells, limits)
        rows.append(_row(number, cells, len(headings)))
        if len(rows) > limits.rows:
            raise FileError(_too_many_rows(limits))
    if not rows:
        raise FileError("There is no row under the headings.")
    return _without_empty(headings, rows, notices)


UNNAMED = "Column "


def _headings(cells: list[str], limits: Limits) -> tuple[str, ...]:
    """What the columns are called; one without a heading by its letters."""
    while not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > limits.columns:
        raise FileError(f"The file has more than {limits.columns} columns.")
    names = [
        _heading(cell) or f"{UNNAMED}{workbook.letters(place)}" for place, cell in enumerate(cells)
    ]
    if twice := columns.repeated(names):
        listed = ", ".join(f"“{name}”" for name in twice)
        raise FileError(f"The heading {listed} stands in the file more than once.")
    return tuple(names)


def _heading(cell: str) -> str:
    """A heading on one line, without anything that cannot be shown."""
    text = "".join(letter if letter.isprintable() else " " for letter in unguarded(cell))
    return " ".join(text.split())[:120]


def _row(number: int, cells: list[str], width: int) -> Row:
    spare = sum(1 for cell in cells[width:] if cell.strip())
    own = [unguarded(cell) for cell in cells[:width]]
    return Row(number, (*own, *[""] * (width - len(own))), spare)


def _check_cells(number: int, cells: list[str], limits: Limits) -> None:
    if len(cells) > limits.columns:
        raise FileError(f"Row {number} has more than {limits.columns} cells.")
    if sum(map(len, cells)) > limits.cell and max(map(len, cells)) > limits.cell:
        raise FileError(f"A cell in row {number} has more than {limits.cell:,} characters.")


def _without_empty(headings: tuple[str, ...], rows: list[Row], notices: list[str]) -> Table:
    """Drops columns that have neither a heading nor a cell, as spreadsheets leave behind."""
    unnamed = re.compile(rf"{UNNAMED}[A-Z]{{1,2}}")
    keep = [
        place
        for place, heading in enumerate(headings)
        if not unnamed.fullmatch(heading) or any(row.cells[place].strip() for row in rows)
    ]
    if len(keep) == len(headings):
        return Table(headings, rows, notices)
    kept = [Row(row.number, tuple(row.cells[at] for at in keep), row.spare) for row in rows]
    return Table(tuple(headings[at] for at in keep), kept, notices)
