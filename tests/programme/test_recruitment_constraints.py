"""What the database itself refuses of rounds, applications and their steps."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F

from programme.models import Applicant, NotADuplicate, Round, StageMove
from tests.factories import (
    ApplicantFactory,
    CohortFactory,
    DraftFactory,
    EmploymentCheckFactory,
    InterviewSlotFactory,
    PanelMemberFactory,
    PanelScoreFactory,
    RoundFactory,
    RoundQuestionFactory,
    UserFactory,
)
from tests.factories.recruitment import SENT_AT

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


def refused(make, *args, **fields) -> str:
    """The name of the constraint that refuses a row."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make(*args, **fields)
    return caught.value.__cause__.diag.constraint_name


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"closes_on": dt.date(2026, 1, 4)}, "round_closes_after_opening"),
        ({"places": 0}, "round_has_places"),
        ({"post": None}, "round_for_post_or_cohort"),
        ({"published_on": None}, "round_state_dated"),
        ({"state": "closed"}, "round_state_dated"),
    ],
)
def test_a_round_that_contradicts_itself_is_refused(fields, constraint):
    assert refused(RoundFactory, **fields) == constraint


def test_an_intake_is_for_a_cohort_and_for_no_post():
    RoundFactory(kind="intake")
    assert refused(RoundFactory, kind="vacancy", cohort=CohortFactory()) == (
        "round_for_post_or_cohort"
    )


def test_a_round_has_one_stage_of_each_kind_that_every_round_has():
    made = RoundFactory()
    applied = {"kind": "applied", "name": "Again", "position": 2}
    assert refused(made.stages.create, **applied) == "round_stage_once_where_always"
    made.stages.create(kind="interview", name="Second interview", position=4)


def test_an_application_stands_at_a_stage_of_its_own_round():
    applicant, other = ApplicantFactory(), RoundFactory()
    stage = other.stages.get(kind="applied")
    move = Applicant.objects.filter(pk=applicant.pk).update
    assert refused(move, stage=stage) == "applicant_stage_of_own_round"


def test_a_draft_has_no_stage_and_what_was_sent_has_one():
    draft = DraftFactory()
    stage = draft.round.stages.get(kind="applied")
    change = Applicant.objects.filter(pk=draft.pk).update
    assert refused(change, stage=stage) == "applicant_sent_has_stage"
    assert refused(change, submitted_at=SENT_AT) == "applicant_sent_has_stage"


def test_an_offer_answer_needs_the_offer_and_its_day():
    applicant = ApplicantFactory(kind="offer", offered_on=DAY)
    change = Applicant.objects.filter(pk=applicant.pk).update
    assert refused(change, offer_answer="accepted") == "applicant_offer_answer_dated"
    assert refused(change, offered_on=None, offer_reply_by=DAY) == "applicant_offer_dated"


def test_a_move_is_never_changed():
    move = StageMove.objects.get(applicant=ApplicantFactory())
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        StageMove.objects.filter(pk=move.pk).update(at=F("at") + dt.timedelta(days=1))
    assert refused(
        StageMove.objects.create,
        applicant=move.applicant,
        from_stage=move.to_stage,
        to_stage=move.to_stage,
        at=SENT_AT,
    ) == ("move_goes_somewhere")


def test_a_panel_member_scores_a_criterion_of_an_application_once():
    score = PanelScoreFactory()
    again = {"applicant": score.applicant, "member": score.member, "criterion": score.criterion}
    assert refused(PanelScoreFactory, **again) == "panel_score_once"
    assert refused(PanelMemberFactory, round=score.applicant.round, user=score.member.user) == (
        "panel_member_once_a_round"
    )
    assert refused(PanelScoreFactory, score=11) == "panel_score_in_range"


def test_a_check_has_its_outcome_date_and_checker_together():
    check = EmploymentCheckFactory()
    assert refused(EmploymentCheckFactory, applicant=check.applicant) == "check_once"
    assert refused(EmploymentCheckFactory, outcome="clear") == "check_outcome_dated"
    done = {"outcome_on": DAY, "checker": UserFactory(), "turn": "nobody"}
    assert refused(EmploymentCheckFactory, outcome="with_adjustments", **done) == (
        "check_adjustments_of_health"
    )
    EmploymentCheckFactory(standard="health", outcome="with_adjustments", **done)


def test_two_people_are_marked_as_no_duplicates_once_and_in_order():
    first, second = sorted([ApplicantFactory(), ApplicantFactory()], key=lambda one: one.pk)
    marked = {"by": UserFactory(), "at": SENT_AT}
    NotADuplicate.objects.create(first=first, second=second, **marked)
    assert refused(NotADuplicate.objects.create, first=second, second=first, **marked) == (
        "not_a_duplicate_in_order"
    )


def test_a_slot_has_room_and_a_list_has_its_choices():
    assert refused(InterviewSlotFactory, capacity=0) == "slot_has_room"
    assert refused(RoundQuestionFactory, kind="choice") == "round_question_choices_for_list"


# --- Who sees what --------------------------------------------------------------------------------


def test_a_lead_sees_rounds_and_sent_applications_of_their_site(user_with_role):
    applicant, elsewhere = ApplicantFactory(), ApplicantFactory()
    DraftFactory(round=applicant.round)
    lead = user_with_role("lead", site=applicant.round.site)

    assert list(Round.objects.visible_to(lead)) == [applicant.round]
    assert list(Applicant.objects.visible_to(lead)) == [applicant]
    everything = Applicant.objects.visible_to(user_with_role("lead"))
    assert set(everything) == {applicant, elsewhere}


def test_a_panel_member_sees_only_what_their_panel_scores_now(user_with_role):
    member = user_with_role("panel_member")
    scored = ApplicantFactory(kind="shortlisting")
    ApplicantFactory(kind="shortlisting")
    for kind in ("applied", "offer", "not_selected"):
        ApplicantFactory(round=scored.round, kind=kind)
    PanelMemberFactory(round=scored.round, user=member)

    assert list(Round.objects.visible_to(member)) == []
    assert list(Applicant.objects.visible_to(member)) == []
    assert list(Round.objects.scored_by(member)) == [scored.round]
    assert list(Applicant.objects.scored_by(member)) == [scored]


def test_a_seat_without_the_role_opens_nothing(user_with_role):
    trainer = user_with_role("trainer")
    scored = ApplicantFactory(kind="shortlisting")
    PanelMemberFactory(round=scored.round, user=trainer)

    assert list(Applicant.objects.scored_by(trainer)) == []
