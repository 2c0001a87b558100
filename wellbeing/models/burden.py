"""What weighs on a peer worker in a team: a gap of the organisation, noted by the worker.

A flag is its worker's alone unless they address it to somebody; otherwise it is only ever counted,
by team. No history keeps it, for that somebody noted anything is theirs to tell.
"""

import datetime as dt
import uuid

import pgtrigger
from django.conf import settings
from django.db import models

from accounts.models import User
from encryption.fields import EncryptedTextField
from programme.models import OwnQuerySet, Person, Team


class BurdenKind(models.TextChoices):
    EXTRA_DUTY = "extra_duty", "Duties outside my role"
    ONLY_PEER = "only_peer", "The only peer worker in the team"
    SPEAK_FOR_ALL = "speak_for_all", "Asked to speak for everybody who uses services"
    SHARE_MORE = "share_more", "Asked to share more of my own story than I want"
    SUPERVISION = "supervision", "Supervision late or missing"
    BEYOND_HOURS = "beyond_hours", "Work beyond my contracted hours"


class BurdenFlagQuerySet(OwnQuerySet):
    def addressed_to(self, user: User) -> "BurdenFlagQuerySet":
        """Those that somebody addressed to a user; their words only where they let them."""
        return self.linked().filter(addressed_to=user).exclude(person__user=user)

    def noted_within(self, first: dt.date, last: dt.date) -> "BurdenFlagQuerySet":
        return self.filter(noted_on__range=(first, last))


class BurdenFlag(models.Model):
    """Something that weighs on a worker in a team they work in, on a day."""

    owner_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="burden_flags")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=BurdenKind)
    words = EncryptedTextField(blank=True)
    noted_on = models.DateField()
    addressed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    shows_words = models.BooleanField(
        default=False, help_text="Whether who it is addressed to reads the words too."
    )

    while_supervising = models.BooleanField(
        default=False, help_text="Who it is addressed to reads it only while they supervise."
    )

    objects = BurdenFlagQuerySet.as_manager()

    class Meta:
        ordering = ["-noted_on", "kind"]
        indexes = [models.Index(fields=["team", "noted_on"], name="burden_flag_of_team")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "account", "team", "kind", "noted_on"],
                name="burden_flag_once_a_day",
                violation_error_message="You have noted this for that team today already.",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class BurdenQuarter(models.Model):
    """A quarter that is over and was counted, once: what is taken back later changes nothing."""

    as_at = models.DateField(primary_key=True, help_text="Its last day.")

    class Meta:
        ordering = ["-as_at"]

    def __str__(self) -> str:
        return f"Up to {self.as_at:%d %B %Y}"


class BurdenCount(models.Model):
    """What may be said of one team at the end of a quarter: rounded, and small numbers hidden."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    quarter = models.ForeignKey(BurdenQuarter, on_delete=models.CASCADE, related_name="counts")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    people = models.PositiveIntegerField(null=True, blank=True, help_text="None where hidden.")
    kinds = models.JSONField(help_text="How many noted each kind; null where hidden.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarter", "team"], name="burden_count_once")
        ]
        triggers = [pgtrigger.Protect(name="counts_stay", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return str(self.quarter)
