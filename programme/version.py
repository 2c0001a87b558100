"""Which state the programme's records are in, asked in one quick query whatever their number.

Every insert, update and delete of a tracked table leaves a row with a growing number in its event
table, so the highest numbers name a state: what was worked out from the records may be kept under
that name and is never out of date, because the next change gives another name.

One care is needed. Two writers take their numbers in one order and may commit in the other; then
the highest number is seen before all lower ones are. So what is worked out may be kept only where
nobody was in the middle of writing (`settled`); to read what was kept is always safe.
"""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from django.db import connection
from django.db.models import Model
from psycopg import sql

from accounts.models import Site
from programme.models import (
    Applicant,
    Application,
    Cohort,
    Employer,
    Enrolment,
    Funding,
    LeavingReason,
    Person,
    Post,
    Round,
    RoundStage,
    Spell,
    StageMove,
    Team,
)

TRACKED = (
    Site,
    Employer,
    Team,
    Person,
    Applicant,
    Application,
    Cohort,
    Enrolment,
    Post,
    Funding,
    Spell,
    LeavingReason,
    Round,
    RoundStage,
    StageMove,
)


class Version(NamedTuple):
    """The name of a state of the records, and whether nobody was writing just after it was read.

    `server` is the database's number and the server's start: a database made anew, or put back from
    a copy, counts anew. `numbers` has the highest number of each table.
    """

    server: str
    numbers: dict[type[Model], int]
    settled: bool

    @property
    def name(self) -> str:
        return self.of(*self.numbers)

    def of(self, *models: type[Model]) -> str:
        """The name of the state of some of the tables, for what hangs on no other."""
        return " ".join([self.server, *(str(self.numbers[model]) for model in models)])

    def of_tables(self, names: Iterable[str]) -> str | None:
        """The same by the names of tables; `None` where the changes of one are not numbered."""
        models = {model._meta.db_table: model for model in self.numbers}
        return self.of(*(models[name] for name in names)) if models.keys() >= set(names) else None


def records_version(*further: type[Model]) -> Version:
    """The state of the records as this connection sees them now, and of further tables of apps
    above where figures hang on them too.

    A transaction that writes holds a lock on its own number until it ends; the caller's own counts,
    so nothing is kept from within one. Those in other databases of the server do not count.
    """
    models = (*TRACKED, *further)
    with connection.cursor() as cursor:
        cursor.execute(_query(models))
        server, numbers, settled = cursor.fetchone()
    return Version(server, dict(zip(models, numbers, strict=True)), settled)


@cache
def _query(models: tuple[type[Model], ...]) -> str:
    numbers = [
        sql.SQL("(SELECT coalesce(max(pgh_id), 0) FROM {})").format(
            sql.Identifier(model.pgh_event_model._meta.db_table)
        )
        for model in models
    ]
    query = sql.SQL(
        "SELECT concat_ws(' ', pg_postmaster_start_time(), "
        "(SELECT oid FROM pg_database WHERE datname = current_database())), ARRAY[{numbers}], "
        "NOT EXISTS (SELECT FROM pg_locks AS held "
        "LEFT JOIN pg_stat_activity AS busy ON busy.pid = held.pid "
        "WHERE held.locktype = 'transactionid' "
        "AND (busy.pid IS NULL OR busy.datname = current_database()))"
    )
    return query.format(numbers=sql.SQL(", ").join(numbers)).as_string()
