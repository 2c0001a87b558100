"""One cell: its text → a value, or the reason why not in words."""

import datetime as dt
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = {
    "reference": 40,
    "first_name": 100,
    "last_name": 100,
    "email": 254,
    "employer": 120,
    "site": 120,
    "team": 120,
    "cohort": 120,
    "outcome_reason": 120,
    "post": 120,
    "leaving_reason": 120,
    "destination": 120,
}
BAND_LENGTH = 12
FIRST_YEAR = 1940
YEARS_AHEAD = 2
MOST_HOURS = 60
HOUR_PLACES = Decimal("0.00001")

OUTCOMES = {
    words: outcome
    for outcome, several in {
        "active": (
            "active",
            "in training",
            "ongoing",
            "on going",
            "current",
            "started",
            "enrolled",
        ),
        "completed": ("completed", "complete", "passed", "finished", "graduated"),
        "withdrew": ("withdrew", "withdrawn", "left", "did not complete", "withdrawal"),
        "deferred": ("deferred", "deferral", "postponed"),
    }.items()
    for words in several
}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
# Marks that turn text round or hide in it; the joiners that Persian and Hindi need are not here.
HIDDEN = frozenset("\u200b\u2060\ufeff\u00ad\ufffd") | {
    chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)
}
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?\Z")
_UK = re.compile(r"([0-9]{1,2})([/.\-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?: 00:00(?::00)?)?\Z")
_WORDS = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[ \-/.]([a-z]{3,9})\.?,?[ \-/.]([0-9]{4}|[0-9]{2})\Z",
    re.IGNORECASE,
)
_HOURS = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{0,20})?|[.,][0-9]{1,20}")
_BAND = re.compile(r"(?:(?:afc\s*)?band\s*)?([1-9][a-d]?)\Z", re.IGNORECASE)


class CellError(ValueError):
    """A cell that cannot be read; the text says why, to whoever typed it."""


def tidy(text: str) -> str:
    """One line of text without spaces round it, runs of spaces as one.

    Raises:
        CellError: it holds a line break, a control character or a mark that nobody can see.
    """
    text = text.strip()
    if text.isascii() and text.isprintable():
        return re.sub(" {2,}", " ", text)
    for letter in text:
        category = unicodedata.category(letter)
        if letter in "\r\n\u2028\u2029\v\f\x85":
            raise CellError("This holds a line break. Write it on one line.")
        if (category in {"Cc", "Cs", "Cn", "Co"} and letter != "\t") or letter in HIDDEN:
            raise CellError(
                f"This holds a character that cannot be shown (U+{ord(letter):04X}). "
                "Type the text again."
            )
    return re.sub(r"\s+", " ", text)


def shown(text: str, length: int = 40) -> str:
    """A cell's text as a reason quotes it: short and on one line."""
    one_line = "".join(letter if letter.isprintable() else " " for letter in text[: length + 1])
    return one_line if len(text) <= length else one_line[:length] + "…"


def words(text: str, longest: int) -> str:
    """Text of at most so many characters."""
    if len(text) > longest:
        raise CellError(f"This has {len(text):,} characters; there is room for {longest}.")
    return text


def email(text: str) -> str:
    """An address of e-mail."""
    words(text, LONGEST["email"])
    try:
        validate_email(text)
    except ValidationError:
        raise CellError(
            f"“{shown(text)}” is not an email address, like name@example.org."
        ) from None
    return text


def day(text: str, *, today: dt.date) -> dt.date:
    """A day written as 31/12/2024, 31-12-24, 31.12.2024, 31 Dec 2024 or 2024-12-31.

    Args:
        text: the cell, tidied.
        today: decides the century of a year of two figures.
    """
    if found := _ISO.match(text):
        year, month, number = (int(part) for part in found.groups())
    elif found := _UK.match(text):
        number, month = int(found[1]), int(found[3])
        year = _full_year(found[4], today)
    elif (found := _WORDS.match(text)) and found[2].casefold() in MONTHS:
        number, month = int(found[1]), MONTHS[found[2].casefold()]
        year = _full_year(found[3], today)
    else:
        raise CellError(_not_a_date(text))
    return _checked(year, month, number, today)


def _full_year(text: str, today: dt.date) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if 2000 + year <= today.year + YEARS_AHEAD else 1900 + year


def _not_a_date(text: str) -> str:
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text):
        return f"{text} is a number. Give the column the format of a date in the spreadsheet."
    return f"“{shown(text)}” is not a date that can be read. Write it like 31/12/2024."


def _checked(year: int, month: int, number: int, today: dt.date) -> dt.date:
    if not 1 <= month <= 12:
        hint = " Write the day first." if 1 <= number <= 12 else ""
        raise CellError(f"There is no month {month}.{hint}")
    if not FIRST_YEAR <= year <= today.year + YEARS_AHEAD:
        raise CellError(f"The year {year} cannot be right.")
    try:
        return dt.date(year, month, number)
    except ValueError:
        month_name = dt.date(2000, month, 1).strftime("%B")
        raise CellError(f"There is no {number} {month_name} {year}.") from None


def hours(text: str) -> Decimal:
    """Contracted hours a week: above 0, at most 60, with a point or a comma."""
    if not _HOURS.fullmatch(text):
        raise CellError(f"“{shown(text)}” is not a number of hours. Write it like 22.5.")
    try:
        number = Decimal(text.replace(",", ".")).quantize(HOUR_PLACES, ROUND_HALF_UP)
    except InvalidOperation:  # pragma: no cover  the pattern allows nothing that Decimal does not
        raise CellError(f"“{shown(text)}” is not a number of hours.") from None
    if not 0 < number <= MOST_HOURS:
        raise CellError(f"Contracted hours must be above 0 and at most {MOST_HOURS} a week.")
    return number


def band(text: str) -> str:
    """An Agenda for Change band as “Band 3”; other words for a grade are kept."""
    if found := _BAND.match(text):
        return f"Band {found[1].lower()}"
    if len(text) > BAND_LENGTH:
        raise CellError(f"“{shown(text)}” is too long for a band. Write it like Band 3.")
    return text


def outcome(text: str) -> str:
    """How training went, as the key of an outcome."""
    plain = re.sub(r"[\s_\-]+", " ", text).strip(" .").casefold()
    try:
        return OUTCOMES[plain]
    except KeyError:
        raise CellError(
            f"“{shown(text)}” is not an outcome. "
            "Write In training, Completed, Withdrew or Deferred."
        ) from None


DAYS = frozenset({"applied_on", "commenced_on", "outcome_on", "started_on", "ended_on"})
NOT_AHEAD = frozenset({"applied_on", "commenced_on", "outcome_on"})
OTHERS = {"email": email, "band": band, "outcome": outcome, "contracted_hours": hours}


def value_of(column: str, text: str, *, today: dt.date):
    """The value of one cell of a column; `None` where it is blank.

    Raises:
        CellError: the cell cannot be read.
    """
    text = tidy(text)
    if not text:
        return None
    if column in DAYS:
        return _day_of(column, text, today)
    if column in OTHERS:
        return OTHERS[column](text)
    return words(text, LONGEST[column])


def _day_of(column: str, text: str, today: dt.date) -> dt.date:
    found = day(text, today=today)
    if column in NOT_AHEAD and found > today:
        raise CellError(f"{found:%d %B %Y} has not come yet.".lstrip("0"))
    if found > today + dt.timedelta(days=731):
        raise CellError(f"{found:%d %B %Y} is more than {YEARS_AHEAD} years ahead.".lstrip("0"))
    return found
