"""One cell of a spreadsheet: what can be read, and why not in words."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.imports import cells
from programme.imports.cells import CellError, value_of
from programme.imports.columns import COLUMNS
from tests.programme.importing import TODAY


@pytest.mark.parametrize(
    "text",
    [
        "31/12/2024",
        "31-12-24",
        "31.12.2024",
        "31/12/24",
        "31 Dec 2024",
        "31 December 2024",
        "31st December 2024",
        "31-Dec-24",
        "2024-12-31",
        "2024-12-31 00:00:00",
        "  31/12/2024\t",
        "31  Dec  2024",
    ],
)
def test_a_day_is_read_as_uk_staff_write_it(text):
    assert value_of("started_on", text, today=TODAY) == dt.date(2024, 12, 31)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/02/2024", "There is no 31 February 2024."),
        ("29/02/2023", "There is no 29 February 2023."),
        ("12/31/2024", "There is no month 31. Write the day first."),
        ("31/12/0001", "The year 1 cannot be right."),
        ("0001-01-01", "The year 1 cannot be right."),
        ("31/12/9999", "The year 9999 cannot be right."),
        ("1900-01-01", "The year 1900 cannot be right."),
        ("45657", "45657 is a number. Give the column the format of a date in the spreadsheet."),
        ("soon", "“soon” is not a date that can be read. Write it like 31/12/2024."),
        ("٣١/١٢/٢٠٢٤", "“٣١/١٢/٢٠٢٤” is not a date that can be read. Write it like 31/12/2024."),
        ("2024-12-31 09:30:00", "“2024-12-31 09:30:00” is not a date that can be read. "),
        ("31/12-2024", "“31/12-2024” is not a date that can be read. Write it like 31/12/2024."),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_words(text, reason):
    with pytest.raises(CellError) as refused:
        value_of("started_on", text, today=TODAY)

    assert str(refused.value).startswith(reason)


@pytest.mark.parametrize(("text", "year"), [("1/1/26", 2026), ("1/1/27", 2027), ("1/1/75", 1975)])
def test_a_year_of_two_figures_is_at_most_next_year(text, year):
    assert cells.day(text, today=TODAY).year == year


@pytest.mark.parametrize("column", ["applied_on", "commenced_on", "outcome_on"])
def test_what_has_happened_is_not_in_the_future(column):
    assert value_of(column, "23/11/2026", today=TODAY) == TODAY
    with pytest.raises(CellError, match="24 November 2026 has not come yet"):
        value_of(column, "24/11/2026", today=TODAY)


@pytest.mark.parametrize("column", ["started_on", "ended_on"])
def test_a_post_may_be_arranged_up_to_two_years_ahead(column):
    assert value_of(column, "23/11/2028", today=TODAY) == dt.date(2028, 11, 23)
    with pytest.raises(CellError, match="more than 2 years ahead"):
        value_of(column, "25/11/2028", today=TODAY)


@pytest.mark.parametrize(
    ("text", "hours"), [("22.5", "22.5"), ("22,5", "22.5"), ("37", "37"), (".5", "0.5")]
)
def test_hours_take_a_point_or_a_comma(text, hours):
    assert value_of("contracted_hours", text, today=TODAY) == Decimal(hours)


@pytest.mark.parametrize(
    "text", ["0", "-5", "60.5", "1e3", "NaN", "٣٠", "0.000001", "22.5h", "1,000.5", "="]
)
def test_hours_beyond_a_week_or_no_number_are_refused(text):
    with pytest.raises(CellError):
        value_of("contracted_hours", text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "band"),
    [("3", "Band 3"), ("Band 3", "Band 3"), ("band 3", "Band 3"), ("AfC Band 8A", "Band 8a")],
)
def test_a_band_is_written_one_way(text, band):
    assert value_of("band", text, today=TODAY) == band


def test_another_grade_is_kept_if_it_is_short():
    assert value_of("band", "Volunteer", today=TODAY) == "Volunteer"
    with pytest.raises(CellError, match="too long for a band"):
        value_of("band", "Something else", today=TODAY)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("In training", "active"),
        ("ongoing", "active"),
        ("COMPLETE", "completed"),
        ("passed", "completed"),
        ("Did not complete", "withdrew"),
        ("did_not-complete.", "withdrew"),
        ("left", "withdrew"),
        ("Deferred", "deferred"),
    ],
)
def test_an_outcome_is_read_in_the_words_of_a_trust(text, outcome):
    assert value_of("outcome", text, today=TODAY) == outcome


@pytest.mark.parametrize(
    "text", ["Zoë", "Ó Briain", "Łukasz", "王", "O’Connell", "Nguyễn", "علی‌رضا"]
)
def test_a_name_keeps_its_exact_letters(text):
    assert value_of("last_name", f"  {text} ", today=TODAY) == text


@pytest.mark.parametrize(
    "text",
    ["a\x00b", "a\x07b", "a\nb", "a\r\nb", "a\u2028b", "a\u202eb", "a\ufffdb", "a\u200bb"],
)
def test_what_nobody_can_see_in_a_name_is_refused(text):
    with pytest.raises(CellError):
        value_of("last_name", text, today=TODAY)


def test_text_beyond_the_room_for_it_is_refused():
    assert value_of("last_name", "a" * 100, today=TODAY) == "a" * 100
    with pytest.raises(CellError, match="This has 101 characters; there is room for 100"):
        value_of("last_name", "a" * 101, today=TODAY)


def test_an_email_is_an_address():
    assert value_of("email", "zoë@example.org".replace("ë", "e"), today=TODAY) == "zoe@example.org"
    with pytest.raises(CellError, match="is not an email address"):
        value_of("email", "zoe at example", today=TODAY)


@given(st.sampled_from(sorted(COLUMNS)), st.text(max_size=60))
def test_any_text_is_read_or_refused_and_nothing_else(column, text):
    try:
        value_of(column, text, today=TODAY)
    except CellError as refused:
        assert str(refused)
        assert "\n" not in str(refused)


@given(st.dates(dt.date(1940, 1, 1), TODAY), st.sampled_from(["%d/%m/%Y", "%d %B %Y", "%Y-%m-%d"]))
def test_every_day_is_read_back_from_every_way_of_writing_it(day, form):
    assert cells.day(day.strftime(form), today=TODAY) == day


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("01/03/2014 00:00", dt.date(2014, 3, 1)),
        ("01/03/2014 00:00:00", dt.date(2014, 3, 1)),
        ("31/03/28", dt.date(2028, 3, 31)),
        ("31/03/70", dt.date(1970, 3, 31)),
    ],
)
def test_a_day_with_midnight_or_a_short_year_is_read(text, found):
    assert cells.day(text, today=dt.date(2026, 11, 23)) == found
