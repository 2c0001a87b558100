"""What is late or due this week for somebody who looks after it, in numbers: each is counted by the
access rule of the page it leads to, and no name is read. Check-ins, plans and requests are in none.
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from programme.ahead import Kind
from programme.ahead import due as falls_due
from programme.models import EmploymentCheck, TrainingSession
from programme.reminders import CheckWaits, without_register
from supervision.models import Agreement
from supervision.models.agreements import in_time_until
from supervision.session_pages import for_organisation

DAY = dt.timedelta(days=1)
WEEK, FOUR_WEEKS, LOOKED_BACK = 7 * DAY, 28 * DAY, 28 * DAY

type Counted = tuple[QuerySet, tuple[str, str], str]  # rows, words for one and for more, page


class Line(NamedTuple):
    """How many of something there are, in words, and the page with all of them."""

    number: int
    words: str
    url: str

    def __str__(self) -> str:
        return f"{self.number} {self.words}"


def lines(user: User, today: dt.date) -> list[Line]:
    """What there is to do; without what there is none of, in a fixed number of queries."""
    counted = (*of_supervision(user, today), *of_training_and_posts(user, today))
    found = ((rows.count(), words, url) for rows, words, url in counted)
    return [Line(number, words[number != 1], url) for number, words, url in found if number]


def of_supervision(user: User, today: dt.date) -> Iterator[Counted]:
    """Sessions that are late, as *People I supervise* and the leads’ list have them."""
    yield (
        late(Agreement.objects.given_by(user, today), today),
        ("session that you give is late", "sessions that you give are late"),
        reverse("supervision:home"),
    )
    yield (
        late(Agreement.objects.duty_visible_to(user).open_on(today), today),
        ("session at your sites is late", "sessions at your sites are late"),
        reverse("supervision:duty"),
    )
    yield (
        for_organisation(user).open().filter(due_on__lte=today + WEEK),
        ("action of the organisation is due", "actions of the organisation are due"),
        reverse("supervision:organisation-actions"),
    )


def of_training_and_posts(user: User, today: dt.date) -> Iterator[Counted]:
    """Registers, reviews, fixed terms and checks at the sites a role covers."""
    registers = without_register(today - LOOKED_BACK, today)
    yield (
        registers.filter(pk__in=TrainingSession.objects.visible_to(user).order_by().values("pk")),
        ("register is not filled in", "registers are not filled in"),
        reverse("programme:cohorts"),
    )
    yield (
        around_posts(user, today, Kind.REVIEW, WEEK),
        ("review is due by next week", "reviews are due by next week"),
        reverse("programme:ahead") + "?kind=review",
    )
    yield (
        around_posts(user, today, Kind.CONTRACT, FOUR_WEEKS),
        ("fixed term ends within four weeks", "fixed terms end within four weeks"),
        reverse("programme:ahead") + "?kind=contract",
    )
    checks = CheckWaits().rows().filter(falls_on__lte=today)
    yield (
        checks.filter(pk__in=EmploymentCheck.objects.visible_to(user).order_by().values("pk")),
        ("check before a start has not moved", "checks before a start have not moved"),
        reverse("programme:rounds"),
    )


def late(agreements: QuerySet[Agreement], today: dt.date) -> QuerySet[Agreement]:
    """Those in which a session is late today, grace used up."""
    rows = agreements.not_only_asked().filter(due_on__isnull=False)
    return rows.annotate(until=in_time_until()).filter(until__lt=today)


def around_posts(user: User, today: dt.date, kind: Kind, ahead: dt.timedelta) -> QuerySet:
    return falls_due(user, today, today + ahead, kind=kind, place=lambda _way: {})
