"""Reports as PDF: tagged, titled, in a language, with alternative texts and safe from mark-up."""

import datetime as dt
import io

import pypdf
import pytest

from design.charts import Stage, Table, funnel_chart
from design.pdf import Heading, Headlines, Paragraph, Picture, Report, write_pdf

ALT = "Bar chart: Applied 28; Employed 7"


def report(**changed) -> Report:
    return Report(
        **{
            "title": "Board report, as at 1 June 2026",
            "author": "Ó Briain & Łukasz NHS Trust",
            "description": "Figures of the programme",
            "day": dt.date(2026, 6, 1),
            "lines": ["Published figures."],
            "blocks": [
                Heading("Figures"),
                Headlines([("In post", "7", "4.20 WTE")]),
                Picture(funnel_chart([Stage("Applied", 28)], title="Stages"), ALT),
                Table("Numbers", ("Stage", "People"), [("Applied", 28), ("#emph[x] $1$", "*")]),
                Paragraph("#panic() <label> @ref \\ /* no comment"),
            ],
        }
        | changed
    )


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf), strict=True)


def tags(element, found=None) -> list[tuple[str, str | None]]:
    """Every structure element of a document, with its alternative text."""
    found = [] if found is None else found
    element = element.get_object()
    if isinstance(element, pypdf.generic.ArrayObject):
        for child in element:
            tags(child, found)
    elif isinstance(element, pypdf.generic.DictionaryObject):
        if "/S" in element:
            found.append((element["/S"], element.get("/Alt")))
        if "/K" in element:
            tags(element.raw_get("/K"), found)
    return found


def words(document: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


def test_a_report_is_tagged_titled_and_has_a_language():
    root = read(write_pdf(report())).trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    found = tags(root["/StructTreeRoot"])
    assert {"/Title", "/H1", "/Table", "/TH", "/TD", "/Figure", "/P"} <= {name for name, _ in found}
    assert ALT in [alt for name, alt in found if name == "/Figure"]


def test_a_report_says_its_title_and_author_and_is_the_same_each_time():
    pdf = write_pdf(report())
    about = read(pdf).metadata

    assert (about.title, about.author) == (report().title, "Ó Briain & Łukasz NHS Trust")
    assert pdf == write_pdf(report())


def test_what_looks_like_markup_is_text():
    said = words(read(write_pdf(report())))

    assert "#emph[x] $1$ *" in said
    assert "#panic() <label> @ref \\ /* no comment" in said


def test_a_mark_stands_on_every_page():
    document = read(write_pdf(report(mark="Internal", blocks=[Paragraph("word " * 2500)])))

    pages = [page.extract_text() for page in document.pages]
    assert len(pages) > 2
    assert [page.count("Internal") for page in pages] == [1] * len(pages)


def test_a_letter_that_no_font_has_does_not_stop_a_report():
    said = words(read(write_pdf(report(lines=["a\U00010600b, \U00010601c"]))))

    assert "a?b, ?c" in said


@pytest.mark.parametrize("name", ["Zoë Ó Briain", "Łukasz O’Neill", "Siân Ŵyn"])
def test_names_survive(name):
    assert name in words(read(write_pdf(report(lines=[name]))))
