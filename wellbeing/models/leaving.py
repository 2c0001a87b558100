"""When the private things of somebody who has left are deleted."""

from django.db import models

from accounts.models import User
from programme.models import Person


class LeavingQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "LeavingQuerySet":
        """One's own, whatever the role."""
        return self.filter(person__user=user)


class Leaving(models.Model):
    """Somebody has left, and has until a day to take their private things with them.

    The day is counted from when it was noticed and does not move: a leaving that is recorded late
    leaves as much time as any other.
    """

    owner_only = True

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="leaving"
    )
    noticed_on = models.DateField()
    delete_on = models.DateField()

    objects = LeavingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(delete_on__gte=models.F("noticed_on")),
                name="leaving_deleted_after_noticed",
            )
        ]

    def __str__(self) -> str:
        return f"Kept until {self.delete_on:%d %B %Y}"
