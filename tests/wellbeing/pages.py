"""What the tests of private things share: what is stored, and what other people's pages say."""

from django.db import connection
from django.urls import reverse


def tables_with(secret: str) -> list[str]:
    """Every table, histories and sessions included, in which a word can be read."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{secret}%"]
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def url(name: str, *args) -> str:
    return reverse(f"wellbeing:{name}", args=args)


def pages_of_others(person) -> list[str]:
    """Pages on which staff read of a person, and lists they could stand in."""
    return [
        reverse("home"),
        reverse("programme:person", args=[person.pk]),
        reverse("programme:people") + "?q=" + person.last_name,
        reverse("supervision:person", args=[person.pk]),
        reverse("supervision:home"),
        reverse("dashboard"),
        reverse("audit-trail"),
        reverse("wellbeing:contact-waiting"),
        reverse("wellbeing:shared-with-me"),
    ]
