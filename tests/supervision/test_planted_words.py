"""Words planted in everything that is written in supervision, and searched for everywhere else."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from notifications.carrying import email_of
from notifications.models import Message
from notifications.planning import plan as plan_messages
from notifications.rules import rules
from supervision.actions import oversight, sessions
from supervision.actions.written import NewAction, Notes
from supervision.models import GROUP, AideMemoire, Contest, Cover, GroupSession, HandOver
from tests.factories import UserFactory
from tests.factories.supervision import SupervisorFactory, kind
from tests.programme.pages import boxes
from tests.supervision.pages import at, log, page, plan, when

pytestmark = pytest.mark.django_db


def what_is_written_besides(agreement, supervisor, worker, secret: str) -> None:
    """Words outside the record: of a contest, a stand-in, a hand-over, the terms, an opening."""
    contested, _tomorrow = plan(agreement, -3), plan(agreement, 1)
    supervisor.post(page("settle-session", contested), {"status": "not_attended"})
    worker.post(page("contest-session", contested), {"words": f"{secret} j"})
    days = boxes("starts_on", at(0).date()) | boxes("last_day", at(1).date())
    stand_in = {"entry": SupervisorFactory().pk, "words": f"{secret} k"}
    supervisor.post(page("add-cover", agreement), stand_in | days)
    supervisor.post(page("hand-over", agreement), {"words": f"{secret} l"})
    agreed = dict.fromkeys(("purpose", "confidentiality", "limits"), f"{secret} m")
    terms = {"cadence_days": "28", "minutes": "60", "number": "1", **agreed}
    supervisor.post(page("write-terms", agreement), terms)
    given = {"by": UserFactory(), "at": timezone.now(), "reason": "legal", "hours": 1}
    oversight.ask_to_open(
        person=agreement.person, words=secret, withheld=True, withheld_words=secret, **given
    )


def emails() -> str:
    """Everything that would leave by email now."""
    plan_messages(timezone.now())
    made = Message.objects.filter(channel="email").select_related("occasion", "recipient")
    return "".join(email_of(one, rules()[one.rule]).message().as_string() for one in made)


def test_confidential_words_stand_nowhere_but_in_their_encrypted_columns(
    agreement, supervisor, worker, caplog, monkeypatch
):
    secret = "Xylophon9"
    what_is_written_besides(agreement, supervisor, worker, secret)
    supervisor.post(
        reverse("supervision:save-draft", args=["record", agreement.pk]), {"words": secret}
    )
    session = log(
        agreement, notes=Notes(f"{secret} a", (), (NewAction(f"{secret} b", "organisation"),))
    )
    worker.post(page("disagree", session), {"words": f"{secret} c", "version": "1"})
    worker.post(page("add-to-agenda", agreement), {"words": f"{secret} d"})
    worker.post(page("add-preparation", agreement), {"words": f"{secret} e"})
    supervisor.post(page("aide-memoire", agreement), {"words": f"{secret} f"})
    url = reverse("supervision:save-draft", args=["log", agreement.pk])
    supervisor.post(url, {"words": f"{secret} g"})
    group = {"kind": str(kind(GROUP).pk), "present": [str(agreement.person_id)]}
    supervisor.post(reverse("supervision:log-group"), when(at(-1), note=f"{secret} h", **group))
    worker.post(page("write-record", session), {"words": secret, "version": "1"})  # 403
    supervisor.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(sessions, "write_notes", lambda *_args, **_more: 1 / 0)
        sent = when(at(-2), status="attended", words=f"{secret} i")
        answer = supervisor.post(page("log-session", agreement), sent)
    assert (answer.status_code, secret in answer.text) == (500, False)

    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{secret}%"]
            )
            if cursor.fetchone()[0]:
                found.append(table)
    assert found == []
    assert secret not in caplog.text
    sent = emails()
    assert "Message-ID" in sent
    assert secret not in sent
    assert Contest.objects.get().words == f"{secret} j"
    assert Cover.objects.get().words == f"{secret} k"
    assert HandOver.objects.get().words == f"{secret} l"
    assert agreement.terms.get(number=2).limits == f"{secret} m"
    assert AideMemoire.objects.get().words == f"{secret} f"
    assert GroupSession.objects.get().note == f"{secret} h"
