"""What falls due around training, posts and checks: who is told, when, and until when."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.models import Message, Occasion
from notifications.planning import plan_rule
from notifications.rules import rules
from supervision.models import ActionOwner
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    EmploymentCheckFactory,
    EnrolmentFactory,
    PersonFactory,
    PostFactory,
    ProbationReviewFactory,
    RoleGrantFactory,
    RoundFactory,
    SiteFactory,
    SpellFactory,
    TeamFactory,
    TrainingSessionFactory,
    UserFactory,
)
from tests.factories.recruitment import ApplicantFactory
from tests.factories.supervision import (
    AgreedActionFactory,
    SessionFactory,
    SessionRecordFactory,
    TermsFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def site():
    return SiteFactory()


@pytest.fixture
def lead(site):
    RoleGrantFactory(role="lead", site=SiteFactory())  # of another site: never told
    return RoleGrantFactory(role="lead", site=site).user


@pytest.fixture
def person(site):
    return PersonFactory(user=UserFactory(), site=site)


def told(key: str) -> list:
    plan_rule(rules()[key], timezone.now())
    rows = Occasion.objects.filter(rule=key).order_by("sequence", "day")
    return [(row.recipient, row.sequence) for row in rows]


def still(key: str) -> bool:
    occasion = Occasion.objects.filter(rule=key).latest("created_at")
    return rules()[key].is_still_due(occasion, timezone.now())


def spell(site, **values):
    return SpellFactory(post=PostFactory(team=TeamFactory(site=site)), **values)


# --- What was agreed on ---------------------------------------------------------------------------


def action(person, today, owner, **values):
    terms = TermsFactory(agreement__person=person, agreement__starts_on=today - 99 * DAY)
    session = SessionFactory(agreement=terms.agreement, starts_at=timezone.now() - 9 * DAY)
    return AgreedActionFactory(
        agreement=terms.agreement, agreed_in=session, owner=owner, due_on=today, **values
    )


def test_an_action_reaches_whichever_of_the_two_is_to_do_it_until_it_is_done(person, today, lead):
    own = action(person, today, ActionOwner.WORKER)
    theirs = action(person, today, ActionOwner.SUPERVISOR)
    reached = {who for who, _ in told("action-due")}
    before = still("action-due")
    for one in (own, theirs):
        one.done_on = today
        one.save()

    assert reached == {person.user, theirs.agreement.supervisor}
    assert (before, still("action-due")) == (True, False)


@pytest.mark.parametrize("agreed", [False, True])
def test_leads_are_told_of_the_organisations_actions_once_the_worker_agrees(
    person, today, lead, agreed
):
    one = action(person, today, ActionOwner.ORGANISATION)
    at = timezone.now() if agreed else None
    SessionRecordFactory(
        session=one.agreed_in, agreed_at=at, state="agreed" if agreed else "to_confirm"
    )

    assert told("action-due") == ([(lead, 0)] if agreed else [])


# --- A register -----------------------------------------------------------------------------------


def register(site, person, today, days: int):
    cohort = CohortFactory(site=site, starts_on=today - 60 * DAY)
    session = TrainingSessionFactory(cohort=cohort, held_on=today - days * DAY)
    place = EnrolmentFactory(person=person, cohort=cohort, commenced_on=today - 50 * DAY)
    return session, place


@pytest.mark.parametrize(
    ("days", "reached"),
    [(0, []), (1, ["trainer"]), (5, ["trainer", "lead"]), (7, ["lead"]), (13, [])],
)
def test_a_register_is_asked_of_trainers_the_day_after_and_of_leads_a_week_after(
    site, person, today, lead, days, reached
):
    trainer = RoleGrantFactory(role="trainer", site=site).user
    register(site, person, today, days)

    assert [who for who, _ in told("attendance-missing")] == [
        {"trainer": trainer, "lead": lead}[name] for name in reached
    ]


def test_without_a_trainer_leads_are_told_at_once_and_a_filled_register_ends_it(
    site, person, today, lead
):
    session, place = register(site, person, today, 1)
    reached = told("attendance-missing")
    before = still("attendance-missing")
    AttendanceFactory(session=session, enrolment=place, state="absent")

    assert reached == [(lead, 0)]
    assert (before, still("attendance-missing")) == (True, False)


# --- Posts and checks -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "number"), [(17, []), (16, [0]), (14, [0]), (8, []), (0, [1]), (-6, [])]
)
def test_a_probation_review_is_told_two_weeks_before_and_on_the_day(
    site, today, lead, days, number
):
    ProbationReviewFactory(spell=spell(site), due_on=today + days * DAY)

    assert told("probation-review") == [(lead, sequence) for sequence in number]


def test_a_review_that_was_held_is_not_told_and_never_to_a_lead_about_themselves(site, today, lead):
    own = PersonFactory(user=lead, site=site)
    ProbationReviewFactory(spell=spell(site, person=own), due_on=today)
    own_told = told("probation-review")
    review = ProbationReviewFactory(spell=spell(site), due_on=today)
    reached = told("probation-review")
    before = still("probation-review")
    review.held_on, review.outcome = today, "on_track"
    review.save()

    assert (own_told, reached) == ([], [(lead, 0 + 1)])
    assert (before, still("probation-review")) == (True, False)


@pytest.mark.parametrize(("days", "number"), [(87, []), (84, [0]), (50, []), (28, [1])])
def test_a_fixed_term_is_told_twelve_and_four_weeks_before_it_ends(site, today, lead, days, number):
    ends = today + days * DAY
    row = spell(site, contract="fixed_term", contract_ends_on=ends)

    assert told("fixed-term-end") == [(lead, sequence) for sequence in number]
    if number:
        before = still("fixed-term-end")
        row.contract_ends_on = ends + 90 * DAY
        row.save()
        assert (before, still("fixed-term-end")) == (True, False)


@pytest.mark.parametrize(
    ("turn", "days", "expected", "number"),
    [
        ("trust", 7, None, [0]),
        ("trust", 14, None, [1]),
        ("trust", 4, None, []),
        ("applicant", 7, None, []),
        ("applicant", 14, None, [0]),
        ("somebody_else", 7, 0, [0]),
    ],
)
def test_a_check_is_told_when_it_was_expected_or_has_not_moved(
    site, today, lead, turn, days, expected, number
):
    applicant = ApplicantFactory(round=RoundFactory(site=site), kind="checks")
    check = EmploymentCheckFactory(
        applicant=applicant,
        turn=turn,
        turn_since=today - days * DAY,
        expected_on=None if expected is None else today + expected * DAY,
    )

    assert told("employment-check") == [(lead, sequence) for sequence in number]
    if number:
        before = still("employment-check")
        check.turn_since, check.expected_on = today, today + 30 * DAY
        check.save()
        assert (before, still("employment-check")) == (True, False)


# --- All of them ----------------------------------------------------------------------------------


def test_one_message_stands_for_all_that_its_reader_is_told_that_day(site, today, lead):
    first, second = (ProbationReviewFactory(spell=spell(site), due_on=today) for _ in range(2))
    told("probation-review")
    rule, now = rules()["probation-review"], timezone.now()
    message = Message.objects.get(channel="app")

    stood = []
    for review in (first, second):
        review.held_on, review.outcome = today, "on_track"
        review.save()
        stood.append(rule.stands(message.occasion, now))

    assert stood == [True, False]


def statements(key: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        list(rules()[key].due(timezone.now()))
    return len(found)


def test_reading_what_is_due_takes_as_many_queries_for_three_as_for_one(site, person, today, lead):
    def make():
        other = PersonFactory(user=UserFactory(), site=site)
        action(other, today, ActionOwner.SUPERVISOR)
        register(site, other, today, 1)
        cohort = CohortFactory(site=site, starts_on=today - 60 * DAY)
        TrainingSessionFactory(cohort=cohort, held_on=today + DAY)
        EnrolmentFactory(person=other, cohort=cohort, commenced_on=today - 50 * DAY)
        ProbationReviewFactory(spell=spell(site), due_on=today)
        spell(site, contract="fixed_term", contract_ends_on=today + 28 * DAY)
        applicant = ApplicantFactory(round=RoundFactory(site=site), kind="checks")
        EmploymentCheckFactory(applicant=applicant, turn="trust", turn_since=today - 7 * DAY)

    make()
    one = {key: statements(key) for key in rules()}
    for _ in range(2):
        make()

    assert {key: statements(key) for key in rules()} == one
