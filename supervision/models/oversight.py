"""Opening somebody's records against the rule, by two people; and personal calendar feeds."""

import datetime as dt
import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.roles import BREAK_GLASS
from encryption.fields import EncryptedTextField
from programme.models import Person


class BreakGlassReason(models.TextChoices):
    SAFEGUARDING = "safeguarding", "Safeguarding"
    LEGAL = "legal", "A legal duty"


class BreakGlassQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "BreakGlassQuerySet":
        """Those about people at the sites where a user may ask or approve, never about
        themselves."""
        sites = user.sites_for(BREAK_GLASS)
        rows = self.filter(Q(person__user__isnull=True) | ~Q(person__user=user))
        return rows if sites is None else rows.filter(person__in=Person.objects.at_sites(sites))

    def open_to(self, user: User, at: dt.datetime) -> "BreakGlassQuerySet":
        """Those by which a user reads records at a moment: who asked, once approved, for a time."""
        return self.filter(
            asked_by=user, approved_at__isnull=False, closes_at__gt=at, closed_at__isnull=True
        )

    def waiting(self) -> "BreakGlassQuerySet":
        """Those that nobody has decided about and nobody has taken back."""
        return self.filter(
            approved_at__isnull=True, declined_at__isnull=True, closed_at__isnull=True
        )

    def told_to(self, user: User) -> "BreakGlassQuerySet":
        """Those that a worker is told of: all about them, unless a recorded legal duty forbids."""
        return self.filter(person__user=user, approved_at__isnull=False, withheld=False)


@pghistory.track(exclude=["words", "withheld_words"], append_only=True)
class BreakGlass(models.Model):
    """One lead asks, another approves: then the first reads a worker's agreed records for a time.

    Source: domain.md 5.3 rule 7. The worker is told, unless a legal duty that is written down
    forbids it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="opened")
    reason = models.CharField(max_length=12, choices=BreakGlassReason)
    words = EncryptedTextField()
    hours = models.PositiveSmallIntegerField(help_text="How long it stays open once approved.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    withheld = models.BooleanField(
        default=False, help_text="A legal duty forbids telling the worker."
    )
    withheld_words = EncryptedTextField(blank=True)

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="break_glass_by_two",
                violation_error_message="Somebody else decides about it.",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, closes_at__isnull=True)
                | Q(
                    approved_at__isnull=False,
                    decided_by__isnull=False,
                    declined_at__isnull=True,
                    closes_at__gt=F("approved_at"),
                    closes_at__lte=F("approved_at") + dt.timedelta(hours=72),
                ),
                name="break_glass_for_a_time",
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=1, hours__lte=72),
                name="break_glass_hours",
                violation_error_message="At most 72 hours.",
            ),
            models.CheckConstraint(
                condition=Q(withheld=False) | Q(reason="legal"),
                name="break_glass_withheld_for_law",
                violation_error_message="Only a legal duty can keep this from the worker.",
            ),
        ]

    def __str__(self) -> str:
        return "Records opened"

    @property
    def is_waiting(self) -> bool:
        return not (self.approved_at or self.declined_at or self.closed_at)

    def is_open_at(self, at: dt.datetime) -> bool:
        return bool(self.approved_at) and self.closed_at is None and self.closes_at > at

    def state_at(self, at: dt.datetime) -> str:
        """What has become of it, in words."""
        if self.is_waiting:
            return "Waiting for another lead"
        if self.declined_at:
            return "Declined"
        if self.approved_at is None:
            return "Taken back"
        return "Open" if self.is_open_at(at) else "Closed"


class CalendarFeed(models.Model):
    """The secret address of one user's calendar; only a digest of it is kept."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="calendar_feed",
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return "Calendar feed"
