"""Reports as accessible PDF (PDF/UA-1): tagged, with a title, a language and alternative texts.

A `Report` is data: headings, paragraphs, figures, tables and pictures. Nothing of it is read as
mark-up, so a name can do no harm. typst sets it, without a browser and without a network.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from design.charts import Table

TEMPLATE = Path(__file__).parent / "typst" / "report.typ"
NO_LETTER = re.compile(r"the text `\"(.+?)\"` could not be displayed", re.DOTALL)
MOST_REPLACED = 50  # letters that no font of the machine has


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `with_next` keeps it on one page with what follows."""

    text: str
    with_next: bool = False


@dataclass(frozen=True)
class Headlines:
    """Single figures: what each is, its value, and what it is of."""

    rows: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Picture:
    """SVG text with its words for who does not see it."""

    svg: str
    alt: str


type Block = Heading | Paragraph | Headlines | Picture | Table


@dataclass(frozen=True)
class Report:
    """One document; `mark` stands on every page, `lines` below the title."""

    title: str
    author: str
    description: str
    day: dt.date
    lines: Sequence[str]
    blocks: Sequence[Block]
    mark: str = ""


def write_pdf(report: Report) -> bytes:
    """The document as PDF/UA-1; the same report gives the same bytes.

    A letter that no font of this machine has stands as a question mark: the standard forbids a
    letter that cannot be read aloud. docs/deployment.md names the fonts to install.
    """
    pictures = [block for block in report.blocks if isinstance(block, Picture)]
    files = {f"picture-{number}.svg": one.svg.encode() for number, one in enumerate(pictures)}
    return set_pdf(TEMPLATE, _data(report), files)


def set_pdf(template: Path, data: dict, files: Mapping[str, bytes] | None = None) -> bytes:
    """A typst template with its data, which has a `title`, as PDF/UA-1; see `write_pdf`."""
    import typst  # some 40 MB, which only who writes a document needs

    text = json.dumps(data, ensure_ascii=False)
    for _ in range(MOST_REPLACED):
        sources = {"main": template.read_bytes(), "data.json": text.encode(), **(files or {})}
        try:
            return typst.compile(sources, format="pdf", pdf_standards=["ua-1"])
        except typst.TypstError as error:
            missing = NO_LETTER.search(error.message)
            if missing is None:
                raise
            for letter in missing[1]:
                text = text.replace(letter, "?")
    raise ValueError(f"{data['title']!r} has too many letters that no font here has.")


def _data(report: Report) -> dict:
    pictures = iter(range(len(report.blocks)))
    return {
        "title": report.title,
        "author": report.author,
        "description": report.description,
        "year": report.day.year,
        "month": report.day.month,
        "day": report.day.day,
        "mark": report.mark,
        "lines": list(report.lines),
        "blocks": [_block(block, pictures) for block in report.blocks],
    }


def _block(block: Block, pictures) -> dict:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": text, "level": level}
        case Paragraph(text, with_next):
            return {"kind": "paragraph", "text": text, "sticky": with_next}
        case Headlines(rows):
            return {"kind": "headlines", "rows": [list(row) for row in rows]}
        case Picture(_, alt):
            name = f"picture-{next(pictures)}.svg"
            return {"kind": "picture", "file": name, "alt": alt}
        case Table(caption, columns, rows):
            cells = [[_words(cell) for cell in row] for row in rows]
            return {"kind": "table", "caption": caption, "columns": list(columns), "rows": cells}


def _words(cell) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
