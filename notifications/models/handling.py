"""What staff did with a message, so that it can be seen later who did it and when."""

import pgtrigger
from django.conf import settings
from django.db import models

from notifications.models.messages import Message


class Did(models.TextChoices):
    MOVED = "moved", "Moved"
    WORDED = "worded", "Given other words"
    CANCELLED = "cancelled", "Cancelled"
    AGAIN = "again", "Sent again, as a new message"


class Handling(models.Model):
    """Something that somebody did with one message: made once and never changed.

    Of words only that they were changed: the words themselves are versions of their own.
    """

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="handlings")
    did = models.CharField(max_length=10, choices=Did)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    moved_from = models.DateTimeField(null=True, blank=True)
    moved_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="handlings_stay", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return Did(self.did).label
