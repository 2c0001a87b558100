"""A spreadsheet on its way in: the file, what it would do, and how far it has got.

Staging tables: they hold personal data only while an import is open, are emptied when it is done
or a day old, and are in no history.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import User


class ImportState(models.TextChoices):
    WAITING = "waiting", "Waiting to be read"
    MAPPING = "mapping", "Waiting for its columns to be named"
    PLANNING = "planning", "Being read"
    READY = "ready", "Ready to apply"
    APPLYING = "applying", "Being applied"
    DONE = "done", "Done"
    FAILED = "failed", "Could not be read"
    CANCELLED = "cancelled", "Cancelled"


class ImportJobQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ImportJobQuerySet":
        """One's own imports: a file is seen by who brought it."""
        return self.filter(created_by=user)


class ImportJob(models.Model):
    """One uploaded file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.WAITING)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField(null=True, help_text="The file itself, removed once applied.")
    mapping = models.JSONField(
        default=dict, help_text="Column heading in the file → our column, as confirmed on screen."
    )
    good_rows_only = models.BooleanField(default=False)
    claimed_until = models.DateTimeField(null=True, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(
        max_length=64, blank=True, help_text="What the preview showed; apply does that or nothing."
    )
    summary = models.JSONField(
        default=dict, help_text="Counts, what is missing, and notices; no personal data."
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name


class Verdict(models.TextChoices):
    CREATE = "create", "New"
    CHANGE = "change", "Changed"
    LEAVE = "leave", "As it is"
    REFUSE = "refuse", "Refused"


class ImportRow(models.Model):
    """What one row of the file would do, as the preview shows it."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="The row as a spreadsheet counts it.")
    verdict = models.CharField(max_length=10, choices=Verdict)
    cells = models.JSONField(help_text="The row's own text by column.")
    effects = models.JSONField(help_text="[{column, before, after}] in the order of the columns.")
    problems = models.JSONField(help_text="[{column, reason}] where the row is refused.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="import_row_once_a_job")
        ]
        indexes = [models.Index("job", "verdict", "number", name="import_row_verdict")]

    def __str__(self) -> str:
        return f"Row {self.number}"
