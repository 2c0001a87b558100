"""The wellness plan of a worker: their own words under our headings, and who reads which of them.

It belongs to the person, so it goes with them whatever becomes of team or manager. No history keeps
any of it, for that somebody has a plan is theirs to tell too.
"""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F

from accounts.models import User
from encryption.fields import EncryptedTextField
from programme.models import OwnQuerySet, Person


class PlanHeading(models.TextChoices):
    """The headings in the order of the page; each is its own to write, share or leave empty."""

    WELL = "well", "What keeps me well at work"
    HARD = "hard", "What I find hard, and early signs I want noticed"
    HELPS = "helps", "What helps me"
    NOT_HELPING = "not_helping", "What does not help me"
    OTHERS = "others", "What others can do"
    CONTACTS = "contacts", "Who to contact, and how"
    RETURN = "return", "Coming back after time away"


class WellnessPlan(models.Model):
    """A worker's plan, with the day on which they want to look at it again."""

    owner_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="wellness_plans")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    review_on = models.DateField(null=True, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "account"], name="wellness_plan_one")
        ]

    def __str__(self) -> str:
        return "Wellness plan"


class OfPlanQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "OfPlanQuerySet":
        """What belongs to one's own plan, whatever the role."""
        return self.filter(plan__person__user=user, plan__account=user)


class PlanSection(models.Model):
    """The words under one heading of a plan; empty until something is written."""

    owner_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(WellnessPlan, on_delete=models.CASCADE, related_name="sections")
    heading = models.CharField(max_length=12, choices=PlanHeading)
    position = models.PositiveSmallIntegerField()
    words = EncryptedTextField(blank=True)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "heading"], name="plan_heading_once")
        ]

    def __str__(self) -> str:
        return self.get_heading_display()


class PlanDraftQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PlanDraftQuerySet":
        """What one typed oneself in one's own plan."""
        plans = WellnessPlan.objects.visible_to(user)
        return self.filter(section__plan__in=plans)


class PlanDraft(models.Model):
    """What is typed under one heading and not saved yet: who reads the part reads none of it."""

    owner_only = True

    section = models.OneToOneField(
        PlanSection, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    words = EncryptedTextField(blank=True)
    kept_at = models.DateTimeField()

    objects = PlanDraftQuerySet.as_manager()

    def __str__(self) -> str:
        return "Typed and not saved"


class PlanShareQuerySet(OfPlanQuerySet):
    def open_to(self, user: User, day: dt.date) -> "PlanShareQuerySet":
        """What others let a user read on a day; the last day counts."""
        shares = self.filter(reader=user, until__gte=day, plan__account=F("plan__person__user"))
        return shares.exclude(plan__person__user=user)


class PlanShare(models.Model):
    """Some parts of a plan, let be read by one person until a day or until it is taken back."""

    owner_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(WellnessPlan, on_delete=models.CASCADE, related_name="shares")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sections = models.ManyToManyField(PlanSection, related_name="shares")
    adjustments = models.BooleanField(
        default=False, help_text="Also the adjustments that the worker shares with leads."
    )
    purpose = EncryptedTextField(help_text="What the worker shares it for.")
    shared_on = models.DateField()
    until = models.DateField(help_text="The last day.")

    objects = PlanShareQuerySet.as_manager()

    class Meta:
        ordering = ["shared_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "reader"],
                name="plan_shared_once",
                violation_error_message="They can read parts of it already.",
            ),
            models.CheckConstraint(
                condition=models.Q(until__gte=F("shared_on")),
                name="plan_share_ends_after_start",
                violation_error_message="Choose today or a day to come.",
            ),
        ]

    def __str__(self) -> str:
        return "Shared parts of a plan"
