"""The invented programme of the demonstration."""

from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from lxp import demonstration_history
from programme import feedback, learning
from programme.models import (
    Applicant,
    ApplicantMail,
    Attendance,
    Cohort,
    Employer,
    LearningRecord,
    Mentoring,
    Pathway,
    Person,
    ProbationReview,
    RequirementResult,
    SessionFeedback,
    Spell,
)
from supervision.models import Agreement, Session, SessionRecord
from wellbeing.models import BurdenFlag, ContactRequest, WellnessPlan

pytestmark = pytest.mark.django_db


def test_three_cohorts_over_four_years_at_two_employers(capsys):
    call_command("demo_history")
    call_command("demo_history")

    cohorts = Cohort.objects.order_by("starts_on").values_list("name", "starts_on__year")
    assert list(cohorts)[:3] == [
        ("Autumn 2022", 2022),
        ("Spring 2024", 2024),
        ("Autumn 2025", 2025),
    ]
    assert dict(Employer.objects.values_list("name", "kind")) == {
        "Example NHS Trust": "nhs",
        "Example Recovery Charity": "voluntary",
    }
    assert set(Spell.objects.values_list("post__employer__name", flat=True)) == {
        "Example NHS Trust",
        "Example Recovery Charity",
    }
    assert Person.objects.filter(reference__startswith="LXP-1").count() == 102
    _there_is_something_on_every_page_of_trainees_and_workers()
    _supervision_of_four_years()
    _private_things_of_the_peer_worker()
    assert capsys.readouterr().out.splitlines() == [
        "Added the invented programme.",
        "Already there.",
    ]


def test_the_latest_cohort_has_attendance_and_results_and_the_next_has_applicants():
    demonstration_history.load(at=timezone.now())

    latest = Cohort.objects.get(name="Autumn 2025")
    completed = latest.enrolments.filter(outcome="completed").count()
    assert latest.sessions.count() == 12
    assert Attendance.objects.filter(cohort=latest, enrolment__outcome="completed").count() == (
        completed * 12
    )
    missed = Attendance.objects.filter(
        cohort=latest, enrolment__outcome="completed", state__in=["absent", "apology"]
    )
    most = max(Counter(missed.values_list("enrolment", flat=True)).values())
    assert most <= 3  # of twelve: who completed came to three sessions in four
    results = RequirementResult.objects.filter(cohort=latest)
    assert Counter(results.values_list("result", flat=True)) == {"met": completed * 2, "repeat": 1}
    stages = Applicant.objects.submitted().values_list("stage__kind", flat=True)
    assert Counter(stages) == {
        "applied": 5,
        "shortlisting": 4,
        "interview": 3,
        "not_selected": 1,
        "on_hold": 1,
    }
    assert not ApplicantMail.objects.waiting(timezone.now()).exists()
    assert not Spell.objects.filter(started_on__gt=timezone.localdate()).exists()


def test_every_row_of_the_sheet_says_that_it_is_invented():
    rows = demonstration_history.SHEET.read_text(encoding="utf-8").splitlines()[1:]
    assert [row for row in rows if "Invented for demonstration" not in row] == []


def test_nothing_invented_is_loaded_into_a_deployment(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="do not belong in a deployment"):
        call_command("demo_history")
    assert not Person.objects.exists()


def _there_is_something_on_every_page_of_trainees_and_workers():
    running = Cohort.objects.get(places=14)
    assert running.enrolments.in_training_on(timezone.localdate()).count() == 12
    assert Mentoring.objects.open().filter(enrolment__cohort=running).count() == 8
    first = running.sessions.order_by("held_on").first()
    assert _summary(first).useful  # ten people or more answered, and no more can
    hours = LearningRecord.objects.filter(hours_shared=True).values_list("person", "hours")
    assert learning.shared(hours).hours is not None
    assert Spell.objects.filter(contract="fixed_term", ended_on=None).exists()
    assert [review.outcome for review in ProbationReview.objects.exclude(held_on=None)] == [
        "on_track"
    ]
    assert Pathway.objects.get().steps.count() == 3


def _summary(session):
    answers = SessionFeedback.objects.filter(session=session)
    rows = answers.values_list("useful", "able_to_take_part", "comment")
    return feedback.summary(
        session.held_on, [feedback.Answer(*row) for row in rows], timezone.localdate()
    )


def _supervision_of_four_years():
    """Whoever is in post has both kinds; a few are late; the peer worker finds words to read."""
    today = timezone.localdate()
    going_on = Agreement.objects.open_on(today)
    in_post = set(Spell.objects.in_post_on(today).values_list("person", flat=True))
    for key in ("line_management", "lived_experience"):
        assert set(going_on.filter(kind__key=key).values_list("person", flat=True)) == in_post
    years = set(Session.objects.attended().values_list("starts_at__year", flat=True))
    assert years == set(range(today.year - 4, today.year + 1))
    late = [one for one in going_on if one.due_on and one.overdue_from <= today]
    assert 0 < len(late) < going_on.count() / 2
    own = SessionRecord.objects.filter(session__person__user__email="peer@example.org")
    assert sorted(own.values_list("state", flat=True)) == ["agreed", "to_confirm"]


def _private_things_of_the_peer_worker():
    plan = WellnessPlan.objects.get(person__reference="LXP-004")
    written = [section.words for section in plan.sections.all() if section.words]
    assert len(written) == 5
    assert all("Invented" in words for words in written)
    assert plan.shares.count() == 1
    endings = ContactRequest.objects.order_by("asked_at").values_list("ending", flat=True)
    assert list(endings) == ["in_touch", ""]
    assert BurdenFlag.objects.filter(addressed_to__isnull=False).count() == 1
