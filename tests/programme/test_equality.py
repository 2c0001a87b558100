"""Equality answers are read as totals of the whole programme, with small numbers hidden."""

import csv
import datetime as dt
import io
import json

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from programme.disclosure import DEFAULT
from programme.equality import NO_ANSWER, published_answers, released
from programme.models import EqualityAnswers
from tests.factories import RoundFactory
from tests.programme.pages import queries_of

WINTER, SPRING, SUMMER = (dt.date(2026, month, 1) for month in (1, 4, 7))
PAGE = "/recruitment/equality/"


def shown(questions, words: str) -> dict[str, int | None]:
    [rows] = [question.rows for question in questions if words in question.words]
    return {row.answer: row.people for row in rows}


def given(**counts: int) -> list[dict[str, str]]:
    """Answers about disability, so many each; `none` answered another question only."""
    return [
        {"carer": "no"} if answer == "none" else {"disability": answer}
        for answer, number in counts.items()
        for _ in range(number)
    ]


def test_small_numbers_and_what_gives_them_away_are_hidden_and_the_rest_is_rounded():
    people, questions = published_answers(given(yes=13, no=52, none=3), DEFAULT)

    assert people == 70
    # 3 is hidden, and the smallest beside it: the total would give it away.
    assert shown(questions, "disabled") == {
        "Yes": None,
        "No": 50,
        "Prefer not to say": 0,
        NO_ANSWER: None,
    }
    [row] = [row for question in questions for row in question.rows if row.people == 50]
    assert row.share == 0.71  # of the rounded numbers


@pytest.mark.parametrize("few", range(1, 8))
def test_no_hidden_number_is_what_is_left_of_the_total_in_any_question(few):
    """The total is one for all questions, so hiding it beside one of them would be no use."""
    answers = given(yes=few, no=40, none=9) + [{"sex": "Male"}] * few + [{"sex": "Female"}] * 20
    people, questions = published_answers(answers, DEFAULT)
    hidden = [[row.people for row in question.rows].count(None) for question in questions]

    assert shown(questions, "disabled")["Yes"] is None
    assert shown(questions, "your sex")["Male"] is None
    assert people is None or 1 not in hidden


def test_ethnic_groups_are_put_together_as_the_form_heads_them():
    answers = [{"ethnicity": f"White: {word}"} for word in ("British", "Irish")] * 10
    _, questions = published_answers([*answers, *[{"ethnicity": "Chinese"}] * 10], DEFAULT)

    assert shown(questions, "ethnic")["White"] == 20
    assert shown(questions, "ethnic")["Chinese"] == 10


def test_of_fewer_than_ten_nothing_is_shown():
    assert published_answers(given(yes=9), DEFAULT) == (None, [])
    people, questions = published_answers(given(yes=10), DEFAULT)
    assert (people, len(questions)) == (10, 8)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [((10, 4, 6), 20), ((10, 4, 5), 10), ((4, 6, 10), 20), ((9, 0, 0), 0)],
)
def test_the_answers_of_a_few_wait_for_those_of_the_next_quarter(numbers, expected):
    quarters = zip((WINTER, SPRING, SUMMER), numbers, strict=True)
    quarters = {quarter: given(yes=number) for quarter, number in quarters}

    assert len(released(quarters, DEFAULT)) == expected


@pytest.fixture
def answered(db) -> None:
    """Twenty-four answers of the winter and forty of the spring, at two sites."""
    for quarter, number in ((WINTER, 24), (SPRING, 40)):
        rounds = RoundFactory.create_batch(2)
        EqualityAnswers.objects.bulk_create(
            EqualityAnswers(
                round=rounds[one % 2],
                quarter=quarter,
                answers=json.dumps({"sex": "Female" if one % 4 else "Male"}),
            )
            for one in range(number)
        )


@pytest.mark.usefixtures("answered")
def test_the_page_is_of_the_whole_programme_and_of_quarters_that_have_ended(
    user_with_role, sign_in, lead_client
):
    with time_machine.travel("2026-06-30T12:00:00+00:00"):
        limited = sign_in(user_with_role("lead", site=RoundFactory().site))
        figures = limited.get(PAGE).context["figures"]
        assert (figures.as_at, figures.people) == (dt.date(2026, 3, 31), 25)
    with time_machine.travel("2026-07-01T12:00:00+00:00"):
        figures = lead_client.get(PAGE, {"mode": "internal"}).context["figures"]
        assert (figures.as_at, figures.people) == (dt.date(2026, 6, 30), 65)
        one = queries_of(lead_client, PAGE)
        EqualityAnswers.objects.filter(quarter=WINTER).delete()
        assert queries_of(lead_client, PAGE) == one <= 20


@pytest.mark.usefixtures("answered")
def test_the_files_hold_the_cells_of_the_page(lead_client):
    with time_machine.travel("2026-07-01T12:00:00+00:00"):
        tables = lead_client.get(PAGE).context["tables"]
        text = lead_client.get("/recruitment/equality.csv?mode=published").getvalue().decode()
        book = lead_client.get("/recruitment/equality.xlsx?mode=published").getvalue()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()

    cells = [(words, answer, people) for words, listed in tables for answer, people, _ in listed]
    assert [tuple(row[2:5]) for row in rows[1:]] == cells
    assert [(*row[2:4], number(row[4])) for row in sheet[1:]] == cells
    assert {tuple(row[:2]) for row in rows[1:]} == {("2026-06-30", "published")}


def number(cell) -> str:
    return cell if isinstance(cell, str) else f"{cell:.0f}"


@pytest.mark.django_db
def test_without_answers_the_page_says_when_there_will_be_numbers(lead_client):
    text = lead_client.get(PAGE).text
    assert "Too few answers yet" in text
    assert "when 10 people have answered" in " ".join(text.split())
