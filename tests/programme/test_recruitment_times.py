"""How long recruitment takes: medians and centiles with those who still wait counted."""

import datetime as dt

import pytest
from django.utils import timezone

from programme.models import StageMove
from programme.waits import Spread, spread
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
    start = timezone.now() - dt.timedelta(days=100)
    shown = RoundFactory(published_on=timezone.localdate(start))
    hired, ended, waits = ApplicantFactory.create_batch(3, round=shown, submitted_at=start)
    went_on(hired, "interview", 10)
    went_on(hired, "appointed", 40)
    went_on(ended, "not_selected", 20)
    ApplicantFactory()
    context = lead_client.get(f"/recruitment/{shown.pk}/times/").context
    assert dict(context["stages"]) == {
        "applied": Spread(2, 1, 20, None),
        "interview": Spread(1, 0, 30, 30),
    }
    assert context["hire"] == Spread(1, 1, 40, None)
    assert context["waiting"] == [(waits, 100)]


@pytest.mark.django_db
def test_the_figures_of_all_rounds_go_by_kind_of_stage(lead_client):
    for name in ("Sift", "Reading"):
        shown = RoundFactory()
        shown.stages.filter(kind="applied").update(name=name)
        went_on(ApplicantFactory(round=shown), "shortlisting", 4)
    one = queries_of(lead_client, "/recruitment/figures/")
    stages = dict(lead_client.get("/recruitment/figures/").context["stages"])
    assert stages["Applied"] == Spread(2, 0, 4, 4)
    ApplicantFactory.create_batch(2)
    assert queries_of(lead_client, "/recruitment/figures/") == one <= 20
