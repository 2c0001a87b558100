"""How a trainee stands on what is asked, worked out without the database."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from programme.models import Requirement, RequirementResult
from programme.requirements import Attended, in_words, missing, standings

NO_HOURS, NEVER = Decimal(0), Attended()


def asked(kind: str = "task", amount=None, name: str = "Essay") -> Requirement:
    return Requirement(kind=kind, amount=amount and Decimal(amount), name=name)


def result(of: Requirement, what: str, day: int, hour: int = 12) -> RequirementResult:
    at = dt.datetime(2022, 3, day, hour, tzinfo=dt.UTC)
    return RequirementResult(
        id=uuid.uuid4(), requirement=of, result=what, decided_on=at.date(), recorded_at=at
    )


def state(of: Requirement, *results, attended=NEVER, hours=NO_HOURS) -> tuple[str, bool]:
    [standing] = standings([of], results, attended, hours)
    return standing.state, standing.is_met


def test_the_latest_result_holds_and_asking_to_repeat_is_one_of_them():
    essay = asked()
    handed_in, repeat = result(essay, "submitted", 1), result(essay, "repeat", 8)
    met = result(essay, "met", 20)
    assert state(essay) == ("Not yet", False)
    assert state(essay, handed_in) == ("Handed in", False)
    assert state(essay, repeat, handed_in) == ("Asked to repeat", False)
    assert state(essay, met, repeat, handed_in) == ("Met", True)


def test_of_two_results_of_one_day_the_one_recorded_later_holds():
    essay = asked()
    assert state(essay, result(essay, "met", 8, 16), result(essay, "repeat", 8, 9))[1]
    assert not state(essay, result(essay, "met", 8, 9), result(essay, "repeat", 8, 16))[1]


def test_prior_learning_meets_a_requirement():
    essay = asked()
    assert state(essay, result(essay, "recognised", 1)) == ("Prior learning recognised", True)


@pytest.mark.parametrize(
    ("attended", "expected"),
    [
        (Attended(sessions=12, present=9, to_come=3), ("Not yet", False)),
        (Attended(sessions=12, present=9, not_marked=1), ("Not yet", False)),
        (Attended(sessions=12, present=9), ("Out of reach", False)),
        (Attended(sessions=10, present=8), ("Met", True)),
        (Attended(sessions=10, present=8, to_come=2), ("Met", True)),
        (Attended(), ("Not yet", False)),
    ],
)
def test_attendance_is_a_share_of_all_sessions_those_to_come_included(attended, expected):
    assert state(asked("attendance", 80), attended=attended) == expected


def test_attendance_is_put_in_words():
    attended = Attended(sessions=12, present=9, in_part=1, to_come=2, not_marked=1)
    [standing] = standings([asked("attendance", 80)], [], attended, NO_HOURS)
    assert standing.words == (
        "9 of 12 sessions attended (75%), 1 of them in part, 2 still to come, 1 not marked yet; "
        "80% is asked for."
    )


def test_a_placement_is_met_by_its_hours_or_by_prior_learning():
    placement = asked("placement", "22.5")
    assert state(placement, hours=Decimal("22.25")) == ("Not yet", False)
    assert state(placement, hours=Decimal("22.50")) == ("Met", True)
    assert state(placement, result(placement, "recognised", 1)) == (
        "Prior learning recognised",
        True,
    )


def test_what_is_missing_is_named():
    essay, talk = asked(), asked(name="Talk")
    talk.pk = uuid.uuid4()
    found = standings([essay, talk], [result(essay, "met", 1)], Attended(), NO_HOURS)
    assert [standing.requirement.name for standing in missing(found)] == ["Talk"]
    assert in_words(found) == "1 of 2 met."
    assert in_words(found[:1]) == "Everything that is asked for is met."
