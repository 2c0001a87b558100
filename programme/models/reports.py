"""A report on its way: who asked for which, how far it has got, and the file for a while."""

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.roles import VIEW_FIGURES


class ReportKind(models.TextChoices):
    BOARD = "board", "Board report (PDF)"
    WORKFORCE = "workforce", "Workforce report (PDF)"
    WORKFORCE_SHEETS = "workforce-xlsx", "Workforce report (Excel workbook)"


class ReportMode(models.TextChoices):
    PUBLISHED = "published", "Published: small numbers are hidden"
    INTERNAL = "internal", "Internal: exact numbers of the sites you cover"


class ReportState(models.TextChoices):
    WAITING = "waiting", "Being made"
    READY = "ready", "Ready"
    FAILED = "failed", "Could not be made"
    REMOVED = "removed", "Removed"


class ReportJobQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ReportJobQuerySet":
        """One's own reports: a report holds what the role of whoever asked may read. Exact ones
        close with the role."""
        own = self.filter(asked_by=user)
        return own if user.has_perm(VIEW_FIGURES) else own.filter(mode=ReportMode.PUBLISHED)


@pghistory.track(exclude=["content", "claimed_until", "attempts"], append_only=True)
class ReportJob(models.Model):
    """One report that somebody asked for. Its history tells who got which figures, and when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=20, choices=ReportKind)
    mode = models.CharField(max_length=10, choices=ReportMode, default=ReportMode.PUBLISHED)
    as_at = models.DateField(help_text="The day the figures are of.")
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.WAITING)
    content = models.BinaryField(null=True, help_text="The file, removed after a week.")
    file_name = models.CharField(max_length=100, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then one worker makes it and no other."
    )
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = ReportJobQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = "report"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ReportState.READY, content__isnull=False)
                | (~Q(state=ReportState.READY) & Q(content__isnull=True)),
                name="report_has_its_file_while_ready",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, as at {self.as_at.day} {self.as_at:%B %Y}"
