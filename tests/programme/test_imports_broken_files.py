"""Two hundred broken files: each is refused in words or planned row by row, all or nothing, and a
second time changes nothing. The files are made here from a fixed seed."""

import datetime as dt
import random
import time

import pytest

from programme.actions.import_once import import_file
from programme.imports.columns import COLUMNS
from programme.imports.reading import FileError
from programme.models import Person
from tests.programme.importing import AT, everything

pytestmark = pytest.mark.django_db
HEADINGS = list(COLUMNS)
NAMES = ["Zoë", "Ó Briain", "Łukasz", "王", "O’Connell", "Smith", "=1+1", "+44 7700 900123"]
ODD = ["\x00", "\x07", "\r\n", "\u202e", "\ufeff", "\ufffd", "💜", "e\u0301" * 50, "a" * 300]
DAYS = ["31/12/2019", "2019-02-29", "1.1.1", "9999-12-31", "12/31/2019", "٣١/١٢/٢٠١٩", "", "soon"]


def a_row(chance: random.Random, number: int) -> list[str]:
    """A row that is mostly right."""
    began = dt.date(2015, 1, 1) + dt.timedelta(chance.randrange(2000))
    row = dict.fromkeys(HEADINGS, "")
    row |= {
        "reference": f"R{number}",
        "first_name": chance.choice(NAMES),
        "last_name": chance.choice(NAMES),
        "site": chance.choice(["Northgate", "Riverside", ""]),
    }
    if chance.random() < 0.5:
        row |= {"cohort": "Spring", "commenced_on": began.strftime("%d/%m/%Y")}
    if chance.random() < 0.5:
        row |= {"post": "Peer worker", "started_on": began.isoformat(), "contracted_hours": "22,5"}
    return list(row.values())


def quoted(cell: str, delimiter: str) -> str:
    needs = any(mark in cell for mark in (delimiter, '"', "\n", "\r"))
    return '"' + cell.replace('"', '""') + '"' if needs else cell


def text_of(rows: list[list[str]], delimiter: str = ",") -> str:
    lines = [delimiter.join(quoted(cell, delimiter) for cell in row) for row in rows]
    return "\r\n".join(lines) + "\r\n"


# --- Ways to break a file -------------------------------------------------------------------------


def break_cells(chance, rows) -> bytes:
    for _ in range(chance.randrange(1, 8)):
        row = chance.choice(rows[1:])
        row[chance.randrange(len(row))] = chance.choice(ODD + DAYS)
    return text_of(rows).encode()


def break_quotes(chance, rows) -> bytes:
    text = text_of(rows)
    at = chance.randrange(len(text))
    return (text[:at] + '"' + text[at:]).encode()


def mix_delimiters(chance, rows) -> bytes:
    lines = text_of(rows).split("\r\n")
    at = chance.randrange(len(lines))
    lines[at] = lines[at].replace(",", chance.choice(";\t|"))
    return "\r\n".join(lines).encode()


def use_another_delimiter(chance, rows) -> bytes:
    return text_of(rows, chance.choice([";", "\t", "|"])).encode()


def repeat_a_heading(chance, rows) -> bytes:
    rows[0][chance.randrange(2, len(HEADINGS))] = chance.choice(["reference", "Surname", "site"])
    return text_of(rows).encode()


def shuffle_columns(chance, rows) -> bytes:
    order = chance.sample(range(len(HEADINGS)), len(HEADINGS))
    return text_of([[row[at] for at in order] for row in rows]).encode()


def mix_encodings(chance, rows) -> bytes:
    lines = text_of(rows).split("\r\n")
    return b"\r\n".join(
        line.encode(chance.choice(["utf-8", "cp1252"]), "replace") for line in lines
    )


def encode_otherwise(chance, rows) -> bytes:
    name = chance.choice(["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
    return text_of(rows).encode(name, "replace")


def cut_bytes(chance, rows) -> bytes:
    content = text_of(rows).encode(chance.choice(["utf-8", "utf-16"]))
    return content[: chance.randrange(1, len(content))]


def flip_bytes(chance, rows) -> bytes:
    content = bytearray(text_of(rows).encode())
    for _ in range(chance.randrange(1, 20)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


def add_columns(chance, rows) -> bytes:
    more = chance.choice([1, 150, 5_000])
    return text_of([[*rows[0], *(f"x{n}" for n in range(more))], *rows[1:]]).encode()


def drop_and_add_cells(chance, rows) -> bytes:
    for row in chance.sample(rows[1:], 3):
        if chance.random() < 0.5:
            del row[chance.randrange(len(row))]
        else:
            row.insert(chance.randrange(len(row)), "spare")
    return text_of(rows).encode()


def repeat_rows(chance, rows) -> bytes:
    again = [list(chance.choice(rows[1:])) for _ in range(5)]
    for row in again:
        row[chance.randrange(len(row))] = chance.choice(NAMES + DAYS)
    return text_of(rows + again).encode()


def be_nothing_at_all(chance, _rows) -> bytes:
    return chance.choice([b"", b"\r\n" * 50, b",,,\n,,,", chance.randbytes(5_000), b"\x00" * 999])


BREAKS = [
    break_cells,
    break_quotes,
    mix_delimiters,
    use_another_delimiter,
    repeat_a_heading,
    shuffle_columns,
    mix_encodings,
    encode_otherwise,
    cut_bytes,
    flip_bytes,
    add_columns,
    drop_and_add_cells,
    repeat_rows,
    be_nothing_at_all,
]
FILES = 200


@pytest.mark.parametrize("breaking", BREAKS, ids=lambda breaking: breaking.__name__)
def test_broken_files_are_refused_in_words_and_change_nothing_twice(breaking):
    first = BREAKS.index(breaking)
    for seed in range(first, FILES, len(BREAKS)):
        chance = random.Random(seed)
        rows = [HEADINGS, *(a_row(chance, n) for n in range(chance.randrange(4, 12)))]
        content = breaking(chance, [list(row) for row in rows])
        began = time.monotonic()

        try_all_or_nothing(content)
        try_good_rows_twice(content)

        assert time.monotonic() - began < 10, seed


def try_all_or_nothing(content: bytes) -> None:
    before = everything()
    try:
        report = import_file(content=content, by=None, at=AT)
    except FileError as refused:
        assert str(refused)
        assert everything() == before
        return
    assert report.rows == (report.created + report.changed + report.unchanged + report.refused_rows)
    assert all(reason for _, _, reason in report.refused)
    if report.refused:
        assert everything() == before


def try_good_rows_twice(content: bytes) -> None:
    try:
        import_file(content=content, by=None, at=AT, good_rows_only=True)
        before = everything()
        again = import_file(content=content, by=None, at=AT, good_rows_only=True)
    except FileError:
        return
    assert (again.created, again.changed) == (0, 0)
    assert everything() == before


def test_a_million_rows_are_refused_before_they_are_planned():
    began = time.monotonic()

    with pytest.raises(FileError, match="more than 100,000 rows"):
        import_file(content=b"reference,last_name\n" + b"R,b\n" * 1_000_000, by=None, at=AT)

    assert time.monotonic() - began < 10
    assert Person.objects.count() == 0
