"""Applications to the programme."""

import uuid

import pghistory
from django.db import models

from accounts.models import User
from accounts.roles import VIEW_PEOPLE
from programme.models.people import Person


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ApplicationQuerySet":
        """Applications to the cohorts or by the people of the sites a user's role covers."""
        sites = user.sites_for(VIEW_PEOPLE)
        if sites is None:
            return self
        return self.filter(
            models.Q(cohort__site__in=sites) | models.Q(cohort=None, person__site__in=sites)
        )


@pghistory.track(append_only=True)
class Application(models.Model):
    """A person applied to the programme on a day, perhaps for one cohort."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="applications")
    cohort = models.ForeignKey(
        "programme.Cohort",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
    )
    applied_on = models.DateField()

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["applied_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "applied_on"],
                name="application_once_a_day",
                violation_error_message="This person already has an application on that day.",
            )
        ]

    def __str__(self) -> str:
        return f"Application of {self.applied_on:%d %B %Y}"
