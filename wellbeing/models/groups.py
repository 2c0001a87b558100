"""Group results of past months, as they are shown: nothing is stored that may not be."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.models import Site
from questionnaires.models import QuestionnaireVersion


class GroupMonth(models.Model):
    """One questionnaire in one month, for everybody or for one site; worked out once.

    There is none where too few people were in it, and so nothing that tells one from nine.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="Its first day.")
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    people = models.PositiveIntegerField(help_text="To the nearest five.")
    asked = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Who wanted to be asked then, to the nearest five; for everybody only.",
    )

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "month", "site"],
                nulls_distinct=False,
                name="group_month_worked_out_once",
            ),
            models.CheckConstraint(condition=Q(people__gte=5), name="group_month_not_few"),
            models.CheckConstraint(condition=Q(month__day=1), name="group_month_first_day"),
        ]
        triggers = [pgtrigger.Protect(name="results_stay", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"


class GroupDone(models.Model):
    """A questionnaire was looked through for a month, whether or not enough people were in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="Its first day.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "month"], name="group_done_once")]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"


class GroupMean(models.Model):
    """The mean of the answers to one question in a month."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.ForeignKey(GroupMonth, on_delete=models.CASCADE, related_name="means")
    question = models.CharField(max_length=100)
    people = models.PositiveIntegerField(help_text="Who answered it, to the nearest five.")
    value = models.DecimalField(max_digits=12, decimal_places=4)
    end = models.SmallIntegerField(
        default=0, help_text="-1: this or less; 1: this or more; 0: neither."
    )

    class Meta:
        ordering = ["question"]
        constraints = [
            models.UniqueConstraint(fields=["month", "question"], name="group_mean_once"),
            models.CheckConstraint(condition=Q(people__gte=5), name="group_mean_not_few"),
            models.CheckConstraint(condition=Q(end__in=[-1, 0, 1]), name="group_mean_end"),
        ]
        triggers = [pgtrigger.Protect(name="means_stay", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.question
