"""When the private things of somebody who has left, or of an account set aside, are deleted."""

from django.conf import settings
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
    switched_off = models.BooleanField(
        default=False, help_text="Their account is; when it is on again, the time begins anew."
    )

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


class SetAside(models.Model):
    """Another account is linked to a person than the one that wrote private things, or none is.

    Nobody reads them until their day. If the former account is linked again before, they are its
    own as before.
    """

    owner_only = True

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    delete_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "account"], nulls_distinct=False, name="set_aside_once"
            )
        ]

    def __str__(self) -> str:
        return f"Set aside until {self.delete_on:%d %B %Y}"
