"""A mistake whose own words hold an answer: where it is told, its words are not."""

import io
import logging

import pytest
from django.conf import settings as configured
from django.utils.log import configure_logging

from lxp.logs import OneLine
from tests.programme.pages import sent_by
from tests.wellbeing.pages import GIVEN, names_of, url
from wellbeing import tasks
from wellbeing.actions import checkins, groups

pytestmark = pytest.mark.django_db
SECRET = "Xylophon8"


@pytest.fixture
def log():
    """What stands in the log, as this installation writes it; set up a second time, as a worker of
    Celery does."""
    before = logging.getLogger().handlers[:]
    configure_logging(configured.LOGGING_CONFIG, configured.LOGGING)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(OneLine(configured.LOGGING["formatters"]["line"]["format"]))
    other = logging.StreamHandler(io.StringIO())  # whose formatter keeps the words in the record
    logging.getLogger().addHandler(other)
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().handlers[:] = before


def by_mistake(*_args, **_more):
    try:
        {}[SECRET]
    except KeyError as cause:
        cause.add_note(f"of {SECRET}")
        raise ValueError(f"no such answer: {SECRET}") from cause


def test_a_page_tells_the_kind_of_a_mistake_and_its_place_and_none_of_its_words(
    client, monkeypatch, settings, mailoutbox, log
):
    """In the log, the page and the mails to who runs it."""
    settings.ADMINS = ["operator@example.org"]
    monkeypatch.setattr(checkins, "finish", by_mistake)
    client.raise_request_exception = False
    page = url("new-check-in")

    answer = client.post(page, sent_by(client, page) | names_of(GIVEN | {"line": SECRET}))

    assert answer.status_code == 500
    assert SECRET not in answer.text
    told = log.getvalue()
    assert "test_mistakes.py" in told
    assert "KeyError" in told
    assert "ValueError" in told
    assert SECRET not in told
    assert mailoutbox == []


def test_a_task_tells_the_kind_of_a_mistake_and_its_place_and_none_of_its_words(
    monkeypatch, settings, mailoutbox, log
):
    settings.ADMINS = ["operator@example.org"]
    monkeypatch.setattr(groups, "work_out", by_mistake)

    tasks.work_out_groups.apply()

    told = log.getvalue()
    assert "wellbeing.work_out_groups" in told
    assert "ValueError" in told
    assert "test_mistakes.py" in told
    assert SECRET not in told
    assert mailoutbox == []


def test_each_mistake_of_several_is_told_once_and_words_that_may_be_told_are(log):
    several = ExceptionGroup(
        SECRET, [groups.NotWorkedOut("check-in: KeyError"), ValueError(SECRET)]
    )
    several.exceptions[1].__context__ = several  # as where one handles the other

    nothing = logging.makeLogRecord({"msg": "As asked", "exc_info": (None, None, None)})
    assert OneLine().format(nothing) == "As asked"
    try:
        raise several
    except ExceptionGroup:
        logging.getLogger("lxp").exception("Two went wrong")

    told = log.getvalue()
    assert [told.count(kind) for kind in ("ExceptionGroup", "NotWorkedOut", "ValueError")] == [
        1
    ] * 3
    assert "NotWorkedOut: check-in: KeyError" in told
    assert SECRET not in told
