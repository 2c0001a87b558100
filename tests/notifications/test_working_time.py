"""Working hours and the days that have none."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from notifications.working_time import after, bank_holidays

LONDON = ZoneInfo("Europe/London")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("year", "days"),
    [  # as GOV.UK published them
        (2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),
        (2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
        (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
        (2028, "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26"),
    ],
)
def test_bank_holidays_of_england_and_wales(year, days):
    assert sorted(f"{day:%m-%d}" for day in bank_holidays(year)) == days.split(" ")


@pytest.mark.parametrize(
    ("asked", "hours", "by"),
    [
        ("2026-11-23 10:15", 4, "2026-11-23 14:15"),
        ("2026-11-23 10:15", 8, "2026-11-24 10:15"),
        ("2026-11-23 09:00", 8, "2026-11-23 17:00"),
        ("2026-11-20 16:00", 8, "2026-11-23 16:00"),  # over a weekend
        ("2026-11-21 03:00", 1, "2026-11-23 10:00"),  # on a Saturday night
        ("2026-12-24 16:30", 1, "2026-12-29 09:30"),  # over Christmas
        ("2026-10-23 16:00", 2, "2026-10-26 10:00"),  # over the end of summer time
    ],
)
def test_only_working_hours_count(asked, hours, by):
    assert after(at(asked), hours) == at(by)
