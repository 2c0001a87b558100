"""What messages say, where a lead has put it in other words."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models

from notifications.models.messages import Message

PLAN = "notifications.plan"  # `accounts.roles.PLAN_MESSAGES`, of an app above this one


class TextQuerySet(models.QuerySet):
    def visible_to(self, user) -> "TextQuerySet":
        """The words of every kind for who plans messages; those of one message are read with it."""
        if user.sites_for(PLAN) == frozenset():
            return self.none()
        return self.filter(message__isnull=True)


class Text(models.Model):
    """A version of what a kind says, or of what one message says: made once and never changed.

    The newest counts, from when it was written; without any, the words of the kind itself do.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.CharField(max_length=40)
    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, null=True, blank=True, related_name="texts"
    )
    number = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=80)
    words = models.CharField(max_length=500)
    sms = models.CharField("text message", max_length=160)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "message", "number"],
                nulls_distinct=False,
                name="text_version_once",
            )
        ]
        triggers = [pgtrigger.Protect(name="texts_stay", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Version {self.number}"
