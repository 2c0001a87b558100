"""The one clock that decides: the database's."""

import datetime as dt

from django.db import connection
from django.db.models import DateTimeField, Func

NOW = Func(function="clock_timestamp", output_field=DateTimeField())


def database_now() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
