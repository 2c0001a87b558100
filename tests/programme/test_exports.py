"""No exported cell runs, and every one comes back as it was."""

import csv
import datetime as dt
import io
from decimal import Decimal
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from programme.exports import csv_response, guarded, unguarded, write_workbook, xlsx_response

LIVE_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
# What spreadsheets drop before they look at the first character.
DROPPED = " \u00a0\u2007\u3000\u200b\u200e\u2060\ufeff\"'‘’“”`\u00ad"
words = st.text(st.characters(exclude_categories=["Cs"]))
awkward = st.builds(
    lambda before, start, after: before + start + after,
    st.text(DROPPED, max_size=4),
    st.sampled_from(LIVE_STARTS),
    words,
)


def csv_cells(value) -> list[list[str]]:
    response = csv_response("rows.csv", ["value"], [[value]])
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def xlsx_cells(value) -> list[list]:
    file = io.BytesIO()
    write_workbook(file, [("Sheet1", ["value"], [[value]])])
    file.seek(0)
    return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()


@given(words | awkward)
def test_no_csv_cell_is_live_and_each_comes_back_as_it_was(text):
    [[_], [cell]] = csv_cells(text)
    assert not cell.lstrip(DROPPED.replace("'", "")).startswith(LIVE_STARTS)
    assert unguarded(cell) == text


@given(awkward)
def test_every_awkward_text_is_guarded(text):
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("start", LIVE_STARTS[:4] + LIVE_STARTS[8:])
def test_a_live_text_is_plain_text_in_a_workbook(start):
    assert xlsx_cells(f"{start}1+1") == [["value"], [f"'{start}1+1"]]


@given(words)
def test_whatever_is_written_comes_back_from_a_workbook(text):
    [_, *found] = xlsx_cells(f"a{text}")
    assert found == [[f"a{text}"]]


def test_every_part_of_a_workbook_is_well_formed():
    file = io.BytesIO()
    rows = [["<&>\"'\x01_x0041_ 王", 1, Decimal("2.50"), dt.date(2026, 3, 1), None]]
    write_workbook(file, [("A & “B”", list("abcde"), rows), ("C" * 40, ["x"] * 28, [])])
    with ZipFile(file) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
    file.seek(0)
    book = CalamineWorkbook.from_filelike(file)
    assert book.sheet_names == ["A & “B”", "C" * 31]
    assert book.get_sheet_by_index(0).to_python()[1][:4] == [*rows[0][:2], 2.5, rows[0][3]]
    assert len(book.get_sheet_by_index(1).to_python()[0]) == 28


def test_a_workbook_is_begun_before_its_rows_are_read():
    read = []
    rows = (read.append(number) or ["x" * 100, number] for number in range(20_000))
    parts = iter(xlsx_response("rows.xlsx", ["text", "number"], rows))
    assert next(parts).startswith(b"PK")
    assert read == []
    next(parts)
    assert 0 < len(read) < 20_000


@pytest.mark.parametrize(
    "text",
    ["", "Zoë Ó Briain", "Łukasz", "王", "O'Brien-Smith", "a=b", "2 - 1", "'quoted'", "0791"],
)
def test_ordinary_text_is_left_alone(text):
    assert guarded(text) == text
    assert csv_cells(text) == [["value"], [text]]


def test_a_phone_number_keeps_every_digit():
    assert csv_cells("+44 7700 900123") == [["value"], ["'+44 7700 900123"]]


def test_numbers_and_dates_are_written_as_themselves():
    assert csv_cells(Decimal("-0.40")) == [["value"], ["-0.40"]]
    assert csv_cells(dt.date(2026, 3, 1)) == [["value"], ["2026-03-01"]]
    assert csv_cells(None) == [["value"], [""]]
    assert xlsx_cells(Decimal("-0.40")) == [["value"], [-0.4]]
    assert xlsx_cells(dt.date(2026, 3, 1)) == [["value"], [dt.date(2026, 3, 1)]]


def test_a_time_and_a_day_before_1900_are_written_as_text():
    moment = dt.datetime(2026, 7, 1, 9, 30, tzinfo=dt.UTC)
    assert csv_cells(moment) == [["value"], ["2026-07-01 10:30:00"]]
    assert xlsx_cells(moment) == [["value"], ["2026-07-01 10:30:00"]]
    assert xlsx_cells(dt.date(1022, 6, 1)) == [["value"], ["1022-06-01"]]


def test_a_cell_with_semicolons_and_quotes_stays_one_cell():
    response = csv_response("rows.csv", ["value"], [['a;=1;"b']])
    assert b"".join(response.streaming_content) == '\ufeff"value"\r\n"a;=1;""b"\r\n'.encode()


def test_a_heading_is_guarded_too():
    response = csv_response("rows.csv", ["=cmd"], [])
    assert b"".join(response.streaming_content).decode("utf-8-sig") == '"\'=cmd"\r\n'


def test_text_longer_than_a_workbook_cell_is_cut_at_its_limit():
    [_, [cell]] = xlsx_cells("王" * 40_000)
    assert cell == "王" * 32_767


def test_a_download_is_named_and_never_stored():
    response = csv_response("people.csv", [], [])
    assert response["Content-Disposition"] == 'attachment; filename="people.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "no-store"


def test_a_workbook_is_named_and_never_stored():
    response = xlsx_response("people.xlsx", ["name"], [["Zoë"]])
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response)))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows == [["name"], ["Zoë"]]
    assert response["Content-Disposition"] == 'attachment; filename="people.xlsx"'
    assert response["Cache-Control"] == "no-store"
