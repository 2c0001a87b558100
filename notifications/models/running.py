"""How sending does: who has worked when, how the carriers do, and what is wrong now."""

from django.db import models
from django.db.models import Q

from notifications.models.messages import Carrier


class Heartbeat(models.Model):
    """When a process last did its work. Silence is an alarm."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Circuit(models.Model):
    """How a carrier does: after a few failures in a row it is left alone, then asked once.

    It is closed without `open_until`. Once that moment is over, whoever moves it on first sends the
    one message that tries it.
    """

    carrier = models.CharField(max_length=10, choices=Carrier, primary_key=True)
    failures = models.PositiveSmallIntegerField(default=0)
    last_failed = models.UUIDField(null=True, blank=True, help_text="The message it failed with.")
    open_until = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField(null=True, blank=True, help_text="When it opened.")
    error = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.carrier


class Alarm(models.Model):
    """Something that is wrong now, so that it is told once; the row goes when it is over."""

    name = models.CharField(max_length=40, primary_key=True)
    since = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Sending(models.Model):
    """The one row that says whether anything is sent; after a restore nothing is, until somebody
    has looked (`manage.py reconcile_reminders`)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    epoch = models.CharField(max_length=40, blank=True)
    paused = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "sending"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="sending_one_row")]

    def __str__(self) -> str:
        return "Sending"
