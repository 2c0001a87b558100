"""Who has looked at another person's record. Changes are kept by pghistory beside each table."""

import uuid

import pgtrigger
from django.db import models
from django.utils import timezone


class LookQuerySet(models.QuerySet):
    def at(self, *subject_ids: uuid.UUID) -> "LookQuerySet":
        """Looks at these records, newest first."""
        return self.filter(subject_id__in=subject_ids).order_by("-at", "-id")


class Look(models.Model):
    """One look by a user at one person's record. A look at what is private stands under the account
    that wrote it, so that another account of the same person reads nothing of it.

    No foreign keys: the trail outlives what it is about and never blocks it. No names either: the
    page that shows a look resolves them for those who may know.
    """

    viewer_id = models.UUIDField(help_text="The account that looked.")
    subject_id = models.UUIDField(help_text="The person whose record it was.")
    page = models.CharField(max_length=80, help_text="The URL name of the page.")
    at = models.DateTimeField(default=timezone.now)

    objects = LookQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["subject_id", "-at"], name="look_subject_at"),
            models.Index(fields=["-at"], name="look_at"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.page} at {self.at:%d %B %Y %H:%M}"
