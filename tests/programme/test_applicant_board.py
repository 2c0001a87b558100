"""Applicants of a round as a board and as a list, and moving them from stage to stage."""

import csv
import datetime as dt
import io
import threading

import pytest
from django.db import connection
from django.utils import timezone

from audit.models import Look
from programme.actions import moves
from programme.models import Applicant, EmploymentCheck, Round, StageMove
from programme.stage_rules import Standing, whose_turn, why_not
from tests.factories import (
    ApplicantFactory,
    EmploymentCheckFactory,
    InterviewSlotFactory,
    RoundFactory,
)
from tests.programme.pages import queries_of

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 4, 1, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def vacancy(db) -> Round:
    return RoundFactory(title="Peer support worker")


def url(shown: Round, rest: str) -> str:
    return f"/recruitment/{shown.pk}/{rest}"


def picked(*applicants: Applicant) -> list[str]:
    return [f"{row.pk}:{row.stage_id}" for row in applicants]


def send(client, shown: Round, kind: str, *applicants: Applicant, **data):
    """Choose applicants on the board and move them to the stage of a kind."""
    to = shown.stages.get(kind=kind)
    data = {"picked": picked(*applicants), "to": to.pk, "back": "board"} | data
    return client.post(url(shown, "move/"), data, follow=True)


def kinds(*applicants: Applicant) -> list[str]:
    return [Applicant.objects.get(pk=row.pk).stage.kind for row in applicants]


# --- Rules ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "to", "words"),
    [
        (Standing("applied"), "interview", ""),
        (Standing("interview"), "applied", ""),
        (Standing("on_hold"), "shortlisting", ""),
        (Standing("offer", offered=True), "interview", "go back"),
        (Standing("checks", offered=True, answer="accepted"), "offer", "go back"),
        (Standing("interview"), "checks", "no accepted offer"),
        (Standing("offer", offered=True, answer="accepted"), "checks", ""),
        (Standing("checks", offered=True, answer="accepted"), "appointed", "own page"),
        (Standing("not_selected"), "interview", "decided"),
        (Standing("withdrew"), "on_hold", "decided"),
        (Standing("appointed"), "not_selected", "decided"),
    ],
)
def test_which_moves_are_legal(now, to, words):
    said = why_not(now, to)
    assert (words in said) if words else said == ""


TODAY = dt.date(2026, 4, 10)


@pytest.mark.parametrize(
    ("now", "turn", "words"),
    [
        (Standing("shortlisting"), "trust", "The panel: score"),
        (Standing("interview", slots=True), "applicant", "choose an interview"),
        (Standing("interview", slots=True, booked=TODAY), "nobody", "Interview on 10 April"),
        (Standing("interview", booked=dt.date(2026, 4, 9)), "trust", "The panel: decide"),
        (Standing("offer", offered=True), "applicant", "answer the offer"),
        (
            Standing("checks", checks_recorded=True, check_turns=frozenset({"applicant"})),
            "applicant",
            "employment checks",
        ),
        (Standing("checks", checks_recorded=True), "trust", "agree the start"),
        (Standing("withdrew"), "nobody", "Nobody"),
    ],
)
def test_whose_turn_it_is(now, turn, words):
    said = whose_turn(now, TODAY)
    assert said[0] == turn
    assert words in said[1]


# --- The board and the list -----------------------------------------------------------------------


def test_the_board_shows_the_longest_waiting_and_how_many_there_are(
    lead_client, vacancy, monkeypatch
):
    monkeypatch.setattr("programme.applicants.CARDS", 2)
    for days in (3, 9, 6):
        at = timezone.now() - dt.timedelta(days)
        ApplicantFactory(round=vacancy, last_name=f"Waits {days}", submitted_at=at)
    ApplicantFactory(round=vacancy, kind="interview", last_name="Later")
    InterviewSlotFactory(round=vacancy)
    ApplicantFactory(last_name="Elsewhere")
    columns = {
        column.stage.kind: column
        for column in lead_client.get(url(vacancy, "board/")).context["columns"]
    }
    assert [(card.name, card.days) for card in columns["applied"].cards] == [
        ("Zoë Waits 9", 9),
        ("Zoë Waits 6", 6),
    ]
    assert columns["applied"].hidden == 1
    assert [card.next_step for card in columns["interview"].cards] == [
        "The applicant: choose an interview"
    ]
    assert columns["offer"].cards == []


def test_the_number_of_queries_does_not_grow(lead_client, vacancy):
    def one_of_each():
        ApplicantFactory(round=vacancy, last_name="Same")
        row = ApplicantFactory(round=vacancy, kind="checks", last_name="Same")
        EmploymentCheckFactory(applicant=row)

    one_of_each()
    pages = [url(vacancy, rest) for rest in ("board/", "applicants/", "applicants.xlsx")]
    one = [queries_of(lead_client, page) for page in pages]
    one_of_each()
    assert [queries_of(lead_client, page) for page in pages] == one
    assert max(one) <= 20


def test_the_list_is_filtered_and_downloads_the_same_rows(lead, lead_client, vacancy):
    held = ApplicantFactory(
        round=vacancy, kind="on_hold", first_name="=1+1", last_name="Łukasz", reason="timing"
    )
    ApplicantFactory(round=vacancy, last_name="Lukas")
    ApplicantFactory(round=vacancy, last_name="Other", kind="on_hold")
    address = f"?q=lukas&stage={held.stage_id}"
    page = lead_client.get(url(vacancy, f"applicants/{address}"))
    assert [row.pk for row, _ in page.context["rows"]] == [held.pk]
    answer = lead_client.get(url(vacancy, f"applicants.csv{address}"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["First name"], row["Last name"], row["Reason"]) == (
        "'=1+1",
        "Łukasz",
        "Not the right time",
    )
    looks = Look.objects.filter(page="programme:applicants-csv")
    assert [(look.viewer_id, look.subject_id) for look in looks] == [(lead.pk, held.pk)]


# --- Moving ---------------------------------------------------------------------------------------


def test_a_move_of_many_is_dated_and_says_by_whom(lead, lead_client, vacancy):
    rows = ApplicantFactory.create_batch(2, round=vacancy)
    before = timezone.now()
    answer = send(lead_client, vacancy, "interview", *rows)
    assert "2 applicants moved to “interview”" in answer.text
    assert kinds(*rows) == ["interview", "interview"]
    made = StageMove.objects.filter(from_stage__isnull=False)
    assert {(move.applicant_id, move.by_id, move.from_stage.kind) for move in made} == {
        (row.pk, lead.pk, "applied") for row in rows
    }
    assert all(before <= move.at <= timezone.now() for move in made)


def test_moving_more_takes_no_more_queries(lead, vacancy, django_assert_max_num_queries):
    rows = ApplicantFactory.create_batch(20, round=vacancy)
    stage = vacancy.stages.get(kind="shortlisting")
    with django_assert_max_num_queries(10):
        moves.move(
            in_round=vacancy,
            picked={row.pk: row.stage_id for row in rows},
            to=stage,
            by=lead,
            at=AT,
        )


def test_a_move_that_ends_asks_why_and_takes_only_a_reason_of_the_list(lead_client, vacancy):
    row = ApplicantFactory(round=vacancy)
    asked = send(lead_client, vacancy, "not_selected", row)
    assert "Others met the criteria more fully" in asked.text
    assert "Pay, hours or travel" not in asked.text
    assert kinds(row) == ["applied"]
    refused = send(lead_client, vacancy, "not_selected", row, reason="pay_or_hours")
    assert "Choose a reason from the list" in refused.text
    assert kinds(row) == ["applied"]
    send(lead_client, vacancy, "not_selected", row, reason="essential")
    row.refresh_from_db()
    assert (row.stage.kind, row.reason) == ("not_selected", "essential")


def test_of_two_leads_moving_one_applicant_the_second_is_told(lead, lead_client, vacancy):
    seen = ApplicantFactory(round=vacancy)
    other = ApplicantFactory(round=vacancy)
    send(lead_client, vacancy, "shortlisting", seen)
    answer = send(lead_client, vacancy, "interview", seen, other)
    assert f"has been moved to “shortlisting” by {lead.name} meanwhile" in answer.text
    assert kinds(seen, other) == ["shortlisting", "applied"]


def test_one_illegal_move_stops_all_and_is_named(lead_client, vacancy):
    fine = ApplicantFactory(round=vacancy, kind="offer", offered_on=None)
    offered = ApplicantFactory(
        round=vacancy, kind="offer", last_name="Offered", offered_on=dt.date(2026, 3, 20)
    )
    answer = send(lead_client, vacancy, "applied", fine, offered)
    assert "Zoë Offered has an offer" in answer.text
    assert kinds(fine, offered) == ["offer", "offer"]
    assert not StageMove.objects.filter(to_stage__kind="applied", from_stage__isnull=False).exists()


def test_forged_keys_move_nobody(lead_client, vacancy):
    row = ApplicantFactory(round=vacancy)
    stranger = ApplicantFactory()
    for forged in (
        {"to": stranger.stage_id},
        {"picked": [*picked(row), *picked(stranger)]},
        {"picked": ["not:keys"]},
        {"picked": [f"{row.pk}"]},
        {"picked": ["\0"]},
        {"picked": []},
        {"to": ""},
        {"back": "applicant", "picked": ["//example.org:x"]},
    ):
        answer = send(lead_client, vacancy, "interview", row, **forged)
        assert answer.status_code == 200
        assert "Important" in answer.text
    assert kinds(row, stranger) == ["applied", "applied"]


def test_nobody_moves_their_own_application(lead, lead_client, vacancy):
    own = ApplicantFactory(round=vacancy, email=lead.email.upper())
    assert "somebody else decides" in send(lead_client, vacancy, "interview", own).text
    assert kinds(own) == ["applied"]


def test_checks_begin_with_the_move_to_them(lead_client, vacancy):
    accepted = {
        "offered_on": dt.date(2026, 3, 20),
        "offer_answer": "accepted",
        "offer_answered_on": dt.date(2026, 3, 22),
    }
    row = ApplicantFactory(round=vacancy, kind="offer", **accepted)
    send(lead_client, vacancy, "checks", row)
    assert EmploymentCheck.objects.filter(applicant=row, outcome="waiting").count() == 6


def test_an_end_recorded_by_mistake_is_taken_back(lead_client, vacancy):
    row = ApplicantFactory(round=vacancy, kind="shortlisting")
    send(lead_client, vacancy, "not_selected", row, reason="no_place")
    answer = lead_client.post(url(vacancy, f"applicants/{row.pk}/back/"), follow=True)
    assert "They are at “shortlisting” again" in answer.text
    row.refresh_from_db()
    assert (row.stage.kind, row.reason) == ("shortlisting", "")
    again = lead_client.post(url(vacancy, f"applicants/{row.pk}/back/"), follow=True)
    assert "is on the way already" in again.text


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_the_same_moment_make_one(user_with_role):
    lead = user_with_role("lead")
    row = ApplicantFactory()
    start = threading.Barrier(2, timeout=10)
    answers = []

    def go(kind: str) -> None:
        try:
            start.wait()
            to = row.round.stages.get(kind=kind)
            moves.move(
                in_round=row.round, picked={row.pk: row.stage_id}, to=to, by=lead, at=timezone.now()
            )
            answers.append("moved")
        except moves.MoveRefused as refusal:
            answers.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=[kind]) for kind in ("shortlisting", "interview")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted("meanwhile" in answer for answer in answers) == [False, True]
    assert StageMove.objects.filter(applicant=row, from_stage__isnull=False).count() == 1


# --- One applicant --------------------------------------------------------------------------------


def test_the_page_of_an_applicant_keeps_what_is_for_the_panel_or_the_coordinator(
    lead, lead_client, vacancy
):
    row = ApplicantFactory(
        round=vacancy, statement="how I would use it", adjustments="a hearing loop"
    )
    page = lead_client.get(url(vacancy, f"applicants/{row.pk}/"))
    assert "how I would use it" not in page.text
    assert "a hearing loop" in page.text
    vacancy.panel_members.create(user=lead)
    page = lead_client.get(url(vacancy, f"applicants/{row.pk}/"))
    assert "a hearing loop" not in page.text
    assert Look.objects.filter(subject_id=row.pk, page="programme:applicant").count() == 2
