"""Workbooks (.xlsx), looked at before anything is unpacked or given to the reader.

A workbook is a zip of XML. The directory is checked first, then the few parts that hold the first
sheet are streamed through expat, which refuses entities and counts cells and characters. Only those
parts, packed anew, are given to calamine: links, macros, pictures and whatever else a file carries
never reach a parser.
"""

import datetime as dt
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

import python_calamine

HIGHEST_RATIO = 200  # unpacked to packed; real sheets come to 5–60
MOST_ENTRIES = 2_000
MOST_CELLS = 5_000_000  # the reader keeps the whole rectangle in memory
MOST_CHARACTERS = 100_000_000
CHUNK = 1 << 16
WORKBOOK = "xl/workbook.xml"
STRINGS = "xl/sharedStrings.xml"
SMALL_PARTS = ("[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/styles.xml")
_ARCHIVE = re.compile(r"\.(zip|xlsx|xlsm|xlsb|xls|docx|7z|rar|gz|tar|bz2|xz|jar)$", re.IGNORECASE)
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})\Z")


class FileError(ValueError):
    """A file that cannot be imported; the text says why, to whoever chose it."""


@dataclass(frozen=True)
class Limits:
    """What a file may hold at most; sizes in bytes, a cell in characters."""

    bytes: int = 20 * 1024 * 1024
    rows: int = 100_000
    columns: int = 200
    cell: int = 10_000
    unpacked: int = 200 * 1024 * 1024


BROKEN = "The workbook is damaged. Open it in Excel and save it again as .xlsx."
NOT_A_WORKBOOK = (
    "This is not an Excel workbook. Save the spreadsheet as .xlsx or CSV and import that."
)
TOO_LARGE = (
    "The workbook would unpack to far more than a spreadsheet of people holds. "
    "Save the rows you need as CSV and import that."
)


def check(content: bytes, limits: Limits) -> None:
    """Look at the directory of a workbook without unpacking anything.

    Raises:
        FileError: it is no workbook, or one that is not safe to open.
    """
    with _opened(content) as archive:
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if WORKBOOK not in names:
            raise FileError(NOT_A_WORKBOOK)
        if len(entries) > MOST_ENTRIES or len(set(names)) < len(names):
            raise FileError(TOO_LARGE)
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > limits.unpacked or unpacked > HIGHEST_RATIO * max(len(content), 1):
            raise FileError(TOO_LARGE)
        for entry in entries:
            _check_entry(entry)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & 1:
        raise FileError("The workbook has a password. Take it off, save, and import it again.")
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise FileError(BROKEN)
    if _ARCHIVE.search(entry.filename):
        raise FileError("The workbook holds other files. Save the rows as a workbook of their own.")
    if ".." in entry.filename.split("/") or entry.filename.startswith(("/", "\\")):
        raise FileError(BROKEN)


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError):
        raise FileError(BROKEN) from None


def records(content: bytes, limits: Limits) -> tuple[Iterator[tuple[int, list[str]]], list[str]]:
    """Numbered rows of the first sheet as text, and notices for whoever imports.

    Raises:
        FileError: the workbook cannot be read, in words.
    """
    with _opened(content) as archive:
        try:
            safe, name, others = _safe_copy(archive, limits)
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError):
            raise FileError(BROKEN) from None
        except (expat.ExpatError, ValueError) as error:
            if isinstance(error, FileError):
                raise
            raise FileError(BROKEN) from None
    notices = []
    if others:
        notices.append(f"Only the first sheet, “{name}”, was read; there are {others} more.")
    return _sheet_records(safe, name), notices


def _safe_copy(archive: zipfile.ZipFile, limits: Limits) -> tuple[bytes, str, int]:
    """A workbook of the first sheet alone, from parts that were looked at."""
    present = set(archive.namelist())
    sheets = _sheets(archive)
    if not sheets:
        raise FileError(NOT_A_WORKBOOK)
    name, path = sheets[0]
    if path not in present:
        raise FileError(BROKEN)
    lengths = _string_lengths(archive, limits) if STRINGS in present else []
    _count_cells(archive, path, lengths, limits)
    for part in SMALL_PARTS:
        if part in present:
            _parse(archive, part)
    kept = {*SMALL_PARTS, WORKBOOK, STRINGS, path} & present
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as copy:
        for part in sorted(kept):
            copy.writestr(part, archive.read(part))
    return packed.getvalue(), name, len(sheets) - 1


def _parse(archive: zipfile.ZipFile, part: str, *, start=None, end=None, text=None) -> None:
    """Stream one part through expat, which never fetches anything; entities are refused."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    parser.buffer_text = True

    def refuse(*_args) -> None:
        raise FileError("The workbook holds instructions that no spreadsheet needs.")

    parser.StartDoctypeDeclHandler = refuse
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The visible sheets in order: name and part."""
    found: list[tuple[str, str]] = []
    targets: dict[str, str] = {}

    def relation(tag: str, attributes: dict) -> None:
        if tag.endswith(" Relationship") and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(tag: str, attributes: dict) -> None:
        if tag.endswith(" sheet") and attributes.get("state", "visible") == "visible":
            key = next((v for k, v in attributes.items() if k.endswith(" id")), "")
            if key in targets:
                path = posixpath.normpath(posixpath.join("xl", targets[key])).lstrip("/")
                found.append((attributes.get("name", ""), path))

    _parse(archive, "xl/_rels/workbook.xml.rels", start=relation)
    _parse(archive, WORKBOOK, start=sheet)
    return found


def _string_lengths(archive: zipfile.ZipFile, limits: Limits) -> list[int]:
    """How long each shared text is; a sheet may repeat one a million times."""
    lengths: list[int] = []
    inside = False

    def start(tag: str, _attributes: dict) -> None:
        nonlocal inside
        if tag.endswith(" si"):
            lengths.append(0)
        inside = tag.endswith(" t")

    def text(data: str) -> None:
        if inside and lengths:
            lengths[-1] += len(data)
            if lengths[-1] > limits.cell:
                raise FileError(f"A cell has more than {limits.cell:,} characters.")

    _parse(archive, STRINGS, start=start, text=text)
    return lengths


def _count_cells(archive: zipfile.ZipFile, path: str, lengths: list[int], limits: Limits) -> None:
    counter = _Counter(lengths, limits)
    _parse(archive, path, start=counter.start, end=counter.end, text=counter.text)


class _Counter:
    """Counts what the reader would keep of a sheet, and stops at the limits.

    The reader keeps the rectangle round all filled cells, so two cells far apart can be a bomb.
    """

    def __init__(self, lengths: list[int], limits: Limits):
        self.lengths, self.limits = lengths, limits
        self.row = self.column = self.last_row = self.last_column = self.characters = 0
        self.shared = False
        self.value: list[str] | None = None

    def start(self, tag: str, attributes: dict) -> None:
        tag = tag.rpartition(" ")[2]
        if tag == "c":
            self._cell(attributes)
        elif tag in {"v", "t"}:
            self.value = []
            self._filled()
        elif tag == "row":
            number = attributes.get("r", str(self.row + 1))
            if not (number.isascii() and number.isdecimal() and len(number) <= 7):
                raise FileError(BROKEN)
            self.row, self.column = int(number), 0

    def _cell(self, attributes: dict) -> None:
        place = attributes.get("r")
        if place is None:
            self.column += 1
        elif found := _CELL.match(place):
            self.column, self.row = _number(found[1]), int(found[2])
        else:
            raise FileError(BROKEN)
        self.shared = attributes.get("t") == "s"

    def text(self, data: str) -> None:
        if self.value is not None:
            self.value.append(data)

    def end(self, tag: str) -> None:
        if self.value is None or tag.rpartition(" ")[2] not in {"v", "t"}:
            return
        text, self.value = "".join(self.value), None
        length = len(text)
        if self.shared and text.isascii() and text.isdecimal() and len(text) < 10:
            at = int(text)
            length = self.lengths[at] if at < len(self.lengths) else 0
        self.characters += length
        if length > self.limits.cell:
            raise FileError(
                f"A cell in row {self.row} has more than {self.limits.cell:,} characters."
            )
        if self.characters > MOST_CHARACTERS:
            raise FileError(TOO_LARGE)

    def _filled(self) -> None:
        self.last_row = max(self.last_row, self.row)
        self.last_column = max(self.last_column, self.column)
        if self.last_column > self.limits.columns:
            raise FileError(f"The file has more than {self.limits.columns} columns.")
        if self.last_row > self.limits.rows + 1000:
            raise FileError(
                f"The file has more than {self.limits.rows:,} rows. Divide it and import the parts."
            )
        if self.last_row * self.last_column > MOST_CELLS:
            raise FileError(TOO_LARGE)


def _number(name: str) -> int:
    """A column's number from its letters: A is 1."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


def letters(place: int) -> str:
    """A column's letters from its place: 0 is A."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _sheet_records(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, ValueError):
        raise FileError(BROKEN) from None
    except BaseException as error:  # a panic of the Rust reader is not an Exception
        if type(error).__name__ != "PanicException":
            raise
        raise FileError(BROKEN) from None
    for number, cells in enumerate(rows, start=1):
        yield number, [_text(cell) for cell in cells]


def _text(value) -> str:
    """A cell as the person who typed it would write it; days as 2024-12-31."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.isoformat() if value.time() != dt.time() else value.date().isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
