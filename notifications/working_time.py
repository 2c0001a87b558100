"""Working time: Monday to Friday from nine to five, without the bank holidays of England and Wales.

The holidays follow from the calendar. One that is proclaimed for a single year is not known here:
on such a day something falls due a little early, never late. Source: GOV.UK, *UK bank holidays*.
"""

import datetime as dt
from functools import cache

from django.utils import timezone

DAY = dt.timedelta(days=1)
OPENS, CLOSES = dt.time(9), dt.time(17)
HOURS_A_DAY = 8
WEEKEND = 5  # Saturday
JANUARY, MAY, AUGUST, DECEMBER = 1, 5, 8, 12


def after(at: dt.datetime, hours: int) -> dt.datetime:
    """The moment when so many working hours have passed, in local time."""
    left = dt.timedelta(hours=hours)
    now = timezone.localtime(at)
    day, begins = now.date(), now.time()
    while True:
        if is_working_day(day) and begins < CLOSES:
            start = dt.datetime.combine(day, max(begins, OPENS))
            there = dt.datetime.combine(day, CLOSES) - start
            if left <= there:
                return timezone.make_aware(start + left)
            left -= there
        day, begins = day + DAY, dt.time.min


def is_working_day(day: dt.date) -> bool:
    return day.weekday() < WEEKEND and day not in bank_holidays(day.year)


@cache
def bank_holidays(year: int) -> frozenset[dt.date]:
    """The bank holidays of England and Wales; one on a weekend is kept on the next free weekday."""
    easter = easter_sunday(year)
    first_of_may, last_of_may = dt.date(year, MAY, 1), dt.date(year, MAY, 31)
    last_of_august = dt.date(year, AUGUST, 31)
    found = {
        easter - 2 * DAY,
        easter + DAY,
        first_of_may + (-first_of_may.weekday() % 7) * DAY,
        last_of_may - last_of_may.weekday() * DAY,
        last_of_august - last_of_august.weekday() * DAY,
    }
    for month, day in ((JANUARY, 1), (DECEMBER, 25), (DECEMBER, 26)):
        kept = dt.date(year, month, day)
        while kept.weekday() >= WEEKEND or kept in found:
            kept += DAY
        found.add(kept)
    return frozenset(found)


def easter_sunday(year: int) -> dt.date:
    """Easter by the Gregorian calendar, as Meeus, *Astronomical Algorithms*, gives it."""
    moon = year % 19
    century, rest = divmod(year, 100)
    leaps, skipped = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    full = (19 * moon + century - leaps - shift + 15) % 30
    quarter, odd = divmod(rest, 4)
    sunday = (32 + 2 * skipped + 2 * quarter - full - odd) % 7
    late = (moon + 11 * full + 22 * sunday) // 451
    month, day = divmod(full + sunday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)
