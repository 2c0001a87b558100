"""What trainees say about sessions, and what people learn after training."""

import uuid
from collections.abc import Iterable

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import User
from encryption.fields import EncryptedTextField
from programme.models.own import OwnQuerySet
from programme.models.people import Person
from programme.models.training import Cohort
from programme.models.training_sessions import Attendance, TrainingSession


class FeedbackGiven(models.Model):
    """That an attendee has given feedback on a session, so that nobody does twice.

    Nothing leads from here to the answers: neither a key nor a time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    attendance = models.OneToOneField(Attendance, on_delete=models.CASCADE, related_name="feedback")

    def __str__(self) -> str:
        return "Feedback given"


class SessionFeedbackQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "SessionFeedbackQuerySet":
        """Answers about sessions of the cohorts a user may see; pages show them together only."""
        return self.filter(session__cohort__in=Cohort.objects.visible_to(user))


class SessionFeedback(models.Model):
    """One attendee's answers about a session, without a name, a time or an order.

    Scores run from 1, not at all, to 5, very much.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(TrainingSession, on_delete=models.CASCADE, related_name="feedback")
    useful = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    able_to_take_part = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    comment = models.CharField(max_length=1000, blank=True)

    objects = SessionFeedbackQuerySet.as_manager()

    class Meta:
        ordering = ["id"]  # drawn at random: says nothing of who was first
        constraints = [
            models.CheckConstraint(
                condition=Q(useful__range=(1, 5)) & Q(able_to_take_part__range=(1, 5)),
                name="session_feedback_scores_one_to_five",
            )
        ]

    def __str__(self) -> str:
        return "Feedback on a session"


class LearningRecordQuerySet(OwnQuerySet):
    def shared_by(self, people: Iterable) -> "LearningRecordQuerySet":
        """Learning whose hours people let the lead count, for a total of all of them."""
        return self.filter(person__in=people, hours_shared=True)


@pghistory.track(append_only=True, exclude=["account", "topic"])
class LearningRecord(models.Model):
    """Learning after training that a person logged themselves, for themselves.

    Only with `hours_shared`, off by default, do the hours count in the total that a lead sees;
    what the learning was about never leaves its owner, and the audit trail does not tell that it is
    there.
    """

    owner_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="learning")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    learned_on = models.DateField()
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    topic = EncryptedTextField()
    hours_shared = models.BooleanField(default=False)

    objects = LearningRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-learned_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0) & Q(hours__lte=100),
                name="learning_hours_in_range",
                violation_error_message="Hours must be above 0 and at most 100.",
            )
        ]

    def __str__(self) -> str:
        return f"{float(self.hours):g} hours on {self.learned_on.day} {self.learned_on:%B %Y}"
