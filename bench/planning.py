"""Writing down who is to be told what: 10,000 people, 50,000 agreements, a session late in each.

The hardest that can happen at once: nothing is written down yet, no two of what is due fall to the
same person on the same day, and nobody has switched anything off. Then once more, with all of it
there. The number of queries must be that of a tenth of the people.
"""

import datetime as dt
import json
import subprocess
import sys
import time
from typing import NamedTuple

PEOPLE, EACH = 10_000, 5  # agreements of each, with supervisors that differ
MOST_SECONDS = 10


class Planned(NamedTuple):
    """Seconds and queries of one look at everything, and how many messages were new."""

    seconds: float
    queries: int
    messages: int


def measure(environments: list[dict[str, str]]) -> list[list[Planned]]:
    """Two looks at a tenth of the people and two at all, each on a new database."""
    found = []
    for environment, people in zip(environments, (PEOPLE // 10, PEOPLE), strict=True):
        print(f"{people:,} people and {people * EACH:,} agreements: preparing", flush=True)
        run = [sys.executable, "-W", "ignore", "-m", "bench.planning", str(people)]
        said = subprocess.run(run, env=environment, check=True, stdout=subprocess.PIPE).stdout
        found.append([Planned(*one) for one in json.loads(said)])
    return found


def report(tenth: list[Planned], whole: list[Planned]) -> list[str]:
    """Print what was seen and return the bounds that do not hold, in words."""
    for words, few, many in zip(("nothing there", "all there"), tenth, whole, strict=True):
        print(
            f"Planning, {words}: {many.messages:,} messages in {many.seconds:.1f} s with "
            f"{many.queries} queries; a tenth in {few.seconds:.1f} s with {few.queries}"
        )
    broken = []
    if (slowest := max(one.seconds for one in whole)) > MOST_SECONDS:
        broken.append(f"planning takes {slowest:.1f} s, at most {MOST_SECONDS} is asked")
    if [one.queries for one in tenth] != [one.queries for one in whole]:
        broken.append("planning takes more queries for more people")
    return broken


def main(people: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    _load(people)
    with connection.cursor() as cursor:  # as the database does by itself within minutes
        cursor.execute("VACUUM ANALYZE")
    sys.stdout.write(json.dumps([_look(), _look()]))


def _load(people: int) -> None:
    """So many people with accounts, every second with wishes; the next few supervise each."""
    from django.utils import timezone

    from accounts.models import User
    from notifications.models import Wishes
    from programme.models import Person
    from supervision.models import Agreement, SupervisionKind
    from tests.factories import PersonFactory, SiteFactory, UserFactory
    from tests.factories.supervision import AgreementFactory

    today, site = timezone.localdate(), SiteFactory()
    users = User.objects.bulk_create(UserFactory.build_batch(people), batch_size=2000)
    rows = [PersonFactory.build(site=site, user=user) for user in users]
    Person.objects.bulk_create(rows, batch_size=2000)
    Wishes.objects.bulk_create((Wishes(user=user) for user in users[::2]), batch_size=2000)
    kind = SupervisionKind.objects.first()
    Agreement.objects.bulk_create(
        (
            AgreementFactory.build(
                person=rows[number],
                supervisor=users[(number + ahead) % people],
                kind=kind,
                starts_on=today - dt.timedelta(days=365),
                due_on=today - dt.timedelta(days=ahead),
                chosen=False,
            )
            for number in range(people)
            for ahead in range(1, EACH + 1)
        ),
        batch_size=2000,
    )


def _look() -> Planned:
    """Look at everything once, as the sweep does."""
    from django.db import connection

    from notifications.clock import database_now
    from notifications.planning import plan

    queries = 0

    def counted(execute, *arguments):
        nonlocal queries
        queries += 1
        return execute(*arguments)

    now, began = database_now(), time.monotonic()
    with connection.execute_wrapper(counted):
        made = plan(now)
    return Planned(time.monotonic() - began, queries, made)


if __name__ == "__main__":
    main(int(sys.argv[1]))
