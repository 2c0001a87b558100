"""How long recruitment takes: medians and centiles with those who still wait counted."""

import csv
import datetime as dt
import io

import pytest
import time_machine
from django.utils import timezone
from python_calamine import CalamineWorkbook

from programme.disclosure import DEFAULT
from programme.models import StageMove
from programme.waits import Spread, spread
from programme.waits_shown import Row, published
from tests.factories import ApplicantFactory, RoundFactory
from tests.programme.pages import queries_of


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], Spread(0, 0, None, None)),
        ([(10, True), (20, True), (30, True), (40, True)], Spread(4, 0, 20, 40)),
        ([(day, True) for day in range(1, 11)], Spread(10, 0, 5, 9)),
        # One of two has ended; the other waits longer than anybody: only half is known.
        ([(10, True), (50, False)], Spread(1, 1, 10, None)),
        # Kaplan–Meier: 3/4 left after day 10, then 3/4 × 1/2 = 3/8 after day 30.
        ([(10, True), (20, False), (30, True), (40, False)], Spread(2, 2, 30, None)),
        ([(5, False)], Spread(0, 1, None, None)),
    ],
)
def test_who_still_waits_counts_as_waiting(days, expected):
    assert spread(days) == expected


def went_on(applicant, kind: str, days: int) -> None:
    """Move an application some days after it was sent."""
    to = applicant.round.stages.get(kind=kind)
    at = applicant.submitted_at + dt.timedelta(days=days)
    StageMove.objects.create(applicant=applicant, from_stage=applicant.stage, to_stage=to, at=at)
    applicant.stage, applicant.stage_since = to, at
    applicant.save(update_fields=["stage", "stage_since"])


@pytest.mark.django_db
def test_the_page_of_a_round_says_how_long_and_who_is_stuck(lead_client):
    # At noon: near midnight a day of summer time is another one than in winter's.
    start = timezone.localtime().replace(hour=12) - dt.timedelta(days=100)
    shown = RoundFactory(published_on=timezone.localdate(start))
    hired, ended, waits = ApplicantFactory.create_batch(3, round=shown, submitted_at=start)
    went_on(hired, "interview", 10)
    went_on(hired, "appointed", 40)
    went_on(ended, "not_selected", 20)
    ApplicantFactory()
    context = lead_client.get(f"/recruitment/{shown.pk}/times/").context
    assert context["stages"] == [
        Row("applied", median=20, centile_90=None, ended=2, waiting=1),
        Row("interview", median=30, centile_90=30, ended=1, waiting=0),
    ]
    assert context["hire"][1:] == (40, None, 1, 1)
    assert context["waiting"] == [(waits, 100)]


@pytest.mark.django_db
def test_the_figures_of_all_rounds_go_by_kind_of_stage(lead_client):
    for name in ("Sift", "Reading"):
        shown = RoundFactory()
        shown.stages.filter(kind="applied").update(name=name)
        went_on(ApplicantFactory(round=shown), "shortlisting", 4)
    one = queries_of(lead_client, "/recruitment/figures/")
    stages = lead_client.get("/recruitment/figures/").context["stages"]
    assert stages[0] == Row("Applied", median=4, centile_90=4, ended=2, waiting=0)
    ApplicantFactory.create_batch(2)
    assert queries_of(lead_client, "/recruitment/figures/") == one <= 20


# --- Published ------------------------------------------------------------------------------------


def test_small_counts_are_hidden_with_what_would_tell_them_and_days_need_ten_people():
    hire = Spread(ended=14, waiting=27, median=60, centile_90=90)
    stages = {
        "Applied": Spread(61, 12, 10, 20),
        "Interview": Spread(40, 12, 15, None),
        "Offer": Spread(9, 3, 5, 8),
    }
    rows = {row.name: row[1:] for row in published(hire, stages, DEFAULT)}

    assert rows["Offer"] == ("*", "*", 10, "*")  # of nine: no median
    assert rows["Time to hire"] == (60, 90, 15, 25)
    # There now: 12 + 12 + 3 = 27, which is shown, so that one 12 is hidden beside the 3.
    assert [rows[name][3] for name in ("Applied", "Interview")].count("*") == 1
    assert (rows["Applied"][2], rows["Interview"][:2]) == (60, (15, None))


@pytest.mark.django_db
@time_machine.travel("2026-07-14T12:00:00+00:00", tick=False)
def test_published_times_are_of_the_whole_programme_at_the_end_of_a_quarter_and_name_nobody(
    user_with_role, sign_in
):
    shown, other = RoundFactory.create_batch(2)
    for row in ApplicantFactory.create_batch(12, round=other):
        went_on(row, "interview", 10)
        went_on(row, "appointed", 131)  # in July
    ApplicantFactory.create_batch(9, round=shown)
    limited = sign_in(user_with_role("lead", site=shown.site))

    assert limited.get("/recruitment/figures/").context["hire"].waiting == 9
    page = limited.get("/recruitment/figures/?mode=published")
    assert page.context["as_at"] == dt.date(2026, 6, 30)
    assert page.context["waiting"] == []
    assert [row.name for row in page.context["stages"]] == ["Applied", "Interview"]
    assert page.context["stages"][0][1:] == (10, None, 10, 10)
    assert (page.context["hire"].ended, page.context["hire"].waiting) == (0, 20)
    one = limited.get(f"/recruitment/{shown.pk}/times/?mode=published").context
    assert (one["hire"], one["stages"]) == (page.context["hire"], page.context["stages"])


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["internal", "published"])
def test_the_files_hold_the_cells_of_the_page_in_its_mode(lead_client, mode):
    shown = RoundFactory()  # all of it in a quarter that has ended
    for row in ApplicantFactory.create_batch(3, round=shown):
        went_on(row, "interview", 4)
    for page, file in (
        ("/recruitment/figures/", "/recruitment/figures"),
        (f"/recruitment/{shown.pk}/times/", f"/recruitment/{shown.pk}/times"),
    ):
        context = lead_client.get(page, {"mode": mode}).context
        cells = [[str("" if one is None else one) for one in row] for row in context["stages"]]
        text = lead_client.get(f"{file}.csv", {"mode": mode}).getvalue().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))[1:]
        book = lead_client.get(f"{file}.xlsx", {"mode": mode}).getvalue()
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()

        assert [row[2:] for row in rows[1:]] == cells
        assert {row[1] for row in rows} == {mode}
        assert [row[2] for row in sheet[1:]] == [row[2] for row in rows]
        assert ("*" in text) == (mode == "published")
