"""What each kind is due for, whom it reaches, and when it is not due any more."""

import datetime as dt

import pytest
from django.utils import timezone

from notifications.actions import withdraw
from notifications.models import Message, Occasion, Wishes
from notifications.planning import plan, plan_rule
from notifications.rules import rules
from supervision.models import Agreement, BreakGlass, Session, SessionRecord, SessionStatus
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    PersonFactory,
    RhythmFactory,
    RoleGrantFactory,
    SiteFactory,
    TrainingSessionFactory,
    UserFactory,
)
from tests.factories.supervision import SessionFactory, TermsFactory
from tests.factories.wellbeing import ContactRequestFactory, WellnessPlanFactory

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
HEALTH_WORDS = ("peer", "mental", "health", "well", "supervis", "score", "check-in", "check in")


@pytest.fixture
def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def person():
    return PersonFactory(user=UserFactory(), site=SiteFactory())


@pytest.fixture
def agreement(person, today) -> Agreement:
    return TermsFactory(agreement__person=person, agreement__starts_on=today - 99 * DAY).agreement


def late(agreement: Agreement, days: int) -> None:
    due_on = timezone.localdate() - (days + 7) * DAY
    Agreement.objects.filter(pk=agreement.pk).update(due_on=due_on, grace_days=6)


def told(key: str) -> list:
    plan_rule(rules()[key], timezone.now())
    rows = Occasion.objects.filter(rule=key).order_by("sequence", "day")
    return [(row.recipient, row.sequence) for row in rows]


def still(key: str) -> bool:
    occasion = Occasion.objects.filter(rule=key).latest("created_at")
    return rules()[key].is_still_due(occasion, timezone.now())


def test_every_kind_has_words_that_tell_nothing():
    said = " ".join(rule.subject + " " + rule.words for rule in rules().values()).lower()

    assert len(rules()) == 15
    assert [word for word in HEALTH_WORDS if word in said] == []


@pytest.mark.parametrize(("days", "times"), [(-1, 0), (0, 1), (6, 1), (7, 2), (14, 2), (90, 2)])
def test_late_supervision_reaches_who_gives_it_once_and_a_week_later(agreement, days, times):
    late(agreement, days)

    assert told("supervision-overdue") == [
        (agreement.supervisor, number) for number in range(times)
    ]


def test_a_session_that_was_held_ends_the_reminder(agreement):
    late(agreement, 1)
    told("supervision-overdue")
    before = still("supervision-overdue")
    late(agreement, -30)

    assert (before, still("supervision-overdue")) == (True, False)


@pytest.mark.parametrize(("days", "number"), [(13, 0), (14, 1)])
def test_leads_of_the_site_are_told_after_two_weeks_and_no_others(agreement, person, days, number):
    lead = RoleGrantFactory(role="lead", site=person.site).user
    RoleGrantFactory(role="lead", site=SiteFactory())
    RoleGrantFactory(role="lead", user=person.user)  # never about themselves
    late(agreement, days)

    assert told("supervision-not-delivered") == [(lead, 0)] * number


def test_both_are_told_the_day_before_a_session_and_not_once_it_is_moved(agreement, person):
    session = SessionFactory(
        agreement=agreement,
        starts_at=timezone.now() + DAY,
        status=SessionStatus.PLANNED,
    )
    reached = told("session-tomorrow")
    before = still("session-tomorrow")
    Session.objects.filter(pk=session.pk).update(starts_at=timezone.now() + 9 * DAY)

    assert {user for user, _ in reached} == {agreement.supervisor, person.user}
    assert (before, still("session-tomorrow")) == (True, False)


def test_a_record_waits_for_its_worker_once_and_once_more_until_it_is_answered(agreement, person):
    session = SessionFactory(agreement=agreement, starts_at=timezone.now() - DAY)
    record = SessionRecord.objects.create(session=session)
    reached = told("record-to-confirm")
    before = still("record-to-confirm")
    record.state, record.agreed_at = "agreed", timezone.now()
    record.save()

    assert reached == [(person.user, 0), (person.user, 1)]
    assert (before, still("record-to-confirm")) == (True, False)


def opened(person, **fields) -> BreakGlass:
    """Records of somebody that two leads opened an hour ago."""
    now = timezone.now()
    asker, other = UserFactory(), UserFactory()
    fields = {"reason": "legal", "words": "Why", "hours": 2, "asked_at": now} | fields
    fields |= {"approved_at": now - HOUR, "closes_at": now + HOUR, "decided_by": other}
    return BreakGlass.objects.create(person=person, asked_by=asker, **fields)


def test_a_worker_is_told_that_records_were_opened_whatever_is_switched_off(person):
    opening = opened(person)
    opened(PersonFactory())  # without an account nobody can be told
    Wishes.objects.create(user=person.user, switched_off=["records-opened"])

    assert told("records-opened") == [(person.user, 0)]
    assert still("records-opened")
    message = Message.objects.get(channel="email")
    assert message.not_before >= opening.approved_at
    assert rules()["records-opened"].page(message.occasion) == "/supervision/opened/mine/"


def test_what_a_legal_duty_withholds_is_told_by_no_message(person):
    opened(person, withheld=True, withheld_words="Order 1")

    assert told("records-opened") == []


def test_who_wanted_to_be_asked_is_told_once_and_once_more_and_nobody_else_is(person, today):
    rhythm = RhythmFactory(person=person, next_on=today - DAY, settled_on=today - 9 * DAY)
    RoleGrantFactory(role="lead")
    reached = told("check-in-offered")
    before = still("check-in-offered")
    rhythm.settled_on = today
    rhythm.save()

    assert reached == [(person.user, 0), (person.user, 1)]
    assert (before, still("check-in-offered")) == (True, False)


def test_a_paused_rhythm_is_not_due(person, today):
    RhythmFactory(
        person=person, next_on=today - DAY, settled_on=today - 9 * DAY, not_before=today + DAY
    )

    assert told("check-in-offered") == []


@pytest.mark.parametrize(("days", "times"), [(-2, 0), (-1, 1), (2, 1), (3, 0)])
def test_who_chose_a_day_to_look_at_a_plan_again_is_told_once_and_nobody_else(
    person, today, days, times
):
    WellnessPlanFactory(person=person, review_on=today + days * DAY)
    RoleGrantFactory(role="lead", site=person.site)

    assert told("plan-to-review") == told("plan-to-review") == [(person.user, 0)] * times


def test_a_plan_whose_day_is_moved_or_whose_account_is_another_is_not_due(person, today):
    plan = WellnessPlanFactory(person=person, review_on=today)
    reached = told("plan-to-review")
    before = still("plan-to-review")
    plan.review_on = today + 9 * DAY
    plan.save()
    moved = still("plan-to-review")
    plan.review_on = today
    plan.save()
    person.user = UserFactory()
    person.save()

    assert (len(reached), before, moved, still("plan-to-review")) == (1, True, False, False)
    assert told("plan-to-review") == reached


def test_a_request_reaches_who_was_asked_then_the_stand_in_then_leads(person):
    owner, stand_in = UserFactory(), UserFactory()
    lead = RoleGrantFactory(role="lead", site=person.site).user
    request = ContactRequestFactory(person=person, owner=owner, stand_in=stand_in)

    assert told("contact-requested") == [(owner, 0), (stand_in, 1), (lead, 2)]
    moments = Message.objects.filter(channel="app").order_by("not_before")
    assert [row.not_before for row in moments] == [
        request.asked_at,
        request.answer_by,
        request.leads_from,
    ]


def test_trainees_are_told_the_day_before_and_who_left_is_not(person, today):
    cohort = CohortFactory(starts_on=today - 30 * DAY)
    TrainingSessionFactory(cohort=cohort, held_on=today + DAY)
    place = EnrolmentFactory(person=person, cohort=cohort, commenced_on=today - 20 * DAY)
    reached = told("training-tomorrow")
    before = still("training-tomorrow")
    place.outcome, place.outcome_on = "withdrew", today
    place.save()

    assert reached == [(person.user, 0)]
    assert (before, still("training-tomorrow")) == (True, False)


def test_planning_everything_takes_no_more_queries_for_more_people(
    agreement, today, django_assert_max_num_queries
):
    for _ in range(12):
        other = TermsFactory(agreement__starts_on=today - 99 * DAY).agreement
        late(other, 20)
    RoleGrantFactory(role="lead")

    with django_assert_max_num_queries(45):
        plan(timezone.now())


def test_a_session_that_was_held_takes_back_what_waits_unless_it_stands_for_more(agreement, today):
    other = TermsFactory(
        agreement__supervisor=agreement.supervisor, agreement__starts_on=today - 99 * DAY
    ).agreement
    late(agreement, 1)
    told("supervision-overdue")
    alone = withdraw(rules=["supervision-overdue"], about=[agreement.pk], at=timezone.now())
    late(agreement, 2)
    late(other, 2)
    told("supervision-overdue")
    of_both = withdraw(
        rules=["supervision-overdue"], about=[agreement.pk, other.pk], at=timezone.now()
    )

    assert (alone, of_both) == (2, 0)
