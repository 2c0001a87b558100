"""Private words are read by nobody else, wherever one looks."""

import datetime as dt
import json

import pytest
from django.db import connection

from accounts.roles import ROLES
from tests.factories import CheckInFactory, PersonFactory
from tests.programme.pages import sent_by
from tests.wellbeing.pages import answers, names_of, pages_of_others, tables_with, url
from wellbeing.models import CheckIn

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SECRET = "Xylophon8"


def only() -> CheckIn:
    return CheckIn.objects.get()


def test_planted_words_are_read_nowhere_else(
    client, worker, user_with_role, sign_in, mailoutbox, caplog
):
    """In no page of any other role, table, history, log or mail, begun or finished."""
    client.post(url("keep-check-in", "check-in"), names_of({"line": SECRET}))
    assert (only().finished_at, tables_with(SECRET)) == (None, [])
    answers(client, line=SECRET, energy="1")
    client.post(
        url("check-in-note", only().pk),
        sent_by(client, url("check-in-note", only().pk)) | {"note": SECRET},
    )

    read = []
    for role in ROLES:
        other = sign_in(user_with_role(role))
        for page in (*pages_of_others(worker.person), url("group-results"), url("shared-with-me")):
            text = other.get(page, follow=True).text
            read += [(role, page)] if SECRET in text else []

    assert only().note == SECRET
    assert json.loads(only().answers)["line"] == SECRET
    assert (read, tables_with(SECRET), mailoutbox) == ([], [], [])
    assert SECRET not in caplog.text


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
