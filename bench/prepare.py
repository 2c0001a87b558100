"""Fills one benchmark database and prints, as JSON, what the measuring process needs to know."""

import json
import sys
from importlib import import_module

import django
from django.conf import settings
from django.core.management import call_command

# Whose sessions pages are read in, by the names that `Page.by` has.
READERS = {
    "session": "lead",
    "supervisor": "supervisor",
    "worker": "peer_worker",
    "auditor": "auditor",
}


def main(people: int) -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)

    from django.db import connection

    from bench import data
    from programme.models import Cohort, Person

    data.load(people)
    users = {name: _account(role) for name, role in READERS.items()}
    person = Person.objects.filter(spells__isnull=False).order_by("pk").first()
    cohort = Cohort.objects.order_by("pk").first()
    grid = data.load_attendance()
    board = data.load_board()
    data.load_supervision(people, users["session"])
    given = data.load_supervisor(users["supervisor"])
    data.load_check_ins(users["worker"], people)
    with connection.cursor() as cursor:  # as the database does by itself within minutes
        cursor.execute("VACUUM ANALYZE")
    stages = {stage.kind: str(stage.pk) for stage in board.stages.all()}
    moved = board.applicants.filter(stage__kind="applied")[:20]
    sys.stdout.write(
        json.dumps(
            {
                **{name: session_key(user) for name, user in users.items()},
                "agreements": [str(agreement.pk) for agreement in given],
                "person": str(person.pk),
                "cohort": str(cohort.pk),
                "grid": str(grid.pk),
                "board": str(board.pk),
                "stages": [stages["applied"], stages["shortlisting"]],
                "moved": [str(applicant.pk) for applicant in moved],
            }
        )
    )


def _account(role: str):
    """Somebody who holds a role for all sites."""
    from tests.factories import RoleGrantFactory

    return RoleGrantFactory(role=role).user


def session_key(user) -> str:
    """The key of a session signed in as a user, made as the sign-in itself makes it."""
    from django.contrib.auth import login
    from django.http import HttpRequest

    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    login(request, user, backend="accounts.backends.AccountBackend")
    request.session.save()
    return request.session.session_key


if __name__ == "__main__":
    main(int(sys.argv[1]))
