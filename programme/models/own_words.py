"""What peer workers write themselves and own: adjustments, goals, an exit interview.

Nobody else reads any of it unless its author shares it; `visible_to` means the author: the account
that wrote it, while it is linked to the person. The text is encrypted, no history keeps it, and the
audit trail does not tell that it is there.
"""

import uuid

import pghistory
from django.conf import settings
from django.db import models

from accounts.models import User
from encryption.fields import EncryptedTextField
from programme.models.own import OwnQuerySet
from programme.models.pathways import PathwayStep
from programme.models.people import Person
from programme.models.posts import Spell


class OwnWordsQuerySet(OwnQuerySet):
    def shared_with(self, user: User) -> "OwnWordsQuerySet":
        """What its authors share with the leads of their sites."""
        people = Person.objects.visible_to(user)
        return self.linked().filter(shared_on__isnull=False, person__in=people)


@pghistory.track(exclude=["account", "text"], append_only=True)
class Adjustment(models.Model):
    """What somebody needs to work well: the adjustment, never a condition."""

    owner_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="adjustments")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    text = EncryptedTextField()
    written_on = models.DateField()
    shared_on = models.DateField(null=True, blank=True)

    objects = OwnWordsQuerySet.as_manager()

    class Meta:
        ordering = ["written_on", "id"]

    def __str__(self) -> str:
        return "Adjustment"


@pghistory.track(exclude=["account", "text"], append_only=True)
class DevelopmentGoal(models.Model):
    """What somebody wants to reach, on a step of their pathway or apart from it."""

    owner_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="goals")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    step = models.ForeignKey(
        PathwayStep, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = EncryptedTextField()
    written_on = models.DateField()
    target_on = models.DateField(null=True, blank=True)
    reached_on = models.DateField(null=True, blank=True)
    shared_on = models.DateField(null=True, blank=True)

    objects = OwnWordsQuerySet.as_manager()

    class Meta:
        ordering = ["written_on", "id"]

    def __str__(self) -> str:
        return "Goal"


class Answer(models.TextChoices):
    YES = "yes", "Yes"
    PARTLY = "partly", "Partly or not sure"
    NO = "no", "No"


class ExitInterviewQuerySet(OwnQuerySet):
    to_person = "spell__person"

    def released_to(self, user: User) -> "ExitInterviewQuerySet":
        """Those whose authors let their ticked answers be counted, at a lead's sites; never their
        text."""
        spells = Spell.objects.visible_to(user)
        return self.filter(released_on__isnull=False, spell__in=spells).defer("text")


@pghistory.track(
    exclude=["account", "text", "supported", "recommends", "would_return"], append_only=True
)
class ExitInterview(models.Model):
    """What somebody says on leaving a post: kept to themselves, or its ticked answers counted."""

    owner_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    spell = models.ForeignKey(Spell, on_delete=models.CASCADE, related_name="exit_interviews")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    supported = models.CharField(max_length=6, choices=Answer, blank=True)
    recommends = models.CharField(max_length=6, choices=Answer, blank=True)
    would_return = models.CharField(max_length=6, choices=Answer, blank=True)
    text = EncryptedTextField(blank=True)
    released_on = models.DateField(null=True, blank=True)

    objects = ExitInterviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["spell", "account"], name="exit_interview_one")
        ]

    def __str__(self) -> str:
        return "Exit interview"
