"""A file's bytes: what can be read, what is refused before anything is unpacked."""

import datetime as dt
import io
import resource
import time
import zipfile

import pytest
import xlsxwriter

from programme.exports import guarded
from programme.imports.reading import FileError, Limits, check, read

LIMITS = Limits()
HEAD = "reference,last_name\n"


def rows_of(content: bytes) -> list[tuple]:
    return [row.cells for row in read(content, LIMITS).rows]


def workbook(*rows: list, **parts: bytes) -> bytes:
    """An XLSX file of rows, with further or replaced parts of its zip by name."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Staff")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(number, place, cell, day)
                else:
                    sheet.write(number, place, cell)
    return repacked(file.getvalue(), parts) if parts else file.getvalue()


def repacked(content: bytes, parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return file.getvalue()


def why(content: bytes) -> str:
    """The reason why a file is refused."""
    with pytest.raises(FileError) as refused:
        read(content, LIMITS)
    return str(refused.value)


# --- CSV ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_letter_survives_every_unicode_encoding(encoding):
    text = HEAD + "P1,Zoë\nP2,Ó Briain\nP3,Łukasz\nP4,王\n"

    assert [cells[1] for cells in rows_of(text.encode(encoding))] == [
        "Zoë",
        "Ó Briain",
        "Łukasz",
        "王",
    ]


def test_windows_1252_is_read_where_it_is_not_unicode():
    assert rows_of((HEAD + "P1,Zoë O’Connell\n").encode("cp1252")) == [("P1", "Zoë O’Connell")]


def test_two_encodings_in_one_file_are_refused():
    mixed = HEAD.encode() + "P1,Zoë\n".encode() + "P2,Zoë\n".encode("cp1252")

    assert "mixes two ways of writing letters" in why(mixed)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter):
    text = f'reference{delimiter}last_name{delimiter}post\nP1{delimiter}"a;b,c\td"{delimiter}x\n'

    assert rows_of(text.encode()) == [("P1", "a;b,c\td", "x")]


def test_excels_own_line_about_the_delimiter_is_no_heading():
    assert rows_of(b"sep=;\nreference;last_name\nP1;Briain\n") == [("P1", "Briain")]


def test_rows_are_numbered_as_a_spreadsheet_counts():
    table = read(b'reference,last_name\n\nP1,"two\nlines"\n,\nP2,b\n', LIMITS)

    assert [row.number for row in table.rows] == [3, 5]


def test_a_cell_guarded_by_our_own_download_comes_back_as_it_was():
    assert rows_of((HEAD + f'"{guarded("=1+1")}",{guarded("-x")}\n').encode()) == [("=1+1", "-x")]


def test_filled_cells_beyond_the_headings_are_counted():
    [row] = read(b"reference,last_name\nP1,Briain,Zoe,\n", LIMITS).rows

    assert (row.cells, row.spare) == (("P1", "Briain"), 1)


def test_columns_without_a_heading_are_named_by_letter_and_dropped_when_empty():
    table = read(b"reference,,last_name,,\nP1,x,Briain,,\n", LIMITS)

    assert table.headings == ("reference", "Column B", "last_name")
    assert read(b"reference,,last_name\nP1,,Briain\n", LIMITS).headings == (
        "reference",
        "last_name",
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b" \r\n\r\n", "The file is empty."),
        (b"reference,last_name\n", "There is no row under the headings."),
        (b'reference,last_name\nP1,"open\nP2,b\n', "is never closed"),
        (b'reference,last_name\nP1,"a"b\n', "quotation mark inside a cell"),
        (b"reference,last_name,Reference\nP1,b,c\n", "The heading “Reference” stands"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "old Excel file (.xls) or one with a password"),
        (b"%PDF-1.7", "This is a PDF."),
        (b"\xef\xbb\xbf<html><table>", "This is a web page, whatever its name."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
        (bytes(range(256)) * 20, "cannot be read"),
        (b"\x00\x01" * 400, "not a spreadsheet"),
        ((HEAD + "P1,b\n").encode("utf-32-le"), "not a spreadsheet"),
        ((HEAD + "P1,b\n").encode("utf-16-le")[:-1], "damaged near byte"),
        (b"\xff\xfer\x00\x00\xd8", "damaged near byte"),
        (b"PK\x03\x04nothing", "The workbook is damaged."),
        (b",".join(b"h%d" % n for n in range(5000)) + b"\nx", "more than 200 columns"),
        (HEAD.encode() + b"P1," + b"x" * 10_001, "cell in row 2 has more than 10,000 characters"),
        (
            HEAD.encode() + b"P1," + b"x" * 131_073,
            "A cell in row 2 has more than 10,000 characters",
        ),
        (HEAD.encode() + b'P1,"' + b"x\n" * 131_073, "is never closed"),
        (HEAD.encode() + b"P1,b\n" * 100_001, "more than 100,000 rows"),
        (b"a" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_a_file_that_is_no_table_is_refused_in_words(content, words):
    assert words in why(content)


# --- Workbooks ------------------------------------------------------------------------------------


def test_a_workbook_gives_its_first_sheet_with_real_dates_and_numbers():
    content = workbook(
        ["Reference", "Last name", "Start date", "Hours"],
        [12345, "王", dt.date(2024, 12, 31), 22.5],
        ["P2", "=1+1", None, 30],
    )

    assert rows_of(content) == [("12345", "王", "2024-12-31", "22.5"), ("P2", "0", "", "30")]


def test_only_the_first_visible_sheet_is_read_and_that_is_said():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name in ("Hidden", "Staff", "More"):
            book.add_worksheet(name).write_row(0, 0, ["reference", f"last_name {name}"])
            book.get_worksheet_by_name(name).write_row(1, 0, ["P1", "b"])
        book.get_worksheet_by_name("Staff").activate()
        book.get_worksheet_by_name("Staff").set_first_sheet()
        book.get_worksheet_by_name("Hidden").hide()

    table = read(file.getvalue(), LIMITS)

    assert table.headings[1] == "last_name Staff"
    assert table.notices == ["Only the first sheet, “Staff”, was read; there are 1 more."]


NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = b"<worksheet " + NAMESPACE + b"><sheetData>%s</sheetData></worksheet>"
STRINGS = b"<sst " + NAMESPACE + b">%s</sst>"
CELL = b'<row r="%d"><c r="%s%d" t="s"><v>0</v></c></row>'
PLAIN = workbook(["reference", "last_name"], ["P1", "Briain"])
FIRST_SHEET, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
BOMBS = {
    "high ratio": {"xl/media/image1.png": b"\0" * 50_000_000},
    "unpacks beyond 200 MB": {f"xl/media/{n}.bin": b"\0" * 60_000_000 for n in range(4)},
    "archive inside": {"xl/embeddings/inner.zip": b"PK\x03\x04"},
    "entity expansion": {
        SHARED: b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]>'
        + STRINGS % b"<si><t>&c;</t></si>"
    },
    "external entity": {
        FIRST_SHEET: b'<!DOCTYPE a [<!ENTITY b SYSTEM "http://127.0.0.1:9/x">]>' + SHEET % b"&b;"
    },
    "entity in UTF-16": {
        SHARED: '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a []><sst/>'.encode("utf-16")
    },
    "two cells far apart": {
        FIRST_SHEET: SHEET % (CELL % (1, b"A", 1) + CELL % (1_048_576, b"A", 1_048_576))
    },
    "wide and long": {FIRST_SHEET: SHEET % (CELL % (1, b"A", 1) + CELL % (90_000, b"GR", 90_000))},
    "thousands of columns": {FIRST_SHEET: SHEET % (CELL % (1, b"XFD", 1))},
    "one long text": {SHARED: STRINGS % (b"<si><t>" + b"x" * 20_000 + b"</t></si>")},
    "path in archive": {"../../outside.xml": b"x"},
    "thousands of parts": {f"xl/worksheets/sheet{n}.xml": b"x" for n in range(2, 2_500)},
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_workbook_bomb_is_refused_within_a_second_and_in_little_memory(name, tmp_path):
    content = repacked(PLAIN, BOMBS[name])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()

    with pytest.raises(FileError):
        read(content, LIMITS)

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert time.process_time() - began < 1
    assert grown < 50 * 1024
    assert list(tmp_path.iterdir()) == []


def test_a_text_repeated_a_million_times_is_refused():
    row = b'<row r="%d">' + b'<c t="s"><v>0</v></c>' * 40 + b"</row>"
    parts = {
        SHARED: STRINGS % (b"<si><t>" + b"x" * 9_999 + b"</t></si>"),
        FIRST_SHEET: SHEET % b"".join(row % n for n in range(1, 400)),
    }

    assert "unpack to far more" in why(repacked(PLAIN, parts))


@pytest.mark.parametrize("name", ["high ratio", "archive inside", "thousands of parts"])
def test_a_bomb_is_seen_from_the_directory_alone(name):
    with pytest.raises(FileError):
        check(repacked(PLAIN, BOMBS[name]), LIMITS)


@pytest.mark.parametrize(
    "content",
    [
        PLAIN[:-60],
        PLAIN[:200],
        repacked(PLAIN, {FIRST_SHEET: b"<worksheet><sheetData><row"}),
        repacked(PLAIN, {FIRST_SHEET: SHEET % b'<row r="x"></row>'}),
        repacked(PLAIN, {FIRST_SHEET: SHEET % b'<row r="1"><c r="1A"><v>1</v></c></row>'}),
        repacked(PLAIN, {"xl/workbook.xml": b"<workbook/>"}),
        repacked(PLAIN, {"xl/_rels/workbook.xml.rels": b"\xff\xff"}),
    ],
)
def test_a_damaged_workbook_is_refused_in_words(content):
    assert why(content)


def test_a_document_that_is_no_workbook_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "x")

    assert why(file.getvalue()).startswith("This is not an Excel workbook.")


def test_links_and_macros_never_reach_the_reader():
    parts = {
        "xl/externalLinks/externalLink1.xml": b"<!DOCTYPE x>",
        "xl/vbaProject.bin": b"\xd0\xcf",
    }

    assert rows_of(repacked(PLAIN, parts)) == [("P1", "Briain")]


def test_a_heading_that_begins_as_a_workbook_does_is_still_csv():
    found = read(b"PK,reference,last_name\n1,R1,One\n", LIMITS)
    assert (found.headings, [row.number for row in found.rows]) == (
        ("PK", "reference", "last_name"),
        [2],
    )


def test_rows_are_counted_as_a_spreadsheet_does_that_takes_the_sep_line_away():
    found = read(b"sep=;\nreference;last_name\nR1;One\n", LIMITS)
    assert [row.number for row in found.rows] == [2]
