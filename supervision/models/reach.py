"""Which agreements a user gives, gave or may open on a day, as statements.

Django would take longer to write them than PostgreSQL to answer, and every page of a supervisor
asks. Each `{open}` wants the day twice.
"""

import datetime as dt

from django.db.models.expressions import RawSQL

from accounts.models import User

AFTERWARDS = dt.timedelta(days=28)  # in which a former supervisor hands over and settles the past
OPEN = "a.starts_on <= %s AND (a.ended_on IS NULL OR a.ended_on > %s)"
OWN = """
SELECT a.id FROM supervision_agreement a JOIN programme_person p ON p.id = a.person_id
WHERE p.user_id = %s
"""
GIVEN = "SELECT a.id FROM supervision_agreement a WHERE a.supervisor_id = %s AND {open}"
GIVEN_OR_KEPT_OPEN = """
SELECT a.id FROM supervision_agreement a
WHERE a.supervisor_id = %s AND (a.kept_open OR {open})
"""
GIVEN_OR_GIVEN_BEFORE = """
SELECT a.id FROM supervision_agreement a
WHERE a.supervisor_id = %s
    AND ({open} OR (a.ended_on <= %s AND (a.kept_open OR a.ended_on > %s)))
"""
STOOD_IN = """
SELECT a.id FROM supervision_agreement a
JOIN supervision_cover c ON c.agreement_id = a.id
WHERE c.stand_in_id = %s AND c.starts_on <= %s AND c.last_day >= %s AND c.refused_at IS NULL
    AND {open}
"""


def given_by(user: User, day: dt.date) -> RawSQL:
    """Those a user supervises in on a day: as the supervisor or, while it lasts, standing in."""
    return _any_of((GIVEN, [user.pk, day, day]), _stood_in(user, day))


def given_or_given_before(user: User, day: dt.date) -> RawSQL:
    """Those of `given_by`, and past ones that ended lately or are kept open to the user."""
    values = [user.pk, day, day, day, day - AFTERWARDS]
    return _any_of((GIVEN_OR_GIVEN_BEFORE, values), _stood_in(user, day))


def visible_to(user: User, day: dt.date) -> RawSQL:
    """Those of `given_by`, the user's own as a worker, and those kept open to them."""
    kept = (GIVEN_OR_KEPT_OPEN, [user.pk, day, day])
    return _any_of((OWN, [user.pk]), kept, _stood_in(user, day))


def _stood_in(user: User, day: dt.date) -> tuple[str, list]:
    return STOOD_IN, [user.pk, day, day, day, day]


def _any_of(*parts: tuple[str, list]) -> RawSQL:
    statement = " UNION ".join(words for words, _ in parts).format(open=OPEN)
    values = [value for _, of_part in parts for value in of_part]
    return RawSQL(statement, values)  # noqa: S611  every value is a parameter
