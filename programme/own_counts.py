"""Figures from counts that LXP does not hold: the lead's own, for the moment of asking.

Who somebody is by equality answers, and on which days they were ill, is not kept here (decisions
0014 and 0032). The arithmetic is: pure functions, whose answer is `None` where there is too little
to answer without resting on chance or pointing at somebody.
"""

from typing import NamedTuple

LEAST = 5  # of each count of a likelihood
LEAST_PEOPLE = 10  # of a rate of sickness absence


class Appointed(NamedTuple):
    """How many of a group were shortlisted in a period, and how many of those appointed."""

    shortlisted: int
    appointed: int

    @property
    def share(self) -> float | None:
        """Appointed from shortlisting, per cent; nothing where nobody was shortlisted."""
        return 100 * self.appointed / self.shortlisted if self.shortlisted else None


def relative_likelihood(first: Appointed, second: Appointed) -> float | None:
    """How many times as likely one group is to be appointed from shortlisting as another.

    `(appointed / shortlisted)` of the first over the same of the second: WRES indicator 2 with
    white people first and Black and minority ethnic people second, WDES metric 2 with people
    without and with a disability. Source: the design's list of workforce metrics (NHS England's
    technical guidance for both); 46.99 % over 14.65 % is 3.21.

    Returns:
        The ratio, or `None` where one of the four counts is below `LEAST`.
    """
    if min(*first, *second) < LEAST:
        return None
    return (first.appointed * second.shortlisted) / (first.shortlisted * second.appointed)


class Absence(NamedTuple):
    """A group's whole-time equivalent days in a period: all, and those absent for sickness."""

    people: int
    days_available: float
    days_absent: float


def sickness_rate(absence: Absence) -> float | None:
    """Days absent over days available, per cent, in whole-time equivalents.

    Source: NHS England, *NHS Sickness Absence Rates*. 312.5 of 7,300 days are 4.3 %.

    Returns:
        The rate, or `None` for fewer than `LEAST_PEOPLE` people or without a day available.
    """
    if absence.people < LEAST_PEOPLE or not absence.days_available:
        return None
    return 100 * absence.days_absent / absence.days_available
