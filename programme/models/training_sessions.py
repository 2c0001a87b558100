"""Dated sessions of a cohort, who led them and who was there."""

import datetime as dt
import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.models import User
from programme.models.people import Person
from programme.models.training import Cohort, Enrolment
from programme.models.training_programmes import CompetenceDomain


class TrainingSessionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "TrainingSessionQuerySet":
        """Sessions of the cohorts a user may see."""
        return self.filter(cohort__in=Cohort.objects.visible_to(user))

    def held(self) -> "TrainingSessionQuerySet":
        """Sessions that were not cancelled."""
        return self.filter(cancelled_on__isnull=True)

    def by(self, day: dt.date) -> "TrainingSessionQuerySet":
        """Sessions on or before a day."""
        return self.filter(held_on__lte=day)


@pghistory.track(append_only=True)
class TrainingSession(models.Model):
    """One meeting of a cohort on a day; a cancelled one stays, with the day it was cancelled."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="sessions")
    held_on = models.DateField()
    starts_at = models.TimeField(null=True, blank=True)
    ends_at = models.TimeField(null=True, blank=True)
    topic = models.CharField(max_length=120)
    domain = models.ForeignKey(
        CompetenceDomain,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
    )
    place = models.CharField(max_length=120, blank=True)
    cancelled_on = models.DateField(null=True, blank=True)

    objects = TrainingSessionQuerySet.as_manager()

    class Meta:
        ordering = ["held_on", F("starts_at").asc(nulls_first=True), "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "held_on", "starts_at"],
                condition=Q(cancelled_on__isnull=True),
                nulls_distinct=False,
                name="training_session_once_at_a_time",
                violation_error_message="This cohort already has a session at that time.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True)
                | (Q(starts_at__isnull=False) & Q(ends_at__gt=F("starts_at"))),
                name="training_session_ends_after_start",
                violation_error_message="A session must end after it starts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}, {self.held_on.day} {self.held_on:%B %Y}"


@pghistory.track(append_only=True)
class Facilitator(models.Model):
    """Somebody who led a session, as a peer or not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(
        TrainingSession, on_delete=models.CASCADE, related_name="facilitators"
    )
    name = models.CharField(max_length=120)
    is_peer = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                "session",
                name="facilitator_once_a_session",
                violation_error_message="Each facilitator is named once.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class AttendanceState(models.TextChoices):
    """What is recorded of one person at one session; nothing where a mark was taken back."""

    ATTENDED = "attended", "Attended"
    PART = "part", "Attended part"
    APOLOGY = "apology", "Absent with apology"
    ABSENT = "absent", "Absent"
    NOT_MARKED = "", "Not marked"


PRESENT = [AttendanceState.ATTENDED, AttendanceState.PART]


class AttendanceQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "AttendanceQuerySet":
        """Attendance in the cohorts a user may see."""
        return self.filter(cohort__in=Cohort.objects.visible_to(user))

    def of_person(self, person: Person) -> "AttendanceQuerySet":
        """One person's own attendance, wherever."""
        return self.filter(enrolment__person=person)

    def present(self) -> "AttendanceQuerySet":
        """Who was there, for all of a session or for part of it."""
        return self.filter(state__in=PRESENT)


@pghistory.track(append_only=True)
class Attendance(models.Model):
    """What is recorded of one trainee at one session.

    `cohort` stands here as well so that the database can keep the promise that both the trainee and
    the session belong to it: the pairs (enrolment, cohort) and (session, cohort) are foreign keys.
    `revision` grows with each change, from 1, so that of two people changing one mark the second is
    told. A mark that was taken back stays as a row without a state.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attendance")
    session = models.ForeignKey(
        TrainingSession, on_delete=models.PROTECT, related_name="attendance"
    )
    state = models.CharField(max_length=10, choices=AttendanceState, blank=True)
    revision = models.PositiveIntegerField(default=1)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    marked_at = models.DateTimeField()

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "enrolment"],
                name="attendance_once_a_session",
                violation_error_message="This person is already marked for this session.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[choice.value for choice in AttendanceState]),
                name="attendance_state_known",
            ),
            models.CheckConstraint(
                condition=Q(revision__gte=1), name="attendance_revision_from_one"
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
