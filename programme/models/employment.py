"""What is foreseen of a spell in post, and time away from it: probation reviews, long breaks."""

import datetime as dt
import uuid

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.roles import VIEW_POSTS
from programme.models.posts import DateRange, Spell


class OfSpellQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "OfSpellQuerySet":
        """Rows about the spells in post that a user may see."""
        sites = user.sites_for(VIEW_POSTS)
        return self if sites is None else self.filter(spell__post__team__site__in=sites)


class ReviewOutcome(models.TextChoices):
    ON_TRACK = "on_track", "Continues as planned"
    PASSED = "passed", "Confirmed in post"
    EXTENDED = "extended", "Probation extended"
    NOT_CONFIRMED = "not_confirmed", "Not confirmed in post"


class ProbationReviewQuerySet(OfSpellQuerySet):
    def to_be_held(self, day: dt.date | None = None) -> "ProbationReviewQuerySet":
        """Reviews not held yet of spells that had not ended when they fell due; with a past day,
        those that had not been held by its end."""
        not_held = Q(held_on__isnull=True) | (Q(held_on__gt=day) if day else Q())
        return self.filter(not_held).filter(
            Q(spell__ended_on__isnull=True) | Q(spell__ended_on__gt=F("due_on"))
        )


@pghistory.track(append_only=True)
class ProbationReview(models.Model):
    """A review foreseen in somebody's probation, and how it went once it is held."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    spell = models.ForeignKey(Spell, on_delete=models.CASCADE, related_name="reviews")
    month = models.PositiveSmallIntegerField(help_text="Months after the start of the spell.")
    due_on = models.DateField()
    is_final = models.BooleanField(default=False)
    held_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=14, choices=ReviewOutcome, blank=True)

    objects = ProbationReviewQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index("due_on", name="review_to_be_held", condition=Q(held_on__isnull=True))
        ]
        constraints = [
            models.UniqueConstraint("spell", "due_on", name="review_once_a_day"),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True, outcome="")
                | (Q(held_on__isnull=False) & ~Q(outcome="")),
                name="review_outcome_of_held",
                violation_error_message="Give both the day of the review and its outcome.",
            ),
            models.CheckConstraint(
                condition=Q(is_final=True) | ~Q(outcome__in=["passed", "extended"]),
                name="review_final_decides",
                violation_error_message="Only the last review confirms or extends.",
            ),
        ]

    def __str__(self) -> str:
        return "Final probation review" if self.is_final else f"Month {self.month} probation review"


class BreakKind(models.TextChoices):
    CAREER = "career", "Career break"
    PARENTAL = "parental", "Maternity, adoption or parental leave"
    OTHER = "other", "Other long leave"


class CareerBreakQuerySet(OfSpellQuerySet):
    def on(self, day: dt.date) -> "CareerBreakQuerySet":
        """Breaks that hold on a day; the day one ends is the first day back."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))


@pghistory.track(append_only=True)
class CareerBreak(models.Model):
    """Long leave from a post, which stays filled: dates and a kind, never a cause.

    Dates are half-open: `ends_on` is the first day back, empty while it is not known.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    spell = models.ForeignKey(Spell, on_delete=models.CASCADE, related_name="breaks")
    kind = models.CharField(max_length=10, choices=BreakKind)
    starts_on = models.DateField()
    ends_on = models.DateField("first day back", null=True, blank=True)

    objects = CareerBreakQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="break_ends_after_start",
                violation_error_message="The first day back must come after the first day away.",
            ),
            ExclusionConstraint(
                name="break_once_at_a_time",
                expressions=[
                    ("spell", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", models.Value("[)")),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Another break is recorded over that period.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def holds_on(self, day: dt.date) -> bool:
        """Whether the break holds on a day; the first day back is the first without it."""
        return self.starts_on <= day and (self.ends_on is None or self.ends_on > day)
