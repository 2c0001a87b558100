"""A workbook (XLSX) that is sent while it is written: the first bytes go out before the last row
is read, and no more than a few rows are in memory.

The parts are the least that Office Open XML (ECMA-376) asks of a workbook. Text stands in its cell
as an inline string, never as a formula or a link; rows are compressed as they come.
"""

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

type SheetCell = str | int | float | Decimal | dt.date | None
type Sheet = tuple[str, Sequence[str], Iterable[Sequence[SheetCell]]]

DAY_NOUGHT = dt.date(1899, 12, 30)  # days are counted from here, with Excel's 29 February 1900
LONGEST_NAME = 31  # of a sheet
CHUNK = 32_768  # bytes that are collected before they are sent
STAMP = (1980, 1, 1, 0, 0, 0)  # of each part: the same rows make the same file
BOLD, DAY = 1, 2  # places in `cellXfs` of the styles
# What XML cannot hold is written `_x0001_`; text that looks so already has its first mark written.
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)")

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
STYLES = f"""{HEAD}<styleSheet xmlns="{MAIN}">\
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
SHEET_HEAD = f"""{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">\
<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>\
<sheetData>"""
SHEET_TAIL = "</sheetData></worksheet>"


class _Out(io.RawIOBase):
    """What the archive has written and nobody has taken yet; it cannot go back."""

    def __init__(self):
        self.parts: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def taken(self) -> bytes:
        data = b"".join(self.parts)
        self.parts, self.size = [], 0
        return data


def workbook_parts(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """The file piece by piece; the rows of each sheet are read while it is sent.

    Args:
        sheets: each with its name, its headings and its rows. Text must be safe to open, and days
            not before March 1900.
    """
    out = _Out()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for path, text in _fixed_parts([name[:LONGEST_NAME] for name, _, _ in sheets]):
            archive.writestr(_part(path), text)
        yield out.taken()
        for number, (_, columns, rows) in enumerate(sheets, start=1):
            with archive.open(_part(f"xl/worksheets/sheet{number}.xml"), "w") as sheet:
                for text in _sheet(columns, rows):
                    sheet.write(text.encode())
                    if out.size > CHUNK:
                        yield out.taken()
    yield out.taken()


def _part(path: str) -> ZipInfo:
    info = ZipInfo(path, STAMP)
    info.compress_type = ZIP_DEFLATED
    return info


def _sheet(columns: Sequence[str], rows: Iterable[Sequence[SheetCell]]) -> Iterator[str]:
    yield SHEET_HEAD
    letters = [_letters(number) for number in range(len(columns))]
    yield _row(1, (_text(f"{at}1", text, BOLD) for at, text in zip(letters, columns, strict=True)))
    for number, row in enumerate(rows, start=2):
        cells = (_cell(f"{at}{number}", value) for at, value in zip(letters, row, strict=True))
        yield _row(number, cells)
    yield SHEET_TAIL


def _letters(number: int) -> str:
    """A, B … Z, AA, AB … of a column; the first is 0."""
    before, last = divmod(number, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _row(number: int, cells: Iterable[str]) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(at: str, value: SheetCell) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return _text(at, value)
    if isinstance(value, dt.date):
        return f'<c r="{at}" s="{DAY}"><v>{(value - DAY_NOUGHT).days}</v></c>'
    return f'<c r="{at}"><v>{value:.16G}</v></c>'


def _text(at: str, text: str, style: int = 0) -> str:
    written = escape(UNWRITABLE.sub(lambda mark: f"_x{ord(mark[0]):04X}_", text))
    return (
        f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{written}</t></is></c>'
    )


def _fixed_parts(names: list[str]) -> Iterator[tuple[str, str]]:
    """Everything beside the rows, each with its place in the archive."""
    numbers = range(1, len(names) + 1)
    yield (
        "[Content_Types].xml",
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{RELATIONS}"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
            f'ContentType="{KIND}.worksheet+xml"/>'
            for number in numbers
        )
        + "</Types>",
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    yield (
        "xl/workbook.xml",
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets>{listed}</sheets></workbook>',
    )
    sheets = [("worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*sheets, ("styles", "styles.xml")])
    yield "xl/styles.xml", STYLES


def _relations(targets: list[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATED}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'
