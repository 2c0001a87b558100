"""When somebody may be written to: not in quiet hours, not while paused, not at weekends unless
they want it. Local time throughout; a time that the clocks leave out moves on by the gap."""

import datetime as dt
from functools import lru_cache

from django.utils import timezone

from notifications.working_time import is_working_day

DAY = dt.timedelta(days=1)
MOST_DAYS = 400  # a pause ends within a year


@lru_cache(maxsize=4096)  # thousands of things fall due on the same few mornings
def local(day: dt.date, at: dt.time) -> dt.datetime:
    """The instant of a local day and time: the first of two, and after the gap for none."""
    zone = timezone.get_default_timezone()
    moment = dt.datetime.combine(day, at, tzinfo=zone)
    # What the clocks leave out comes back from UTC as another time of day, one gap later.
    return moment.astimezone(dt.UTC).astimezone(zone)


def next_allowed(
    moment: dt.datetime,
    *,
    quiet_from: dt.time,
    quiet_until: dt.time,
    at_weekends: bool,
    paused_until: dt.date | None,
) -> dt.datetime:
    """The first moment at which somebody may be written to, this one or later."""
    for _ in range(MOST_DAYS):
        here = timezone.localtime(moment)
        day, time = here.date(), here.time()
        if paused_until and day < paused_until:
            moment = local(paused_until, quiet_until)
        elif not at_weekends and not is_working_day(day):
            moment = local(day + DAY, quiet_until)
        elif not _is_quiet(time, quiet_from, quiet_until):
            return moment
        else:
            after_midnight = time < quiet_until
            moment = local(day if after_midnight else day + DAY, quiet_until)
    raise ValueError("There is no moment at which this person may be written to.")


def _is_quiet(time: dt.time, since: dt.time, until: dt.time) -> bool:
    """Between the two, over midnight where the second is earlier; never where they are the same."""
    if since == until:
        return False
    return since <= time < until if since < until else time >= since or time < until
