"""Questionnaires and their versions. They say nothing about a person: answers live elsewhere."""

import datetime as dt
import uuid
from functools import cached_property

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Lower

from accounts.models import User
from accounts.roles import CHANGE_QUESTIONNAIRES
from questionnaires.definition import Definition, read

CHECK_IN = "check-in"  # the key of our own five questions

REFUSE = "RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = '{name}', MESSAGE = '{name}';"


class QuestionnaireQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "QuestionnaireQuerySet":
        """All of them for leads of every site: a questionnaire belongs to no site."""
        return self if user.sites_for(CHANGE_QUESTIONNAIRES) is None else self.none()

    def in_use_on(self, day: dt.date) -> "QuestionnaireQuerySet":
        """Those that may be asked on a day: published and not retired by then."""
        return self.filter(
            Q(retired_on__isnull=True) | Q(retired_on__gt=day),
            Exists(QuestionnaireVersion.objects.published().filter(questionnaire=OuterRef("pk"))),
        )

    def with_versions(self) -> "QuestionnaireQuerySet":
        """With their newest `number`, and whether there is a `draft` and something `published`."""
        versions = QuestionnaireVersion.objects.filter(questionnaire=OuterRef("pk"))
        return self.annotate(
            number=Max("versions__number"),
            draft=Exists(versions.drafts()),
            published=Exists(versions.published()),
        ).order_by("name")

    def without_draft(self) -> "QuestionnaireQuerySet":
        """Those of which the next version can begin."""
        return self.exclude(pk__in=QuestionnaireVersion.objects.drafts().values("questionnaire"))


@pghistory.track(append_only=True)
class Questionnaire(models.Model):
    """Questions that are asked more than once. `key` is for code, which never depends on a name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=60, unique=True, editable=False)
    name = models.CharField(max_length=120)
    retired_on = models.DateField(
        null=True, blank=True, help_text="From then on it is asked no more; answers stay."
    )

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="questionnaire_name_once",
                violation_error_message="There is already a questionnaire with this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_retired_on(self, day: dt.date) -> bool:
        return self.retired_on is not None and self.retired_on <= day


# Read once in a process: a published version never changes, and there are few. By the moment too,
# for what is taken back in the midst of being published may be published with other words.
PUBLISHED: dict[tuple[uuid.UUID, dt.datetime], Definition] = {}


class QuestionnaireVersionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "QuestionnaireVersionQuerySet":
        return self.filter(questionnaire__in=Questionnaire.objects.visible_to(user))

    def published(self) -> "QuestionnaireVersionQuerySet":
        """Versions that are asked or were; they change no more."""
        return self.filter(published_at__isnull=False)

    def drafts(self) -> "QuestionnaireVersionQuerySet":
        """Versions that may still be changed."""
        return self.filter(published_at__isnull=True)

    def asked_on(self, day: dt.date) -> "QuestionnaireVersionQuerySet":
        """Published versions of what is not retired by a day."""
        retired_on = "questionnaire__retired_on"
        not_retired = Q(**{f"{retired_on}__isnull": True}) | Q(**{f"{retired_on}__gt": day})
        return self.published().filter(not_retired)

    def of(self, key: str) -> "QuestionnaireVersionQuerySet":
        return self.filter(questionnaire__key=key)


@pghistory.track(append_only=True)
class QuestionnaireVersion(models.Model):
    """The wording and the scoring of a questionnaire. Once published it never changes, so that
    answers keep the words they were given to; `.published().latest()` is the one to ask."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveSmallIntegerField()
    document = models.JSONField(help_text="What `questionnaires.definition` reads.")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody for what came with the service.",
    )

    objects = QuestionnaireVersionQuerySet.as_manager()

    class Meta:
        ordering = ["questionnaire", "-number"]
        get_latest_by = "number"
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "number"], name="questionnaire_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["questionnaire"],
                condition=Q(published_at__isnull=True),
                name="questionnaire_one_draft",
                violation_error_message="There is a draft of this questionnaire already.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="questionnaire_version_number_from_one"
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | Q(published_at__isnull=False),
                name="questionnaire_published_by_at",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fixed_once_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
                func=REFUSE.format(name="questionnaire_version_is_fixed"),
            )
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def url(self) -> str:
        """What FHIR files call the questionnaire, beside the number of this version."""
        return f"urn:uuid:{self.questionnaire_id}"

    @cached_property
    def definition(self) -> Definition:
        """What it asks and how it is scored, read from its document."""
        if not self.is_published:
            return read(self.document)
        key = self.pk, self.published_at
        if key not in PUBLISHED:
            PUBLISHED[key] = read(self.document)
        return PUBLISHED[key]

    @property
    def validated(self) -> bool:
        """Whether it is a validated measure, by the word of whoever put it in."""
        return self.definition.validated
