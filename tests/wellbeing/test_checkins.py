"""Check-ins: answered once, lost never, and nobody else's."""

import datetime as dt
import json
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from accounts.roles import ROLES
from programme.looks import at as looks_at
from tests.factories import CheckInFactory, CheckInShareFactory, PersonFactory, RhythmFactory
from tests.factories.supervision import AgreementFactory, TermsFactory
from tests.factories.wellbeing import five_questions
from tests.programme.pages import boxes, queries_of, sent_by
from tests.wellbeing.pages import pages_of_others, tables_with, url
from wellbeing.actions import checkins as actions
from wellbeing.asked import asked_of
from wellbeing.models import CheckIn, CheckInShare, Rhythm

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SECRET = "Xylophon8"
GIVEN = {"energy": "4", "support": "5", "load": "2", "own_story": "4", "belonging": "5"}


@pytest.fixture
def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def rhythm(worker, today) -> Rhythm:
    """One that waits since yesterday."""
    return RhythmFactory(
        person=worker.person, weekday=0, next_on=today - DAY, settled_on=today - 20 * DAY
    )


def names_of(answers: dict) -> dict:
    """Answers as the form sends them."""
    order = ["energy", "support", "load", "own_story", "belonging", "line"]
    return {f"q{order.index(name) + 1}": answer for name, answer in answers.items()}


def answers(client, page: str = "", **given):
    page = page or url("new-check-in")
    return client.post(page, sent_by(client, page) | names_of(GIVEN | given))


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


# --- Afterwards -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("energy", "offered"), [("1", True), ("2", False)])
def test_after_a_low_answer_support_is_offered_and_nothing_is_sent(
    client, worker, mailoutbox, energy, offered
):
    page = client.get(answers(client, energy=energy).url).text

    assert ("Ask somebody to contact me" in page) == offered
    assert mailoutbox == []


def test_only_me_is_what_nobody_has_to_choose(client, worker):
    answers(client)

    assert not CheckInShare.objects.exists()
    assert not only().in_groups


def test_one_person_reads_one_check_in_until_it_is_taken_back(
    client, worker, supervisor, sign_in, today
):
    one, other = CheckInFactory.create_batch(2, person=worker.person, given={"line": SECRET})
    reader = sign_in(supervisor)

    client.post(url("share-check-in", one.pk), {"reader": str(supervisor.pk)})
    listed = reader.get(url("shared-with-me")).text
    read = reader.get(url("shared-check-in", one.pk))
    client.post(url("take-back-share", CheckInShare.objects.get().pk))
    after = reader.get(url("shared-check-in", one.pk))

    looks = list(looks_at(worker.person).values_list("viewer_id", "page"))
    assert url("shared-check-in", one.pk) in listed
    assert SECRET in read.text
    assert SECRET not in listed
    assert reader.get(url("shared-check-in", other.pk)).status_code == 404
    assert reader.get(url("check-in", one.pk)).status_code == 404
    assert after.status_code == 404
    assert looks == [(supervisor.pk, "wellbeing:shared-check-in")]


@pytest.mark.parametrize(("days", "status"), [(-1, 404), (0, 200), (1, 200)])
def test_a_share_ends_after_its_last_day(worker, supervisor, sign_in, today, days, status):
    share = CheckInShareFactory(
        check_in__person=worker.person, reader=supervisor, ends_on=today + days * DAY
    )

    response = sign_in(supervisor).get(url("shared-check-in", share.check_in_id))

    assert response.status_code == status


@pytest.mark.parametrize(("keep_open", "status"), [(False, 404), (True, 200)])
def test_a_share_ends_with_the_supervision_unless_the_worker_keeps_it_open(
    client, worker, supervisor, sign_in, today, keep_open, status
):
    begun = {"agreement__starts_on": today - 9 * DAY, "agreement__supervisor": supervisor}
    agreement = TermsFactory(agreement__person=worker.person, **begun).agreement
    row = CheckInFactory(person=worker.person)
    sent = {"reader": str(supervisor.pk)} | ({"keep_open": "on"} if keep_open else {})
    client.post(url("share-check-in", row.pk), sent)
    reader = sign_in(supervisor)

    during = reader.get(url("shared-check-in", row.pk)).status_code
    type(agreement).objects.filter(pk=agreement.pk).update(ended_on=today)

    assert (during, reader.get(url("shared-check-in", row.pk)).status_code) == (200, status)


def test_a_supervision_that_begins_tomorrow_is_none_yet(worker, supervisor, today):
    AgreementFactory(person=worker.person, supervisor=supervisor, starts_on=today + DAY)
    share = CheckInShareFactory(
        check_in__person=worker.person, reader=supervisor, while_supervising=True
    )

    from wellbeing.check_in_shares import check_in_shares_with

    assert share not in check_in_shares_with(supervisor, today)
    assert share in check_in_shares_with(supervisor, today + DAY)


def test_peer_workers_and_strangers_cannot_be_chosen(client, worker, user_with_role, site):
    row = CheckInFactory(person=worker.person)
    colleague = user_with_role("peer_worker", site=site)

    response = client.post(url("share-check-in", row.pk), {"reader": str(colleague.pk)})

    assert "reader" in response.context["form"].errors
    assert not CheckInShare.objects.exists()


def test_deleted_is_gone_also_for_readers(client, worker, supervisor):
    share = CheckInShareFactory(check_in__person=worker.person, reader=supervisor)
    CheckInFactory(person=worker.person)
    others = CheckInFactory()

    client.post(url("delete-check-in", share.check_in_id))
    one_less = CheckIn.objects.count()
    client.post(url("delete-check-ins"))

    assert one_less == 2
    assert list(CheckIn.objects.all()) == [others]
    assert not CheckInShare.objects.exists()


def test_nobody_acts_on_the_check_in_of_somebody_else(worker, supervisor):
    row = CheckInFactory(person=worker.person)

    for act in (
        lambda: actions.delete_one(check_in=row, by=supervisor),
        lambda: actions.write_note(check_in=row, by=supervisor, version="", note="x"),
        lambda: actions.stop_asking(person=worker.person, by=supervisor),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_trend_is_drawn_of_own_answers_only(client, worker):
    CheckInFactory(person=worker.person, given=GIVEN, note="My own note")
    CheckInFactory(given={"energy": "1"}, note=SECRET)

    page = client.get(url("trend"))
    picture = client.get(url("trend-svg", "check-in"))
    csv = b"".join(client.get(url("check-ins-csv"))).decode()
    downloaded = client.get(url("check-ins-json")).json()["check_ins"]

    assert "My own note" in page.text
    assert SECRET not in page.text + csv
    assert picture["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture["Cache-Control"]
    assert csv.count("\n") == 1 + 6
    assert [row["codes"] for row in downloaded] == [GIVEN]


def test_answers_go_out_as_a_fhir_response_that_names_nobody(client, worker):
    from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

    row = CheckInFactory(person=worker.person, given=GIVEN | {"line": "Rota"}, note=SECRET)

    content = client.get(url("check-in-fhir", row.pk)).content

    found = QuestionnaireResponse.model_validate_json(content)
    assert found.questionnaire == f"{row.version.url}|{row.version.number}"
    assert {one.linkId for one in found.item} >= {"energy", "line"}
    assert not any(word in content.decode() for word in (SECRET, "Łukasz", "Briain"))


@pytest.mark.parametrize("page", ["my-check-ins", "trend"])
def test_a_list_takes_as_many_queries_for_three_as_for_one(client, worker, supervisor, page):
    CheckInShareFactory(check_in__person=worker.person, reader=supervisor)
    one = queries_of(client, url(page))
    for _ in range(2):
        CheckInShareFactory(check_in__person=worker.person, reader=supervisor)

    assert queries_of(client, url(page)) == one


# --- Nobody else ----------------------------------------------------------------------------------


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
