"""How much of a post is paid for, and over which period."""

import datetime as dt
import uuid

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import User
from accounts.roles import VIEW_POSTS
from programme.models.posts import DateRange, Post


def holds_on(day: dt.date, prefix: str = "") -> Q:
    """Whether a funding holds on a day; `prefix` is the way to it."""
    begun = Q(**{f"{prefix}starts_on__isnull": True}) | Q(**{f"{prefix}starts_on__lte": day})
    goes_on = Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gt": day})
    return begun & goes_on


class FundingQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "FundingQuerySet":
        """Funding of the posts a user may see."""
        sites = user.sites_for(VIEW_POSTS)
        return self if sites is None else self.filter(post__team__site__in=sites)

    def on(self, day: dt.date) -> "FundingQuerySet":
        """Funding that holds on a day; the day one ends on is the first without it."""
        return self.filter(holds_on(day))

    def which_hold(self, day: dt.date) -> "FundingQuerySet":
        """Says of each whether it `holds` on a day."""
        return self.annotate(holds=holds_on(day))

    def ending(self) -> "FundingQuerySet":
        """Funding with an end on which no other of the same post begins."""
        next_one = Funding.objects.filter(post=OuterRef("post"), starts_on=OuterRef("ends_on"))
        return self.filter(~Exists(next_one), ends_on__isnull=False)


@pghistory.track(append_only=True)
class Funding(models.Model):
    """What is paid for of a post over one period, of which a post has one at a time.

    Dates are half-open: `ends_on` is the first day without it. Without a first day it has been so
    for as long as anybody knows. A post without any is funded, and nobody has recorded how much.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="funding")
    wte = models.DecimalField(
        "funded WTE",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Whole-time equivalent that is paid for; 1.00 is 37.5 hours a week.",
    )
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(
        null=True, blank=True, help_text="The first day without it; empty where it goes on."
    )

    objects = FundingQuerySet.as_manager()

    class Meta:
        ordering = [F("starts_on").desc(nulls_last=True), "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(wte__isnull=True) | Q(wte__gte=0),
                name="funding_wte_not_negative",
                violation_error_message="Funded WTE cannot be less than nothing.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gt=F("starts_on")),
                name="funding_ends_after_start",
                violation_error_message="Funding must end after it starts.",
            ),
            ExclusionConstraint(
                name="funding_once_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", models.Value("[)")),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Other funding of this post holds over that period.",
            ),
        ]

    def __str__(self) -> str:
        return "Not known" if self.wte is None else f"{self.wte:.2f} WTE"
