"""Check-ins: asked when one wants to be, answered once, lost never."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories import CheckInFactory, RhythmFactory
from tests.factories.wellbeing import five_questions
from tests.programme.pages import boxes, sent_by
from tests.wellbeing.pages import GIVEN, answers, names_of, url
from wellbeing.actions import checkins as actions
from wellbeing.asked import asked_of
from wellbeing.models import CheckIn, Rhythm

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SECRET = "Xylophon8"


@pytest.fixture
def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def rhythm(worker, today) -> Rhythm:
    """One that waits since yesterday."""
    return RhythmFactory(
        person=worker.person, weekday=0, next_on=today - DAY, settled_on=today - 20 * DAY
    )


def only() -> CheckIn:
    return CheckIn.objects.get()


# --- Being asked ----------------------------------------------------------------------------------


def test_nobody_is_asked_who_has_not_said_so(client, worker):
    assert asked_of(worker.person, timezone.now()).waits is None
    assert "Check in, if you like" not in client.get("/").text


def test_a_worker_chooses_a_rhythm_and_sees_beforehand_what_it_means(client, worker):
    chosen = {"every_days": "28", "weekday": "4", "hour": "8", "at_points": "on"}

    preview = client.post(url("rhythm"), chosen | {"preview": "yes"})
    nothing = Rhythm.objects.exists()
    client.post(url("rhythm"), chosen)

    rhythm = Rhythm.objects.get()
    assert "Nothing is saved yet" in preview.text
    assert not nothing
    assert f"{rhythm.next_on.day} {rhythm.next_on:%B}" in preview.text
    assert (rhythm.person, rhythm.every_days, rhythm.next_on.weekday()) == (worker.person, 28, 4)


def test_what_waits_stands_on_the_home_page_and_can_be_left_for_tomorrow(client, rhythm):
    before = client.get("/").text
    client.post(url("not-now"))
    after = client.get("/").text

    assert "Check in, if you like" in before
    assert "Check in, if you like" not in after


def test_skipping_leaves_no_trace_but_the_next_day(client, worker, rhythm, today):
    client.post(url("keep-check-in", "check-in"), {"q1": "1"})
    begun = CheckIn.objects.count()
    answered = RhythmFactory(
        person__user=None, weekday=0, next_on=rhythm.next_on, settled_on=rhythm.settled_on
    )

    client.post(url("skip"))
    actions._settle(answered.person, today)  # what finishing does

    rows = list(Rhythm.objects.values("next_on", "settled_on", "not_before").distinct())
    assert begun == 1
    assert not CheckIn.objects.exists()
    assert len(rows) == 1


def test_stop_asking_forgets_the_rhythm_and_keeps_what_was_written(client, worker, rhythm):
    CheckInFactory(person=worker.person)

    client.post(url("stop-asking"))

    assert not Rhythm.objects.exists()
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize(("days", "saved"), [(0, False), (1, True), (366, True), (367, False)])
def test_a_pause_ends_on_a_day_to_come_within_a_year(client, rhythm, today, days, saved):
    client.post(url("pause"), boxes("until", today + days * DAY))

    assert (Rhythm.objects.get().not_before is not None) == saved


def test_a_pause_can_end_sooner(client, rhythm, today):
    client.post(url("pause"), boxes("until", today + 30 * DAY))
    client.post(url("go-on"))

    assert "Check in, if you like" in client.get("/").text


# --- Answering ------------------------------------------------------------------------------------


def test_a_check_in_is_finished_once_and_the_next_one_is_a_period_later(client, rhythm, today):
    page = url("new-check-in")
    sent = sent_by(client, page) | names_of(GIVEN | {"line": "Zoë 王"})

    first, again = client.post(page, sent), client.post(page, sent)

    rhythm.refresh_from_db()
    row = only()
    assert row.answered == GIVEN | {"line": "Zoë 王"}
    assert row.occasion_on == today - DAY
    assert first.url == again.url == url("finished", row.pk)
    assert rhythm.settled_on == today
    assert rhythm.next_on > today


def test_every_question_may_be_left_out(client, worker):
    response = client.post(url("new-check-in"), sent_by(client, url("new-check-in")))

    assert response.url == url("finished", only().pk)
    assert only().answered == {}


def test_what_is_typed_is_kept_and_stands_there_again_on_another_device(client, worker):
    page = url("new-check-in")
    read = client.get(page).context["form"]["read"].value()

    kept = client.post(
        url("keep-check-in", "check-in"), names_of({"energy": "2", "line": "Rota"}) | {"read": read}
    ).json()
    form = client.get(page).context["form"]

    assert kept["read"] == form["read"].value() != read
    assert (form["q1"].value(), form["q6"].value()) == ("2", "Rota")
    assert only().finished_at is None
    assert "Nothing yet" in client.get(url("my-check-ins")).text


def test_one_question_at_a_time_ends_at_the_whole_form(client, worker):
    page = url("check-in-step", "check-in", 1)
    for name, answer in names_of(GIVEN | {"line": "Zoë"}).items():
        page = client.post(page, sent_by(client, page) | {name: answer}).url

    form = client.get(page).context["form"]
    assert page == url("new-of-questionnaire", "check-in")
    assert (form["q5"].value(), form["q6"].value()) == ("5", "Zoë")
    assert only().answered == GIVEN | {"line": "Zoë"}


def test_nothing_typed_is_no_check_in(client, worker):
    client.post(url("keep-check-in", "check-in"), {"q6": ""})

    assert not CheckIn.objects.exists()


def test_two_devices_at_once_lose_no_answer(client, worker):
    """The one that did not read the other's answers is shown both before anything is finished."""
    page = url("new-check-in")
    first = sent_by(client, page)
    second = sent_by(client, page)
    client.post(url("keep-check-in", "check-in"), first | names_of({"line": "From the phone"}))

    shown = client.post(page, second | names_of({"energy": "3"}))
    form = shown.context["form"]
    stands = {name: form[name].value() for name in form.fields if form[name].value()}
    finished = client.post(page, stands)

    assert only().answered == {"energy": "3", "line": "From the phone"}
    assert "Both are together here" in shown.text
    assert (form["q1"].value(), form["q6"].value()) == ("3", "From the phone")
    assert finished.status_code == 302


def test_a_second_device_learns_that_it_is_finished(client, worker):
    page = url("new-check-in")
    sent = sent_by(client, page)
    answers(client)

    late = client.post(page, sent | names_of({"energy": "1"}))
    kept = client.post(url("keep-check-in", "check-in"), sent | names_of({"energy": "1"}))

    assert "You have finished this one already" in late.text
    assert late.context["typed"][0].answer == "Hardly any"
    assert kept.status_code == 409
    assert only().answered == GIVEN


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_the_same_moment_it_is_one(worker, today):
    version, now = five_questions(), timezone.now()
    barrier, failed = threading.Barrier(2), []

    def send():
        try:
            barrier.wait()
            act = {"person": worker.person, "by": worker, "at": now, "day": today, "read": ""}
            actions.finish(version=version, occasion_on=today, answers=GIVEN, **act)
        except Exception as error:  # noqa: BLE001  shown below
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (failed, CheckIn.objects.count()) == ([], 1)


def test_who_has_checked_in_today_is_shown_it_instead_of_a_second_form(client, worker):
    answers(client)

    response = client.get(url("new-check-in"))

    assert response.url == url("check-in", only().pk)


@pytest.mark.parametrize("typed", ["a\0b", "x" * 301])
def test_what_cannot_be_kept_is_told_beside_its_field_and_nothing_is_lost(client, worker, typed):
    response = answers(client, line=typed)

    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"q6"}
    assert response.context["form"]["q1"].value() == "4"


@pytest.mark.parametrize("day", ["", "2099-01-01", "1999-01-01", "not a day", "2026-02-30"])
def test_a_day_that_somebody_made_up_is_today(client, worker, today, day):
    page = url("new-check-in")

    client.post(page, sent_by(client, page) | {"occasion": day} | names_of(GIVEN))

    assert only().occasion_on == today
