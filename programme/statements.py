"""The statement of SQL behind the figures, written out because it adds up in the database what
Django's words can only fetch row by row.

Its rows come from QuerySets, with their scope and filters.
"""

import datetime as dt
import re
from enum import IntFlag

from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from programme.models import Outcome

# What everybody did in training by the day, from rows of a person and what they did once; the posts
# held, in columns, because they are fetched many times quicker than rows, each with what its holder
# did; how many people did the same; and the addresses from which applications were sent.
READ = """
    WITH own AS MATERIALIZED (
        SELECT person, bit_or(did) AS did
        FROM ({applied} UNION ALL {trained}) AS once (person, did) GROUP BY person
    )
    SELECT
        array_agg(held.person::text),
        array_agg(held.started_on - DATE '1970-01-01'),
        array_agg(coalesce(held.ended_on, DATE '9999-12-31') - DATE '1970-01-01'),
        array_agg(held.hours::float8),
        array_agg(held.kept),
        array_agg(held.grouping::text),
        array_agg(held.funded),
        array_agg(coalesce(own.did, 0)),
        (
            SELECT array_agg(ARRAY[did, people]) FROM (
                SELECT did, count(*) FROM own GROUP BY did
            ) AS alike (did, people)
        ),
        (SELECT count(DISTINCT lower(email)) FROM ({sent}) AS sent (email))
    FROM ({held}) AS held (person, started_on, ended_on, hours, kept, grouping, funded)
    LEFT JOIN own ON own.person = held.person
"""


class Did(IntFlag):
    """What somebody did in training by a day; `IN_TRAINING` is what they were on it."""

    APPLIED = 1
    COMMENCED = 2
    COMPLETED = 4
    IN_TRAINING = 8
    # How training ended in a cohort that has closed.
    ENDED_COMPLETED = 16
    STILL_ACTIVE = 32
    ENDED_DEFERRED = 64
    ENDED_OTHERWISE = 128

    @classmethod
    def training_by(cls, day: dt.date) -> Case:
        """What an enrolment says of its person's training."""
        still = Q(outcome_on__isnull=True) | Q(outcome_on__gt=day)
        commenced = Q(commenced_on__lte=day)
        return (
            _where(commenced, cls.COMMENCED)
            + _where(Q(outcome=Outcome.COMPLETED, outcome_on__lte=day), cls.COMPLETED)
            + _where(commenced & still, cls.IN_TRAINING)
        )

    @classmethod
    def ended_by(cls, day: dt.date, closed: Q) -> Case:
        """How it ended, where its cohort has closed."""
        known = Q(outcome_on__lte=day)
        ended = Case(
            When(known & Q(outcome=Outcome.COMPLETED), then=Value(cls.ENDED_COMPLETED.value)),
            When(~known | Q(outcome_on__isnull=True), then=Value(cls.STILL_ACTIVE.value)),
            When(outcome=Outcome.DEFERRED, then=Value(cls.ENDED_DEFERRED.value)),
            default=Value(cls.ENDED_OTHERWISE.value),
        )
        return Case(
            When(Q(commenced_on__lte=day) & closed, then=ended),
            default=Value(0),
            output_field=IntegerField(),
        )


def _where(so: Q, did: Did) -> Case:
    return Case(When(so, then=Value(did.value)), default=Value(0), output_field=IntegerField())


def read(**sources: QuerySet) -> tuple:
    """The one row of `READ` over these sources."""
    values, texts = [], {}
    for name in re.findall(r"{(\w+)}", READ):
        compiler = sources[name].query.get_compiler(connection=connection, elide_empty=False)
        texts[name], of_this = compiler.as_sql()
        values += of_this
    with connection.cursor() as cursor:
        cursor.execute(READ.format(**texts), values)
        return cursor.fetchone()
