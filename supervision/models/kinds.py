"""Kinds of supervision, and how often each is owed: data that leads keep, dated."""

import datetime as dt
import uuid

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from programme.models import PathwayStep

LINE_MANAGEMENT = "line_management"
CLINICAL = "clinical"
LIVED_EXPERIENCE = "lived_experience"
GROUP = "group"
REFLECTIVE_PRACTICE = "reflective_practice"
DEBRIEF = "ad_hoc_debrief"

YEAR = 366  # days; nothing is owed less often


@pghistory.track(append_only=True)
class SupervisionKind(models.Model):
    """A kind of supervision. `key` is for reports, which never depend on a name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=30, unique=True, editable=False)
    name = models.CharField(max_length=60)
    description = models.CharField(max_length=300, blank=True)
    in_group = models.BooleanField(
        default=False, help_text="Saved once for everybody who was there."
    )
    by_lived_experience = models.BooleanField(
        default=False,
        help_text="By somebody with lived experience, whom the worker chooses.",
    )
    needs_agreement = models.BooleanField(
        default=True, help_text="Both sign an agreement before the first session."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="supervision_kind_name_once",
                violation_error_message="There is already a kind with this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class StandardQuerySet(models.QuerySet):
    def applying_on(self, day: dt.date) -> "StandardQuerySet":
        """Standards from which the one in force on a day is chosen, the newest first."""
        return self.filter(applies_from__lte=day).order_by("-applies_from")


@pghistory.track(append_only=True)
class SupervisionStandard(models.Model):
    """How often a kind is owed to a role from a day on; a change counts from the next period.

    Without a step it is for everybody in post whose step has no standard of its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.ForeignKey(SupervisionKind, on_delete=models.CASCADE, related_name="standards")
    step = models.ForeignKey(
        PathwayStep, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    applies_from = models.DateField("applies from")
    required = models.BooleanField(default=True)
    cadence_days = models.PositiveSmallIntegerField("days from one session to the next")
    early_cadence_days = models.PositiveSmallIntegerField(
        "days from one session to the next in the first three months in post"
    )
    grace_days = models.PositiveSmallIntegerField("days of grace", default=7)
    minutes = models.PositiveSmallIntegerField("minutes a session", default=60)

    objects = StandardQuerySet.as_manager()

    class Meta:
        ordering = ["kind__position", "-applies_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "step", "applies_from"],
                nulls_distinct=False,
                name="standard_once_a_day",
                violation_error_message="This kind already changes for this role on that day.",
            ),
            models.CheckConstraint(
                condition=Q(cadence_days__gte=1, cadence_days__lte=YEAR),
                name="standard_cadence_in_range",
                violation_error_message="Between 1 and 366 days lie between two sessions.",
            ),
            models.CheckConstraint(
                condition=Q(early_cadence_days__gte=1, early_cadence_days__lte=F("cadence_days")),
                name="standard_early_is_denser",
                violation_error_message="The first three months are never less dense than later.",
            ),
            models.CheckConstraint(
                condition=Q(grace_days__lte=90),
                name="standard_grace_in_range",
                violation_error_message="At most 90 days of grace.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480),
                name="standard_minutes_in_a_day",
                violation_error_message="A session lasts from 5 minutes to 8 hours.",
            ),
        ]

    def __str__(self) -> str:
        return f"Every {self.cadence_days} days from {self.applies_from:%d %B %Y}"
