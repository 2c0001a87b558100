"""Funded posts, apart from the people in them, and spells in post."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Self

import pghistory
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Prefetch, Q
from django.db.models.functions import Lower

from accounts.models import User
from accounts.roles import VIEW_POSTS
from programme.models.people import Employer, Person, Team
from programme.models.searching import SearchedQuerySet

FULL_TIME_HOURS = Decimal("37.5")  # a week, Agenda for Change
SAME_EMPLOYMENT = dt.timedelta(days=7)  # between two posts that are one continuous employment


class PostQuerySet(SearchedQuerySet):
    searched = ("title", "team__name", "team__site__name", "employer__name")

    def known_on(self, day: dt.date) -> "PostQuerySet":
        """Posts that were funded on a day, or in which somebody was."""
        held = Spell.objects.filter(post=OuterRef("pk")).in_post_on(day)
        return self.filter(_is_funded_on(day) | Exists(held))

    def with_funding_on(self, day: dt.date) -> "PostQuerySet":
        """Reads the funding of each post, and which of it holds on a day."""
        every = apps.get_model("programme", "Funding").objects.which_hold(day)
        return self.prefetch_related(Prefetch("funding", every, to_attr="every_funding"))

    def visible_to(self, user: User) -> "PostQuerySet":
        """Posts in the teams of the sites a user's role covers."""
        sites = user.sites_for(VIEW_POSTS)
        return self if sites is None else self.filter(team__site__in=sites)


def _funding() -> models.QuerySet:
    """The funding of the post of the outer query."""
    return apps.get_model("programme", "Funding").objects.filter(post=OuterRef("pk"))


def _is_funded_on(day: dt.date) -> Q:
    """Whether a post's funding holds on a day; one of which none is recorded has no end."""
    return Q(Exists(_funding().on(day))) | ~Q(Exists(_funding()))


@pghistory.track(append_only=True)
class Post(models.Model):
    """A role funded in a team: what it is called and its band. See `Funding` for how much of it is
    paid for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=120)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="posts")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="posts")
    band = models.CharField("AfC band", max_length=12, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("title"),
                "team",
                "employer",
                name="post_title_once_a_team",
                violation_error_message="This team already has a post with this title.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def fill(cls, posts: Iterable[Self], day: dt.date) -> list[Self]:
        """The same posts, each with what is funded on a day (`funded_wte`: 0 where the funding had
        ended, `None` where not known) and the hours of those in post on it (`hours_then`).

        Two statements of plain columns for all of them: rows of their own take three times as
        long, and subqueries of the posts' own statement twice.
        """
        posts = list(posts)
        funded, hours = {}, defaultdict(list)
        funding = apps.get_model("programme", "Funding").objects.which_hold(day)
        of_these = funding.filter(post__in=posts).order_by("holds")
        for post, wte, holds in of_these.values_list("post_id", "wte", "holds"):
            funded[post] = wte if holds else Decimal(0)
        held = Spell.objects.in_post_on(day).filter(post__in=posts).order_by()
        for post, a_week in held.values_list("post_id", "contracted_hours"):
            hours[post].append(a_week)
        for post in posts:
            post.funded_wte, post.hours_then = funded.get(post.pk), hours[post.pk]
        return posts

    @property
    def funding_ends_on(self) -> dt.date | None:
        """The first day without what is funded, where one is recorded; needs `with_funding_on`."""
        return next((one.ends_on for one in self.every_funding if one.holds), None)

    @property
    def people_in_post(self) -> int:
        """Needs `fill`."""
        return len(self.hours_then)

    @property
    def known_wte(self) -> Decimal:
        """WTE of the people in post whose hours are known; needs `fill`."""
        return sum(filter(None, self.hours_then), Decimal(0)) / FULL_TIME_HOURS

    @property
    def filled_wte(self) -> Decimal | None:
        """WTE in post, `None` where somebody's hours are not known; needs `fill`."""
        return None if None in self.hours_then else self.known_wte

    @property
    def vacancy(self) -> Decimal | None:
        """Funded less in-post WTE, below nought where more is in post; `None` where not known.
        Needs `fill`."""
        if self.funded_wte is None or self.filled_wte is None:
            return None
        return self.funded_wte - self.filled_wte

    @property
    def more_than_funded(self) -> bool:
        """Whether more time is contracted than is paid for, even counting known hours alone."""
        return self.funded_wte is not None and self.known_wte > self.funded_wte


class LeavingReasonGroup(models.TextChoices):
    RESIGNATION = "resignation", "Resignation"
    RETIREMENT = "retirement", "Retirement"
    DISMISSAL = "dismissal", "Dismissal"
    END_OF_CONTRACT = "end_of_contract", "End of contract"
    REDUNDANCY = "redundancy", "Redundancy"
    TRANSFER = "transfer", "Transfer"
    DEATH = "death", "Death in service"
    OTHER = "other", "Other"


class LeavingReasonQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "LeavingReasonQuerySet":
        """Every reason for who may see posts: the list belongs to every site."""
        return self if user.sites_for(VIEW_POSTS) != frozenset() else self.none()

    def valid_on(self, day: dt.date) -> "LeavingReasonQuerySet":
        """Reasons that could be given on a day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )


@pghistory.track(append_only=True)
class LeavingReason(models.Model):
    """Why somebody left a post, from the NHS list; labels drift, so they are dated data."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    group = models.CharField(
        max_length=20, choices=LeavingReasonGroup, default=LeavingReasonGroup.OTHER
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    objects = LeavingReasonQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="leaving_reason_once",
                violation_error_message="This reason is on the list already.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="leaving_reason_valid_in_order",
                violation_error_message="The last day cannot come before the first.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SpellQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "SpellQuerySet":
        """Spells in the posts a user may see."""
        sites = user.sites_for(VIEW_POSTS)
        return self if sites is None else self.filter(post__team__site__in=sites)

    def begun_by(self, day: dt.date) -> "SpellQuerySet":
        """Spells whose first day had come by a day, whether or not they had ended."""
        return self.filter(started_on__lte=day)

    def in_post_on(self, day: dt.date) -> "SpellQuerySet":
        """Spells that hold on a day; the day one ends on is the first without it."""
        return self.filter(started_on__lte=day).filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=day)
        )

    def leavings_until(self, day: dt.date) -> "SpellQuerySet":
        """Spells that ended by a day without another of the same person that went on, or began
        within the seven days that still count as the same employment."""
        others = Spell.objects.filter(
            person=OuterRef("person"), started_on__lte=OuterRef("ended_on") + SAME_EMPLOYMENT
        ).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=OuterRef("ended_on")))
        return self.filter(ended_on__lte=day).filter(~Exists(others))


class DateRange(Func):
    """PostgreSQL's range of days between two columns."""

    function = "daterange"
    output_field = DateRangeField()


_DateRange = DateRange  # its name in the first migration


class Contract(models.TextChoices):
    PERMANENT = "permanent", "Permanent"
    FIXED_TERM = "fixed_term", "Fixed term"


@pghistory.track(append_only=True)
class Spell(models.Model):
    """One person in one post over one period.

    Dates are half-open: `started_on` is the first day in post, `ended_on` the first day without it.
    The last working day is kept apart, because notice may be served away from work.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="spells")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="spells")
    started_on = models.DateField()
    last_working_day = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    contracted_hours = models.DecimalField(
        "contracted hours a week", max_digits=8, decimal_places=5, null=True, blank=True
    )
    role_title = models.CharField(
        "role title",
        max_length=120,
        blank=True,
        help_text="What this person's role is called, where that differs from the post.",
    )
    contract = models.CharField(max_length=10, choices=Contract, blank=True)
    contract_ends_on = models.DateField(
        null=True, blank=True, help_text="The first day after a fixed term."
    )
    probation_ends_on = models.DateField(null=True, blank=True)
    step = models.ForeignKey(
        "programme.PathwayStep",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="spells",
        help_text="Where on a pathway this role stands.",
    )
    leaving_reason = models.ForeignKey(
        LeavingReason, on_delete=models.PROTECT, null=True, blank=True, related_name="spells"
    )
    destination = models.CharField("destination on leaving", max_length=120, blank=True)

    objects = SpellQuerySet.as_manager()

    class Meta:
        ordering = ["started_on", "id"]
        indexes = [
            models.Index("started_on", "ended_on", name="spell_period"),
            models.Index(
                "contract_ends_on",
                name="spell_contract_end",
                condition=Q(contract_ends_on__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="spell_ends_after_start",
                violation_error_message="A spell in post cannot end before it starts.",
            ),
            models.CheckConstraint(
                condition=Q(last_working_day__isnull=True)
                | (
                    Q(last_working_day__gte=F("started_on"))
                    & (Q(ended_on__isnull=True) | Q(last_working_day__lte=F("ended_on")))
                ),
                name="spell_last_working_day_within",
                violation_error_message="The last working day must lie within the spell.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=False)
                | (Q(leaving_reason__isnull=True) & Q(destination="")),
                name="spell_reason_for_ended",
                violation_error_message="A reason or destination needs the day the spell ended.",
            ),
            models.CheckConstraint(
                condition=Q(contracted_hours__isnull=True)
                | (Q(contracted_hours__gt=0) & Q(contracted_hours__lte=60)),
                name="spell_hours_in_a_week",
                violation_error_message="Contracted hours must be above 0 and at most 60 a week.",
            ),
            models.CheckConstraint(
                condition=Q(contract_ends_on__isnull=True)
                | (Q(contract="fixed_term") & Q(contract_ends_on__gte=F("started_on"))),
                name="spell_contract_end_of_fixed_term",
                violation_error_message="Only a fixed term has a contract end, after its start.",
            ),
            models.CheckConstraint(
                condition=Q(probation_ends_on__isnull=True)
                | Q(probation_ends_on__gt=F("started_on")),
                name="spell_probation_after_start",
                violation_error_message="Probation must end after the first day in post.",
            ),
            ExclusionConstraint(
                name="spell_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("post", RangeOperators.EQUAL),
                    (
                        DateRange("started_on", "ended_on", models.Value("[)")),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="This person is already in this post over that period.",
            ),
        ]

    def __str__(self) -> str:
        return f"In post from {self.started_on:%d %B %Y}"

    @property
    def title(self) -> str:
        """What the person's role is called: its own title, or that of the post."""
        return self.role_title or self.post.title

    @property
    def wte(self) -> Decimal | None:
        """Whole-time equivalent: contracted hours over 37.5, or `None` where hours are unknown."""
        return self.contracted_hours and self.contracted_hours / FULL_TIME_HOURS
