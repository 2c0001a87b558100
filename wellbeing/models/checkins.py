"""Check-ins: what a worker says to themselves, and whom they let read one of them.

Nobody else reads any of it unless its author shares it. No history keeps any of these tables, for
whether somebody checks in, and how often, is theirs alone too. That somebody was asked and did not
answer is written nowhere.
"""

import datetime as dt
import json
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from encryption.fields import EncryptedTextField
from programme.models import OwnQuerySet, Person
from questionnaires.models import QuestionnaireVersion
from wellbeing.rhythm import Wish


class Weekday(models.IntegerChoices):
    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class Every(models.IntegerChoices):
    WEEK = 7, "Every week"
    FORTNIGHT = 14, "Every 2 weeks"
    FOUR_WEEKS = 28, "Every 4 weeks"


class Rhythm(models.Model):
    """When a worker wants to be asked. There is none for who does not want to be."""

    owner_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="rhythms")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    every_days = models.PositiveSmallIntegerField(choices=Every, default=Every.FORTNIGHT)
    weekday = models.PositiveSmallIntegerField(choices=Weekday, default=Weekday.WEDNESDAY)
    hour = models.PositiveSmallIntegerField(default=9, help_text="Local time, 0 to 23.")
    at_points = models.BooleanField(
        default=True, help_text="Also after training, and four and twelve months later."
    )
    next_on = models.DateField()
    settled_on = models.DateField(help_text="The last day answered or skipped; or before it began.")
    not_before = models.DateField(null=True, blank=True)
    begun_on = models.DateField(null=True, blank=True, help_text="Unknown for the first rhythms.")

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "account"], name="rhythm_one"),
            models.CheckConstraint(
                condition=Q(every_days__in=Every.values), name="rhythm_every_week_or_more"
            ),
            models.CheckConstraint(
                condition=Q(weekday__range=(0, 6), hour__range=(0, 23)), name="rhythm_day_and_hour"
            ),
        ]

    def __str__(self) -> str:
        return "Rhythm"

    @property
    def wish(self) -> Wish:
        return Wish(
            every_days=self.every_days,
            weekday=self.weekday,
            hour=self.hour,
            next_on=self.next_on,
            settled_on=self.settled_on,
            not_before=self.not_before,
        )


class CheckInQuerySet(OwnQuerySet):
    def finished(self) -> "CheckInQuerySet":
        return self.filter(finished_at__isnull=False)

    def unfinished(self) -> "CheckInQuerySet":
        return self.filter(finished_at__isnull=True)


class CheckIn(models.Model):
    """One filling-in of a questionnaire by a worker, begun or finished."""

    owner_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="check_ins")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="+")
    occasion_on = models.DateField(help_text="The day they were asked on, or began by themselves.")
    started_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True, blank=True, help_text="When it was last typed in.")
    finished_at = models.DateTimeField(null=True, blank=True)
    answers = EncryptedTextField(blank=True, help_text="As JSON, by the id of the question.")
    note = EncryptedTextField(blank=True)
    in_groups = models.BooleanField(default=False)
    least_people = models.PositiveSmallIntegerField(
        default=10, help_text="How many people its author was told a group result rests on."
    )

    objects = CheckInQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("person", F("finished_at").desc(), name="check_in_of_person"),
            models.Index("finished_at", name="check_in_for_groups", condition=Q(in_groups=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "account", "occasion_on", "version"],
                name="check_in_once_an_occasion",
                violation_error_message="You have checked in for this day already.",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at")),
                name="check_in_finished_after_start",
            ),
            models.CheckConstraint(
                condition=Q(in_groups=False) | Q(finished_at__isnull=False),
                name="check_in_in_groups_finished",
            ),
        ]

    def __str__(self) -> str:
        return "Check-in"

    @property
    def answered(self) -> dict:
        """The answers by the id of their question."""
        return json.loads(self.answers) if self.answers else {}


class ShareQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ShareQuerySet":
        """What one shares oneself."""
        return self.filter(check_in__person__user=user, check_in__account=user)

    def open_on(self, day: dt.date) -> "ShareQuerySet":
        """Those that let somebody read on a day; the last day counts."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), ended_at__isnull=True)


class CheckInShare(models.Model):
    """One check-in, let be read by one person until a day or until it is taken back."""

    owner_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    check_in = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="shares")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    shared_at = models.DateTimeField()
    ends_on = models.DateField(null=True, blank=True, help_text="The last day.")
    while_supervising = models.BooleanField(
        default=False, help_text="Ends when the reader no longer supervises the worker."
    )
    kept_open = models.BooleanField(
        default=False, help_text="Also when the worker could not choose the reader any more."
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["shared_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["check_in", "reader"],
                condition=Q(ended_at__isnull=True),
                name="check_in_shared_once",
                violation_error_message="They can read it already.",
            )
        ]

    def __str__(self) -> str:
        return "Shared check-in"
