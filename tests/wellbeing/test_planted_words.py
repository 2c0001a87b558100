"""Private words are read by nobody else, wherever one looks."""

import datetime as dt
import json

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.delivery import deliver_waiting
from accounts.roles import ROLES
from notifications.planning import plan
from notifications.sending import send_due
from tests.factories import (
    AdjustmentFactory,
    CheckInFactory,
    DevelopmentGoalFactory,
    LearningRecordFactory,
    PersonFactory,
)
from tests.factories.wellbeing import BurdenFlagFactory, ContactRequestFactory
from tests.programme.pages import sent_by
from tests.wellbeing.pages import answers, names_of, pages_of_others, tables_with, url
from wellbeing.actions import checkins as actions
from wellbeing.models import CheckIn, PlanSection

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SECRET = "Xylophon8"


def only() -> CheckIn:
    return CheckIn.objects.get()


def plant(client, person) -> None:
    """The word in every private field that a worker can fill in, as they do."""
    client.post(url("keep-check-in", "check-in"), names_of({"line": SECRET}))
    assert (only().finished_at, tables_with(SECRET)) == (None, [])
    answers(client, line=SECRET, energy="1")
    note = url("check-in-note", only().pk)
    client.post(note, sent_by(client, note) | {"note": SECRET})
    client.post(url("begin-plan"))
    section = PlanSection.objects.first()
    page = url("plan-section", section.pk)
    client.post(page, sent_by(client, page, words=SECRET))
    client.post(url("keep-plan-section", section.pk), {"words": f"{SECRET} typed"})
    private = {"person": person, "account": person.user}
    BurdenFlagFactory(**private, words=SECRET)
    ContactRequestFactory(**private, detail=SECRET, suits=SECRET)
    AdjustmentFactory(**private, text=SECRET)
    DevelopmentGoalFactory(**private, text=SECRET)
    LearningRecordFactory(**private, topic=SECRET)


def files_of_others(person) -> list[str]:
    """Every file of lists, figures, looks and changes that somebody else may fetch."""
    return [
        reverse("programme:people-csv"),
        reverse("programme:my-looks-csv"),
        reverse("audit-trail-csv"),
        reverse("wellbeing:group-results-csv"),
        reverse("wellbeing:check-ins-csv"),
        reverse("wellbeing:check-ins-json"),
        reverse("wellbeing:take-along-file"),
        reverse("dashboard-figures-csv"),
        reverse("dashboard-supervision-csv"),
        *(url(name, only().pk) for name in ("check-in", "check-in-fhir", "shared-check-in")),
    ]


def sent_on() -> list[bytes]:
    """Everything that stands in the broker and in the cache of charts."""
    found = []
    for address in (settings.CELERY_BROKER_URL, settings.CACHES["charts"]["LOCATION"]):
        server = redis.Redis.from_url(address)
        found += [server.dump(key) for key in server.scan_iter(count=1000)]
    return [value for value in found if value]


def test_planted_words_are_read_nowhere_else(
    client, worker, user_with_role, sign_in, mailoutbox, caplog, monkeypatch
):
    """In no page or file of any other role; in no table, histories, sessions and the cache
    included; in no log, mail, message, page of an error, or what waits for the worker process."""
    plant(client, worker.person)
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(actions, "write_note", lambda **_more: 1 / 0)
        note = url("check-in-note", only().pk)
        failed = client.post(note, sent_by(client, note) | {"note": SECRET})

    read = []
    pages = [*pages_of_others(worker.person), url("group-results"), url("burden-teams")]
    for role in ROLES:
        other = sign_in(user_with_role(role))
        for page in (*pages, *files_of_others(worker.person)):
            answer = other.get(page, follow=True)
            found = b"".join(answer) if answer.streaming else answer.content
            read += [(role, page)] if SECRET.encode() in found else []
    plan(timezone.now())
    send_due()
    deliver_waiting(at=timezone.now())

    assert only().note == SECRET
    assert json.loads(only().answers)["line"] == SECRET
    assert SECRET in client.get(url("take-along-file")).text
    assert (read, tables_with(SECRET)) == ([], [])
    assert failed.status_code == 500
    assert SECRET not in failed.text + caplog.text
    assert SECRET not in "".join(mail.subject + mail.body for mail in mailoutbox)
    assert not any(SECRET.encode() in value for value in sent_on())


def test_an_answer_is_bound_to_its_row(worker):
    """Moved to another row it is refused, so nobody reads it by putting it into a row of theirs."""
    from encryption.keys import Unreadable

    theirs, mine = CheckInFactory(given={"line": SECRET}), CheckInFactory(person=worker.person)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wellbeing_checkin SET answers = (SELECT answers FROM wellbeing_checkin "
            "WHERE id = %s) WHERE id = %s",
            [theirs.pk, mine.pk],
        )

    with pytest.raises(Unreadable):
        _ = CheckIn.objects.get(pk=mine.pk).answered


def test_what_no_account_wrote_is_nobodys(client, worker):
    """Neither of a person without an account, nor of one's own record before one was linked."""
    CheckInFactory(person=PersonFactory())
    CheckInFactory(person=worker.person, account=None)

    assert client.get(url("check-ins-json")).json() == {"check_ins": []}
