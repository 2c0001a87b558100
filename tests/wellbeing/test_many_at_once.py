"""Two hundred people check in while the keys are renewed: nothing is lost and nothing errs.

How fast that is, the benchmark says."""

import http.client
import secrets
import threading
from collections import Counter
from itertools import batched
from urllib.parse import urlencode, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from tests.factories import CheckInFactory, PersonFactory, UserFactory
from tests.wellbeing.pages import GIVEN, names_of, url
from wellbeing.actions.checkins import mark_of
from wellbeing.models import CheckIn

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PEOPLE, AT_ONCE = 200, 20
SECRET = "c" * 32
BEGUN = {"line": "Łukasz"}
ANSWERS = GIVEN | {"line": "Łukasz 王"}


def prefixes() -> set[str]:
    """The names of the keys that answers are written with."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT split_part(answers, '.', 1) FROM wellbeing_checkin")
        return {name for (name,) in cursor.fetchall()}


def finish(address: str, cookies: str, earlier: str) -> list[int]:
    """Finishes what is begun, and reads an earlier one where there is one."""
    link = http.client.HTTPConnection(address, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
    sent = urlencode(names_of(ANSWERS) | {"csrfmiddlewaretoken": SECRET, "read": mark_of(BEGUN)})
    asked = [("POST", url("new-check-in"), sent)]
    asked += [("GET", url("check-in", earlier), None)] if earlier else []
    found = []
    for method, page, body in asked:
        link.request(method, page, body, headers)
        answer = link.getresponse()
        answer.read()
        found.append(answer.status)
    link.close()
    return found


def test_two_hundred_check_in_while_the_keys_are_renewed(live_server, settings, sign_in):
    today, now = timezone.localdate(), timezone.now()
    people = PersonFactory.create_batch(PEOPLE, user=None)
    for person in people:
        person.user = UserFactory()
        person.save(update_fields=["user"])
    begun = {"occasion_on": today, "started_at": now, "finished_at": None}
    rows = []
    for person in people:
        CheckInFactory(person=person, given=BEGUN, **begun)
        earlier = "" if len(rows) % 8 else str(CheckInFactory(person=person, given=BEGUN).pk)
        session = sign_in(person.user).cookies[settings.SESSION_COOKIE_NAME].value
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={SECRET}"
        rows.append((cookies, earlier))
    old = prefixes()
    settings.ENCRYPTION_KEYS = {"new": secrets.token_bytes(32)} | settings.ENCRYPTION_KEYS
    answered, wrong = [], []

    def one_after_another(share):
        address = urlsplit(live_server.url).netloc
        for row in share:
            answered.extend(finish(address, *row))

    def renew():
        try:
            call_command("renew_encryption")
        except Exception as error:  # noqa: BLE001  shown below
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=renew)]
    for share in batched(rows, PEOPLE // AT_ONCE, strict=True):
        threads.append(threading.Thread(target=one_after_another, args=[share]))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (wrong, Counter(answered)) == ([], {302: PEOPLE, 200: PEOPLE // 8})
    assert (old & prefixes(), prefixes()) == (set(), {"new"})
    settings.ENCRYPTION_KEYS = {"new": settings.ENCRYPTION_KEYS["new"]}
    finished = CheckIn.objects.finished().filter(started_at=now)
    assert [row.answered for row in finished] == [ANSWERS] * PEOPLE
    assert [row.answered for row in CheckIn.objects.exclude(started_at=now)] == [BEGUN] * 25
