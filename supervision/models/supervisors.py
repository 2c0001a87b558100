"""The directory of supervisors: what each chooses to say, and how many people they can take on."""

import datetime as dt
import uuid
from decimal import Decimal

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Site, User
from accounts.roles import ARRANGE_SUPERVISION
from supervision.models.agreements import Agreement


class LivedExperience(models.TextChoices):
    UNSAID = "", "Not said"
    YES = "yes", "Has lived experience"
    NO = "no", "Does not have lived experience"


class SupervisorQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "SupervisorQuerySet":
        """Supervisors of the sites whose supervision a lead arranges, those of every site, and
        one's own entry."""
        sites = user.sites_for(ARRANGE_SUPERVISION)
        if sites is None:
            return self
        own = Q(user=user)
        if sites:
            own |= Q(sites__isnull=True) | Q(sites__in=sites)
        return self.filter(own).distinct()

    def to_choose_from(self, sites, day: dt.date) -> "SupervisorQuerySet":
        """Listed supervisors with an account, of these sites or of every one, whom a worker can
        ask on a day."""
        free = Q(next_free_on__isnull=True) | Q(next_free_on__lte=day)
        return self.at(sites).filter(free, listed=True).distinct()

    def at(self, sites) -> "SupervisorQuerySet":
        """Supervisors with an account, of any of these sites or of every one."""
        here = Q(sites__isnull=True) | Q(sites__in=sites)
        return self.filter(here, user__is_active=True).distinct()

    def with_people_on(self, day: dt.date) -> "SupervisorQuerySet":
        """Adds `people`: how many they supervise on a day or have a place kept for."""
        held = Agreement.objects.filter(supervisor=OuterRef("user")).not_ended_by(day)
        counted = held.order_by().values("supervisor").annotate(n=Count("person", distinct=True))
        return self.annotate(people=Coalesce(Subquery(counted.values("n")), 0))


@pghistory.track(exclude=["lived_experience", "about"], append_only=True)
class Supervisor(models.Model):
    """Somebody who supervises. Lived experience is theirs to say: only they change it, no history
    keeps it, and *not said* is a full answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="supervisor"
    )
    sites = models.ManyToManyField(
        Site, blank=True, related_name="+", help_text="Where they supervise; none means everywhere."
    )
    lived_experience = models.CharField(max_length=3, choices=LivedExperience, blank=True)
    trained_on = models.DateField("trained to supervise on", null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(
        "people they can supervise at once", null=True, blank=True
    )
    protected_hours = models.DecimalField(
        "protected hours a month", max_digits=5, decimal_places=2, null=True, blank=True
    )
    next_free_on = models.DateField("next free from", null=True, blank=True)
    about = models.CharField("about me", max_length=500, blank=True)
    listed = models.BooleanField("shown to peer workers who choose", default=True)

    objects = SupervisorQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(protected_hours__isnull=True)
                | Q(protected_hours__gt=0, protected_hours__lte=200),
                name="supervisor_hours_in_a_month",
                violation_error_message="Protected hours must be above 0 and at most 200 a month.",
            ),
        ]

    def __str__(self) -> str:
        return self.user.name

    @property
    def load(self) -> Decimal | None:
        """People over protected hours a month; needs `with_people_on`."""
        return Decimal(self.people) / self.protected_hours if self.protected_hours else None

    @property
    def has_place(self) -> bool:
        """Whether one person more can be taken on; needs `with_people_on`."""
        return self.capacity is None or self.people < self.capacity
