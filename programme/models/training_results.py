"""What came of the requirements for each trainee, completion, and mentoring."""

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from programme.models.people import Person
from programme.models.training import Cohort, Enrolment
from programme.models.training_programmes import ProgrammeVersion, Requirement


class OfEnrolmentQuerySet(models.QuerySet):
    """What belongs to a place in a cohort: seen by whoever may see the cohort."""

    def visible_to(self, user: User) -> "OfEnrolmentQuerySet":
        return self.filter(enrolment__cohort__in=Cohort.objects.visible_to(user))


class Result(models.TextChoices):
    """What came of one try; asking to repeat is as normal as any other."""

    SUBMITTED = "submitted", "Handed in"
    MET = "met", "Met"
    REPEAT = "repeat", "Asked to repeat"
    RECOGNISED = "recognised", "Prior learning recognised"


@pghistory.track(append_only=True, exclude=["evidence"])
class RequirementResult(models.Model):
    """One dated result of one trainee for one requirement; a later one does not replace it.

    The latest by `decided_on`, then `recorded_at`, is what holds. `cohort` and `version` stand here
    as well so that the database keeps the promise that the requirement belongs to the version that
    the trainee's cohort follows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="results")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="results")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=10, choices=Result)
    decided_on = models.DateField()
    evidence = models.CharField(
        max_length=500, blank=True, help_text="What was seen, or where it is kept."
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()

    objects = OfEnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["decided_on", "recorded_at"]
        indexes = [models.Index("enrolment", "requirement", name="requirement_results")]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "requirement", "decided_on", "result"],
                name="requirement_result_once_a_day",
                violation_error_message="This result is already recorded for that day.",
            ),
            models.CheckConstraint(
                condition=Q(result__in=[choice.value for choice in Result]),
                name="requirement_result_known",
            ),
        ]

    def __str__(self) -> str:
        return self.get_result_display()


@pghistory.track(append_only=True)
class PlacementDay(models.Model):
    """Hours that a trainee spent on placement on a day; their sum meets a placement requirement."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.CASCADE, related_name="placement_days"
    )
    spent_on = models.DateField()
    hours = models.DecimalField(max_digits=4, decimal_places=2)
    place = models.CharField(max_length=120, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = OfEnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["spent_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "spent_on", "place"],
                name="placement_day_once",
                violation_error_message="Hours at this place on that day are already recorded.",
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0) & Q(hours__lte=24),
                name="placement_hours_in_a_day",
                violation_error_message="Hours must be above 0 and at most 24 a day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{float(self.hours):g} hours on {self.spent_on.day} {self.spent_on:%B %Y}"


@pghistory.track(append_only=True, exclude=["exception"])
class Completion(models.Model):
    """A person's confirmation that a trainee has completed; the requirements alone do not.

    `exception` says why it was confirmed although a requirement was not met; empty where all were.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="completion")
    completed_on = models.DateField()
    exception = models.CharField(max_length=300, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField()

    objects = OfEnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["completed_on"]

    def __str__(self) -> str:
        return f"Completed on {self.completed_on:%d %B %Y}"


class MentoringQuerySet(OfEnrolmentQuerySet):
    def open(self) -> "MentoringQuerySet":
        """Pairs that have not ended."""
        return self.filter(ended_on__isnull=True)


@pghistory.track(append_only=True)
class Mentoring(models.Model):
    """A trainee and the peer who mentors them, over a period; `ended_on` is its last day.

    `trainee` stands here as well so that the database keeps the promise that nobody mentors
    themselves.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="mentoring")
    trainee = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mentees")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    objects = MentoringQuerySet.as_manager()

    class Meta:
        ordering = ["started_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "mentor"],
                condition=Q(ended_on__isnull=True),
                name="mentoring_open_once",
                violation_error_message="This mentor already mentors this trainee.",
            ),
            models.CheckConstraint(
                condition=~Q(mentor=F("trainee")),
                name="mentoring_by_somebody_else",
                violation_error_message="Nobody can be their own mentor.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="mentoring_ends_after_start",
                violation_error_message="Mentoring cannot end before it starts.",
            ),
        ]

    def __str__(self) -> str:
        return f"Mentoring from {self.started_on:%d %B %Y}"


class MentorMeetingQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "MentorMeetingQuerySet":
        """Meetings of the trainees of the cohorts a user may see."""
        return self.filter(mentoring__enrolment__cohort__in=Cohort.objects.visible_to(user))


@pghistory.track(append_only=True)
class MentorMeeting(models.Model):
    """A day on which mentor and trainee met: that they did, never what was said."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mentoring = models.ForeignKey(Mentoring, on_delete=models.CASCADE, related_name="meetings")
    met_on = models.DateField()

    objects = MentorMeetingQuerySet.as_manager()

    class Meta:
        ordering = ["met_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentoring", "met_on"],
                name="mentor_meeting_once_a_day",
                violation_error_message="A meeting on that day is already recorded.",
            )
        ]

    def __str__(self) -> str:
        return f"Met on {self.met_on:%d %B %Y}"
