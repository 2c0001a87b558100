"""The statements of SQL behind the figures, written out because each adds up in the database
what Django's words can only fetch row by row.

Their rows come from QuerySets, whose scope and filters stay as they are.
"""

import datetime as dt
from enum import IntFlag

from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from programme.models import Outcome

# How many addresses applications were sent from, capitals ignored.
APPLICANTS = "SELECT count(DISTINCT lower(email)) FROM ({}) AS sent (email)"
# How many people did the same, by what they did: from rows of a person and what they did once.
# Then the applicants, who are nobody yet and have done no more.
TRAINED = """
    SELECT did, count(*) FROM (
        SELECT person, bit_or(did) FROM ({} UNION ALL {}) AS once (person, did) GROUP BY person
    ) AS own (person, did) GROUP BY did
    UNION ALL SELECT 1, count(DISTINCT lower(email)) FROM ({}) AS sent (email)
"""
# How many people had which best outcome: from rows of a person and an outcome's rank.
ENDED = """
    SELECT best, count(*) FROM (
        SELECT person, min(rank) FROM ({}) AS once (person, rank) GROUP BY person
    ) AS own (person, best) GROUP BY best
"""
# Posts held in columns, with what their holders did: many times quicker to fetch than in rows.
HELD = """
    SELECT
        array_agg(held.person::text),
        array_agg(held.started_on - DATE '1970-01-01'),
        array_agg(coalesce(held.ended_on, DATE '9999-12-31') - DATE '1970-01-01'),
        array_agg(held.hours::float8),
        array_agg(held.kept),
        array_agg(held.grouping::text),
        array_agg(held.funded),
        array_agg(coalesce(own.did, 0))
    FROM ({}) AS held (person, started_on, ended_on, hours, kept, grouping, funded)
    LEFT JOIN (
        SELECT person, bit_or(did) FROM ({}) AS once (person, did)
        WHERE person IN (SELECT person_id FROM programme_spell) GROUP BY person
    ) AS own (person, did) ON own.person = held.person
"""


class Did(IntFlag):
    """What somebody did in training by a day; `IN_TRAINING` is what they were on it."""

    APPLIED = 1
    COMMENCED = 2
    COMPLETED = 4
    IN_TRAINING = 8

    @classmethod
    def training_by(cls, day: dt.date) -> Case:
        """All but the application, of one enrolment."""
        still = Q(outcome_on__isnull=True) | Q(outcome_on__gt=day)
        commenced = Q(commenced_on__lte=day)
        return (
            _where(commenced, cls.COMMENCED)
            + _where(Q(outcome=Outcome.COMPLETED, outcome_on__lte=day), cls.COMPLETED)
            + _where(commenced & still, cls.IN_TRAINING)
        )


def _where(so: Q, did: Did) -> Case:
    return Case(When(so, then=Value(did.value)), default=Value(0), output_field=IntegerField())


def rows(statement: str, *sources: QuerySet) -> list[tuple]:
    """The rows of a statement over these sources, in the order in which it names them."""
    compiled = [
        source.query.get_compiler(connection=connection, elide_empty=False).as_sql()
        for source in sources
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(*(text for text, _ in compiled)),
            [value for _, values in compiled for value in values],
        )
        return cursor.fetchall()
