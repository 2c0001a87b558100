"""How a team is prepared for the peer workers who join it."""

import uuid

import pghistory
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.roles import VIEW_POSTS
from programme.models.people import Team


class TeamPreparationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "TeamPreparationQuerySet":
        """Sessions of the teams a user may see."""
        sites = user.sites_for(VIEW_POSTS)
        return self if sites is None else self.filter(team__site__in=sites)


@pghistory.track(append_only=True)
class TeamPreparation(models.Model):
    """A session that prepared a team, with the share of its staff who took part."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="preparations")
    held_on = models.DateField()
    session = models.CharField(max_length=120)
    by_peers = models.BooleanField("co-delivered by peer workers", default=False)
    staff_share = models.PositiveSmallIntegerField(
        "share of staff who took part, per cent", null=True, blank=True
    )

    objects = TeamPreparationQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(staff_share__isnull=True) | Q(staff_share__lte=100),
                name="preparation_share_of_staff",
                violation_error_message="A share of staff is at most 100 per cent.",
            ),
            models.UniqueConstraint(
                "team",
                "held_on",
                "session",
                name="preparation_once",
                violation_error_message="This session is recorded already.",
            ),
        ]

    def __str__(self) -> str:
        return self.session
