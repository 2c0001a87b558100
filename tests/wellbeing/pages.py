"""What the tests of private things share: what is stored, and what other people's pages say."""

from django.db import connection
from django.urls import reverse

from tests.programme.pages import sent_by

GIVEN = {"energy": "4", "support": "5", "load": "2", "own_story": "4", "belonging": "5"}


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


def names_of(answers: dict) -> dict:
    """Answers of a check-in as the form sends them."""
    order = ["energy", "support", "load", "own_story", "belonging", "line"]
    return {f"q{order.index(name) + 1}": answer for name, answer in answers.items()}


def answers(client, page: str = "", **given):
    """A check-in is answered and finished."""
    page = page or url("new-check-in")
    return client.post(page, sent_by(client, page) | names_of(GIVEN | given))
