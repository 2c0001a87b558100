"""Ways on from one role to the next, which everybody can read."""

import uuid

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models import User
from accounts.roles import VIEW_POSTS


class PathwayQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PathwayQuerySet":
        """Every pathway for who may see posts: pathways belong to no site."""
        return self if user.sites_for(VIEW_POSTS) != frozenset() else self.none()


@pghistory.track(append_only=True)
class Pathway(models.Model):
    """Steps from a first role to a senior one; it belongs to every site."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)

    objects = PathwayQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="pathway_name_once",
                violation_error_message="There is already a pathway with this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PathwayStepQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PathwayStepQuerySet":
        """Every step for who may see posts."""
        return self if user.sites_for(VIEW_POSTS) != frozenset() else self.none()


@pghistory.track(append_only=True)
class PathwayStep(models.Model):
    """A role on a pathway: its band, what it takes to enter it and what to aim for in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField("place on the pathway")
    role = models.CharField(max_length=120)
    band = models.CharField("AfC band", max_length=12, blank=True)
    criteria = models.TextField("what it takes to enter", blank=True, max_length=4000)
    goals = models.TextField("what to aim for", blank=True, max_length=4000)

    objects = PathwayStepQuerySet.as_manager()

    class Meta:
        ordering = ["pathway__name", "position"]
        constraints = [
            models.UniqueConstraint(
                "pathway",
                "position",
                name="pathway_step_position_once",
                violation_error_message="Another step has this place on the pathway.",
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1),
                name="pathway_step_from_one",
                violation_error_message="Places on a pathway begin with 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} (band {self.band})" if self.band else self.role
