"""What became of a session: said by either side, contested by the worker, and after the end."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme.actions.saving import NotSaved
from supervision.actions import agreements, settling
from supervision.models import Agreement, Contest, HandOver, Session, SessionStatus
from tests.factories import UserFactory
from tests.supervision.pages import DAY, at, errors, log, page, plan, when

pytestmark = pytest.mark.django_db
S = SessionStatus


def status_of(session) -> str:
    session.refresh_from_db()
    return session.status


def end(agreement, days: int = 0, **changed) -> None:
    """As it is once its end lies some days back."""
    ended = timezone.localdate() - days * DAY
    Agreement.objects.filter(pk=agreement.pk).update(ended_on=ended, **changed)


def test_a_worker_says_what_became_of_a_session_whose_time_has_passed(agreement, worker):
    passed, ahead = plan(agreement, -1), plan(agreement, 1)

    answer = worker.post(page("cancel-session", passed), follow=True)
    assert "time has passed" in answer.text
    assert status_of(passed) == S.PLANNED
    with pytest.raises(NotSaved, match="begins on"):
        said = {"by": agreement.person.user, "day": at(0).date(), "at": timezone.now()}
        settling.settle_session(session=ahead, status=S.ATTENDED, **said)
    assert worker.get(page("settle-session", ahead)).status_code == 404
    worker.post(page("settle-session", passed), {"status": "attended"})

    agreement.refresh_from_db()
    assert (status_of(passed), agreement.last_attended_on) == (S.ATTENDED, at(-1).date())
    assert worker.get(page("settle-session", passed)).status_code == 404


@pytest.mark.parametrize("said", [S.CANCELLED_BY_WORKER, S.NOT_ATTENDED])
def test_what_a_supervisor_puts_on_the_worker_is_neithers_until_both_agree(
    agreement, supervisor, worker, said
):
    session = plan(agreement, -1)
    supervisor.post(page("settle-session", session), {"status": said})
    assert worker.post(page("contest-session", session), {"words": ""}).status_code == 200
    for _ in range(2):  # sent twice
        worker.post(page("contest-session", session), {"words": "I came. The door was shut."})

    assert status_of(session) == S.CONTESTED
    assert Contest.objects.get().was == said
    assert "The door was shut." in supervisor.get(page("session", session)).text
    own = supervisor.post(page("contest-session", session), {"words": "No"})
    assert "recorded already" in errors(own)
    refused = supervisor.post(page("settle-session", session), {"status": said})
    assert "status" in refused.context["form"].errors  # nobody decides it alone
    supervisor.post(page("settle-session", session), {"status": S.CANCELLED_BY_SUPERVISOR})

    assert status_of(session) == S.CANCELLED_BY_SUPERVISOR
    assert "The door was shut." in worker.get(page("session", session)).text


def test_a_worker_can_take_it_back_and_disagrees_with_what_was_written_instead(
    agreement, supervisor, worker
):
    session, held = plan(agreement, -2), log(agreement)
    supervisor.post(page("settle-session", session), {"status": S.NOT_ATTENDED})
    worker.post(page("contest-session", session), {"words": "I rang."})
    worker.post(page("settle-session", session), {"status": S.CANCELLED_BY_WORKER})

    answer = worker.post(page("contest-session", held), {"words": "It never was."})

    assert [status_of(one) for one in (session, held)] == [S.CANCELLED_BY_WORKER, S.ATTENDED]
    assert "recorded already" in errors(answer)


def test_a_worker_says_that_a_session_never_was_and_it_delivers_nothing(
    agreement, supervisor, worker
):
    session = plan(agreement, -1)
    supervisor.post(page("hold-session", session))
    agreement.refresh_from_db()
    before = agreement.last_attended_on
    worker.post(page("contest-session", session), {"words": "Nobody came."})

    agreement.refresh_from_db()
    assert (before, agreement.last_attended_on) == (at(-1).date(), None)
    refused = supervisor.post(page("settle-session", session), {"status": S.ATTENDED})
    assert "status" in refused.context["form"].errors
    supervisor.post(page("settle-session", session), {"status": S.CANCELLED_BY_SUPERVISOR})
    assert status_of(session) == S.CANCELLED_BY_SUPERVISOR


@pytest.mark.parametrize("said", [S.ATTENDED, S.CANCELLED_BY_SUPERVISOR])
def test_what_a_worker_recorded_the_supervisor_contests_without_putting_it_on_the_worker(
    agreement, supervisor, worker, said
):
    session = plan(agreement, -1)
    worker.post(page("settle-session", session), {"status": said})
    for _ in range(2):  # sent twice
        supervisor.post(page("contest-session", session), {"words": "You rang that morning."})

    assert status_of(session) == S.CONTESTED
    assert (Contest.objects.get().was, Contest.objects.get().by_worker) == (said, False)
    shown = worker.get(page("session", session)).text
    assert "You rang that morning." in shown
    assert "never counts against you" in shown
    for status in {*S.values} - {said}:  # nobody decides it alone, and none of it on the worker
        supervisor.post(page("settle-session", session), {"status": status})
    assert status_of(session) == S.CONTESTED
    worker.post(page("settle-session", session), {"status": S.CANCELLED_BY_WORKER})
    assert status_of(session) == S.CANCELLED_BY_WORKER


def test_who_comes_round_is_not_the_other_and_no_words_vanish(agreement, supervisor, worker):
    session = plan(agreement, -1)
    worker.post(page("settle-session", session), {"status": S.ATTENDED})
    supervisor.post(page("contest-session", session), {"words": "I was ill."})
    worker.post(page("settle-session", session), {"status": S.CANCELLED_BY_SUPERVISOR})
    supervisor.post(page("contest-session", session), {"words": "We had put it off."})
    supervisor.post(page("settle-session", session), {"status": S.CANCELLED_BY_SUPERVISOR})
    own = supervisor.post(page("contest-session", session), {"words": "After all not."})

    assert "recorded already" in errors(own)  # what one said oneself is not contested
    assert status_of(session) == S.CANCELLED_BY_SUPERVISOR
    assert [one.words for one in Contest.objects.all()] == ["I was ill.", "We had put it off."]
    assert "I was ill." in worker.get(page("session", session)).text


def test_what_is_not_agreed_stands_on_the_supervisors_page_without_its_words(
    agreement, supervisor, worker
):
    session = plan(agreement, -1)
    with CaptureQueriesContext(connection) as before:
        assert not supervisor.get("/supervision/").context["open"].contested
    supervisor.post(page("settle-session", session), {"status": S.NOT_ATTENDED})
    worker.post(page("contest-session", session), {"words": "OWL: I came."})

    with CaptureQueriesContext(connection) as queries:
        home = supervisor.get("/supervision/")

    listed = "<h2>Not agreed what became of it</h2>"
    assert (home.context["open"].begun, home.context["open"].contested) == ([], [session])
    assert len(queries) == len(before)  # what has begun and what is not agreed: one query
    assert listed in home.text
    assert "is not how they see it" in home.text
    assert f'href="{page("session", session)}"' in home.text
    assert "OWL" not in home.text
    supervisor.post(page("settle-session", session), {"status": S.CANCELLED_BY_SUPERVISOR})
    assert listed not in supervisor.get("/supervision/").text


def test_what_is_left_so_is_listed_for_twelve_weeks_and_after_the_end_for_four(
    agreement, supervisor, worker
):
    session = plan(agreement, -1)
    worker.post(page("settle-session", session), {"status": S.ATTENDED})
    supervisor.post(page("contest-session", session), {"words": "I was ill."})
    long_ago = plan(agreement, -100)
    said = timezone.now() - 84 * DAY - dt.timedelta(minutes=1)
    Session.objects.filter(pk=long_ago.pk).update(status=S.CONTESTED, settled_at=said)

    home = supervisor.get("/supervision/")
    end(agreement, 27, last_attended_on=at(-40).date())
    Session.objects.filter(pk=session.pk).update(starts_at=at(-30))
    after = supervisor.get("/supervision/")

    assert home.context["open"].contested == [session]
    assert "is not how the supervisor sees it" in home.text
    assert (after.context["open"].contested, after.context["unsettled"].contested) == (
        [],
        [session],
    )
    settle = page("settle-session", session)
    assert f'href="{settle}"' in after.text
    assert supervisor.get(settle).status_code == 200


def test_nobody_contests_a_session_of_others(agreement, supervisor, sign_in):
    session = plan(agreement, -1)
    supervisor.post(page("hold-session", session))
    stranger = sign_in(UserFactory())

    assert stranger.post(page("contest-session", session), {"words": "No"}).status_code == 404
    assert "recorded already" in errors(
        supervisor.post(page("contest-session", session), {"words": "No"})
    )


def test_after_the_end_what_had_passed_is_asked_for_and_what_was_ahead_is_called_off(
    agreement, supervisor, worker
):
    """The session of the morning on which it ends is one of those that had passed."""
    morning = plan(agreement, 0, starts_at=timezone.now() - dt.timedelta(minutes=5))
    ahead = plan(agreement, 0, starts_at=timezone.now() + dt.timedelta(minutes=5))
    passed = plan(agreement, -3)
    agreements.end(agreement=agreement, by=agreement.person.user, at=timezone.now())

    home = supervisor.get("/supervision/")
    assert home.status_code == 200
    assert supervisor.get(page("session", morning)).status_code == 404
    for session, said in ((morning, S.ATTENDED), (passed, S.CANCELLED_BY_SUPERVISOR)):
        assert supervisor.post(page("settle-session", session), {"status": said}).status_code == 302

    assert [status_of(one) for one in (morning, passed, ahead)] == [
        S.ATTENDED,
        S.CANCELLED_BY_SUPERVISOR,
        S.CANCELLED_BY_WORKER,
    ]
    late = plan(agreement, -30)
    end(agreement, 28)
    assert supervisor.get(page("settle-session", late)).status_code == 404
    worker.post(page("settle-session", late), {"status": S.CANCELLED_BY_SUPERVISOR})
    assert status_of(late) == S.CANCELLED_BY_SUPERVISOR


def test_for_four_weeks_a_former_supervisor_hands_over_and_records_what_was_held(
    agreement, supervisor, worker
):
    end(agreement, 27, last_attended_on=at(-40).date())
    unsettled = plan(agreement, -30)
    log, note = page("log-before-end", agreement), page("hand-over", agreement)

    shown = supervisor.get("/supervision/").context
    assert (shown["lately"], shown["unsettled"].begun) == ([agreement], [unsettled])
    assert "The agreement held from" in errors(supervisor.post(log, when(at(-26))))
    for _ in range(2):  # sent twice
        assert supervisor.post(log, when(at(-27))).status_code == 302
    supervisor.post(note, {"words": "Walks help him think."})
    supervisor.post(page("settle-session", unsettled), {"status": S.ATTENDED})

    agreement.refresh_from_db()
    assert Session.objects.attended().count() == 2
    assert (agreement.last_attended_on, agreement.due_on) == (at(-27).date(), None)
    assert HandOver.objects.get().words == "Walks help him think."
    assert supervisor.get(page("sessions", agreement)).status_code == 404
    end(agreement, 28)
    assert [supervisor.get(url).status_code for url in (log, note)] == [404, 404]
    assert worker.get(log).status_code == 404
    assert supervisor.get("/supervision/").context["lately"] == []
