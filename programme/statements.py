"""The statements of SQL behind the figures, written out because they add up in the database what
Django's words can only fetch row by row.

Their rows come from QuerySets, with their scope and filters.
"""

import re
from enum import IntFlag
from typing import NamedTuple, Self

from django.db import connection
from django.db.models import QuerySet

from programme.arrays import Column, np

# Who applied: the sixteen bytes of each one's id, and numbers of `Did`. They come packed, because
# they are fetched many times quicker than rows, and are sorted and added up more quickly here than
# in the database.
APPLIED = """
    SELECT string_agg(uuid_send(person), ''), string_agg(int4send(1), '')
    FROM ({once}) AS once (person)
"""
# The addresses from which applications were sent.
SENT = "SELECT count(DISTINCT lower(email)) FROM ({sent}) AS sent (email)"
# The posts held, packed too: the ids of their holders, numbers in the order of `PACKED`, and their
# groupings as hexadecimal letters, because a title may have any letter in it.
HELD = """
    SELECT
        string_agg(uuid_send(person), ''),
        string_agg(
            int4send(started_on - DATE '1970-01-01')
            || int4send(coalesce(ended_on, DATE '9999-12-31') - DATE '1970-01-01')
            || float8send(coalesce(hours, 'NaN')::float8)
            || int4send(kept::int + 2 * funded::int),
            ''
        ),
        string_agg(encode(convert_to(coalesce(grouping::text, ''), 'UTF8'), 'hex'), ',')
    FROM ({held}) AS held (person, started_on, ended_on, hours, kept, grouping, funded)
"""
PACKED = [("started", ">i4"), ("ended", ">i4"), ("hours", ">f8"), ("flags", ">i4")]
KEPT, FUNDED = 1, 2  # flags


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


# What enrolments say of their people's training by the day, and how it ended where their cohort had
# closed.
TRAINED = """
    SELECT
        string_agg(uuid_send(person), ''),
        string_agg(
            int4send(
                CASE WHEN commenced_on <= day THEN {COMMENCED} ELSE 0 END
                + CASE WHEN outcome_on <= day AND outcome = 'completed'
                    THEN {COMPLETED} ELSE 0 END
                + CASE WHEN commenced_on <= day AND (outcome_on IS NULL OR outcome_on > day)
                    THEN {IN_TRAINING} ELSE 0 END
                + CASE
                    WHEN commenced_on > day OR commenced_on IS NULL OR NOT closed THEN 0
                    WHEN outcome_on > day OR outcome_on IS NULL THEN {STILL_ACTIVE}
                    WHEN outcome = 'completed' THEN {ENDED_COMPLETED}
                    WHEN outcome = 'deferred' THEN {ENDED_DEFERRED}
                    ELSE {ENDED_OTHERWISE}
                END
            ),
            ''
        )
    FROM ({once}) AS once (day, person, commenced_on, outcome, outcome_on, closed)
"""


def read(statement: str, **sources: QuerySet) -> tuple:
    """The one row of one of the statements above over these sources."""
    values, texts = [], {one.name: one.value for one in Did}
    for name in re.findall(r"{([a-z]+)}", statement):
        compiler = sources[name].query.get_compiler(connection=connection, elide_empty=False)
        texts[name], of_this = compiler.as_sql()
        values += of_this
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**texts), values)
        return cursor.fetchone()


def ids_of(packed: bytes | None) -> Column:
    """Ids as numpy compares them; it leaves zeros at their end out."""
    return np.frombuffer(packed or b"", dtype="S16")


class Own(NamedTuple):
    """Each person once, by the order of their ids, with all that they did."""

    ids: Column
    did: Column

    @classmethod
    def read(cls, statement: str, once: QuerySet) -> Self:
        """By `APPLIED` or `TRAINED`."""
        ids, did = read(statement, once=once)
        did = np.frombuffer(did or b"", dtype=">i4").astype(np.int16)
        return cls.joined(cls(ids_of(ids), did))

    @classmethod
    def joined(cls, *parts: Self) -> Self:
        """All that each person did by any of these; quickest where they are in order already."""
        ids, did = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        if not len(ids):
            return cls(ids, did)
        order = np.argsort(ids, kind="stable")
        ids, did = ids[order], did[order]
        first = np.flatnonzero(np.append(True, ids[1:] != ids[:-1]))
        return cls(ids[first], np.bitwise_or.reduceat(did, first))

    def of_people(self, ids: Column) -> Column:
        """What each of these people did."""
        if not len(self.ids):
            return np.zeros(len(ids), dtype=int)
        place = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[place] == ids, self.did[place], 0)

    def alike(self) -> list[tuple[int, int]]:
        """Everything that people did, and how many did just that."""
        columns = np.unique(self.did, return_counts=True)
        return list(zip(*(column.tolist() for column in columns), strict=True))
